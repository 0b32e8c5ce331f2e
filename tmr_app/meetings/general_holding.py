"""Holding a general meeting: presence, discussion and decisions per item, then the minutes (A8.2, A9, A10.1, A10.3)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder
from tmr_app.kernel.two_writers import put
from tmr_app.meetings import general_minutes, general_minutes_kind
from tmr_app.meetings.general_calling import note
from tmr_app.meetings.general_models import GeneralItem, GeneralMeeting
from tmr_app.meetings.general_queries import invitees_of, last_held, locked
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

ATTENDANCE = ("present", "substitute", "absent_with_reason", "absent")


def start(
    session: Session, actor: Person, now: datetime, *, municipality_id: UUID, general_id: UUID
) -> GeneralMeeting:
    """Begin a convened general meeting on its civil date. A second submission changes nothing. Raises OutOfOrder."""
    meeting = locked(session, municipality_id, general_id)
    if meeting.status == "running":
        return meeting
    if meeting.status != "convened" or meeting.meeting_on is None:
        raise OutOfOrder(Message("Only a convened meeting can begin."), "A8.2")
    if civil_date(now) != meeting.meeting_on:
        raise OutOfOrder(Message("The meeting begins on its day: %(on)s.", on=meeting.meeting_on), "A8.2")
    meeting.status, meeting.started_at, meeting.chaired_by_id = "running", now, actor.id
    meeting.version += 1
    for one in invitees_of(session, meeting.id):
        if one.person_id == actor.id:
            one.attendance = "present"
    note(session, actor, "general:started", meeting)
    return meeting


def running(session: Session, municipality_id: UUID, general_id: UUID) -> GeneralMeeting:
    """The meeting while it runs, held against its end. Raises OutOfOrder."""
    meeting = locked(session, municipality_id, general_id)
    if meeting.status in ("preparing", "convened"):
        raise OutOfOrder(Message("The meeting has not begun yet."), "A8.2")
    if meeting.status != "running":
        raise OutOfOrder(Message("The general meeting is over."), "A10.1")
    return meeting


def note_attendance(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    presence: dict[UUID, tuple[str, str, UUID | None]],
) -> None:
    """Who came: invitee -> (one of ATTENDANCE, reason, who came instead). There is no quorum; absence is recorded (A9)."""
    rows = {one.id: one for one in invitees_of(session, meeting.id)}
    for invitee_id, (word, reason, substitute_id) in presence.items():
        row = rows.get(invitee_id)
        if row is None or word not in ATTENDANCE:
            raise BadInput("an invitee or a word that is not of this page")
        if word == "substitute" and substitute_id is None:
            raise FieldRefused(
                "attendance", Message("Choose who came instead of %(name)s.", name=row.person.name)
            )
        row.attendance, row.attendance_reason = word, reason.strip() or None
        row.substitute_id = substitute_id if word == "substitute" else None
    session.flush()
    for row in rows.values():
        session.expire(row, ["substitute"])
    note(session, actor, "general:attendance", meeting, "A9")


def save_item(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    item_id: UUID,
    version: int,
    discussion: str,
    decision: str,
) -> GeneralItem:
    """Discussion and decision of one item, over the version its writer saw. Raises Stale with both texts, NotFound."""
    item = session.scalar(
        select(GeneralItem)
        .where(GeneralItem.id == item_id, GeneralItem.meeting_id == meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound("agenda item")
    if put(item, {"discussion": discussion, "decision": decision}, version=version):
        item.edited_by_id, item.edited_at = actor.id, now
        note(session, actor, "general:item-written", meeting, "A10.3")
    return item


def end(
    session: Session, actor: Person, now: datetime, *, municipality_id: UUID, general_id: UUID
) -> GeneralMeeting:
    """End the meeting: held, and the first version of its minutes written. A second submission changes nothing.

    Raises OutOfOrder before the start; FieldRefused while nobody's presence is noted.
    """
    meeting = locked(session, municipality_id, general_id)
    if meeting.status == "held":
        return meeting
    if meeting.status != "running":
        raise OutOfOrder(Message("The meeting has not begun yet."), "A8.2")
    open_names = [one for one in invitees_of(session, meeting.id) if one.attendance is None]
    if open_names:
        raise FieldRefused(
            "attendance", Message("Note first who came: %(count)s are still open.", count=len(open_names))
        )
    meeting.status = "held"
    meeting.ended_at = now if civil_date(now) == meeting.meeting_on else meeting.ends_at
    meeting.version += 1
    session.flush()
    general_minutes.write(session, actor, now, meeting=meeting)
    note(session, actor, "general:ended", meeting)
    return meeting


def approve_last_minutes(
    session: Session, actor: Person, now: datetime, *, meeting: GeneralMeeting, asks_signatures: bool = True
) -> GeneralMeeting | None:
    """The Table approves the last general meeting's minutes in this one, and they are signed (A10.1).

    None when there is no earlier meeting. `asks_signatures`: False leaves the signing room out (told history).
    """
    if meeting.status != "running" or meeting.meeting_on is None:
        raise OutOfOrder(Message("Minutes are approved while the next general meeting runs."), "A10.1")
    before = last_held(session, meeting.municipality_id, before=meeting.meeting_on)
    if before is not None:
        kept = general_minutes.approve(session, actor, now, meeting=before, at=meeting)
        if asks_signatures:
            general_minutes_kind.ask_signatures(session, actor, now, meeting=before, minutes=kept, at=meeting)
    return before
