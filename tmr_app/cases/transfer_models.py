"""The offer of a case to another Centre (A17.3.3). Kept here, not in `closures`: an offer is a standing towards the case."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified, index_of_some
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import PersonId


class CaseTransfer(Identified, Base):
    """One offer. Its two texts are sealed under the offer's own key: who receives it reads them, and nothing of the case.

    state: offered | accepted | refused | withdrawn. At most one offer of a case is open.
    """

    __tablename__ = "case_transfer"
    case_id: Mapped[CaseId]
    from_qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"), index=True)
    to_qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"), index=True)
    state: Mapped[str] = mapped_column(String(12), default="offered")
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[PersonId]
    reminded_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[PersonId | None]
    case_manager_id: Mapped[PersonId | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason_enc: Enc
    answer_enc: Enc
    reason = SealedText("reason_enc", subject="id")
    answer = SealedText("answer_enc", subject="id")
    __table_args__ = (
        CheckConstraint("state IN ('offered', 'accepted', 'refused', 'withdrawn')", name="state_known"),
        index_of_some("uq_case_transfer_open", "case_id", where="state = 'offered'", unique=True),
    )
