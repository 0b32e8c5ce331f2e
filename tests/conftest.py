"""What every test shares: the options, the round counts, the guards. Fixtures live in ``tests/fixtures``."""

from collections.abc import Callable
from pathlib import Path

import pytest

pytest_plugins = [
    "tests.fixtures.guards",
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    full = config.getoption("--rounds") == "full"
    for item in items:
        for fixture, marker in MARKER_OF_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)
        if not full and item.get_closest_marker("prove"):
            item.add_marker(pytest.mark.skip(reason="a full proof: make prove (--rounds full)"))


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
