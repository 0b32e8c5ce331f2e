"""A child's case: referral, family, risk, assessment. Every row within a case carries its `case_id`.

Columns ending in `_enc` are sealed under the case's data key (the family's for `FamilyMember`); the attribute without
the ending reads and writes them. Clear columns are those that must be counted or searched (see docs/architecture.md).
"""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import Municipality, Person, PersonId, Qps

CaseId = Annotated[UUID, mapped_column(ForeignKey("case_file.id"), index=True)]
"""The case a row belongs to."""


class Family(Identified, Base):
    """What linked cases of siblings share: the people around the children. Has a data key of its own."""

    __tablename__ = "family"
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"))
    created_at: Mapped[datetime]


class CaseNumberSeries(Base):
    """The last case number given by one QPS in one year: its row is locked while a case is opened, so no gap, no double."""

    __tablename__ = "case_number_series"
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class Case(Identified, Base):
    """One child's case. `next_duty_on` orders lists; like `review_due_on` (A5.1.5), `phase` (A11) and what the head's
    dashboard counts (`last_visit_on`, `meeting_ahead_on`, `action_due_on`) it is derived from what is stored and kept with
    each change.
    """

    __tablename__ = "case_file"
    number: Mapped[str] = mapped_column(String(30), unique=True)
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"))
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    case_manager_id: Mapped[PersonId | None] = mapped_column()
    status: Mapped[str] = mapped_column(String(12), default="open")
    phase: Mapped[str] = mapped_column(String(20), default="assessment")
    language: Mapped[str] = mapped_column(String(10), default="sq")
    referred_on: Mapped[date]
    opened_on: Mapped[date]
    taken_over_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    closing_ground: Mapped[str | None] = mapped_column(String(20))
    family_notices_stopped_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    birth_year: Mapped[int | None]
    gender: Mapped[str | None] = mapped_column(String(10))
    is_asylum_seeker: Mapped[bool] = mapped_column(Boolean, default=False)
    is_stateless: Mapped[bool] = mapped_column(Boolean, default=False)
    is_refugee: Mapped[bool] = mapped_column(Boolean, default=False)
    is_migrant: Mapped[bool] = mapped_column(Boolean, default=False)
    is_placed: Mapped[bool] = mapped_column(Boolean, default=False)
    in_conflict_with_law: Mapped[bool] = mapped_column(Boolean, default=False)
    community_office_concerned: Mapped[bool] = mapped_column(Boolean, default=False)
    guide_applies: Mapped[bool] = mapped_column(Boolean, default=False)
    risk_level: Mapped[str | None] = mapped_column(String(10))
    labour_sector: Mapped[str | None] = mapped_column(String(20))
    adult_reason_enc: Enc
    next_duty_on: Mapped[date | None]
    review_due_on: Mapped[date | None]
    next_duty: Mapped[str | None] = mapped_column(String(12))
    last_visit_on: Mapped[date | None]
    meeting_ahead_on: Mapped[date | None]
    action_due_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    adult_reason = SealedText("adult_reason_enc", subject="id")
    qps: Mapped[Qps] = relationship(lazy="raise")
    municipality: Mapped[Municipality] = relationship(lazy="raise")
    case_manager: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[case_manager_id])
    __table_args__ = (
        CheckConstraint("status IN ('open', 'closed')", name="status_known"),
        Index("ix_case_qps_due", "qps_id", "status", "next_duty_on", "id", "next_duty"),
        Index("ix_case_manager_due", "case_manager_id", "status", "next_duty_on", "id"),
        Index("ix_case_municipality", "municipality_id", "status"),
        Index("ix_case_qps_review", "qps_id", "status", "review_due_on", "id"),
        Index("ix_case_qps_meeting", "qps_id", "status", "meeting_ahead_on", "id"),
        Index("ix_case_qps_action", "qps_id", "status", "action_due_on", "id"),
        # All that is counted of a Centre's cases by case manager: no row of a case is looked up for it.
        Index(
            "ix_case_workload",
            "qps_id",
            "status",
            "case_manager_id",
            "next_duty_on",
            "next_duty",
            "review_due_on",
            "risk_level",
            "last_visit_on",
            "id",
        ),
    )

    def flags(self) -> frozenset[str]:
        """The statuses of A4.6 this child has, by catalogue key."""
        known = {
            "asylum_seeker": self.is_asylum_seeker,
            "stateless": self.is_stateless,
            "refugee": self.is_refugee,
            "migrant": self.is_migrant,
        }
        return frozenset(key for key, holds in known.items() if holds)


