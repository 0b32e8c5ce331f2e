"""How long this closed case is kept: legal hold, and erasure by two persons."""

from uuid import UUID

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.table_doors import deed_page
from tmr_app.closures import erasing, retention
from tmr_app.closures.forms import DeedForm, ErasureForm, ReasonForm
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.models import Person
from tmr_app.members.signed_in import require_fresh

blueprint = Blueprint("retention", __name__)
ADDRESS = "/cases/<uuid:case_id>/retention"


def _years() -> int | None:
    years: int | None = current_app.extensions["tmr_settings"].retention_years
    return years


def _to_page() -> str:
    return url_for("retention.show", case_id=g.case.id)


@blueprint.get(ADDRESS)
@allows(Permission.CASE_RETENTION)
def show(case_id: UUID) -> Page:
    """Until when the case is kept, whether a hold stands, who proposed to erase it."""
    session = db.session()
    kept = retention.keeping_of(session, g.case, _years())
    by = (
        session.get(Person, kept.erasure.proposed_by_id)
        if kept.erasure and kept.erasure.proposed_by_id
        else None
    )
    held_by = session.get(Person, kept.hold.placed_by_id) if kept.hold else None
    today = clock.civil_today()
    return Page(
        "retention/show.html",
        kept=kept,
        years=_years(),
        by=by,
        held_by=held_by,
        is_due=kept.is_due(today),
        own=bool(by and by.id == g.person.id),
        form=DeedForm(formdata=None),
    )


@blueprint.route(ADDRESS + "/hold", methods=["GET", "POST"])
@allows(Permission.CASE_RETENTION)
def hold(case_id: UUID) -> Page | Redirect:
    """Place a legal hold."""
    form, outcome = ReasonForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            retention.place_hold(
                db.session(), g.person, clock.now(), case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(_to_page(), flash=_("The legal hold stands."))
    return deed_page(
        form,
        _("Place a legal hold"),
        _("Place the hold"),
        lead=[_("While it stands nothing of this case is erased: for example because a court asked for it.")],
        outcome=outcome,
        cancel=_to_page(),
    )


@blueprint.post(ADDRESS + "/lift")
@allows(Permission.CASE_RETENTION)
def lift(case_id: UUID) -> Redirect:
    """Lift the hold."""
    DeedForm()
    require_fresh()
    retention.lift_hold(db.session(), g.person, clock.now(), case=g.case)
    return Redirect(_to_page(), flash=_("The legal hold is lifted."))


@blueprint.post(ADDRESS + "/erasure")
@allows(Permission.CASE_RETENTION)
def erasure(case_id: UUID) -> Redirect:
    """Propose, refuse or confirm the erasure; whoever proposed cannot confirm."""
    ErasureForm()
    session, now = db.session(), clock.now()
    deed = request.form.get("deed")
    if deed not in ("propose", "refuse", "confirm"):
        raise BadInput("no deed")
    require_fresh()
    if deed == "propose":
        retention.propose_erasure(session, g.person, now, case=g.case, years=_years())
        return Redirect(_to_page(), flash=_("Proposed. A second person must confirm it."))
    if deed == "refuse":
        retention.refuse_erasure(session, g.person, now, case=g.case)
        return Redirect(_to_page(), flash=_("The case is kept."))
    erasing.confirm(session, g.person, now, case=g.case, years=_years())
    return Redirect(
        url_for("cases.index"), flash=_("The data of the case are erased. Nobody can read them again.")
    )
