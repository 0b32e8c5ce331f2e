"""What stands in a person's calendar: own meetings, limits of own deeds, holidays. Codes only, nothing of a case."""

from calendar import Calendar as Weeks
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.documents.calendar import EntryValues
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.members import holidays
from tmr_app.members.models import MeetingRoom
from tmr_app.oversight.own_seats import has_declared, held_by
from tmr_app.regulation.days import limits

FEED_PAST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on one day. `kind`: meeting, meeting_preparing, meeting_cancelled, send_by, report_due, holiday.

    `code` is the meeting's neutral name (a holiday's own name); `endpoint` with `values` leads to it.
    """

    on: date
    kind: str
    code: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    duty: str = ""
    endpoint: str = ""
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid."""

    on: date
    in_month: bool
    is_today: bool
    entries: list[Entry]


def own_meetings(
    session: Session, person_id: UUID, now: datetime, first_on: date, last_on: date
) -> list[Any]:
    """Meetings this person is invited to between two civil dates: sent ones, and the chair's being prepared. One statement."""
    sent_or_own = or_(Meeting.convened_at.is_not(None), Seat.kind == "case_manager")
    query = (
        select(
            Meeting.id,
            Meeting.case_id,
            Meeting.code,
            Meeting.status.label("state"),
            Meeting.meeting_on,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.lead_days,
            Meeting.sequence,
            Meeting.convened_at,
            Invitation.uid,
            Seat.kind,
            has_declared(person_id).label("declared"),
            MeetingRoom.name.label("room"),
            MeetingRoom.address.label("address"),
        )
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .join(Seat, Seat.id == Invitation.seat_id)
        .outerjoin(MeetingRoom, MeetingRoom.id == Meeting.room_id)
        .where(
            held_by(person_id, now),
            Meeting.meeting_on.between(first_on, last_on),
            Invitation.left_out.is_(False),
            Invitation.withdrawn_at.is_(None),
            sent_or_own,
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list({row.id: row for row in session.execute(query)}.values())


def entries_between(
    session: Session, person_id: UUID, now: datetime, first_on: date, last_on: date, locale: str
) -> list[Entry]:
    """Everything of these days, in order. At most five statements."""
    far_on = last_on + timedelta(days=31)  # a limit lies before its meeting
    meetings = own_meetings(session, person_id, now, first_on, far_on)
    found = [_meeting(one) for one in meetings]
    found += _send_by(session, meetings)
    found += _reports(session, person_id, now, first_on, last_on)
    found += _holidays(session, first_on, last_on, locale)
    kept = [one for one in found if first_on <= one.on <= last_on]
    return sorted(kept, key=lambda one: (one.on, one.kind != "holiday", one.starts_at or now, one.code))


def _meeting(one: Any) -> Entry:
    kind = {"preparing": "meeting_preparing", "cancelled": "meeting_cancelled"}.get(one.state, "meeting")
    return Entry(
        one.meeting_on,
        kind,
        one.code,
        one.starts_at,
        one.ends_at,
        place=one.room or "",
        endpoint="meetings.show" if one.declared else "table.declaration",
        values={"case_id": one.case_id, **({"meeting_id": one.id} if one.declared else {})},
    )


def _send_by(session: Session, meetings: list[Any]) -> list[Entry]:
    """The last working day for the notice of each meeting this person prepares (A8.3)."""
    own = [one for one in meetings if one.kind == "case_manager" and one.state == "preparing"]
    if not own:
        return []
    days = holidays.calendar(session)
    return [
        Entry(
            limits(one.meeting_on, one.lead_days, days).send_by_on,
            "send_by",
            one.code,
            duty="A8.3",
            endpoint="meetings.prepare" if one.declared else "table.declaration",
            values={"case_id": one.case_id, **({"meeting_id": one.id} if one.declared else {})},
        )
        for one in own
    ]


def _reports(session: Session, person_id: UUID, now: datetime, first_on: date, last_on: date) -> list[Entry]:
    query = (
        select(ReportRequest.due_on, Meeting.code, Meeting.id, Meeting.case_id, has_declared(person_id))
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .join(Case, Case.id == Meeting.case_id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            held_by(person_id, now),
            ReportRequest.withdrawn_at.is_(None),
            ReportRequest.due_on.between(first_on, last_on),
            ProgressReport.filed_at.is_(None),
            Meeting.status != "cancelled",
        )
    )
    rows: Any = session.execute(query)
    return [
        Entry(
            row[0],
            "report_due",
            row[1],
            duty="A8.9",
            endpoint="reports.write" if row[4] else "table.declaration",
            values={"case_id": row[3], **({"meeting_id": row[2]} if row[4] else {})},
        )
        for row in rows
    ]


def _holidays(session: Session, first_on: date, last_on: date, locale: str) -> list[Entry]:
    years = range(first_on.year, last_on.year + 1)
    days = [day for year in years for day in holidays.days_of_year(session, year, locale)]
    return [Entry(day.on, "holiday", day.name) for day in days if day.is_holiday]


def month_grid(year: int, month: int, today: date, entries: list[Entry]) -> list[list[Day]]:
    """The weeks of a month, Monday first."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for one in entries:
        by_day[one.on].append(one)
    return [
        [Day(on, on.month == month, on == today, by_day[on]) for on in week]
        for week in Weeks(0).monthdatescalendar(year, month)
    ]


def grid_bounds(year: int, month: int) -> tuple[date, date]:
    """The first and the last day that the grid of a month shows."""
    weeks = Weeks(0).monthdatescalendar(year, month)
    return weeks[0][0], weeks[-1][-1]


def feed_entries(
    session: Session, person_id: UUID, now: datetime, *, public_url: str, summary: str, description: str
) -> list[EntryValues]:
    """Own meetings that were sent, for the personal feed: `summary` holds `%(code)s`. Neutral words, a link, a room."""
    today = civil_date(now)
    rows = own_meetings(session, person_id, now, today - FEED_PAST, today + timedelta(days=366))
    return [
        EntryValues(
            uid=one.uid,
            sequence=one.sequence,
            summary=summary.replace("%(code)s", one.code),
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            stamped_at=one.convened_at,
            location=", ".join(part for part in (one.room, one.address) if part),
            url=f"{public_url}/cases/{one.case_id}/meetings/{one.id}/",
            description=description,
            cancelled=one.state == "cancelled",
        )
        for one in rows
        if one.convened_at is not None and one.starts_at is not None and one.ends_at is not None
    ]
