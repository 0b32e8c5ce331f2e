"""A database of its own for each test of the ledger, on both engines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.oversight.annual_kit import IN_MARCH
from tests.oversight.annual_stage import CloneDatabase, Stage, set_up
from tmr_app.kernel import clock

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp
    from tmr_app.web.app import TmrFlask


@pytest.fixture
def stage(fresh_database_url: str, make_app: "MakeApp") -> Iterator[Stage]:
    with clock.fixed_at(IN_MARCH):
        yield set_up(make_app(fresh_database_url))


@pytest.fixture
def light_app(clone_database: CloneDatabase, make_app: "MakeApp") -> Iterator["TmrFlask"]:
    """On SQLite alone: what is refused does not depend on the engine."""
    with clone_database("sqlite") as url, clock.fixed_at(IN_MARCH):
        yield make_app(url)


@pytest.fixture
def light(light_app: "TmrFlask") -> Stage:
    return set_up(light_app)
