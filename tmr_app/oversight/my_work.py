"""What waits for one person, over all cases: to sign, read, answer, report, agree to, and what the own cases owe.

Before the declaration only a meeting's code is shown; a child's name never. Each list is limited, so a page costs the
same for two cases and for two thousand.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import OWN
from tmr_app.cases.table_models import Seat
from tmr_app.cases.work_panels import Asking, Section, Task, sections
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.ready import Ready
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.meetings.reading_room import CONTENT_READS
from tmr_app.oversight.ledger import Row, case_views, rows_of_view
from tmr_app.oversight.own_seats import DECLARED, HELD, PERSON, asking, has_declared, held_by
from tmr_app.oversight.rows_meetings import own_notices
from tmr_app.regulation.days import notice_limit

LIMIT = 25
RECORD_CASES = 40
AHEAD = ("preparing", "convened", "running")
DEED_OF = {
    "A8.3": "meetings.prepare",
    "A8.6": "meetings.invitees",
    "A8.7": "meetings.papers",
    "A8.10": "meetings.family",
    "A6.1.3": "meetings.prepare",
}
"""The page on which a meeting's duty is done, while the meeting is being prepared."""


@dataclass(frozen=True, slots=True)
class Work:
    """Everything that waits, by section.

    `cases_more`: how many of the own cases are beyond the list; `more`: what other rooms know.
    """

    to_sign: list[Task]
    to_answer: list[Task]
    to_read: list[Task]
    reports: list[Task]
    to_agree: list[Task]
    cases: list[Task]
    cases_more: int
    more: list[Section]

    @property
    def is_empty(self) -> bool:
        own = (self.to_sign, self.to_answer, self.to_read, self.reports, self.to_agree, self.cases)
        return not (any(own) or self.more)


def of(
    session: Session,
    person_id: UUID,
    now: datetime,
    headed: Sequence[UUID],
    offices: frozenset[str] | None = None,
) -> Work:
    """All that waits for this person; `headed`: the Centres they head today.

    At most six statements, one for the registered sections, and one for each source that asks for itself. They read plain
    rows past the object layer: nothing is written on the way to this page.
    """
    session.flush()
    invited = _invited(session, person_id, now)
    asked = sections(session, Asking(person_id, now, headed, offices))
    named = {(task.duty, task.about) for section in asked for task in section.tasks}
    cases, more = _cases(session, person_id, now)
    return Work(
        to_sign=_to_sign(session, person_id, now, invited),
        to_answer=[_meeting_task(one, "A9", "answers.show") for one in invited if _unanswered(one)],
        to_read=[
            _meeting_task(one, "A8.7", "pack.show")
            for one in invited
            if one.declared and not one.opened and one.kind != "case_manager"
        ],
        reports=_reports(session, person_id, now),
        to_agree=_to_agree(session, person_id, headed) if headed else [],
        cases=[
            task for task in cases if (task.duty, task.about) not in named
        ],  # their own list says it better
        cases_more=more,
        more=asked,
    )


# The reads of one meeting are few, those of one person never end: the person must not lead the search.
_OPENED = PERSON.in_(
    select(AuditEntry.actor_id)
    .where(
        AuditEntry.object_id == Meeting.id,
        AuditEntry.tag.in_(CONTENT_READS),
        AuditEntry.actor_id.is_not(None),
    )
    .correlate(Meeting)
)
_INVITED = Ready(
    select(
        Meeting.id,
        Meeting.case_id,
        Meeting.code,
        Meeting.meeting_on,
        Invitation.answer,
        Seat.kind,
        DECLARED.label("signed"),
        Seat.conflict.label("conflict"),
        _OPENED.label("opened"),
    )
    .join(Invitation, Invitation.meeting_id == Meeting.id)
    .join(Seat, Seat.id == Invitation.seat_id)
    .where(
        HELD,
        Meeting.status == "convened",
        Meeting.meeting_on >= bindparam("today"),
        Invitation.left_out.is_(False),
        Invitation.withdrawn_at.is_(None),
    )
    .order_by(Meeting.meeting_on, Meeting.id)
    .limit(LIMIT)
)


