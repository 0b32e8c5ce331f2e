"""What meetings add to a case's timeline: each meeting's course, its reports, its minutes, the review of the plan in it."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.panels import Entry, timeline_source
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting, ProgressReport, ReportRequest
from tmr_app.meetings.notifications import meeting_path
from tmr_app.members.models import Person
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation.verdicts import Message
from tmr_app.signing.models import FrozenVersion

REVIEWED = {
    None: Message("Plan reviewed"),
    "better": Message("Plan reviewed: the child fares better"),
    "same": Message("Plan reviewed: the child fares as before"),
    "worse": Message("Plan reviewed: the child fares worse"),
}
SAID = 400
"""Characters of a text shown here; the whole stands on the page it leads to."""


@timeline_source
def meeting_entries(session: Session, case: Case) -> Iterator[Entry]:
    """When each meeting was called, convened and held or cancelled. One statement."""
    for meeting in session.scalars(
        select(Meeting).where(Meeting.case_id == case.id).order_by(Meeting.called_at)
    ):
        url = meeting_path(case.id, meeting.id)
        deeds = (
            (meeting.called_at, Message("Meeting %(code)s called", code=meeting.code)),
            (meeting.convened_at, Message("Meeting %(code)s convened", code=meeting.code)),
            (meeting.cancelled_at, Message("Meeting %(code)s cancelled", code=meeting.code)),
            (meeting.ended_at, Message("Meeting %(code)s held", code=meeting.code)),
        )
        yield from (Entry(text, at=at, url=url, kind="meetings") for at, text in deeds if at is not None)


@timeline_source
def report_entries(session: Session, case: Case) -> Iterator[Entry]:
    """Reports asked for, once a meeting, and each one filed: who and when, none of their words. Two statements."""
    asked = session.execute(
        select(ReportRequest.meeting_id, func.min(ReportRequest.requested_at), func.count())
        .where(ReportRequest.case_id == case.id, ReportRequest.withdrawn_at.is_(None))
        .group_by(ReportRequest.meeting_id)
    )
    for meeting_id, at, count in asked:
        title = Message("Progress reports asked for: %(count)s", count=count)
        url = f"{meeting_path(case.id, meeting_id)}reports" if meeting_id else f"/cases/{case.id}/reports"
        yield Entry(title, at=at, url=url, kind="reports")
    filed = session.execute(
        select(ProgressReport.id, ProgressReport.filed_at, ProgressReport.is_late, ReportRequest.meeting_id, Person.name)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Person, Person.id == ProgressReport.filed_by_id)
        .where(ProgressReport.case_id == case.id, ProgressReport.filed_at.is_not(None))
    )  # fmt: skip
    for report_id, filed_at, is_late, in_meeting_id, name in filed:
        title = Message("Progress report filed late") if is_late else Message("Progress report filed")
        address = f"{meeting_path(case.id, in_meeting_id)}reports/{report_id}" if in_meeting_id else None
        yield Entry(title, at=filed_at, by=name, url=address, kind="reports")


@timeline_source
def minutes_entries(session: Session, case: Case) -> Iterator[Entry]:
    """The minutes of each meeting, before the members, approved, sealed. One statement."""
    rows = session.execute(
        select(Minutes.meeting_id, Meeting.code, Minutes.version, Minutes.circulated_at, Minutes.approved_at,
               FrozenVersion.sealed_at, Person.name)
        .join(Meeting, Meeting.id == Minutes.meeting_id)
        .join(Person, Person.id == Minutes.made_by_id)
        .outerjoin(FrozenVersion, FrozenVersion.id == Minutes.frozen_id)
        .where(Minutes.case_id == case.id)
    )  # fmt: skip
    for meeting_id, code, version, circulated_at, approved_at, sealed_at, name in rows:
        said = {"code": code, "version": version}
        deeds = (
            (circulated_at, name, Message("Minutes of %(code)s, version %(version)s, sent to the members", **said)),
            (approved_at, "", Message("Minutes of %(code)s, version %(version)s, approved", **said)),
            (sealed_at, "", Message("Minutes of %(code)s, version %(version)s, signed and sealed", **said)),
        )  # fmt: skip
        url = f"{meeting_path(case.id, meeting_id)}minutes"
        yield from (
            Entry(text, at=at, by=by, url=url, kind="meetings") for at, by, text in deeds if at is not None
        )


@timeline_source
def review_entries(session: Session, case: Case) -> Iterator[Entry]:
    """Findings of monitoring put before the Table, and reviews completed with how the child fares. One statement."""
    rows = session.execute(
        select(PlanReview, Person.name)
        .join(Person, Person.id == PlanReview.saved_by_id)
        .where(PlanReview.case_id == case.id)
    )
    for review, name in rows:
        url = meeting_path(case.id, review.meeting_id)
        if review.monitored_at is not None:
            title = Message("Findings of monitoring put before the Table")
            yield Entry(title, at=review.monitored_at, by=name, url=f"{url}review", kind="reviews")
        if review.reviewed_at is not None:
            yield Entry(
                REVIEWED[review.course],
                at=review.reviewed_at,
                by=name,
                text=review.well_being[:SAID],
                url=f"{url}review",
                kind="reviews",
            )
