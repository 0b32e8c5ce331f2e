"""A municipality's page: roster by seat, empty seats, Centre and head (A3, A4.1)."""

from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import lazy_gettext as _l

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.kernel import clock, db
from tmr_app.kernel.forms import QueryForm, text
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import member_queries
from tmr_app.members import roster as rosters
from tmr_app.members.administration_frame import found
from tmr_app.members.models import Municipality
from tmr_app.members.office_words import ALL_OFFICE_WORDS
from tmr_app.regulation.catalogue import SEATS_4_1, SEATS_4_6

blueprint = Blueprint("municipalities", __name__)
OTHER_KINDS = ("other_professional",)


class MunicipalityFilter(QueryForm):
    text = text(_l("Name contains"), required=False)


@blueprint.get("/municipalities")
@allows(Permission.MUNICIPALITY_READ)
def index() -> Page | Redirect:
    """All of them for an administrator; others see their own, and are led there when it is one."""
    session, today = db.session(), clock.civil_today()
    whole = may(g.standing, Permission.ADMINISTRATION)
    only = None if whole else member_queries.own_municipalities(session, g.person.id, today)
    if only is not None and len(only) == 1:
        return Redirect(url_for("municipalities.show", municipality_id=only.pop()))
    form = MunicipalityFilter()
    lines = member_queries.municipality_lines(session, today, form.values()["text"] or "", only)
    return Page("municipalities/index.html", filter=form, lines=lines, whole=whole, kinds=len(SEATS_4_1))


@blueprint.get("/municipalities/<uuid:municipality_id>/")
@allows(Permission.MUNICIPALITY_READ)
def show(municipality_id: UUID) -> Page:
    session, today = db.session(), clock.civil_today()
    municipality = found(Municipality, municipality_id)
    roster = rosters.roster_of(session, municipality, today)
    established, filled = roster.verdicts(today)
    return Page(
        "municipalities/show.html",
        municipality=municipality,
        roster=roster,
        established=established,
        filled=filled,
        kinds=[seat.key for seat in SEATS_4_1],
        more_kinds=[kind for kind in (*(seat.key for seat in SEATS_4_6), *OTHER_KINDS) if roster.seats[kind]],
        offices=ALL_OFFICE_WORDS,
        manages=may(g.standing, Permission.ADMINISTRATION),
    )
