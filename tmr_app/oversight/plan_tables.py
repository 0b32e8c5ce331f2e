"""The plan's tables for the ledger, each in one statement for all the cases of a bundle."""

from sqlalchemy import exists, func, or_, select

from tmr_app.cases.table_models import Seat
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.plans.actions_now import SEAT_ID, STATUS, UPDATE, as_they_stand, in_force
from tmr_app.plans.models import (
    Action,
    ActionInstitution,
    Comment,
    InformationRequest,
    Objective,
    OwedItem,
    PlanSending,
    PlanVersion,
    SuperiorNotice,
)
from tmr_app.plans.requesting import ESCALATION
from tmr_app.plans.sending import REACHED_AT


@read_as("plan_versions")
def plan_versions(tables: Tables) -> Table:
    """Drafts and adopted versions in order; how many members got each, and the last day it went out."""
    objectives = (
        select(func.count())
        .where(Objective.version_id == PlanVersion.id, Objective.removed_at.is_(None))
        .correlate(PlanVersion)
        .scalar_subquery()
    )
    query = select(
        PlanVersion.id,
        PlanVersion.case_id,
        PlanVersion.number,
        PlanVersion.status,
        PlanVersion.drafted_at,
        PlanVersion.comments_asked_at,
        PlanVersion.adopted_on,
        PlanVersion.adopted_at,
        PlanVersion.meeting_id,
        objectives.label("objectives"),
    ).order_by(PlanVersion.number)
    return tables.by_case(query, PlanVersion.case_id)


@read_as("plan_sendings")
def plan_sendings(tables: Tables) -> Table:
    """Per version and seat: when the mail server took it, or when it was handed over (A13.3)."""
    query = select(
        PlanSending.case_id, PlanSending.version_id, PlanSending.seat_id, REACHED_AT.label("reached_at")
    ).outerjoin(OutboxMessage, OutboxMessage.id == PlanSending.outbox_id)
    return tables.by_case(query, PlanSending.case_id)


@read_as("plan_actions")
def plan_actions(tables: Tables) -> Table:
    """The actions of every standing version with the seat responsible now and the latest status. One statement."""
    at_table = (
        exists()
        .where(
            Seat.case_id == Action.case_id,
            Seat.institution_id == ActionInstitution.institution_id,
            Seat.ended_at.is_(None),
            Seat.recused_at.is_(None),
            Seat.meeting_id.is_(None),
        )
        .correlate(Action, ActionInstitution)  # two levels out: by itself it would ask for a seat in any case
    )
    named = exists().where(ActionInstitution.action_id == Action.id)
    outside = exists().where(ActionInstitution.action_id == Action.id, ~at_table)
    query = (
        as_they_stand(
            Action.case_id,
            Action.version_id,
            Action.action_key,
            Action.planned_on,
            or_(Action.risk.is_not(None), Action.serves_enc.is_not(None)).label("serves"),
            Action.service_enc.is_not(None).label("service"),
            or_(named, Action.others_enc.is_not(None)).label("institution"),
            or_(outside, Action.others_enc.is_not(None)).label("outside"),
            SEAT_ID.label("seat_id"),
            STATUS.label("status"),
            UPDATE.done_on,
            UPDATE.updated_at,
        )
        .where(or_(PlanVersion.status == "draft", in_force(tables.ids)))
        .order_by(Action.planned_on.is_(None), Action.planned_on, Action.action_key)
    )
    return tables.by_case(query, Action.case_id)


@read_as("plan_requests")
def plan_requests(tables: Tables) -> Table:
    """Requests for information, in order."""
    query = (
        select(
            InformationRequest.case_id,
            InformationRequest.action_key,
            InformationRequest.seat_id,
            InformationRequest.planned_on,
            InformationRequest.requested_on,
            InformationRequest.requested_at,
        )
        .where(InformationRequest.moment != ESCALATION)
        .order_by(InformationRequest.requested_at)
    )
    return tables.by_case(query, InformationRequest.case_id)


@read_as("plan_notices")
def plan_notices(tables: Tables) -> Table:
    """What letters to superiors, or reasons instead, are about (A14.3.2)."""
    query = (
        select(
            OwedItem.case_id,
            OwedItem.about_key,
            OwedItem.owed_on,
            SuperiorNotice.seat_id,
            SuperiorNotice.deed,
            SuperiorNotice.decided_at,
        )
        .join(SuperiorNotice, SuperiorNotice.id == OwedItem.notice_id)
        .order_by(SuperiorNotice.decided_at)
    )
    return tables.by_case(query, OwedItem.case_id)


@read_as("plan_objections")
def plan_objections(tables: Tables) -> Table:
    """Objections that an action is outside the mandate, not answered yet (A7)."""
    query = select(Comment.case_id, Comment.version_id, Comment.action_key, Comment.seat_id).where(
        Comment.kind == "objection", Comment.answered_at.is_(None)
    )
    return tables.by_case(query, Comment.case_id)
