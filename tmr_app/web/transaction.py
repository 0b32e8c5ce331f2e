"""One transaction a request: guard, view and audit in it; committed, closed, and only then rendered."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Response, current_app, flash, g, make_response, redirect, render_template, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, db, encryption
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.web import Download, Page, Redirect


@contextmanager
def request_session(engine: Engine) -> Iterator[None]:
    """The request's session, current until the response is made; whatever was not committed is rolled back."""
    opened = db.open_session(engine)
    token = db.enter(opened)
    encryption.begin_unlocks()
    try:
        yield
    finally:
        opened.rollback()
        opened.close()
        db.leave(token)
        encryption.begin_unlocks()


CaseHook = Callable[[Session, set[UUID]], None]
before_commit_of_case: list[CaseHook] = []
"""Asked, in the same transaction, with the ids of the cases that a successful POST changed something in."""


def settle(answer: Any) -> Any:
    """Commit (the audit rows last), let go of the connection, then render what the view returned."""
    session = db.session()
    _refuse_fields_of_a_button()
    _tell_of_changed_cases(session, answer)
    session.commit()
    session.expunge_all()
    session.close()
    return render(answer)


def _refuse_fields_of_a_button() -> None:
    """A room's view that built no form is a button: whatever else was sent with it was forged (B33). Nothing is stored."""
    if request.method != "POST" or g.get("form_built") or not request.form.keys() - {"csrf_token"}:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    module = getattr(view, "__module__", "")
    if module.startswith("tmr_app.") and not module.startswith("tmr_app.web."):
        raise BadInput("an unknown field was sent")


def _tell_of_changed_cases(session: Session, answer: Any) -> None:
    if request.method != "POST" or (isinstance(answer, Page) and answer.status >= 400):
        return
    changed = audit.cases_noted(session)
    if changed:
        for hook in before_commit_of_case:
            hook(session, changed)


def render(answer: Any) -> Any:
    """Turn a Page, Redirect or Download into a response; anything else is Flask's own affair."""
    if isinstance(answer, Page):
        return make_response(render_template(answer.template, **answer.context), answer.status)
    if isinstance(answer, Redirect):
        if answer.flash:
            flash(answer.flash, answer.look)
        return redirect(answer.url, 303)
    if isinstance(answer, Download):
        return _attachment(answer)
    return answer


def _attachment(answer: Download) -> Response:
    response = make_response(answer.render())
    response.content_type = answer.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{answer.name}"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def refuse(tag: str, **entry: Any) -> None:
    """Undo the unit and record the refusal on the same connection, in a transaction of its own."""
    session = db.session()
    session.rollback()
    audit.note(session, tag, outcome="refused", **entry)
    session.commit()
