"""What became of each invitation: queued, accepted by the mail server, refused, opened, answered, report filed.

"Accepted" is not "read". Opened is derived from the audit log's reads of the pack, never stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.kernel.ready import Ready
from tmr_app.meetings import notifications
from tmr_app.meetings.inviting import CHAIR
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.meetings.reading_room import CONTENT_READS
from tmr_app.members.models import Institution, Person
from tmr_app.regulation.reminders import unreached_turns_red

READS = ("read:pack:show", *CONTENT_READS)
"""By name, not by beginning: so the index over object and tag is used however often the meeting's page was read."""
INVITATIONS = frozenset({"invitation", "invitation_changed", "sitting_invitation", "sitting_changed"})


class Named(NamedTuple):
    """Who is invited, or for which institution."""

    name: str


class Invited(NamedTuple):
    """The seat an invitation is for."""

    kind: str
    person: Named
    institution: Named | None


class Answered(NamedTuple):
    """What the page says of an invitation: the answer with its reason, the hand-over on paper."""

    id: UUID
    answer: str | None
    answer_reason: str
    handed_over_at: datetime | None


class Mail(NamedTuple):
    """What the outbox knows of an invitation's mail."""

    state: str
    accepted_at: datetime | None
    attempts: int
    last_reply: str | None


@dataclass
class Delivery:
    """One member's row. `state`: queued, accepted, refused, cancelled, paper, suspended, not_sent."""

    invitation: Answered
    seat: Invited
    substitute: Named | None
    substitute_waits: bool
    state: str
    sent_at: datetime | None
    why: str
    attempts: int
    opened_at: datetime | None
    report_due_on: date | None
    report_filed_at: datetime | None
    report_is_late: bool
    is_red: bool

    @property
    def is_chair(self) -> bool:
        return self.seat.kind == CHAIR

    @property
    def owes_report(self) -> bool:
        return self.report_due_on is not None


# Built once: the page of a meeting is opened by every member.
_MEETING: BindParameter[UUID] = bindparam("meeting_id")
_SUBSTITUTE = aliased(Person)
_LOG = AuditEntry.__table__.c
_FIRST_READS = (
    select(_LOG.actor_id, func.min(_LOG.at).label("at"))
    .where(_LOG.object_id == _MEETING, _LOG.tag.in_(READS), _LOG.actor_id.is_not(None))
    .group_by(_LOG.actor_id)
    .subquery()
)
_ROWS = Ready(
    select(
        Invitation.id,
        Invitation.answer,
        Invitation.answer_reason_enc,
        Invitation.handed_over_at,
        Seat.kind,
        Person.name,
        Person.address_suspended_at,
        Institution.name,
        OutboxMessage.state,
        OutboxMessage.accepted_at,
        OutboxMessage.attempts,
        OutboxMessage.last_reply,
        _SUBSTITUTE.name,
        Invitation.substitute_confirmed_at,
        ReportRequest.due_on,
        ProgressReport.filed_at,
        ProgressReport.is_late,
        _FIRST_READS.c.at,
    )
    .join(Seat, Seat.id == Invitation.seat_id)
    .join(Person, Person.id == Seat.person_id)
    .outerjoin(Institution, Institution.id == Seat.institution_id)
    .outerjoin(OutboxMessage, OutboxMessage.id == Invitation.outbox_id)
    .outerjoin(_SUBSTITUTE, _SUBSTITUTE.id == Invitation.substitute_person_id)
    .outerjoin(
        ReportRequest,  # one for each seat and meeting
        and_(
            ReportRequest.meeting_id == Invitation.meeting_id,
            ReportRequest.seat_id == Seat.id,
            ReportRequest.withdrawn_at.is_(None),
        ),
    )
    .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
    .outerjoin(_FIRST_READS, _FIRST_READS.c.actor_id == Seat.person_id)
    .where(
        Invitation.meeting_id == _MEETING, Invitation.left_out.is_(False), Invitation.withdrawn_at.is_(None)
    )
    .order_by(Seat.seated_at, Seat.id)
)


