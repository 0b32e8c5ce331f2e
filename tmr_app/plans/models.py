"""The unified individual plan (A13) and its implementation (A14): versions, objectives, actions, what became of them.

A version is a draft until the Table adopts it; from then on none of its rows change, and `sha256` is the print of what was
adopted. An action keeps its `key` from version to version, so that its history (updates, comments, requests) goes on.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.cases.models import CaseFile, CaseId
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import Institution, Person, PersonId

TERMS = ("short", "medium", "long")
STATUSES = ("in_process", "done", "not_done")
"""The law's three words: në proces, i kryer, i pakryer. "Overdue" is never stored."""


class PlanVersion(Identified, Base):
    """One version of a case's plan. `number` counts adopted versions and the one draft that may follow them.

    `review_days` is the plan's own interval when it is shorter than a month (A5.1.5); `revision` counts savings of the
    texts of the version itself (goal, aim, best interest), each objective and action has its own.
    """

    __tablename__ = "plan_version"
    case_id: Mapped[CaseId]
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(10), default="draft")
    based_on_id: Mapped[UUID | None] = mapped_column(ForeignKey("plan_version.id"))
    review_days: Mapped[int | None]
    revision: Mapped[int] = mapped_column(Integer, default=1)
    drafted_at: Mapped[datetime]
    drafted_by_id: Mapped[PersonId]
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[PersonId]
    comments_asked_at: Mapped[datetime | None]
    adopted_at: Mapped[datetime | None]
    adopted_on: Mapped[date | None]
    adopted_by_id: Mapped[PersonId | None]
    meeting_id: Mapped[UUID | None] = mapped_column(index=True)
    sha256: Mapped[str | None] = mapped_column(String(64))
    goal_enc: Enc
    aim_enc: Enc
    best_interest_enc: Enc
    changes_enc: Enc
    goal = SealedText("goal_enc")
    aim = SealedText("aim_enc")
    best_interest = SealedText("best_interest_enc")
    changes = SealedText("changes_enc")
    __table_args__ = (
        UniqueConstraint("case_id", "number", name="uq_plan_version_number"),
        CheckConstraint("status IN ('draft', 'adopted')", name="plan_status_known"),
    )

    @property
    def is_draft(self) -> bool:
        return self.status == "draft"


class Objective(Identified, Base):
    """An objective of one version: short, medium or long term. `key` is the same in every version."""

    __tablename__ = "plan_objective"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    objective_key: Mapped[UUID]
    position: Mapped[int]
    term: Mapped[str] = mapped_column(String(10), default="short")
    revision: Mapped[int] = mapped_column(Integer, default=1)
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[PersonId]
    removed_at: Mapped[datetime | None]
    text_enc: Enc
    text = SealedText("text_enc")
    __table_args__ = (
        UniqueConstraint("version_id", "objective_key", name="uq_plan_objective_once"),
        CheckConstraint("term IN ('short', 'medium', 'long')", name="objective_term_known"),
    )


class Action(Identified, Base):
    """An action or measure of one version, with the columns of the annex's table.

    `seat_id`: the responsible member of the Table (A13.2.2); empty only in a draft. `risk`: the kind of Annex 1 the action
    lowers, or none when `serves` names a need (A13.1). `others`: institutions outside the directory (A19).
    """

    __tablename__ = "plan_action"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    objective_id: Mapped[UUID] = mapped_column(ForeignKey("plan_objective.id"))
    action_key: Mapped[UUID] = mapped_column(index=True)
    position: Mapped[int]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), index=True)
    planned_on: Mapped[date | None]
    review_on: Mapped[date | None]
    risk: Mapped[str | None] = mapped_column(String(40))
    for_family: Mapped[bool] = mapped_column(Boolean, default=False)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    edited_at: Mapped[datetime]
    edited_by_id: Mapped[PersonId]
    removed_at: Mapped[datetime | None]
    measure_enc: Enc
    service_enc: Enc
    serves_enc: Enc
    others_enc: Enc
    notes_enc: Enc
    measure = SealedText("measure_enc")
    service = SealedText("service_enc")
    serves = SealedText("serves_enc")
    others = SealedText("others_enc")
    notes = SealedText("notes_enc")
    seat: Mapped[Seat | None] = relationship(lazy="raise")
    institutions: Mapped[list["ActionInstitution"]] = relationship(
        lazy="raise", order_by="ActionInstitution.position"
    )
    __table_args__ = (UniqueConstraint("version_id", "action_key", name="uq_plan_action_once"),)