class Child(Identified, Base):
    """The child's personal data as Annex 1 asks for them, all sealed."""

    __tablename__ = "child"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)
    name_enc: Enc
    birth_date_enc: Enc
    personal_number_enc: Enc
    birth_place_enc: Enc
    residence_enc: Enc
    ethnicity_enc: Enc
    health_enc: Enc
    disability_enc: Enc
    school_enc: Enc
    other_enc: Enc
    placement_enc: Enc
    placement_institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    name = SealedText("name_enc")
    birth_date = SealedText("birth_date_enc")
    personal_number = SealedText("personal_number_enc")
    birth_place = SealedText("birth_place_enc")
    residence = SealedText("residence_enc")
    ethnicity = SealedText("ethnicity_enc")
    health = SealedText("health_enc")
    disability = SealedText("disability_enc")
    school = SealedText("school_enc")
    other = SealedText("other_enc")
    placement_address = SealedText("placement_enc")


class BlindToken(Base):
    """What look-up compares: keyed hashes of folded name parts, whole names with birth year. Erased with the case."""

    __tablename__ = "blind_token"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    token: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    __table_args__ = (Index("ix_blind_token_look_up", "token", "kind"),)


class FamilyMember(Identified, Base):
    """A person around the child, shared by linked cases: sealed under the family's key."""

    __tablename__ = "family_member"
    family_id: Mapped[UUID] = mapped_column(ForeignKey("family.id"), index=True)
    name_enc: Enc
    contact_enc: Enc
    note_enc: Enc
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    name = SealedText("name_enc", subject="family_id")
    contact = SealedText("contact_enc", subject="family_id")
    note = SealedText("note_enc", subject="family_id")


class Relation(Identified, Base):
    """What a family member is to this child: mother, father, guardian, sibling, household, other.

    `is_suspected_perpetrator` bars the person from every seat, notice, document and address of this case (A4.5).
    `has_parental_care` says who is notified and heard as parent or guardian (A8.10, A17.2).
    """

    __tablename__ = "relation"
    case_id: Mapped[CaseId]
    family_member_id: Mapped[UUID] = mapped_column(ForeignKey("family_member.id"))
    kind: Mapped[str] = mapped_column(String(20))
    has_parental_care: Mapped[bool] = mapped_column(Boolean, default=False)
    is_suspected_perpetrator: Mapped[bool] = mapped_column(Boolean, default=False)
    marked_at: Mapped[datetime | None]
    marked_by_id: Mapped[PersonId | None]
    mark_reason_enc: Enc
    mark_reason = SealedText("mark_reason_enc")
    family_member: Mapped[FamilyMember] = relationship(lazy="raise")
    __table_args__ = (UniqueConstraint("case_id", "family_member_id", name="uq_relation_once"),)


class Referral(Identified, Base):
    """How the case came. The reporter is kept apart: seen by case manager and assistant only (T19)."""

    __tablename__ = "referral"
    case_id: Mapped[CaseId]
    received_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(40))
    reporter_enc: Enc
    facts_enc: Enc
    services_before_enc: Enc
    received_by_id: Mapped[PersonId]
    created_at: Mapped[datetime]
    reporter = SealedText("reporter_enc")
    facts = SealedText("facts_enc")
    services_before = SealedText("services_before_enc")


