"""How the reports divide what they count: bands, categories and the SQL that finds them, the same for a quarter and a year."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Values,
    case,
    column,
    func,
    literal,
    values,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from tmr_app.cases.words import SOURCE_TEXTS
from tmr_app.kernel.db import Instant
from tmr_app.oversight.disclosure_cells import Dimension
from tmr_app.regulation.catalogue import RISK_KINDS, SEATS
from tmr_app.regulation.days import civil_instant

UNKNOWN = "unknown"
AGE_BANDS: tuple[tuple[str, int], ...] = (("0-5", 5), ("6-10", 10), ("11-14", 14), ("15-17", 17))
"""Up to and with this age; the year of birth is all that is kept in clear, so age is the year's less the birth's."""
DURATIONS: tuple[tuple[str, int], ...] = (("to_90", 90), ("to_180", 180), ("to_365", 365))
LEVELS = ("low", "medium", "high")
GENDERS = ("female", "male")
SOURCES = tuple(SOURCE_TEXTS)
SECTORS = (
    "street",
    "housework",
    "agriculture",
    "forestry",
    "building",
    "recycling",
    "quarrying",
    "illicit",
    "other_sector",
)
"""The guide's sectors of hazardous work (form E-3)."""

AGE = Dimension("age", (*(name for name, _ in AGE_BANDS), "18+", UNKNOWN))
GENDER = Dimension("gender", (*GENDERS, UNKNOWN))
RISK = Dimension("risk", tuple(kind.key for kind in RISK_KINDS), several=True)
SOURCE = Dimension("source", SOURCES)
LEVEL_START = Dimension("level_start", (*LEVELS, UNKNOWN))
LEVEL_END = Dimension("level_end", (*LEVELS, UNKNOWN))
FLAG = Dimension("status", ("asylum_seeker", "stateless", "refugee", "migrant"), several=True)
GROUND = Dimension("ground", ("out_of_danger", "of_age", "moved_within", "moved_abroad", "death", UNKNOWN))
DURATION = Dimension("duration", (*(name for name, _ in DURATIONS), "over_365"))
PURPOSE = Dimension("purpose", ("first", "review", "reassessment", "extraordinary", "closing"))
NOTICE = Dimension("notice", ("in_time", "late", "shorter"))
SEAT = Dimension("seat", tuple(seat.key for seat in SEATS))
FILED = Dimension("filed", ("in_time", "late", "missing", "open"))
ATTENDANCE = Dimension("attendance", ("present", "substitute", "absent_with_reason", "absent", "not_noted"))
PLAN = Dimension("plan", ("first", "updated"))
REVIEWED = Dimension("reviewed", ("in_time", "late", "missing"))
ACTION = Dimension("action", ("in_process", "done", "not_done"))
SECTOR = Dimension("sector", (*SECTORS, UNKNOWN))


class days_between(GenericFunction[int]):
    """The days from the first civil date to the second."""

    type = Integer()
    inherit_cache = True


@compiles(days_between, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **more: Any) -> str:
    first, second = (compiler.process(one, **more) for one in element.clauses)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(days_between)
def _days(element: Any, compiler: Any, **more: Any) -> str:
    first, second = (compiler.process(one, **more) for one in element.clauses)
    return f"({second} - {first})"


def banded(value: Any, bands: tuple[tuple[str, int], ...], over: str) -> ColumnElement[str]:
    """The band of a number, each up to and with its bound; unknown without one."""
    known = [(value <= bound, name) for name, bound in bands]
    return case((value.is_(None), UNKNOWN), *known, else_=over)


def age_band(birth_year: Any, year: int) -> ColumnElement[str]:
    return banded(literal(year) - birth_year, AGE_BANDS, "18+")


def one_of(value: Any, dimension: Dimension) -> ColumnElement[str]:
    """The category, or the dimension's last one for anything else stored."""
    return case((value.in_(dimension.categories), value), else_=dimension.categories[-1])


def ends_of(first_on: date, last_on: date) -> tuple[datetime, datetime]:
    """The instants at which a span of civil dates begins and ends."""
    start = civil_instant(first_on, time(0))
    return start, civil_instant(last_on + timedelta(days=1), time(0))


def notice_limits(first_on: date, last_on: date, leads: Mapping[int, object]) -> CTE:
    """For each day of the span and each notice in use: the instant before which an invitation had to be out (A8.3)."""
    days = [first_on + timedelta(days=number) for number in range((last_on - first_on).days + 1)]
    rows = [
        (day, lead, civil_instant(day - timedelta(days=lead - 1), time(0))) for day in days for lead in leads
    ]
    table: Values = values(
        column("held_on", Date), column("lead", Integer), column("limit_at", Instant), name="limits"
    ).data(rows)
    return table.cte("limits")


def share(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many rows of a group meet the condition."""
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
