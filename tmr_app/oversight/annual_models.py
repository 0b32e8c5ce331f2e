"""The Table's yearly report to its municipality (A5.1.6) by version, and what the Ministry or the Council asks of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedJson, SealedText
from tmr_app.members.models import Municipality, PersonId


class AnnualReport(Identified, Base):
    """One version of one year's report of one municipality. Has a data key of its own.

    status: draft -> adopted -> submitted -> acknowledged. What was adopted is never changed: a change is a new version,
    a draft again. `figures`: both copies as released (`Release.stored()`), with the true counts, hence sealed; compiled
    anew while a draft, fixed at adoption. `meeting_id`: the general meeting that adopted it, where there was one.
    `published_at`: since when anybody may read the public copy.
    """

    __tablename__ = "annual_report"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    year: Mapped[int]
    version: Mapped[int] = mapped_column(Integer, default=1)
    status: Mapped[str] = mapped_column(String(12), default="draft")
    compiled_by_id: Mapped[PersonId]
    compiled_at: Mapped[datetime]
    meeting_id: Mapped[UUID | None]
    adopted_on: Mapped[date | None]
    adopted_by_id: Mapped[PersonId | None]
    submitted_at: Mapped[datetime | None]
    submitted_by_id: Mapped[PersonId | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by_id: Mapped[PersonId | None]
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[PersonId | None]
    figures_enc: Enc
    adoption_note_enc: Enc
    figures = SealedJson("figures_enc", subject="id")
    adoption_note = SealedText("adoption_note_enc", subject="id")
    municipality: Mapped[Municipality] = relationship(lazy="raise")
    __table_args__ = (
        UniqueConstraint("municipality_id", "year", "version", name="uq_annual_report_version"),
        CheckConstraint(
            "status IN ('draft', 'adopted', 'submitted', 'acknowledged')", name="annual_status_known"
        ),
    )


class AnnualSection(Identified, Base):
    """One written part of a report (the situation, the work, obstacles, needs, proposals); `version` guards two writers."""

    __tablename__ = "annual_section"
    report_id: Mapped[UUID] = mapped_column(ForeignKey("annual_report.id"), index=True)
    key: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer, default=1)
    edited_by_id: Mapped[PersonId | None]
    edited_at: Mapped[datetime | None]
    text_enc: Enc
    text = SealedText("text_enc", subject="report_id")
    __table_args__ = (UniqueConstraint("report_id", "key", name="uq_annual_section_once"),)


class AnnualRequest(Identified, Base):
    """The Ministry of Justice or the Council for the Rights of the Child asks for a year's report (A5.1.6).

    `body`: ministry | council. Made by a reader of that body, or recorded by the compiler from a letter. Answered with one
    version of the report, whose municipality copy the body may then read.
    """

    __tablename__ = "annual_request"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    body: Mapped[str] = mapped_column(String(12))
    year: Mapped[int]
    asked_on: Mapped[date]
    recorded_by_id: Mapped[PersonId]
    recorded_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("annual_report.id"))
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[PersonId | None]
    municipality: Mapped[Municipality] = relationship(lazy="raise")
    report: Mapped[AnnualReport | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint("body IN ('ministry', 'council')", name="body_known"),
        Index("ix_annual_request_body", "body", "answered_at"),
    )


class NationalFigures(Identified, Base):
    """The country's figures of one year after disclosure control, as compiled once: later corrections come as a second
    release, so that two days' figures never differ by a single child. Has a data key of its own (true counts within).
    """

    __tablename__ = "national_figures"
    year: Mapped[int] = mapped_column(unique=True)
    compiled_by_id: Mapped[PersonId]
    compiled_at: Mapped[datetime]
    figures_enc: Enc
    figures = SealedJson("figures_enc", subject="id")
