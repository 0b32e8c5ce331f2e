"""Ledger rows of a municipality: its Table and the kinds of seat represented (A3, A4.1)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.members import roster
from tmr_app.members.models import Municipality
from tmr_app.oversight.ledger import Row, builds_municipality
from tmr_app.regulation.verdicts import Verdict


def _row(municipality: Municipality, verdict: Verdict) -> Row:
    return Row(
        duty=verdict.duty,
        municipality=municipality.key,
        status=verdict.status,
        due_on=verdict.due_on,
        met_at=verdict.met_on,
        reason=verdict.reason,
        counted=verdict.counted,
        reading=verdict.reading,
        endpoint="municipalities.show",
        values={"municipality_id": municipality.id},
    )


@builds_municipality("A3", "A4.1")
def table_and_seats(session: Session, municipality: Municipality, now: datetime) -> Iterator[Row]:
    """The Table with its Centre and head, and who represents which kind of seat today."""
    today = civil_date(now)
    for verdict in roster.roster_of(session, municipality, today).verdicts(today):
        yield _row(municipality, verdict)
