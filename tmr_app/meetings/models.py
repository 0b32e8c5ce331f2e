"""Meetings of a case's Table: calling, agenda, invitations, papers, packs, reports, attendance, draft minutes."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tmr_app.cases.models import Case, CaseId
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.kernel.db import Base, Enc, Identified, index_of_some
from tmr_app.kernel.encryption import SealedJson, SealedText
from tmr_app.members.models import MeetingRoom, Person, PersonId

WINDOW_DAYS = 7
"""A guest's or substitute's window closes so many days after the meeting."""


def window_after(ends_at: datetime) -> datetime:
    """Until when a seat for one meeting, ending at `ends_at`, opens that meeting's pack."""
    return ends_at + timedelta(days=WINDOW_DAYS)


class Sitting(Identified, Base):
    """Several cases of one QPS on one day in time slots: one mail per member with times and codes only."""

    __tablename__ = "sitting"
    qps_id: Mapped[UUID] = mapped_column(ForeignKey("qps.id"))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    sitting_on: Mapped[date]
    created_by_id: Mapped[PersonId]
    created_at: Mapped[datetime]


class Meeting(Identified, Base):
    """One meeting of one case's Table. `code` is the neutral name used in mail and calendars.

    purpose: first | review | reassessment | extraordinary | closing.
    status: preparing -> convened -> running -> held, or cancelled.
    `agreed_on` is the date the head agreed to: another date needs a new agreement (A8.3). `proposed_on`: the date the
    head proposed instead. A convened meeting whose date changes is `preparing` again, with `convened_at` kept: it goes
    out anew under the same calendar UIDs and a higher `sequence`. `once`: the key of the submission that called it.
    `notes_version` guards the texts of the meeting as a whole (information given, dissent); `agenda_changes`: what the
    Table changed in the agenda; `next_plan`: the next date proposed in the meeting, called when it ends.
    """

    __tablename__ = "meeting"
    case_id: Mapped[CaseId]
    code: Mapped[str] = mapped_column(String(12), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(12), default="preparing")
    meeting_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    room_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting_room.id"))
    sitting_id: Mapped[UUID | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    language: Mapped[str] = mapped_column(String(10), default="sq")
    lead_days: Mapped[int] = mapped_column(Integer, default=3)
    called_by_id: Mapped[PersonId]
    called_at: Mapped[datetime]
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    agreement_asked_at: Mapped[datetime | None]
    proposed_on: Mapped[date | None]
    agreed_on: Mapped[date | None]
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[PersonId | None]
    head_informed_at: Mapped[datetime | None]
    asylum_override_by_id: Mapped[PersonId | None]
    convened_at: Mapped[datetime | None]
    convened_by_id: Mapped[PersonId | None]
    pack_sha256: Mapped[str | None] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime | None]
    chaired_by_id: Mapped[PersonId | None]
    agenda_approved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    notes_version: Mapped[int] = mapped_column(Integer, default=1)
    next_meeting_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    video_link_enc: Enc
    stated_risk_enc: Enc
    no_assessment_reason_enc: Enc
    late_reason_enc: Enc
    asylum_override_reason_enc: Enc
    cancel_reason_enc: Enc
    agenda_changes_enc: Enc
    information_given_enc: Enc
    no_parent_reason_enc: Enc
    agreement_note_enc: Enc
    agenda_note_enc: Enc
    dissent_enc: Enc
    next_plan_enc: Enc
    video_link = SealedText("video_link_enc")
    stated_risk = SealedText("stated_risk_enc")
    no_assessment_reason = SealedText("no_assessment_reason_enc")
    late_reason = SealedText("late_reason_enc")
    asylum_override_reason = SealedText("asylum_override_reason_enc")
    cancel_reason = SealedText("cancel_reason_enc")
    agenda_changes = SealedJson("agenda_changes_enc")
    information_given = SealedText("information_given_enc")
    no_parent_reason = SealedText("no_parent_reason_enc")
    agreement_note = SealedText("agreement_note_enc")
    agenda_note = SealedText("agenda_note_enc")
    dissent = SealedText("dissent_enc")
    next_plan = SealedJson("next_plan_enc")
    case: Mapped[Case] = relationship(lazy="raise")
    room: Mapped[MeetingRoom | None] = relationship(lazy="raise")
    __table_args__ = (
        CheckConstraint(
            "status IN ('preparing', 'convened', 'running', 'held', 'cancelled')", name="status_known"
        ),
        Index("ix_meeting_case_day", "case_id", "meeting_on"),
        Index("ix_meeting_day", "meeting_on", "status"),
        index_of_some(
            "ix_meeting_to_agree",
            "meeting_on",
            "id",
            where="agreement_asked_at IS NOT NULL AND agreed_on IS NULL",
        ),
    )


