"""Each case's phase (A11), from what really happened: kept on the case with each deed, like its next duty."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation.course import PathFacts, phase_reached


def refresh(session: Session, case_ids: Sequence[UUID]) -> int:
    """Set the phase of these cases; returns how many changed. One statement for all, one for each that changed.

    A case taken over from paper, without a version kept here, stays in the phase it was taken over in.
    """
    versions = (
        select(
            PlanVersion.case_id,
            func.max(PlanVersion.adopted_at).label("adopted_at"),
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
    rows = session.execute(
        select(
            Case.id,
            Case.phase,
            Case.status,
            Case.taken_over_on,
            versions.c.adopted_at,
            versions.c.versions,
            reviews.c.reviewed_at,
        )
        .outerjoin(versions, versions.c.case_id == Case.id)
        .outerjoin(reviews, reviews.c.case_id == Case.id)
        .where(Case.id.in_(case_ids))
    ).all()
    changed = 0
    for row in rows:
        if row.taken_over_on is not None and not row.versions:
            continue
        facts = PathFacts(
            row.phase,
            is_closed=row.status == "closed",
            has_draft=bool(row.versions),
            adopted_at=row.adopted_at,
            reviewed_at=row.reviewed_at,
        )
        reached = phase_reached(facts)
        if reached != row.phase:
            session.execute(update(Case).where(Case.id == row.id).values(phase=reached))
            changed += 1
    return changed
