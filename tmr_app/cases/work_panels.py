"""What waits for one person beyond the lists "my work" keeps itself: sections that rooms register, so that each shows its own.

Registered once at start-up; `oversight.my_work` asks them, so that this room imports nothing from above.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Boolean,
    Date,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    null,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.ready import Ready
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its duty, what it is about (a code or a case number), until when, and the page where it is done."""

    duty: str
    about: str
    due_on: date | None
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    kind: str = ""


class Asking(NamedTuple):
    """For whom the page is made: `headed` are the Centres this person heads today; `now` an instant in UTC.

    `offices`: the words of the offices that run today (`access.standing.Office`), None where nobody has looked.
    """

    person_id: UUID
    now: datetime
    headed: Sequence[UUID] = ()
    offices: frozenset[str] | None = None

    def holds(self, *names: str) -> bool:
        """Whether one of these offices may be this person's: a source for other offices asks the database nothing."""
        return self.offices is None or bool(self.offices & set(names))

    def values(self) -> dict[str, Any]:
        """The values of `PERSON`, `NOW`, `TODAY` and `HEADED`, and of `day_after`."""
        today = civil_date(self.now)
        ahead = {f"today_{days}": today + timedelta(days) for days in _ahead}
        return {
            "person_id": self.person_id,
            "now": self.now,
            "today": today,
            "headed": list(self.headed),
            **ahead,
        }


PERSON: BindParameter[Any] = bindparam("person_id")
NOW: BindParameter[Any] = bindparam("now")
TODAY: BindParameter[Any] = bindparam("today")
HEADED: BindParameter[Any] = bindparam("headed", expanding=True)
"""Of whoever asks: what waits is asked with statements that are built once."""
_ahead: set[int] = set()


def day_after(days: int) -> BindParameter[Any]:
    """The civil date so many days after today."""
    _ahead.add(days)
    return bindparam(f"today_{days}")


class Waiting(NamedTuple):
    """One row of what waits: whose (a case, or `place_id`), which thing, its name and day.

    `word` and `settled` are the source's own.
    """

    case_id: UUID | None
    place_id: UUID | None
    thing_id: UUID | None
    about: str
    due_on: date | None
    word: str | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A list of tasks under one heading. `deed` is the words of the link, `about_head` the first column's heading."""

    id: str
    heading: Message
    deed: Message
    about_head: Message
    tasks: list[Task]
    position: int = 50


Source = Callable[[Session, Asking], Section | None]
Shown = Callable[[Sequence[Waiting], Asking], Section | None]

LIMIT = 25
"""A source lists at most so many tasks, in one statement: the page costs the same for two cases and for two thousand."""

_sources: list[Source] = []
_asked: dict[str, tuple[Select[Any], Callable[[Asking], bool], Shown]] = {}


def waits(
    *,
    about: Any,
    order_by: Sequence[Any],
    case_id: Any = None,
    place_id: Any = None,
    thing_id: Any = None,
    due_on: Any = None,
    word: Any = None,
    settled: Any = None,
) -> Select[Any]:
    """What waits, as the columns of `Waiting`, the first `LIMIT` in this order: joins and conditions follow."""
    columns: dict[str, Any] = {
        "case_id": _as(case_id, Uuid()),
        "place_id": _as(place_id, Uuid()),
        "thing_id": _as(thing_id, Uuid()),
        "about": cast(about, String),
        "due_on": _as(due_on, Date()),
        "word": _as(word, String()),
        "settled": true() if settled is None else type_coerce(settled, Boolean()),
        "place": func.row_number().over(order_by=order_by),
    }
    named = [column.label(name) for name, column in columns.items()]
    return select(*named).order_by(*order_by).limit(LIMIT)


def _as(column: Any, kind: Any) -> Any:
    return cast(null(), kind) if column is None else type_coerce(column, kind)


def shows(
    statement: Select[Any], *, applies: Callable[[Asking], bool] = lambda asking: True
) -> Callable[[Shown], Shown]:
    """Register a statement of `waits` with what its rows become, and for whom it is asked: all go out as one."""

    def registered(shown: Shown) -> Shown:
        _asked[f"{shown.__module__}.{shown.__qualname__}"] = statement, applies, shown
        _one_statement.cache_clear()
        return shown

    return registered


@cache
def _one_statement(names: tuple[str, ...]) -> Ready:
    """All of these in one statement, each row with its source's number."""
    parts = [_asked[name][0].subquery() for name in names]
    return Ready(
        union_all(*(select(literal(number).label("source"), part) for number, part in enumerate(parts)))
    )


def _from_one_statement(session: Session, asking: Asking) -> list[Section | None]:
    names = tuple(name for name, (_, applies, _) in _asked.items() if applies(asking))
    if not names:
        return []
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for number, *row, place in _one_statement(names).rows(session.connection(), asking.values()):
        found[number].append((place, Waiting(*row)))
    return [
        _asked[names[number]][2]([row for _, row in sorted(rows, key=itemgetter(0))], asking)
        for number, rows in found.items()
    ]


def work_section(source: Source) -> Source:
    """Register who knows what waits for a person (also as a decorator): called as `source(session, asking)`."""
    if source not in _sources:
        _sources.append(source)
    return source


def sections(session: Session, asking: Asking) -> list[Section]:
    """The registered sections that have a task, by position. One statement, and one for each source that asks for itself."""
    asked = [*_from_one_statement(session, asking), *(source(session, asking) for source in _sources)]
    found = [section for section in asked if section and section.tasks]
    return sorted(found, key=lambda section: section.position)