def of_meeting(session: Session, now: datetime, *, meeting: Meeting) -> list[Delivery]:
    """Every professional invited to this meeting, in the order of the seats. One statement, past the object layer."""
    opened = texts_of(meeting.case_id, "invitation.answer_reason_enc")
    session.flush()
    rows = _ROWS.rows(session.connection(), {"meeting_id": meeting.id})
    return [_row(meeting, now, opened, row) for row in rows]


def _row(
    meeting: Meeting, now: datetime, opened: Callable[[str, bytes | None], str], row: tuple[Any, ...]
) -> Delivery:
    invitation_id, answer, reason, handed_over_at, kind, name, suspended_at, institution, *sent = row[:12]
    substitute, confirmed_at, report_due_on, report_filed_at, report_is_late, opened_at = row[12:]
    invitation = Answered(invitation_id, answer, opened(str(invitation_id), reason), handed_over_at)
    seat = Invited(kind, Named(name), Named(institution) if institution else None)
    mail = Mail(*sent) if sent[0] is not None else None
    state, sent_at, why = state_of(meeting, invitation, mail, suspended=suspended_at is not None)
    reached = sent_at is not None
    red = (
        meeting.status == "convened"
        and meeting.meeting_on is not None
        and seat.kind != CHAIR
        and unreached_turns_red(
            meeting.meeting_on,
            reached,
            civil_date(now),
            meeting.lead_days,
            extraordinary=meeting.purpose == "extraordinary",
        )
    )
    return Delivery(
        invitation=invitation,
        seat=seat,
        substitute=Named(substitute) if substitute else None,
        substitute_waits=substitute is not None and confirmed_at is None,
        state=state,
        sent_at=sent_at,
        why=why,
        attempts=mail.attempts if mail is not None else 0,
        opened_at=opened_at,
        report_due_on=report_due_on,
        report_filed_at=report_filed_at,
        report_is_late=bool(report_is_late),
        is_red=red,
    )


def state_of(
    meeting: Meeting, invitation: Answered, mail: Mail | None, *, suspended: bool
) -> tuple[str, datetime | None, str]:
    """The state, the instant that counts as sent (A8.3), and the mail server's words where it refused."""
    if invitation.handed_over_at is not None:
        return "paper", invitation.handed_over_at, ""
    if mail is None:
        if meeting.convened_at is None:
            return "not_sent", None, ""
        return ("suspended" if suspended else "not_sent"), None, ""
    if mail.state == outbox.ACCEPTED:
        return "accepted", mail.accepted_at, ""
    if mail.state in (outbox.DEAD, outbox.BOUNCED):
        return "refused", None, mail.last_reply or ""
    if mail.state == outbox.CANCELLED:
        return "cancelled", None, ""
    return "queued", None, (mail.last_reply or "") if mail.attempts else ""


def is_red(rows: list[Delivery]) -> bool:
    """Whether somebody is not reached 24 hours before the limit: the meeting turns red."""
    return any(row.is_red for row in rows)


def after_reply(session: Session, mail: OutboxMessage, now: datetime) -> None:
    """For the worker: an invitation the mail server refused for good is told to the case manager at once (F05)."""
    if mail.kind not in INVITATIONS or mail.state != outbox.DEAD:
        return
    row = session.execute(
        select(Meeting, Person)
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .join(Case, Case.id == Meeting.case_id)
        .join(Person, Person.id == Case.case_manager_id)
        .where(Invitation.outbox_id == mail.id, Meeting.status == "convened")
        .limit(1)
    ).first()
    if row is None:
        return
    meeting, chair = row
    key = f"refused:{mail.id}"
    if outbox.already_written(session, [f"{key}:{chair.id}"]):
        return
    notifications.tell(
        session,
        [chair],
        kind="member_not_reached",
        now=now,
        parameters=notifications.about(meeting),
        case_id=meeting.case_id,
        about_id=meeting.id,
        once_key=key,
    )
