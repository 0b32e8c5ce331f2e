"""Administration: the front page, institutions, what superiors proposed. Nothing here knows a case."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.forms import translated
from tmr_app.kernel.paging import page_number, paged, turn
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import (
    institutions,
    member_queries,
    staff_proposals,
    views_import,
    views_people,
    views_settings,
)
from tmr_app.members.administration_frame import attempt, blueprint, found, status_of
from tmr_app.members.forms import InstitutionChangeForm, InstitutionFilter, InstitutionForm
from tmr_app.members.models import Institution, Municipality, StaffProposal
from tmr_app.members.office_words import OFFICE_WORDS
from tmr_app.regulation import catalogue

__all__ = ["blueprint", "views_import", "views_people", "views_settings"]

EVERYWHERE = "everywhere"


@blueprint.get("/administration")
@allows(Permission.ADMINISTRATION)
def index() -> Page:
    return Page(
        "administration/index.html", figures=member_queries.figures(db.session(), clock.civil_today())
    )


def _kinds() -> list[tuple[str, str]]:
    locale = str(get_locale())
    return [(kind, catalogue.label(kind, locale)) for kind in institutions.INSTITUTION_KINDS]


def _places() -> list[tuple[str, str]]:
    locale = str(get_locale())
    listed = member_queries.municipality_choices(db.session())
    return [(str(one.id), catalogue.label(one.key, locale)) for one in listed]


@blueprint.get("/administration/institutions")
@allows(Permission.ADMINISTRATION)
def list_institutions() -> Page:
    form = InstitutionFilter()
    form.municipality.choices = [("", _("all")), *_places()]
    form.kind.choices = [("", _("all")), *_kinds()]
    wanted = form.values()
    lines = member_queries.institution_lines(
        db.session(),
        clock.civil_today(),
        text=wanted["text"] or "",
        seat_kind=wanted["kind"] or "",
        municipality_id=_uuid(wanted["municipality"]),
        only_due=bool(wanted["due"]),
    )
    return Page(
        "administration/institutions.html",
        filter=form,
        shown=paged(lines, page_number()),
        turn=turn("administration.list_institutions"),
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


@blueprint.route("/administration/institutions/new", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def new_institution() -> Any:
    form = InstitutionForm()
    form.seat_kind.choices = [("", _("Choose")), *_kinds()]
    form.municipality_id.choices = [*_places(), (EVERYWHERE, _("the whole country"))]
    made: list[Institution] = []

    def deed() -> None:
        place = form.municipality_id.data
        made.append(
            institutions.register_institution(
                db.session(),
                g.person,
                clock.now(),
                seat_kind=form.seat_kind.data,
                municipality_id=None if place == EVERYWHERE else _uuid(place),
                **_details(form),
            )
        )

    if attempt(form, deed):
        return Redirect(
            url_for("administration.institution", institution_id=made[0].id),
            flash=_("The institution is registered. Now appoint its people."),
        )
    return Page("administration/institution_form.html", form=form, institution=None, status=status_of(form))


def _details(form: Any) -> dict[str, str]:
    names = ("name", "address", "superior_name", "superior_title", "superior_email")
    return {name: getattr(form, name).data for name in names}


@blueprint.get("/administration/institutions/<uuid:institution_id>")
@allows(Permission.ADMINISTRATION)
def institution(institution_id: UUID) -> Page:
    session, today = db.session(), clock.civil_today()
    one = found(Institution, institution_id)
    place = session.get(Municipality, one.municipality_id) if one.municipality_id else None
    return Page(
        "administration/institution.html",
        institution=one,
        place=place,
        appointments=member_queries.appointments_at(session, one.id, today),
        due_on=institutions.confirmation_due_on(one),
        is_due=institutions.is_confirmation_due(one, today),
        offices=OFFICE_WORDS,
        today=today,
    )


@blueprint.route("/administration/institutions/<uuid:institution_id>/change", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def change_institution(institution_id: UUID) -> Any:
    one = found(Institution, institution_id)
    form = InstitutionChangeForm(obj=one)

    def deed() -> None:
        institutions.change_institution(
            db.session(), g.person, clock.now(), institution=one, **_details(form)
        )

    if attempt(form, deed):
        return _back_to(institution_id, _("The institution is changed."))
    return Page("administration/institution_form.html", form=form, institution=one, status=status_of(form))


def _back_to(institution_id: UUID, text: str) -> Redirect:
    return Redirect(url_for("administration.institution", institution_id=institution_id), flash=text)


@blueprint.post("/administration/institutions/<uuid:institution_id>/confirm")
@allows(Permission.ADMINISTRATION)
def confirm_institution(institution_id: UUID) -> Redirect:
    one = found(Institution, institution_id)
    institutions.confirm_roster(db.session(), g.person, clock.now(), institution=one)
    return _back_to(institution_id, _("The list is confirmed for 90 days."))


@blueprint.post("/administration/institutions/<uuid:institution_id>/close")
@allows(Permission.ADMINISTRATION)
def close_institution(institution_id: UUID) -> Redirect:
    one = found(Institution, institution_id)
    institutions.close_institution(db.session(), g.person, clock.now(), institution=one)
    return _back_to(institution_id, _("The institution is closed; all its appointments are ended."))


@blueprint.post("/administration/institutions/<uuid:institution_id>/reopen")
@allows(Permission.ADMINISTRATION)
def reopen_institution(institution_id: UUID) -> Redirect:
    one = found(Institution, institution_id)
    institutions.reopen_institution(db.session(), g.person, clock.now(), institution=one)
    return _back_to(institution_id, _("The institution is open again."))


@blueprint.get("/administration/proposals")
@allows(Permission.ADMINISTRATION)
def proposals() -> Page:
    return _proposals_page(200)


def _proposals_page(status: int, refused: str | None = None) -> Page:
    return Page(
        "administration/proposals.html",
        proposals=staff_proposals.open_proposals(db.session()),
        offices=OFFICE_WORDS,
        refused=refused,
        status=status,
    )


@blueprint.post("/administration/proposals/<uuid:proposal_id>/<answer>")
@allows(Permission.ADMINISTRATION)
def answer_proposal(proposal_id: UUID, answer: str) -> Any:
    session, now = db.session(), clock.now()
    proposal = found(StaffProposal, proposal_id)
    if answer == "decline":
        staff_proposals.decline(session, g.person, now, proposal=proposal)
        return Redirect(url_for("administration.proposals"), flash=_("The proposal is declined."))
    if answer != "confirm":
        raise NotFound("answer")
    try:
        staff_proposals.confirm(session, g.person, now, proposal=proposal)
    except FieldRefused as refused:
        session.rollback()
        return _proposals_page(422, translated(refused.message))
    return Redirect(
        url_for("administration.proposals"), flash=_("The proposal is confirmed and carried out.")
    )
