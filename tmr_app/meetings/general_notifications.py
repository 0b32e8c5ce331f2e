"""Who is told what about a general meeting: builds outbox rows with a neutral code, dates, a link; never a figure or a text."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.notifications import calendar_mail, tell
from tmr_app.members.models import Appointment, Person, Qps
from tmr_app.members.roster import HEADS, running_on

__all__ = ["about", "centre_of", "heads_of", "invitation", "officers_of", "path_of", "tell"]

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
                        *running_on(on),
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
                        *running_on(on),
                    )
                )
            )
        )
    )


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
    return calendar_mail(
        session,
        kind=kind,
        meeting=meeting,
        parameters=about(meeting),
        person=stand_in or invitee.person,
        uid=(invitee.substitute_uid if stand_in else None) or invitee.uid,
        room=meeting.room,
        centre=centre,
        now=now,
        taken_back=kind in TAKEN_BACK,
    )
