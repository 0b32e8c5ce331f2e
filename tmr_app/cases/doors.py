"""The blueprint of the case's pages, and the tabs every page within a case shows."""

from typing import Any

from flask import Blueprint, g, request, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.kernel import audit, db
from tmr_app.kernel.errors import RuleRefused, Stale
from tmr_app.kernel.forms import Form
from tmr_app.kernel.page_texts import gettext as _

blueprint = Blueprint("cases", __name__)

TABS: tuple[tuple[str, Permission, Any], ...] = (
    ("cases.show", Permission.CASE_READ, lambda: _("Summary")),
    ("table.show", Permission.TABLE_READ, lambda: _("Table")),
    ("cases.assessment", Permission.ASSESSMENT_READ, lambda: _("Assessment")),
    ("meetings.index", Permission.MEETING_READ, lambda: _("Meetings")),
    ("plans.show", Permission.PLAN_READ, lambda: _("Plan")),
    ("reports.index", Permission.REPORT_READ, lambda: _("Reports")),
    ("visits.index", Permission.VISIT_READ, lambda: _("Visits")),
    ("cases.files", Permission.FILE_READ, lambda: _("Documents")),
    ("closing.guide", Permission.CLOSING_READ, lambda: _("Closing")),
    ("cases.timeline", Permission.TIMELINE_READ, lambda: _("Timeline")),
    ("cases.access_log", Permission.ACCESS_LOG_READ, lambda: _("Access log")),
    ("ledger.case", Permission.CASE_LEDGER_READ, lambda: _("Ledger")),
)

# Pages without a tab of their own, by the tab they belong to.
WITHIN = {"show": ("child", "family", "risk", "placement", "take_over"), "timeline": ("disclosure",)}


@blueprint.app_context_processor
def case_frame() -> dict[str, Any]:
    """For `cases/_frame.html`: the tabs of the case this page is about."""
    return {"case_tabs": case_tabs}


def case_tabs() -> list[tuple[str, str, bool]]:
    """(label, address, whether current) of the pages this reader may open within the case of the address."""
    case = g.get("case")
    if case is None:
        return []
    here, standing, case_id = request.endpoint or "", g.standing, case.id
    return [
        (label(), url_for(endpoint, case_id=case_id), _is_current(here, endpoint))
        for endpoint, permission, label in TABS
        if may(standing, permission)
    ]


def _is_current(here: str, endpoint: str) -> bool:
    """A tab of another room is current on all its pages; within this room by the name's beginning."""
    room, _dot, page = endpoint.partition(".")
    if room != "cases":
        return here.split(".")[0] == room
    if here == endpoint or here.startswith(f"cases.{page.rstrip('s')}_"):
        return True
    return here.startswith(tuple(f"cases.{one}" for one in WITHIN.get(page, ())))


def after_refusal(error: RuleRefused) -> tuple[Any, ...]:
    """Undo the unit, note the refusals, load anew what the page needs; returns the verdicts to show beside the text."""
    session = db.session()
    session.rollback()
    for loaded in list(session):
        session.refresh(loaded)
    case_id = g.case.id if g.get("case") is not None else None
    for verdict in error.verdicts:
        audit.note(
            session,
            "rule:refused",
            object_type="case",
            object_id=case_id,
            case_id=case_id,
            rule=verdict.duty,
            outcome="refused",
        )
    return error.verdicts


def stale_sides(error: Stale, form: Form) -> list[tuple[str, str, str]]:
    """(label, own text, stored text) of each field two writers wrote differently; the form goes on from the stored version."""
    session = db.session()
    session.rollback()
    for loaded in list(session):
        session.refresh(loaded)
    form["version"].data = error.version
    return [
        (_label(form, name), own, error.theirs.get(name, ""))
        for name, own in error.mine.items()
        if own != error.theirs.get(name, "")
    ]


def _label(form: Form, name: str) -> str:
    field = form[name.split("-")[0]]
    return str(field.label.text)
