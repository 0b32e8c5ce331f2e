"""Who is signed in, and how fresh the sign-in is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast
from uuid import UUID

from flask import current_app, session
from flask_login import UserMixin, current_user
from sqlalchemy.orm.attributes import set_committed_value

from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NeedsFreshSignIn
from tmr_app.kernel.web_session import ServerSession, Stored
from tmr_app.members.account_models import Account
from tmr_app.members.models import Person


@dataclass(slots=True)
class SignedIn(UserMixin):
    """Whom a page is for: the person, and the account by its id. Its secrets are read only where they are asked for."""

    account_id: UUID
    fs_uniquifier: str
    person: Person

    def get_id(self) -> str:
        return self.fs_uniquifier


def _user() -> Account | SignedIn | None:
    """Loaded once per request, inside its transaction (`web.security.load_account`)."""
    return (
        cast(Account | SignedIn, current_user._get_current_object())
        if current_user.is_authenticated
        else None
    )


def current_account() -> Account | None:
    """The signed-in account with its person loaded, or None."""
    user = _user()
    if not isinstance(user, SignedIn):
        return user
    account = db.session().get_one(Account, user.account_id)
    set_committed_value(account, "person", user.person)
    return account


def current_person() -> Person | None:
    """The signed-in person, or None."""
    user = _user()
    return user.person if user else None


def current_session() -> Stored | None:
    """The server-side session of this request; None for a visitor."""
    opened = cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]
    return opened.stored


def current_session_ref() -> str | None:
    """What the audit log calls this request's session: the row's id, never the token."""
    stored = current_session()
    return str(stored.id) if stored else None


def is_fresh(within_seconds: int | None = None) -> bool:
    """Whether password and second factor were shown within this time (setting `fresh_seconds` by default)."""
    stored = current_session()
    if current_person() is None or stored is None or stored.authenticated_at is None:
        return False
    if within_seconds is None:
        within_seconds = current_app.extensions["tmr_settings"].fresh_seconds
    return clock.real_now() - stored.authenticated_at <= timedelta(seconds=within_seconds)


def require_fresh(within_seconds: int | None = None) -> None:
    """For serious acts (sign, export, recuse another, close, add a factor). Raises NeedsFreshSignIn.

    The web layer keeps what was typed as a draft of this address and leads through the sign-in back to it.
    """
    if not is_fresh(within_seconds):
        raise NeedsFreshSignIn


def may_sign() -> bool:
    """False within 24 h of a reset of the account."""
    account = current_account()
    return account is not None and account.may_sign_at(clock.real_now())
