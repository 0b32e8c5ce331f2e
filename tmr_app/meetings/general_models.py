"""General meetings of a municipality's Table (A8.2): own tables, no case. Every text is sealed under the municipality's key."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedJson, SealedText
from tmr_app.members.models import Institution, MeetingRoom, Person, PersonId

SUBJECT = "municipality_id"


class GeneralMeeting(Identified, Base):
    """One quarterly meeting. `code` is the neutral name used in mail and calendars; `once`: the submission that called it.

    status: preparing -> convened -> running -> held, or cancelled. `figures`: the quarter's figures after disclosure
    control, frozen when the invitations go out. `late_reason`: why they went out less than three days before.
    """

    __tablename__ = "general_meeting"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[str] = mapped_column(String(12), default="preparing")
    language: Mapped[str] = mapped_column(String(10), default="sq")
    meeting_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting_room.id"))
    called_by_id: Mapped[PersonId]
    called_at: Mapped[datetime]
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    convened_at: Mapped[datetime | None]
    convened_by_id: Mapped[PersonId | None]
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime | None]
    chaired_by_id: Mapped[PersonId | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    figures_enc: Enc
    late_reason_enc: Enc
    cancel_reason_enc: Enc
    figures = SealedJson("figures_enc", SUBJECT)
    late_reason = SealedText("late_reason_enc", SUBJECT)
    cancel_reason = SealedText("cancel_reason_enc", SUBJECT)
    room: Mapped[MeetingRoom | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint(
            "status IN ('preparing', 'convened', 'running', 'held', 'cancelled')", name="status_known"
        ),
        Index("ix_general_meeting_day", "municipality_id", "meeting_on"),
    )


class GeneralItem(Identified, Base):
    """One item of the agenda; `title` only where the chair wrote one (`kind` free), else its kind names it."""

    __tablename__ = "general_item"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("general_meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer, default=1)
    edited_by_id: Mapped[PersonId | None]
    edited_at: Mapped[datetime | None]
    title_enc: Enc
    discussion_enc: Enc
    decision_enc: Enc
    title = SealedText("title_enc", SUBJECT)
    discussion = SealedText("discussion_enc", SUBJECT)
    decision = SealedText("decision_enc", SUBJECT)


class GeneralInvitee(Identified, Base):
    """One person invited for one kind of seat, with the calendar's UID, the answer, and the presence at the meeting.

    answer: yes | no | substitute. attendance: present | substitute | absent_with_reason | absent. `substitute_id`: who is
    named, in the end who came, instead; `substitute_uid`: the calendar's UID of an invitation to that person.
    """

    __tablename__ = "general_invitee"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("general_meeting.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    institution_id: Mapped[UUID | None] = mapped_column(ForeignKey("institution.id"))
    seat_kind: Mapped[str] = mapped_column(String(40))
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    outbox_id: Mapped[UUID | None]
    answer: Mapped[str | None] = mapped_column(String(10))
    answered_at: Mapped[datetime | None]
    reply_sequence: Mapped[int] = mapped_column(Integer, default=0)
    attendance: Mapped[str | None] = mapped_column(String(20))
    substitute_id: Mapped[PersonId | None] = mapped_column()
    substitute_uid: Mapped[str | None] = mapped_column(String(120), unique=True)
    attendance_reason_enc: Enc
    attendance_reason = SealedText("attendance_reason_enc", SUBJECT)
    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    substitute: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[substitute_id])
    institution: Mapped[Institution | None] = relationship(lazy="raise")
    __table_args__ = (
        UniqueConstraint("meeting_id", "person_id", "seat_kind", name="uq_general_invitee_once"),
        CheckConstraint("answer IS NULL OR answer IN ('yes', 'no', 'substitute')", name="answer_known"),
    )


class GeneralTask(Identified, Base):
    """What the Table asked one of its people to do until a day: shown in that person's work, reminded."""

    __tablename__ = "general_task"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"), index=True)
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("general_meeting.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("general_item.id"))
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date]
    set_by_id: Mapped[PersonId]
    set_at: Mapped[datetime]
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[PersonId | None]
    dropped_at: Mapped[datetime | None]
    text_enc: Enc
    outcome_enc: Enc
    text = SealedText("text_enc", SUBJECT)
    outcome = SealedText("outcome_enc", SUBJECT)
    owner: Mapped[Person] = relationship(lazy="raise", foreign_keys=[owner_id])


class GeneralMinutes(Identified, Base):
    """Minutes by version; `content` is everything the paper prints, fixed by `sha256` over its canonical JSON.

    status: draft -> approved (at `approved_at_id`, the next general meeting), or replaced by a later version.
    """

    __tablename__ = "general_minutes"
    municipality_id: Mapped[UUID] = mapped_column(ForeignKey("municipality.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("general_meeting.id"), index=True)
    version: Mapped[int]
    status: Mapped[str] = mapped_column(String(15), default="draft")
    sha256: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[PersonId]
    made_at: Mapped[datetime]
    approved_on: Mapped[date | None]
    approved_at_id: Mapped[UUID | None] = mapped_column(ForeignKey("general_meeting.id"))
    content_enc: Enc
    content = SealedJson("content_enc", SUBJECT)
    __table_args__ = (UniqueConstraint("meeting_id", "version", name="uq_general_minutes_version"),)
