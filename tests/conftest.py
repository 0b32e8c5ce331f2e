"""What every test shares: the options, the round counts, the guards. Fixtures live in ``tests/fixtures``."""

import gc
from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.guards",
    "tests.fixtures.correlating",
    "tests.fixtures.postgres",
    "tests.fixtures.database",
    "tests.fixtures.smtp",
    "tests.fixtures.server",
    "tests.fixtures.browser",
    "tests.fixtures.app",
]

ROOT = Path(__file__).resolve().parent.parent

# Whoever asks for one of these needs what it needs: the marker follows by itself.
MARKER_OF_FIXTURE = {
    "engine_name": "db",
    "database_url": "db",
    "fresh_database_url": "db",
    "postgresql_server": "db",
    "postgresql_databases": "db",
    "page": "journey",
    "context": "journey",
    "browser": "journey",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rounds",
        choices=("test", "full"),
        default="test",
        help="test: a tenth of the repetitions; full: all of them, and the tests marked prove",
    )
    parser.addoption(
        "--share", default="1/1", help="2/3: of the chosen modules the second of three like shares"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    full = config.getoption("--rounds") == "full"
    for item in items:
        for fixture, marker in MARKER_OF_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
        if not full and item.get_closest_marker("prove"):
            item.add_marker(pytest.mark.skip(reason="a full proof: make prove (--rounds full)"))
    elsewhere = [item for item in items if _is_for_the_other_engine(item)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in elsewhere]


def _is_for_the_other_engine(item: pytest.Item) -> bool:
    marker, call = item.get_closest_marker("only"), getattr(item, "callspec", None)
    return bool(marker and call and call.params.get("engine_name") not in (None, marker.args[0]))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep this process's share of what the markers left: whole modules, dealt out in turn, the heaviest first."""
    gc.collect()
    gc.freeze()  # all that is imported stays: nothing to look through again and again
    gc.set_threshold(20_000, 20, 20)  # at every 700 objects it took a seventh of the time
    number, of = map(int, session.config.getoption("--share").split("/"))
    if of == 1:
        return
    units: dict[str, float] = {}
    for item in session.items:
        units[_unit(item)] = units.get(_unit(item), 0) + _weight(item)
    ordered = sorted(units, key=lambda unit: (-units[unit], unit))
    loads, mine = [0.0] * of, set()
    for unit in ordered:
        lightest = loads.index(min(loads))
        loads[lightest] += units[unit]
        if lightest == number - 1:
            mine.add(unit)
    session.items[:] = [item for item in session.items if _unit(item) in mine]


def _unit(item: pytest.Item) -> str:
    """What is never torn apart: a module, or the modules that say they belong together."""
    marker = item.get_closest_marker("together")
    return str(marker.args[0] if marker else item.path)


def _weight(item: pytest.Item) -> float:
    """A sweep over every route counts as many tests as it takes time."""
    marker = item.get_closest_marker("weight")
    return float(marker.args[0]) if marker else 1


@pytest.fixture(scope="session")
def rounds(request: pytest.FixtureRequest) -> Callable[[int], int]:
    """``rounds(n)``: n repetitions in a full proof, a tenth of them (at least one) otherwise."""
    full = request.config.getoption("--rounds") == "full"

    def count(full_count: int) -> int:
        return full_count if full else max(1, full_count // 10)

    return count


@pytest.fixture(scope="session")
def repository() -> Path:
    """The repository's root: the only place tests read files from."""
    return ROOT
