"""The review and the monitoring summary on paper (A15, A14.3.4), filled from the plan as it stands or stood."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases import papers
from tmr_app.cases.models import Case, RiskLevel
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.documents import review as review_document
from tmr_app.documents.content import Document
from tmr_app.documents.monitoring import MonitoringValues
from tmr_app.documents.review import ReviewValues
from tmr_app.documents.values import ActionValues
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings import holding_queries, pack_sources
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.pack_sources import Sources
from tmr_app.plans import reviewing
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow
from tmr_app.plans.review_models import PlanReview, ReviewItem
from tmr_app.regulation.verdicts import Message

TITLE = Message("Review of the plan and evaluation of progress")


def action_values(action: ActionNow, item: ReviewItem | None = None) -> ActionValues:
    """One line of the annex's tables; with `item`, as the review saw it."""
    told = action.update.note if action.update else ""
    return ActionValues(
        measure=action.row.measure,
        service=action.row.service,
        institutions=", ".join(
            [*(one.name for one in action.institutions), *filter(None, [action.row.others])]
        ),
        member=action.person.name if action.person else "",
        planned_on=action.planned_on,
        status=item.status if item else action.status,
        review_on=action.review_on,
        notes=item.notes if item else action.row.notes,
        serves=action.row.serves,
        progress=item.progress if item else told,
    )


def monitoring_values(sources: Sources, meeting: Meeting, now: datetime) -> MonitoringValues | None:
    """None before a plan is adopted: there is nothing to monitor."""
    if sources.unified is None:
        return None
    today = civil_date(now)
    return MonitoringValues(
        case=pack_sources.case_values(sources),
        meeting=pack_sources.meeting_values(sources, meeting),
        plan_version=sources.unified.number,
        made_on=today,
        actions=tuple(action_values(one) for one in sources.actions),
        overdue=sum(one.overdue(today) for one in sources.actions),
        findings=sources.monitored,
    )


def review_values(
    sources: Sources,
    meeting: Meeting,
    review: PlanReview,
    version: PlanVersion,
    actions: Sequence[ActionNow],
    next_version: PlanVersion | None,
    risk_level: str,
) -> ReviewValues:
    """A completed review as the Table made it: a draft's words are no change yet, a later level of risk is another day's."""
    adopted = next_version is not None and next_version.adopted_at is not None
    said = {one.action_key: one for one in review.items}
    return ReviewValues(
        case=replace(pack_sources.case_values(sources), risk_level=risk_level),
        child=pack_sources.child_values(sources),
        meeting=pack_sources.meeting_values(sources, meeting),
        plan_version=version.number,
        actions=tuple(action_values(one, said.get(one.key)) for one in actions),
        well_being=review.well_being,
        risk_level=risk_level,
        monitoring=review.monitoring,
        changes=next_version.changes if next_version is not None and adopted else "",
    )


def _level_on(session: Session, case_id: UUID, on: date | None) -> str:
    """The level of risk at the end of this civil day, "" where none was determined yet."""
    rows = session.execute(
        select(RiskLevel.level, RiskLevel.determined_at)
        .where(RiskLevel.case_id == case_id)
        .order_by(RiskLevel.determined_at, RiskLevel.id)
    )
    come = [row.level for row in rows if on is None or civil_date(row.determined_at) <= on]
    return come[-1] if come else ""


@papers.source
def reviews(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """Completed reviews, the newest first. One statement."""
    rows = session.execute(
        select(PlanReview.id, PlanReview.reviewed_on, Meeting.code)
        .join(Meeting, Meeting.id == PlanReview.meeting_id)
        .where(PlanReview.case_id == case.id, PlanReview.reviewed_at.is_not(None))
        .order_by(PlanReview.reviewed_at.desc())
    )
    for row in rows:
        yield Offer("review", key_of(row.id), TITLE, row.reviewed_on, row.code)


@papers.kind("review", Permission.PLAN_READ)
def review_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """The review made in one meeting."""
    row = session.scalar(
        select(PlanReview).where(PlanReview.id == papers.ids(key)[0], PlanReview.case_id == case.id)
    )
    found = reviewing.sheet(session, case.id, row.meeting_id) if row is not None else None
    if row is None or row.reviewed_at is None or found is None or found.review is None:
        raise NotFound("review")
    meeting = holding_queries.find(session, row.meeting_id, case.id)
    sources = pack_sources.load(session, case=case, meeting=meeting)
    sources.language = reader.language
    following = session.get(PlanVersion, row.next_version_id) if row.next_version_id else None
    values = review_values(
        sources,
        meeting,
        found.review,
        found.version,
        [one.action for one in found.rows],
        following,
        _level_on(session, case.id, row.reviewed_on),
    )
    return review_document.build(values)
