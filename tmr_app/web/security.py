"""Sign-in: Flask-Security on our session, our accounts and our limits.

It judges passwords, codes and passkeys, and nothing else: who may do what is `access.policy`. Views of the library that
we do not use are closed; serious ones among the others ask for a fresh sign-in by our own clock.
"""

import base64
from datetime import timedelta
from functools import wraps
from typing import Any, cast

from flask import Flask, Response, flash, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_login import user_logged_out
from flask_security import Security, SQLAlchemySessionUserDatastore
from flask_security import signals as fs
from flask_security.mail_util import MailUtil
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload
from werkzeug.local import LocalProxy

from tmr_app.access.permissions import Permission
from tmr_app.kernel import audit, clock, db, drafts
from tmr_app.kernel.encryption import keyring
from tmr_app.kernel.errors import NeedsFreshSignIn, NotFound
from tmr_app.kernel.ready import Ready
from tmr_app.kernel.settings import Settings
from tmr_app.kernel.web_session import ServerSession, ServerSessions, network_of
from tmr_app.members import accounts
from tmr_app.members.account_models import Account, Role, WebAuthnCredential
from tmr_app.members.models import Person
from tmr_app.members.passwords import SHORTEST, Passwords
from tmr_app.members.signed_in import SignedIn
from tmr_app.web import languages
from tmr_app.web.second_factor import Codes
from tmr_app.web.sign_in_forms import CodeForm, FreshForm, RecoveryForm, SignInForm

OPEN = frozenset(
    {
        "login", "logout", "verify", "two_factor_setup", "two_factor_setup_validate", "two_factor_token_validation",
        "tf_select", "mf_recovery", "wan_register", "wan_register_response", "wan_signin", "wan_signin_response",
        "wan_delete", "change_password",
    }
)  # fmt: skip
FRESH = frozenset(
    {
        "two_factor_setup", "two_factor_setup_validate", "wan_register", "wan_register_response", "wan_delete",
        "change_password",
    }
)  # fmt: skip
OF_SOMEBODY = FRESH - {"two_factor_setup", "two_factor_setup_validate"} | {"verify"}
NOT_KEPT = ("csrf_token", "password", "code", "once")


