"""Moved within the state (A17.3.3): the case is offered to the other Centre, which accepts or refuses.

On acceptance, in one unit of work, the dossier moves by reference: the old Table becomes former, this closing is done, and
the new case manager composes a new Table. Nothing of the case is copied or mailed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.chairing import appoint_case_manager
from tmr_app.cases.models import Case, Family
from tmr_app.cases.seat_ending import close_seat, end_term, lock_table
from tmr_app.cases.table_models import BreakGlass, HandOver, Seat
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import destinations, dossier, ending, notifications
from tmr_app.kernel import audit, db, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.members.models import Person, Qps
from tmr_app.regulation.verdicts import Message

DUTY = "A17.3"
OFFERED, ACCEPTED, REFUSED, WITHDRAWN = "offered", "accepted", "refused", "withdrawn"


def offer(
    session: Session, actor: Person, now: datetime, *, case: Case, reason: str, once: str | None = None
) -> CaseTransfer:
    """Offer the case to the Centre named in the assessment, with a reason it may read.

    Raises OutOfOrder when a step is missing, a meeting is ahead or an offer is open; FieldRefused for the destination
    (same, inactive, nobody to answer) and without a reason.
    """
    before = db.made_before(session, CaseTransfer, once)
    if before is not None and before.case_id == case.id:
        return before
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("transfer")
    if found.transfer is not None and found.transfer.state == OFFERED:
        raise OutOfOrder(Message("The transfer is offered already: wait for the answer."), DUTY)
    ending.refuse_meeting_ahead(session, case)
    to = destinations.check(session, case=case, to_qps_id=one.to_qps_id, today=civil_date(now))
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    transfer = CaseTransfer(
        case_id=case.id,
        from_qps_id=case.qps_id,
        to_qps_id=to.id,
        state=OFFERED,
        offered_at=now,
        offered_by_id=actor.id,
        once_key=once,
    )
    vault.create_key(session, transfer.id, now)
    transfer.reason = reason.strip()
    session.add(transfer)
    session.flush()
    notifications.offer_transfer(session, now, transfer=transfer)
    _note(session, "transfer:offered", transfer, actor)
    return transfer


def withdraw(session: Session, actor: Person, now: datetime, *, case: Case) -> CaseTransfer:
    """Take an unanswered offer back. Raises OutOfOrder when there is none."""
    lock_table(session, case.id)
    transfer = open_offer(session, case.id, locked=True)
    if transfer is None:
        raise OutOfOrder(Message("No transfer waits for an answer."), DUTY)
    transfer.state, transfer.decided_at, transfer.decided_by_id = WITHDRAWN, now, actor.id
    _note(session, "transfer:withdrawn", transfer, actor)
    return transfer


def open_offer(session: Session, case_id: UUID, *, locked: bool = False) -> CaseTransfer | None:
    query = select(CaseTransfer).where(CaseTransfer.case_id == case_id, CaseTransfer.state == OFFERED)
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def refuse(session: Session, actor: Person, now: datetime, *, transfer_id: UUID, answer: str) -> CaseTransfer:
    """The receiving head refuses with a reason: the case stays where it is, its Table goes on."""
    transfer = _unanswered(session, transfer_id)
    if not answer.strip():
        raise FieldRefused("answer", Message("Write the reason."))
    vault.unlock(session, [transfer.id])
    transfer.state, transfer.decided_at, transfer.decided_by_id = REFUSED, now, actor.id
    transfer.answer = answer.strip()
    sender = session.get(Person, transfer.offered_by_id)
    notifications.tell_answer(session, now, transfer=transfer, people=[sender], accepted=False)
    _note(session, "transfer:refused", transfer, actor)
    return transfer


def accept(
    session: Session, actor: Person, now: datetime, *, transfer_id: UUID, case_manager_id: UUID
) -> CaseTransfer:
    """The receiving head accepts and names the case manager: everything happens in this unit or nothing.

    Raises OutOfOrder when it was answered or taken back meanwhile or the closing goes on no more, FieldRefused for somebody
    who is no case manager there, RuleRefused (A10.2) for one who was recused from the case.
    """
    transfer = _unanswered(session, transfer_id)
    case = session.get_one(Case, transfer.case_id)
    vault.unlock(session, [case.id, case.family_id, transfer.id])
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("transfer")
    ending.check_whole(found, transfer_pending=True)
    to = session.get_one(Qps, transfer.to_qps_id)
    if not to.active or to.id == case.qps_id:
        raise OutOfOrder(Message("This Centre is not active."), DUTY)
    sender = session.get(Person, transfer.offered_by_id)
    _leave(session, actor, now, case)
    transfer.state, transfer.decided_at, transfer.decided_by_id = ACCEPTED, now, actor.id
    transfer.case_manager_id = case_manager_id
    case.qps_id, case.municipality_id = to.id, to.municipality_id
    _move_family(session, case)
    session.flush()
    appoint_case_manager(session, actor, now, case=case, person_id=case_manager_id, reason="transferred")
    ending.finish(session, now, one, actor=actor)
    case.phase, case.version = "plan", case.version + 1
    notifications.tell_answer(session, now, transfer=transfer, people=[sender], accepted=True)
    _note(session, "transfer:accepted", transfer, actor)
    audit.note(
        session,
        "case:transferred",
        object_type="case",
        object_id=case.id,
        case_id=case.id,
        rule=DUTY,
        actor_id=actor.id,
    )
    return transfer


def _unanswered(session: Session, transfer_id: UUID) -> CaseTransfer:
    transfer = session.scalar(
        select(CaseTransfer)
        .where(CaseTransfer.id == transfer_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if transfer is None:
        raise NotFound("transfer")
    if transfer.state != OFFERED:
        raise OutOfOrder(Message("This transfer was answered or taken back already."), DUTY)
    return transfer


def _leave(session: Session, actor: Person, now: datetime, case: Case) -> None:
    """The old Table becomes former: seats, emergency openings, proposals and open requests end at once."""
    ending.refuse_meeting_ahead(session, case)
    ending.quieten(session, now, case)
    seats = select(Seat).where(Seat.case_id == case.id, Seat.ended_at.is_(None), Seat.recused_at.is_(None))
    for seat in session.scalars(seats).all():
        close_seat(session, actor, now, seat=seat, reason="transferred", rule=DUTY)
    end_term(session, now, case_id=case.id)
    case.case_manager_id = None
    session.execute(
        update(BreakGlass)
        .where(BreakGlass.case_id == case.id, BreakGlass.until_at > now)
        .values(until_at=now)
    )
    session.execute(
        update(HandOver)
        .where(HandOver.case_id == case.id, HandOver.decided_at.is_(None))
        .values(decided_at=now, accepted=False)
    )


def _move_family(session: Session, case: Case) -> None:
    """The family's record follows when no linked case stays behind."""
    staying = select(Case.id).where(
        Case.family_id == case.family_id, Case.id != case.id, Case.qps_id != case.qps_id
    )
    if session.scalar(staying.limit(1)) is None:
        session.get_one(Family, case.family_id).qps_id = case.qps_id


def _note(session: Session, tag: str, transfer: CaseTransfer, actor: Person) -> None:
    audit.note(
        session,
        tag,
        object_type="case_transfer",
        object_id=transfer.id,
        case_id=transfer.case_id,
        rule=DUTY,
        actor_id=actor.id,
    )
