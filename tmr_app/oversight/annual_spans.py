"""The civil dates and the cases a report counts, and how grouped rows become a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, case, false, literal, or_

from tmr_app.cases.models import Case
from tmr_app.meetings.models import Meeting
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.disclosure_cells import Dimension, Table
from tmr_app.oversight.stays import Stays, stays_in


@dataclass(frozen=True)
class Span:
    """The civil dates counted, both included, and whose cases. `today` decides what is still open."""

    municipality_id: UUID | None
    first_on: date
    last_on: date
    now: datetime
    period: str

    @classmethod
    def of_year(cls, municipality_id: UUID | None, year: int, now: datetime) -> "Span":
        return cls(municipality_id, date(year, 1, 1), date(year, 12, 31), now, str(year))

    @classmethod
    def of_quarter(cls, municipality_id: UUID | None, year: int, number: int, now: datetime) -> "Span":
        first = date(year, 3 * number - 2, 1)
        last = date(year, 3 * number, 31 if number in (1, 4) else 30)
        return cls(municipality_id, first, last, now, f"{year}-Q{number}")

    @cached_property
    def instants(self) -> tuple[datetime, datetime]:
        return columns.ends_of(self.first_on, self.last_on)

    @cached_property
    def stays(self) -> Stays | None:
        """The cases' stays in this municipality; None for the whole country, where each case counts once."""
        return None if self.municipality_id is None else stays_in(self.municipality_id)

    @property
    def here(self) -> list[ColumnElement[bool]]:
        """Only cases that are or were this municipality's."""
        return [] if self.stays is None else [self.stays.link]

    @property
    def correlated(self) -> list[Any]:
        """The tables that a subquery using these expressions takes from outside."""
        return [Case] if self.stays is None else [Case, self.stays.rows]

    @property
    def until(self) -> ColumnElement[Any]:
        """The last day that counts for a case: the span's, or the earlier one on which it moved away."""
        last = literal(self.last_on, Date)
        if self.stays is None:
            return last
        return case((self.stays.rows.c.until_on < last, self.stays.rows.c.until_on), else_=last)

    def done_on(self, day: Any) -> ColumnElement[bool]:
        """What was done on this civil date: within the span, and by this municipality's Table."""
        during = [] if self.stays is None else [self.stays.on(day)]
        return and_(day.between(self.first_on, self.last_on), *during, *self.here)

    @property
    def begun_on(self) -> ColumnElement[Any]:
        """Referred, or taken over from another municipality."""
        return self.stays.begun_on if self.stays is not None else Case.referred_on.expression

    @property
    def ended_on(self) -> ColumnElement[Any]:
        return self.stays.ended_on if self.stays is not None else Case.closed_on.expression

    @property
    def ground(self) -> ColumnElement[Any]:
        return self.stays.ground if self.stays is not None else Case.closing_ground.expression

    @property
    def taken_over(self) -> ColumnElement[bool]:
        return self.stays.taken_over if self.stays is not None else false()

    @property
    def treated(self) -> ColumnElement[bool]:
        still = or_(self.ended_on.is_(None), self.ended_on >= self.first_on)
        return and_(self.begun_on <= self.last_on, still, *self.here)

    @property
    def referred(self) -> ColumnElement[bool]:
        return and_(self.begun_on.between(self.first_on, self.last_on), *self.here)

    @property
    def closed(self) -> ColumnElement[bool]:
        return and_(self.ended_on.between(self.first_on, self.last_on), self.treated)

    @property
    def carried(self) -> ColumnElement[bool]:
        return and_(self.treated, self.begun_on < self.first_on)

    @property
    def held(self) -> ColumnElement[bool]:
        return and_(Meeting.status == "held", self.done_on(Meeting.meeting_on))


def table_of(
    key: str,
    population: str,
    period: str,
    dimensions: Sequence[Dimension],
    rows: Iterable[Sequence[Any]],
    total: int | None = None,
    of_children: bool = True,
) -> Table:
    """A table from grouped rows (category, ..., count). `total`: where one unit may be in several categories."""
    made = Table(key, population, period, {}, tuple(dimensions), of_children)
    counts = dict.fromkeys(made.cells(), 0)
    for *categories, count in rows:
        inner = made.total
        wholes = [made.total]
        for dimension, category in zip(dimensions, categories, strict=True):
            wholes.append(made.total.narrowed(dimension.name, category))
            inner = inner.narrowed(dimension.name, category)
        for cell in {*wholes, inner}:
            counts[cell] += int(count)
    if total is not None:
        counts[made.total] = total
    return Table(key, population, period, counts, tuple(dimensions), of_children)
