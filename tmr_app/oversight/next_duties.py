"""Each case's next duty: the earliest open date of its ledger, kept on the case so that lists order by it.

Asked after each deed in a case, in the same transaction, and by the worker for every open case (a day makes things due).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.kernel.clock import civil_date
from tmr_app.oversight import action_tally, phases
from tmr_app.oversight.ledger import BATCH, Row, rows_of_cases
from tmr_app.oversight.rows_table import chair_work, own_tasks
from tmr_app.regulation import articles

DATED = frozenset(
    {
        "A5.1.5",
        "A6.1.3",
        "A6.1.5",
        "A8.1",
        "A8.3",
        "A8.5",
        "A8.6",
        "A8.7",
        "A8.8",
        "A8.9",
        "A8.10",
        "A8.11",
        "A9",
        "A10.1",
        "A10.3",
        "A10.4",
        "A12.5",
        "A14.4",
        "A14.5",
    }
)
"""Duties whose open rows have a date: only these, and only the tables they need, are looked at."""


TABLES = (
    "adoptions", "assessments", "case_rows", "invitations", "meetings", "minutes_course", "notices", "paper_plans",
    "participants", "relations", "reviews", "seats", "spans",
)  # fmt: skip
"""What their builders ask for: after a deed in one case all of it is read in one statement."""


def refresh(session: Session, case_ids: Iterable[UUID], now: datetime) -> int:
    """Set `next_duty_on`, `next_duty` and `review_due_on` of these cases, with their phase and what a head counts; returns how
    many changed. A fixed number of statements per 500 cases, and one for each that changed.
    """
    ids = list(dict.fromkeys(case_ids))
    if not ids:
        return 0
    session.flush()
    today = civil_date(now)
    kept = phases.courses(session, ids)
    phases.refresh(session, kept, today)
    action_tally.refresh(session, ids)
    rows: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows_of_cases(session, ids, now, duties=DATED, together=TABLES):
        if row.case_id is not None:
            rows[row.case_id].append(row)
    changed = 0
    for case in kept:
        is_open = case.status == "open"
        due_on, duty = next_of(rows[case.id], today) if is_open else (None, None)
        review_on = _review_on(rows[case.id]) if is_open else None
        if (due_on, duty, review_on) != (case.next_duty_on, case.next_duty, case.review_due_on):
            values = {"next_duty_on": due_on, "next_duty": duty, "review_due_on": review_on}
            session.execute(update(Case).where(Case.id == case.id).values(**values))
            changed += 1
    return changed


def _review_on(rows: list[Row]) -> date | None:
    """Until when the plan's review is owed now (A5.1.5)."""
    return next((row.due_on for row in rows if row.duty == "A5.1.5" and row.is_open), None)


def next_of(rows: list[Row], today: date) -> tuple[date | None, str | None]:
    """The earliest open date of the case (A6.1.1) and its duty; on the same day the chair's own task first (A6.1.2)."""
    due_on = articles.a6_1_1_work_organised(chair_work(rows), today).due_on
    if due_on is None:  # a meeting nobody has called has no date, and is owed all the same
        return None, next((row.duty for row in rows if row.is_open and row.duty == "A8.1"), None)
    own = own_tasks(rows)
    first = articles.a6_1_2_acts_for_the_table(chair_work(own), today).due_on == due_on
    return due_on, next(row.duty for row in (own if first else rows) if row.is_open and row.due_on == due_on)


def refresh_open_cases(session: Session, now: datetime) -> int:
    """For the worker: every open case, in batches. Returns how many changed."""
    ids = list(session.scalars(select(Case.id).where(Case.status == "open").order_by(Case.id)))
    return sum(refresh(session, ids[start : start + BATCH], now) for start in range(0, len(ids), BATCH))
