"""What the rules say on the pages of a review: the form (A14.6), the review itself (A15), a re-assessment (A14.4).

And before it, whether the Table is informed (A14.3.4) and how the plan is carried out (A6.1.7).
"""

from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import RiskLevel
from tmr_app.meetings import facts
from tmr_app.meetings.facts import Called
from tmr_app.meetings.models import Meeting, PackDocument
from tmr_app.plans import following
from tmr_app.plans.review_models import PlanReview
from tmr_app.plans.reviewing import Sheet
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Verdict

SUMMARY = "monitoring"
"""The kind of the paper in the pack."""


def of_review(meeting: Meeting, sheet: Sheet, today: date) -> list[Verdict]:
    """A15 and A14.6 of this meeting's review as it stands."""
    review = sheet.review
    found = facts.review_of(
        meeting.meeting_on or today,
        review,
        held=meeting.status == "held",
        actions=len(sheet.rows),
        recorded=sum(row.item is not None and bool(row.item.progress) for row in sheet.rows),
        finding=review.well_being if review is not None else "",
    )
    return [
        articles.a15_review_held(found, today),
        articles.a14_6_form_and_plan_updated(found, today),
    ]


def reassessment(session: Session, review: PlanReview | None, today: date) -> Verdict:
    """Whether a meeting to re-assess is owed after this review, and what became of it (A14.4)."""
    if review is None or review.reviewed_at is None or not review.asks_reassessment:
        return articles.a14_4_reassessment_called(facts.reassessment_of(None, None), today)
    row = session.execute(
        select(
            Meeting.called_at,
            Meeting.meeting_on,
            Meeting.status,
            exists()
            .where(RiskLevel.case_id == Meeting.case_id, RiskLevel.meeting_id == Meeting.id)
            .label("redetermined"),
        )
        .where(
            Meeting.case_id == review.case_id,
            Meeting.purpose == "reassessment",
            Meeting.status != "cancelled",
            Meeting.called_at >= review.reviewed_at,
        )
        .order_by(Meeting.meeting_on.is_(None), Meeting.meeting_on, Meeting.called_at)
        .limit(1)
    ).first()
    called = None
    if row is not None:
        called = Called(row.called_at, row.meeting_on, row.status == "held", bool(row.redetermined))
    return articles.a14_4_reassessment_called(facts.reassessment_of(review.reviewed_on, called), today)


def of_monitoring(session: Session, meeting: Meeting, sheet: Sheet, today: date) -> list[Verdict]:
    """How the plan is carried out (A6.1.7), and whether its summary is among the meeting's papers (A14.3.4)."""
    sent_at = session.scalar(
        select(func.min(PackDocument.frozen_at)).where(
            PackDocument.meeting_id == meeting.id, PackDocument.kind == SUMMARY
        )
    )
    informed = facts.informed_of(meeting.meeting_on or today, sent_at, held=meeting.status == "held")
    return [
        following.supervised([row.action for row in sheet.rows], today),
        articles.a14_3_4_table_informed(informed, today),
    ]
