"""Many tables of some cases in one statement: a union whose columns are slots, each of one type, shared by all tables.

A case's own ledger looks into some thirty tables that hold a few rows each: thirty questions cost more than their answers.
The statement is built once for each choice of tables; only the cases and the day change.
"""

from collections import Counter, defaultdict, namedtuple
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Integer, cast, func, literal, null, select, union_all
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType, TypeEngine

from tmr_app.oversight.bundle_tables import table

Slot = tuple[str, int]
FIXED = 2
"""Before the slots: the table's name, and the row's place in the table's own order."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the sheet: what its rows are made into, and in which columns their values stand."""

    made: Any
    places: tuple[int, ...]


class Sheet:
    """The statement over some tables, and how its rows are told apart again."""

    def __init__(self, names: tuple[str, ...], narratives: bool) -> None:
        queries = {name: _numbered(table(name, narratives).query) for name in names}
        slots = {name: dict(_slots(query)) for name, query in queries.items()}
        types: dict[Slot, TypeEngine[Any]] = {}
        for name, query in queries.items():
            types |= {slot: query.c[key].type for key, slot in slots[name].items()}
        order = sorted(types)
        self.statement = union_all(
            *[_member(name, query, slots[name], order, types) for name, query in queries.items()]
        )
        self.parts = {name: _part(name, slots[name], order) for name in names}

    def read(self, session: Session, asked: Mapping[str, Any]) -> dict[str, list[Any]]:
        """The rows of each table, in its order."""
        found: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        for row in session.execute(self.statement, asked):
            part = self.parts[row[0]]
            found[row[0]].append((row[1], part.made._make([row[place] for place in part.places])))
        for rows in found.values():
            rows.sort(key=lambda pair: pair[0])
        return {name: [row for _place, row in found[name]] for name in self.parts}


@cache
def sheet(names: tuple[str, ...], narratives: bool) -> Sheet:
    """The sheet over these tables."""
    return Sheet(names, narratives)


def _numbered(query: Any) -> Any:
    """The statement with each row's place in its order as a column."""
    # SQLAlchemy has a public way to set or drop an order, none to read it; a test holds that it is the query's own.
    order = query._order_by_clauses
    place = func.row_number().over(order_by=order) if order else literal(0, Integer())
    return query.order_by(None).add_columns(place.label("place_")).subquery()


def _slots(query: Any) -> Iterator[tuple[str, Slot]]:
    """For each column the next free slot of its type."""
    taken: Counter[str] = Counter()
    for column in query.c:
        if column.key == "place_":
            continue
        kind = _kind(column.type)
        yield column.key, (kind, taken[kind])
        taken[kind] += 1


def _kind(of: TypeEngine[Any]) -> str:
    """Columns of one kind may share a slot, whatever their length. TypeError where an expression has no type."""
    if isinstance(of, NullType):
        raise TypeError("a column of the ledger's tables has no type")
    return of.__visit_name__ if of.__visit_name__ != "type_decorator" else type(of).__name__


def _member(
    name: str, query: Any, own: Mapping[str, Slot], order: list[Slot], types: Mapping[Slot, TypeEngine[Any]]
) -> Any:
    held = {slot: query.c[key] for key, slot in own.items()}
    padded = [
        (held[slot] if slot in held else cast(null(), types[slot])).label(f"{slot[0]}_{slot[1]}")
        for slot in order
    ]
    return select(literal(name).label("table_"), query.c.place_, *padded)


def _part(name: str, own: Mapping[str, Slot], order: list[Slot]) -> Part:
    at = {slot: FIXED + place for place, slot in enumerate(order)}
    return Part(namedtuple(name, list(own)), tuple(at[slot] for slot in own.values()))
