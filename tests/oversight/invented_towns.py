"""Invented municipalities: children of two years and their four quarters, and the tables a report prints of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from tmr_app.oversight.disclosure_cells import Cell, Dimension, Sum, Table

AGE = Dimension("age", ("0-5", "6-9", "10-13", "14-17", "18+"))
GENDER = Dimension("gender", ("girl", "boy"))
RISK = Dimension("risk", tuple(f"kind{number}" for number in range(1, 20)), several=True)
SOURCE = Dimension("source", ("police", "school", "health", "family", "citizen", "other"))
LEVEL = Dimension("level", ("low", "medium", "high", "none"))
GROUND = Dimension("ground", ("out", "18", "moved", "abroad", "death"))
QUARTERS = ("Q1", "Q2", "Q3", "Q4")


@dataclass(frozen=True)
class Child:
    age: str
    gender: str
    risk: tuple[str, ...]
    source: str
    level: str
    referred: str | None
    """The quarter, or None: carried over from last year."""
    ground: str | None
    """None: still open at the year's end."""


def town(random: Random, cases: int) -> list[Child]:
    return [_child(random) for _ in range(cases)]


def _child(random: Random) -> Child:
    return Child(
        age=random.choices(AGE.categories, (1, 2, 4, 5, 0.3))[0],
        gender=random.choices(GENDER.categories, (3, 2))[0],
        risk=tuple(sorted({_skewed(random, RISK.categories) for _ in range(random.choice((1, 1, 2, 3)))})),
        source=_skewed(random, SOURCE.categories),
        level=random.choice(LEVEL.categories),
        referred=random.choice((*QUARTERS, *QUARTERS, None)),
        ground=random.choice((None, None, _skewed(random, GROUND.categories))),
    )


def _skewed(random: Random, names: tuple[str, ...]) -> str:
    return names[min(int(random.expovariate(0.45)), len(names) - 1)]


def table(key: str, population: str, period: str, children: Iterable[Child], *dimensions: Dimension) -> Table:
    made = Table(key, population, period, {}, dimensions)
    counts = dict.fromkeys(made.cells(), 0)
    for child in children:
        for cell in _cells_of(child, made):
            counts[cell] += 1
    return Table(key, population, period, counts, dimensions)


def _cells_of(child: Child, made: Table) -> Iterator[Cell]:
    for cell in made.cells():
        if all(value in _values(child, name) for name, value in cell.at):
            yield cell


def _values(child: Child, name: str) -> tuple[str, ...]:
    value = getattr(child, name)
    return value if isinstance(value, tuple) else (value,)


def quarter(children: list[Child], year: str, name: str) -> list[Table]:
    referred = [child for child in children if child.referred == name]
    period = f"{year}-{name}"
    return [
        table("quarter_ages", "referred", period, referred, AGE),
        table("quarter_risks", "referred", period, referred, RISK),
    ]


def annual(children: list[Child], year: str) -> list[Table]:
    referred = [child for child in children if child.referred]
    closed = [child for child in children if child.ground]
    return [
        table("sources", "referred", year, referred, SOURCE),
        table("ages", "treated", year, children, AGE, GENDER),
        table("risks", "treated", year, children, RISK),
        table("levels", "treated", year, children, LEVEL),
        table("grounds", "closed", year, closed, GROUND),
        table("open", "open_end", year, [child for child in children if not child.ground]),
        table("start", "open_start", year, [child for child in children if not child.referred]),
    ]


def sums(year: str) -> list[Sum]:
    """What everybody knows: flows of the year, the year of its quarters, those carried over by age and by kind."""
    found = [
        Sum(Cell("treated", year), (Cell("open_start", year), Cell("referred", year))),
        Sum(Cell("treated", year), (Cell("closed", year), Cell("open_end", year))),
    ]
    quarters = [Cell("referred", f"{year}-{name}") for name in QUARTERS]
    found.append(Sum(Cell("referred", year), tuple(quarters)))
    for dimension in (AGE, RISK):
        for category in dimension.categories:
            parts = tuple(cell.narrowed(dimension.name, category) for cell in quarters)
            carried = Cell("open_start", year).narrowed(dimension.name, category)
            whole = Cell("treated", year).narrowed(dimension.name, category)
            found.append(Sum(whole, (carried, *parts)))
    return found
