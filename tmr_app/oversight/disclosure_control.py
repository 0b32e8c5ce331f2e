"""No child identifiable (A5.1.6 with A18.1): what of the counts is printed, in two copies. Pure.

- *Municipality copy*: counts of 1 to 4 are hidden, and as many others as it takes that no hidden one can be bounded
  closer than `GAP`, given everything printed: totals, the quarterly figures, last year's report. Zero is shown.
- *Public copy*: made from the municipality copy, so that it adds nothing to it. Below 10 hidden, the rest rounded to 5;
  the same margin is rounded alike wherever it stands. Parts need not add up to a rounded total.
- Fewer than 10 cases: totals only, no division of any kind.
- A second release of the same period replaces the figures of a population only when no printed figure changes by a
  hidden amount; else the figures printed before stay (one added case never shows as one changed cell).

One mark for everything hidden: it does not tell whether the count itself is small or only protects another.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tmr_app.oversight.disclosure_cells import MOST_DIMENSIONS, Cell, Release, Sum, Table
from tmr_app.oversight.disclosure_worlds import NO_LIMIT, Unknowns, gap

GAP = 3
SMALL_MUNICIPALITY = 10
"""With fewer cases than this in the period only totals are printed."""

MUNICIPALITY = "municipality"
PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Rule:
    """One copy's rule: hide below this, round to that, whether zero is printed."""

    copy: str
    hide_below: int
    base: int
    shows_zero: bool

    def hides(self, value: int) -> bool:
        return value < self.hide_below and not (value == 0 and self.shows_zero)

    def shown(self, value: int) -> int:
        return self.base * ((2 * value + self.base) // (2 * self.base))

    @property
    def unknown(self) -> tuple[int, int]:
        """What a reader knows of a hidden count."""
        return (1 if self.shows_zero else 0), NO_LIMIT

    def known(self, value: int) -> tuple[int, int]:
        """What a reader knows of a count from its printed figure."""
        if self.base == 1:
            return value, value
        figure = self.shown(value)
        return max(self.hide_below, figure - self.base // 2), figure + self.base // 2


RULES = {
    MUNICIPALITY: Rule(MUNICIPALITY, hide_below=5, base=1, shows_zero=True),
    PUBLIC: Rule(PUBLIC, hide_below=10, base=5, shows_zero=False),
}


class Unprotectable(Exception):
    """No choice of cells protects these counts: fewer divisions must be printed."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        super().__init__(", ".join(cell.name for cell in cells))
        self.cells = tuple(cells)


def only_totals(tables: Iterable[Table]) -> list[Table]:
    """The same tables without any division: what a municipality of few cases prints."""
    return [
        table
        if not table.of_children
        else Table(table.key, table.population, table.period, {table.total: table.counts[table.total]})
        for table in tables
    ]


def municipality_copy(
    tables: Sequence[Table], *, sums: Sequence[Sum] = (), earlier: Sequence[Release] = ()
) -> Release:
    """The figures for the municipality. `earlier`: every release that can be set beside this one.

    Where no choice of cells protects everything, whole divisions are left out: first crossed ones, then all.
    """
    return _first_that_protects(RULES[MUNICIPALITY], tables, sums, earlier, frozenset())


def public_copy(
    tables: Sequence[Table],
    municipality: Release,
    *,
    sums: Sequence[Sum] = (),
    earlier: Sequence[Release] = (),
) -> Release:
    """The figures for everybody. What the municipality copy hides stays hidden; `earlier`: public releases only."""
    return _first_that_protects(RULES[PUBLIC], tables, sums, earlier, municipality.hidden)


def national_copy(
    tables: Sequence[Table], *, sums: Sequence[Sum] = (), earlier: Sequence[Release] = ()
) -> Release:
    """The country's figures by the public rule, beside the municipalities' copies (`earlier`, each by its own rule)."""
    return _first_that_protects(RULES[PUBLIC], tables, sums, earlier, frozenset())


def _first_that_protects(
    rule: Rule,
    tables: Sequence[Table],
    sums: Sequence[Sum],
    earlier: Sequence[Release],
    hidden: frozenset[Cell],
) -> Release:
    for fewer in (list(tables), _not_crossed(tables), only_totals(tables)):
        try:
            return _Copy(rule, fewer, sums, earlier, hidden).release()
        except Unprotectable:
            continue
    totals = only_totals(tables)
    truth = {table.total: table.counts[table.total] for table in totals}
    shown = {table.total for table in totals if not table.of_children}
    printed = {cell: value if cell in shown else None for cell, value in truth.items()}
    return Release(rule.copy, printed, truth, tuple(table.shape for table in totals))


def _not_crossed(tables: Iterable[Table]) -> list[Table]:
    """Each crossed table as its first division alone."""
    return [
        table
        if not table.of_children or len(table.dimensions) < MOST_DIMENSIONS
        else Table(table.key, table.population, table.period, table.counts, table.dimensions[:1])
        for table in tables
    ]


def second_release(new: Release, before: Release) -> Release:
    """The figures to print when a period is printed again: the new ones only where no small change shows.

    All or nothing, because tables share their margins: one cell that moves by a hidden amount keeps all figures as they
    were printed. `new` must have been made with `before` among its earlier releases.
    """
    smallest = RULES[new.copy].hide_below
    changes = [abs(value - before.truth[cell]) for cell, value in new.truth.items() if cell in before.truth]
    if any(0 < change < smallest for change in changes) or not any(changes):
        return before
    return new


class _Copy:
    """One copy in the making: what is hidden so far, and the system of sums a reader may use."""

    def __init__(
        self,
        rule: Rule,
        tables: Sequence[Table],
        sums: Sequence[Sum],
        earlier: Sequence[Release],
        hidden: frozenset[Cell],
    ) -> None:
        self.rule = rule
        self.tables = tables
        self.truth = {cell: table.counts[cell] for table in tables for cell in table.cells()}
        self.free = {
            cell for table in tables if not table.of_children for cell in table.cells()
        }  # no child in them: printed as they are
        self.earlier = earlier
        hidden |= self._hidden_before()
        self.hidden = {
            cell
            for cell, value in self.truth.items()
            if cell not in self.free and (cell in hidden or rule.hides(value))
        }
        self.unknowns = self._system(sums)
        self.sensitive = self._not_printed()
        self.given_away = self._given_away()

    def release(self) -> Release:
        self._protect()
        printed = {
            cell: None if cell in self.hidden else self._figure(cell, value)
            for cell, value in self.truth.items()
        }
        shapes = tuple(table.shape for table in self.tables)
        return Release(self.rule.copy, printed, dict(self.truth), shapes)

    def _figure(self, cell: Cell, value: int) -> int:
        return value if cell in self.free else self.rule.shown(value)

    def _protect(self) -> None:
        """Hide more until every hidden count has its gap. What is proven stays proven: hiding only adds worlds."""
        open_cells = sorted(self.hidden | self.sensitive | self.hidden_earlier)
        while open_cells:
            before = len(self.hidden)
            open_cells = self._round(open_cells)
            if open_cells and len(self.hidden) == before:
                raise Unprotectable(open_cells)

    def _round(self, waiting: list[Cell]) -> list[Cell]:
        """One companion at a time, each companion before its cell again: a block closes before a line is emptied.

        What is left has no companion; it may be proven once more is hidden.
        """
        left = []
        while waiting:
            cell = waiting.pop(0)
            if self._gap(cell) >= GAP:
                continue
            other = self._companion(cell)
            if other is None:
                left.append(cell)
                continue
            self._hide(other)
            waiting += [other, cell]
        return left

    def _hidden_before(self) -> frozenset[Cell]:
        """Counts that an earlier release hid and that are the same today: hidden again, or the two give it away."""
        return frozenset(
            cell
            for release in self.earlier
            for cell in release.hidden
            if self.truth.get(cell) == release.truth[cell]
        )

    def _gap(self, cell: Cell) -> int:
        return gap(self.unknowns, cell, GAP)[0]

    def _hide(self, cell: Cell) -> None:
        self.hidden.add(cell)
        self.unknowns.know(cell, *self._hidden_range())

    def _hidden_range(self) -> tuple[int, int]:
        return self.rule.unknown

    def _companion(self, cell: Cell) -> Cell | None:
        """What to hide beside it: the smallest that is enough alone, else the smallest; totals last."""
        fit = []
        for other in self._candidates(cell):
            place = self.unknowns.index[other]
            known = self.unknowns.low[place], self.unknowns.high[place]
            self.unknowns.know(other, *self._hidden_range())
            enough, stays_hidden = self._gap(cell) >= GAP, self._gap(other) >= GAP
            self.unknowns.know(other, *known)
            if enough and stays_hidden:
                return other
            fit.append((not stays_hidden, other))
        return min(fit, key=lambda pair: pair[0])[1] if fit else None

    def _candidates(self, cell: Cell) -> list[Cell]:
        """Printed counts that stand in one sum with it, or one sum further; none that is zero and shown as such."""
        near = self._beside({self.unknowns.index[cell]})
        if not self._may_hide(near):
            near = self._beside(near)
        names = self._may_hide(near)
        return sorted(names, key=lambda one: (-len(one.at), self.truth[one], one))

    def _beside(self, places: set[int]) -> set[int]:
        return {
            other
            for place in places
            for number in self.unknowns.of[place]
            for other, _ in self.unknowns.equations[number]
        }

    def _may_hide(self, places: set[int]) -> list[Cell]:
        return [
            name
            for name, place in self.unknowns.index.items()
            if place in places
            and isinstance(name, Cell)
            and name in self.truth
            and name not in self.hidden | self.free | self.frozen | self.given_away
            and (self.truth[name] > 0 or not self.rule.shows_zero)
        ]

    def _given_away(self) -> frozenset[Cell]:
        """Counts that earlier releases bound even when nothing is printed here: hiding them would help nobody."""
        if not self.earlier:
            return frozenset()
        fixed = self.free | self.frozen
        own = [
            cell
            for cell, value in self.truth.items()
            if cell not in fixed and (value or not self.rule.shows_zero)
        ]
        places = [self.unknowns.index[cell] for cell in own]
        known = [(self.unknowns.low[place], self.unknowns.high[place]) for place in places]
        for cell in own:
            self.unknowns.know(cell, *self._hidden_range())
        found = frozenset(cell for cell in own if self._gap(cell) < GAP)
        for cell, (low, high) in zip(own, known, strict=True):
            self.unknowns.know(cell, low, high)
        return found

    def _system(self, sums: Sequence[Sum]) -> Unknowns:
        """Every sum a reader may use: margins of the tables, what everybody knows, and the figures of before."""
        unknowns = Unknowns()
        past = {cell: value for release in self.earlier for cell, value in release.truth.items()}
        known = {cell: value for release in self.earlier for cell, value in release.printed.items()}
        rules = {cell: RULES[release.copy] for release in self.earlier for cell in release.printed}
        truth = {**past, **self.truth}
        self.frozen = {
            cell for cell, value in known.items() if value is not None and truth[cell] == past[cell]
        }
        self.hidden_earlier = {
            cell for cell, value in known.items() if value is None and cell not in self.truth
        }
        for cell, value in truth.items():
            unknowns.add(cell, value)
            if cell in self.truth:
                self._know(unknowns, cell, value)
            if cell in known:
                self._know_before(unknowns, cell, known[cell], past[cell], rules[cell])
        shapes = [shape for release in self.earlier for shape in release.shapes] + list(self.tables)
        divisions = {
            (whole, tuple(parts), several) for shape in shapes for whole, parts, several in shape.divisions()
        }
        for number, division in enumerate(sorted(divisions)):
            _tie_division(unknowns, number, *division)
        for one in sums:
            _tie_sum(unknowns, one)
        return unknowns

    def _know(self, unknowns: Unknowns, cell: Cell, value: int) -> None:
        if cell in self.free:
            unknowns.know(cell, value, value)
        elif cell in self.hidden:
            unknowns.know(cell, *self._hidden_range())
        else:
            unknowns.know(cell, *self.rule.known(value))

    def _know_before(
        self, unknowns: Unknowns, cell: Cell, printed: int | None, truth: int, rule: Rule
    ) -> None:
        """An earlier figure: known as printed then. A count that changed since is no longer the same unknown."""
        place = unknowns.index[cell]
        if printed is None or unknowns.value[place] != truth:
            if cell not in self.truth:
                unknowns.know(cell, *rule.unknown)
            return
        low, high = rule.known(truth)
        unknowns.know(cell, max(low, unknowns.low[place]), min(high, unknowns.high[place]))

    def _not_printed(self) -> set[Cell]:
        """Counts nobody prints but sums give away (carried over by age): the small ones must stay uncertain too."""
        printed = self.truth.keys() | {cell for release in self.earlier for cell in release.printed}
        return {
            name
            for name, place in self.unknowns.index.items()
            if isinstance(name, Cell)
            and name not in printed
            and 0 < self.unknowns.value[place] < RULES[MUNICIPALITY].hide_below
        }


def _tie_division(unknowns: Unknowns, number: int, whole: Cell, parts: Sequence[Cell], several: bool) -> None:
    if not several:
        unknowns.tie([(whole, 1), *((part, -1) for part in parts)])
        return
    # Each case carries at least one of the kinds and perhaps more: parts overlap by an amount nobody prints.
    values = {part: unknowns.value[unknowns.index[part]] for part in (whole, *parts)}
    overlap = f"overlap {number}"
    unknowns.add(overlap, sum(values[part] for part in parts) - values[whole])
    unknowns.know(overlap, min(0, unknowns.value[unknowns.index[overlap]]), NO_LIMIT)
    unknowns.tie([(whole, 1), (overlap, 1), *((part, -1) for part in parts)])
    for part in parts:
        rest = f"rest {number} {part.name}"
        unknowns.add(rest, values[whole] - values[part])
        unknowns.tie([(whole, 1), (part, -1), (rest, -1)])


def _tie_sum(unknowns: Unknowns, one: Sum) -> None:
    """A sum over what is printed somewhere; a part nobody has counted stands for what is left."""
    missing = [cell for cell in (one.whole, *one.parts) if cell not in unknowns.index]
    if one.whole in missing or len(missing) > 1:
        return
    known = sum(unknowns.value[unknowns.index[part]] for part in one.parts if part not in missing)
    for cell in missing:
        unknowns.add(cell, unknowns.value[unknowns.index[one.whole]] - known)
    unknowns.tie([(one.whole, 1), *((part, -1) for part in one.parts)])
