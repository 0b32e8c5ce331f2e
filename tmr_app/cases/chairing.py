"""The chair (A4.2): one case manager at a time, appointed by the QPS; hand-over, reassignment, the assistant's delegation."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import conflicts, table_notifications
from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import close_seat, end_term, lock_table, note_seat
from tmr_app.cases.table_models import CaseManagerTerm, HandOver, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, OutOfOrder, RuleRefused
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.articles import a10_2_may_take_part
from tmr_app.regulation.facts import PersonFacts
from tmr_app.regulation.verdicts import Message

DUTY = "A4.2"
Listener = Callable[[Session, Person, datetime, Case, Seat], None]
_listeners: list[Listener] = []


def when_appointed(listener: Listener) -> Listener:
    """Register what a room above does for a new chair, in the same unit: `listener(session, actor, now, case, seat)`."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def appoint_case_manager(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    person_id: UUID,
    reason: str = "opened",
    note: str = "",
    inform: bool = True,
) -> Seat:
    """Give the chair to a case manager of the case's QPS. Whoever had it leaves: seat and duties move, the history stays.

    `reason`: opened, handed_over, reassigned, conflict, taken_over. Raises FieldRefused on `person_id`, RuleRefused
    (A10.2) for a recused person.
    """
    lock_table(session, case.id)
    appointment = _office(session, case, person_id, now)
    if case.case_manager_id == person_id:
        raise FieldRefused("person_id", Message("This person is the case manager already."))
    seats = list(session.scalars(select(Seat).where(Seat.case_id == case.id).order_by(Seat.seated_at)).all())
    recused = [seat.recused_at for seat in seats if seat.person_id == person_id and seat.recused_at]
    facts = PersonFacts(person_id, recused_on=civil_date(min(recused)) if recused else None)
    verdict = a10_2_may_take_part(facts, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    seat = Seat(
        case_id=case.id,
        kind="case_manager",
        person_id=person_id,
        appointment_id=appointment.id,
        reason=note.strip(),
        seated_at=now,
        seated_by_id=actor.id,
    )
    session.add(seat)
    session.flush()
    for old in seats:
        if old.is_live and (old.kind == "case_manager" or old.person_id == person_id):
            close_seat(
                session, actor, now, seat=old, reason="handed_over", rule=DUTY, successor_seat_id=seat.id
            )
    end_term(session, now, case_id=case.id)
    session.add(
        CaseManagerTerm(
            case_id=case.id,
            person_id=person_id,
            from_at=now,
            reason=reason,
            decided_by_id=actor.id,
            note=note.strip(),
        )
    )
    case.case_manager_id = person_id
    for listener in _listeners:
        listener(session, actor, now, case, seat)
    if inform and person_id != actor.id:
        table_notifications.seat_given(session, now, seat=seat, person=session.get_one(Person, person_id))
    note_seat(session, "case_manager:appointed", seat, actor, DUTY)
    return seat


def propose_hand_over(
    session: Session, actor: Person, now: datetime, *, case: Case, person_id: UUID, note: str
) -> HandOver:
    """The case manager proposes a successor with a hand-over note; the head decides. An open proposal is replaced."""
    lock_table(session, case.id)
    _office(session, case, person_id, now)
    if person_id == case.case_manager_id:
        raise FieldRefused("person_id", Message("This person is the case manager already."))
    if not note.strip():
        raise FieldRefused("note", Message("Write what the successor needs to know."))
    before = open_proposal(session, case.id)
    if before is not None:
        before.decided_at, before.accepted = now, False
    proposal = HandOver(
        case_id=case.id, proposed_by_id=actor.id, person_id=person_id, proposed_at=now, note=note.strip()
    )
    session.add(proposal)
    session.flush()
    table_notifications.tell_heads(session, now, case=case, kind="hand_over_proposed", about_id=proposal.id)
    _note(session, "hand_over:proposed", proposal, actor)
    return proposal


def open_proposal(session: Session, case_id: UUID) -> HandOver | None:
    return session.scalar(
        select(HandOver)
        .where(HandOver.case_id == case_id, HandOver.decided_at.is_(None))
        .order_by(HandOver.proposed_at.desc())
        .limit(1)
    )


def decide_hand_over(
    session: Session, actor: Person, now: datetime, *, case: Case, proposal: HandOver, accepted: bool
) -> None:
    """The head accepts (the chair moves at once) or declines."""
    lock_table(session, case.id)
    session.refresh(proposal, with_for_update=True)
    if proposal.decided_at is not None:
        raise OutOfOrder(Message("This has been decided already."), DUTY)
    proposal.decided_at, proposal.decided_by_id, proposal.accepted = now, actor.id, accepted
    _note(session, "hand_over:accepted" if accepted else "hand_over:declined", proposal, actor)
    if accepted:
        appoint_case_manager(
            session,
            actor,
            now,
            case=case,
            person_id=proposal.person_id,
            reason="handed_over",
            note=proposal.note,
        )


def reassign(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    person_id: UUID,
    note: str,
    conflict: bool = False,
) -> Seat:
    """The head assigns another case manager. `conflict`: the present one has a conflict of interest and is recused."""
    if not note.strip():
        raise FieldRefused("note", Message("Write why the case moves and what the successor needs to know."))
    lock_table(session, case.id)
    _office(session, case, person_id, now)
    proposal = open_proposal(session, case.id)
    if proposal is not None:
        proposal.decided_at, proposal.decided_by_id = now, actor.id
        proposal.accepted = proposal.person_id == person_id
    if conflict:
        chair = session.scalar(
            select(Seat).where(
                Seat.case_id == case.id,
                Seat.kind == "case_manager",
                Seat.ended_at.is_(None),
                Seat.recused_at.is_(None),
            )
        )
        if chair is not None:
            conflicts.recuse_member(session, actor, now, case=case, seat=chair, reason=note)
    reason = "conflict" if conflict else "reassigned"
    return appoint_case_manager(session, actor, now, case=case, person_id=person_id, reason=reason, note=note)


def delegate(session: Session, actor: Person, now: datetime, *, seat: Seat, delegated: bool) -> None:
    """Switch the assistant's delegation: prepares and writes, but sends and closes nothing alone (A4.1.2)."""
    if seat.kind != "assistant_case_manager":
        raise BadInput("only an assistant's seat can be delegated to")
    if not seat.is_live:
        raise OutOfOrder(Message("This seat has ended."), "A4.1")
    seat.delegated = delegated
    note_seat(session, "assistant:delegated" if delegated else "assistant:withdrawn", seat, actor, "A4.1")


def appointment_held(
    session: Session, person_id: UUID, offices: Sequence[str], qps_id: UUID, now: datetime
) -> Appointment | None:
    """The appointment by which this person holds one of these offices of the QPS on the civil date of `now`."""
    today = civil_date(now)
    return session.scalar(
        select(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.office.in_(offices),
            Appointment.qps_id == qps_id,
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .limit(1)
    )


def _office(session: Session, case: Case, person_id: UUID, now: datetime) -> Appointment:
    """The running appointment as case manager of the case's QPS; FieldRefused on `person_id` otherwise."""
    found = appointment_held(session, person_id, ("case_manager",), case.qps_id, now)
    if found is None:
        raise FieldRefused(
            "person_id",
            Message("This person is not a case manager of this Centre for Social Work today (A4.2)."),
        )
    return found


def _note(session: Session, tag: str, proposal: HandOver, actor: Person) -> None:
    audit.note(
        session,
        tag,
        object_type="hand_over",
        object_id=proposal.id,
        case_id=proposal.case_id,
        rule=DUTY,
        actor_id=actor.id,
    )
