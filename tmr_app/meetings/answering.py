"""A member's answer to an invitation: yes, no with the reason, or a proposed substitute; changed until the meeting."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import seat_ending
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder
from tmr_app.meetings import convening, notifications
from tmr_app.meetings.inviting import CHAIR
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.members.models import Person
from tmr_app.members.roster import sent_by
from tmr_app.regulation.verdicts import Message

ANSWERS = ("yes", "no", "substitute")
BY_MEMBER = "member"
"""`answered_by` of an answer given on screen; a calendar reply writes "calendar", the chair's own is "chair"."""


@dataclass
class Asked:
    """One person's invitation to one meeting; `meeting.room`, `seat.institution`, `substitute_person` are loaded."""

    meeting: Meeting
    invitation: Invitation
    seat: Seat
    candidates: list[Person] = field(default_factory=list)

    @property
    def is_chair(self) -> bool:
        return self.seat.kind == CHAIR

    @property
    def stands_in(self) -> bool:
        """A substitute names nobody further."""
        return self.seat.substitute_for_id is not None


def own_invitation(session: Session, *, case_id: UUID, meeting_id: UUID, person_id: UUID) -> Asked:
    """What this person was asked. Raises NotFound for somebody who is not invited (any more). One statement."""
    row = session.execute(
        select(Invitation, Seat, Meeting)
        .join(Seat, Seat.id == Invitation.seat_id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.meeting_id == meeting_id,
            Invitation.case_id == case_id,
            Invitation.left_out.is_(False),
            Invitation.withdrawn_at.is_(None),
            Meeting.convened_at.is_not(None),
            Seat.person_id == person_id,
            Seat.ended_at.is_(None),
            Seat.recused_at.is_(None),
        )
        .options(
            joinedload(Seat.institution), joinedload(Meeting.room), joinedload(Invitation.substitute_person)
        )
        .order_by(Seat.meeting_id.is_not(None), Seat.seated_at)
        .limit(1)
    ).first()
    if row is None:
        raise NotFound("invitation")
    return Asked(row[2], row[0], row[1])


def candidates(session: Session, *, seat: Seat, now: datetime) -> list[Person]:
    """Rostered people of the same institution who could stand in; whether they may is asked when confirming."""
    if seat.institution_id is None or seat.kind == CHAIR or seat.substitute_for_id is not None:
        return []
    sent = sent_by(session, [seat.institution_id], civil_date(now)).get(seat.institution_id, [])
    return [person for person in sent if person.id != seat.person_id]


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Whether an answer may be given or changed now: from the invitation until the meeting begins."""
    return meeting.status == "convened" and meeting.starts_at is not None and now < meeting.starts_at


def _require_open(meeting: Meeting, now: datetime, seen_sequence: int | None) -> None:
    if meeting.status == "preparing":
        raise OutOfOrder(Message("The date is being changed: a new invitation will come."), "A8.3")
    if not is_open(meeting, now):
        raise OutOfOrder(
            Message("The meeting has begun, is over or was cancelled: no answer is taken."), "A9"
        )
    if seen_sequence is not None and seen_sequence != meeting.sequence:
        raise OutOfOrder(
            Message("The date or place was changed meanwhile. Look at it again, then answer."), "A8.3"
        )


def answer_invitation(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    meeting_id: UUID,
    answer: str,
    reason: str = "",
    substitute_id: UUID | None = None,
    seen_sequence: int | None = None,
) -> Invitation:
    """Set or change the actor's own answer. `seen_sequence`: the version of date and place the page showed.

    Raises FieldRefused (`reason` for a no, `substitute` for nobody or a stranger), OutOfOrder once the meeting begins or
    was changed, NotFound when not invited. The member's duty stays until the case manager confirms the substitute.
    """
    if answer not in ANSWERS:
        raise BadInput("no such answer")
    meeting = convening.locked(session, meeting_id, case.id)
    asked = own_invitation(session, case_id=case.id, meeting_id=meeting_id, person_id=actor.id)
    _require_open(meeting, now, seen_sequence)
    if asked.is_chair:
        raise OutOfOrder(
            Message("You chair this meeting. If you cannot, hand the case over (A4.2)."), "A6.1.4"
        )
    substitute = _substitute(session, now, asked, answer, substitute_id)
    if answer == "no" and not reason.strip():
        raise FieldRefused("reason", Message("Write why you cannot come."))
    kept = "" if answer == "yes" else reason.strip()
    if _stands(asked.invitation, answer, kept, substitute):
        return asked.invitation
    _write(session, actor, now, asked, answer, kept, substitute)
    _tell_case_manager(session, now, case, meeting, answer)
    return asked.invitation


def _substitute(
    session: Session, now: datetime, asked: Asked, answer: str, substitute_id: UUID | None
) -> Person | None:
    if answer != "substitute":
        return None
    if substitute_id is None:
        raise FieldRefused("substitute", Message("Choose who shall come in your place."))
    for person in candidates(session, seat=asked.seat, now=now):
        if person.id == substitute_id:
            return person
    raise FieldRefused(
        "substitute", Message("A substitute is another rostered person of the same institution.")
    )


def _stands(row: Invitation, answer: str, reason: str, substitute: Person | None) -> bool:
    """A second submission of the same answer tells nobody twice."""
    same_person = row.substitute_person_id == (substitute.id if substitute else None)
    return row.answer == answer and row.answer_reason == reason and same_person


def _write(
    session: Session,
    actor: Person,
    now: datetime,
    asked: Asked,
    answer: str,
    reason: str,
    substitute: Person | None,
) -> None:
    row = asked.invitation
    if row.substitute_person_id != (substitute.id if substitute else None):
        release_substitute(session, actor, now, invitation=row)
        row.substitute_person = substitute
        row.substitute_person_id = substitute.id if substitute else None
    row.answer, row.answered_at, row.answered_by = answer, now, BY_MEMBER
    row.answer_reason = reason
    row.reply_sequence = asked.meeting.sequence
    audit.note(
        session,
        "invitation:answered",
        object_type="invitation",
        object_id=row.id,
        case_id=row.case_id,
        rule="A9",
        changes={"answer": answer},
        actor_id=actor.id,
    )


def release_substitute(session: Session, actor: Person, now: datetime, *, invitation: Invitation) -> None:
    """A confirmed substitute is not needed any more: the seat for this meeting ends, with all it opened."""
    if invitation.substitute_seat_id is None:
        return
    seat = session.get_one(Seat, invitation.substitute_seat_id)
    if seat.is_live:
        seat_ending.lock_table(session, seat.case_id)
        seat_ending.close_seat(session, actor, now, seat=seat, reason="no_longer_needed", rule="A9")
    invitation.substitute_seat_id = None
    invitation.substitute_confirmed_at = None


def _tell_case_manager(session: Session, now: datetime, case: Case, meeting: Meeting, answer: str) -> None:
    """A no and a proposed substitute ask something of the chair; a yes is seen on the meeting's page."""
    if answer == "yes" or case.case_manager_id is None:
        return
    kind = "substitute_proposed" if answer == "substitute" else "invitation_declined"
    path = notifications.meeting_path(case.id, meeting.id)
    parameters = {
        **notifications.about(meeting),
        "path": path + "substitutes" if answer == "substitute" else path,
    }
    notifications.tell(
        session,
        [session.get(Person, case.case_manager_id)],
        kind=kind,
        now=now,
        parameters=parameters,
        case_id=case.id,
        about_id=meeting.id,
    )
