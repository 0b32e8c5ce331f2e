"""Reads of written progress reports (A8.9): one's own, one meeting's with each member's state, one case's."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings.models import Meeting, ProgressReport, ReportRequest, ReportVersion
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ReportFacts
from tmr_app.regulation.verdicts import Status, Verdict


@dataclass(frozen=True, slots=True)
class OwnReport:
    """A person's place in the reports of one meeting: the seat they sit on, what was asked, what was filed."""

    seat: Seat | None
    request: ReportRequest | None
    report: ProgressReport | None


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One member's row for one meeting; `seat` with person and institution.

    `state`: filed, addition, late, due or missing; `verdict` says how it was counted.
    """

    seat: Seat
    request: ReportRequest
    report: ProgressReport | None
    verdict: Verdict
    state: str


@dataclass(frozen=True, slots=True)
class MeetingReports:
    """The reports of one meeting in numbers."""

    meeting: Meeting
    asked: int
    filed: int


def verdict_of(
    meeting: Meeting,
    today: date,
    *,
    filed_on: date | None = None,
    requested_on: date | None = None,
    first: bool = False,
    seat: object = "",
) -> Verdict:
    """A8.9 for one report of this meeting. Raises ValueError for a meeting without a date."""
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date")
    facts = ReportFacts(
        meeting_on=meeting.meeting_on,
        filed_on=filed_on,
        requested_on=requested_on,
        frozen_on=civil_date(meeting.convened_at) if meeting.convened_at else None,
        first_meeting=first or meeting.purpose == "first",
        extraordinary=meeting.purpose == "extraordinary",
        seat=str(seat),
    )
    return articles.a8_9_report_in_time(facts, today)


def own(session: Session, *, case_id: UUID, meeting_id: UUID, person_id: UUID) -> OwnReport:
    """The person's live seat that was asked for a report, else their lasting seat, unasked. One or two statements."""
    row = session.execute(
        select(Seat, ReportRequest, ProgressReport)
        .join(ReportRequest, ReportRequest.seat_id == Seat.id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            *_live(case_id, person_id),
            ReportRequest.meeting_id == meeting_id,
            ReportRequest.withdrawn_at.is_(None),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.meeting_id.is_not(None), Seat.seated_at)
        .limit(1)
    ).first()
    if row is not None:
        return OwnReport(row[0], row[1], row[2])
    seat = session.scalar(
        select(Seat)
        .where(*_live(case_id, person_id), Seat.meeting_id.is_(None))
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at)
        .limit(1)
    )
    return OwnReport(seat, None, None)


def _live(case_id: UUID, person_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (
        Seat.case_id == case_id,
        Seat.person_id == person_id,
        Seat.ended_at.is_(None),
        Seat.recused_at.is_(None),
    )


def previous(session: Session, *, seat: Seat, meeting_id: UUID) -> tuple[ProgressReport, Meeting] | None:
    """The last report of this kind of seat and institution in the case before this meeting: to write on from."""
    row = session.execute(
        select(ProgressReport, Meeting)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(
            Meeting.case_id == seat.case_id,
            Meeting.id != meeting_id,
            Seat.id == seat.id,
            ProgressReport.filed_at.is_not(None),
        )
        .order_by(ProgressReport.filed_at.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def of_meeting(
    session: Session, today: date, *, meeting: Meeting, only_filed: bool = False
) -> list[ReportRow]:
    """Each member asked for a report, in the order of the seats, with the state as of `today`. One statement."""
    wanted = (
        select(Seat, ReportRequest, ProgressReport)
        .join(ReportRequest, ReportRequest.seat_id == Seat.id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(ReportRequest.meeting_id == meeting.id)
        .where(ReportRequest.withdrawn_at.is_(None) | ProgressReport.filed_at.is_not(None))
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    if only_filed:
        wanted = wanted.where(ProgressReport.filed_at.is_not(None))
    return [_row(meeting, today, row[0], row[1], row[2]) for row in session.execute(wanted)]


def _row(
    meeting: Meeting, today: date, seat: Seat, request: ReportRequest, report: ProgressReport | None
) -> ReportRow:
    filed_at = report.filed_at if report else None
    verdict = verdict_of(
        meeting,
        today,
        filed_on=civil_date(filed_at) if filed_at else None,
        requested_on=civil_date(request.requested_at),
        seat=seat.id,
    )
    return ReportRow(seat, request, report, verdict, _state(report, verdict))


def _state(report: ProgressReport | None, verdict: Verdict) -> str:
    if report is not None and report.filed_at is not None:
        if report.is_late:
            return "late"
        return "addition" if report.is_addition else "filed"
    return "due" if verdict.status in (Status.DUE, Status.WAIVED) else "missing"


def readable(
    session: Session, *, case_id: UUID, meeting_id: UUID, report_id: UUID
) -> tuple[ProgressReport, ReportRequest, Seat]:
    """One filed report of this meeting with its author's seat, person and institution. Raises NotFound."""
    row = session.execute(
        select(ProgressReport, ReportRequest, Seat)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(
            ProgressReport.id == report_id,
            ProgressReport.case_id == case_id,
            ReportRequest.meeting_id == meeting_id,
            ProgressReport.filed_at.is_not(None),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
    ).first()
    if row is None:
        raise NotFound("report")
    return row[0], row[1], row[2]


def versions(session: Session, report: ProgressReport) -> list[ReportVersion]:
    """What stood before each correction, the newest first. No statement for a report never corrected."""
    if report.version == 1:
        return []
    return list(
        session.scalars(
            select(ReportVersion)
            .where(ReportVersion.report_id == report.id)
            .order_by(ReportVersion.version.desc())
        )
    )


def of_case(session: Session, *, case_id: UUID, released_only: bool) -> list[MeetingReports]:
    """The case's meetings that asked for reports, newest first. One statement."""
    counts = (
        select(
            ReportRequest.meeting_id,
            func.count(ReportRequest.id).label("asked"),
            func.count(ProgressReport.filed_at).label("filed"),
        )
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(ReportRequest.case_id == case_id)
        .where(ReportRequest.withdrawn_at.is_(None) | ProgressReport.filed_at.is_not(None))
        .group_by(ReportRequest.meeting_id)
        .subquery()
    )
    wanted = (
        select(Meeting, counts.c.asked, counts.c.filed)
        .join(counts, counts.c.meeting_id == Meeting.id)
        .where(Meeting.case_id == case_id)
        .order_by(Meeting.meeting_on.desc(), Meeting.id)
        .limit(200)
    )
    if released_only:
        wanted = wanted.where(Meeting.pack_sha256.is_not(None))
    return [MeetingReports(row[0], row[1], row[2]) for row in session.execute(wanted)]
