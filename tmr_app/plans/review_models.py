"""The plan's review in a meeting of the Table (A5.1.5, A15), and the monitoring findings put before it (A14.3.4)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import PersonId


class PlanReview(Identified, Base):
    """One review, of the version in force, in one meeting. It counts from `reviewed_on` on, the meeting's date.

    `monitoring` is what the case manager found since the last meeting: written before, it joins the pack. `course` is how
    the child's well-being went: better, same, worse. `next_version_id`: the draft the review opened.
    """

    __tablename__ = "plan_review"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(unique=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    next_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_version.id"))
    begun_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[PersonId]
    monitored_at: Mapped[datetime | None]
    reviewed_at: Mapped[datetime | None]
    reviewed_on: Mapped[date | None]
    course: Mapped[str | None] = mapped_column(String(10))
    asks_reassessment: Mapped[bool] = mapped_column(default=False)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    monitoring_enc: Enc
    well_being_enc: Enc
    monitoring = SealedText("monitoring_enc")
    well_being = SealedText("well_being_enc")
    items: Mapped[list["ReviewItem"]] = relationship(lazy="raise")
    __table_args__ = (CheckConstraint("course IN ('better', 'same', 'worse')", name="review_course_known"),)


class ReviewItem(Identified, Base):
    """What the review says of one action: status, evaluation of progress, notes, as in the annex's second table."""

    __tablename__ = "plan_review_item"
    case_id: Mapped[CaseId]
    review_id: Mapped[UUID] = mapped_column(ForeignKey("plan_review.id"), index=True)
    action_key: Mapped[UUID]
    status_before: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12))
    progress_enc: Enc
    notes_enc: Enc
    progress = SealedText("progress_enc")
    notes = SealedText("notes_enc")
    __table_args__ = (
        UniqueConstraint("review_id", "action_key", name="uq_plan_review_item_once"),
        CheckConstraint("status IN ('in_process', 'done', 'not_done')", name="review_status_known"),
    )
