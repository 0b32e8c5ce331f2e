"""The demonstration, filled once a run on each engine: it takes as long as two hundred other tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from tests.fixtures.postgres import PostgresServer
from tmr_app.kernel import clock, db
from tmr_app.web.demonstration import filling
from tmr_app.web.demonstration.places import Places

FILLED_AT = datetime(2026, 11, 18, 13, 0, tzinfo=UTC)
"""A Wednesday afternoon."""


@dataclass
class Filled:
    places: Places
    engine: Engine


@pytest.fixture(scope="session")
def fill_demonstration(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Filled]]:
    """``fill_demonstration("sqlite")``: filled in a database that was empty, the first time it is asked for."""
    made: dict[str, Filled] = {}

    def fill(engine_name: str) -> Filled:
        if engine_name not in made:
            folder = tmp_path_factory.mktemp("demonstration")
            url = f"sqlite:///{folder / 'demo.sqlite3'}"
            if engine_name == "postgresql":
                server: PostgresServer = request.getfixturevalue("postgresql_server")
                server.run("DROP DATABASE IF EXISTS tmr_test_demo WITH (FORCE)")
                server.run("CREATE DATABASE tmr_test_demo")
                url = server.database("tmr_test_demo").render_as_string(hide_password=False)
            filled = Filled(Places(folder, url), db.make_engine(url))
            with clock.fixed_at(FILLED_AT):
                assert filling.is_wanted(filled.engine)
                filling.make(filled.places, filled.engine)
            made[engine_name] = filled
        return made[engine_name]

    yield fill
    for one in made.values():
        one.engine.dispose()


@pytest.fixture(scope="module")
def filled(engine_name: str, fill_demonstration: Callable[[str], Filled]) -> Filled:
    """To be read only, on each engine."""
    return fill_demonstration(engine_name)