def _invited(session: Session, person_id: UUID, now: datetime) -> list["_Invited"]:
    """Coming meetings with own invitation: whether answered, whether the pack was opened. One statement."""
    return [_Invited(*row) for row in _INVITED.rows(session.connection(), asking(person_id, now))]


@dataclass(frozen=True, slots=True)
class _Invited:
    id: UUID
    case_id: UUID
    code: str
    meeting_on: date
    answer: str | None
    kind: str
    signed: bool
    conflict: bool | None
    opened: bool

    @property
    def declared(self) -> bool:
        """Signed, and the question about a conflict of interest answered: content may be shown."""
        return self.signed and self.conflict is not None


def _unanswered(one: _Invited) -> bool:
    return one.declared and one.answer is None and one.kind != "case_manager"


def _meeting_task(one: _Invited, duty: str, endpoint: str) -> Task:
    return Task(duty, one.code, one.meeting_on, endpoint, {"case_id": one.case_id, "meeting_id": one.id})


_TO_SIGN = Ready(
    select(Seat.case_id, DECLARED.label("signed"))
    .join(Case, Case.id == Seat.case_id)
    .where(HELD, Case.status == "open", or_(~DECLARED, Seat.conflict.is_(None)))
    .order_by(Seat.seated_at)
    .limit(LIMIT)
)


def _to_sign(session: Session, person_id: UUID, now: datetime, invited: list[_Invited]) -> list[Task]:
    """Declarations not signed, conflict questions not answered; with the code of the coming meeting, where there is one."""
    next_of = {one.case_id: one for one in reversed(invited)}
    tasks: dict[UUID, Task] = {}
    for case_id, has_signed in _TO_SIGN.rows(session.connection(), asking(person_id, now)):
        meeting = next_of.get(case_id)
        tasks[case_id] = Task(
            "A10.2" if has_signed else "A18.2",
            meeting.code if meeting else "",
            meeting.meeting_on if meeting else None,
            "table.conflict" if has_signed else "table.declaration",
            {"case_id": case_id},
        )
    return list(tasks.values())


_REPORTS = Ready(
    select(Meeting.code, ReportRequest.due_on, Meeting.case_id, Meeting.id, DECLARED)
    .join(Seat, Seat.id == ReportRequest.seat_id)
    .join(Meeting, Meeting.id == ReportRequest.meeting_id)
    .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
    .where(
        HELD,
        ReportRequest.withdrawn_at.is_(None),
        ProgressReport.filed_at.is_(None),
        Meeting.status.in_(AHEAD),
    )
    .order_by(ReportRequest.due_on, Meeting.id)
    .limit(LIMIT)
)


def _reports(session: Session, person_id: UUID, now: datetime) -> list[Task]:
    """Progress reports asked of this person and not filed (A8.9)."""
    return [
        Task("A8.9", row[0], row[1], "reports.write", {"case_id": row[2], "meeting_id": row[3]})
        if row[4]
        else Task("A18.2", row[0], row[1], "table.declaration", {"case_id": row[2]})
        for row in _REPORTS.rows(session.connection(), asking(person_id, now))
    ]


_TO_AGREE = Ready(
    select(Meeting.code, Meeting.meeting_on, Meeting.lead_days, Meeting.case_id, Meeting.id)
    .join(Case, Case.id == Meeting.case_id)
    .where(
        OWN,
        Meeting.status == "preparing",
        Meeting.purpose != "extraordinary",
        Meeting.agreement_asked_at.is_not(None),
        Meeting.meeting_on.is_not(None),
        or_(Meeting.agreed_on.is_(None), Meeting.agreed_on != Meeting.meeting_on),
    )
    .order_by(Meeting.meeting_on, Meeting.id)
    .limit(LIMIT)
)


