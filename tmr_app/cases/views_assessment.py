"""The assessment of a case and its initial individual plan."""

from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases import assessing, case_record, information, words
from tmr_app.cases.doors import after_refusal, blueprint, stale_sides
from tmr_app.cases.forms import AssessmentForm, InitialPlanForm
from tmr_app.cases.forms_monitoring import STATES
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound, RuleRefused, Stale
from tmr_app.kernel.web import Page, Redirect, allows


@blueprint.get("/cases/<uuid:case_id>/assessment")
@allows(Permission.ASSESSMENT_READ)
def assessment(case_id: UUID) -> Page:
    """The newest version of each kind, the earlier ones, what members brought, the levels of risk, the initial plan."""
    session, today = db.session(), clock.civil_today()
    whole = assessing.newest_assessment(session, case_id, assessing.COMPREHENSIVE)
    newest = assessing.newest_assessment(session, case_id)
    pieces = information.pieces_of(session, case_id)
    versions = case_record.assessments_of(session, case_id)
    return Page(
        "cases/assessment.html",
        whole=whole,
        whole_data=assessing.as_data(whole) if whole else None,
        deadline=assessing.deadline(session, g.case, today),
        in_form=information.in_form(g.case, [one for one, _name in versions], pieces, today),
        current=information.current(session, case_id, today),
        verified=information.verified(pieces, today),
        newest=newest,
        data=assessing.as_data(newest) if newest else None,
        versions=versions,
        pieces=pieces[:5],
        count=len(pieces),
        changes=information.changes_of(session, case_id)[:3],
        levels=case_record.levels_of(session, case_id),
        plan=assessing.newest_plan(session, case_id),
        states=STATES,
        words=words,
    )


@blueprint.get("/cases/<uuid:case_id>/assessment/versions/<uuid:assessment_id>")
@allows(Permission.ASSESSMENT_READ)
def assessment_version(case_id: UUID, assessment_id: UUID) -> Page:
    """One earlier version, as it was completed."""
    found = assessing.find_assessment(db.session(), case_id, assessment_id)
    if found is None:
        raise NotFound("assessment")
    return Page("cases/assessment_version.html", newest=found, data=assessing.as_data(found), words=words)


@blueprint.route("/cases/<uuid:case_id>/assessment/edit", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def assessment_edit(case_id: UUID) -> Page | Redirect:
    """Write the initial assessment; a completed one gives a new version."""
    return _edit(case_id, assessing.INITIAL)


@blueprint.route("/cases/<uuid:case_id>/assessment/comprehensive", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def assessment_comprehensive(case_id: UUID) -> Page | Redirect:
    """Write the Table's comprehensive assessment (A12.2), going on from the initial one."""
    assessing.require_initial(db.session(), case_id)
    return _edit(case_id, assessing.COMPREHENSIVE)


def _edit(case_id: UUID, kind: str) -> Page | Redirect:
    session = db.session()
    newest = assessing.newest_assessment(session, case_id, kind)
    is_draft = newest is not None and newest.completed_at is None
    basis = newest or assessing.newest_assessment(session, case_id)
    values = AssessmentForm.values_of(assessing.as_data(basis)) if basis else {}
    revision = newest.revision if newest is not None and is_draft else 0
    form = AssessmentForm(data=values | {"version": revision})
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "verdicts": (),
        "sides": (),
        "completed_before": newest and not is_draft,
        "from_initial": newest is None and kind == assessing.COMPREHENSIVE,
        "pieces": information.pieces_of(session, case_id) if kind == assessing.COMPREHENSIVE else [],
        "changes": information.changes_of(session, case_id)[:3],
        "states": STATES,
    }
    if not form.validate_on_submit():
        return Page("cases/assessment_edit.html", status=422 if form.is_submitted() else 200, **context)
    complete = request.form.get("complete") == "yes"
    try:
        assessing.save_assessment(
            session,
            g.person,
            clock.now(),
            case=g.case,
            data=form.assessment(),
            revision=form.version.data,
            complete=complete,
            kind=kind,
        )
    except RuleRefused as error:
        return Page("cases/assessment_edit.html", status=422, **context | {"verdicts": after_refusal(error)})
    except Stale as error:
        return Page("cases/assessment_edit.html", status=409, **context | {"sides": stale_sides(error, form)})
    saved = (
        _("The assessment is completed.")
        if complete
        else _("The assessment is saved; it is not completed yet.")
    )
    return Redirect(url_for("cases.assessment", case_id=case_id), flash=saved)


@blueprint.route("/cases/<uuid:case_id>/assessment/initial-plan", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def assessment_plan(case_id: UUID) -> Page | Redirect:
    """The QPS's initial individual plan; each saving is a new version."""
    session = db.session()
    newest = assessing.newest_plan(session, case_id)
    names = ("goal", "services", "measures")
    values: dict[str, Any] = {name: getattr(newest, name) for name in names} if newest else {}
    form = InitialPlanForm(data=values | {"version": newest.version if newest else 0})
    if not form.validate_on_submit():
        return Page(
            "cases/initial_plan.html", status=422 if form.is_submitted() else 200, form=form, sides=()
        )
    data = assessing.PlanData(form.goal.data or "", form.services.data or "", form.measures.data or "")
    try:
        assessing.save_initial_plan(
            session, g.person, clock.now(), case=g.case, data=data, version=form.version.data
        )
    except Stale as error:
        return Page("cases/initial_plan.html", status=409, form=form, sides=stale_sides(error, form))
    return Redirect(url_for("cases.assessment", case_id=case_id), flash=_("The initial plan is saved."))
