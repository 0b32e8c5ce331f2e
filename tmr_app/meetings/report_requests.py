"""Asking members for their written progress report (A8.9): as soon as a next date is proposed."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.meetings import notifications
from tmr_app.meetings.models import Meeting, ReportRequest
from tmr_app.regulation import articles
from tmr_app.regulation.catalogue import MEMBER_KINDS
from tmr_app.regulation.days import report_limit
from tmr_app.regulation.facts import ReportFacts
from tmr_app.regulation.verdicts import Status

NOT_ASKED = frozenset({"case_manager"})
"""The case manager receives the reports and presents the case; everybody else seated as a member is asked."""


def reports_owed(meeting: Meeting, *, first: bool) -> bool:
    """Whether the rule asks the members for reports before this meeting at all (A8.9)."""
    on = meeting.meeting_on or date.max
    facts = ReportFacts(
        on,
        first_meeting=first or meeting.purpose == "first",
        extraordinary=meeting.purpose == "extraordinary",
    )
    return articles.a8_9_report_in_time(facts, on).status is not Status.WAIVED


def write_requests(session: Session, now: datetime, *, meeting: Meeting, seats: Iterable[Seat]) -> int:
    """Ask each of these members who was not asked yet, and tell those whose day has moved. Returns how many mails.

    A request written without a date (when the meeting before ended) becomes this meeting's. Needs `meeting_on`.
    """
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date")
    due_on = report_limit(meeting.meeting_on)
    asked = [seat for seat in seats if seat.kind in MEMBER_KINDS - NOT_ASKED]
    known = {
        request.seat_id: request
        for request in session.scalars(
            select(ReportRequest)
            .where(
                ReportRequest.case_id == meeting.case_id,
                ReportRequest.withdrawn_at.is_(None),
                or_(ReportRequest.meeting_id == meeting.id, ReportRequest.meeting_id.is_(None)),
            )
            .order_by(ReportRequest.meeting_id.is_(None).desc())
        )
    }
    told = []
    for seat in asked:
        request = known.get(seat.id)
        if request is None:
            request = ReportRequest(case_id=meeting.case_id, seat_id=seat.id, requested_at=now)
            session.add(request)
        if request.meeting_id != meeting.id or request.due_on != due_on:
            request.meeting_id, request.due_on = meeting.id, due_on
            told.append(seat.person)
    if told:
        parameters = {**notifications.about(meeting, "report"), "due_on": due_on.isoformat()}
        notifications.tell(
            session,
            told,
            kind="report_requested",
            now=now,
            parameters=parameters,
            case_id=meeting.case_id,
            about_id=meeting.id,
        )
        audit.note(
            session,
            "report:requested",
            object_type="meeting",
            object_id=meeting.id,
            case_id=meeting.case_id,
            rule="A8.9",
        )
    return len(told)


def write_undated(session: Session, now: datetime, *, meeting: Meeting, seats: Iterable[Seat]) -> int:
    """The meeting ended without a next date: each member owes a report all the same, due once the date stands.

    Nobody is mailed: there is no day to name yet. Who has an open request already gets no second one.
    """
    open_ones = set(
        session.scalars(
            select(ReportRequest.seat_id)
            .outerjoin(Meeting, Meeting.id == ReportRequest.meeting_id)
            .where(
                ReportRequest.case_id == meeting.case_id,
                ReportRequest.withdrawn_at.is_(None),
                or_(ReportRequest.meeting_id.is_(None), Meeting.status.in_(("preparing", "convened"))),
            )
        )
    )
    asked = [seat for seat in seats if seat.kind in MEMBER_KINDS - NOT_ASKED and seat.id not in open_ones]
    for seat in asked:
        session.add(ReportRequest(case_id=meeting.case_id, seat_id=seat.id, requested_at=now))
    if asked:
        audit.note(
            session,
            "report:requested",
            object_type="meeting",
            object_id=meeting.id,
            case_id=meeting.case_id,
            rule="A8.9",
        )
    return len(asked)


def withdraw_requests(session: Session, now: datetime, *, meeting: Meeting) -> None:
    """A cancelled meeting asks for nothing; what was filed stays."""
    for request in session.scalars(
        select(ReportRequest).where(
            ReportRequest.meeting_id == meeting.id, ReportRequest.withdrawn_at.is_(None)
        )
    ):
        request.withdrawn_at = now
