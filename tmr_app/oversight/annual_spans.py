"""The civil dates and the cases a report counts, and how grouped rows become a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_

from tmr_app.cases.models import Case
from tmr_app.meetings.models import Meeting
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.disclosure_cells import Dimension, Table


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

    @property
    def here(self) -> list[ColumnElement[bool]]:
        """Only this municipality's cases."""
        return [] if self.municipality_id is None else [Case.municipality_id == self.municipality_id]

    @property
    def treated(self) -> ColumnElement[bool]:
        still = or_(Case.closed_on.is_(None), Case.closed_on >= self.first_on)
        return and_(Case.referred_on <= self.last_on, still, *self.here)

    @property
    def referred(self) -> ColumnElement[bool]:
        return and_(Case.referred_on.between(self.first_on, self.last_on), *self.here)

    @property
    def closed(self) -> ColumnElement[bool]:
        # A transfer closes nothing: the case goes on under another municipality.
        return and_(Case.closed_on.between(self.first_on, self.last_on), self.treated)

    @property
    def carried(self) -> ColumnElement[bool]:
        return and_(self.treated, Case.referred_on < self.first_on)

    @property
    def held(self) -> ColumnElement[bool]:
        return and_(
            Meeting.status == "held", Meeting.meeting_on.between(self.first_on, self.last_on), *self.here
        )


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
