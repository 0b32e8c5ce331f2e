"""Who is told what about a meeting: builds outbox rows; the worker sends.

A row names a neutral code, dates (`..._on` civil, `..._at` UTC, both ISO 8601), a path of this installation (the worker
puts the public address before it) and, for invitations, the values of the calendar entry. Never a child's name, a case
number, a file or another member; the place is a room of the municipality's list, a video link shows after sign-in only.

`calendar` of the parameters: method ("REQUEST" or "CANCEL"), code, uid, sequence, starts_at, ends_at, location, organizer,
organizer_name; the attendee is the recipient alone.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from tmr_app.cases.table_notifications import heads_of
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import KOSOVO
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.members.models import MeetingRoom, Person, Qps

__all__ = [
    "about",
    "clock_time",
    "heads_of",
    "invitation_mail",
    "location",
    "meeting_path",
    "tell",
    "withdraw_unsent",
]


def meeting_path(case_id: UUID, meeting_id: UUID) -> str:
    """The address of a meeting's page within this installation."""
    return f"/cases/{case_id}/meetings/{meeting_id}/"


def tell(
    session: Session,
    people: Iterable[Person | None],
    *,
    kind: str,
    now: datetime,
    parameters: dict[str, Any],
    about_id: UUID,
    case_id: UUID | None = None,
    once_key: str | None = None,
) -> int:
    """One mail of `kind` to each of these people whose address works; with `once_key` once a person. Returns how many."""
    to = [one for one in people if one is not None and one.address_suspended_at is None]
    keys = {one.id: f"{once_key}:{one.id}" for one in to} if once_key else {}
    written = outbox.already_written(session, list(keys.values())) if keys else set()
    fresh = [one for one in to if keys.get(one.id) not in written]
    for person in fresh:
        outbox.enqueue(
            session,
            kind=kind,
            to=person,
            now=now,
            parameters=parameters,
            case_id=case_id,
            about_id=about_id,
            once_key=keys.get(person.id),
        )
    return len(fresh)


def about(meeting: Meeting, page: str = "") -> dict[str, Any]:
    """The neutral parameters every mail about a meeting has. `page`: where its link leads within the meeting."""
    return {
        "code": meeting.code,
        "meeting_on": meeting.meeting_on.isoformat() if meeting.meeting_on else None,
        "path": meeting_path(meeting.case_id, meeting.id) + page,
    }


def location(room: MeetingRoom | None) -> str:
    """A room of the municipality's list is the only place that may leave this installation."""
    return f"{room.name}, {room.address}" if room is not None else ""


def invitation_mail(
    session: Session,
    *,
    kind: str,
    meeting: Meeting,
    invitation: Invitation,
    person: Person,
    room: MeetingRoom | None,
    qps: Qps,
    now: datetime,
) -> OutboxMessage:
    """One invitee's mail with the calendar entry that names this invitee only. Raises ValueError without times.

    Its link leads to the answer: the one page of a meeting that opens before the declaration is signed.
    """
    return calendar_mail(
        session,
        kind=kind,
        meeting=meeting,
        parameters=about(meeting, "answer"),
        person=person,
        uid=invitation.uid,
        room=room,
        centre=qps,
        now=now,
        taken_back=kind == "invitation_cancelled",
        case_id=meeting.case_id,
    )


def calendar_mail(
    session: Session,
    *,
    kind: str,
    meeting: Meeting | GeneralMeeting,
    parameters: dict[str, Any],
    person: Person,
    uid: str,
    room: MeetingRoom | None,
    centre: Qps,
    now: datetime,
    taken_back: bool,
    case_id: UUID | None = None,
) -> OutboxMessage:
    """One person's mail with the calendar entry, of a case's meeting or a general one. Raises ValueError without times."""
    if meeting.starts_at is None or meeting.ends_at is None:
        raise ValueError("a meeting without times")
    times = {"starts_at": _iso(meeting.starts_at), "ends_at": _iso(meeting.ends_at)}
    place = location(room)
    return outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=now,
        parameters={
            **parameters,
            **times,
            "place": place,
            "reply_to": centre.reply_address,
            "calendar": {
                "method": "CANCEL" if taken_back else "REQUEST",
                "code": meeting.code,
                "uid": uid,
                "sequence": meeting.sequence,
                **times,
                "location": place,
                "organizer": centre.reply_address,
                "organizer_name": centre.name,
            },
        },
        case_id=case_id,
        about_id=meeting.id,
    )


def clock_time(at: datetime | None) -> str:
    """The wall time of an instant in Kosovo, HH:MM; empty for none."""
    return at.astimezone(KOSOVO).strftime("%H:%M") if at else ""


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def withdraw_unsent(session: Session, outbox_ids: Iterable[UUID], now: datetime) -> set[UUID]:
    """Cancel rows that have not been taken up by a worker. Returns the ids that were cancelled."""
    ids = list(outbox_ids)
    if not ids:
        return set()
    return set(
        session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(ids), OutboxMessage.state.in_((outbox.QUEUED, outbox.HELD)))
            .values(state=outbox.CANCELLED, ended_at=now)
            .returning(OutboxMessage.id),
            execution_options={"synchronize_session": False},
        )
    )
