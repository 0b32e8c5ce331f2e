"""What is counted of each case, kept so that the figures of a whole Centre are a sum the database makes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.kernel.db import Base


class LedgerTally(Base):
    """So many rows of one duty with one status, of one quarter ("2026-Q4", empty without a date), about one kind of seat.

    Only ever made anew from what the rules say (`tally.refresh`): the ledger's rows themselves are never stored.
    """

    __tablename__ = "ledger_tally"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    duty: Mapped[str] = mapped_column(String(10), primary_key=True)
    status: Mapped[str] = mapped_column(String(10), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)
    seat_kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    __table_args__ = (Index("ix_ledger_tally_duty", "duty", "status"),)


class TallyState(Base):
    """When a case was counted last; `counted_on` is empty after a deed in the case, until the worker counts it again."""

    __tablename__ = "ledger_tally_state"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    counted_on: Mapped[date | None] = mapped_column(index=True)
    counted_at: Mapped[datetime]


class ActionTally(Base):
    """So many actions of the plan in force, not done, planned for one day, that one institution's member answers for.

    Only ever made anew from what is stored (`action_tally.refresh`), with each deed in the case.
    """

    __tablename__ = "action_tally"
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    planned_on: Mapped[date] = mapped_column(primary_key=True)
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
