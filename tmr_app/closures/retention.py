"""How long a closed case is kept: when it is due for erasure, legal hold, and who still has to agree.

The Regulation gives no time: the controller decides it (TMR_RETENTION_YEARS, no default). Erasing takes two persons.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_notifications import heads_of
from tmr_app.closures import notifications
from tmr_app.closures.models import Erasure, LegalHold
from tmr_app.kernel import audit, outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.members.models import Person
from tmr_app.regulation.days import add_months
from tmr_app.regulation.verdicts import Message

DUTY = "A18.1"


@dataclass(frozen=True, slots=True)
class Keeping:
    """What stands of one case's retention. `due_on`: from then on it may be erased; None while open or undecided."""

    due_on: date | None
    hold: LegalHold | None
    erasure: Erasure | None

    def is_due(self, today: date) -> bool:
        return self.due_on is not None and self.due_on <= today and self.hold is None


def due_on(closed_on: date | None, years: int | None) -> date | None:
    """The first day on which the case may be erased."""
    return add_months(closed_on, 12 * years) if closed_on is not None and years is not None else None


def keeping_of(session: Session, case: Case, years: int | None) -> Keeping:
    hold = session.scalar(
        select(LegalHold).where(LegalHold.case_id == case.id, LegalHold.lifted_at.is_(None)).limit(1)
    )
    erasure = session.scalar(
        select(Erasure).where(Erasure.case_id == case.id, Erasure.state != "refused").limit(1)
    )
    closed_on = case.closed_on if case.status == "closed" else None
    return Keeping(due_on(closed_on, years), hold, erasure)


def place_hold(session: Session, actor: Person, now: datetime, *, case: Case, reason: str) -> LegalHold:
    """Nothing of this case is erased until the hold is lifted. An open proposal to erase ends. FieldRefused, OutOfOrder."""
    lock_table(session, case.id)
    kept = keeping_of(session, case, None)
    if kept.hold is not None:
        raise OutOfOrder(Message("A legal hold stands already."), DUTY)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    if kept.erasure is not None:
        kept.erasure.state, kept.erasure.decided_at, kept.erasure.decided_by_id = "refused", now, actor.id
    hold = LegalHold(case_id=case.id, placed_at=now, placed_by_id=actor.id, reason=reason.strip())
    session.add(hold)
    _note(session, "hold:placed", hold.id, case.id, actor)
    return hold


def lift_hold(session: Session, actor: Person, now: datetime, *, case: Case) -> None:
    """The hold ends. Raises OutOfOrder when there is none."""
    lock_table(session, case.id)
    hold = keeping_of(session, case, None).hold
    if hold is None:
        raise OutOfOrder(Message("No legal hold stands."), DUTY)
    hold.lifted_at, hold.lifted_by_id = now, actor.id
    _note(session, "hold:lifted", hold.id, case.id, actor)


def propose_erasure(
    session: Session, actor: Person, now: datetime, *, case: Case, years: int | None
) -> Erasure:
    """The first of two persons. Raises OutOfOrder before the time, under a hold, and when it is proposed already."""
    lock_table(session, case.id)
    kept = keeping_of(session, case, years)
    require_due(kept, civil_date(now))
    if kept.erasure is not None:
        raise OutOfOrder(Message("The erasure is proposed already."), DUTY)
    erasure = Erasure(case_id=case.id, state="proposed", proposed_at=now, proposed_by_id=actor.id)
    session.add(erasure)
    session.flush()
    _note(session, "erasure:proposed", erasure.id, case.id, actor)
    return erasure


def refuse_erasure(session: Session, actor: Person, now: datetime, *, case: Case) -> None:
    """The case is kept. Raises OutOfOrder when nothing is proposed."""
    lock_table(session, case.id)
    erasure = keeping_of(session, case, None).erasure
    if erasure is None or erasure.state != "proposed":
        raise OutOfOrder(Message("No erasure is proposed."), DUTY)
    erasure.state, erasure.decided_at, erasure.decided_by_id = "refused", now, actor.id
    _note(session, "erasure:refused", erasure.id, case.id, actor)


def require_due(kept: Keeping, today: date) -> None:
    """Raises OutOfOrder: not closed, no time decided, not over yet, or under a hold."""
    if kept.hold is not None:
        raise OutOfOrder(Message("A legal hold stands: nothing of this case is erased."), DUTY)
    if kept.due_on is None:
        raise OutOfOrder(
            Message("Only a closed case is erased, and only after the time the controller decided."), DUTY
        )
    if kept.due_on > today:
        raise OutOfOrder(Message("The case is kept until %(on)s.", on=kept.due_on), DUTY)


def due_cases(session: Session, today: date, years: int | None) -> list[Case]:
    """Closed cases whose time is over, without hold and not erased, the oldest first."""
    if years is None:
        return []
    held = exists().where(LegalHold.case_id == Case.id, LegalHold.lifted_at.is_(None))
    rows = session.scalars(
        select(Case)
        .where(
            Case.status == "closed",
            Case.closed_on.is_not(None),
            Case.closed_on <= add_months(today, -12 * years),
            Case.erased_at.is_(None),
            ~held,
        )
        .order_by(Case.closed_on, Case.id)
    )
    return [case for case in rows if (due_on(case.closed_on, years) or date.max) <= today]


def tell_due(session: Session, now: datetime, years: int | None) -> int:
    """For the worker: the heads learn once of each case whose time of retention is over. Returns how many mails."""
    cases = due_cases(session, civil_date(now), years)
    written = 0
    for case in cases:
        key = f"retention:{case.id}:{case.closed_on}"
        heads = heads_of(session, case.qps_id, now)
        known = outbox.already_written(session, [f"{key}:{head.id}" for head in heads])
        if len(known) < len(heads):
            written += notifications.ask_erasure(session, now, case=case, once_key=key, known=known)
    return written


def _note(session: Session, tag: str, object_id: UUID, case_id: UUID, actor: Person) -> None:
    audit.note(
        session,
        tag,
        object_type="retention",
        object_id=object_id,
        case_id=case_id,
        rule=DUTY,
        actor_id=actor.id,
    )
