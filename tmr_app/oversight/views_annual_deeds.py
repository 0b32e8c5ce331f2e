"""What is done with an annual report: counted anew, adopted, submitted, acknowledged, published; a body's letter (A5.1.6)."""

from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound, RuleRefused
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.administration_frame import found
from tmr_app.members.models import Municipality
from tmr_app.oversight import annual_agenda, annual_reports, annual_requests
from tmr_app.oversight.annual_forms import AdoptForm, DeedForm, LetterForm
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.oversight.annual_reports import Adoption
from tmr_app.oversight.views_annual import ADDRESS, YEAR, adoption_form, index_page, seen, show_page

blueprint = Blueprint("annual_deeds", __name__)


def _act(municipality_id: UUID, year: int, version: int) -> AnnualReport:
    """The version a deed of one button is about: it must still be the newest."""
    DeedForm()
    return _newest(municipality_id, year, version)


def _newest(municipality_id: UUID, year: int, version: int) -> AnnualReport:
    report = annual_reports.newest(db.session(), municipality_id, year)
    if report.version != version:
        raise NotFound("annual report")
    return report


@blueprint.post(YEAR + "/compile")
@allows(Permission.ANNUAL_WRITE)
def recount(municipality_id: UUID, year: int) -> Redirect:
    """Count a draft anew, or begin a new version after adoption."""
    DeedForm()
    before = annual_reports.newest(db.session(), municipality_id, year)
    report = annual_reports.compile_draft(
        db.session(),
        g.person,
        clock.now(),
        municipality=found(Municipality, municipality_id),
        year=year,
    )
    said = (
        _("The figures are counted anew.")
        if report.id == before.id
        else _("Version %(number)s is a draft with the same text.", number=report.version)
    )
    return Redirect(url_for("annual.write", municipality_id=municipality_id, year=year), flash=said)


@blueprint.post(YEAR + "/versions/<int:version>/agenda")
@allows(Permission.ANNUAL_WRITE)
def put_on_agenda(municipality_id: UUID, year: int, version: int) -> Redirect:
    """Put the draft on the agenda of the general meeting ahead."""
    report = _act(municipality_id, year, version)
    meeting = annual_agenda.put_on_agenda(db.session(), g.person, clock.now(), report=report)
    said = _("The report is on the agenda of general meeting %(code)s.", code=meeting.code)
    return _back(municipality_id, year, said)


@blueprint.post(YEAR + "/versions/<int:version>/adopt")
@allows(Permission.ANNUAL_WRITE)
def adopt(municipality_id: UUID, year: int, version: int) -> Page | Redirect:
    """Record that the Table adopted the draft."""
    form = AdoptForm()
    report = _newest(municipality_id, year, version)
    adoption_form(form, report)
    if not form.validate():
        return show_page(municipality_id, report, 422, form)
    chosen = UUID(form.meeting.data) if form.meeting.data else None
    adoption = Adoption(form.adopted_on.data, chosen, form.note.data or "", form.names_checked.data)
    try:
        annual_reports.adopt(db.session(), g.person, clock.now(), report=report, adoption=adoption)
    except FieldRefused as refused:
        form.refuse(refused)
        return show_page(municipality_id, report, 422, form)
    except RuleRefused as refused:
        return show_page(municipality_id, report, 422, form, refused.verdicts)
    return _back(municipality_id, year, _("The report is adopted. Submit it to the municipality."))


@blueprint.post(YEAR + "/versions/<int:version>/submit")
@allows(Permission.ANNUAL_WRITE)
def submit(municipality_id: UUID, year: int, version: int) -> Redirect:
    """Submit the adopted report to the municipality."""
    report = _act(municipality_id, year, version)
    annual_reports.submit(db.session(), g.person, clock.now(), report=report)
    return _back(
        municipality_id, year, _("The report is submitted. The municipality's officer is told by mail.")
    )


@blueprint.post(YEAR + "/versions/<int:version>/acknowledge")
@allows(Permission.ANNUAL_ACKNOWLEDGE)
def acknowledge(municipality_id: UUID, year: int, version: int) -> Redirect:
    """The officer confirms the receipt. A newer draft does not matter to the officer."""
    DeedForm()
    report = seen(municipality_id, year, version)
    annual_reports.acknowledge(db.session(), g.person, clock.now(), report=report)
    return _back(municipality_id, year, _("The receipt is confirmed."))


@blueprint.post(YEAR + "/versions/<int:version>/publish")
@allows(Permission.ANNUAL_WRITE)
def publish(municipality_id: UUID, year: int, version: int) -> Redirect:
    """Open the public copy to everybody."""
    report = _act(municipality_id, year, version)
    annual_reports.publish(db.session(), g.person, clock.now(), report=report)
    return _back(municipality_id, year, _("The public copy is published."))


def _back(municipality_id: UUID, year: int, said: str) -> Redirect:
    return Redirect(url_for("annual.show", municipality_id=municipality_id, year=year), flash=said)


@blueprint.post(ADDRESS + "/requests")
@allows(Permission.ANNUAL_WRITE)
def letter(municipality_id: UUID) -> Page | Redirect:
    """Record a body's letter."""
    form = LetterForm()
    if not form.validate():
        return index_page(municipality_id, 422, letter=form)
    try:
        annual_requests.ask(
            db.session(),
            g.person,
            clock.now(),
            municipality=found(Municipality, municipality_id),
            body=form.body.data,
            year=form.year.data,
            asked_on=form.asked_on.data,
            once=form.once.data,
        )
    except FieldRefused as refused:
        form.refuse(refused)
        return index_page(municipality_id, 422, letter=form)
    here = url_for("annual.index", municipality_id=municipality_id)
    return Redirect(here, flash=_("The request is recorded."))


@blueprint.post(ADDRESS + "/requests/<uuid:asked_id>/answer")
@allows(Permission.ANNUAL_WRITE)
def answer(municipality_id: UUID, asked_id: UUID) -> Redirect:
    """Give the body the newest adopted version."""
    DeedForm()
    session = db.session()
    asked = annual_requests.find(session, asked_id, municipality_id)
    annual_requests.answer(session, g.person, clock.now(), request=asked)
    here = url_for("annual.index", municipality_id=municipality_id)
    return Redirect(here, flash=_("The report is given to the body, which is told by mail."))
