"""The blueprint of the case's pages, and the tabs every page within a case shows."""

from typing import Any

from flask import Blueprint, current_app, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may

blueprint = Blueprint("cases", __name__)

# A tab leads to the first of its endpoints that exists; a room that is not there yet has no tab.
TABS: tuple[tuple[tuple[str, ...], Permission, Any], ...] = (
    (("cases.show",), Permission.CASE_READ, lambda: _("Summary")),
    (("table.show", "table.index", "table.table"), Permission.TABLE_READ, lambda: _("Table")),
    (("cases.assessment",), Permission.ASSESSMENT_READ, lambda: _("Assessment")),
    (("meetings.index", "meetings.of_case"), Permission.MEETING_READ, lambda: _("Meetings")),
    (("plans.show", "plan.show", "plans.index"), Permission.PLAN_READ, lambda: _("Plan")),
    (("reports.index", "reports.of_case"), Permission.REPORT_READ, lambda: _("Reports")),
    (("cases.files",), Permission.FILE_READ, lambda: _("Documents")),
    (("cases.timeline",), Permission.TIMELINE_READ, lambda: _("Timeline")),
    (("cases.access_log",), Permission.ACCESS_LOG_READ, lambda: _("Access log")),
    (("ledger.case", "ledger.of_case", "ledger.show"), Permission.CASE_LEDGER_READ, lambda: _("Ledger")),
)


@blueprint.app_context_processor
def case_frame() -> dict[str, Any]:
    """For `cases/_frame.html`: the tabs of the case this page is about."""
    return {"case_tabs": case_tabs}


def case_tabs() -> list[tuple[str, str, bool]]:
    """(label, address, whether current) of the pages this reader may open within the case of the address."""
    case = g.get("case")
    if case is None:
        return []
    here = request.endpoint or ""
    found = []
    for endpoints, permission, label in TABS:
        endpoint = next((one for one in endpoints if one in current_app.view_functions), None)
        if endpoint is not None and may(g.standing, permission):
            found.append((label(), url_for(endpoint, case_id=case.id), _is_current(here, endpoint)))
    return found


def _is_current(here: str, endpoint: str) -> bool:
    """A tab of another room is current on all its pages; within this room by the name's beginning."""
    room, _dot, page = endpoint.partition(".")
    if room != "cases":
        return here.split(".")[0] == room
    return here == endpoint or here.startswith(f"cases.{page.rstrip('s')}_")
