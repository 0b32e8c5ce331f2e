"""Time comes from kernel.clock; tests use neither the real clock nor sleeps nor outside files."""

import ast
import re

from tests.architecture.sources import calls, files_under, shown, tree

CLOCK_MODULE = "tmr_app/kernel/clock.py"
REAL_CLOCK = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$"
)
DAY_OF_UTC = re.compile(r"(^|[._])(now|at)\.date$")
SLEEPS = re.compile(r"(^|\.)(time\.sleep|wait_for_timeout)$|^sleep$")
OUTSIDE = re.compile(r"^(~|/(ho" + r"me|ro" + r"ot|wo" + r"rk/|opt|srv|mnt|var|etc|usr)(/|$))")
MAY_LOOK_OUTSIDE = {"tests/fixtures/postgres.py"}  # where Debian keeps PostgreSQL


def test_only_the_clock_module_reads_the_clock() -> None:
    found = [
        f"{shown(path)}:{line}: {name}()"
        for path in files_under("tmr_app")
        if shown(path) != CLOCK_MODULE
        for line, name in calls(path)
        if REAL_CLOCK.search(name)
    ]
    assert not found, "\n".join(found)


def test_no_duty_counts_the_day_of_utc() -> None:
    """At half past midnight in Kosovo it is still yesterday in UTC: an instant's day is `clock.civil_date`."""
    assert DAY_OF_UTC.search("now.date")
    assert DAY_OF_UTC.search("row.signed_at.date")
    found = [
        f"{shown(path)}:{line}: {name}()"
        for path in files_under("tmr_app")
        for line, name in calls(path)
        if DAY_OF_UTC.search(name)
    ]
    assert not found, "\n".join(found)


def test_tests_do_not_read_the_real_clock_or_sleep() -> None:
    found = [
        f"{shown(path)}:{line}: {name}()"
        for path in files_under("tests")
        for line, name in calls(path)
        if REAL_CLOCK.search(name) or SLEEPS.search(name)
    ]
    assert not found, "\n".join(found)


def test_tests_read_nothing_outside_the_repository() -> None:
    found = []
    for path in files_under("tests"):
        if shown(path) in MAY_LOOK_OUTSIDE:
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and OUTSIDE.match(node.value):
                found.append(f"{shown(path)}:{node.lineno}: {node.value[:40]!r}")
        found += [
            f"{shown(path)}:{line}: {name}()"
            for line, name in calls(path)
            if name.endswith(("Path.home", "expanduser"))
        ]
    assert not found, "\n".join(found)


def test_no_sql_is_built_by_joining_strings() -> None:
    """ASVS 1.2.4: `text()` and `execute()` take a constant, never an f-string or a sum."""
    found = []
    for path in files_under("tmr_app"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            joined = isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
            # SQLite takes no parameters in a PRAGMA; its values are ours, never a user's.
            if joined and ast.unparse(node.args[0]).startswith(("f'PRAGMA ", "f'SET ")):
                continue
            if name in {"text", "execute", "exec_driver_sql", "literal_column"} and joined:
                found.append(f"{shown(path)}:{node.lineno}: {name}()")
    assert not found, "\n".join(found)
