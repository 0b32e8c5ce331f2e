"""Keeping the tally: the worker counts each case's rows again after a deed in it, and every open case once a day."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.ledger import Row, rows_of_cases
from tmr_app.oversight.tally_models import LedgerTally, TallyState
from tmr_app.regulation.catalogue import SEATS_4_1, SEATS_4_6

AT_ONCE = 300
"""Cases a round counts: the worker's unit stays short; the next round goes on."""
SEAT_KINDS = frozenset(seat.key for seat in SEATS_4_1 + SEATS_4_6)
"""Those an institution fills: the child, parent and guardian have seats in the catalogue too."""


def quarter_of(on: date | None) -> str:
    """ "2026-Q4"; empty without a date."""
    return f"{on.year}-Q{(on.month + 2) // 3}" if on is not None else ""


def date_of(row: Row) -> date | None:
    """The date a row belongs to: until when it was owed, else when it was met."""
    return row.due_on or row.met_on


def kind_of(row: Row) -> str:
    """The kind of institution a row speaks of: its seat's, empty for one about the case or the family."""
    return row.subject if row.subject in SEAT_KINDS else ""


def mark(session: Session, case_ids: Iterable[UUID]) -> None:
    """After a deed in these cases: they are to be counted again."""
    session.execute(update(TallyState).where(TallyState.case_id.in_(list(case_ids))).values(counted_on=None))


def refresh_stale(session: Session, now: datetime, limit: int = AT_ONCE) -> int:
    """Count the cases that are to be counted, at most `limit`. Returns how many."""
    today = civil_date(now)
    ids = list(
        session.scalars(
            select(Case.id)
            .outerjoin(TallyState, TallyState.case_id == Case.id)
            .where(
                or_(
                    TallyState.counted_on.is_(None),
                    (TallyState.counted_on < today) & (Case.status == "open"),
                )
            )
            .order_by(TallyState.counted_on.is_not(None), TallyState.counted_on, Case.id)
            .limit(limit)
        )
    )
    refresh(session, ids, now)
    return len(ids)


def refresh(session: Session, case_ids: Sequence[UUID], now: datetime) -> None:
    """Count these cases' rows as the rules say them now."""
    if not case_ids:
        return
    counted: Counter[tuple[UUID, str, str, str, str]] = Counter()
    for row in rows_of_cases(session, case_ids, now):
        if row.case_id is not None:
            counted[row.case_id, row.duty, row.status.value, quarter_of(date_of(row)), kind_of(row)] += 1
    session.execute(delete(LedgerTally).where(LedgerTally.case_id.in_(case_ids)))
    session.execute(delete(TallyState).where(TallyState.case_id.in_(case_ids)))
    names = ("case_id", "duty", "status", "quarter", "seat_kind", "number")
    rows = [dict(zip(names, (*key, number), strict=True)) for key, number in counted.items()]
    if rows:
        session.execute(insert(LedgerTally), rows)
    today = civil_date(now)
    session.execute(
        insert(TallyState),
        [{"case_id": one, "counted_on": today, "counted_at": now} for one in case_ids],
    )
