"""An attacker who knows every printed figure and every sum, and nothing else: bounds each hidden count.

Written apart from the product: own sums, own arithmetic. Subtraction along every sum until nothing narrows, and along every
combination of sums that elimination finds.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from tmr_app.oversight.disclosure_cells import Cell, Sum, Table

Bounds = dict[str, tuple[float, float]]
Row = dict[str, Fraction]
FAR = float("inf")


def bounds(printed: dict[Cell, tuple[float, float]], tables: Iterable[Table], sums: Sequence[Sum]) -> Bounds:
    """The narrowest interval found for each count. `printed`: at least and at most, from the paper alone."""
    known: Bounds = {cell.name: interval for cell, interval in printed.items()}
    rows = [_row(one.whole, one.parts) for one in sums if _usable(one, known)]
    for number, table in enumerate(tables):
        rows += _rows_of(table, number, known)
    for row in rows:
        for name in row:
            known.setdefault(name, (0, FAR))
    narrowed = _propagated(known, rows)
    return _propagated(narrowed, _eliminated(rows, narrowed))


def _usable(one: Sum, known: Bounds) -> bool:
    return one.whole.name in known and sum(part.name not in known for part in one.parts) <= 1


def _row(whole: Cell, parts: Iterable[Cell], *more: tuple[str, int]) -> Row:
    return {
        whole.name: Fraction(1),
        **{part.name: Fraction(-1) for part in parts},
        **{name: Fraction(sign) for name, sign in more},
    }


def _rows_of(table: Table, number: int, known: Bounds) -> list[Row]:
    found = []
    for place, (whole, parts, several) in enumerate(table.divisions()):
        if not several:
            found.append(_row(whole, parts))
            continue
        found.append(_row(whole, parts, (f"overlap {number} {place}", 1)))
        found += [_row(whole, [part], (f"rest {number} {part.name}", -1)) for part in parts]
    return found


def _propagated(known: Bounds, rows: Sequence[Row]) -> Bounds:
    found = dict(known)
    changed = True
    rounds = 0
    while changed and rounds < 200:
        changed = False
        rounds += 1
        for row in rows:
            for name in row:
                low, high = _alone(row, name, found)
                at_least, at_most = max(found[name][0], low), min(found[name][1], high)
                if (at_least, at_most) != found[name]:
                    found[name] = (at_least, at_most)
                    changed = True
    return found


def _alone(row: Row, name: str, known: Bounds) -> tuple[float, float]:
    """What the row says of one of its counts."""
    low = high = 0.0
    for other, factor in row.items():
        if other != name:
            ends = [
                float(factor) * end
                if end not in (FAR, -FAR)
                else (FAR if factor * 1 > 0 else -FAR) * (1 if end > 0 else -1)
                for end in known[other]
            ]
            low += min(ends)
            high += max(ends)
    factor = float(row[name])
    ends = sorted((-low / factor, -high / factor))
    return ends[0], ends[1]


def _eliminated(rows: Sequence[Row], known: Bounds) -> list[Row]:
    """Rows combined so that each pivot unknown stands in one only: what hides in no single sum."""
    reduced: list[tuple[str, Row]] = []
    for row in rows:
        rest = dict(row)
        for pivot, other in reduced:
            if pivot in rest:
                rest = _minus(rest, other, rest[pivot])
        open_names = [name for name in rest if known[name][0] != known[name][1]]
        if not open_names:
            continue
        pivot = open_names[0]
        rest = {name: factor / rest[pivot] for name, factor in rest.items()}
        reduced = [(one, _minus(other, rest, other.get(pivot, Fraction(0)))) for one, other in reduced]
        reduced.append((pivot, rest))
    return [row for _, row in reduced]


def _minus(row: Row, other: Row, times: Fraction) -> Row:
    if not times:
        return row
    found = dict(row)
    for name, factor in other.items():
        value = found.get(name, Fraction(0)) - times * factor
        if value:
            found[name] = value
        else:
            found.pop(name, None)
    return found
