"""What is done to accounts: invite, activate, disable, reset, end sessions.

An administrator administers, and never gets at a secret: no operation here takes a password from one, or enrols a
factor for anybody. Instants are of the real clock. Passwords arrive as hashes: hashing is the web layer's part.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from tmr_app.kernel import audit, clock, links, outbox, vault, web_session
from tmr_app.kernel.encryption import keyed_hash
from tmr_app.members.account_models import Account, KnownNetwork, WebAuthnCredential
from tmr_app.members.models import Appointment, Person
from tmr_app.members.signed_in import (
    current_account,
    current_person,
    current_session,
    current_session_ref,
    is_fresh,
    may_sign,
    require_fresh,
)

__all__ = [
    "current_account",
    "current_person",
    "current_session",
    "current_session_ref",
    "is_fresh",
    "may_sign",
    "require_fresh",
]  # who is signed in, under the name other rooms look for

ACTIVATION, RESET = "activation", "reset"
ACTIVATION_LIFE = timedelta(days=7)
RESET_LIFE = timedelta(hours=2)
SIGNING_PAUSE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link and the code to be typed beside it; both go out by mail, the link alone opens nothing."""

    public_url: str
    path: str
    code: str

    @property
    def url(self) -> str:
        return self.public_url + self.path


def code_of(token: str) -> str:
    """The six digits that belong to a link: a machine that only opens or submits the link cannot know them."""
    return f"{int.from_bytes(keyed_hash('link-code', token.encode())[:8], 'big') % 1_000_000:06d}"


def code_fits(token: str, typed: str) -> bool:
    """Compare in constant time; blanks and dashes in what was typed do not matter."""
    digits = "".join(letter for letter in typed if letter.isdecimal() and letter.isascii())
    return hmac.compare_digest(code_of(token), digits)


def by_email(session: Session, email: str) -> Account | None:
    return session.scalar(
        select(Account).options(joinedload(Account.person)).where(Account.email == email.strip().lower())
    )


def of_person(session: Session, person_id: UUID) -> Account | None:
    return session.scalar(select(Account).where(Account.person_id == person_id))


