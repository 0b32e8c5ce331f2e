"""Who is told what about a general meeting: builds outbox rows with a neutral code, dates, a link; never a figure or a text."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.notifications import location
from tmr_app.members.models import Appointment, Person, Qps
from tmr_app.members.roster import HEADS, running_on

TAKEN_BACK = frozenset({"general_cancelled", "general_not_needed"})


def path_of(meeting: GeneralMeeting, page: str = "") -> str:
    """The address of the meeting's page within this installation."""
    return f"/municipalities/{meeting.municipality_id}/general-meetings/{meeting.id}/{page}"


def about(meeting: GeneralMeeting) -> dict[str, Any]:
    return {
        "code": meeting.code,
        "meeting_on": meeting.meeting_on.isoformat() if meeting.meeting_on else None,
        "path": path_of(meeting),
    }


def centre_of(session: Session, municipality_id: UUID) -> Qps | None:
    """The municipality's Centre, whose mailbox answers and organises the calendar entries."""
    return session.scalar(
        select(Qps).where(Qps.municipality_id == municipality_id, Qps.active).order_by(Qps.name).limit(1)
    )


def heads_of(session: Session, municipality_id: UUID, on: date) -> list[Person]:
    """The heads of services of the municipality's Centres."""
    return list(
        session.scalars(
            select(Person).where(
                Person.id.in_(
                    select(Appointment.person_id)
                    .join(Qps, Qps.id == Appointment.qps_id)
                    .where(
                        Qps.municipality_id == municipality_id,
                        Appointment.office.in_(HEADS),
                        *running_on(on),  # type: ignore[arg-type]
                    )
                )
            )
        )
    )


def officers_of(session: Session, municipality_id: UUID, on: date) -> list[Person]:
    return list(
        session.scalars(
            select(Person).where(
                Person.id.in_(
                    select(Appointment.person_id).where(
                        Appointment.municipality_id == municipality_id,
                        Appointment.office == "municipality_officer",
                        *running_on(on),  # type: ignore[arg-type]
                    )
                )
            )
        )
    )


def tell(
    session: Session,
    people: Iterable[Person | None],
    *,
    kind: str,
    now: datetime,
    parameters: dict[str, Any],
    about_id: UUID,
    once_key: str | None = None,
) -> int:
    """One mail of `kind` to each of these people whose address works; each `once_key` once. Returns how many."""
    to = [one for one in people if one is not None and one.address_suspended_at is None]
    keys = {one.id: f"{once_key}:{one.id}" if once_key else None for one in to}
    written = outbox.already_written(session, [key for key in keys.values() if key]) if once_key else set()
    count = 0
    for person in to:
        key = keys[person.id]
        if key is not None and key in written:
            continue
        outbox.enqueue(
            session,
            kind=kind,
            recipient_id=person.id,
            address=person.email,
            language=person.language,
            now=now,
            parameters=parameters,
            about_id=about_id,
            once_key=key,
        )
        count += 1
    return count


def invitation(
    session: Session,
    *,
    kind: str,
    meeting: GeneralMeeting,
    invitee: GeneralInvitee,
    centre: Qps,
    now: datetime,
    stand_in: Person | None = None,
) -> OutboxMessage:
    """One invitee's mail with the calendar entry that names this person only; `stand_in`: to who comes instead.

    Raises ValueError without times.
    """
    if meeting.starts_at is None or meeting.ends_at is None:
        raise ValueError("a meeting without times")
    times = {"starts_at": _iso(meeting.starts_at), "ends_at": _iso(meeting.ends_at)}
    place, person = location(meeting.room), stand_in or invitee.person
    return outbox.enqueue(
        session,
        kind=kind,
        recipient_id=person.id,
        address=person.email,
        language=person.language,
        now=now,
        parameters={
            **about(meeting),
            **times,
            "place": place,
            "reply_to": centre.reply_address,
            "calendar": {
                "method": "CANCEL" if kind in TAKEN_BACK else "REQUEST",
                "code": meeting.code,
                "uid": invitee.substitute_uid if stand_in else invitee.uid,
                "sequence": meeting.sequence,
                **times,
                "location": place,
                "organizer": centre.reply_address,
                "organizer_name": centre.name,
            },
        },
        about_id=meeting.id,
    )


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
