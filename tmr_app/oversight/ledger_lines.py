"""Rows of the ledger as a page shows them: the duty's title, the words of the subject, the address of the evidence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from tmr_app.oversight.forms import LedgerFilter
from tmr_app.oversight.ledger import Row
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.verdicts import Message, Status

TITLES: dict[str, Message] = {duty.id: duty.title for duty in DUTIES}
OCCASIONS = {"referral": _l("Referral"), "assessment": _l("Comprehensive assessment")}


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its duty's title, the words of its subject, and the address of its evidence."""

    row: Row
    title: Message
    occasion: Any
    url: str


def lines_of(rows: Iterable[Row], form: LedgerFilter) -> list[Line]:
    """The rows a filter asks for, as lines."""
    return [
        Line(row, TITLES[row.duty], _occasion(row.subject or ""), _evidence(row))
        for row in form.fitting(rows)
    ]


def _occasion(subject: str) -> Any:
    """Words of a subject that is no catalogue key: an occasion, or a year."""
    return subject if subject.isdigit() else OCCASIONS.get(subject)


def _evidence(row: Row) -> str:
    """Where the facts of a row stand."""
    return url_for(row.endpoint, **row.values)


def counts_of(rows: Iterable[Row]) -> list[tuple[Status, int]]:
    """How many rows have each status, the exceptions first."""
    counted = Counter(row.status for row in rows)
    order = (Status.OVERDUE, Status.NOT_MET, Status.MET_LATE, Status.DUE, Status.MET, Status.WAIVED)
    return [(status, counted[status]) for status in order if counted[status]]
