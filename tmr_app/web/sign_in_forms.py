"""The sign-in forms: Flask-Security's, with counted tries, one same answer, and codes taken once."""

from functools import cache
from typing import Any

from flask import current_app, request
from flask_babel import gettext
from flask_security import LoginForm, TwoFactorVerifyCodeForm, VerifyForm, hash_password, verify_password
from flask_security.proxies import _security
from flask_security.recovery_codes import MfRecoveryForm
from flask_wtf import FlaskForm
from wtforms import StringField

from tmr_app.kernel import audit
from tmr_app.kernel.db import session
from tmr_app.kernel.forms import Form
from tmr_app.members import accounts
from tmr_app.members.account_models import Account
from tmr_app.members.sign_in_tries import Tries, at_code, at_sign_in


class Strict(FlaskForm):
    """Names the form does not know, or gets twice, are refused (400), as in our own forms."""

    also_sent = frozenset({"next"})

    def is_whole(self, **kwargs: Any) -> bool:
        """What the library's own validation asks first: token, fields, nothing foreign. Raises BadInput."""
        Form.refuse_foreign(self, request.form.lists())
        return bool(FlaskForm.validate(self, **kwargs))


@cache
def _hash_of_nothing(_app_id: int) -> str:
    """Compared with when there is no such account, so that both answers take equally long."""
    return str(hash_password("no such account"))


def password_fits(account: Account | None, typed: str) -> bool:
    """Whether this is the account's password; as slow for no account. An outdated hash is made anew.

    The transaction is closed before hashing: a hash takes a quarter of a second, and nobody waits for it.
    """
    usable = account is not None and account.active and bool(account.password)
    stored = account.password if account is not None and usable else None
    session().commit()
    normal = _security.password_util.normalize(typed)
    fits = bool(verify_password(normal, stored or _hash_of_nothing(id(current_app.config)))) and usable
    if fits and account is not None and _security.pwd_context.needs_update(account.password):
        account.password = hash_password(normal)
    return fits


def too_many(field: Any) -> bool:
    """Refuse at this field: too many tries. Always False."""
    field.errors = [*field.errors, gettext("Too many attempts. Wait five minutes, then try again.")]
    return False


class SignInForm(Strict, LoginForm):
    """Address and password. Unknown, disabled, not yet activated and wrong all get the same answer."""

    remember = None

    def validate(self, **kwargs: Any) -> bool:
        if not self.is_whole(**kwargs):
            return False
        email = (self.email.data or "").strip().lower()
        account = accounts.by_email(session(), email)
        tries = at_sign_in(session(), email, account)
        self.ifield = self.email
        if not tries.begin():
            self.form_errors.append(gettext("Too many attempts. Wait five minutes, then try again."))
            return False
        if not password_fits(account, self.password.data or ""):
            tries.wrong()
            self.form_errors.append(gettext("The address or the password is not right."))
            return False
        tries.right()
        self.next.data = self.next.data or "/"  # else the library carries this page's own address along
        self.user = account
        self.user_authenticated = True
        return True


def code_fits(field: Any, account: Account, secret: str, window: int = 30) -> bool:
    """Judge a typed code under its limits; the refusal goes to `field`."""
    tries = at_code(session(), account)
    if not tries.begin():
        return too_many(field)
    if _security.totp_factory.verify_totp(field.data or "", secret, account, window):
        tries.right()
        return True
    return _wrong_code(field, tries)


def _wrong_code(field: Any, tries: Tries) -> bool:
    tries.wrong()
    field.errors = [
        *field.errors,
        gettext("This code is not right, or it was used already. Wait for the next one."),
    ]
    return False


class CodeForm(Strict, TwoFactorVerifyCodeForm):
    """The six digits of the authenticator app."""

    def validate(self, **kwargs: Any) -> bool:
        if not self.is_whole(**kwargs) or self.user is None:
            return False
        account: Account = self.user  # type: ignore[assignment]
        if not code_fits(self.code, account, self.tf_totp_secret):
            return False
        if self.tf_totp_secret != account.tf_totp_secret:
            audit.note(session(), "factor:added", object_type="account", object_id=account.id)
        return True


class RecoveryForm(Strict, MfRecoveryForm):
    """A recovery code instead of the app; each works once."""

    def validate(self, **kwargs: Any) -> bool:
        if not self.is_whole(**kwargs) or self.user is None:
            return False
        account: Account = self.user  # type: ignore[assignment]
        typed = "".join(letter for letter in (self.code.data or "").lower() if letter.isalnum())
        self.code.data = "-".join(typed[at : at + 4] for at in range(0, len(typed), 4))
        tries = at_code(session(), account)
        if not tries.begin():
            return too_many(self.code)
        if not _security.mf_recovery_codes_util.check_recovery_code(account, self.code.data):
            tries.wrong()
            self.code.errors = [gettext("This recovery code is not right, or it was used already.")]
            return False
        tries.right()
        return True


class FreshForm(Strict, VerifyForm):
    """Proving again who one is, before a serious act: password and code."""

    code = StringField()

    def validate(self, **kwargs: Any) -> bool:
        if not self.is_whole(**kwargs):
            return False
        account: Account = self.user  # type: ignore[assignment]
        tries = at_code(session(), account)
        if not tries.begin():
            return too_many(self.password)
        if not password_fits(account, self.password.data or ""):
            tries.wrong()
            self.password.errors = [gettext("The password is not right.")]
            return False
        if account.has_second_factor and not _security.totp_factory.verify_totp(
            self.code.data or "", account.tf_totp_secret or "", account, 30
        ):
            return _wrong_code(self.code, tries)
        tries.right()
        return True
