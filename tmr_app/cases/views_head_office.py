"""The head's office (A16): exceptions of the own QPS first, acting head and duty case managers."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, current_app, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.cases import office_panels, office_queries, offices, table_queries
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.table_doors import deed_page
from tmr_app.cases.table_forms import PeriodForm
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.models import Appointment
from tmr_app.members.signed_in import require_fresh

blueprint = Blueprint("head_office", __name__)


@blueprint.get("/head-office")
@allows(Permission.HEAD_OFFICE)
def dashboard() -> Page:
    """Cases with exceptions first, then offices and the load of each case manager."""
    session, now = db.session(), clock.now()
    headed = dict(g.standing.headed)
    ids = list(headed)
    known = current_app.view_functions
    panels = [
        (
            panel,
            [
                (row, url_for(row.endpoint, **row.values) if row.endpoint in known else None)
                for row in panel.rows
            ],
        )
        for panel in office_panels.panels(session, g.person.id, ids, now)
    ]
    return Page(
        "head_office/dashboard.html",
        panels=panels,
        loads=office_queries.loads(session, g.person.id, ids),
        periods=office_queries.periods(session, ids, now),
        glass_count=office_queries.glass_count(session, ids),
        is_head="head" in headed.values(),
        today=clock.civil_today(),
    )


@blueprint.route("/head-office/acting", methods=["GET", "POST"])
@allows(Permission.HEAD_OFFICE)
def name_acting_head() -> Page | Redirect:
    """Name who acts for the head in a period."""
    return _name(
        "acting_head",
        _("Name an acting head"),
        _(
            "The acting head reads and approves what the head does, for these days only. Every period is recorded."
        ),
        ("case_manager", "assistant_case_manager"),
    )


@blueprint.route("/head-office/duty", methods=["GET", "POST"])
@allows(Permission.HEAD_OFFICE)
def name_duty() -> Page | Redirect:
    """Name a duty case manager for a period."""
    return _name(
        "duty_case_manager",
        _("Name a duty case manager"),
        _("The duty case manager may open one case for four hours in an emergency. You review each opening."),
        ("case_manager",),
    )


def _name(office: str, heading: str, lead: str, from_offices: tuple[str, ...]) -> Page | Redirect:
    session, now, today = db.session(), clock.now(), clock.civil_today()
    qps_id = _qps()
    form = PeriodForm()
    people = [
        (one.id, one.name)
        for held in from_offices
        for one in table_queries.case_managers(session, qps_id, today, held)
        if one.id != g.person.id
    ]
    form.offer(people)
    outcome = Attempt()
    if form.validate_on_submit():
        require_fresh()  # whoever is named opens cases from then on
        with attempt(form) as outcome:
            offices.name_to_office(
                session,
                g.person,
                now,
                qps_id=qps_id,
                office=office,
                person_id=form.person,
                from_on=form.from_on.data,
                to_on=form.to_on.data,
            )
        if not outcome.refused:
            return Redirect(url_for("head_office.dashboard"), flash=_("The period is recorded."))
    return deed_page(
        form,
        heading,
        _("Name this person"),
        lead=[lead],
        outcome=outcome,
        cancel=url_for("head_office.dashboard"),
    )


def _qps() -> UUID:
    """The QPS the reader heads; one person heads one."""
    headed: Mapping[UUID, str] = dict(g.standing.headed)
    if not headed:
        raise NotFound("no office")
    return next(iter(headed))


@blueprint.post("/head-office/periods/<uuid:appointment_id>/end")
@allows(Permission.HEAD_OFFICE)
def end_period(appointment_id: UUID) -> Redirect:
    """End a period at once."""
    session = db.session()
    named = session.get(Appointment, appointment_id)
    if named is None or named.qps_id != _qps() or named.office not in offices.NAMED_BY_HEAD:
        raise NotFound("period")
    offices.end_office(session, g.person, clock.now(), named=named)
    return Redirect(url_for("head_office.dashboard"), flash=_("The period has ended."))
