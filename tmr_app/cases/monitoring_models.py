"""What monitoring gathers: members' information and its verification, changes of circumstances, visits, the head's remarks.

Nothing here is overwritten: a decision on a piece of information is a row of its own, a corrected visit keeps what stood.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import Person, PersonId


class Information(Identified, Base):
    """A piece of information somebody brought to the assessment (A5.1.2, A12.1, A12.2), with its source.

    `seat_id` is the seat it was given from; `state` is that of the newest decision: to_verify, verified, disproved.
    """

    __tablename__ = "information"
    case_id: Mapped[CaseId]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    author_id: Mapped[PersonId]
    state: Mapped[str] = mapped_column(String(12), default="to_verify")
    version: Mapped[int] = mapped_column(Integer, default=1)
    added_at: Mapped[datetime]
    text_enc: Enc
    source_enc: Enc
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    text = SealedText("text_enc")
    source = SealedText("source_enc")
    author: Mapped[Person] = relationship(lazy="raise")
    __table_args__ = (CheckConstraint("state IN ('to_verify', 'verified', 'disproved')", name="state_known"),)


class InformationDecision(Identified, Base):
    """One decision of the chair on a piece of information, with its ground; the newest counts."""

    __tablename__ = "information_decision"
    case_id: Mapped[CaseId]
    information_id: Mapped[UUID] = mapped_column(ForeignKey("information.id"), index=True)
    state: Mapped[str] = mapped_column(String(12))
    decided_by_id: Mapped[PersonId]
    decided_at: Mapped[datetime]
    note_enc: Enc
    note = SealedText("note_enc")


class CircumstanceChange(Identified, Base):
    """A change in the child's state or circumstances (A5.1.2): answered by the next completed version."""

    __tablename__ = "circumstance_change"
    case_id: Mapped[CaseId]
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessment.id"))
    changed_on: Mapped[date]
    noted_by_id: Mapped[PersonId]
    noted_at: Mapped[datetime]
    what_enc: Enc
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    what = SealedText("what_enc")


class Visit(Identified, Base):
    """A contact or visit of the case manager or assistant (form E-6), or the head's monitoring visit (A16).

    `child_words` are the child's own words, kept as such. `findings` and `follow_up` belong to monitoring visits.
    """

    __tablename__ = "visit"
    case_id: Mapped[CaseId]
    kind: Mapped[str] = mapped_column(String(20))
    is_monitoring: Mapped[bool] = mapped_column(Boolean, default=False)
    with_child: Mapped[bool] = mapped_column(Boolean, default=False)
    with_family: Mapped[bool] = mapped_column(Boolean, default=False)
    with_services: Mapped[bool] = mapped_column(Boolean, default=False)
    visited_on: Mapped[date]
    minutes: Mapped[int | None]
    next_on: Mapped[date | None]
    follow_up_on: Mapped[date | None]
    followed_up_at: Mapped[datetime | None]
    followed_up_by_id: Mapped[PersonId | None]
    author_id: Mapped[PersonId] = mapped_column()
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1)
    place_enc: Enc
    present_enc: Enc
    purpose_enc: Enc
    summary_enc: Enc
    observations_enc: Enc
    agreed_enc: Enc
    next_step_enc: Enc
    child_words_enc: Enc
    findings_enc: Enc
    follow_up_enc: Enc
    followed_up_enc: Enc
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    place = SealedText("place_enc")
    present = SealedText("present_enc")
    purpose = SealedText("purpose_enc")
    summary = SealedText("summary_enc")
    observations = SealedText("observations_enc")
    agreed = SealedText("agreed_enc")
    next_step = SealedText("next_step_enc")
    child_words = SealedText("child_words_enc")
    findings = SealedText("findings_enc")
    follow_up = SealedText("follow_up_enc")
    followed_up = SealedText("followed_up_enc")
    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])


class VisitVersion(Identified, Base):
    """What a visit's record said before a correction."""

    __tablename__ = "visit_version"
    case_id: Mapped[CaseId]
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    version: Mapped[int]
    replaced_at: Mapped[datetime]
    replaced_by_id: Mapped[PersonId]
    place_enc: Enc
    present_enc: Enc
    purpose_enc: Enc
    summary_enc: Enc
    observations_enc: Enc
    agreed_enc: Enc
    next_step_enc: Enc
    child_words_enc: Enc
    findings_enc: Enc
    follow_up_enc: Enc
    place = SealedText("place_enc")
    present = SealedText("present_enc")
    purpose = SealedText("purpose_enc")
    summary = SealedText("summary_enc")
    observations = SealedText("observations_enc")
    agreed = SealedText("agreed_enc")
    next_step = SealedText("next_step_enc")
    child_words = SealedText("child_words_enc")
    findings = SealedText("findings_enc")
    follow_up = SealedText("follow_up_enc")
    __table_args__ = (UniqueConstraint("visit_id", "version", name="uq_visit_version"),)


class SupervisionNote(Identified, Base):
    """The head of services on the case manager's work (A16): `looked` at the plan, or a visit is `visit_needed`."""

    __tablename__ = "supervision_note"
    case_id: Mapped[CaseId]
    kind: Mapped[str] = mapped_column(String(15))
    noted_by_id: Mapped[PersonId]
    noted_at: Mapped[datetime]
    note_enc: Enc
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    note = SealedText("note_enc")
