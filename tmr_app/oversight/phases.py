"""Each case's phase (A11), from what really happened: kept on the case with each deed, like its next duty."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Assessment, Case, TakeOver
from tmr_app.plans import facts
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation import articles
from tmr_app.regulation.course import PathFacts, phase_reached


def courses(session: Session, case_ids: Sequence[UUID]) -> Sequence[Any]:
    """A row a case, in one statement: what its phase rests on, and what is kept on it of its phase and its next duty."""
    versions = (
        select(
            PlanVersion.case_id,
            func.max(PlanVersion.adopted_at).label("adopted_at"),
            func.min(PlanVersion.adopted_on).label("adopted_on"),
            func.count().label("versions"),
        )
        .where(PlanVersion.case_id.in_(case_ids))
        .group_by(PlanVersion.case_id)
        .subquery()
    )
    reviews = (
        select(PlanReview.case_id, func.max(PlanReview.reviewed_at).label("reviewed_at"))
        .where(PlanReview.case_id.in_(case_ids))
        .group_by(PlanReview.case_id)
        .subquery()
    )
    assessed = exists().where(Assessment.case_id == Case.id, Assessment.completed_at.is_not(None))
    return session.execute(
        select(
            Case.id,
            Case.phase,
            Case.status,
            Case.next_duty_on,
            Case.next_duty,
            Case.review_due_on,
            Case.taken_over_on,
            Case.closed_on,
            assessed.label("assessed"),
            TakeOver.plan_adopted_on,
            versions.c.adopted_at,
            versions.c.adopted_on,
            versions.c.versions,
            reviews.c.reviewed_at,
        )
        .outerjoin(versions, versions.c.case_id == Case.id)
        .outerjoin(TakeOver, TakeOver.case_id == Case.id)
        .outerjoin(reviews, reviews.c.case_id == Case.id)
        .where(Case.id.in_(case_ids))
    ).all()


def refresh(session: Session, courses: Iterable[Any], today: date) -> int:
    """Set the phase of these cases; returns how many changed. One statement for each that changed.

    A phase that the rule refuses, as what it rests on is missing (A11), is not shown: the case is still assessed.
    A case taken over from paper, without a version kept here, stays in the phase it was taken over in.
    """
    changed = 0
    for row in courses:
        if row.taken_over_on is not None and not row.versions:
            continue
        reached = _reached(row, today)
        if reached != row.phase:
            session.execute(update(Case).where(Case.id == row.id).values(phase=reached))
            changed += 1
    return changed


def _reached(row: Any, today: date) -> str:
    path = PathFacts(
        row.phase,
        is_closed=row.status == "closed",
        has_draft=bool(row.versions),
        adopted_at=row.adopted_at,
        reviewed_at=row.reviewed_at,
    )
    reached = phase_reached(path)
    first_on = facts.first_adopted_on([row], [row])
    known = facts.phase_of(reached, assessed=row.assessed, adopted_on=first_on, closed_on=row.closed_on)
    refused = articles.a11_phases(known, today).refuses
    return "assessment" if refused and reached != "closure" else reached