def activated_among(session: Session, person_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these people who can sign in: the account was activated and is not disabled. One statement."""
    return set(
        session.scalars(
            select(Account.person_id).where(
                Account.person_id.in_(set(person_ids)),
                Account.activated_at.is_not(None),
                Account.active.is_(True),
            )
        )
    )


def _note(session: Session, tag: str, account: Account, actor: Person | None) -> None:
    actor_id = actor.id if actor else None
    audit.note(session, tag, object_type="account", object_id=account.id, actor_id=actor_id)


def _link(session: Session, account: Account, purpose: str, public_url: str, now: datetime) -> Invitation:
    """A new link; an earlier one of the same purpose dies."""
    links.revoke_for(session, subject_id=account.id, purpose=purpose, now=now)
    life = ACTIVATION_LIFE if purpose == ACTIVATION else RESET_LIFE
    token = links.issue(
        session,
        purpose=purpose,
        subject_id=account.id,
        now=now,
        expires_at=now + life,
        person_id=account.person_id,
    )
    path = "activate" if purpose == ACTIVATION else "reset"
    return Invitation(public_url, f"/account/{path}/{token}", code_of(token))


def _mail(session: Session, person: Person, kind: str, invitation: Invitation, now: datetime) -> None:
    outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=clock.now(),  # the worker's queue runs by the domain clock
        parameters={"path": invitation.path, "code": invitation.code},
        about_id=person.id,
    )


def open_account(session: Session, *, person: Person, now: datetime) -> Account:
    """The person's account, made when there is none yet (without password, so nobody can sign in to it)."""
    account = of_person(session, person.id)
    if account is None:
        account = Account(
            person_id=person.id,
            email=person.email.strip().lower(),
            active=True,
            fs_uniquifier=uuid4().hex,
            fs_webauthn_user_handle=uuid4().hex,
        )
        session.add(account)
        if session.get(vault.DataKey, person.id) is None:
            vault.create_key(session, person.id, now)
        session.flush()
    account.email = person.email.strip().lower()
    return account


def invite(session: Session, actor: Person, now: datetime, *, person: Person, public_url: str) -> Account:
    """Invite, or invite again: a mail with a link (7 days, once) and a code. Earlier links die.

    For an account in use this is the way back after a lost telephone: password and factors stay until the link is
    used, then all of them are set anew by the person, and signing rests for 24 h.
    """
    account = open_account(session, person=person, now=now)
    account.invited_at = now
    _mail(session, person, "account_invitation", _link(session, account, ACTIVATION, public_url, now), now)
    _note(session, "account:invited", account, actor)
    return account


def withdraw_invitation(session: Session, actor: Person, now: datetime, *, account: Account) -> None:
    """The link dies, and the mail that would bring it does not leave any more."""
    links.revoke_for(session, subject_id=account.id, purpose=ACTIVATION, now=now)
    outbox.cancel_kind(session, recipient_id=account.person_id, kind="account_invitation", now=now)
    _note(session, "account:invitation_withdrawn", account, actor)


def create_administrator(
    session: Session, now: datetime, *, name: str, email: str, public_url: str
) -> Invitation:
    """The first way in (`tmr admin create`): a person appointed administrator; the link and code are returned."""
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if person is None:
        person = Person(name=name.strip(), email=email.strip().lower(), language="sq", created_at=now)
        session.add(person)
        session.flush()
    appointed = select(Appointment.id).where(
        Appointment.person_id == person.id, Appointment.office == "administrator", Appointment.to_on.is_(None)
    )
    if session.scalar(appointed) is None:
        today = clock.civil_date(now)
        session.add(Appointment(person_id=person.id, office="administrator", from_on=today, created_at=now))
    account = open_account(session, person=person, now=now)
    account.invited_at = now
    _note(session, "account:administrator_created", account, None)
    return _link(session, account, ACTIVATION, public_url, now)


def find_link(
    session: Session, *, purpose: str, token: str, now: datetime
) -> tuple[links.Link, Account] | None:
    """The live link and its account, or None: unknown, expired, used, revoked or disabled look alike."""
    link = links.find(session, purpose=purpose, token=token, now=now)
    if link is None:
        return None
    account = session.scalar(
        select(Account).options(joinedload(Account.person)).where(Account.id == link.subject_id)
    )
    return (link, account) if account is not None and account.active else None


def activate(
    session: Session, now: datetime, *, link: links.Link, account: Account, password_hash: str
) -> None:
    """Set the first password. An account used before starts anew: factors gone, sessions ended, signing paused."""
    if account.activated_at is not None:
        account.signing_blocked_until = now + SIGNING_PAUSE
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    account.mf_recovery_codes = None
    session.execute(delete(WebAuthnCredential).where(WebAuthnCredential.user_id == account.id))
    account.activated_at = now
    _set_password(session, account, password_hash, link, now)
    _note(session, "account:activated", account, account.person)


def ask_reset(session: Session, now: datetime, *, email: str, public_url: str) -> None:
    """Mail a reset link when there is such an account in use; otherwise do nothing. The answer is the same."""
    account = by_email(session, email)
    if account is None or not account.active or not account.password:
        audit.note(session, "reset:asked", object_type="account", outcome="refused")
        return
    invitation = _link(session, account, RESET, public_url, now)
    _mail(session, account.person, "account_reset", invitation, now)
    _note(session, "reset:asked", account, None)


def finish_reset(
    session: Session, now: datetime, *, link: links.Link, account: Account, password_hash: str
) -> None:
    """A new password by the mailed link: every session ends, signing rests for 24 h, the second factor stays."""
    account.signing_blocked_until = now + SIGNING_PAUSE
    _set_password(session, account, password_hash, link, now)
    _note(session, "reset:done", account, account.person)


def _set_password(
    session: Session, account: Account, password_hash: str, link: links.Link, now: datetime
) -> None:
    account.password = password_hash
    account.fs_uniquifier = uuid4().hex
    link.used_at = now
    for purpose in (ACTIVATION, RESET):
        links.revoke_for(session, subject_id=account.id, purpose=purpose, now=now)
    web_session.end(session, owner_id=account.id)
    # The mail's row keeps no link and no code once they are used.
    session.execute(
        update(outbox.OutboxMessage)
        .where(
            outbox.OutboxMessage.about_id == account.person_id,
            outbox.OutboxMessage.kind.in_(("account_invitation", "account_reset")),
        )
        .values(parameters={})
    )


def disable(session: Session, actor: Person | None, now: datetime, *, account: Account) -> None:
    """No sign-in any more; every session ends at its next request, every link dies."""
    account.active = False
    account.disabled_at = now
    for purpose in (ACTIVATION, RESET):
        links.revoke_for(session, subject_id=account.id, purpose=purpose, now=now)
    _note(session, "account:disabled", account, actor)
    end_sessions(session, actor, account=account)


def enable(session: Session, actor: Person, now: datetime, *, account: Account) -> None:
    account.active = True
    account.disabled_at = None
    _note(session, "account:enabled", account, actor)


def end_sessions(
    session: Session,
    actor: Person | None,
    *,
    account: Account,
    but: UUID | None = None,
    begun_before: datetime | None = None,
) -> int:
    """End all sessions of the account (`but` spares the one in use, `begun_before` later ones). Returns how many."""
    ended = web_session.end(session, owner_id=account.id, but=but, begun_before=begun_before)
    if ended:
        _note(session, "session:ended", account, actor)
    return ended


def end_session(session: Session, actor: Person, *, account: Account, session_id: UUID) -> bool:
    """End one of the account's own sessions; False when there is none such."""
    ended = web_session.end(session, owner_id=account.id, session_id=session_id)
    if ended:
        _note(session, "session:ended", account, actor)
    return bool(ended)


def is_known_network(session: Session, account: Account, network: str) -> bool:
    return session.get(KnownNetwork, (account.id, network)) is not None


def remember_network(session: Session, account: Account, network: str, now: datetime) -> None:
    known = session.get(KnownNetwork, (account.id, network))
    if known is None:
        session.add(KnownNetwork(account_id=account.id, network=network, last_at=now))
    else:
        known.last_at = now


def take_code_step(session: Session, account: Account, step: int) -> bool:
    """Use up the time step of a TOTP code; False when this step or a later one was used already."""
    taken = session.execute(
        update(Account)
        .where(
            Account.id == account.id, (Account.tf_last_counter.is_(None)) | (Account.tf_last_counter < step)
        )
        .values(tf_last_counter=step)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount:  # type: ignore[attr-defined]
        set_committed_value(account, "tf_last_counter", step)
    return bool(taken.rowcount)  # type: ignore[attr-defined]
