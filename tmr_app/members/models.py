"""Municipalities, centres for social work, institutions, people and what they are appointed to."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.kernel.db import Base, Identified

PersonId = Annotated[UUID, mapped_column(ForeignKey("person.id"))]
"""A column that names somebody: who did it, or whom it concerns."""


class Municipality(Identified, Base):
    """One of the 38; `key` is the catalogue's. Settings may make the law's intervals stricter, never looser."""

    __tablename__ = "municipality"
    key: Mapped[str] = mapped_column(String(40), unique=True)
    table_registered_on: Mapped[date | None]
    lead_days: Mapped[int] = mapped_column(Integer, default=3)
    guide_notice: Mapped[bool] = mapped_column(Boolean, default=False)
    assessment_days: Mapped[int] = mapped_column(Integer, default=7)
    annual_report_due_month: Mapped[int] = mapped_column(Integer, default=3)
    annual_report_due_day: Mapped[int] = mapped_column(Integer, default=31)
    __table_args__ = (CheckConstraint("lead_days >= 3", name="lead_days_lawful"),)


class Qps(Identified, Base):
    """A Centre for Social Work (QPS). `reply_address` is the office's monitored mailbox, ORGANIZER of invitations."""

    __tablename__ = "qps"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    case_prefix: Mapped[str] = mapped_column(String(6), unique=True)
    reply_address: Mapped[str] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    municipality: Mapped[Municipality] = relationship(lazy="raise")


class Institution(Identified, Base):
    """An institution of one seat kind; `municipality_id` is empty for one that serves the whole country."""

    __tablename__ = "institution"
    municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    seat_kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str | None] = mapped_column(String(300))
    superior_name: Mapped[str | None] = mapped_column(String(200))
    superior_title: Mapped[str | None] = mapped_column(String(200))
    superior_email: Mapped[str | None] = mapped_column(String(254))
    roster_confirmed_on: Mapped[date | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    __table_args__ = (UniqueConstraint("municipality_id", "seat_kind", "name", name="uq_institution_name"),)


class Person(Identified, Base):
    """A professional known to the system. Official name and address only; a child or parent is never a Person."""

    __tablename__ = "person"
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(10), default="sq")
    address_suspended_at: Mapped[datetime | None]
    notification_settings: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]


class Appointment(Identified, Base):
    """What a person is appointed to, from day to day (civil dates, `to_on` is the last day).

    Offices: case_manager, assistant_case_manager, duty_case_manager, head, acting_head (of `qps_id`);
    representative, substitute, superior (of `institution_id`); municipality_officer (of `municipality_id`);
    ministry_reader, council_reader, administrator (of the whole installation); general_chair (of `municipality_id`).
    An office opens no case: only a seat does, or the head's office for the own QPS.
    """

    __tablename__ = "appointment"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    office: Mapped[str] = mapped_column(String(30))
    qps_id: Mapped[UUID | None] = mapped_column(ForeignKey("qps.id"), index=True)
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"), index=True)
    municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    ended_reason: Mapped[str | None] = mapped_column(Text)
    named_by_id: Mapped[PersonId | None]
    created_at: Mapped[datetime]
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    institution: Mapped[Institution | None] = relationship(lazy="raise")
    qps: Mapped[Qps | None] = relationship(lazy="raise")
    municipality: Mapped[Municipality | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="dates_in_order"),
        Index("ix_appointment_office", "office", "qps_id"),
    )

    def runs_on(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class MeetingRoom(Identified, Base):
    """A room of the municipality's list: the only thing that may stand in a calendar entry's LOCATION."""

    __tablename__ = "meeting_room"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class HolidayCorrection(Identified, Base):
    """An administrator's correction of the holiday library (Eid dates are estimates): a day added or removed."""

    __tablename__ = "holiday_correction"
    on: Mapped[date] = mapped_column(unique=True)
    is_holiday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(120))
    corrected_by_id: Mapped[PersonId | None]
    created_at: Mapped[datetime]


class DeclarationText(Identified, Base):
    """One version of the confidentiality declaration (A18.2); never edited in place. `kind`: case or general."""

    __tablename__ = "declaration_text"
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]
    text_sq: Mapped[str] = mapped_column(Text)
    text_sr: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime]
    published_by_id: Mapped[PersonId | None]
    __table_args__ = (UniqueConstraint("kind", "version", name="uq_declaration_text_version"),)


class StaffProposal(Identified, Base):
    """What an institution's superior asks for: a person to be appointed (`new`) or an appointment to be ended (`end`).

    Names and dates only, nothing of a case. An administrator confirms or declines; only then anything changes.
    """

    __tablename__ = "staff_proposal"
    institution_id: Mapped[UUID] = mapped_column(ForeignKey("institution.id"), index=True)
    deed: Mapped[str] = mapped_column(String(10))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"))
    office: Mapped[str | None] = mapped_column(String(30))
    name: Mapped[str | None] = mapped_column(String(200))
    function: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    on: Mapped[date]
    """First day of a new appointment, last day of one to be ended."""
    proposed_by_id: Mapped[PersonId]
    proposed_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    decision: Mapped[str | None] = mapped_column(String(12))
    decided_by_id: Mapped[PersonId | None]
    decided_at: Mapped[datetime | None]
    institution: Mapped[Institution] = relationship(lazy="raise")
    appointment: Mapped[Appointment | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint("deed IN ('new', 'end')", name="deed_known"),
        CheckConstraint("decision IS NULL OR decision IN ('confirmed', 'declined')", name="decision_known"),
    )


class RosterUpload(Identified, Base):
    """A roster file between its dry run and its confirmation: the cells as text, gone once imported."""

    __tablename__ = "roster_upload"
    uploaded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    uploaded_at: Mapped[datetime]
    cells: Mapped[list[Any]] = mapped_column(JSON)
    imported_at: Mapped[datetime | None]


class InstallationFact(Base):
    """One fact about this database by name (demonstration mark, civil-date shift, retention)."""

    __tablename__ = "installation_fact"
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
