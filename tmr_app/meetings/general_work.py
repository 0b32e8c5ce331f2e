"""General meetings in "my work": declarations, answers, tasks, and for who chairs the meetings that are owed (A8.2).

One statement for all of it.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, exists, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session

from tmr_app.cases.work_panels import LIMIT, Asking, Section, Task, work_section
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralTask
from tmr_app.members.general_declaration import GeneralDeclaration
from tmr_app.members.models import Appointment, DeclarationText, Municipality
from tmr_app.regulation import articles
from tmr_app.regulation.facts import GeneralMeetingFacts
from tmr_app.regulation.verdicts import Label, Message

OFFICE = "general_chair"
AHEAD_DAYS = 30


@work_section
def general_meetings(session: Session, asking: Asking) -> Section | None:
    """What general meetings ask of this person, the earliest date first."""
    asked = union_all(_invitations(asking), _tasks(asking), _chaired(asking)).subquery()
    rows = session.execute(select(asked).order_by(asked.c.on).limit(LIMIT))
    tasks = [task for row in rows if (task := _task(row, asking)) is not None]
    return Section(
        "general-meetings", Message("General meetings"), Message("Open"), Message("Meeting"), tasks, 40
    )


def _task(row: Any, asking: Asking) -> Task | None:
    here = {"municipality_id": row.municipality_id}
    if row.what == "task":
        return Task("A8.2", row.code, row.on, "general.task", {**here, "general_task_id": row.id})
    if row.what == "invitation" and row.settled:
        return Task("A8.2", row.code, row.on, "general.show", {**here, "general_id": row.id})
    if row.what == "invitation":
        return Task("A18.2", row.code, row.on, "general.declaration", here)
    today = civil_date(asking.now)
    due_on = articles.next_general_meeting_on(GeneralMeetingFacts(row.on), today)
    if row.settled or due_on - today > timedelta(days=AHEAD_DAYS):
        return None
    return Task("A8.2", str(Label(row.code)), due_on, "general.index", here)


def _invitations(asking: Asking) -> Any:
    """Coming general meetings this person is invited to: first the declaration, then the answer."""
    text = (
        select(DeclarationText.id)
        .where(DeclarationText.kind == "general")
        .order_by(DeclarationText.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    signed = exists().where(
        GeneralDeclaration.municipality_id == GeneralMeeting.municipality_id,
        GeneralDeclaration.person_id == asking.person_id,
        GeneralDeclaration.text_id == text,
    )
    return (
        select(
            literal("invitation").label("what"),
            GeneralMeeting.id.label("id"),
            GeneralMeeting.municipality_id.label("municipality_id"),
            cast(GeneralMeeting.code, String).label("code"),
            GeneralMeeting.meeting_on.label("on"),
            signed.label("settled"),
        )
        .join(GeneralInvitee, GeneralInvitee.meeting_id == GeneralMeeting.id)
        .where(
            or_(
                GeneralInvitee.person_id == asking.person_id,
                GeneralInvitee.substitute_id == asking.person_id,
            ),
            GeneralMeeting.status == "convened",
            GeneralMeeting.meeting_on >= civil_date(asking.now),
            or_(~signed, GeneralInvitee.answer.is_(None)),
        )
    )


def _tasks(asking: Asking) -> Any:
    """Tasks the Table set this person in general meetings."""
    return (
        select(
            literal("task"),
            GeneralTask.id,
            GeneralTask.municipality_id,
            cast(GeneralMeeting.code, String),
            GeneralTask.due_on,
            true(),
        )
        .join(GeneralMeeting, GeneralMeeting.id == GeneralTask.meeting_id)
        .where(
            GeneralTask.owner_id == asking.person_id,
            GeneralTask.done_at.is_(None),
            GeneralTask.dropped_at.is_(None),
        )
    )


def _chaired(asking: Asking) -> Any:
    """The municipalities whose general meetings this person chairs: the last one held, and whether one is convened."""
    today = civil_date(asking.now)
    chaired = exists().where(
        Appointment.person_id == asking.person_id,
        Appointment.office == OFFICE,
        Appointment.municipality_id == Municipality.id,
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    last = (
        select(func.max(GeneralMeeting.meeting_on))
        .where(GeneralMeeting.municipality_id == Municipality.id, GeneralMeeting.status == "held")
        .correlate(Municipality)
        .scalar_subquery()
    )
    ahead = exists().where(
        GeneralMeeting.municipality_id == Municipality.id, GeneralMeeting.status.in_(("convened", "running"))
    )
    return select(
        literal("chair"),
        Municipality.id,
        Municipality.id,
        cast(Municipality.key, String),
        func.coalesce(last, Municipality.table_registered_on),
        ahead,
    ).where(chaired, Municipality.table_registered_on.is_not(None))
