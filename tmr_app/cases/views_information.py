"""Information for the assessment and its verification, changes of circumstances, comparison, the form on paper."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import (
    assessing,
    case_record,
    comparing,
    information,
    words,
)
from tmr_app.cases.doors import blueprint, stale_sides
from tmr_app.cases.forms_monitoring import STATES, ChangeForm, CompareForm, InformationForm, VerificationForm
from tmr_app.cases.monitoring_models import CircumstanceChange
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound, Stale
from tmr_app.kernel.web import Page, Redirect, allows

WHERE = "/cases/<uuid:case_id>/assessment"


@blueprint.route(WHERE + "/information", methods=["GET", "POST"])
@allows(Permission.ASSESSMENT_READ, posting=Permission.ASSESSMENT_PROPOSE)
def assessment_information(case_id: UUID) -> Page | Redirect:
    """What members have brought, and a form to bring more."""
    session, form = db.session(), None
    if may(g.standing, Permission.ASSESSMENT_PROPOSE):
        form = InformationForm()
        if form.validate_on_submit():
            try:
                information.add_information(
                    session, g.person, clock.now(), case=g.case, text=form.text.data, source=form.source.data,
                    seat_id=g.standing.seat_id, once=form.once.data,
                )  # fmt: skip
                return Redirect(
                    url_for("cases.assessment_information", case_id=case_id),
                    flash=_("Your information is before the Table, to be verified."),
                )
            except FieldRefused as error:
                form.refuse(error)
    pieces = information.pieces_of(session, case_id)
    return Page(
        "cases/information.html",
        status=422 if form is not None and form.is_submitted() else 200,
        form=form,
        pieces=pieces,
        verified=information.verified(pieces, clock.civil_today()),
        states=STATES,
    )


@blueprint.route(WHERE + "/information/<uuid:information_id>", methods=["GET", "POST"])
@allows(Permission.ASSESSMENT_READ, posting=Permission.INFORMATION_VERIFY)
def assessment_information_piece(case_id: UUID, information_id: UUID) -> Page | Redirect:
    """One piece with every decision on it; the chair decides here."""
    session = db.session()
    row = information.find_information(session, case_id, information_id)
    form = VerificationForm(data={"version": row.version}) if _decides() else None
    status, sides = 200, []
    if form is not None and form.is_submitted():
        status = 422
        if form.validate():
            try:
                information.decide_information(
                    session, g.person, clock.now(), information=row, state=form.state.data,
                    note=form.note.data, version=form.version.data,
                )  # fmt: skip
                return Redirect(
                    url_for("cases.assessment_information", case_id=case_id),
                    flash=_("The decision is recorded."),
                )
            except Stale as error:
                status, sides = 409, stale_sides(error, form)
            except FieldRefused as error:
                form.refuse(error)
    piece = next(one for one in information.pieces_of(session, case_id) if one.row.id == information_id)
    return Page(
        "cases/information_piece.html", status=status, form=form, piece=piece, states=STATES, sides=sides
    )


def _decides() -> bool:
    return may(g.standing, Permission.INFORMATION_VERIFY)


@blueprint.route(WHERE + "/changes", methods=["GET", "POST"])
@allows(Permission.ASSESSMENT_READ, posting=Permission.ASSESSMENT_PROPOSE)
def assessment_changes(case_id: UUID) -> Page | Redirect:
    """Changes of circumstances; a new one opens a version of the assessment."""
    session, form = db.session(), None
    if may(g.standing, Permission.ASSESSMENT_PROPOSE):
        form = ChangeForm(today=clock.civil_today())
        if form.validate_on_submit():
            try:
                row = information.note_change(
                    session, g.person, clock.now(), case=g.case, what=form.what.data,
                    changed_on=form.changed_on.data, once=form.once.data,
                )  # fmt: skip
                return Redirect(url_for("cases.assessment", case_id=case_id), flash=_said_of_change(row))
            except FieldRefused as error:
                form.refuse(error)
    return Page(
        "cases/changes.html",
        status=422 if form is not None and form.is_submitted() else 200,
        form=form,
        changes=information.changes_of(session, case_id),
        current=information.current(session, case_id, clock.civil_today()),
    )


def _said_of_change(row: CircumstanceChange) -> str:
    if row.assessment_id is None:
        return str(_("The change is recorded. The first assessment will take it in."))
    return str(_("The change is recorded. A new version of the assessment is open to be written."))


@blueprint.get(WHERE + "/compare")
@allows(Permission.ASSESSMENT_READ)
def assessment_compare(case_id: UUID) -> Page:
    """Two completed versions side by side; without a choice the newest two."""
    session = db.session()
    versions = [one for one, _name in case_record.assessments_of(session, case_id) if one.completed_at]
    form = CompareForm()
    form.before.choices = form.after.choices = [("", _("Choose a version")), *_named(versions)]
    values = form.values()
    chosen = (_chosen(versions, values["before"], 1), _chosen(versions, values["after"], 0))
    rows = []
    if chosen[0] is not None and chosen[1] is not None:
        before, after = (_written(case_id, one.id) for one in chosen if one)
        rows = comparing.compare(before, after)
        form.before.data, form.after.data = str(chosen[0].id), str(chosen[1].id)
    return Page("cases/assessment_compare.html", form=form, rows=rows, versions=versions, words=words)


def _named(versions: list[Any]) -> list[tuple[str, str]]:
    kinds = {"initial": _("Initial assessment"), "comprehensive": _("Comprehensive assessment")}
    return [
        (str(one.id), _("%(kind)s, version %(number)s", kind=kinds[one.kind], number=one.version))
        for one in versions
    ]


def _chosen(versions: list[Any], wanted: str | None, place: int) -> Any:
    found = next((one for one in versions if str(one.id) == wanted), None)
    return found or (versions[place] if len(versions) > place else None)


def _written(case_id: UUID, assessment_id: UUID) -> assessing.AssessmentData:
    found = assessing.find_assessment(db.session(), case_id, assessment_id)
    if found is None:
        raise NotFound("assessment")
    return assessing.as_data(found)
