"""Counting tries in the database, so that every worker process counts together.

A try is counted before it is judged and forgiven when it was right; so parallel tries cannot slip past the
limit. A window begins with its first try (real clock). Keys are stored as keyed hashes: no address is named.
"""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Integer, LargeBinary, case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel.db import Base
from tmr_app.kernel.encryption import keyed_hash


class Limit(NamedTuple):
    """At most `ceiling` tries in `seconds`; `name` keeps the buckets of different limits apart."""

    name: str
    ceiling: int
    seconds: int


class ThrottleCount(Base):
    """How many tries one bucket has seen since its window began."""

    __tablename__ = "throttle"
    bucket: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int] = mapped_column(Integer)


def bucket(limit: Limit, key: str) -> bytes:
    return keyed_hash("throttle", f"{limit.name}\x00{limit.seconds}\x00{key}".encode())


def count(session: Session, limit: Limit, key: str, *, now: datetime) -> bool:
    """Count one try. Returns whether it is within the limit. The caller commits before judging the try."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    ends_at = now + timedelta(seconds=limit.seconds)
    over = ThrottleCount.ends_at <= now
    statement = insert(ThrottleCount).values(
        bucket=bucket(limit, key), started_at=now, ends_at=ends_at, count=1
    )
    statement = statement.on_conflict_do_update(
        index_elements=[ThrottleCount.bucket],
        set_={
            "count": case((over, 1), else_=ThrottleCount.count + 1),
            "started_at": case((over, now), else_=ThrottleCount.started_at),
            "ends_at": case((over, ends_at), else_=ThrottleCount.ends_at),
        },
    ).returning(ThrottleCount.count)
    counted: int = session.execute(statement).scalar_one()
    return counted <= limit.ceiling


def count_all(session: Session, limits: list[tuple[Limit, str]], *, now: datetime) -> list[Limit]:
    """Count one try in each, in a fixed order so that requests never deadlock. Returns the limits passed."""
    ordered = sorted(limits, key=lambda pair: (pair[0], pair[1]))
    return [limit for limit, key in ordered if not count(session, limit, key, now=now)]


def forgive(session: Session, limits: list[tuple[Limit, str]], *, now: datetime) -> None:
    """The try was right: take it off again."""
    for limit, key in sorted(limits, key=lambda pair: (pair[0], pair[1])):
        session.execute(
            update(ThrottleCount)
            .where(
                ThrottleCount.bucket == bucket(limit, key),
                ThrottleCount.count > 0,
                ThrottleCount.ends_at > now,
            )
            .values(count=ThrottleCount.count - 1)
        )


def sweep(session: Session, *, now: datetime) -> None:
    """Drop windows that are over (the worker, daily)."""
    session.execute(delete(ThrottleCount).where(ThrottleCount.ends_at <= now - timedelta(days=1)))
