"""Counting and timing: processor time of this process, interleaved; statements, commits and wall time apart."""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

Call = Callable[[], object]
IN_A_ROW = 2


@dataclass(frozen=True)
class Row:
    """One figure of the table. `limit` is None where the figure is only reported."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def holds(self) -> bool | None:
        return None if self.limit is None else self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "value": round(self.value, 3),
            "unit": self.unit,
            "limit": self.limit,
            "holds": self.holds,
        }


@dataclass
class Times:
    """Medians in milliseconds."""

    processor: float
    wall: float


@dataclass
class Traffic:
    """What one unit of work sent to the database, and how long its commits took (milliseconds of wall time)."""

    statements: list[str]
    commits: list[float]

    @property
    def commit(self) -> float:
        return sum(self.commits)


def say(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def interleaved(calls: Mapping[str, Call], rounds: int) -> dict[str, Times]:
    """Every call twice a round, so that a disturbance of the machine falls on all of them."""
    for call in calls.values():
        call()
        call()
    spent: dict[str, list[tuple[float, float]]] = {name: [] for name in calls}
    gc.collect()
    gc.freeze()  # what the building left behind is not walked through again in the measured time
    for _ in range(rounds):
        for name, call in calls.items():
            spent[name] += [timed(call) for _ in range(IN_A_ROW)]
    return {
        name: Times(1000 * median(one[0] for one in found), 1000 * median(one[1] for one in found))
        for name, found in spent.items()
    }


def timed(call: Call) -> tuple[float, float]:
    """Seconds of processor time and of wall time."""
    wall, processor = perf_counter(), process_time()
    call()
    return process_time() - processor, perf_counter() - wall


@contextmanager
def watched(engine: Engine) -> Iterator[Traffic]:
    """Statements (BEGIN is not one) and commits within the block."""
    seen = Traffic([], [])
    commit = engine.dialect.do_commit

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.statements.append(statement)

    def timed_commit(connection: Any) -> None:
        start = perf_counter()
        commit(connection)
        seen.commits.append(1000 * (perf_counter() - start))

    event.listen(engine, "before_cursor_execute", note)
    try:
        with patch.object(engine.dialect, "do_commit", timed_commit):
            yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