class MeetingRequest(Identified, Base):
    """A member's request for a meeting (A8.4): the case manager then calls it; only its author may withdraw it."""

    __tablename__ = "meeting_request"
    case_id: Mapped[CaseId]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"))
    requested_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    escalated_at: Mapped[datetime | None]
    once: Mapped[str | None] = mapped_column(String(64), unique=True)
    reason_enc: Enc
    reason = SealedText("reason_enc")
    __table_args__ = (
        index_of_some(
            "ix_meeting_request_waiting",
            "requested_at",
            "case_id",
            where="escalated_at IS NOT NULL AND withdrawn_at IS NULL AND meeting_id IS NULL",
        ),
    )


class Invitation(Identified, Base):
    """One invitee of one meeting: a seat (member, guest, substitute), or a participant without account.

    answer: yes | no | substitute. `left_out` keeps who was pre-selected by A8.6 but not invited, with the reason.
    Sent (A8.3) is the mail server's acceptance of `outbox_id`, or the paper hand-over. `uid` names the calendar entry for
    the meeting's life; `sitting_uid` the one entry a member has for a whole sitting.
    """

    __tablename__ = "invitation"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"), index=True)
    participant_id: Mapped[UUID | None] = mapped_column(ForeignKey("participant.id"))
    uid: Mapped[str] = mapped_column(String(120), unique=True)
    sitting_uid: Mapped[str | None] = mapped_column(String(120), index=True)
    preselected: Mapped[bool] = mapped_column(Boolean, default=False)
    left_out: Mapped[bool] = mapped_column(Boolean, default=False)
    withdrawn_at: Mapped[datetime | None]
    outbox_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"))
    handed_over_at: Mapped[datetime | None]
    handed_over_by_id: Mapped[PersonId | None]
    answer: Mapped[str | None] = mapped_column(String(12))
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None] = mapped_column(String(12))
    reply_sequence: Mapped[int] = mapped_column(Integer, default=0)
    substitute_person_id: Mapped[PersonId | None] = mapped_column()
    substitute_seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    substitute_confirmed_at: Mapped[datetime | None]
    attendance: Mapped[str | None] = mapped_column(String(20))
    attendance_noted_at: Mapped[datetime | None]
    attendance_version: Mapped[int] = mapped_column(Integer, default=0)
    left_out_reason_enc: Enc
    answer_reason_enc: Enc
    handover_note_enc: Enc
    attendance_reason_enc: Enc
    left_out_reason = SealedText("left_out_reason_enc")
    answer_reason = SealedText("answer_reason_enc")
    handover_note = SealedText("handover_note_enc")
    attendance_reason = SealedText("attendance_reason_enc")
    meeting: Mapped[Meeting] = relationship(lazy="raise")
    seat: Mapped[Seat | None] = relationship(lazy="raise", foreign_keys=[seat_id])
    participant: Mapped[Participant | None] = relationship(lazy="raise")
    substitute_person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[substitute_person_id])
    __table_args__ = (
        UniqueConstraint("meeting_id", "seat_id", name="uq_invitation_seat"),
        UniqueConstraint("meeting_id", "participant_id", name="uq_invitation_participant"),
    )


