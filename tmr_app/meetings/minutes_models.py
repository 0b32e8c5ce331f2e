"""Minutes of a meeting by version, and the objections to a circulated one."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedJson, SealedText
from tmr_app.members.models import PersonId

DRAFT, CIRCULATED, SIGNING, SEALED, SUPERSEDED, INCOMPLETE = (
    "draft",
    "circulated",
    "signing",
    "sealed",
    "superseded",
    "incomplete",
)
AT_MEETING, AT_ITS_END, BY_CIRCULATION = "meeting", "own_end", "circulation"


class Minutes(Identified, Base):
    """Minutes of a meeting, by version. `content` is everything the document prints.

    status: draft -> circulated (frozen as `frozen_id`) -> signing (approved) -> sealed; superseded; incomplete.
    `approved_how`: at the next meeting (`approved_meeting_id`), or for a closing meeting at its own end or by
    circulation; `approval` is what the Table decided, in its words. `reason`: why this version replaced the last one.
    `corrects_id`: a corrigendum to sealed minutes.
    """

    __tablename__ = "minutes"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(15), default=DRAFT)
    sha256: Mapped[str | None] = mapped_column(String(64))
    made_by_id: Mapped[PersonId]
    made_at: Mapped[datetime]
    frozen_id: Mapped[UUID | None] = mapped_column(ForeignKey("frozen_version.id"), unique=True)
    circulated_at: Mapped[datetime | None]
    approved_at: Mapped[datetime | None]
    approved_on: Mapped[date | None]
    approved_how: Mapped[str | None] = mapped_column(String(12))
    approved_meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    corrects_id: Mapped[UUID | None] = mapped_column(ForeignKey("minutes.id"))
    content_enc: Enc
    reason_enc: Enc
    approval_enc: Enc
    content = SealedJson("content_enc")
    reason = SealedText("reason_enc")
    approval = SealedText("approval_enc")
    __table_args__ = (UniqueConstraint("meeting_id", "version", name="uq_minutes_version"),)


class MinutesObjection(Identified, Base):
    """A member's objection to one circulated version, and the chair's answer: accepted (corrected) or not, with words."""

    __tablename__ = "minutes_objection"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    minutes_id: Mapped[UUID] = mapped_column(ForeignKey("minutes.id"), index=True)
    person_id: Mapped[PersonId]
    raised_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[PersonId | None]
    accepted: Mapped[bool | None]
    text_enc: Enc
    answer_enc: Enc
    text = SealedText("text_enc")
    answer = SealedText("answer_enc")
