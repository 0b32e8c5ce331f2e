"""The append-only, hash-chained audit log.

Entries are noted while a unit works and written in the same transaction, last, just before it commits; so a change and
its row, or a sensitive read and its row, stand or fall together. Rows hold ids and rule names, never personal data.
"""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, String, event, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel import clock, encryption
from tmr_app.kernel.db import Base
from tmr_app.kernel.ready import Ready

GENESIS = b"\x00" * 32
CHAIN_LOCK = 0x746D72  # the advisory lock's number on PostgreSQL: "tmr"


class AuditEntry(Base):
    """One row of the chain. `changes` maps a field's name to a keyed hash of its value."""

    __tablename__ = "audit_entry"
    sequence: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    standing: Mapped[str | None] = mapped_column(String(60))
    session_ref: Mapped[str | None] = mapped_column(String(64))
    network: Mapped[str | None] = mapped_column(String(64))
    tag: Mapped[str] = mapped_column(String(80))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    rule: Mapped[str | None] = mapped_column(String(80))
    outcome: Mapped[str] = mapped_column(String(20))
    request_id: Mapped[str | None] = mapped_column(String(40))
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    previous_hash: Mapped[bytes] = mapped_column(LargeBinary)
    own_hash: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("ix_audit_case", "case_id", "sequence"),
        Index("ix_audit_actor", "actor_id", "sequence"),
        Index("ix_audit_object", "object_id", "tag"),
    )


HASHED = [c.key for c in AuditEntry.__table__.columns if c.key not in ("previous_hash", "own_hash")]

# Built once: every request that reads or changes a case appends a row.
_ROWS = AuditEntry.__table__
_LAST = Ready(select(_ROWS.c.sequence, _ROWS.c.own_hash).order_by(_ROWS.c.sequence.desc()).limit(1))
_APPEND = Ready(insert(_ROWS))  # type: ignore[arg-type]


def identify(
    session: Session,
    *,
    actor_id: UUID | None,
    standing: str | None = None,
    session_ref: str | None = None,
    network: str | None = None,
    request_id: str | None = None,
) -> None:
    """Say once per unit who is acting; every later note carries it. A call replaces only the values it gives."""
    given = {
        "actor_id": actor_id,
        "standing": standing,
        "session_ref": session_ref,
        "network": network,
        "request_id": request_id,
    }
    context = session.info.setdefault("audit_context", {})
    context.update({key: value for key, value in given.items() if value is not None})


def note(
    session: Session,
    tag: str,
    *,
    object_type: str,
    object_id: UUID | None = None,
    case_id: UUID | None = None,
    rule: str | None = None,
    outcome: str = "done",
    changes: dict[str, Any] | None = None,
    actor_id: UUID | None = None,
) -> None:
    """Queue one entry; `tag` is "object:deed". It is written when the unit commits."""
    context = session.info.get("audit_context", {})
    entry = {
        "at": clock.real_now(),
        "actor_id": None,
        "standing": None,
        "session_ref": None,
        "network": None,
        "request_id": None,
        **context,
        "tag": tag,
        "object_type": object_type,
        "object_id": object_id,
        "case_id": case_id,
        "rule": rule,
        "outcome": outcome,
        "changes": {name: hash_of(value) for name, value in changes.items()} if changes else None,
    }
    if actor_id is not None:
        entry["actor_id"] = actor_id
    session.info.setdefault("audit_queue", []).append(entry)
    # Kept apart from the queue, which a savepoint already writes before the unit ends.
    if case_id is not None and outcome == "done":
        session.info.setdefault("cases_noted", set()).add(case_id)


def cases_noted(session: Session) -> set[UUID]:
    """The cases in which this unit has noted a deed so far (neither a read nor a refusal)."""
    return set(session.info.get("cases_noted", ()))


def hash_of(value: object) -> str:
    return encryption.keyed_hash("audit-values", repr(value).encode()).hex()[:32]


def canonical(entry: dict[str, Any]) -> bytes:
    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(timespec="microseconds")
        return str(value) if isinstance(value, UUID) else value

    fields = {name: plain(entry[name]) for name in HASHED}
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link(previous_hash: bytes, entry: dict[str, Any]) -> bytes:
    """SHA-256 over 0x00, the previous hash and the canonical row."""
    return hashlib.sha256(b"\x00" + previous_hash + canonical(entry)).digest()


def write_queued(session: Session) -> None:
    """Append what was noted, in order. On PostgreSQL the chain's lock is taken here: last, and held to the commit."""
    queue = session.info.pop("audit_queue", None)
    if not queue:
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    connection = session.connection()
    sequence, previous = next(iter(_LAST.rows(connection, {})), (0, GENESIS))
    for entry in queue:
        sequence += 1
        row = {**entry, "sequence": sequence, "previous_hash": previous}
        previous = row["own_hash"] = link(previous, row)
        _APPEND.run(connection, row)


@event.listens_for(Session, "before_commit")
def _write_before_commit(session: Session) -> None:
    write_queued(session)


@event.listens_for(Session, "after_rollback")
def _forget_after_rollback(session: Session) -> None:
    session.info.pop("audit_queue", None)
    session.info.pop("cases_noted", None)


class ChainBroken(Exception):
    """The chain does not verify; `sequence` is the first bad row, `gap` whether a row is missing before it."""

    def __init__(self, sequence: int, *, gap: bool) -> None:
        super().__init__(f"audit chain broken at {sequence}")
        self.sequence = sequence
        self.gap = gap


def verify(session: Session) -> int:
    """Check every link from the first row. Returns the number of rows; raises ChainBroken."""
    expected, previous = 1, GENESIS
    for row in session.execute(select(AuditEntry.__table__).order_by(AuditEntry.sequence)).mappings():
        entry = dict(row)
        if entry["sequence"] != expected:
            raise ChainBroken(expected, gap=True)
        if bytes(entry["previous_hash"]) != previous or link(previous, entry) != bytes(entry["own_hash"]):
            raise ChainBroken(entry["sequence"], gap=False)
        expected, previous = expected + 1, bytes(entry["own_hash"])
    return expected - 1