class NoMail(MailUtil):
    """The library writes no mail: what we send goes through the outbox."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("mail leaves through the outbox only")


def init_security(app: Flask) -> Security:
    """Set sessions, accounts and sign-in up. Needs `app.extensions["tmr_settings"]`, `app.engine` and the keyring."""
    settings: Settings = app.extensions["tmr_settings"]
    app.session_interface = ServerSessions(lambda: app.engine, settings)  # type: ignore[attr-defined]
    app.config.update(_settings(settings))
    datastore = SQLAlchemySessionUserDatastore(
        cast(Any, LocalProxy(db.session)), Account, cast(Any, Role), WebAuthnCredential
    )
    security = Security(
        app,
        datastore,
        login_form=SignInForm,
        verify_form=FreshForm,
        two_factor_verify_code_form=CodeForm,
        mf_recovery_form=RecoveryForm,
        password_util_cls=Passwords,
        mail_util_cls=NoMail,
        totp_cls=Codes,
    )
    security.want_json(lambda _request: False)
    security.login_manager.user_loader(load_account)
    security.login_manager.session_protection = None  # a changing address is no reason to sign somebody out
    # Rights come from `access.policy`: the library's own identity, made anew for each request and file, is asked by nobody.
    # It has no setting to leave it out; `remove` fails at the start should another version hang it elsewhere.
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    _open_and_close(app)
    app.before_request_funcs.setdefault(None, []).insert(0, rescue_typed)
    app.after_request(finish)
    app.register_error_handler(NeedsFreshSignIn, lead_to_fresh_sign_in)
    _listen(app)
    return security


def _settings(settings: Settings) -> dict[str, Any]:
    cheap = {"argon2__rounds": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
    costly = {"argon2__rounds": 3, "argon2__memory_cost": 65536, "argon2__parallelism": 4}
    key = keyring().derived
    values: dict[str, Any] = {
        "PASSWORD_HASH": "argon2",
        "PASSWORD_SCHEMES": ["argon2"],
        "PASSWORD_SINGLE_HASH": [],
        "PASSWORD_SALT": key("password-pepper").hex(),
        "PASSWORD_HASH_PASSLIB_OPTIONS": cheap if settings.testing else costly,
        "PASSWORD_LENGTH_MIN": SHORTEST,
        "PASSWORD_NORMALIZE_FORM": "NFKC",
        "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
        "RETURN_GENERIC_RESPONSES": True,
        "CHANGEABLE": True,
        "SEND_PASSWORD_CHANGE_EMAIL": False,
        "TWO_FACTOR": True,
        "TWO_FACTOR_REQUIRED": True,
        "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
        "TWO_FACTOR_RESCUE_EMAIL": False,
        "TWO_FACTOR_POST_SETUP_VIEW": "account.show",
        "TOTP_SECRETS": {"1": key("totp-secrets").hex()},
        "TOTP_ISSUER": "Tryeza",
        "MULTI_FACTOR_RECOVERY_CODES": True,
        "MULTI_FACTOR_RECOVERY_CODES_N": 10,
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(key("recovery-codes"))],
        "WEBAUTHN": True,
        "WAN_RP_NAME": "Tryeza",
        "WAN_ALLOW_AS_FIRST_FACTOR": False,
        "WAN_ALLOW_AS_MULTI_FACTOR": False,
        "WAN_ALLOW_AS_VERIFY": None,
        "WAN_ALLOW_USER_HINTS": False,
        "FRESHNESS": timedelta(days=1),  # ours is asked before, by our own clock
        "FRESHNESS_GRACE_PERIOD": timedelta(0),
        "API_ENABLED_METHODS": ["session"],
        "DATETIME_FACTORY": clock.real_now,
        "JOIN_USER_ROLES": False,
        "CLI_USERS_NAME": None,
        "CLI_ROLES_NAME": None,
        "STATIC_FOLDER": None,
        "I18N_DIRNAME": ["builtin", str(languages.TRANSLATIONS)],
        "POST_LOGIN_VIEW": "/",
        "POST_LOGOUT_VIEW": "/login",
        "POST_CHANGE_VIEW": "account.show",
        "POST_VERIFY_VIEW": "account.show",
        "WAN_POST_REGISTER_VIEW": "account.show",
        "CHANGE_URL": "/account/password",
        "TWO_FACTOR_SETUP_URL": "/account/second-factor",
        "WAN_REGISTER_URL": "/account/passkeys",
        "WAN_DELETE_URL": "/account/passkeys/remove",
        "TWO_FACTOR_TOKEN_VALIDATION_URL": "/login/code",
        "TWO_FACTOR_SELECT_URL": "/login/way",
        "MULTI_FACTOR_RECOVERY_URL": "/login/recovery-code",
        "WAN_SIGNIN_URL": "/login/passkey",
        # closed, see OPEN
        "TWO_FACTOR_RESCUE_URL": "/login/closed/rescue",
        "MULTI_FACTOR_RECOVERY_CODES_URL": "/login/closed/codes",
    }
    return {f"SECURITY_{name}": value for name, value in values.items()}


_OF_SESSION = Account.fs_uniquifier == bindparam("uniquifier")
_ACCOUNT = select(Account).options(joinedload(Account.person)).where(_OF_SESSION)
_SIGNED_IN = Ready(
    select(Account.id, Account.active, *Person.__table__.c).join(Account.person).where(_OF_SESSION)
)


def load_account(uniquifier: str) -> Account | SignedIn | None:
    """The active account of this session with its person, in one statement; the whole of it on the library's own pages.

    Nobody after the database failed: the page that says so must not fail by asking it again.
    """
    if g.get("database_failed"):
        return None
    account = _whole(uniquifier) if request.blueprint == "security" else _by_person(uniquifier)
    if account is None:
        return None
    g.fs_authn_via = "session"
    g.fs_paa = session.get("fs_paa", 0)
    g.user_language = account.person.language
    g.person = account.person
    return account


def _whole(uniquifier: str) -> Account | None:
    account = db.session().scalar(_ACCOUNT, {"uniquifier": uniquifier})
    return account if account is not None and account.active else None


def _by_person(uniquifier: str) -> SignedIn | None:
    """Every page of ours asks this: it is read as plain columns."""
    unit = db.session()
    rows = _SIGNED_IN.rows(unit.connection(), {"uniquifier": uniquifier})
    if not rows:
        return None
    account_id, active, *person = rows[0]
    return SignedIn(account_id, uniquifier, db.loaded(unit, Person, person)) if active else None


def _open_and_close(app: Flask) -> None:
    """Declare the library's views for the guard: each opens by its own checks, or is closed for good."""
    for endpoint, view in list(app.view_functions.items()):
        room, _, name = endpoint.partition(".")
        if room != "security":
            continue
        shown: Any = _asking_fresh(view) if name in FRESH else view if name in OPEN else _closed
        if name == "two_factor_token_validation":
            shown = _half_way_only(view)
        shown.permission = Permission.OWN_ACCOUNT if name in OF_SOMEBODY else Permission.PUBLIC
        app.view_functions[endpoint] = shown


def _closed(**_arguments: Any) -> Any:
    raise NotFound("closed")


def _half_way_only(view: Any) -> Any:
    """The library signs out whoever opens this page without a password just given: a GET changes nothing (T07)."""

    @wraps(view)
    def shown(**arguments: Any) -> Any:
        if request.method in ("GET", "HEAD") and accounts.current_account() is not None:
            return redirect("/", 303)
        return view(**arguments)

    return shown


def _asking_fresh(view: Any) -> Any:
    """For somebody signed in, a fresh sign-in first; during the first sign-in the password was just given."""

    @wraps(view)
    def asked(**arguments: Any) -> Any:
        account = accounts.current_account()
        if account is not None:
            g.person = account.person
            accounts.require_fresh()
        return view(**arguments)

    return asked


# What was typed is never lost


