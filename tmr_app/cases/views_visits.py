"""Contacts and visits of the case manager, the head's monitoring visits and remarks (A16)."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import guide_papers, panels, visiting
from tmr_app.cases.doors import stale_sides
from tmr_app.cases.forms_monitoring import (
    VISIT_KINDS,
    WITH,
    FollowUpForm,
    SupervisionForm,
    VisitFilterForm,
    VisitForm,
)
from tmr_app.cases.monitoring_models import Visit
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput, FieldRefused, Stale
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.regulation import guidance

__all__ = ["blueprint", "guide_papers"]

blueprint = Blueprint("visits", __name__)
WHERE = "/cases/<uuid:case_id>/visits"


@blueprint.get(WHERE)
@allows(Permission.VISIT_READ)
def index(case_id: UUID) -> Page:
    """All contacts and visits, the newest first; the head's remarks above them."""
    return _list(case_id, SupervisionForm(formdata=None))


def _list(case_id: UUID, form: SupervisionForm, status: int = 200) -> Page:
    session, filter_form = db.session(), VisitFilterForm()
    wanted = filter_form.wanted()
    supervises = may(g.standing, Permission.SUPERVISE)
    due = panels.due_lines(session, g.case, g.standing, clock.now()) if supervises else []
    return Page(
        "cases/visits.html",
        status=status,
        form=form if supervises else None,
        owed=[line.verdict for line in due if line.verdict.duty == "A16"],
        filter_form=filter_form,
        is_filtered=wanted != visiting.VisitFilter(),
        visits=visiting.visits_of(session, case_id, wanted),
        remarks=visiting.supervision_of(session, case_id),
        kinds=VISIT_KINDS,
        with_words=WITH,
    )


@blueprint.post("/cases/<uuid:case_id>/supervision")
@allows(Permission.SUPERVISE)
def supervise(case_id: UUID) -> Page | Redirect:
    """The head has looked at the work on the plan, or finds a monitoring visit needed."""
    session, form, kind = db.session(), SupervisionForm(), request.form.get("kind", "")
    if kind not in (visiting.LOOKED, visiting.VISIT_NEEDED):
        raise BadInput("no remark was chosen")
    if form.validate():
        try:
            visiting.note_supervision(
                session, g.person, clock.now(), case=g.case, kind=kind, note=form.note.data,
                once=form.once.data,
            )  # fmt: skip
            return Redirect(url_for("visits.index", case_id=case_id), flash=_("Your remark is recorded."))
        except FieldRefused as error:
            form.refuse(error)
    return _list(case_id, form, 422)


@blueprint.get(WHERE + "/<uuid:visit_id>")
@allows(Permission.VISIT_READ)
def show(case_id: UUID, visit_id: UUID) -> Page:
    """One record with what stood before."""
    form = FollowUpForm(formdata=None)
    return _one(visiting.find_visit(db.session(), case_id, visit_id), form)


def _one(visit: Visit, form: FollowUpForm, status: int = 200) -> Page:
    session = db.session()
    shown = visiting.visits_of(
        session, visit.case_id, visiting.VisitFilter(from_on=visit.visited_on, to_on=visit.visited_on)
    )
    advice = None
    if visit.with_child and visit.minutes:
        advice = guidance.g3c_interview_length(visit.minutes)
    writes = Permission.SUPERVISE if visit.is_monitoring else Permission.VISIT_WRITE
    asked = visit.is_monitoring and visit.follow_up and visit.followed_up_at is None
    return Page(
        "cases/visit.html",
        status=status,
        visit=visit,
        name=next((one.name for one in shown if one.row.id == visit.id), ""),
        earlier=visiting.earlier_of(session, visit),
        form=form if asked and may(g.standing, Permission.VISIT_WRITE) else None,
        may_correct=may(g.standing, writes),
        advice=advice if advice is not None and advice.warns and g.case.guide_applies else None,
        kinds=VISIT_KINDS,
        with_words=WITH,
    )


@blueprint.route(WHERE + "/new", methods=["GET", "POST"])
@allows(Permission.VISIT_WRITE)
def new(case_id: UUID) -> Page | Redirect:
    """Write down a contact or visit."""
    return _write(case_id, None, monitoring=False)


@blueprint.route(WHERE + "/<uuid:visit_id>/edit", methods=["GET", "POST"])
@allows(Permission.VISIT_WRITE)
def edit(case_id: UUID, visit_id: UUID) -> Page | Redirect:
    """Correct a record."""
    visit = visiting.find_visit(db.session(), case_id, visit_id, monitoring=False)
    return _write(case_id, visit, monitoring=False)


@blueprint.route("/cases/<uuid:case_id>/monitoring-visits/new", methods=["GET", "POST"])
@allows(Permission.SUPERVISE)
def new_monitoring(case_id: UUID) -> Page | Redirect:
    """The head writes down a monitoring visit (A16)."""
    return _write(case_id, None, monitoring=True)


@blueprint.route("/cases/<uuid:case_id>/monitoring-visits/<uuid:visit_id>", methods=["GET", "POST"])
@allows(Permission.SUPERVISE)
def edit_monitoring(case_id: UUID, visit_id: UUID) -> Page | Redirect:
    """The head corrects a record."""
    visit = visiting.find_visit(db.session(), case_id, visit_id, monitoring=True)
    return _write(case_id, visit, monitoring=True)


def _write(case_id: UUID, visit: Visit | None, *, monitoring: bool) -> Page | Redirect:
    form = VisitForm(monitoring=monitoring, visit=visit)
    status, sides = 200, []
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                saved = _save(form, visit, monitoring=monitoring)
                return Redirect(
                    url_for("visits.show", case_id=case_id, visit_id=saved.id),
                    flash=_("The visit is recorded."),
                )
            except Stale as error:
                status, sides = 409, stale_sides(error, form)
            except FieldRefused as error:
                form.refuse(error)
    context: dict[str, Any] = {"monitoring": monitoring, "is_new": visit is None, "sides": sides}
    return Page("cases/visit_write.html", status=status, form=form, **context)


def _save(form: VisitForm, visit: Visit | None, *, monitoring: bool) -> Visit:
    session, now, data = db.session(), clock.now(), form.data_of()
    if visit is None:
        return visiting.record_visit(
            session, g.person, now, case=g.case, data=data, monitoring=monitoring, once=form.once.data
        )
    return visiting.correct_visit(session, g.person, now, visit=visit, data=data, version=form.version.data)


@blueprint.post(WHERE + "/<uuid:visit_id>/follow-up")
@allows(Permission.VISIT_WRITE)
def follow_up(case_id: UUID, visit_id: UUID) -> Page | Redirect:
    """What was done after a monitoring visit."""
    session, form = db.session(), FollowUpForm()
    visit = visiting.find_visit(session, case_id, visit_id, monitoring=True)
    if form.validate():
        try:
            visiting.follow_up(session, g.person, clock.now(), visit=visit, text=form.followed_up.data)
            return Redirect(
                url_for("visits.show", case_id=case_id, visit_id=visit_id),
                flash=_("Your answer is recorded."),
            )
        except FieldRefused as error:
            form.refuse(error)
    return _one(visit, form, 422)
