"""The instant at which everything is measured: held still, so that each run counts the same days."""

from datetime import UTC, date, datetime

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Kosovo; no holiday within the week."""
TODAY = date(2026, 11, 2)
MEETING_ON = date(2026, 11, 17)
