"""The counts a report prints, as cells of tables, and what is known of them: pure.

A `Cell` has one name wherever it is printed, so the margin of one table and the cell of another are the same unknown.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

MOST_DIMENSIONS = 2


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """How many of a population in a period carry these categories: `("treated", "2026", (("age", "6-9"),))`."""

    population: str
    period: str
    at: tuple[tuple[str, str], ...] = ()

    def narrowed(self, dimension: str, category: str) -> "Cell":
        return Cell(self.population, self.period, tuple(sorted((*self.at, (dimension, category)))))

    @property
    def name(self) -> str:
        return "|".join([self.population, self.period, *(f"{key}={value}" for key, value in self.at)])

    @classmethod
    def named(cls, name: str) -> "Cell":
        """The cell of a stored name. ValueError for a name that is none."""
        population, period, *at = name.split("|")
        pairs = [pair.split("=", 1) for pair in at]
        return cls(population, period, tuple((key, value) for key, value in pairs))


@dataclass(frozen=True, slots=True)
class Dimension:
    """One way of dividing a population. `several`: one case may carry several categories (kinds of risk)."""

    name: str
    categories: tuple[str, ...]
    several: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A population of a period divided by none, one or two dimensions, with all its margins."""

    key: str
    population: str
    period: str
    counts: Mapping[Cell, int]
    dimensions: tuple[Dimension, ...] = ()
    of_children: bool = True
    """False where no unit is a child, a case or a paper of one: general meetings. Nothing is hidden there."""

    def __post_init__(self) -> None:
        if len(self.dimensions) > MOST_DIMENSIONS:
            raise ValueError(f"table {self.key}: more than two dimensions")

    @property
    def shape(self) -> "Table":
        """The table without its counts."""
        return replace(self, counts={})

    def stored(self) -> dict[str, Any]:
        """The shape for a JSON column."""
        return {
            "key": self.key,
            "population": self.population,
            "period": self.period,
            "of_children": self.of_children,
            "dimensions": [[one.name, list(one.categories), one.several] for one in self.dimensions],
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Table":
        """The shape back from `stored()`."""
        dimensions = tuple(
            Dimension(name, tuple(keys), several) for name, keys, several in stored["dimensions"]
        )
        return cls(
            stored["key"], stored["population"], stored["period"], {}, dimensions, stored["of_children"]
        )

    @property
    def total(self) -> Cell:
        return Cell(self.population, self.period)

    def cells(self) -> Iterator[Cell]:
        """Total, margins, inner cells, in the order of printing."""
        yield self.total
        for dimension in self.dimensions:
            for category in dimension.categories:
                yield self.total.narrowed(dimension.name, category)
        if len(self.dimensions) == MOST_DIMENSIONS:
            first, second = self.dimensions
            for one, other in product(first.categories, second.categories):
                yield self.total.narrowed(first.name, one).narrowed(second.name, other)

    def divisions(self) -> Iterator[tuple[Cell, list[Cell], bool]]:
        """Each whole with its parts along one dimension, and whether one unit may be in several parts."""
        wholes = {dimension.name: [self.total] for dimension in self.dimensions}
        if len(self.dimensions) == MOST_DIMENSIONS:
            first, second = self.dimensions
            wholes[first.name] += [self.total.narrowed(second.name, name) for name in second.categories]
            wholes[second.name] += [self.total.narrowed(first.name, name) for name in first.categories]
        for dimension in self.dimensions:
            for whole in wholes[dimension.name]:
                parts = [whole.narrowed(dimension.name, category) for category in dimension.categories]
                yield whole, parts, dimension.several


@dataclass(frozen=True, slots=True)
class Sum:
    """Something everybody knows: the whole is the sum of the parts (a year of its quarters, treated = closed + open)."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """What was printed once: each cell with its figure, or None where it is hidden. Earlier ones cannot be taken back.

    `truth` are the counts on the day of printing: needed to judge later releases, never shown. `shapes` say which sums
    the printed tables give (tables without counts).
    """

    copy: str
    printed: Mapping[Cell, int | None]
    truth: Mapping[Cell, int] = field(default_factory=dict)
    shapes: tuple[Table, ...] = ()

    @property
    def hidden(self) -> frozenset[Cell]:
        return frozenset(cell for cell, value in self.printed.items() if value is None)

    def stored(self) -> dict[str, Any]:
        """For a JSON column."""
        return {
            "copy": self.copy,
            "printed": {cell.name: value for cell, value in sorted(self.printed.items())},
            "truth": {cell.name: value for cell, value in sorted(self.truth.items())},
            "shapes": [shape.stored() for shape in self.shapes],
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Release":
        """Back from `stored()`. KeyError or ValueError for anything else."""
        return cls(
            copy=stored["copy"],
            printed={Cell.named(name): value for name, value in stored["printed"].items()},
            truth={Cell.named(name): value for name, value in stored["truth"].items()},
            shapes=tuple(Table.read(shape) for shape in stored["shapes"]),
        )
