"""Ledger rows of the phases (A11), review and monitoring of the plan (A5.1.5, A14.3.4, A14.4, A14.6, A15), supervision (A16)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import func, select

from tmr_app.cases.models import TakeOver
from tmr_app.cases.monitoring_models import SupervisionNote, Visit
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings import facts as meeting_facts
from tmr_app.meetings.facts import Called
from tmr_app.meetings.models import PackDocument
from tmr_app.meetings.review_verdicts import SUMMARY
from tmr_app.oversight.bundle_columns import WRITTEN
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.oversight.rows_monitor import completed
from tmr_app.plans import facts
from tmr_app.plans.models import Action, PlanVersion
from tmr_app.plans.review_models import PlanReview, ReviewItem
from tmr_app.plans.supervision import facts_of as supervision_facts
from tmr_app.regulation import articles
from tmr_app.regulation.articles_table import a5_1_5_past_reviews
from tmr_app.regulation.facts import (
    MonitoringFacts,
    ReviewFacts,
)


@read_as("adoptions")
def adoptions(tables: Tables) -> Table:
    """Adopted versions in order, with how many actions each has."""
    actions = (
        select(func.count())
        .where(Action.version_id == PlanVersion.id, Action.removed_at.is_(None))
        .correlate(PlanVersion)
        .scalar_subquery()
    )
    query = (
        select(
            PlanVersion.id,
            PlanVersion.case_id,
            PlanVersion.number,
            PlanVersion.adopted_on,
            PlanVersion.adopted_at,
            PlanVersion.meeting_id,
            PlanVersion.review_days,
            actions.label("actions"),
        )
        .where(PlanVersion.status == "adopted")
        .order_by(PlanVersion.number)
    )
    return tables.by_case(query, PlanVersion.case_id)


@read_as("paper_plans")
def paper_plans(tables: Tables) -> Table:
    """The plan in force when a case was taken over from paper."""
    query = select(TakeOver.case_id, TakeOver.plan_adopted_on, TakeOver.last_review_on)
    return tables.by_case(query, TakeOver.case_id)


@read_as("reviews")
def reviews(tables: Tables) -> Table:
    """Reviews begun or completed, with how many actions have their evaluation."""
    recorded = (
        select(func.count())
        .where(ReviewItem.review_id == PlanReview.id, ReviewItem.progress_enc.is_not(None))
        .correlate(PlanReview)
        .scalar_subquery()
    )
    query = select(
        PlanReview.id,
        PlanReview.case_id,
        PlanReview.meeting_id,
        PlanReview.version_id,
        PlanReview.reviewed_at,
        PlanReview.reviewed_on,
        PlanReview.asks_reassessment,
        PlanReview.well_being_enc.is_not(None).label("has_finding"),
        recorded.label("recorded"),
    ).order_by(PlanReview.reviewed_at)
    return tables.by_case(query, PlanReview.case_id)


@read_as("summaries")
def summaries(tables: Tables) -> Table:
    """When a monitoring summary joined each meeting's pack (A14.3.4)."""
    query = (
        select(
            PackDocument.case_id, PackDocument.meeting_id, func.min(PackDocument.frozen_at).label("sent_at")
        )
        .where(PackDocument.kind == SUMMARY)
        .group_by(PackDocument.case_id, PackDocument.meeting_id)
    )
    return tables.by_case(query, PackDocument.case_id)


@read_as("supervision")
def supervision(tables: Tables) -> Table:
    """The head's last look and last call for a visit, by kind."""
    query = select(
        SupervisionNote.case_id, SupervisionNote.kind, func.max(SupervisionNote.noted_at).label("last_at")
    ).group_by(SupervisionNote.case_id, SupervisionNote.kind)
    return tables.by_case(query, SupervisionNote.case_id)


@read_as("monitoring_visits")
def monitoring_visits(tables: Tables) -> Table:
    """How many monitoring visits, and the last one's day."""
    query = (
        select(Visit.case_id, func.count().label("visits"), func.max(Visit.visited_on).label("last_on"))
        .where(Visit.is_monitoring)
        .group_by(Visit.case_id)
    )
    return tables.by_case(query, Visit.case_id)


def first_adopted_on(view: CaseView) -> date | None:
    """The first adoption: in a version kept here, or before the take-over from paper."""
    return facts.first_adopted_on(view.adoptions, view.paper_plans)


@builds("A11")
def phases(view: CaseView) -> Iterator[Row]:
    """The phase the case shows, and what must be there for it."""
    assessed = bool(completed(view, "initial") or completed(view, "comprehensive"))
    found = facts.phase_of(
        view.case.phase,
        assessed=assessed,
        adopted_on=first_adopted_on(view),
        closed_on=view.case.closed_on,
    )
    yield view.row(articles.a11_phases(found, view.today))


def review_facts(view: CaseView) -> ReviewFacts:
    """The Table's reviews since the first adoption; the interval is the newest version's own."""
    held = [one.reviewed_on for one in view.reviews]
    return facts.review_of(view.adoptions, view.paper_plans, held, view.case.closed_on)


