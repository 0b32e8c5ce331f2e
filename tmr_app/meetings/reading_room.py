"""A member's reading room: the frozen pack as this reader may see it, and the reader's own tasks before the meeting.

Opening is not stored: it is read from the audit log, where the guard notes every page of the blueprint `pack`.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, defer, joinedload

from tmr_app.access.policy import opens_meeting
from tmr_app.access.standing import Standing
from tmr_app.cases.models import CaseFile
from tmr_app.cases.table_models import Seat
from tmr_app.documents.content import Document
from tmr_app.documents.values import SeatValues
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.meetings import answering, packs
from tmr_app.meetings.models import Invitation, Meeting, PackDocument, ProgressReport, ReportRequest
from tmr_app.regulation.verdicts import Message

CONTENT_READS = ("read:pack:document", "read:pack:document_copy", "read:pack:whole_copy", "read:pack:file")
"""Audit tags that show content of the pack was opened, not only its list."""


@dataclass
class OwnTasks:
    """What this reader owes before the meeting; parts that are not theirs are None."""

    invitation: Invitation | None
    seat: Seat | None
    request: ReportRequest | None
    report: ProgressReport | None
    has_read: bool
    answer_is_open: bool

    @property
    def is_answered(self) -> bool:
        return self.invitation is not None and self.invitation.answer is not None

    @property
    def has_filed(self) -> bool:
        return self.report is not None and self.report.filed_at is not None


def meeting_of(session: Session, *, case_id: UUID, meeting_id: UUID, standing: Standing) -> Meeting:
    """The meeting with its room. NotFound for another case's, and for a guest's meeting that is not theirs."""
    require_own_meeting(standing, meeting_id)
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.case_id == case_id)
        .options(joinedload(Meeting.room))
    )
    if meeting is None:
        raise NotFound("meeting")
    return meeting


def require_own_meeting(standing: Standing, meeting_id: UUID) -> None:
    """A guest or substitute reaches the meetings of their seats only, within the window (guarantees, section 3)."""
    if not opens_meeting(standing, meeting_id):
        raise NotFound("meeting")


def require_released(meeting: Meeting) -> None:
    """Raises OutOfOrder before the pack was sent (A8.3): nothing is shown and nothing counts as opened."""
    if meeting.pack_sha256 is None:
        raise OutOfOrder(Message("The papers of this meeting have not been sent yet."), "A8.3")


def listed(session: Session, *, meeting: Meeting) -> list[PackDocument]:
    """The pack in order without its content: for the list."""
    return list(
        session.scalars(
            select(PackDocument)
            .where(PackDocument.meeting_id == meeting.id)
            .options(defer(PackDocument.values_enc, raiseload=True))
            .order_by(PackDocument.position)
        )
    )


def with_content(session: Session, *, meeting: Meeting) -> list[PackDocument]:
    """The pack in order with its content: for one copy of the whole."""
    return packs.documents_of(session, meeting)


def document_of(session: Session, *, meeting: Meeting, document_id: UUID) -> PackDocument:
    """One document of this meeting's pack. Raises NotFound."""
    row = session.scalar(
        select(PackDocument).where(PackDocument.id == document_id, PackDocument.meeting_id == meeting.id)
    )
    if row is None:
        raise NotFound("document")
    return row


def content_of(row: PackDocument, reader: SeatValues) -> Document:
    """The frozen document with this reader as addressee. Raises NotFound for a file, which has no page of its own."""
    made = packs.rendered(row, reader)
    if made is None:
        raise NotFound("document")
    return made


def file_of(session: Session, *, row: PackDocument) -> CaseFile:
    """The case file a row of the pack names. Raises NotFound when the row is no file, or the file was withdrawn since."""
    kept = session.get(CaseFile, row.file_id) if row.file_id is not None else None
    if (
        kept is None
        or kept.case_id != row.case_id
        or kept.withdrawn_at is not None
        or kept.audience != "table"
    ):
        raise NotFound("file")
    return kept


def own_tasks(session: Session, now: datetime, *, meeting: Meeting, person_id: UUID) -> OwnTasks:
    """What this person owes for this meeting. Three statements."""
    try:
        asked = answering.own_invitation(
            session, case_id=meeting.case_id, meeting_id=meeting.id, person_id=person_id
        )
    except NotFound:
        asked = None
    row = session.execute(
        select(ReportRequest, ProgressReport)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            ReportRequest.meeting_id == meeting.id,
            ReportRequest.withdrawn_at.is_(None),
            Seat.person_id == person_id,
            Seat.ended_at.is_(None),
        )
        .limit(1)
    ).first()
    return OwnTasks(
        invitation=asked.invitation if asked and not asked.is_chair else None,
        seat=asked.seat if asked else None,
        request=row[0] if row else None,
        report=row[1] if row else None,
        has_read=_has_read(session, meeting.id, person_id),
        answer_is_open=answering.is_open(meeting, now),
    )


def _has_read(session: Session, meeting_id: UUID, person_id: UUID) -> bool:
    read = exists().where(
        AuditEntry.object_id == meeting_id,
        AuditEntry.tag.in_(CONTENT_READS),
        AuditEntry.actor_id == person_id,
    )
    return bool(session.scalar(select(read)))
