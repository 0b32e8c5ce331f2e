"""Substitutes for one meeting: proposed by the member, confirmed by the case manager (own seat, own declaration)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import seating
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.meetings import answering, convening, notifications
from tmr_app.meetings.models import Invitation, Meeting, window_after
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Proposal:
    """A member's proposal; `seat` with person and institution. `is_confirmed`: the substitute has a seat of their own."""

    invitation: Invitation
    seat: Seat
    substitute: Person

    @property
    def is_confirmed(self) -> bool:
        return self.invitation.substitute_confirmed_at is not None


def proposals(session: Session, *, case_id: UUID, meeting_id: UUID) -> list[Proposal]:
    """Every substitute proposed for this meeting, in the order of the seats. One statement."""
    rows = session.execute(
        select(Invitation, Seat, Person)
        .join(Seat, Seat.id == Invitation.seat_id)
        .join(Person, Person.id == Invitation.substitute_person_id)
        .where(
            Invitation.meeting_id == meeting_id,
            Invitation.case_id == case_id,
            Invitation.left_out.is_(False),
            Invitation.withdrawn_at.is_(None),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    return [Proposal(row[0], row[1], row[2]) for row in rows]


def _found(session: Session, *, case_id: UUID, meeting_id: UUID, invitation_id: UUID) -> Proposal:
    for one in proposals(session, case_id=case_id, meeting_id=meeting_id):
        if one.invitation.id == invitation_id:
            return one
    raise NotFound("proposal")


def confirm_substitute(
    session: Session, actor: Person, now: datetime, *, case: Case, meeting_id: UUID, invitation_id: UUID
) -> Seat:
    """Give the proposed person an own seat for this meeting and invite them at once; a second time changes nothing.

    They sign their own declaration and answer the conflict question before they see anything; the member's duty stays
    until now. Raises RuleRefused (A4.5, A10.2), FieldRefused (`person_id`), OutOfOrder, NotFound.
    """
    meeting = convening.locked(session, meeting_id, case.id)
    proposal = _found(session, case_id=case.id, meeting_id=meeting_id, invitation_id=invitation_id)
    row = proposal.invitation
    if row.substitute_seat_id is not None:
        return session.get_one(Seat, row.substitute_seat_id)
    if not answering.is_open(meeting, now) or meeting.ends_at is None:
        raise OutOfOrder(Message("The meeting has begun, is over or was cancelled."), "A9")
    seat = seating.seat_substitute(
        session,
        actor,
        now,
        seat=proposal.seat,
        person=proposal.substitute,
        meeting_id=meeting.id,
        ends_at=window_after(meeting.ends_at),
    )
    seat.person = proposal.substitute
    convening.invite_late(session, actor, now, meeting=meeting, case=case, seats=[seat])
    row.substitute_seat_id, row.substitute_confirmed_at = seat.id, now
    row.answer = "substitute"
    _decided(session, actor, now, meeting, proposal, "substitute_confirmed")
    return seat


def decline_substitute(
    session: Session, actor: Person, now: datetime, *, case: Case, meeting_id: UUID, invitation_id: UUID
) -> None:
    """The case manager does not accept this person: the member is asked again. Raises OutOfOrder, NotFound."""
    meeting = convening.locked(session, meeting_id, case.id)
    proposal = _found(session, case_id=case.id, meeting_id=meeting_id, invitation_id=invitation_id)
    if not answering.is_open(meeting, now):
        raise OutOfOrder(Message("The meeting has begun, is over or was cancelled."), "A9")
    row = proposal.invitation
    answering.release_substitute(session, actor, now, invitation=row)
    row.substitute_person_id = None
    row.answer = row.answered_at = row.answered_by = None
    row.answer_reason = ""
    _decided(session, actor, now, meeting, proposal, "substitute_declined")


def _decided(
    session: Session, actor: Person, now: datetime, meeting: Meeting, proposal: Proposal, kind: str
) -> None:
    path = notifications.meeting_path(meeting.case_id, meeting.id) + "answer"
    notifications.tell(
        session,
        [proposal.seat.person],
        kind=kind,
        now=now,
        parameters={**notifications.about(meeting), "path": path},
        case_id=meeting.case_id,
        about_id=meeting.id,
    )
    audit.note(
        session,
        kind.replace("_", ":"),
        object_type="invitation",
        object_id=proposal.invitation.id,
        case_id=meeting.case_id,
        rule="A9",
        actor_id=actor.id,
    )
