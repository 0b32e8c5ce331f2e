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
    "referrals": Message("Children referred in the quarter"),
    "ages": Message("Age of the children referred"),
    "risks": Message("Kinds of risk of the children referred"),
    "late_actions": Message("Actions of plans past their date, by kind of institution"),
    "signals": Message("Signals: school and child labour"),
}
WORDS: Mapping[str, Message] = {
    "total": Message("Together"),
    "age:0-5": Message("0 to 5 years"),
    "age:6-10": Message("6 to 10 years"),
    "age:11-14": Message("11 to 14 years"),
    "age:15-17": Message("15 to 17 years"),
    "age:18+": Message("18 years and over"),
    "age:unknown": Message("Age not known"),
    "school": Message("Children with a medium or high risk in education"),
    "labour": Message("Children in hazardous forms of work"),
}
NOTES: Mapping[str, Message] = {
    "few": Message("Fewer than ten children: totals only, so that none can be recognised."),
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


@dataclass(frozen=True, slots=True)
class Counted:
    """What may be shown, and what the provider needs to know of it when it counts again (kept sealed, never shown)."""

    tables: list[FigureTable]
    release: dict[str, Any] | None = None


Provider = Callable[[Session, UUID, Quarter], Counted]
_provider: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Register who counts (once, at start-up)."""
    _provider[:] = [provider]
    return provider


def count(session: Session, municipality_id: UUID, quarter: Quarter) -> Counted:
    """The tables of a quarter, nothing of a single child in them; none when nobody counts."""
    return _provider[0](session, municipality_id, quarter) if _provider else Counted([])


def stored(quarter: Quarter, counted: Counted) -> dict[str, Any]:
    """As the meeting keeps them."""
    return {
        "release": counted.release,
        "from": quarter.from_on.isoformat(),
        "until": quarter.until_on.isoformat(),
        "tables": [
            {"key": one.key, "rows": [list(row) for row in one.rows], "note": one.note}
            for one in counted.tables
        ],
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept table in words: title, rows (label, figure), note."""

    key: str
    title: Message
    rows: tuple[tuple[Message, int | str], ...]
    note: Message | None


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
            NOTES.get(one.get("note", "")),
        )
        for one in kept["tables"]
    ]
    return quarter, tables


def word(key: str) -> Message:
    """The words of a row: ours, or the catalogue's label of what stands behind the dimension's name."""
    if key in WORDS:
        return WORDS[key]
    return Message("%(label)s", label=Label(key.split(":", 1)[-1]))
