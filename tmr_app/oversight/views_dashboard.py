"""The head's dashboard (A16): exceptions first, then the workload, then the cases of one case manager or of all."""

from uuid import UUID

from flask import Blueprint, g, request

from tmr_app.access.permissions import Permission
from tmr_app.cases import words
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Page, allows
from tmr_app.oversight import dashboard

blueprint = Blueprint("dashboard", __name__)


@blueprint.get("/head-office/supervision")
@allows(Permission.HEAD_OFFICE)
def show() -> Page:
    """All open cases of the head's Centre."""
    session, now = db.session(), clock.now()
    qps_ids = list(dict(g.standing.headed))
    found = dashboard.load(session, g.person.id, qps_ids, now)
    wanted = request.args.get("manager")
    chosen = next((one.person_id for one in found.loads if one.person_id and one.person_id == wanted), None)
    manager_id = UUID(chosen) if chosen else None
    cases = dashboard.cases_of(session, g.person.id, qps_ids, now, manager_id)
    return Page(
        "head_office/supervision.html",
        found=found,
        chosen=chosen,
        cases=cases,
        today=clock.civil_today(),
        silent_days=dashboard.SILENT_DAYS,
        phases={phase: str(words.PHASES[phase]) for phase in {one.phase for one in cases}},
    )
