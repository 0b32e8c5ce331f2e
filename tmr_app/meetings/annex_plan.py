"""The annex's plan and review sections, from the unified plan as the meeting left it (A13, A15)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tmr_app.cases.models import Case
from tmr_app.documents.annex1 import Annex1Values
from tmr_app.documents.values import ActionValues
from tmr_app.meetings import annex_forms
from tmr_app.meetings.models import Meeting
from tmr_app.plans import queries
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow
from tmr_app.plans.review_models import PlanReview, ReviewItem
from tmr_app.regulation.articles import next_review_on
from tmr_app.regulation.facts_table import ReviewFacts


@annex_forms.fills
def plan_and_review(session: Session, case: Case, meeting: Meeting, values: Annex1Values) -> Annex1Values:
    """The version adopted in this meeting, else the one in force on its day; before there is one, the initial plan's goal."""
    version = _version(session, case, meeting)
    if version is None:
        return values
    actions = queries.actions_of(session, case.id, version)
    review = session.scalar(
        select(PlanReview)
        .where(PlanReview.meeting_id == meeting.id, PlanReview.reviewed_at.is_not(None))
        .options(selectinload(PlanReview.items))
    )
    objectives = queries.objectives_of(session, version, actions)
    goals = [version.goal, *(one.row.text for one in objectives)]
    return replace(
        values,
        actions=tuple(action_values(one) for one in actions),
        objectives=tuple(goal for goal in goals if goal),
        aim=version.aim,
        review_on=review.reviewed_on if review is not None else _next(version),
        reviewed=_reviewed(session, case, review) if review is not None else (),
    )


def _version(session: Session, case: Case, meeting: Meeting) -> PlanVersion | None:
    adopted = queries.versions_of(session, case.id)
    of_this = next((one for one in adopted if one.meeting_id == meeting.id), None)
    if of_this is not None or meeting.meeting_on is None:
        return of_this
    return next(
        (one for one in adopted if one.adopted_on is not None and one.adopted_on <= meeting.meeting_on), None
    )


def _next(version: PlanVersion) -> date | None:
    """When the plan is to be reviewed (A5.1.5)."""
    if version.adopted_on is None:
        return None
    facts = ReviewFacts(version.adopted_on, interval_days=version.review_days)
    return next_review_on(facts, version.adopted_on)


def _reviewed(session: Session, case: Case, review: PlanReview) -> tuple[ActionValues, ...]:
    """The actions of the version that was reviewed, each as the review saw it."""
    version = session.get_one(PlanVersion, review.version_id)
    said = {one.action_key: one for one in review.items}
    actions = queries.actions_of(session, case.id, version, responsible_on=review.reviewed_on)
    return tuple(action_values(one, said.get(one.key)) for one in actions)


def action_values(one: ActionNow, item: ReviewItem | None = None) -> ActionValues:
    """A line of the annex's tables; `item`: as the review saw it."""
    row = one.row
    return ActionValues(
        measure=row.measure,
        service=row.service,
        institutions="\n".join(_institutions(one)),
        member=one.person.name if one.person else "",
        planned_on=row.planned_on,
        status=item.status if item else one.status,
        review_on=row.review_on,
        notes=item.notes if item and item.notes else row.notes,
        serves=row.serves,
        progress=item.progress if item else "",
    )


def _institutions(one: ActionNow) -> Iterable[str]:
    return filter(None, [*(institution.name for institution in one.institutions), one.row.others])