class ActionInstitution(Identified, Base):
    """An institution of the directory responsible for the service: at the Table or not (A13.2.3, A19)."""

    __tablename__ = "plan_action_institution"
    case_id: Mapped[CaseId]
    action_id: Mapped[UUID] = mapped_column(ForeignKey("plan_action.id"), index=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"))
    position: Mapped[int]
    institution: Mapped[Institution] = relationship(lazy="raise")
    __table_args__ = (UniqueConstraint("action_id", "institution_id", name="uq_plan_action_institution"),)


class SeatChange(Identified, Base):
    """A new responsible member between two versions, because the earlier one left (A13.2): the newest counts."""

    __tablename__ = "plan_seat_change"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    action_key: Mapped[UUID]
    number: Mapped[int]
    from_seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[PersonId]
    reason_enc: Enc
    reason = SealedText("reason_enc")
    __table_args__ = (
        UniqueConstraint("version_id", "action_key", "number", name="uq_plan_seat_change_number"),
    )


class ActionUpdate(Identified, Base):
    """What became of an action, told at one time by one person: only added, never changed; the highest number counts.

    `source`: `member`, `case_manager` or `review` (then `meeting_id` says which).
    """

    __tablename__ = "plan_action_update"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"))
    action_key: Mapped[UUID]
    number: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    done_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(15))
    meeting_id: Mapped[UUID | None]
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    updated_at: Mapped[datetime]
    updated_by_id: Mapped[PersonId] = mapped_column()
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_document.id"))
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    note_enc: Enc
    note = SealedText("note_enc")
    updated_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[updated_by_id])
    file: Mapped[CaseFile | None] = relationship(lazy="raise")
    __table_args__ = (
        UniqueConstraint("case_id", "action_key", "number", name="uq_plan_action_update_number"),
        CheckConstraint("status IN ('in_process', 'done', 'not_done')", name="action_status_known"),
    )


class Comment(Identified, Base):
    """What a member says on a draft or an action: `comment`, `proposal`, or `objection` outside the mandate (A7)."""

    __tablename__ = "plan_comment"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    action_key: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(String(12))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[PersonId]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[PersonId | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    text_enc: Enc
    answer_enc: Enc
    text = SealedText("text_enc")
    answer = SealedText("answer_enc")


class PlanSending(Identified, Base):
    """An adopted version sent to one member (A13.3): by mail as a link, or handed over on paper."""

    __tablename__ = "plan_sending"
    case_id: Mapped[CaseId]
    version_id: Mapped[UUID] = mapped_column(ForeignKey("plan_version.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[PersonId] = mapped_column()
    sent_at: Mapped[datetime]
    outbox_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"))
    handed_over_at: Mapped[datetime | None]
    handed_over_by_id: Mapped[PersonId | None]
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    __table_args__ = (UniqueConstraint("version_id", "seat_id", name="uq_plan_sending_once"),)


class InformationRequest(Identified, Base):
    """A request for information about an action before or after its planned date (A14.3.1, A14.3.3).

    `moment` is the reminder's key; several requests of one day to one person leave in one mail (`outbox_id`).
    """

    __tablename__ = "plan_information_request"
    case_id: Mapped[CaseId]
    action_key: Mapped[UUID]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[PersonId]
    moment: Mapped[str] = mapped_column(String(30))
    planned_on: Mapped[date]
    requested_on: Mapped[date]
    requested_at: Mapped[datetime]
    outbox_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"))
    __table_args__ = (
        UniqueConstraint(
            "case_id", "action_key", "planned_on", "moment", "seat_id", name="uq_plan_request_once"
        ),
    )


class SuperiorNotice(Identified, Base):
    """Non-cooperation judged by the case manager (A14.3.2): a letter to the superior, or a reason why none is written.

    `reference` is random and leads nobody outside to the case. `way`: `mail` (a link to the superior's page) or `paper`.
    """

    __tablename__ = "superior_notice"
    case_id: Mapped[CaseId]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[PersonId] = mapped_column()
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"), index=True)
    deed: Mapped[str] = mapped_column(String(8))
    reference: Mapped[str] = mapped_column(String(20), unique=True)
    way: Mapped[str | None] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(10))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[PersonId] = mapped_column()
    sent_at: Mapped[datetime | None]
    outbox_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"))
    answer_by_on: Mapped[date | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[PersonId | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason_enc: Enc
    answer_enc: Enc
    reason = SealedText("reason_enc")
    answer = SealedText("answer_enc")
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    decided_by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[decided_by_id])
    institution: Mapped[Institution | None] = relationship(lazy="raise")
    owed: Mapped[list["OwedItem"]] = relationship(lazy="raise", order_by="OwedItem.owed_on")
    __table_args__ = (
        CheckConstraint("deed IN ('letter', 'reason')", name="notice_deed_known"),
        Index("ix_superior_notice_seat", "case_id", "seat_id"),
    )


class OwedItem(Identified, Base):
    """One thing a notice is about: what kind (`action`), due when, and on which days it was asked for."""

    __tablename__ = "superior_notice_item"
    case_id: Mapped[CaseId]
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("superior_notice.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="action")
    about_key: Mapped[UUID]
    owed_on: Mapped[date]
    reminded_on: Mapped[list[Any]] = mapped_column(JSON)
    __table_args__ = (UniqueConstraint("notice_id", "about_key", "owed_on", name="uq_superior_notice_item"),)