class CaseRisk(Identified, Base):
    """A kind of risk of Annex 1 this case carries; the four "tjera" take a text."""

    __tablename__ = "case_risk"
    case_id: Mapped[CaseId]
    risk: Mapped[str] = mapped_column(String(40))
    other_text_enc: Enc
    other_text = SealedText("other_text_enc")
    __table_args__ = (UniqueConstraint("case_id", "risk", name="uq_case_risk_once"),)


class RiskLevel(Identified, Base):
    """One determination of the risk level (low, medium, high); history is kept, the newest counts."""

    __tablename__ = "risk_level"
    case_id: Mapped[CaseId]
    level: Mapped[str] = mapped_column(String(10))
    determined_at: Mapped[datetime]
    determined_by_id: Mapped[PersonId]
    meeting_id: Mapped[UUID | None]
    reason_enc: Enc
    reason = SealedText("reason_enc")


class Assessment(Identified, Base):
    """A version of the assessment: `initial` by the case manager, `comprehensive` by the Table (A12)."""

    __tablename__ = "assessment"
    case_id: Mapped[CaseId]
    kind: Mapped[str] = mapped_column(String(15))
    version: Mapped[int]
    risk_level: Mapped[str | None] = mapped_column(String(10))
    made_on: Mapped[date]
    made_by_id: Mapped[PersonId]
    completed_at: Mapped[datetime | None]
    revision: Mapped[int] = mapped_column(Integer, default=1)
    summary_enc: Enc
    best_interest_enc: Enc
    created_at: Mapped[datetime]
    summary = SealedText("summary_enc")
    best_interest = SealedText("best_interest_enc")
    findings: Mapped[list["Finding"]] = relationship(lazy="raise", order_by="Finding.position")
    __table_args__ = (UniqueConstraint("case_id", "kind", "version", name="uq_assessment_version"),)


class Finding(Identified, Base):
    """Findings for one indicator of well-being (the five of A12.3 by key, a further one by its own title)."""

    __tablename__ = "finding"
    case_id: Mapped[CaseId]
    assessment_id: Mapped[UUID] = mapped_column(ForeignKey("assessment.id"), index=True)
    position: Mapped[int]
    indicator: Mapped[str] = mapped_column(String(40))
    level: Mapped[str | None] = mapped_column(String(10))
    title_enc: Enc
    findings_enc: Enc
    source_enc: Enc
    title = SealedText("title_enc")
    findings = SealedText("findings_enc")
    source = SealedText("source_enc")


class InitialPlan(Identified, Base):
    """A version of the QPS's initial individual plan (A6.1.5, A8.7)."""

    __tablename__ = "initial_plan"
    case_id: Mapped[CaseId]
    version: Mapped[int]
    made_on: Mapped[date]
    made_by_id: Mapped[PersonId]
    goal_enc: Enc
    services_enc: Enc
    measures_enc: Enc
    created_at: Mapped[datetime]
    goal = SealedText("goal_enc")
    services = SealedText("services_enc")
    measures = SealedText("measures_enc")
    __table_args__ = (UniqueConstraint("case_id", "version", name="uq_initial_plan_version"),)


class CaseFile(Identified, Base):
    """A file of the case: content lies encrypted in the file store under a random name. `audience`: table or case_manager."""

    __tablename__ = "case_document"
    case_id: Mapped[CaseId]
    store_name: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    audience: Mapped[str] = mapped_column(String(15), default="table")
    title_enc: Enc
    added_by_id: Mapped[PersonId]
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    title = SealedText("title_enc")


class LinkedCase(Base):
    """Cases opened from one referral (siblings): each has its own Table, flags and documents."""

    __tablename__ = "linked_case"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    other_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)


class TakeOver(Identified, Base):
    """A running case taken over from paper: what was before counts as "before take-over" in the ledger."""

    __tablename__ = "take_over"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)
    taken_over_on: Mapped[date]
    last_meeting_on: Mapped[date | None]
    last_review_on: Mapped[date | None]
    plan_adopted_on: Mapped[date | None]
    next_meeting_on: Mapped[date | None]
    plan_enc: Enc
    minutes_enc: Enc
    plan = SealedText("plan_enc")
    minutes = SealedText("minutes_enc")