class AgendaItem(Identified, Base):
    """One item, in order. `kind` is a standing item of A10 by key, or `free` with its own title.

    Discussion and decision are written while the meeting runs; `version` guards against two writers.
    """

    __tablename__ = "agenda_item"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(40))
    added_in_meeting: Mapped[bool] = mapped_column(Boolean, default=False)
    dropped_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, default=1)
    edited_by_id: Mapped[PersonId | None]
    edited_at: Mapped[datetime | None]
    title_enc: Enc
    discussion_enc: Enc
    decision_enc: Enc
    title = SealedText("title_enc")
    discussion = SealedText("discussion_enc")
    decision = SealedText("decision_enc")


class Paper(Identified, Base):
    """A paper chosen for the pack while preparing: a case file, or a document made from the case's data by `kind`."""

    __tablename__ = "paper"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_document.id"))
    added_by_id: Mapped[PersonId]
    added_at: Mapped[datetime]


class PackDocument(Identified, Base):
    """A document frozen into the pack: its values as canonical JSON (sealed), or a file by reference, with its hash.

    `addition` marks what joined after the freeze (A8.9), `late` what came past the limit.
    """

    __tablename__ = "pack_document"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(30))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_document.id"))
    report_id: Mapped[UUID | None]
    sha256: Mapped[str] = mapped_column(String(64))
    addition: Mapped[bool] = mapped_column(Boolean, default=False)
    late: Mapped[bool] = mapped_column(Boolean, default=False)
    frozen_at: Mapped[datetime]
    title_enc: Enc
    values_enc: Enc
    title = SealedText("title_enc")
    values = SealedJson("values_enc")


class FamilyNotice(Identified, Base):
    """Whether child and parent or guardian were notified of the meeting, and their views (A8.10).

    `relation_id` empty = the child.
    """

    __tablename__ = "family_notice"
    case_id: Mapped[CaseId]
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    relation_id: Mapped[UUID | None] = mapped_column(ForeignKey("relation.id"))
    notified_on: Mapped[date | None]
    how: Mapped[str | None] = mapped_column(String(20))
    recorded_by_id: Mapped[PersonId]
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1)
    not_notified_reason_enc: Enc
    views_enc: Enc
    no_views_reason_enc: Enc
    considered_enc: Enc
    not_notified_reason = SealedText("not_notified_reason_enc")
    views = SealedText("views_enc")
    no_views_reason = SealedText("no_views_reason_enc")
    considered = SealedText("considered_enc")
    __table_args__ = (UniqueConstraint("meeting_id", "relation_id", name="uq_family_notice_once"),)


class ReportRequest(Identified, Base):
    """A written progress report asked of a member before a next meeting (A8.9). `meeting_id` empty until a date is proposed."""

    __tablename__ = "report_request"
    case_id: Mapped[CaseId]
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    requested_at: Mapped[datetime]
    due_on: Mapped[date | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("meeting_id", "seat_id", name="uq_report_request_once"),
        index_of_some("ix_report_request_asked", "meeting_id", "due_on", where="withdrawn_at IS NULL"),
    )


class ProgressReport(Identified, Base):
    """A member's written report: a part for the Table and a part for the case manager only."""

    __tablename__ = "progress_report"
    case_id: Mapped[CaseId]
    request_id: Mapped[UUID] = mapped_column(ForeignKey("report_request.id"), unique=True)
    filed_by_id: Mapped[PersonId]
    filed_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(Boolean, default=False)
    is_addition: Mapped[bool] = mapped_column(Boolean, default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    saved_at: Mapped[datetime]
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


class ReportVersion(Identified, Base):
    """The text of a filed report before a correction: nothing that was filed is lost."""

    __tablename__ = "report_version"
    case_id: Mapped[CaseId]
    report_id: Mapped[UUID] = mapped_column(ForeignKey("progress_report.id"), index=True)
    version: Mapped[int]
    replaced_at: Mapped[datetime]
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
    __table_args__ = (UniqueConstraint("report_id", "version", name="uq_report_version_once"),)
