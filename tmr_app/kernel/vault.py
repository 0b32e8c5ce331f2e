"""The table of wrapped data keys: creating, unlocking, re-wrapping and erasing them."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, LargeBinary, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel import encryption
from tmr_app.kernel.db import Base


class DataKey(Base):
    """One wrapped key per subject. Deleting the row is what erases the subject."""

    __tablename__ = "data_key"
    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


_KEYS = DataKey.__table__.c
_WRAPPED = select(_KEYS.subject_id, _KEYS.wrapped).where(
    _KEYS.subject_id.in_(bindparam("subject_ids", expanding=True))
)


def create_key(session: Session, subject_id: UUID, now: datetime) -> None:
    """Give a new subject its data key and unlock it."""
    data_key = secrets.token_bytes(32)
    session.add(DataKey(subject_id=subject_id, wrapped=encryption.keyring().wrap(data_key), created_at=now))
    encryption.remember(subject_id, data_key)


def unlock(session: Session, subject_ids: Iterable[UUID]) -> None:
    """Unlock the keys of these subjects for this unit of work: one statement for all that are still locked."""
    locked = encryption.missing(subject_ids)
    if not locked:
        return
    unlock_wrapped((row[0], row[1]) for row in session.execute(_WRAPPED, {"subject_ids": list(locked)}))


def unlock_wrapped(keys: Iterable[tuple[UUID, bytes | None]]) -> None:
    """Unlock keys that were read, still wrapped, with their subjects; None is a destroyed one."""
    for subject_id, wrapped in keys:
        if wrapped is not None:
            encryption.remember(subject_id, encryption.keyring().unwrap(wrapped))


def erase(session: Session, subject_id: UUID) -> None:
    session.execute(delete(DataKey).where(DataKey.subject_id == subject_id))


def scrub(engine: Engine) -> None:
    """After an erasure: PostgreSQL keeps deleted rows in its files until they are vacuumed. SQLite overwrites at once.

    Runs outside a transaction and shuts the table of keys (small: one row a case) for a moment; while a backup reads it,
    it gives up soon, so that no page waits behind it. Raises sqlalchemy.exc.OperationalError then: try again later.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = '2s'"))
        connection.execute(text("VACUUM FULL data_key"))
        connection.execute(text("RESET lock_timeout"))


def rewrap_all(session: Session, old: encryption.Keyring, new: encryption.Keyring) -> int:
    """After a rotation: wrap every data key under the new installation key. Returns how many."""
    count = 0
    for row in session.scalars(select(DataKey)):
        row.wrapped = new.wrap(old.unwrap(row.wrapped))
        count += 1
    return count
