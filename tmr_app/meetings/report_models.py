"""A progress report action by action (A8.9), and the personal link by which a member without an account files one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.cases.models import CaseId
from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedText
from tmr_app.members.models import PersonId


class ReportAction(Identified, Base):
    """What one version of a report says of one action of its member: status, what was done, obstacle, what is needed."""

    __tablename__ = "report_action"
    case_id: Mapped[CaseId]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("progress_report.id"), index=True)
    version: Mapped[int]
    action_key: Mapped[UUID]
    position: Mapped[int]
    status: Mapped[str] = mapped_column(String(12))
    measure_enc: Enc
    done_enc: Enc
    obstacle_enc: Enc
    needed_enc: Enc
    measure = SealedText("measure_enc")
    done = SealedText("done_enc")
    obstacle = SealedText("obstacle_enc")
    needed = SealedText("needed_enc")
    __table_args__ = (
        UniqueConstraint("report_id", "version", "action_key", name="uq_report_action_once"),
        CheckConstraint("status IN ('in_process', 'done', 'not_done')", name="report_action_status_known"),
    )


class ReportLink(Identified, Base):
    """A personal link to an empty report form, opened with a code that was told apart (A8.9).

    What was sent waits here, sealed, until the case manager confirms who sent it; only then is it a report.
    """

    __tablename__ = "report_link"
    case_id: Mapped[CaseId]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("report_request.id"), index=True)
    person_id: Mapped[PersonId]
    issued_by_id: Mapped[PersonId]
    issued_at: Mapped[datetime]
    code_hash: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    opened_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[PersonId | None]
    confirmed: Mapped[bool | None]
    done_enc: Enc
    obstacles_enc: Enc
    needed_enc: Enc
    child_enc: Enc
    manager_part_enc: Enc
    done = SealedText("done_enc")
    obstacles = SealedText("obstacles_enc")
    needed = SealedText("needed_enc")
    child_wellbeing = SealedText("child_enc")
    manager_part = SealedText("manager_part_enc")
