"""`python -m bench [--cases N]`: build, measure, print the table, write build/bench.json; exit 1 where a limit is passed."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import perf_counter

from bench import annual, deeds, ledgers, memory, pages, papers, parts, sealing
from bench.measuring import Row, say
from bench.moment import NOW
from bench.world import world
from tmr_app.kernel import clock

RESULT = Path(__file__).resolve().parents[1] / "build" / "bench.json"


def main() -> int:
    """Everything, in one process but for the memory rows."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000, help="fewer for a quick look")
    found = list(measure(parser.parse_args().cases))
    print(table(found))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps([row.as_json() for row in found], indent=1) + "\n")
    say(f"written: {RESULT.relative_to(RESULT.parents[1])}")
    passed = [row.name for row in found if row.holds is False]
    if passed:
        say(f"beyond the limit: {', '.join(passed)}")
    return 1 if passed else 0


def measure(cases: int) -> Iterator[Row]:
    start = perf_counter()
    with clock.fixed_at(NOW), world(cases) as here:
        say(f"furnished after {perf_counter() - start:.0f} s")
        yield from pages.rows(here)
        yield from deeds.rows(here)
        yield from ledgers.rows(here)
        yield from papers.rows()
        yield from sealing.rows()
        for part in parts.of_kind("rows"):
            yield from part.rows(here)
        say("memory of a web process, a bare one and a worker")
        yield from memory.rows(here)
        say("the annual report and the national figures")
        yield from annual.rows(here)
    used = [getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    yield Row("run.wall", perf_counter() - start, "s", 900.0)
    yield Row("run.processor", sum(one.ru_utime + one.ru_stime for one in used), "s")


def table(found: list[Row]) -> str:
    """Name, value, unit, limit, and whether it holds."""
    words = {True: "holds", False: "PASSED", None: ""}
    lines = [f"{'':38} {'value':>10}  {'unit':12} {'limit':>8}"]
    for row in found:
        limit = "" if row.limit is None else f"{row.limit:g}"
        lines.append(
            f"{row.name:38} {row.value:10.2f}  {row.unit:12} {limit:>8}  {words[row.holds]}".rstrip()
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
