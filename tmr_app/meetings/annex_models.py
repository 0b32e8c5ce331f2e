"""The Table's work form of Annex 1 as it was made for a meeting (A20), by version."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Identified
from tmr_app.kernel.encryption import SealedJson
from tmr_app.members.models import PersonId


class AnnexForm(Identified, Base):
    """One version of the filled form. `content` is everything it prints; `labels_sha256` the annex it was made after."""

    __tablename__ = "annex_form"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    version: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    labels_sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[PersonId | None]
    content_enc: Mapped[bytes | None] = mapped_column(LargeBinary)
    content = SealedJson("content_enc")
    __table_args__ = (UniqueConstraint("meeting_id", "version", name="uq_annex_form_version"),)
