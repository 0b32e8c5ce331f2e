"""Guests of one meeting (A8.5): whom to choose from, the seat for that meeting, the invitation."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import seating
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.meetings import inviting, preparing
from tmr_app.meetings.models import Invitation, Meeting, window_after
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.regulation.verdicts import Message


def choices(session: Session, case: Case, today: date) -> list[tuple[str, str]]:
    """People rostered with institutions of this municipality or the whole country who have no seat in the case."""
    seated = select(Seat.person_id).where(
        Seat.case_id == case.id,
        or_(Seat.recused_at.is_not(None), Seat.ended_at.is_(None)),
        Seat.meeting_id.is_(None),
    )
    rows = session.execute(
        select(Person.id, Person.name, Institution.id, Institution.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Institution, Institution.id == Appointment.institution_id)
        .where(
            Appointment.office.in_(("representative", "substitute")),
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            or_(Institution.municipality_id == case.municipality_id, Institution.municipality_id.is_(None)),
            Institution.active.is_(True),
            Person.id.not_in(seated),
        )
        .order_by(Institution.name, Person.name)
        .limit(300)
    )
    return [(f"{row[0]}:{row[2]}", f"{row[3]} – {row[1]}") for row in rows]


def invite_guest(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    case: Case,
    person_id: UUID,
    institution_id: UUID,
    reason: str,
) -> Invitation:
    """Seat the guest for this meeting and invite. Raises OutOfOrder without a date, FieldRefused at `person`, RuleRefused."""
    preparing.require_preparing(meeting)
    if meeting.ends_at is None:
        raise OutOfOrder(Message("Choose date and place first."), "A8.5")
    person = session.get(Person, person_id)
    if person is None:
        raise FieldRefused("person", Message("Choose a person of the list."))
    seat = seating.seat_guest(
        session,
        actor,
        now,
        case=case,
        person=person,
        institution_id=institution_id,
        meeting_id=meeting.id,
        ends_at=window_after(meeting.ends_at),
        reason=reason,
    )
    invitation = Invitation(
        case_id=case.id, meeting_id=meeting.id, seat_id=seat.id, uid=inviting.new_uid(), reply_sequence=0
    )
    session.add(invitation)
    meeting.version += 1
    return invitation
