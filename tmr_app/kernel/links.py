"""Addresses that carry a token (calendar feed, activation, report link): random, stored hashed, revocable."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tmr_app.kernel.db import Base, Identified


class Link(Identified, Base):
    """One token. `purpose` says which door it opens, `subject_id` what for, `person_id` whose it is."""

    __tablename__ = "link"
    purpose: Mapped[str] = mapped_column(String(30))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


def _hash(token: str) -> bytes:
    return hashlib.sha256(b"link\x00" + token.encode()).digest()


def issue(
    session: Session,
    *,
    purpose: str,
    subject_id: UUID,
    now: datetime,
    expires_at: datetime | None,
    person_id: UUID | None = None,
    case_id: UUID | None = None,
) -> str:
    """Make a token of 256 random bits; only its hash is stored. Returns the token."""
    token = secrets.token_urlsafe(32)
    session.add(
        Link(
            purpose=purpose,
            token_hash=_hash(token),
            subject_id=subject_id,
            person_id=person_id,
            case_id=case_id,
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def find(session: Session, *, purpose: str, token: str, now: datetime) -> Link | None:
    """The live link of this token, or None: unknown, of another purpose, expired, used or revoked look alike."""
    link = session.scalar(select(Link).where(Link.token_hash == _hash(token), Link.purpose == purpose))
    if link is None or link.revoked_at or link.used_at or (link.expires_at and link.expires_at <= now):
        return None
    return link


def revoke_for(session: Session, *, subject_id: UUID, purpose: str, now: datetime) -> None:
    for link in session.scalars(
        select(Link).where(Link.subject_id == subject_id, Link.purpose == purpose, Link.revoked_at.is_(None))
    ):
        link.revoked_at = now


def revoke_of_person(session: Session, *, person_id: UUID, case_id: UUID, now: datetime) -> None:
    """Every live token this person holds for this case (recusal, end of seat)."""
    session.execute(
        update(Link)
        .where(Link.person_id == person_id, Link.case_id == case_id, Link.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def revoke_about(session: Session, *, subject_id: UUID, now: datetime) -> None:
    """Every live token for this record, whatever its purpose."""
    session.execute(
        update(Link).where(Link.subject_id == subject_id, Link.revoked_at.is_(None)).values(revoked_at=now)
    )
