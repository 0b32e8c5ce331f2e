"""The front door and the language switch."""

from flask import Blueprint, Response, current_app, make_response, redirect, request, url_for

from tmr_app.access.permissions import Permission
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.web import Redirect, allows
from tmr_app.members.accounts import current_person
from tmr_app.web.languages import COOKIE, by_key

blueprint = Blueprint("web", __name__)


@blueprint.get("/")
@allows(Permission.PUBLIC)
def home() -> Redirect:
    if current_person():
        return Redirect(url_for("my_work.show"))
    demonstration = current_app.extensions["tmr_settings"].demonstration
    return Redirect(url_for("demonstration.start" if demonstration else "security.login"))


@blueprint.post("/language")
@allows(Permission.PUBLIC)
def set_language() -> Response:
    """Remember the language: with the person when signed in, else in a cookie; then back to where one was."""
    chosen = request.form.get("language", "")
    if by_key(chosen) is None:
        raise BadInput("language")
    person = current_person()
    if person is not None:
        person.language = chosen
    response = make_response(redirect(_back(), 303))
    response.set_cookie(
        COOKIE, chosen, max_age=31536000, httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _back() -> str:
    """The page the form came from, only ever an address within this site."""
    where = request.form.get("next", "/")
    return where if where.startswith("/") and not where.startswith(("//", "/\\")) else "/"
