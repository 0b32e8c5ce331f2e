"""The head's dashboard (A16): what is late or missing in the open cases of the own Centre, and who carries how much.

A fixed number of statements whatever the number of cases; nothing of a case's content, only counted columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    not_,
    null,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.members.models import Institution, Person
from tmr_app.plans.actions_now import SEAT_ID, STATUS, as_they_stand, in_force
from tmr_app.plans.models import Action

SHOWN = 10
PAGE = 25
SILENT_DAYS = 31
"""A case without a contact written down for so long is counted (the guide's monthly contact, G5b)."""


@dataclass(frozen=True, slots=True)
class Late:
    """One line of an exception: a case by its number, since when, and the meeting's code or the duty where there is one."""

    case_id: UUID
    number: str
    on: date | None
    about: str = ""
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of exception: how many in all, and the oldest ones."""

    count: int
    lines: list[Late]


@dataclass(frozen=True, slots=True)
class ByInstitution:
    """Actions past their planned date that an institution's member answers for."""

    name: str
    actions: int
    cases: int
    oldest_on: date


@dataclass(frozen=True, slots=True)
class Load:
    """One case manager's open cases."""

    person_id: UUID | None
    name: str
    cases: int
    high: int
    overdue: int
    reviews: int
    silent: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the page shows."""

    duties: Block
    reviews: Block
    unreached: Block
    reports: Block
    institutions: list[ByInstitution]
    loads: list[Load]


# Built once, like everything a page asks each time. `headed`: the Centres; `person_id`: the head's own person.
_HEADED: BindParameter[Any] = bindparam("headed", expanding=True)
_PERSON: BindParameter[Any] = bindparam("person_id")
_TODAY: BindParameter[Any] = bindparam("today", type_=Date())
_RECUSED = select(Seat.case_id).where(Seat.person_id == _PERSON, Seat.recused_at.is_not(None))
_OWN: ColumnElement[bool] = and_(Case.qps_id.in_(_HEADED), Case.status == "open", Case.id.not_in(_RECUSED))
"""Open cases of these Centres, never one from which the head is excluded (A10.2)."""


def _asked(person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> dict[str, Any]:
    today = civil_date(now)
    since = today - timedelta(days=SILENT_DAYS)
    return {"headed": list(qps_ids), "person_id": person_id, "today": today, "since": since}


def load(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Dashboard:
    """At most five statements: what the workload counts none of is not looked for."""
    asked = _asked(person_id, qps_ids, now)
    loads = _loads(session, asked)
    meetings = session.execute(_MEETINGS, asked).all()
    return Dashboard(
        duties=_oldest(session, _DUTIES, asked, sum(one.overdue for one in loads)),
        reviews=_oldest(session, _REVIEWS, asked, sum(one.reviews for one in loads)),
        unreached=_block([row for row in meetings if row.unreached]),
        reports=_block([row for row in meetings if row.report_late]),
        institutions=[ByInstitution(*row) for row in session.execute(_INSTITUTIONS, asked)],
        loads=loads,
    )


def _oldest(
    session: Session, query: Select[Any, Any, Any, Any, Any], asked: dict[str, Any], count: int
) -> Block:
    """The first lines of what is counted already."""
    return Block(count, _lines(session.execute(query, asked).all())) if count else Block(0, [])


def _block(rows: Sequence[Any]) -> Block:
    return Block(len(rows), _lines(rows[:SHOWN]))


def _lines(rows: Sequence[Any]) -> list[Late]:
    return [Late(row.id, row.number, row.on, row.about or "", row.meeting_id) for row in rows]


_NO_MEETING = type_coerce(null(), Uuid()).label("meeting_id")
_DUTIES = (
    select(Case.id, Case.number, Case.next_duty_on.label("on"), Case.next_duty.label("about"), _NO_MEETING)
    .where(_OWN, Case.next_duty_on < _TODAY)
    .order_by(Case.next_duty_on, Case.id)
    .limit(SHOWN)
)
_REVIEWS = (
    select(
        Case.id, Case.number, Case.review_due_on.label("on"), literal("A5.1.5").label("about"), _NO_MEETING
    )
    .where(_OWN, Case.review_due_on < _TODAY)
    .order_by(Case.review_due_on, Case.id)
    .limit(SHOWN)
)
_UNREACHED = (
    exists()
    .where(
        Meeting.status == "convened",
        Invitation.meeting_id == Meeting.id,
        Invitation.withdrawn_at.is_(None),
        Invitation.left_out.is_(False),
        Invitation.seat_id.is_not(None),
        Invitation.handed_over_at.is_(None),
        not_(exists().where(OutboxMessage.id == Invitation.outbox_id, OutboxMessage.state == ACCEPTED)),
    )
    .correlate(Meeting)
)
"""A convened meeting with somebody whom nothing has reached (A8.3)."""
_REPORT_LATE = (
    exists()
    .where(
        ReportRequest.meeting_id == Meeting.id,
        ReportRequest.withdrawn_at.is_(None),
        ReportRequest.due_on < _TODAY,
        not_(
            exists().where(
                ProgressReport.request_id == ReportRequest.id, ProgressReport.filed_at.is_not(None)
            )
        ),
    )
    .correlate(Meeting)
)
"""A meeting for which a report is past its day (A8.9)."""
_MEETINGS = (
    select(
        Case.id,
        Case.number,
        Meeting.meeting_on.label("on"),
        Meeting.code.label("about"),
        Meeting.id.label("meeting_id"),
        _UNREACHED.label("unreached"),
        _REPORT_LATE.label("report_late"),
    )
    .join(Meeting, Meeting.case_id == Case.id)
    .where(_OWN, Meeting.meeting_on >= _TODAY, Meeting.status.in_(("preparing", "convened")))
    .order_by(Meeting.meeting_on, Meeting.id)
)
"""The meetings still to come, one line a meeting."""
_INSTITUTIONS = (
    as_they_stand(
        Institution.name,
        func.count(),
        func.count(Action.case_id.distinct()),
        func.min(Action.planned_on),
    )
    .join(Seat, Seat.id == SEAT_ID)
    .join(Institution, Institution.id == Seat.institution_id)
    .where(in_force(select(Case.id).where(_OWN)), Action.planned_on < _TODAY, STATUS != "done")
    .group_by(Institution.id, Institution.name)
    .order_by(func.count().desc(), Institution.name)
    .limit(PAGE)
)
"""Actions of the plans in force, past their date and not done, by the institution of the member responsible now."""


def _sum(condition: Any) -> Any:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_VISITED = select(Visit.case_id).where(Visit.visited_on >= bindparam("since", type_=Date()))
_COUNTED = (
    select(
        Case.case_manager_id,
        func.count().label("cases"),
        _sum(Case.risk_level == "high").label("high"),
        _sum(Case.next_duty_on < _TODAY).label("overdue"),
        _sum(Case.review_due_on < _TODAY).label("reviews"),
        _sum(Case.id.not_in(_VISITED)).label("silent"),
    )
    .where(_OWN)
    .group_by(Case.case_manager_id)
    .subquery()
)
_LOADS = (
    select(
        _COUNTED.c.case_manager_id,
        func.coalesce(Person.name, ""),
        _COUNTED.c.cases,
        _COUNTED.c.high,
        _COUNTED.c.overdue,
        _COUNTED.c.reviews,
        _COUNTED.c.silent,
    )
    .outerjoin(Person, Person.id == _COUNTED.c.case_manager_id)
    .order_by(_COUNTED.c.case_manager_id.is_not(None), _COUNTED.c.cases.desc(), Person.name)
)


def _loads(session: Session, asked: dict[str, Any]) -> list[Load]:
    """Workload of each case manager; cases without one stand first."""
    return [Load(*row) for row in session.execute(_LOADS, asked)]


_CASES = (
    select(
        Case.id,
        Case.number,
        Case.risk_level,
        Case.phase,
        Case.next_duty,
        Case.next_duty_on,
        Case.review_due_on,
        Person.name,
    )
    .outerjoin(Person, Person.id == Case.case_manager_id)
    .where(_OWN)
    .limit(PAGE)
)
_DATED = _CASES.where(Case.next_duty_on.is_not(None)).order_by(Case.next_duty_on, Case.id)
_UNDATED = _CASES.where(Case.next_duty_on.is_(None)).order_by(Case.id)
"""Apart, so that the index that orders the dated ones gives the page's few without the thousands behind them."""


def cases_of(
    session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime, manager_id: UUID | None
) -> list[Any]:
    """The first open cases by next duty, of one case manager or of all. One statement, or two where few have a date."""
    asked, found = _asked(person_id, qps_ids, now), list[Any]()
    for query in (_DATED, _UNDATED):
        if len(found) < PAGE:
            chosen = query if manager_id is None else query.where(Case.case_manager_id == manager_id)
            found += session.execute(chosen, asked).all()
    return found[:PAGE]
