"""The main navigation: what this person has a door to, by the offices that run today."""

from typing import Any

from flask import Flask, current_app, g, request, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may, offered_in_menu
from tmr_app.access.standing import Standing
from tmr_app.kernel.page_texts import gettext as _

ENTRIES: tuple[tuple[str, Permission, Any], ...] = (
    ("my_work.show", Permission.MY_WORK, lambda: _("My work")),
    ("calendar.month", Permission.CALENDAR_READ, lambda: _("Calendar")),
    ("cases.index", Permission.CASE_LIST, lambda: _("Cases")),
    ("head_office.dashboard", Permission.HEAD_OFFICE, lambda: _("Head of services")),
    ("municipalities.index", Permission.MUNICIPALITY_READ, lambda: _("Municipality")),
    ("annual_bodies.index", Permission.ANNUAL_BODY, lambda: _("Annual reports")),
    ("own_staff.index", Permission.OWN_STAFF, lambda: _("My institution")),
    ("administration.index", Permission.ADMINISTRATION, lambda: _("Administration")),
)


def register(app: Flask) -> None:
    app.context_processor(frame)
    app.jinja_env.globals["Permission"] = Permission


def frame() -> dict[str, Any]:
    """What every page's frame needs: who reads, what they have doors to, whether this is a demonstration."""
    person = g.get("person")
    return {
        "navigation": navigation,
        "may": permitted,
        "demonstration": current_app.extensions["tmr_settings"].demonstration,
        "demonstration_pages": "demonstration.start" in current_app.view_functions,
        "account": {
            "name": person.name,
            "url": url_for("account.show"),
            "logout_url": url_for("security.logout"),
        }
        if person is not None
        else None,
    }


def permitted(permission: str | Permission) -> bool:
    """For templates: whether the reader's standing on this page holds a permission (show no button that is refused)."""
    return may(g.get("standing") or Standing(), Permission(permission))


def navigation() -> list[tuple[str, str, bool, int]]:
    """Entries (label, address, whether current, count) for the signed-in person."""
    reader: Standing = g.get("standing") or Standing()
    if not reader.is_signed_in:
        return []
    anywhere = reader.offices_anywhere
    standing = Standing(
        person_id=reader.person_id, case=reader.case, offices=anywhere, offices_anywhere=anywhere
    )
    here, pages = (request.endpoint or "").split(".")[0], current_app.view_functions
    return [
        (label(), url_for(endpoint), endpoint.split(".")[0] == here, 0)
        for endpoint, permission, label in ENTRIES
        if endpoint in pages and offered_in_menu(standing, permission)
    ]
