"""Statements made ready once give what SQLAlchemy gives; objects of plain rows are as loaded, or for showing only."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import (
    Engine,
    String,
    bindparam,
    cast,
    event,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from tmr_app.kernel import db, encryption
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.ready import Ready
from tmr_app.kernel.web_session import WebSession

pytestmark = pytest.mark.db
AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
KEYS = Keyring(1, {1: b"w" * 32}, b"r" * 32)
ROW = WebSession.__table__


@pytest.fixture
def engine(fresh_database_url: str) -> Engine:
    encryption.use(KEYS)
    return db.make_engine(fresh_database_url)


def sessions(engine: Engine, count: int = 3) -> list[UUID]:
    with db.unit(engine) as session:
        for number in range(count):
            session.add(
                WebSession(
                    token_hash=bytes([number]) * 32,
                    person_id=uuid4() if number else None,
                    created_at=AT + timedelta(hours=number),
                    last_seen_at=AT,
                    network="127.0.0.0/24",
                    browser="Firefox, Linux",
                    data={"number": number, "name": "Dritë"},
                )
            )
        session.flush()
        return list(session.scalars(select(WebSession.id).order_by(WebSession.created_at)))


def same(session: Session, statement: Any, **values: Any) -> list[tuple[Any, ...]]:
    """What both ways give; they must agree, types included."""
    usual = [tuple(row) for row in session.connection().execute(statement, values)]
    found = Ready(statement).rows(session.connection(), {**values, "not asked": object()})
    assert found == usual
    assert [[type(one) for one in row] for row in found] == [[type(one) for one in row] for row in usual]
    return found


def test_every_kind_of_value_is_read_and_written_as_ever(engine: Engine) -> None:
    ids = sessions(engine)
    wanted = select(ROW, (ROW.c.owner_id.is_(None)).label("nobody")).where(
        ROW.c.id == bindparam("id"),
        ROW.c.created_at >= bindparam("since"),
        ROW.c.network.in_(("127.0.0.0/24", "10.0.0.0/24")),
    )
    with db.unit(engine) as session:
        assert len(same(session, wanted, id=ids[1], since=AT)) == 1
        assert same(session, wanted, id=uuid4(), since=AT) == []


def test_a_list_may_have_any_length_also_in_one_statement_kept(engine: Engine) -> None:
    ids = sessions(engine)
    listed = select(ROW.c.id).where(ROW.c.id.in_(bindparam("ids", expanding=True))).order_by(ROW.c.created_at)
    kept = Ready(listed)
    with db.unit(engine) as session:
        for some in ([], ids[:1], ids[1:], ids, ids[2:]):
            assert kept.rows(session.connection(), {"ids": some}) == [(one,) for one in some]
            same(session, listed, ids=some)


def test_statements_put_together_keep_their_own_limits_and_values(engine: Engine) -> None:
    sessions(engine)
    parts = [
        select(literal(place).label("part"), part)
        for place, part in enumerate(
            select(ROW.c.created_at, func.count().over().label("whole"))
            .where(ROW.c.created_at >= bindparam("since"))
            .order_by(ROW.c.created_at)
            .limit(limit)
            .subquery()
            for limit in (1, 2)
        )
    ]
    with db.unit(engine) as session:
        assert sorted(row[0] for row in same(session, union_all(*parts), since=AT)) == [0, 1, 1]


def test_a_row_is_written_as_ever(engine: Engine) -> None:
    """Every kind of value, an empty one of each too; whoever watches statements changes nothing."""
    full = {
        "id": uuid4(), "token_hash": b"a" * 32, "owner_id": uuid4(), "person_id": uuid4(), "created_at": AT, "last_seen_at": AT,
        "authenticated_at": AT, "network": "n", "browser": "b", "data": {"name": "Dritë"},
    }  # fmt: skip
    bare = full | {"owner_id": None, "person_id": None, "authenticated_at": None, "data": None}
    usual, ready, seen = insert(ROW), Ready(insert(ROW)), []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    kept = select(ROW, cast(ROW.c.data, String)).order_by(ROW.c.token_hash)
    with db.unit(engine) as session:
        rows = session.connection()
        for place, given in enumerate((full, bare)):
            own = [given | {"id": uuid4(), "token_hash": bytes([place, way]) * 16} for way in range(3)]
            rows.execute(usual, own[0])
            ready.run(rows, {**own[1], "not a column": object()})
            event.listen(engine, "before_cursor_execute", note)
            ready.run(rows, own[2])
            event.remove(engine, "before_cursor_execute", note)
        found = [row[2:] for row in rows.execute(kept)]
    assert (len(found), len(seen)) == (6, 2)
    assert found[0] == found[1] == found[2]
    assert found[3] == found[4] == found[5]
    with db.unit(engine) as session, pytest.raises(IntegrityError):
        ready.run(session.connection(), full | {"created_at": None})


def test_a_value_that_is_not_given_is_an_error(engine: Engine) -> None:
    with db.unit(engine) as session, pytest.raises(KeyError):
        Ready(select(ROW.c.id).where(ROW.c.id == bindparam("id"))).rows(session.connection(), {})


def test_an_object_of_a_plain_row_is_the_units_own_or_for_showing_only(engine: Engine) -> None:
    (own,) = sessions(engine, 1)
    one = select(*ROW.c).where(ROW.c.id == own)
    with db.unit(engine) as session:
        shown = db.shown(WebSession, session.connection().execute(one).one())
        assert (shown.id, shown.created_at, shown.data["name"]) == (own, AT, "Dritë")
        shown.browser = "changed"
    with db.unit(engine) as session:
        row = session.connection().execute(one).one()
        assert row.browser == "Firefox, Linux"
        loaded = db.loaded(session, WebSession, row)
        assert loaded is session.get(WebSession, own) is db.loaded(session, WebSession, row)
        loaded.browser = "changed"
    with db.unit(engine) as session:
        assert session.get_one(WebSession, own).browser == "changed"


def test_whoever_watches_statements_sees_it_and_gets_the_same(engine: Engine) -> None:
    ids, seen = sessions(engine), []
    kept = Ready(select(ROW.c.id).where(ROW.c.id == bindparam("id")))

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    with db.unit(engine) as session:
        before = kept.rows(session.connection(), {"id": ids[0]})
    event.listen(engine, "before_cursor_execute", note)
    with db.unit(engine) as session:
        assert kept.rows(session.connection(), {"id": ids[0]}) == before == [(ids[0],)]
    event.remove(engine, "before_cursor_execute", note)
    assert sum("web_session" in one for one in seen) == 1


def test_it_opens_a_transaction_where_none_runs(engine: Engine) -> None:
    ids = sessions(engine)
    with engine.connect() as connection:
        assert Ready(select(func.count()).select_from(ROW)).rows(connection, {}) == [(len(ids),)]
        assert connection.in_transaction()
    with db.looking(engine) as connection:  # one that only looks needs none
        assert Ready(select(func.count()).select_from(ROW)).rows(connection, {}) == [(len(ids),)]
        assert not connection.in_transaction()


def test_a_look_beside_a_unit_leaves_nothing_begun(engine: Engine) -> None:
    ids = sessions(engine)
    count = Ready(select(func.count()).select_from(ROW))
    with db.looking(engine) as connection:
        assert count.rows(connection, {}) == [(len(ids),)]
    with db.looking(engine) as connection:  # the same connection, come back from the pool
        if engine.dialect.name == "postgresql":
            assert connection.connection.dbapi_connection.info.transaction_status == 0, "idle"  # type: ignore[union-attr]
        assert count.rows(connection, {}) == [(len(ids),)]


def test_a_failure_is_the_usual_one_and_names_no_value(engine: Engine) -> None:
    kept = Ready(select(ROW.c.id).where(ROW.c.browser == bindparam("browser")))
    with db.unit(engine) as session:
        kept.rows(session.connection(), {"browser": "Secretly"})
    with pytest.raises(DBAPIError) as failed, db.unit(engine) as session:
        session.execute(text("DROP TABLE web_session"))
        kept.rows(session.connection(), {"browser": "Secretly"})
    assert isinstance(failed.value, (OperationalError, ProgrammingError))
    assert "Secretly" not in str(failed.value)
    assert not failed.value.connection_invalidated
    with db.unit(engine) as session:  # nothing of the broken unit stayed
        assert kept.rows(session.connection(), {"browser": "Secretly"}) == []


def test_a_connection_that_is_gone_is_thrown_away(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ids, kept = sessions(engine), Ready(select(ROW.c.id).where(ROW.c.id == bindparam("id")))
    monkeypatch.setattr(engine.dialect, "is_disconnect", lambda *_asked: True)
    with pytest.raises(DBAPIError) as failed, db.unit(engine) as session:
        session.execute(text("DROP TABLE web_session"))
        kept.rows(session.connection(), {"id": ids[0]})
    assert failed.value.connection_invalidated
    with db.unit(engine) as session:
        assert kept.rows(session.connection(), {"id": ids[0]}) == [(ids[0],)]
