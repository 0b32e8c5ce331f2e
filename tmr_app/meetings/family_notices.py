"""The family's notice of a meeting and their views (A8.10): recorded by the case manager, never sent by the system."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case, Relation
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, OutOfOrder, RuleRefused, Stale
from tmr_app.meetings.models import FamilyNotice, Meeting
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

HOW = ("in_person", "telephone", "letter", "online")


@dataclass(frozen=True, slots=True)
class Notice:
    """How one of the family was told and what they think, as typed."""

    notified_on: date | None = None
    how: str = ""
    not_notified_reason: str = ""
    views: str = ""
    no_views_reason: str = ""


def record_family_notice(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    relation_id: UUID | None,
    notice: Notice,
    version: int | None = None,
) -> FamilyNotice:
    """Child (`relation_id` None), parent or guardian: told when and how, or why not; their views (A8.10).

    Raises RuleRefused (A4.5) for a suspected perpetrator, FieldRefused, Stale, OutOfOrder after the meeting.
    """
    if meeting.status not in ("preparing", "convened", "running"):
        raise OutOfOrder(Message("The meeting is over or cancelled."), "A8.10")
    _check_silence(session, meeting.case_id, notice)
    if relation_id is not None:
        _check_relation(session, now, meeting, relation_id)
    _check_notice(notice, civil_date(now))
    row = session.scalar(
        select(FamilyNotice).where(FamilyNotice.meeting_id == meeting.id, FamilyNotice.relation_id.is_(None))
        if relation_id is None
        else select(FamilyNotice).where(
            FamilyNotice.meeting_id == meeting.id, FamilyNotice.relation_id == relation_id
        )
    )
    if row is None:
        row = FamilyNotice(
            case_id=meeting.case_id,
            meeting_id=meeting.id,
            relation_id=relation_id,
            recorded_by_id=actor.id,
            recorded_at=now,
            version=0,
        )
        session.add(row)
    elif version is not None and version != row.version:
        raise Stale(mine={"views": notice.views}, theirs={"views": row.views}, version=row.version)
    row.notified_on, row.how = notice.notified_on, notice.how or None
    row.not_notified_reason = notice.not_notified_reason.strip()
    row.views, row.no_views_reason = notice.views.strip(), notice.no_views_reason.strip()
    row.recorded_by_id, row.recorded_at, row.version = actor.id, now, row.version + 1
    meeting.version += 1
    audit.note(
        session,
        "family-notice:recorded",
        object_type="family_notice",
        object_id=row.id,
        case_id=meeting.case_id,
        rule="A8.10",
    )
    return row


def _check_silence(session: Session, case_id: UUID, notice: Notice) -> None:
    """The child's death is on record: nobody of the family is notified (A17.3.5)."""
    if notice.notified_on is None:
        return
    stopped = session.scalar(select(Case.family_notices_stopped_at).where(Case.id == case_id))
    if stopped is not None:
        raise OutOfOrder(Message("The child has died: notices to the family are stopped."), "A17.3")


def _check_relation(session: Session, now: datetime, meeting: Meeting, relation_id: UUID) -> None:
    relation = session.scalar(
        select(Relation)
        .where(Relation.id == relation_id, Relation.case_id == meeting.case_id)
        .options(joinedload(Relation.family_member))
    )
    if relation is None:
        raise BadInput("no such relation")
    verdict = exclusion.relation_excluded(relation, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=meeting.case_id)


def _check_notice(notice: Notice, today: date) -> None:
    if notice.notified_on is None and not notice.not_notified_reason.strip():
        raise FieldRefused("notified_on", Message("Write when the person was told, or why not."))
    if notice.notified_on is not None and notice.notified_on > today:
        raise FieldRefused("notified_on", Message("The date cannot be in the future."))
    if notice.notified_on is not None and notice.how not in HOW:
        raise FieldRefused("how", Message("Choose how the person was told."))


def give_no_parent_reason(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, reason: str
) -> None:
    """Why no parent or guardian can be told of the meeting (A8.10): all barred by A4.5, unknown, dead."""
    meeting.no_parent_reason = reason.strip()
    meeting.version += 1
    audit.note(
        session,
        "family-notice:none",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.10",
    )
