"""General meetings in "my work": declarations, answers, tasks, and for who chairs the meetings that are owed (A8.2)."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import String, cast, exists, func, literal, or_, select, true, union_all

from tmr_app.cases.work_panels import PERSON, TODAY, Asking, Section, Task, Waiting, shows, waits
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralTask
from tmr_app.members.general_declaration import GeneralDeclaration
from tmr_app.members.models import Appointment, DeclarationText, Municipality
from tmr_app.regulation import articles
from tmr_app.regulation.facts import GeneralMeetingFacts
from tmr_app.regulation.verdicts import Label, Message

OFFICE = "general_chair"
AHEAD_DAYS = 30


def _invitations() -> Any:
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
        GeneralDeclaration.person_id == PERSON,
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
                GeneralInvitee.person_id == PERSON,
                GeneralInvitee.substitute_id == PERSON,
            ),
            GeneralMeeting.status == "convened",
            GeneralMeeting.meeting_on >= TODAY,
            or_(~signed, GeneralInvitee.answer.is_(None)),
        )
    )


def _tasks() -> Any:
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
            GeneralTask.owner_id == PERSON,
            GeneralTask.done_at.is_(None),
            GeneralTask.dropped_at.is_(None),
        )
    )


def _chaired() -> Any:
    """The municipalities whose general meetings this person chairs: the last one held, and whether one is convened."""
    chaired = exists().where(
        Appointment.person_id == PERSON,
        Appointment.office == OFFICE,
        Appointment.municipality_id == Municipality.id,
        Appointment.from_on <= TODAY,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= TODAY),
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


_ALL = union_all(_invitations(), _tasks(), _chaired()).subquery()
_WAITING = waits(
    place_id=_ALL.c.municipality_id,
    thing_id=_ALL.c.id,
    about=_ALL.c.code,
    due_on=_ALL.c.on,
    word=_ALL.c.what,
    settled=_ALL.c.settled,
    order_by=(_ALL.c.on,),
)


@shows(_WAITING)
def general_meetings(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """What general meetings ask of this person, the earliest date first."""
    tasks = [task for row in rows if (task := _task(row, asking)) is not None]
    return Section(
        "general-meetings", Message("General meetings"), Message("Open"), Message("Meeting"), tasks, 40
    )


def _task(row: Waiting, asking: Asking) -> Task | None:
    here = {"municipality_id": row.place_id}
    if row.word == "task":
        return Task("A8.2", row.about, row.due_on, "general.task", {**here, "general_task_id": row.thing_id})
    if row.word == "invitation" and row.settled:
        return Task("A8.2", row.about, row.due_on, "general.show", {**here, "general_id": row.thing_id})
    if row.word == "invitation":
        return Task("A18.2", row.about, row.due_on, "general.declaration", here)
    if row.settled or row.due_on is None:
        return None
    today = civil_date(asking.now)
    due_on = articles.next_general_meeting_on(GeneralMeetingFacts(row.due_on), today)
    if due_on - today > timedelta(days=AHEAD_DAYS):
        return None
    return Task("A8.2", str(Label(row.about)), due_on, "general.index", here)
