"""The quarter's figures for a general meeting: asked of a provider above (`web` registers it), frozen with the invitations.

The provider answers after disclosure control: what leaves it may stand before every member of the Table. Here are only
the words of what it counts, and the quarter it counts over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.regulation.verdicts import Label, Message

TITLES: Mapping[str, Message] = {
    "referrals": Message("Referrals by source"),
    "risks": Message("Kinds of risk in the cases opened"),
    "ages": Message("Age of the children in the cases opened"),
    "late_actions": Message("Actions of plans past their date, by kind of institution"),
    "signals": Message("Signals: leaving school, child labour"),
}
ORDER = tuple(TITLES)
WORDS: Mapping[str, Message] = {
    "total": Message("Together"),
    "source_police": Message("Police"),
    "source_school": Message("School"),
    "source_health": Message("Health service"),
    "source_institution": Message("Another institution"),
    "source_ngo": Message("Non-governmental organisation"),
    "source_family": Message("Family"),
    "source_child": Message("The child"),
    "source_citizen": Message("A citizen"),
    "source_anonymous": Message("Anonymous"),
    "source_own": Message("The centre itself"),
    "source_other": Message("Other source"),
    "age_0_5": Message("0 to 5 years"),
    "age_6_10": Message("6 to 10 years"),
    "age_11_14": Message("11 to 14 years"),
    "age_15_17": Message("15 to 17 years"),
    "age_unknown": Message("Age not known"),
    "school": Message("Leaving school or not attending"),
    "labour": Message("Child labour, begging, hazardous work"),
}


@dataclass(frozen=True, slots=True)
class FigureTable:
    """One table: `key` of TITLES; rows (key of WORDS or the catalogue, what is shown: a number, or a text that hides it)."""

    key: str
    rows: tuple[tuple[str, int | str], ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter that is over: fixed borders, so that two meetings never differ by a few days' cases."""

    from_on: date
    until_on: date

    @property
    def number(self) -> int:
        return (self.from_on.month + 2) // 3


def last_quarter(on: date) -> Quarter:
    """The last calendar quarter that was over before this day."""
    first = date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)
    until = first - timedelta(days=1)
    return Quarter(date(until.year, until.month - 2, 1), until)


Provider = Callable[[Session, UUID, Quarter], list[FigureTable]]
_provider: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Register who counts (once, at start-up)."""
    _provider[:] = [provider]
    return provider


def count(session: Session, municipality_id: UUID, quarter: Quarter) -> list[FigureTable]:
    """The tables of a quarter, nothing of a single child in them; none when nobody counts."""
    return _provider[0](session, municipality_id, quarter) if _provider else []


def stored(quarter: Quarter, tables: list[FigureTable]) -> dict[str, Any]:
    """As the meeting keeps them."""
    return {
        "from": quarter.from_on.isoformat(),
        "until": quarter.until_on.isoformat(),
        "tables": [
            {"key": one.key, "rows": [list(row) for row in one.rows], "note": one.note} for one in tables
        ],
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept table in words: title, rows (label, figure), note."""

    key: str
    title: Message
    rows: tuple[tuple[Message, int | str], ...]
    note: str


def shown(kept: Mapping[str, Any] | None) -> tuple[Quarter, list[Shown]] | None:
    """What a meeting keeps, for the page and the paper."""
    if not kept:
        return None
    quarter = Quarter(date.fromisoformat(kept["from"]), date.fromisoformat(kept["until"]))
    tables = [
        Shown(
            one["key"],
            TITLES[one["key"]],
            tuple((word(key), figure) for key, figure in one["rows"]),
            one.get("note", ""),
        )
        for one in kept["tables"]
    ]
    return quarter, tables


def word(key: str) -> Message:
    """The words of a row: ours, or the catalogue's label."""
    return WORDS[key] if key in WORDS else Message("%(label)s", label=Label(key))
