"""The address of a person's own calendar feed: one at a time, shown once, revocable, stored as a hash."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, links
from tmr_app.kernel.links import Link
from tmr_app.members.models import Person

PURPOSE = "calendar_feed"


def make(session: Session, actor: Person, now: datetime) -> str:
    """A new address for this person; the one before stops working. Returns the token, which is kept nowhere."""
    links.revoke_for(session, subject_id=actor.id, purpose=PURPOSE, now=now)
    token = links.issue(
        session, purpose=PURPOSE, subject_id=actor.id, person_id=actor.id, now=now, expires_at=None
    )
    audit.note(session, "feed:made", object_type="person", object_id=actor.id, actor_id=actor.id)
    return token


def revoke(session: Session, actor: Person, now: datetime) -> None:
    """Take the address back: whoever has it gets 404 from now on."""
    links.revoke_for(session, subject_id=actor.id, purpose=PURPOSE, now=now)
    audit.note(session, "feed:revoked", object_type="person", object_id=actor.id, actor_id=actor.id)


def made_at(session: Session, person_id: UUID) -> datetime | None:
    """Since when this person has an address, or None."""
    return session.scalar(
        select(Link.created_at)
        .where(Link.subject_id == person_id, Link.purpose == PURPOSE, Link.revoked_at.is_(None))
        .order_by(Link.created_at.desc())
        .limit(1)
    )


def owner(session: Session, token: str, now: datetime) -> Person | None:
    """Whose feed this is; None for an unknown or revoked token. Changes nothing."""
    link = links.find(session, purpose=PURPOSE, token=token, now=now)
    return session.get(Person, link.person_id) if link is not None and link.person_id is not None else None
