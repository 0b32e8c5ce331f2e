"""Mail leaves through this table only: written with the change that causes it, sent by the worker.

A row holds no personal data beyond the recipient's official address: a kind (which template), neutral parameters, a link.
States: queued -> claimed -> accepted | bounced | dead | cancelled. "Accepted" means accepted by the mail server, no more.
SMTP is at-least-once (RFC 1047), so the Message-ID is fixed when the row is written.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID, uuid4

from sqlalchemy import JSON, Index, Integer, String, Text, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel import clock
from tmr_app.kernel.db import Base, Identified

QUEUED, CLAIMED, ACCEPTED, BOUNCED, DEAD, CANCELLED, HELD = (
    "queued",
    "claimed",
    "accepted",
    "bounced",
    "dead",
    "cancelled",
    "held",
)
FINAL = (ACCEPTED, BOUNCED, DEAD, CANCELLED)


class Addressee(Protocol):
    """Whoever can be written to: a person of ours, or an `Address`."""

    @property
    def id(self) -> UUID: ...

    @property
    def email(self) -> str: ...

    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where to write when it is nobody of ours: an institution, a mailbox."""

    id: UUID
    email: str
    language: str = "sq"


class OutboxMessage(Identified, Base):
    """One mail to one person. `about_id` is the record it speaks of (a meeting, a report request ...)."""

    __tablename__ = "outbox_message"
    kind: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    recipient_id: Mapped[UUID] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(10))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    about_id: Mapped[UUID | None] = mapped_column(index=True)
    once_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    state: Mapped[str] = mapped_column(String(12), default=QUEUED)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_reply: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_outbox_due", "state", "next_try_at"),)


def enqueue(
    session: Session,
    *,
    kind: str,
    to: Addressee,
    now: datetime,
    parameters: dict[str, Any],
    case_id: UUID | None = None,
    about_id: UUID | None = None,
    once_key: str | None = None,
    domain: str = "tryeza.example",
) -> OutboxMessage:
    """Write one mail. `kind` names `templates/mail/<kind>/`; `parameters` hold neutral codes, dates, links only.

    `now` is the domain instant that stands in the letter; when it leaves is counted in real time.
    `once_key` makes a second row of the same key impossible (reminders): use `already_written` first.
    """
    message = OutboxMessage(
        kind=kind,
        message_id=f"<{uuid4()}@{domain}>",
        recipient_id=to.id,
        address=to.email,
        language=to.language,
        parameters=parameters,
        case_id=case_id,
        about_id=about_id,
        once_key=once_key,
        state=QUEUED,
        attempts=0,
        created_at=now,
        next_try_at=clock.real_now(),
    )
    session.add(message)
    return message


def already_written(session: Session, once_keys: list[str]) -> set[str]:
    return set(
        session.scalars(select(OutboxMessage.once_key).where(OutboxMessage.once_key.in_(once_keys)))
    ) - {None}  # type: ignore[return-value]


def cancel_for(session: Session, *, recipient_id: UUID, case_id: UUID, now: datetime) -> int:
    """Withdraw what has not left yet for this person about this case (recusal, end of seat). Returns how many."""
    withdrawn = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.recipient_id == recipient_id,
            OutboxMessage.case_id == case_id,
            OutboxMessage.state.in_((QUEUED, CLAIMED, HELD)),
        )
        .values(state=CANCELLED, ended_at=now)
    )
    return int(withdrawn.rowcount or 0)  # type: ignore[attr-defined]


def readdress(session: Session, *, recipient_id: UUID, address: str) -> None:
    """What has not left yet goes where this person is reached from now on: the old address may be a stranger's."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.recipient_id == recipient_id, OutboxMessage.state.in_((QUEUED, CLAIMED, HELD)))
        .values(address=address)
    )


def cancel_kind(session: Session, *, recipient_id: UUID, kind: str, now: datetime) -> None:
    """Withdraw this person's unsent mails of one kind: what they would open is no more. Their parameters go with them."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.recipient_id == recipient_id,
            OutboxMessage.kind == kind,
            OutboxMessage.state.in_((QUEUED, CLAIMED, HELD)),
        )
        .values(state=CANCELLED, ended_at=now, parameters={})
    )


def claim(
    session: Session, *, worker: str, now: datetime, lease: timedelta, limit: int = 20
) -> list[OutboxMessage]:
    """Take due rows for this worker: one UPDATE ... RETURNING, so two workers never hold the same row.

    A row whose lease ran out (a worker died) is due again. FOR UPDATE SKIP LOCKED is PostgreSQL's part; on SQLite the
    unit holds the write lock anyway.
    """
    due = (
        select(OutboxMessage.id)
        .where(
            ((OutboxMessage.state == QUEUED) & (OutboxMessage.next_try_at <= now))
            | ((OutboxMessage.state == CLAIMED) & (OutboxMessage.lease_until <= now))
        )
        .order_by(OutboxMessage.next_try_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(
        session.scalars(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(due))
            .values(
                state=CLAIMED, claimed_by=worker, lease_until=now + lease, attempts=OutboxMessage.attempts + 1
            )
            .returning(OutboxMessage),
            execution_options={"synchronize_session": False},
        )
    )
