"""Signing in with one click: in the demonstration only.

Registered only over a database marked as a demonstration; invented people, so no secret is at stake. POST only.
"""

from uuid import UUID

from flask import Blueprint, current_app, request, url_for
from flask_security import login_user
from flask_security.proxies import _security
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tmr_app.access.permissions import Permission
from tmr_app.kernel import db
from tmr_app.kernel.errors import BadInput, NotFound
from tmr_app.kernel.web import Redirect, allows
from tmr_app.members.account_models import Account

blueprint = Blueprint("demo_sign_in", __name__)


@blueprint.post("/demonstration/sign-in")
@allows(Permission.DEMONSTRATION)
def sign_in() -> Redirect:
    """Become the invented person `person_id` of the form."""
    if not current_app.extensions["tmr_settings"].demonstration:
        raise NotFound("demonstration")
    try:
        person_id = UUID(request.form.get("person_id", ""))
    except ValueError as error:
        raise BadInput("person_id") from error
    account = db.session().scalar(
        select(Account).options(joinedload(Account.person)).where(Account.person_id == person_id)
    )
    if account is None or not account.active:
        raise NotFound("person")
    sign_in_without_factor(account)
    return Redirect(url_for("web.home"))


def sign_in_without_factor(account: Account) -> None:
    login_user(account, authn_via=["demonstration"])


def current_totp_code(account: Account) -> str | None:
    """The six digits an app would show now, for the demonstration's mailbox page; None without a secret."""
    if not account.tf_totp_secret:
        return None
    return str(_security.totp_factory.generate_totp_password(account.tf_totp_secret))


def enrol_demonstration_factor(account: Account, password: str) -> None:
    """Give an invented person a password and a TOTP secret (the demonstration's seed; inside an app context)."""
    from flask_security import hash_password

    account.password = hash_password(password)
    account.tf_primary_method = "authenticator"
    account.tf_totp_secret = _security.totp_factory.generate_totp_secret()
