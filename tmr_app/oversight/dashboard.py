"""The head's dashboard (A16): what is late or missing in the open cases of the own Centre, and who carries how much.

A fixed number of statements whatever the number of cases; nothing of a case's content, only counted columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    select,
)
from sqlalchemy.orm import Session, aliased

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.members.models import Institution, Person
from tmr_app.plans.models import Action, ActionUpdate, PlanVersion

SHOWN = 10
PAGE = 25
SILENT_DAYS = 31
"""A case without a contact written down for so long is counted (the guide's monthly contact, G5b)."""


@dataclass(frozen=True, slots=True)
class Late:
    """One line of an exception: a case by its number, since when, and the meeting's code or the duty where there is one."""

    case_id: UUID
    number: str
    on: date | None
    about: str = ""
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of exception: how many in all, and the oldest ones."""

    count: int
    lines: list[Late]


@dataclass(frozen=True, slots=True)
class ByInstitution:
    """Actions past their planned date that an institution's member answers for."""

    name: str
    actions: int
    cases: int
    oldest_on: date


@dataclass(frozen=True, slots=True)
class Load:
    """One case manager's open cases."""

    person_id: UUID | None
    name: str
    cases: int
    high: int
    overdue: int
    reviews: int
    silent: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page shows."""

    duties: Block
    reviews: Block
    unreached: Block
    reports: Block
    institutions: list[ByInstitution]
    loads: list[Load]


@dataclass(frozen=True, slots=True)
class Watch:
    """Whose dashboard: the Centres headed, the head's own person, the day."""

    person_id: UUID
    qps_ids: tuple[UUID, ...]
    today: date


def own_cases(watch: Watch) -> ColumnElement[bool]:
    """Open cases of these Centres, never one from which the head is excluded (A10.2)."""
    mine = aliased(Seat)
    recused = exists().where(
        mine.case_id == Case.id, mine.person_id == watch.person_id, mine.recused_at.is_not(None)
    )
    return and_(Case.qps_id.in_(watch.qps_ids), Case.status == "open", ~recused)


def load(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Dashboard:
    """Six statements."""
    watch = Watch(person_id, tuple(qps_ids), civil_date(now))
    return Dashboard(
        duties=_block(session, _duties(watch)),
        reviews=_block(session, _reviews(watch)),
        unreached=_block(session, _unreached(watch)),
        reports=_block(session, _reports(watch)),
        institutions=_institutions(session, watch),
        loads=_loads(session, watch),
    )


def _block(session: Session, query: Select[Any, Any, Any, Any, Any]) -> Block:
    """The first lines and, in the same statement, how many there are in all."""
    rows = session.execute(query.add_columns(func.count().over().label("many")).limit(SHOWN)).all()
    lines = [Late(row.id, row.number, row.on, row.about or "", row.meeting_id) for row in rows]
    return Block(rows[0].many if rows else 0, lines)


def _duties(watch: Watch) -> Select[Any, Any, Any, Any, Any]:
    return (
        select(
            Case.id,
            Case.number,
            Case.next_duty_on.label("on"),
            Case.next_duty.label("about"),
            _none().label("meeting_id"),
        )
        .where(own_cases(watch), Case.next_duty_on < watch.today)
        .order_by(Case.next_duty_on, Case.id)
    )


def _none() -> Any:
    return cast(null(), Uuid())


def _reviews(watch: Watch) -> Select[Any, Any, Any, Any, Any]:
    return (
        select(
            Case.id,
            Case.number,
            Case.review_due_on.label("on"),
            literal("A5.1.5").label("about"),
            _none().label("meeting_id"),
        )
        .where(own_cases(watch), Case.review_due_on < watch.today)
        .order_by(Case.review_due_on, Case.id)
    )


def _unreached(watch: Watch) -> Select[Any, Any, Any, Any, Any]:
    """Convened meetings still to come with somebody whom nothing has reached (A8.3), one line a meeting."""
    return (
        select(
            Case.id,
            Case.number,
            Meeting.meeting_on.label("on"),
            Meeting.code.label("about"),
            Meeting.id.label("meeting_id"),
        )
        .join(Meeting, Meeting.case_id == Case.id)
        .where(
            own_cases(watch),
            Meeting.status == "convened",
            Meeting.meeting_on >= watch.today,
            exists()
            .where(
                Invitation.meeting_id == Meeting.id,
                Invitation.withdrawn_at.is_(None),
                Invitation.left_out.is_(False),
                Invitation.seat_id.is_not(None),
                Invitation.handed_over_at.is_(None),
                not_(
                    exists().where(OutboxMessage.id == Invitation.outbox_id, OutboxMessage.state == ACCEPTED)
                ),
            )
            .correlate(Meeting),
        )
        .order_by(Meeting.meeting_on, Meeting.id)
    )


def _reports(watch: Watch) -> Select[Any, Any, Any, Any, Any]:
    """Meetings still to come for which a report is past its day (A8.9), one line a meeting."""
    return (
        select(
            Case.id,
            Case.number,
            Meeting.meeting_on.label("on"),
            Meeting.code.label("about"),
            Meeting.id.label("meeting_id"),
        )
        .join(Meeting, Meeting.case_id == Case.id)
        .where(
            own_cases(watch),
            Meeting.status.in_(("preparing", "convened")),
            Meeting.meeting_on >= watch.today,
            exists()
            .where(
                ReportRequest.meeting_id == Meeting.id,
                ReportRequest.withdrawn_at.is_(None),
                ReportRequest.due_on < watch.today,
                not_(
                    exists().where(
                        ProgressReport.request_id == ReportRequest.id, ProgressReport.filed_at.is_not(None)
                    )
                ),
            )
            .correlate(Meeting),
        )
        .order_by(Meeting.meeting_on, Meeting.id)
    )


def _institutions(session: Session, watch: Watch) -> list[ByInstitution]:
    """Actions of the plans in force, past their date and not done, by the institution of the responsible member."""
    later = aliased(PlanVersion)
    in_force = and_(
        PlanVersion.status == "adopted",
        not_(
            exists().where(
                later.case_id == PlanVersion.case_id,
                later.status == "adopted",
                later.number > PlanVersion.number,
            )
        ),
    )
    done = (
        select(ActionUpdate.status)
        .where(ActionUpdate.case_id == Action.case_id, ActionUpdate.action_key == Action.action_key)
        .order_by(ActionUpdate.number.desc())
        .limit(1)
        .correlate(Action)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Institution.name,
            func.count().label("actions"),
            func.count(Action.case_id.distinct()).label("cases"),
            func.min(Action.planned_on).label("oldest_on"),
        )
        .select_from(Case)
        .join(PlanVersion, and_(PlanVersion.case_id == Case.id, in_force))
        .join(Action, Action.version_id == PlanVersion.id)
        .join(Seat, Seat.id == Action.seat_id)
        .join(Institution, Institution.id == Seat.institution_id)
        .where(
            own_cases(watch),
            Action.removed_at.is_(None),
            Action.planned_on < watch.today,
            func.coalesce(done, "in_process") != "done",
        )
        .group_by(Institution.id, Institution.name)
        .order_by(func.count().desc(), Institution.name)
        .limit(PAGE)
    )
    return [ByInstitution(row.name, row.actions, row.cases, row.oldest_on) for row in rows]


def _loads(session: Session, watch: Watch) -> list[Load]:
    """Workload of each case manager; cases without one stand first."""
    recent = exists().where(
        Visit.case_id == Case.id, Visit.visited_on >= watch.today - timedelta(days=SILENT_DAYS)
    )
    rows = session.execute(
        select(
            Case.case_manager_id,
            Person.name,
            func.count().label("cases"),
            _sum(Case.risk_level == "high").label("high"),
            _sum(Case.next_duty_on < watch.today).label("overdue"),
            _sum(Case.review_due_on < watch.today).label("reviews"),
            _sum(not_(recent)).label("silent"),
        )
        .outerjoin(Person, Person.id == Case.case_manager_id)
        .where(own_cases(watch))
        .group_by(Case.case_manager_id, Person.name)
        .order_by(func.count().desc(), Person.name)
    )
    found = [
        Load(row.case_manager_id, row.name or "", row.cases, row.high, row.overdue, row.reviews, row.silent)
        for row in rows
    ]
    return sorted(found, key=lambda one: one.person_id is not None)


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def cases_of(
    session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime, manager_id: UUID | None
) -> list[Any]:
    """The first open cases by next duty, of one case manager or of all. One statement."""
    watch = Watch(person_id, tuple(qps_ids), civil_date(now))
    query = (
        select(
            Case.id,
            Case.number,
            Case.risk_level,
            Case.phase,
            Case.next_duty,
            Case.next_duty_on,
            Case.review_due_on,
            Person.name,
        )
        .outerjoin(Person, Person.id == Case.case_manager_id)
        .where(own_cases(watch))
        .order_by(Case.next_duty_on.is_(None), Case.next_duty_on, Case.id)
        .limit(PAGE)
    )
    if manager_id is not None:
        query = query.where(Case.case_manager_id == manager_id)
    return list(session.execute(query))