@builds("A5.1.5")
def reviewed_monthly(view: CaseView) -> Iterator[Row]:
    """One row per review held, then the one that is owed now."""
    facts = review_facts(view)
    by_day = {one.reviewed_on: one for one in view.reviews if one.reviewed_on}
    for verdict in a5_1_5_past_reviews(facts, view.today):
        review = by_day.get(verdict.met_on)
        meeting = _meeting(view, review.meeting_id) if review else None
        yield view.row(verdict, meeting=meeting, met_at=review.reviewed_at if review else None)
    yield view.row(articles.a5_1_5_reviewed_monthly(facts, view.today), endpoint="plans.show")


def _meeting(view: CaseView, meeting_id: Any) -> Any:
    return next((one for one in view.meetings if one.id == meeting_id), None)


def _monitored_meetings(view: CaseView) -> Iterator[Any]:
    """Meetings after the adoption of a plan, those cancelled apart."""
    adopted_on = first_adopted_on(view)
    for meeting in view.meetings:
        if meeting.state != "cancelled" and meeting.meeting_on is not None and adopted_on is not None:
            adopted_here = any(one.meeting_id == meeting.id and one.number == 1 for one in view.adoptions)
            if meeting.meeting_on > adopted_on or (meeting.meeting_on == adopted_on and not adopted_here):
                yield meeting


@builds("A14.3.4")
def table_informed(view: CaseView) -> Iterator[Row]:
    """One row per meeting after the adoption: the summary joined its pack."""
    sent = {one.meeting_id: one.sent_at for one in view.summaries}
    for meeting in _monitored_meetings(view):
        at = sent.get(meeting.id)
        found = meeting_facts.informed_of(meeting.meeting_on, at, held=meeting.state == "held")
        verdict = articles.a14_3_4_table_informed(found, view.today)
        earlier = view.before_take_over("A14.3.4", meeting.meeting_on)
        yield view.row(earlier or verdict, meeting=meeting, met_at=at)


def _review_facts_of(view: CaseView, meeting: Any) -> MonitoringFacts:
    review = next((one for one in view.reviews if one.meeting_id == meeting.id), None)
    before = [one for one in view.adoptions if one.meeting_id != meeting.id]
    version = next((one for one in before if review is not None and one.id == review.version_id), None)
    actions = version.actions if version else before[-1].actions if before else 0
    return meeting_facts.review_of(
        meeting.meeting_on,
        review,
        held=meeting.state == "held",
        actions=actions,
        recorded=review.recorded if review is not None else 0,
        finding=WRITTEN if review is not None and review.has_finding else "",
    )


def _review_meetings(view: CaseView) -> Iterator[Any]:
    reviewed = {one.meeting_id for one in view.reviews}
    for meeting in _monitored_meetings(view):
        if meeting.purpose == "review" or meeting.id in reviewed:
            yield meeting


@builds("A14.6")
def form_updated(view: CaseView) -> Iterator[Row]:
    """One row per review meeting: the monitoring form is the review with its actions."""
    for meeting in _review_meetings(view):
        verdict = articles.a14_6_form_and_plan_updated(_review_facts_of(view, meeting), view.today)
        yield view.row(verdict, meeting=meeting, endpoint="reviews.show")


@builds("A15")
def review_held(view: CaseView) -> Iterator[Row]:
    """One row per review meeting: progress of every action, the finding on the child."""
    for meeting in _review_meetings(view):
        verdict = articles.a15_review_held(_review_facts_of(view, meeting), view.today)
        yield view.row(verdict, meeting=meeting, endpoint="reviews.show", met_at=meeting.ended_at)


@builds("A14.4")
def reassessment(view: CaseView) -> Iterator[Row]:
    """One row per review that asks for a new assessment and per meeting called for one; else one that nothing asks."""
    called = [one for one in view.meetings if one.purpose == "reassessment" and one.state != "cancelled"]
    noted = [one for one in view.reviews if one.reviewed_at and one.asks_reassessment]
    answered = set()
    for review in noted:
        answer = next((one for one in called if one.called_at >= review.reviewed_at), None)
        if answer is None:
            owed = meeting_facts.reassessment_of(review.reviewed_on, None)
            yield view.row(articles.a14_4_reassessment_called(owed, view.today), endpoint="meetings.index")
        elif answer.id not in answered:
            answered.add(answer.id)
            yield _reassessed(view, answer, review.reviewed_on)
    for meeting in called:
        if meeting.id not in answered:
            yield _reassessed(view, meeting, civil_date(meeting.called_at))
    if not called and not noted:
        nothing = meeting_facts.reassessment_of(None, None)
        yield view.row(articles.a14_4_reassessment_called(nothing, view.today))


def _reassessed(view: CaseView, meeting: Any, noted_on: date) -> Row:
    called = Called(
        meeting.called_at, meeting.meeting_on, meeting.state == "held", bool(meeting.risk_redetermined)
    )
    found = meeting_facts.reassessment_of(noted_on, called)
    verdict = articles.a14_4_reassessment_called(found, view.today)
    return view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


@builds("A16")
def head_monitors(view: CaseView) -> Iterator[Row]:
    """The head's look at the plan after its adoption; a visit found needed is made."""
    visits = view.monitoring_visits[0] if view.monitoring_visits else None
    found = supervision_facts(
        first_adopted_on(view),
        {one.kind: one.last_at for one in view.supervision},
        visits.visits if visits else 0,
        visits.last_on if visits else None,
    )
    yield view.row(articles.a16_head_monitors(found, view.today), endpoint="visits.index")
