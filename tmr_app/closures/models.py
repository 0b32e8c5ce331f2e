"""Closing a case (A17), its opinions and approvals; legal hold and erasure after the time of retention."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified, index_of_some
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import PersonId


class Closing(Identified, Base):
    """One way to the end of a case's Table: assessment and recommendation, and what followed. One is under way at a time.

    state: open | closed | withdrawn | declined (the Table goes on) | reopened. `ground`: one of the five of A17.3.
    `version` counts the assessment's versions; the head approves one of them. `qps_id` and `municipality_id` are those of
    the Table that closed: a transferred case lives on elsewhere. `age_checked`, `services_given`, `risk_lowered`: what the
    sealed texts and dates said when the assessment was saved, so that the ledger needs no key.
    """

    __tablename__ = "closing"
    case_id: Mapped[CaseId]
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"))
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="open")
    ground: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer, default=1)
    begun_at: Mapped[datetime]
    assessed_at: Mapped[datetime]
    assessed_by_id: Mapped[PersonId]
    recommended_at: Mapped[datetime]
    out_of_danger: Mapped[bool] = mapped_column(Boolean, default=False)
    no_risk: Mapped[bool] = mapped_column(Boolean, default=False)
    risk_lowered: Mapped[bool] = mapped_column(Boolean, default=False)
    services_given: Mapped[bool] = mapped_column(Boolean, default=False)
    services_needed: Mapped[bool | None]
    age_checked: Mapped[bool] = mapped_column(Boolean, default=False)
    monitored_since_on: Mapped[date | None]
    family_told: Mapped[bool] = mapped_column(Boolean, default=False)
    to_qps_id: Mapped[UUID | None] = mapped_column(ForeignKey("qps.id"))
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[PersonId | None]
    approved_version: Mapped[int | None]
    reminded_at: Mapped[datetime | None]
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    decided_at: Mapped[datetime | None]
    decided_on: Mapped[date | None]
    form_made_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None]
    closed_by_id: Mapped[PersonId | None]
    reopened_at: Mapped[datetime | None]
    reopened_by_id: Mapped[PersonId | None]
    assessment_enc: Enc
    best_interest_enc: Enc
    services_enc: Enc
    undone_enc: Enc
    after_eighteen_enc: Enc
    country_enc: Enc
    authority_enc: Enc
    death_on_enc: Enc
    death_source_enc: Enc
    other_enc: Enc
    no_parent_reason_enc: Enc
    ended_reason_enc: Enc
    assessment = SealedText("assessment_enc")
    best_interest = SealedText("best_interest_enc")
    services = SealedText("services_enc")
    undone = SealedText("undone_enc")
    after_eighteen = SealedText("after_eighteen_enc")
    country = SealedText("country_enc")
    authority = SealedText("authority_enc")
    death_on = SealedText("death_on_enc")
    death_source = SealedText("death_source_enc")
    other = SealedText("other_enc")
    no_parent_reason = SealedText("no_parent_reason_enc")
    ended_reason = SealedText("ended_reason_enc")
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'closed', 'withdrawn', 'declined', 'reopened')", name="state_known"
        ),
        index_of_some("uq_closing_open", "case_id", where="state = 'open'", unique=True),
        Index("ix_closing_place_day", "municipality_id", "closed_on"),
    )


class ClosingOpinion(Identified, Base):
    """What child, parent or guardian think of progress and closing, or why not (A17.2). `relation_id` empty = the child."""

    __tablename__ = "closing_opinion"
    case_id: Mapped[CaseId]
    closing_id: Mapped[UUID] = mapped_column(ForeignKey("closing.id"), index=True)
    relation_id: Mapped[UUID | None] = mapped_column(ForeignKey("relation.id"))
    asked_on: Mapped[date | None]
    how: Mapped[str | None] = mapped_column(String(20))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[PersonId]
    version: Mapped[int] = mapped_column(Integer, default=1)
    opinion_enc: Enc
    no_opinion_reason_enc: Enc
    opinion = SealedText("opinion_enc")
    no_opinion_reason = SealedText("no_opinion_reason_enc")
    __table_args__ = (UniqueConstraint("closing_id", "relation_id", name="uq_closing_opinion_once"),)


class ClosingReview(Identified, Base):
    """The head's answer to one version of the assessment (A17.3): approved, or returned with a reason."""

    __tablename__ = "closing_review"
    case_id: Mapped[CaseId]
    closing_id: Mapped[UUID] = mapped_column(ForeignKey("closing.id"), index=True)
    version: Mapped[int]
    accepted: Mapped[bool]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[PersonId]
    note_enc: Enc
    note = SealedText("note_enc")
    __table_args__ = (UniqueConstraint("closing_id", "version", name="uq_closing_review_once"),)


class LegalHold(Identified, Base):
    """Nothing of this case is erased while a hold stands (a court, a prosecutor asks for it)."""

    __tablename__ = "legal_hold"
    case_id: Mapped[CaseId]
    placed_at: Mapped[datetime]
    placed_by_id: Mapped[PersonId]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[PersonId | None]
    reason_enc: Enc
    reason = SealedText("reason_enc")


class Erasure(Identified, Base):
    """The end of a closed case's data after the time of retention: proposed by one, carried out by another.

    state: proposed | refused | erased. Nothing here is sealed: the row outlives the case's key.
    """

    __tablename__ = "erasure"
    case_id: Mapped[CaseId]
    state: Mapped[str] = mapped_column(String(12), default="proposed")
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[PersonId | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[PersonId | None]
    files_gone_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'refused', 'erased')", name="state_known"),
        index_of_some("uq_erasure_once", "case_id", where="state <> 'refused'", unique=True),
    )
