"""What goes from test to test on PostgreSQL arrives as if it were new, or does not go on at all."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from tests.fixtures.postgres_pool import Databases
from tests.fixtures.world import town, work
from tmr_app.kernel import db


@pytest.fixture
def name(postgresql_databases: Databases) -> str:
    return postgresql_databases.take()


@pytest.fixture
def engine(postgresql_databases: Databases, name: str) -> Engine:
    return db.make_engine(postgresql_databases.server.database(name).render_as_string(hide_password=False))


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as made:
        yield made


def rows(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM person")).scalar_one())


def backend(connection: Connection) -> int:
    return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_database_comes_back_empty_and_its_connection_as_new(
    postgresql_databases: Databases, name: str, engine: Engine
) -> None:
    with work(engine) as session:
        town(session)
    with engine.connect() as connection:
        assert rows(connection) > 5
        connection.execute(text("SET search_path = nowhere"))
        connection.commit()
        before = backend(connection)
    postgresql_databases.give_back(name)
    assert postgresql_databases.take() == name
    with engine.connect() as connection:
        assert (rows(connection), backend(connection)) == (0, before)
    postgresql_databases.give_back(name)


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE more (id integer)",
        "DROP TABLE throttle",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE person ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE person DROP COLUMN name",
        "UPDATE alembic_version SET version_num = '9999'",
    ],
)
def test_a_changed_schema_is_thrown_away(
    postgresql_databases: Databases, name: str, engine: Engine, change: str
) -> None:
    with engine.begin() as connection:
        connection.execute(text(change))
    postgresql_databases.give_back(name)
    assert name not in postgresql_databases.free


def test_one_that_is_still_worked_on_is_thrown_away(
    postgresql_databases: Databases, name: str, connection: Connection
) -> None:
    rows(connection)
    postgresql_databases.give_back(name)
    assert name not in postgresql_databases.free
    connection.invalidate()


def test_a_connection_the_server_ended_is_not_handed_on(
    postgresql_databases: Databases, name: str, engine: Engine
) -> None:
    with engine.connect() as connection:
        ended = backend(connection)
    engine.dispose()
    postgresql_databases.server.run(f"SELECT pg_terminate_backend({ended}, 5000)")
    with engine.connect() as connection:
        assert backend(connection) != ended
    postgresql_databases.give_back(name)
