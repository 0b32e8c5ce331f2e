"""Run the test groups in lanes side by side and print how long each took: by the clock, and of the processor.

``python -m tools.run_tests [GROUP ...] [--rounds test|full] [--lanes N] [-- PYTEST OPTIONS]``.
A group is one or two pytest processes: a browser's event loop or a killed server in one never reaches another,
and each process starts its own databases in folders of its own. A lane takes the next part when it is free, the longest
first. What a part prints is kept and shown whole when it ends; with one lane it is shown as it comes.
Limits are for two cores that do nothing else: on a busy machine the processor's seconds say more than the clock's.
"""

import argparse
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import Empty, SimpleQueue
from tempfile import TemporaryFile
from typing import IO, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS_COLLECTED = 5
LIMIT = 720
"""Seconds for everything, on two cores."""
LANES = 2


class Group(NamedTuple):
    """A slice of the suite, chosen by markers; ``limit`` is the processor's time in seconds it should keep to.

    ``where``: the folder that holds all of it, so that nothing else is even read.
    """

    name: str
    markers: str
    limit: int
    parts: int = 1
    where: str = "tests"


GROUPS = (
    Group("pure", "not db and not matrix and not journey", 120, parts=2),
    Group("database", "db and not matrix and not journey", 600, parts=2),
    Group("matrix", "matrix and not journey", 240, where="tests/matrix"),
    Group("browser", "journey", 300, where="tests/journeys"),
)
LONGEST_FIRST = ("database", "browser", "matrix", "pure")


class Part(NamedTuple):
    """What one pytest process runs: a group, or every n-th of its modules."""

    group: Group
    number: int

    @property
    def name(self) -> str:
        return self.group.name if self.group.parts == 1 else f"{self.group.name} {self.number}"

    def command(self, rounds: str, extra: list[str]) -> list[str]:
        markers = self.group.markers if rounds == "full" else f"({self.group.markers}) and not prove"
        pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        share = ["--share", f"{self.number}/{self.group.parts}"]
        return [*pytest, "--rounds", rounds, "-m", markers, *share, "--durations=5", *extra, self.group.where]


class Outcome(NamedTuple):
    """``seconds`` by the clock; ``used`` of the processor, by the part and everything it started and waited for."""

    part: Part
    code: int
    seconds: float
    used: float

    @property
    def word(self) -> str:
        return {0: "passed", NO_TESTS_COLLECTED: "no tests"}.get(self.code, f"FAILED (exit {self.code})")


def parts_of(groups: list[Group]) -> list[Part]:
    """The longest first, so that all lanes end at about the same time."""
    ordered = sorted(groups, key=lambda group: LONGEST_FIRST.index(group.name))
    return [Part(group, number) for group in ordered for number in range(1, group.parts + 1)]


class Lanes:
    """Parts waiting for a lane, and what came of those that ran."""

    def __init__(self, parts: list[Part], rounds: str, extra: list[str]) -> None:
        self.waiting: SimpleQueue[Part] = SimpleQueue()
        for part in parts:
            self.waiting.put(part)
        self.rounds, self.extra = rounds, extra
        self.outcomes: list[Outcome] = []
        self.printing = threading.Lock()

    def run(self, lanes: int) -> list[Outcome]:
        if lanes == 1:
            self._lane(aloud=True)
            return self.outcomes
        threads = [threading.Thread(target=self._lane, daemon=True) for _ in range(lanes)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self.outcomes

    def _lane(self, *, aloud: bool = False) -> None:
        while True:
            try:
                part = self.waiting.get_nowait()
            except Empty:
                return
            self._aloud(part) if aloud else self._kept(part)

    def _aloud(self, part: Part) -> None:
        print(f"\n=== {part.name} ===", flush=True)
        self.outcomes.append(self._outcome(part, None))

    def _kept(self, part: Part) -> None:
        with self.printing:
            print(f"... {part.name} begins", flush=True)
        with TemporaryFile() as told:
            outcome = self._outcome(part, told)
            told.seek(0)
            text = told.read().decode(errors="replace")
        with self.printing:
            print(f"\n=== {part.name} ({outcome.seconds:.0f} s) ===\n{text}", flush=True)
            self.outcomes.append(outcome)

    def _outcome(self, part: Part, told: IO[bytes] | None) -> Outcome:
        began = time.monotonic()
        process = subprocess.Popen(
            part.command(self.rounds, self.extra), cwd=ROOT, env=environment(), stdout=told, stderr=told
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        used = usage.ru_utime + usage.ru_stime
        return Outcome(part, process.returncode, time.monotonic() - began, used)


def environment() -> dict[str, str]:
    """Ours, but Python may keep what it compiles: every part and every program a test starts reads the same modules."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def print_table(outcomes: list[Outcome], rounds: str, wall: float) -> None:
    print(f"\n{'group':<12} {'clock':>8} {'processor':>10} {'limit':>6}  result")
    for group in GROUPS:
        mine = sorted((one for one in outcomes if one.part.group == group), key=lambda one: one.part.number)
        for outcome in mine:
            print(
                f"{outcome.part.name:<12} {outcome.seconds:>8.1f} {outcome.used:>10.1f} {'':>6}  {outcome.word}"
            )
        if mine:
            used = sum(one.used for one in mine)
            _print_sum(group.name, sum(one.seconds for one in mine), used, group.limit, rounds, late=used)
    _print_sum("all", wall, sum(one.used for one in outcomes), LIMIT, rounds, late=wall)


def _print_sum(name: str, seconds: float, used: float, limit: int, rounds: str, late: float) -> None:
    word = "  over its time" if rounds == "test" and late > limit else ""
    print(f"{name:<12} {seconds:>8.1f} {used:>10.1f} {limit:>6}{word}", flush=True)


def main(arguments: list[str]) -> int:
    names = [group.name for group in GROUPS]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    own, extra = arguments[:split], arguments[split + 1 :]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"any of: {', '.join(names)}; default all")
    parser.add_argument("--rounds", choices=("test", "full"), default="test")
    parser.add_argument("--lanes", type=int, default=max(1, min(LANES, os.cpu_count() or 1)))
    options = parser.parse_args(own)
    unknown = set(options.groups) - set(names)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))} (there are: {', '.join(names)})")
    chosen = [group for group in GROUPS if not options.groups or group.name in options.groups]
    began = time.monotonic()
    outcomes = Lanes(parts_of(chosen), options.rounds, extra).run(max(1, options.lanes))
    print_table(outcomes, options.rounds, time.monotonic() - began)
    return 1 if any(one.code not in (0, NO_TESTS_COLLECTED) for one in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
