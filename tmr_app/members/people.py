"""People: official name, function, address. A child or parent is never one of them."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock, outbox, vault
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members import accounts
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

TAKEN = Message("Somebody with this mail address is registered already.")


def by_email(session: Session, email: str) -> Person | None:
    return session.scalar(select(Person).where(Person.email == email.strip().lower()))


def register_person(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    name: str,
    email: str,
    function: str | None = None,
    phone: str | None = None,
    language: str = "sq",
) -> Person:
    """Register somebody with a data key of their own (drafts). The address is one person's (FieldRefused)."""
    address = _free_address(session, email, None)
    made = Person(
        name=name,
        email=address,
        function=function or None,
        phone=phone or None,
        language=language,
        created_at=now,
    )
    session.add(made)
    session.flush()
    vault.create_key(session, made.id, now)
    note(session, actor, "person:registered", made.id)
    return made


def change_person(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    person: Person,
    name: str,
    email: str,
    function: str | None,
    phone: str | None,
    language: str,
) -> None:
    """Change what is known of somebody. A new address tells the old one, ends all sessions and open invitations.

    The sign-in address follows only with the next invitation, which sets password and factors anew and lets
    signing rest: so no administrator walks into somebody's account by an address.
    """
    address = _free_address(session, email, person.id)
    if address != person.email:
        _move_address(session, actor, now, person=person, address=address)
    changed = {"name": name, "function": function or None, "phone": phone or None, "language": language}
    for field, value in changed.items():
        setattr(person, field, value)
    note(session, actor, "person:changed", person.id, {**changed, "email": address})


def _free_address(session: Session, email: str, own_id: UUID | None) -> str:
    """The address in small letters; nobody else's, and no other account's sign-in address."""
    address = email.strip().lower()
    other = by_email(session, address)
    account = accounts.by_email(session, address)
    if (other is not None and other.id != own_id) or (account is not None and account.person_id != own_id):
        raise FieldRefused("email", TAKEN)
    return address


def _move_address(
    session: Session, actor: Person | None, now: datetime, *, person: Person, address: str
) -> None:
    outbox.readdress(session, recipient_id=person.id, address=address)
    outbox.enqueue(
        session,
        kind="account_address_changed",
        to=person,
        now=now,
        parameters={"path": "/account"},
        about_id=person.id,
    )
    person.email = address
    person.address_suspended_at = None
    account = accounts.of_person(session, person.id)
    if account is not None and actor is not None:
        accounts.withdraw_invitation(session, actor, clock.real_now(), account=account)
        accounts.end_sessions(session, actor, account=account)


def note(
    session: Session,
    actor: Person | None,
    tag: str,
    person_id: UUID,
    changes: Mapping[str, object] | None = None,
) -> None:
    audit.note(
        session,
        tag,
        object_type="person",
        object_id=person_id,
        actor_id=actor.id if actor else None,
        changes=dict(changes) if changes else None,
    )
