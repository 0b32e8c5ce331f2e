"""Every refusal and failure as one answer in the person's language; never a stack, never a false "saved"."""

import logging
import sqlite3
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from tmr_app.kernel import db, errors
from tmr_app.kernel.web import Page
from tmr_app.regulation.verdicts import Message
from tmr_app.web import ceiling
from tmr_app.web.transaction import refuse, render

log = logging.getLogger("tmr.web")
FILE_LOST = Message(
    "This file is missing from the store or was damaged. Its entry stands; your administrator can take it from a backup."
)
PAGES = frozenset({400, 403, 404, 409, 413, 415, 422, 429, 500, 503, 507})


def register(app: Flask) -> None:
    for kind, handler in HANDLERS.items():
        app.register_error_handler(kind, handler)


def page(status: int, **context: Any) -> Any:
    shown = status if status in PAGES else 500 if status >= 500 else 400
    return render(Page(f"errors/{shown}.html", status=status, **context))


def typed() -> dict[str, str]:
    """What the person typed, to be shown back: nothing is lost by a refusal."""
    hidden = ("csrf_token", "password", "code")
    return {
        name: value for name, value in request.form.items() if value and not any(h in name for h in hidden)
    }


def case_id() -> Any:
    return (request.view_args or {}).get("case_id")


def rule_refused(error: errors.RuleRefused) -> Any:
    for verdict in error.verdicts:
        refuse(
            "rule:refused",
            object_type="case",
            object_id=case_id(),
            case_id=error.case_id or (g.case.id if g.get("case") is not None else None),
            rule=verdict.duty,
        )
    return render(
        Page("errors/refused.html", status=422, verdicts=error.verdicts, back_url=_came_from(), typed=typed())
    )


def _came_from() -> str | None:
    """The page within this site from which the form was sent."""
    sent_from = urlsplit(request.referrer or "")
    return sent_from.path if sent_from.netloc == request.host else None


def field_refused(error: errors.FieldRefused) -> Any:
    db.session().rollback()
    return render(
        Page("errors/422.html", status=422, field=error.field, message=error.message, typed=typed())
    )


def bad_input(error: errors.BadInput) -> Any:
    refuse("input:refused", object_type="endpoint", rule=(request.endpoint or "")[:80])
    return page(400)


def out_of_order(error: errors.OutOfOrder) -> Any:
    refuse("order:refused", object_type="endpoint", object_id=case_id(), rule=error.duty)
    return page(409, message=error.message, duty=error.duty, typed=typed())


def stale(error: errors.Stale) -> Any:
    db.session().rollback()
    return render(
        Page(
            "errors/stale.html",
            status=409,
            mine=error.mine,
            theirs=error.theirs,
            version=error.version,
            typed=typed(),
        )
    )


def not_found(_error: errors.NotFound) -> Any:
    db.session().rollback()
    return page(404)


def forbidden(error: errors.Forbidden) -> Any:
    db.session().rollback()
    return page(403, message=error.message, way_out=error.way_out)


def too_many_cases(_error: errors.TooManyCases) -> Any:
    return page(429, cases_in_an_hour=ceiling.CASES)


def file_lost(_error: errors.FileLost) -> Any:
    db.session().rollback()
    log.error("stored file missing or altered", extra={"request_id": g.get("request_id")})
    return page(500, message=FILE_LOST, file_lost=True)


def csrf_refused(_error: CSRFError) -> Any:
    refuse("csrf:refused", object_type="endpoint", rule=(request.endpoint or "")[:80])
    return page(400, typed=typed())


def http_error(error: HTTPException) -> Any:
    db.session().rollback()
    if (error.code is not None and error.code < 400) or isinstance(error, SecurityError):
        return error  # a redirect; a forged host (B36), for which no address of ours can be written
    return page(error.code or 500)


def database_error(error: DBAPIError) -> Any:
    """A database error ends the unit: 503 when busy or gone, 507 when full, 409 when somebody was faster."""
    db.session().rollback()
    _ask_no_more()
    text = str(error.orig)
    log.error("database error", extra={"kind": type(error.orig).__name__, "request_id": g.get("request_id")})
    if isinstance(error, IntegrityError):
        return page(409, typed=typed())
    if "full" in text or "No space left" in text or getattr(error.orig, "sqlstate", None) == "53100":
        return page(507, typed=typed())
    if isinstance(error, OperationalError) or isinstance(error.orig, sqlite3.OperationalError):
        return page(503, typed=typed())
    return page(500)


def _ask_no_more() -> None:
    """The page that tells of the failure is shown as to a visitor: who it is would be asked of the same database."""
    g.database_failed = True
    g.person = g.standing = None
    g.pop("_login_user", None)  # Flask-Login asks `security.load_account` again, which now knows nobody


def failure(error: Exception) -> Any:
    db.session().rollback()
    log.error(
        "failure", extra={"kind": type(error).__name__, "request_id": g.get("request_id")}, exc_info=True
    )
    return page(500)


HANDLERS: dict[type[Exception] | int, Any] = {
    errors.RuleRefused: rule_refused,
    errors.FieldRefused: field_refused,
    errors.TooManyCases: too_many_cases,
    errors.FileLost: file_lost,
    errors.BadInput: bad_input,
    errors.OutOfOrder: out_of_order,
    errors.Stale: stale,
    errors.NotFound: not_found,
    errors.Forbidden: forbidden,
    CSRFError: csrf_refused,
    HTTPException: http_error,
    DBAPIError: database_error,
    Exception: failure,
}
