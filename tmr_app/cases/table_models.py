"""The case's Table: seats, declarations, conflict of interest, the chair's terms, disclosures, break-glass."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.cases.models import CaseFile, CaseId, Relation
from tmr_app.kernel.db import Base, Enc, Identified, index_of_some
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import DeclarationText, Institution, Person, PersonId


class Seat(Identified, Base):
    """A professional's seat at this case's Table (A4.3), by catalogue `kind`, with the reason it was chosen.

    `guest` seats (A8.5) are for one meeting (`meeting_id`) and open only its pack. A substitute's seat names whom it
    stands in for. A seat is live while neither ended nor recused; its holder sees content only after declaring.
    """

    __tablename__ = "seat"
    case_id: Mapped[CaseId]
    kind: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    meeting_id: Mapped[UUID | None]
    substitute_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    delegated: Mapped[bool] = mapped_column(Boolean, default=False)
    reason_enc: Enc
    seated_at: Mapped[datetime]
    seated_by_id: Mapped[PersonId | None]
    informed_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(30))
    end_note_enc: Enc
    conflict: Mapped[bool | None]
    conflict_answered_at: Mapped[datetime | None]
    recused_at: Mapped[datetime | None]
    recused_by_id: Mapped[PersonId | None]
    recusal_reason_enc: Enc
    substitute_asked_at: Mapped[datetime | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason = SealedText("reason_enc")
    end_note = SealedText("end_note_enc")
    recusal_reason = SealedText("recusal_reason_enc")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    institution: Mapped[Institution | None] = relationship(lazy="raise")
    # Guests alone: an index of all would be chosen for "no meeting", which nearly every seat is.
    __table_args__ = (
        Index("ix_seat_person_case", "person_id", "case_id"),
        index_of_some("ix_seat_meeting_id", "meeting_id", where="meeting_id IS NOT NULL"),
    )

    @property
    def is_live(self) -> bool:
        return self.ended_at is None and self.recused_at is None


class ConflictFlag(Identified, Base):
    """A conflict of interest somebody else pointed out (A10.2): decided by the chair, or by the head when it is the chair's."""

    __tablename__ = "conflict_flag"
    case_id: Mapped[CaseId]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    raised_by_id: Mapped[PersonId]
    raised_at: Mapped[datetime]
    reason_enc: Enc
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[PersonId | None]
    upheld: Mapped[bool | None]
    decision_enc: Enc
    reason = SealedText("reason_enc")
    decision = SealedText("decision_enc")
    __table_args__ = (
        index_of_some("ix_conflict_flag_waiting", "raised_at", "case_id", where="decided_at IS NULL"),
    )


class Declaration(Identified, Base):
    """A confidentiality declaration signed for one case and one text version (A18.2): in the product, or on paper with its
    scan, attested. `guardian_id`: who signed for a small child.
    """

    __tablename__ = "declaration"
    case_id: Mapped[CaseId]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    relation_id: Mapped[UUID | None] = mapped_column(ForeignKey("relation.id"))
    for_child: Mapped[bool] = mapped_column(Boolean, default=False)
    text_id: Mapped[UUID] = mapped_column(ForeignKey("declaration_text.id"))
    text_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(10))
    method: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime]
    session_ref: Mapped[str | None] = mapped_column(String(64))
    attested_by_id: Mapped[PersonId | None]
    scan_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_document.id"))
    guardian_id: Mapped[UUID | None] = mapped_column(ForeignKey("relation.id"))
    text: Mapped[DeclarationText] = relationship(lazy="raise")
    scan: Mapped[CaseFile | None] = relationship(lazy="raise")
    __table_args__ = (UniqueConstraint("case_id", "person_id", "text_id", name="uq_declaration_once"),)


class Participant(Identified, Base):
    """The child, a parent or the guardian taking part without an account (A4.5, A10.5): `relation_id` empty = the child."""

    __tablename__ = "participant"
    case_id: Mapped[CaseId]
    kind: Mapped[str] = mapped_column(String(20))
    relation_id: Mapped[UUID | None] = mapped_column(ForeignKey("relation.id"))
    added_at: Mapped[datetime]
    added_by_id: Mapped[PersonId]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_rule: Mapped[str | None] = mapped_column(String(12))
    relation: Mapped[Relation | None] = relationship(lazy="raise")


class CaseManagerTerm(Identified, Base):
    """Who chaired from when to when (A4.2): one at a time, with the hand-over note and who decided."""

    __tablename__ = "case_manager_term"
    case_id: Mapped[CaseId]
    person_id: Mapped[PersonId] = mapped_column()
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(30))
    decided_by_id: Mapped[PersonId | None]
    note_enc: Enc
    note = SealedText("note_enc")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])


class HandOver(Identified, Base):
    """A case manager's proposal to hand the case over (A4.2): the head decides, since the QPS appoints."""

    __tablename__ = "hand_over"
    case_id: Mapped[CaseId]
    proposed_by_id: Mapped[PersonId]
    person_id: Mapped[PersonId] = mapped_column()
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[PersonId | None]
    accepted: Mapped[bool | None]
    note_enc: Enc
    note = SealedText("note_enc")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    __table_args__ = (
        index_of_some("ix_hand_over_waiting", "proposed_at", "case_id", where="decided_at IS NULL"),
    )


class AddressGrant(Identified, Base):
    """Leave to see the shelter's or foster family's address, by name and with reason; no kind of seat brings it."""

    __tablename__ = "address_grant"
    case_id: Mapped[CaseId]
    person_id: Mapped[PersonId]
    granted_by_id: Mapped[PersonId]
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    reason_enc: Enc
    reason = SealedText("reason_enc")


class Disclosure(Identified, Base):
    """A disclosure the law requires (A18.1): to whom, by which law, what, when; approved by the head."""

    __tablename__ = "disclosure"
    case_id: Mapped[CaseId]
    recipient_enc: Enc
    legal_basis_enc: Enc
    what_enc: Enc
    proposed_at: Mapped[datetime]
    proposed_by_id: Mapped[PersonId]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[PersonId | None]
    refused_at: Mapped[datetime | None]
    disclosed_at: Mapped[datetime | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    recipient = SealedText("recipient_enc")
    legal_basis = SealedText("legal_basis_enc")
    what = SealedText("what_enc")
    __table_args__ = (
        index_of_some(
            "ix_disclosure_waiting",
            "proposed_at",
            "case_id",
            where="approved_at IS NULL AND refused_at IS NULL",
        ),
    )


class BreakGlass(Identified, Base):
    """A duty case manager's four hours in one case, with reason, notice at once and review by a second person."""

    __tablename__ = "break_glass"
    case_id: Mapped[CaseId]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    opened_at: Mapped[datetime]
    until_at: Mapped[datetime]
    reason_enc: Enc
    reviewed_at: Mapped[datetime | None]
    reviewed_by_id: Mapped[PersonId | None]
    review_enc: Enc
    justified: Mapped[bool | None]
    reason = SealedText("reason_enc")
    review = SealedText("review_enc")
    __table_args__ = (
        index_of_some("ix_break_glass_waiting", "opened_at", "case_id", where="reviewed_at IS NULL"),
    )


class DuplicateSearch(Identified, Base):
    """A look-up before opening a case: who asked and how many matched elsewhere, never what was typed."""

    __tablename__ = "duplicate_search"
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"))
    person_id: Mapped[PersonId]
    searched_at: Mapped[datetime]
    matches_here: Mapped[int]
    matches_elsewhere: Mapped[int]
