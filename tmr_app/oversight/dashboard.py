"""The head's dashboard (A16): what is late or missing in the open cases of the own Centre, and who carries how much.

A fixed number of statements whatever the number of cases; nothing of a case's content, only counted columns.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.members.models import Institution, Person
from tmr_app.oversight.action_tally import AHEAD
from tmr_app.oversight.tally_models import ActionTally

SHOWN = 10
PAGE = 25
SILENT_DAYS = 31
"""A case without a contact written down for so long is counted (the guide's monthly contact, G5b)."""


class Late(NamedTuple):
    """One line of an exception: a case by its number, since when, and the meeting's code or the duty where there is one."""

    case_id: UUID
    number: str
    on: date
    about: str = ""
    meeting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One kind of exception: how many in all, and the oldest ones."""

    count: int
    lines: list[Late]


class ByInstitution(NamedTuple):
    """Actions past their planned date that an institution's member answers for."""

    name: str
    actions: int
    cases: int
    oldest_on: date


class Load(NamedTuple):
    """One case manager's open cases."""

    person_id: UUID | None
    name: str
    cases: int
    high: int
    overdue: int
    reviews: int
    silent: int


class Listed(NamedTuple):
    """One line of the list of open cases."""

    case_id: UUID
    number: str
    risk_level: str | None
    phase: str
    duty: str | None
    on: date | None
    manager: str | None


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
    """At most five statements, past the object layer: what the workload counts none of is not looked for."""
    session.flush()
    asked = _asked(person_id, qps_ids, now)
    loads, other = _loads(session, asked)
    unreached, reports = _meetings(session, asked)
    return Dashboard(
        duties=_oldest(session, _DUTIES, asked, other),
        reviews=_oldest(session, _REVIEWS, asked, sum(one.reviews for one in loads)),
        unreached=unreached,
        reports=reports,
        institutions=[ByInstitution(*row) for row in session.connection().execute(_INSTITUTIONS, asked)],
        loads=loads,
    )


def _oldest(session: Session, query: Select[*tuple[Any, ...]], asked: dict[str, Any], count: int) -> Block:
    """The first lines of what is counted already."""
    found = session.connection().execute(query, asked) if count else ()
    return Block(count, [Late(*row) for row in found])


def _meetings(session: Session, asked: dict[str, Any]) -> tuple[Block, Block]:
    """Those with a member nothing has reached, and those with a report past its day."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in session.connection().execute(_MEETINGS, asked):
        found[row.list].append(row)
    unreached, reports = (
        Block(rows[0].whole, [Late(*row[2:]) for row in rows]) if rows else Block(0, [])
        for rows in (found["unreached"], found["report_late"])
    )
    return unreached, reports


REVIEW = "A5.1.5"
_NOT_REVIEW = or_(Case.next_duty.is_(None), Case.next_duty != REVIEW)
"""A late review has a list of its own: it does not stand a second time among the duties."""
_DUTIES = (
    select(Case.id, Case.number, Case.next_duty_on, Case.next_duty)
    .where(_OWN, Case.next_duty_on < _TODAY, _NOT_REVIEW)
    .order_by(Case.next_duty_on, Case.id)
    .limit(SHOWN)
)
_REVIEWS = (
    select(Case.id, Case.number, Case.review_due_on, literal(REVIEW))
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
_COMING = (
    select(
        Case.id,
        Case.number,
        Meeting.meeting_on,
        Meeting.code,
        Meeting.id.label("meeting_id"),
        _UNREACHED.label("unreached"),
        _REPORT_LATE.label("report_late"),
    )
    .join(Meeting, Meeting.case_id == Case.id)
    .where(_OWN, Case.meeting_ahead_on >= _TODAY, Meeting.meeting_on >= _TODAY, Meeting.status.in_(AHEAD))
    .cte("coming")
    .prefix_with("MATERIALIZED")
)
"""The meetings still to come, one line a meeting; looked at once for both lists."""


def _first_of(flag: ColumnElement[bool]) -> Select[Any]:
    """The earliest of these meetings, each with how many there are in all."""
    columns = (_COMING.c.id, _COMING.c.number, _COMING.c.meeting_on, _COMING.c.code, _COMING.c.meeting_id)
    first = (
        select(literal(flag.key).label("list"), func.count().over().label("whole"), *columns)
        .where(flag)
        .order_by(_COMING.c.meeting_on, _COMING.c.meeting_id)
        .limit(SHOWN)
        .subquery()
    )
    return select(first)


_MEETINGS = union_all(_first_of(_COMING.c.unreached), _first_of(_COMING.c.report_late))
_LATE = (
    select(
        ActionTally.institution_id,
        func.sum(ActionTally.number).label("actions"),
        func.count(ActionTally.case_id.distinct()).label("cases"),
        func.min(ActionTally.planned_on).label("oldest_on"),
    )
    .join(Case, Case.id == ActionTally.case_id)
    .where(_OWN, Case.action_due_on < _TODAY, ActionTally.planned_on < _TODAY)
    .group_by(ActionTally.institution_id)
    .subquery()
)
_INSTITUTIONS = (
    select(Institution.name, _LATE.c.actions, _LATE.c.cases, _LATE.c.oldest_on)
    .join(Institution, Institution.id == _LATE.c.institution_id)
    .order_by(_LATE.c.actions.desc(), Institution.name)
    .limit(PAGE)
)
"""Actions of the plans in force, past their date and not done, by the institution of the member responsible now."""


def _where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(*conditions)


_SINCE: BindParameter[Any] = bindparam("since", type_=Date())
_SILENT = or_(Case.last_visit_on.is_(None), Case.last_visit_on < _SINCE)
_COUNTED = (
    select(
        Case.case_manager_id,
        func.count().label("cases"),
        _where(Case.risk_level == "high").label("high"),
        _where(Case.next_duty_on < _TODAY).label("overdue"),
        _where(Case.review_due_on < _TODAY).label("reviews"),
        _where(_SILENT).label("silent"),
        _where(Case.next_duty_on < _TODAY, _NOT_REVIEW).label("other"),
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
        _COUNTED.c.other,
    )
    .outerjoin(Person, Person.id == _COUNTED.c.case_manager_id)
    .order_by(_COUNTED.c.case_manager_id.is_not(None), _COUNTED.c.cases.desc(), Person.name)
)


def _loads(session: Session, asked: dict[str, Any]) -> tuple[list[Load], int]:
    """Workload of each case manager, cases without one first; and how many duties other than reviews are late in all."""
    rows = session.connection().execute(_LOADS, asked).all()
    return [Load(*row[:-1]) for row in rows], sum(row[-1] for row in rows)


_CASES = (
    select(
        Case.id,
        Case.number,
        Case.risk_level,
        Case.phase,
        Case.next_duty,
        Case.next_duty_on,
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
) -> list[Listed]:
    """The first open cases by next duty, of one case manager or of all. One statement, or two where few have a date."""
    asked, found = _asked(person_id, qps_ids, now), list[Listed]()
    for query in (_DATED, _UNDATED):
        if len(found) < PAGE:
            chosen = query if manager_id is None else query.where(Case.case_manager_id == manager_id)
            found += [Listed(*row) for row in session.connection().execute(chosen, asked)]
    return found[:PAGE]
