"""Run the test groups one after the other and print how long each took.

``python -m tools.run_tests [GROUP ...] [--rounds test|full] [-- PYTEST OPTIONS]``.
Each group is its own pytest process: a browser's event loop or a killed server in one never reaches another.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
NO_TESTS_COLLECTED = 5


class Group(NamedTuple):
    """A slice of the suite, chosen by markers; ``limit`` is the time in seconds it should keep to."""

    name: str
    markers: str
    limit: int


GROUPS = (
    Group("pure", "not db and not matrix and not journey", 120),
    Group("database", "db and not matrix and not journey", 240),
    Group("matrix", "matrix and not journey", 120),
    Group("browser", "journey", 240),
)


class Outcome(NamedTuple):
    group: Group
    code: int
    seconds: float

    @property
    def word(self) -> str:
        return {0: "passed", NO_TESTS_COLLECTED: "no tests"}.get(self.code, f"FAILED (exit {self.code})")


def run_group(group: Group, rounds: str, extra: list[str]) -> Outcome:
    markers = group.markers if rounds == "full" else f"({group.markers}) and not prove"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--rounds",
        rounds,
        "-m",
        markers,
        "--durations=5",
        *extra,
    ]
    print(f"\n=== {group.name} ===", flush=True)
    began = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, check=False).returncode
    return Outcome(group, code, time.monotonic() - began)


def print_table(outcomes: list[Outcome], rounds: str) -> None:
    print(f"\n{'group':<10} {'seconds':>8} {'limit':>6}  result")
    for outcome in outcomes:
        group, seconds = outcome.group, outcome.seconds
        late = "  over its time" if rounds == "test" and seconds > group.limit else ""
        print(f"{group.name:<10} {seconds:>8.1f} {group.limit:>6}  {outcome.word}{late}")
    print(
        f"{'all':<10} {sum(o.seconds for o in outcomes):>8.1f} {sum(g.limit for g in GROUPS):>6}", flush=True
    )


def main(arguments: list[str]) -> int:
    names = [group.name for group in GROUPS]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    own, extra = arguments[:split], arguments[split + 1 :]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=f"any of: {', '.join(names)}; default all")
    parser.add_argument("--rounds", choices=("test", "full"), default="test")
    options = parser.parse_args(own)
    unknown = set(options.groups) - set(names)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))} (there are: {', '.join(names)})")
    chosen = [group for group in GROUPS if not options.groups or group.name in options.groups]
    outcomes = [run_group(group, options.rounds, extra) for group in chosen]
    print_table(outcomes, options.rounds)
    return 1 if any(o.code not in (0, NO_TESTS_COLLECTED) for o in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
