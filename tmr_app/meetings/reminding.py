"""Reminders before limits and escalation after them: each goes out once, whoever runs the round (unique `once_key`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.meetings.notifications import about
from tmr_app.members.models import Person
from tmr_app.regulation import reminders
from tmr_app.regulation.days import Calendar
from tmr_app.regulation.reminders import Reminder


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing somebody may be reminded of: who, about which meeting, by which schedule.

    `page`: where the member does it, within the meeting; the case manager is led to the meeting itself.
    """

    key: str
    kind: str
    escalated_kind: str
    member: Person
    case_manager: Person | None
    schedule: tuple[Reminder, ...]
    parameters: dict[str, Any]
    page: str
    case_id: UUID
    about_id: UUID


def remind(session: Session, now: datetime, *, calendar: Calendar | None = None) -> int:
    """Write today's reminders and escalations about reports and answers. Returns how many mails."""
    matters = [*_reports(session, now, calendar), *_answers(session, now, calendar)]
    return _write(session, now, matters)


def _reports(session: Session, now: datetime, calendar: Calendar | None) -> Iterable[Matter]:
    """A8.9: asked, not filed, the meeting still to come."""
    rows = session.execute(
        select(ReportRequest, Meeting, Seat, Case)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .join(Case, Case.id == ReportRequest.case_id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            ReportRequest.withdrawn_at.is_(None),
            or_(ProgressReport.id.is_(None), ProgressReport.filed_at.is_(None)),
            Meeting.status.in_(("preparing", "convened")),
            Meeting.meeting_on >= civil_date(now),
            Case.status == "open",
            *_live(),
        )
        .options(joinedload(Seat.person), joinedload(Case.case_manager))
    )
    for request, meeting, seat, case in rows:
        if meeting.meeting_on is None:
            continue
        yield Matter(
            key=f"report:{request.id}",
            kind="report_reminder",
            escalated_kind="report_missing",
            member=seat.person,
            case_manager=case.case_manager,
            schedule=reminders.report_reminders(
                meeting.meeting_on, civil_date(request.requested_at), calendar
            ),
            parameters={**about(meeting), "due_on": _iso(request.due_on)},
            page="report",
            case_id=case.id,
            about_id=meeting.id,
        )


def _answers(session: Session, now: datetime, calendar: Calendar | None) -> Iterable[Matter]:
    """An invitation without an answer, the meeting still to come."""
    rows = session.execute(
        select(Invitation, Meeting, Seat, Case)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Seat, Seat.id == Invitation.seat_id)
        .join(Case, Case.id == Invitation.case_id)
        .where(
            Invitation.withdrawn_at.is_(None),
            Invitation.left_out.is_(False),
            Invitation.answer.is_(None),
            Meeting.status == "convened",
            Meeting.meeting_on >= civil_date(now),
            Seat.kind != "case_manager",
            *_live(),
        )
        .options(joinedload(Seat.person), joinedload(Case.case_manager))
    )
    for invitation, meeting, seat, case in rows:
        if meeting.meeting_on is None or meeting.convened_at is None:
            continue
        yield Matter(
            key=f"answer:{invitation.id}:{meeting.sequence}",
            kind="answer_reminder",
            escalated_kind="answer_missing",
            member=seat.person,
            case_manager=case.case_manager,
            schedule=reminders.answer_reminders(
                meeting.meeting_on, civil_date(meeting.convened_at), calendar
            ),
            parameters=about(meeting),
            page="answer",
            case_id=case.id,
            about_id=meeting.id,
        )


def tell_unreached(session: Session, now: datetime) -> int:
    """24 hours before the limit of A8.3: the case manager is told, once a meeting, that a member was not reached."""
    today = civil_date(now)
    rows = session.execute(
        select(Meeting, Case, Invitation.id)
        .join(Case, Case.id == Meeting.case_id)
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .outerjoin(OutboxMessage, OutboxMessage.id == Invitation.outbox_id)
        .where(
            Meeting.status == "convened",
            Meeting.meeting_on >= today,
            Invitation.seat_id.is_not(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.left_out.is_(False),
            Invitation.handed_over_at.is_(None),
            or_(OutboxMessage.id.is_(None), OutboxMessage.state != outbox.ACCEPTED),
        )
        .options(joinedload(Case.case_manager))
    ).all()
    late = {
        meeting.id: (meeting, case)
        for meeting, case, _ in rows
        if meeting.meeting_on is not None
        and reminders.unreached_turns_red(
            meeting.meeting_on,
            False,
            today,
            meeting.lead_days,
            extraordinary=meeting.purpose == "extraordinary",
        )
    }
    keys = {f"unreached:{meeting.id}:{meeting.sequence}": (meeting, case) for meeting, case in late.values()}
    written = outbox.already_written(session, list(keys))
    for key, (meeting, case) in keys.items():
        if key not in written and case.case_manager is not None:
            _mail(
                session,
                now,
                "member_not_reached",
                case.case_manager,
                about(meeting),
                case.id,
                meeting.id,
                key,
            )
    return len(keys) - len(written)


def _write(session: Session, now: datetime, matters: list[Matter]) -> int:
    today = civil_date(now)
    keys = [f"{matter.key}:{one.key}" for matter in matters for one in matter.schedule]
    written = outbox.already_written(session, keys)
    count = 0
    for matter in matters:
        sent = frozenset(one.key for one in matter.schedule if f"{matter.key}:{one.key}" in written)
        for one in reminders.due_today(matter.schedule, today, sent):
            reader = matter.case_manager if one.escalates else matter.member
            if reader is None or reader.address_suspended_at is not None:
                continue
            kind = matter.escalated_kind if one.escalates else matter.kind
            once_key = f"{matter.key}:{one.key}"
            path = matter.parameters["path"] + ("" if one.escalates else matter.page)
            said = {**matter.parameters, "path": path}
            _mail(session, now, kind, reader, said, matter.case_id, matter.about_id, once_key)
            count += 1
    return count


def _mail(
    session: Session,
    now: datetime,
    kind: str,
    reader: Person,
    parameters: dict[str, Any],
    case_id: UUID,
    about_id: UUID,
    once_key: str,
) -> None:
    outbox.enqueue(
        session,
        kind=kind,
        to=reader,
        now=now,
        parameters=parameters,
        case_id=case_id,
        about_id=about_id,
        once_key=once_key,
    )


def _live() -> tuple[Any, ...]:
    return (Seat.ended_at.is_(None), Seat.recused_at.is_(None))


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
