"""How far a hidden count could differ and everything printed still be true: pure.

A *world* gives every count a value so that all sums hold and every printed figure stays as printed. Two worlds that
differ in a cell by three prove that nobody can bound it closer, however clever: a proof, where bounds by subtraction
only show that one attempt failed. The search may miss worlds (then more is hidden than needed), never invent one.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tmr_app.oversight.disclosure_cells import Cell

NO_LIMIT = 10**9
STEPS = 400
"""So many tries for one move, then the cell counts as not protected and more is hidden."""

Equation = tuple[tuple[int, int], ...]
"""(unknown, coefficient): the sum is zero, or the constant that the true counts give it."""


@dataclass(slots=True)
class Unknowns:
    """All counts that occur in any sum, with the true value and what a reader knows: at least, at most."""

    index: dict[Cell | str, int] = field(default_factory=dict)
    value: list[int] = field(default_factory=list)
    low: list[int] = field(default_factory=list)
    high: list[int] = field(default_factory=list)
    equations: list[Equation] = field(default_factory=list)
    of: list[list[int]] = field(default_factory=list)
    """The equations in which each unknown stands."""

    def add(self, name: Cell | str, value: int) -> int:
        """The unknown of this name; a new one is known to be at least zero."""
        if name not in self.index:
            self.index[name] = len(self.value)
            self.value.append(value)
            self.low.append(0)
            self.high.append(NO_LIMIT)
            self.of.append([])
        return self.index[name]

    def know(self, name: Cell | str, low: int, high: int) -> None:
        place = self.index[name]
        self.low[place], self.high[place] = low, high

    def tie(self, terms: Iterable[tuple[Cell | str, int]]) -> None:
        """These unknowns with their coefficients add up to what they add up to now."""
        equation = tuple((self.index[name], coefficient) for name, coefficient in terms)
        for place, _ in equation:
            self.of[place].append(len(self.equations))
        self.equations.append(equation)

    def room(self, world: list[int], place: int, sign: int) -> int:
        """How far this unknown may still move up or down."""
        return self.high[place] - world[place] if sign > 0 else world[place] - self.low[place]


def gap(unknowns: Unknowns, cell: Cell | str, wanted: int) -> tuple[int, tuple[list[int], list[int]]]:
    """A proven difference of the cell between two worlds, up to `wanted`, and the two worlds."""
    place = unknowns.index[cell]
    upper = _moved(unknowns, place, 1, wanted)
    up = upper[place] - unknowns.value[place]
    if up >= wanted:
        return up, (list(unknowns.value), upper)
    lower = _moved(unknowns, place, -1, wanted - up)
    return upper[place] - lower[place], (lower, upper)


def _moved(unknowns: Unknowns, place: int, sign: int, wanted: int) -> list[int]:
    world = list(unknowns.value)
    left = wanted
    while left > 0 and unknowns.room(world, place, sign) > 0:
        move = _Search(unknowns, world, left).move(place, sign)
        if move is None:
            break
        times = min([left, *(unknowns.room(world, one, step) for one, step in move.items())])
        for one, step in move.items():
            world[one] += times * step
        left -= times
    return world


class _Search:
    """One step by one that keeps every sum: depth first, the roomiest unknown first."""

    def __init__(self, unknowns: Unknowns, world: list[int], wanted: int) -> None:
        self.unknowns = unknowns
        self.world = world
        self.wanted = wanted
        self.steps = STEPS
        self.change: dict[int, int] = {}
        self.off: dict[int, int] = {}

    def move(self, place: int, sign: int) -> Mapping[int, int] | None:
        self._apply(place, sign)
        return dict(self.change) if self._mend() else None

    def _apply(self, place: int, sign: int) -> None:
        self.change[place] = sign
        self._shift(place, sign)

    def _undo(self, place: int) -> None:
        self._shift(place, -self.change.pop(place))

    def _shift(self, place: int, sign: int) -> None:
        for number in self.unknowns.of[place]:
            coefficient = next(c for one, c in self.unknowns.equations[number] if one == place)
            rest = self.off.get(number, 0) + sign * coefficient
            if rest:
                self.off[number] = rest
            else:
                self.off.pop(number, None)

    def _mend(self) -> bool:
        """Change unknowns until no sum is off."""
        if not self.off:
            return True
        self.steps -= 1
        if self.steps < 0:
            return False
        chosen = min((list(self._ways(number)) for number in self.off), key=len)
        for place, sign in sorted(chosen, key=self._rank):
            self._apply(place, sign)
            if self._mend():
                return True
            self._undo(place)
        return False

    def _ways(self, number: int) -> Iterator[tuple[int, int]]:
        rest = self.off[number]
        for place, coefficient in self.unknowns.equations[number]:
            sign = -1 if rest * coefficient > 0 else 1
            if place not in self.change and self.unknowns.room(self.world, place, sign) > 0:
                yield place, sign

    def _rank(self, way: tuple[int, int]) -> tuple[int, int]:
        place, sign = way
        room = min(self.unknowns.room(self.world, place, sign), self.wanted)
        return -room, len(self.unknowns.of[place])