def _to_agree(session: Session, person_id: UUID, headed: Sequence[UUID]) -> list[Task]:
    """Dates that wait for the head's agreement (A8.3); by the last day to send, not by the meeting's."""
    return [
        Task(
            "A8.3",
            row[0],
            notice_limit(row[1], row[2]) if row[1] else None,
            "meetings.agreement",
            {"case_id": row[3], "meeting_id": row[4]},
        )
        for row in _TO_AGREE.rows(session.connection(), {"person_id": person_id, "headed": headed})
    ]


_MAY_READ = exists().where(Seat.case_id == Case.id, HELD, Seat.conflict.is_not(None), DECLARED)
"""The own seat is live, declared and without an open conflict question."""
_OWN = (Case.case_manager_id == PERSON, Case.status == "open", Case.next_duty.is_not(None), _MAY_READ)
_CASES = Ready(
    select(Case.id, Case.number, Case.next_duty, Case.next_duty_on, func.count().over().label("whole"))
    .where(*_OWN)
    .order_by(Case.next_duty_on.is_(None), Case.next_duty_on, Case.id)
    .limit(LIMIT)
)


class _Owing(NamedTuple):
    id: UUID
    number: str
    next_duty: str
    next_duty_on: date | None
    whole: int


def _cases(session: Session, person_id: UUID, now: datetime) -> tuple[list[Task], int]:
    """What the cases this person manages owe next, what is past its date first; and how many are not listed."""
    rows = [_Owing(*row) for row in _CASES.rows(session.connection(), asking(person_id, now))]
    meetings = _prepared(session, [row.id for row in rows if row.next_duty in DEED_OF])
    tasks = [_case_task(row, meetings.get(row.id)) for row in rows]
    return tasks, rows[0].whole - len(rows) if rows else 0


OWN_DUTIES = frozenset({"A8.5", "A8.9", "A10.2", "A14.2", "A18.2"})
"""Duties whose rows speak of one person."""


def own_rows(session: Session, person_id: UUID, now: datetime) -> list[Row]:
    """This person's own rows of the ledger, over the latest cases they have declared in; the newest date first."""
    ids = session.scalars(
        select(Seat.case_id)
        .where(held_by(person_id, now), Seat.conflict.is_not(None), has_declared(person_id))
        .group_by(Seat.case_id)
        .order_by(func.max(Seat.seated_at).desc())
        .limit(RECORD_CASES)
    ).all()
    own: list[Row] = []
    for view in case_views(session, ids, now):
        own += (row for row in rows_of_view(view, OWN_DUTIES) if row.person_id == person_id)
        own += own_notices(view, person_id)
    return sorted(own, key=lambda row: row.due_on or row.met_on or date.min, reverse=True)


_PREPARED = Ready(
    select(Meeting.case_id, Meeting.id)
    .where(
        Meeting.case_id.in_(bindparam("case_ids", expanding=True)),
        Meeting.status == "preparing",
        Meeting.meeting_on.is_not(None),
    )
    .order_by(Meeting.meeting_on.desc())
)


def _prepared(session: Session, case_ids: list[UUID]) -> dict[UUID, UUID]:
    """The meeting being prepared in each of these cases, the earliest."""
    if not case_ids:
        return {}
    rows = _PREPARED.rows(session.connection(), {"case_ids": case_ids})
    return {row[0]: row[1] for row in rows}


_PLACE_OF = {
    "A8.1": "meetings.call",
    "A8.3": "meetings.index",
    "A8.7": "meetings.index",
    "A12.5": "cases.assessment",
    "A8.9": "reports.index",
}


def _case_task(row: _Owing, meeting_id: UUID | None) -> Task:
    if meeting_id is not None and row.next_duty in DEED_OF:
        values = {"case_id": row.id, "meeting_id": meeting_id}
        return Task(row.next_duty, row.number, row.next_duty_on, DEED_OF[row.next_duty], values)
    endpoint = _PLACE_OF.get(row.next_duty)
    if endpoint is not None:
        return Task(row.next_duty, row.number, row.next_duty_on, endpoint, {"case_id": row.id})
    open_rows = {"case_id": row.id, "status": "open"}
    return Task(row.next_duty, row.number, row.next_duty_on, "ledger.case", open_rows)
