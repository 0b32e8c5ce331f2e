"""Conflict of interest (A10.2): declared by the member, pointed out by others, decided, and acting at once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion, table_notifications
from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import leave_chair, lock_table, note_seat
from tmr_app.cases.table_models import ConflictFlag, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, Forbidden, OutOfOrder
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

DUTY = "A10.2"


def answer_conflict(
    session: Session, actor: Person, now: datetime, *, case: Case, has_conflict: bool, reason: str = ""
) -> None:
    """The member's own answer for this case: no opens the content, yes recuses at once. The reason may be left out.

    A member who answered no may declare a conflict later. OutOfOrder without a live seat.
    """
    lock_table(session, case.id)
    seats = _live_seats(session, case, actor)
    if not seats:
        raise OutOfOrder(Message("There is no seat for which the question would be answered."), DUTY)
    for seat in seats:
        seat.conflict = has_conflict
        seat.conflict_answered_at = now
    if has_conflict:
        _recuse(session, actor, now, case=case, seats=seats, reason=reason)
    else:
        note_seat(session, "conflict:none", seats[0], actor, DUTY)


def flag_conflict(
    session: Session, actor: Person, now: datetime, *, case: Case, seat: Seat, reason: str
) -> ConflictFlag:
    """Point out somebody else's conflict: the case manager decides, the head when it is the case manager's."""
    lock_table(session, case.id)
    if seat.case_id != case.id or not seat.is_live:
        raise OutOfOrder(Message("This seat has ended."), DUTY)
    if seat.person_id == actor.id:
        raise FieldRefused("reason", Message("Declare your own conflict of interest by its own question."))
    if not reason.strip():
        raise FieldRefused("reason", Message("Write what the conflict of interest is."))
    flag = session.scalar(
        select(ConflictFlag).where(
            ConflictFlag.seat_id == seat.id,
            ConflictFlag.raised_by_id == actor.id,
            ConflictFlag.decided_at.is_(None),
        )
    )
    if flag is not None:
        return flag
    flag = ConflictFlag(
        case_id=case.id, seat_id=seat.id, raised_by_id=actor.id, raised_at=now, reason=reason.strip()
    )
    session.add(flag)
    session.flush()
    path = f"/cases/{case.id}/table"
    if is_chairs(case, seat) or case.case_manager_id is None:
        table_notifications.tell_heads(session, now, case=case, kind="conflict_flagged", about_id=flag.id)
    elif case.case_manager_id != actor.id:
        table_notifications.tell_case_manager(
            session, now, case=case, kind="conflict_flagged", path=path, about_id=flag.id
        )
    _note_flag(session, "conflict:flagged", flag, actor)
    return flag


def is_chairs(case: Case, seat: Seat) -> bool:
    """Whether the seat is the present case manager's: then the head decides."""
    return seat.kind == "case_manager" or seat.person_id == case.case_manager_id


def decide_flag(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    flag: ConflictFlag,
    upheld: bool,
    decision: str,
    as_head: bool,
) -> None:
    """Uphold (the person is recused at once) or dismiss, with a written reason. Forbidden to the wrong decider,
    OutOfOrder when it was decided before.
    """
    lock_table(session, case.id)
    seat = session.get_one(Seat, flag.seat_id)
    session.refresh(flag, with_for_update=True)
    heads = is_chairs(case, seat) or case.case_manager_id is None
    if heads != as_head or seat.person_id == actor.id:
        raise Forbidden(
            Message("The head of services decides about the case manager, the case manager about the others.")
        )
    if flag.decided_at is not None:
        raise OutOfOrder(Message("This has been decided already."), DUTY)
    if not decision.strip():
        raise FieldRefused("decision", Message("Write why you decide so."))
    flag.decided_at = now
    flag.decided_by_id = actor.id
    flag.upheld = upheld
    flag.decision = decision.strip()
    _note_flag(session, "conflict:upheld" if upheld else "conflict:dismissed", flag, actor)
    if upheld:
        recuse_member(session, actor, now, case=case, seat=seat, reason=decision)


def recuse_member(
    session: Session, actor: Person, now: datetime, *, case: Case, seat: Seat, reason: str
) -> None:
    """Recorded by the case manager (or the head), with reason: from this commit on no access and no mail."""
    lock_table(session, case.id)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write what the conflict of interest is."))
    person = session.get_one(Person, seat.person_id)
    _recuse(session, actor, now, case=case, seats=_live_seats(session, case, person), reason=reason)


def _recuse(
    session: Session, actor: Person, now: datetime, *, case: Case, seats: list[Seat], reason: str
) -> None:
    """All the person's seats in this case at once: mail cancelled, drafts dropped, links revoked, substitute asked."""
    for seat in seats:
        seat.conflict = True
        seat.recused_at = now
        seat.recused_by_id = actor.id
        if reason.strip():
            seat.recusal_reason = reason.strip()
    session.flush()
    for seat in seats:
        exclusion.withdraw_person(session, now, seat=seat, rule=DUTY)
        note_seat(session, "member:recused", seat, actor, DUTY)
        if seat.meeting_id is None:
            _replace(session, actor, now, case, seat)


def _replace(session: Session, actor: Person, now: datetime, case: Case, seat: Seat) -> None:
    """The institution is asked for a substitute; for a case manager the head appoints another (A4.2)."""
    if seat.kind == "case_manager":
        leave_chair(session, actor, now, seat=seat)
        seat.substitute_asked_at = now
    elif table_notifications.substitute_asked(session, now, seat=seat):
        note_seat(session, "substitute:asked", seat, actor, DUTY)


def _live_seats(session: Session, case: Case, person: Person) -> list[Seat]:
    return list(
        session.scalars(
            select(Seat)
            .where(Seat.case_id == case.id, Seat.person_id == person.id)
            .where(Seat.ended_at.is_(None), Seat.recused_at.is_(None))
            .order_by(Seat.seated_at)
        )
    )


def _note_flag(session: Session, tag: str, flag: ConflictFlag, actor: Person) -> None:
    audit.note(
        session,
        tag,
        object_type="conflict_flag",
        object_id=flag.id,
        case_id=flag.case_id,
        rule=DUTY,
        actor_id=actor.id,
    )
