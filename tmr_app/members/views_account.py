"""One's own account: activation, reset, settings, factors, recovery codes, sessions, own accesses."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, g, url_for
from flask_babel import gettext as _
from flask_security import hash_password, logout_user
from flask_security.proxies import _security
from sqlalchemy import select

from tmr_app.access.permissions import Permission
from tmr_app.kernel import audit, clock, db, web_session
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.settings import Settings
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import accounts
from tmr_app.members.account_models import Account
from tmr_app.members.forms_account import AskResetForm, EmptyForm, NewPasswordForm, SettingsForm
from tmr_app.members.sign_in_tries import LINK_CODES, RESETS, Tries

blueprint = Blueprint("account", __name__)
SHOWN_ACCESSES = 100


def _settings() -> Settings:
    settings: Settings = current_app.extensions["tmr_settings"]
    return settings


def _account() -> Account:
    account = accounts.current_account()
    if account is None:
        raise NotFound("account")
    return account


# Without being signed in: the two mailed links


@blueprint.route("/account/activate/<token>", methods=["GET", "POST"])
@allows(Permission.PUBLIC)
def activate(token: str) -> Any:
    """GET shows the page and changes nothing; POST with the code sets the password and leads to the second factor."""
    return _new_password(token, accounts.ACTIVATION, accounts.activate, _to_second_factor)


@blueprint.route("/account/reset/<token>", methods=["GET", "POST"])
@allows(Permission.PUBLIC)
def reset(token: str) -> Any:
    return _new_password(token, accounts.RESET, accounts.finish_reset, _to_sign_in)


def _new_password(
    token: str, purpose: str, deed: Callable[..., None], onward: Callable[[Account], Any]
) -> Any:
    session, now = db.session(), clock.real_now()
    found = accounts.find_link(session, purpose=purpose, token=token, now=now)
    if found is None:
        return Page("account/link_over.html", status=404)
    link, account = found
    form = NewPasswordForm(own_words=(account.email, account.person.name))
    page = Page("account/new_password.html", form=form, purpose=purpose, email=account.email)
    if not form.is_submitted():
        return page
    page.status = 422
    if not form.validate():
        return page
    tries = Tries(session, [(limit, str(link.id)) for limit in LINK_CODES], account, purpose)
    if not tries.begin():
        form.code.errors = [_("Too many attempts. Wait five minutes, then try again.")]
        page.status = 429
        return page
    if not accounts.code_fits(token, form.code.data or ""):
        tries.wrong()
        form.code.errors = [
            _("This is not the code of this mail. Look at the newest mail and type its six digits.")
        ]
        return page
    password_hash = hash_password(_security.password_util.normalize(form.password.data))
    deed(session, now, link=link, account=account, password_hash=password_hash)
    return onward(account)


def _to_second_factor(account: Account) -> Any:
    """As after a right password: nobody is signed in before the second factor is set up."""
    return _security.two_factor_plugins.tf_enter(account, False, "activation", None)


def _to_sign_in(_account: Account) -> Any:
    return Redirect(url_for("security.login"), flash=_("Your password is changed. Please sign in with it."))


@blueprint.route("/account/reset", methods=["GET", "POST"])
@allows(Permission.PUBLIC)
def ask_reset() -> Any:
    """One same answer, equally slow, whether there is such an account or not (ASVS 6.3.8)."""
    form = AskResetForm()
    if not form.validate_on_submit():
        return Page("account/ask_reset.html", form=form, status=422 if form.is_submitted() else 200)
    email = (form.email.data or "").strip().lower()
    tries = Tries(db.session(), [(limit, email) for limit in RESETS], None, "reset")
    within = tries.begin()
    g.pop("answer_status", None)
    hash_password(email)  # outweighs what a known address costs more
    if within:
        accounts.ask_reset(db.session(), clock.real_now(), email=email, public_url=_settings().public_url)
    return Page("account/reset_asked.html")


# Signed in


@blueprint.get("/account")
@allows(Permission.OWN_ACCOUNT)
def show() -> Page:
    account = _account()
    return Page("account/show.html", **_overview(account), form=_filled(account))


def _filled(account: Account) -> SettingsForm:
    chosen = account.person.notification_settings or {}
    return SettingsForm(
        formdata=None,
        language=account.person.language,
        extra_reminders=chosen.get("extra_reminders", False),
        confirmations=chosen.get("confirmations", True),
    )


def _overview(account: Account) -> dict[str, Any]:
    return {
        "own": account,
        "person": account.person,
        "passkeys": list(account.webauthn),
        "recovery_codes_left": len(account.mf_recovery_codes or []),
        "signing_paused": not account.may_sign_at(clock.real_now()),
    }


@blueprint.post("/account/settings")
@allows(Permission.OWN_ACCOUNT)
def save_settings() -> Any:
    account, form = _account(), SettingsForm()
    if not form.validate():
        return Page("account/show.html", **_overview(account), form=form, status=422)
    account.person.language = g.user_language = form.language.data
    account.person.notification_settings = {
        "extra_reminders": bool(form.extra_reminders.data),
        "confirmations": bool(form.confirmations.data),
    }
    audit.note(db.session(), "account:settings", object_type="account", object_id=account.id)
    return Redirect(url_for("account.show"), flash=_("Your settings are saved."))


@blueprint.route("/account/recovery-codes", methods=["GET", "POST"])
@allows(Permission.OWN_ACCOUNT)
def recovery_codes() -> Any:
    """GET explains; POST makes ten new ones, shown this once; the old ones die."""
    account, form = _account(), EmptyForm()
    left = len(account.mf_recovery_codes or [])
    if not form.validate_on_submit():
        return Page("account/recovery_codes.html", codes=[], left=left)
    accounts.require_fresh()
    codes = _security.mf_recovery_codes_util.create_recovery_codes(account)
    audit.note(db.session(), "factor:recovery_codes", object_type="account", object_id=account.id)
    return Page("account/recovery_codes.html", codes=codes, left=len(codes))


@blueprint.get("/account/sessions")
@allows(Permission.OWN_ACCOUNT)
def sessions() -> Page:
    stored = accounts.current_session()
    return Page(
        "account/sessions.html",
        sessions=web_session.of_owner(db.session(), _account().id),
        here=stored.id if stored else None,
    )


@blueprint.post("/account/sessions/<uuid:session_id>/end")
@allows(Permission.OWN_ACCOUNT)
def end_session(session_id: UUID) -> Redirect:
    account = _account()
    if not accounts.end_session(db.session(), account.person, account=account, session_id=session_id):
        raise NotFound("session")
    here = accounts.current_session()
    if here is not None and here.id == session_id:
        logout_user()
        return Redirect(url_for("security.login"), flash=_("You are signed out."))
    return Redirect(url_for("account.sessions"), flash=_("That session is ended."))


@blueprint.post("/account/sessions/end-all")
@allows(Permission.OWN_ACCOUNT)
def end_all_sessions() -> Redirect:
    """All of them, this one too: whoever asks wants to be sure."""
    account = _account()
    accounts.end_sessions(db.session(), account.person, account=account)
    logout_user()
    flash(_("All your sessions are ended. Please sign in again."))
    return Redirect(url_for("security.login"))


@blueprint.get("/account/accesses")
@allows(Permission.OWN_ACCOUNT)
def accesses() -> Page:
    """What the log says this account read and did, newest first."""
    own = select(audit.AuditEntry).where(audit.AuditEntry.actor_id == _account().person_id)
    entries = db.session().scalars(own.order_by(audit.AuditEntry.sequence.desc()).limit(SHOWN_ACCESSES))
    return Page("account/accesses.html", entries=list(entries))
