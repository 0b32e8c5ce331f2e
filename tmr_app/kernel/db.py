"""The database: engine, base class, column types, one transaction per unit of work.

SQLite rules measured for this product: every unit that writes opens with BEGIN IMMEDIATE (a read that turns into a
write fails at once with BUSY_SNAPSHOT), the journal mode is set once at start-up, and a database error ends the unit.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import (
    DateTime,
    Engine,
    Index,
    MetaData,
    TypeCoerce,
    Uuid,
    create_engine,
    event,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, make_transient_to_detached, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import NullType, TypeDecorator

from tmr_app.kernel import encryption

SAFE_WAL = (3, 51, 3)
"""From this SQLite on, two connections may checkpoint a WAL database without the reset race."""
JOURNAL = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "TRUNCATE"
"""TRUNCATE is the rollback journal kept as an empty file: as safe as DELETE, a commit takes half the processor's time."""
WAIT_SECONDS = 10
"""How long a unit waits for another one's lock, on both databases; then it ends, and the page says "busy" (503)."""
MAPPED = 256 * 1024 * 1024
"""So many bytes of an SQLite file are read where the system keeps them anyway, not copied first into a connection's own two
megabytes: with a hundred thousand cases those hold nothing from one page to the next (decision 0033).
"""
SQLITE_PRAGMAS = (
    "foreign_keys=ON",
    "recursive_triggers=ON",
    "synchronous=FULL",
    "secure_delete=ON",
    f"mmap_size={MAPPED}",
    # WAL is kept by the file; a rollback journal's mode is the connection's own (decision 0026).
    *(["journal_mode=TRUNCATE"] if JOURNAL == "TRUNCATE" else []),
)

LOOKING = "tmr_looking"
"""The option of a connection that only looks (`looking`)."""

_current: ContextVar[Session | None] = ContextVar("session", default=None)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class IdText(TypeDecorator[str]):
    """An id as `str(id)` writes it: for plain rows that only link to it or open what is sealed under it. Read only."""

    impl = Uuid
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], str | None]:
        return _dashed if dialect.name == "sqlite" else _written


def _dashed(stored: str | None) -> str | None:
    if stored is None:
        return None
    return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"


def _written(stored: UUID | None) -> str | None:
    return None if stored is None else str(stored)


def id_text(column: Any) -> TypeCoerce[str]:
    """The id of a column as text; a page of hundreds of rows makes no UUID of each."""
    return type_coerce(column, IdText())


def id_as_kept(column: Any) -> TypeCoerce[Any]:
    """The id of a column as the driver gives it: only to find the rows of one page that belong together, never to be shown."""
    return type_coerce(column, NullType())


class Base(DeclarativeBase):
    """All tables. Constraint names are fixed so that migrations are the same on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant(), UUID: Uuid()}

    def __init__(self, **values: Any) -> None:
        """Set clear values before encrypted ones: sealing needs the row's id and its subject's."""
        cls = type(self)
        if (
            "id" in cls.__mapper__.attrs
            and "id" not in values
            and isinstance(cls.__mapper__.c["id"].type, Uuid)
        ):
            values["id"] = uuid4()
        for name in sorted(values, key=lambda key: isinstance(getattr(cls, key, None), encryption.Sealed)):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__name__} has no {name}")
            setattr(self, name, values[name])


Enc = Mapped[bytes | None]
"""What is stored of a sealed text or sealed values (`kernel.encryption`): the column behind the attribute one reads."""


def index_of_some(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of those rows only for which `where` holds: small, whatever the table has grown to."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Identified:
    """A row with a random 128-bit public id."""

    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-10)


Entity = TypeVar("Entity", bound=Base)


def made_before(session: Session, model: type[Entity], once: str | None) -> Entity | None:
    """What an earlier sending of the same form has made, by the key the form carries: a second click makes nothing new."""
    found: Entity | None = session.scalar(select(model).filter_by(once_key=once)) if once else None
    return found


def shown(model: type[Entity], row: Sequence[Any]) -> Entity:
    """The object of a row that was read as plain columns: all of its table, in its order. For showing only: it belongs to
    no unit, and what is changed in it is written nowhere. A fraction of what the object layer's own reading costs.
    """
    made: Entity = model.__mapper__.class_manager.new_instance()
    made.__dict__.update(zip(model.__table__.columns.keys(), row, strict=True))
    return made


def loaded(session: Session, model: type[Entity], row: Sequence[Any]) -> Entity:
    """The same as an object of this unit, as if it had loaded it by itself: less than half of what that costs."""
    made = shown(model, row)
    make_transient_to_detached(made)
    key = inspect(made).key
    if key is not None and key in session.identity_map:
        return session.merge(made, load=False)
    session.add(made)  # without the second object that a merge makes
    return made


def make_engine(url: str) -> Engine:
    """An engine with the measured rules for its database. `url` as SQLAlchemy writes it; `postgres://` is understood."""
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
    if not url.startswith("sqlite"):
        ends = {"options": f"-c lock_timeout={WAIT_SECONDS}s"}
        return create_engine(url, pool_pre_ping=True, pool_size=8, connect_args=ends)
    engine = create_engine(url, connect_args={"timeout": float(WAIT_SECONDS), "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we write BEGIN ourselves: the driver's own would be deferred
    for pragma in SQLITE_PRAGMAS:
        connection.cursor().execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A look at one value beside a running unit (autocommit) must not wait for that unit's write lock: its own.
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT" or options.get(LOOKING):
        return
    try:  # past SQLAlchemy's statements: it is the first word of every request
        connection.connection.cursor().execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def looking(engine: Engine) -> Connection:
    """A connection for one look beside a unit: nothing is written, so SQLite's write lock is neither taken nor awaited."""
    return engine.connect().execution_options(**{LOOKING: True})


def settle_journal(engine: Engine) -> str:
    """At start-up, once: choose the journal mode by SQLite's version. Returns a line for the start-up log."""
    if engine.dialect.name != "sqlite":
        return engine.dialect.name
    raw = engine.raw_connection()
    try:
        raw.cursor().execute(f"PRAGMA journal_mode={JOURNAL}")
    finally:
        raw.close()
    return f"SQLite {sqlite3.sqlite_version}, journal {JOURNAL}"


@contextmanager
def unit(engine: Engine) -> Iterator[Session]:
    """One unit of work: commits when the block ends well, rolls back otherwise. Sets `session()` inside."""
    opened = open_session(engine)
    token = _current.set(opened)
    with encryption.fresh_unlocks():
        try:
            yield opened
            opened.commit()
        except BaseException:
            opened.rollback()
            raise
        finally:
            opened.close()
            _current.reset(token)


def open_session(engine: Engine) -> Session:
    return Session(engine, expire_on_commit=False, autoflush=True)


def session() -> Session:
    """The session of the request or unit now running. Raises RuntimeError outside one."""
    opened = _current.get()
    if opened is None:
        raise RuntimeError("no unit of work is open")
    return opened


def enter(opened: Session) -> object:
    """Make `opened` the current session (the web layer, once per request); returns a token for `leave`."""
    return _current.set(opened)


def leave(token: Any) -> None:
    _current.reset(token)


def ping(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
