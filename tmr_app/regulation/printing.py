"""Values as plain JSON, for the command line."""

from __future__ import annotations

from typing import Any

from tmr_app.regulation.days import Limits


def limits_json(limits: Limits) -> dict[str, Any]:
    """The limits of a meeting as JSON values; dates as ISO 8601."""
    return {
        "meeting_on": limits.meeting_on.isoformat(),
        "lead_days": limits.lead_days,
        "notice_limit_on": limits.notice_limit_on.isoformat(),
        "report_limit_on": limits.report_limit_on.isoformat(),
        "send_by_on": limits.send_by_on.isoformat(),
        "non_working": [{"on": on.isoformat(), "name": name} for on, name in limits.non_working],
        "articles": list(limits.articles),
    }