def _place() -> str:
    """The page to come back to: this address when it shows a page, else the page the form was on."""
    if request.method == "GET" or _shows_page():
        return request.path
    origin, _, path = (request.referrer or "").partition(request.host)
    return "/" + path.partition("?")[0].lstrip("/") if path and origin.endswith("//") else "/"


def _shows_page() -> bool:
    rule = request.url_rule
    return rule is not None and "GET" in (rule.methods or ())


def _keep_typed(person_id: Any) -> bool:
    """Keep the form's text as a draft of its page, encrypted under the person's key. Whether there was any."""
    typed = {
        name: values if len(values) > 1 else values[0]
        for name, values in request.form.lists()
        if any(values) and not any(word in name for word in NOT_KEPT)
    }
    if typed:
        drafts.keep(
            db.session(),
            person_id=person_id,
            case_id=(request.view_args or {}).get("case_id"),
            place=_place()[:200],
            values=typed,
            now=clock.real_now(),
        )
    db.session().commit()
    return bool(typed)


def rescue_typed() -> Response | None:
    """A form sent after the session ran out: keep the text, ask to sign in, come back (ASVS 7.3.1)."""
    opened = cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]
    person_id = opened.expired_person_id
    if person_id is None or request.endpoint in (None, "static", "security.login", "security.logout"):
        return None
    kept = request.method == "POST" and _keep_typed(person_id)
    if request.method == "POST" or request.accept_mimetypes.accept_html:
        flash(
            gettext("You were signed out because nothing happened for a while. Your text is kept.")
            if kept
            else gettext("You were signed out because nothing happened for a while.")
        )
        back = request.full_path.rstrip("?") if request.method == "GET" else _place()
        return cast(Response, redirect(url_for("security.login", next=back), 303))
    return None


def lead_to_fresh_sign_in(_error: NeedsFreshSignIn) -> Response:
    """To /verify and back; a form's text is kept as a draft of its page (ASVS 7.5.3)."""
    db.session().rollback()
    person = accounts.current_person()
    back = request.full_path.rstrip("?") if request.method == "GET" else _place()
    if person is None:
        return cast(Response, redirect(url_for("security.login", next=back), 303))
    kept = request.method == "POST" and _keep_typed(person.id)
    audit.note(
        db.session(),
        "fresh:asked",
        object_type="endpoint",
        rule=(request.endpoint or "")[:80],
        outcome="refused",
    )
    db.session().commit()
    text = gettext("Before this step, please show once more that it is you.")
    flash(" ".join((text, gettext("Your text is kept."))) if kept else text, "warning")
    return cast(Response, redirect(url_for("security.verify", next=back), 303))


def finish(response: Response) -> Response:
    """Statuses the library leaves at 200, the way to recovery codes after a first sign-in, a clean browser after the last."""
    status = g.get("answer_status")
    if status and response.status_code == 200:
        response.status_code = status
        if status == 429:
            response.headers["Retry-After"] = "300"
    if request.endpoint == "security.logout":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if request.endpoint == "security.two_factor_token_validation" and response.status_code in (302, 303):
        account = accounts.current_account()
        if account is not None and not account.mf_recovery_codes:
            response.location = url_for("account.recovery_codes")
    return response


# What the library does, written down


def _listen(app: Flask) -> None:
    fs.user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)
    fs.password_changed.connect(_password_changed, app)
    fs.user_failed_authn.connect(_failed, app)
    fs.tf_profile_changed.connect(_factor("factor:changed"), app, weak=False)
    fs.wan_registered.connect(_factor("factor:added"), app, weak=False)
    fs.wan_deleted.connect(_factor("factor:removed"), app, weak=False)


def _note(tag: str, account: Account, outcome: str = "done") -> None:
    unit = db.session()
    audit.identify(unit, actor_id=account.person_id, network=network_of(request.remote_addr))
    audit.note(unit, tag, object_type="account", object_id=account.id, outcome=outcome)


def _factor(tag: str) -> Any:
    def noted(_app: Flask, user: Any, **_more: Any) -> None:
        _note(tag, cast(Account, user._get_current_object() if isinstance(user, LocalProxy) else user))

    return noted


def _signed_in(_app: Flask, user: Account, authn_via: list[str] | None = None, **_more: Any) -> None:
    now = clock.real_now()
    session["owner_id"] = str(user.id)
    session["person_id"] = str(user.person_id)
    if authn_via == ["change"]:
        return
    user.last_sign_in_at = now
    accounts.remember_network(db.session(), user, network_of(request.remote_addr), now)
    _note("login:ok", user)


def _signed_out(_app: Flask, user: Any, **_more: Any) -> None:
    for key in ("owner_id", "person_id"):
        session.pop(key, None)
    account = user._get_current_object() if isinstance(user, LocalProxy) else user
    if isinstance(account, Account):
        _note("login:out", account)


def _password_changed(_app: Flask, user: Any, **_more: Any) -> None:
    account = cast(Account, user._get_current_object() if isinstance(user, LocalProxy) else user)
    stored = accounts.current_session()
    _note("password:changed", account)
    accounts.end_sessions(db.session(), None, account=account, but=stored.id if stored else None)


def _failed(_app: Flask, user: Account, **_more: Any) -> None:
    _note("login:failed", user, "refused")
