"""The head's dashboard (A16): what is late or missing in the open cases of the own Centre, and who carries how much.

A fixed number of statements whatever the number of cases; nothing of a case's content, only counted columns.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    Uuid,
    and_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import NOT_RECUSED
from tmr_app.cases.work_panels import HEADED
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.db import id_text
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.kernel.ready import Ready
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

    case_id: str
    number: str
    on: date
    about: str = ""
    meeting_id: str | None = None


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

    person_id: str | None
    name: str
    cases: int
    high: int
    overdue: int
    reviews: int
    silent: int


class Listed(NamedTuple):
    """One line of the list of open cases."""

    case_id: str
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


# Made ready once, as all a page asks each time. `centre`, `headed`: the Centres; `person_id`: the head's own person.
_CENTRE: BindParameter[Any] = bindparam("centre")
_TODAY: BindParameter[Any] = bindparam("today", type_=Date())
Query = Select[*tuple[Any, ...]]
Condition = ColumnElement[bool]


def _own(several: bool) -> Condition:
    """Open cases of these Centres, never one from which the head is excluded (A10.2). Nearly every head has one Centre."""
    centres = Case.qps_id.in_(HEADED) if several else Case.qps_id == _CENTRE
    return and_(centres, Case.status == "open", NOT_RECUSED)


Asked = dict[str, Any]


def _asked(person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Asked:
    today = civil_date(now)
    since = today - timedelta(days=SILENT_DAYS)
    centres = {"headed": list(qps_ids)} if len(qps_ids) > 1 else {"centre": qps_ids[0] if qps_ids else None}
    return {**centres, "person_id": person_id, "today": today, "since": since}


def load(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Dashboard:
    """Three statements, past the object layer."""
    session.flush()
    asked, ask, connection = (
        _asked(person_id, qps_ids, now),
        _statements(len(qps_ids) > 1),
        session.connection(),
    )
    loads = [Load(*row) for row in ask.loads.rows(connection, asked)]
    lines: dict[str, list[Late]] = defaultdict(list)
    wholes = {REVIEWS: sum(one.reviews for one in loads)}
    for which, whole, *line in ask.exceptions.rows(connection, asked):
        wholes.setdefault(which, whole)
        lines[which].append(Late(*line))
    duties, reviews, unreached, reports = (
        Block(wholes.get(which, 0), lines[which]) for which in (DUTIES, REVIEWS, UNREACHED, REPORTS)
    )
    institutions = [ByInstitution(*row) for row in ask.institutions.rows(connection, asked)]
    return Dashboard(duties, reviews, unreached, reports, institutions, loads)


DUTIES, REVIEWS, UNREACHED, REPORTS = "duties", "reviews", "unreached", "report_late"
REVIEW = "A5.1.5"
_NOT_REVIEW = or_(Case.next_duty.is_(None), Case.next_duty != REVIEW)
"""A late review has a list of its own: it does not stand a second time among the duties."""


def _oldest_of(which: str, whole: Any, own: Condition, on: Any, about: Any, *conditions: Condition) -> Query:
    """The cases longest past this date, each with how many there are in all."""
    nowhere: ColumnElement[Any] = cast(null(), Uuid())
    columns = (id_text(Case.id).label("case"), Case.number, on.label("on"), about.label("about"))
    oldest = (
        select(literal(which).label("list"), whole.label("whole"), *columns, nowhere.label("meeting"))
        .where(own, on < _TODAY, *conditions)
        .order_by(on, Case.id)
        .limit(SHOWN)
        .subquery()
    )
    return select(oldest)


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


def _coming(own: Condition) -> CTE:
    """The meetings still to come, one line a meeting; looked at once for both lists."""
    ahead = (Case.meeting_ahead_on >= _TODAY, Meeting.meeting_on >= _TODAY, Meeting.status.in_(AHEAD))
    return (
        select(
            Case.id,
            Case.number,
            Meeting.meeting_on,
            Meeting.code,
            Meeting.id.label("meeting_id"),
            _UNREACHED.label(UNREACHED),
            _REPORT_LATE.label(REPORTS),
        )
        .join(Meeting, Meeting.case_id == Case.id)
        .where(own, *ahead)
        .cte("coming")
        .prefix_with("MATERIALIZED")
    )


def _first_of(coming: CTE, flag: str) -> Query:
    """The earliest of these meetings, each with how many there are in all."""
    case_id, meeting_id = id_text(coming.c.id).label("case"), id_text(coming.c.meeting_id).label("meeting")
    columns = (case_id, coming.c.number, coming.c.meeting_on, coming.c.code, meeting_id)
    first = (
        select(literal(flag).label("list"), func.count().over().label("whole"), *columns)
        .where(coming.c[flag])
        .order_by(coming.c.meeting_on, coming.c.meeting_id)
        .limit(SHOWN)
        .subquery()
    )
    return select(first)


def _exceptions(own: Condition) -> CompoundSelect[*tuple[Any, ...]]:
    """Four lists in one statement: the list's word, how many in all (of reviews, the workload says it), then as `Late`."""
    coming = _coming(own)
    late = select(func.count()).where(own, Case.next_duty_on < _TODAY, _NOT_REVIEW).scalar_subquery()
    return union_all(
        _first_of(coming, UNREACHED),
        _first_of(coming, REPORTS),
        _oldest_of(DUTIES, late.correlate(None), own, Case.next_duty_on, Case.next_duty, _NOT_REVIEW),
        _oldest_of(REVIEWS, literal(0), own, Case.review_due_on, literal(REVIEW)),
    )


def _institutions(own: Condition) -> Query:
    """Actions of the plans in force, past their date and not done, by the institution of the member responsible now."""
    late = (
        select(
            ActionTally.institution_id,
            func.sum(ActionTally.number).label("actions"),
            func.count(ActionTally.case_id.distinct()).label("cases"),
            func.min(ActionTally.planned_on).label("oldest_on"),
        )
        .join(Case, Case.id == ActionTally.case_id)
        .where(own, Case.action_due_on < _TODAY, ActionTally.planned_on < _TODAY)
        .group_by(ActionTally.institution_id)
        .subquery()
    )
    return (
        select(Institution.name, late.c.actions, late.c.cases, late.c.oldest_on)
        .join(Institution, Institution.id == late.c.institution_id)
        .order_by(late.c.actions.desc(), Institution.name)
        .limit(PAGE)
    )


def _where(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(*conditions)


_SINCE: BindParameter[Any] = bindparam("since", type_=Date())


def _workload(own: Condition) -> Query:
    """What each case manager has, as `Load`; cases without one first."""
    figures = {
        "cases": func.count(),
        "high": _where(Case.risk_level == "high"),
        "overdue": _where(Case.next_duty_on < _TODAY),
        "reviews": _where(Case.review_due_on < _TODAY),
        "silent": func.count() - _where(Case.last_visit_on >= _SINCE),
    }
    columns = [figure.label(name) for name, figure in figures.items()]
    counted = select(Case.case_manager_id, *columns).where(own).group_by(Case.case_manager_id).subquery()
    manager_id = counted.c.case_manager_id
    return (
        select(id_text(manager_id), func.coalesce(Person.name, ""), *(counted.c[name] for name in figures))
        .outerjoin(Person, Person.id == manager_id)
        .order_by(manager_id.is_not(None), counted.c.cases.desc(), Person.name)
    )


def _listed(own: Condition, *conditions: Condition) -> Query:
    """Open cases, as `Listed`."""
    columns = (Case.number, Case.risk_level, Case.phase, Case.next_duty, Case.next_duty_on, Person.name)
    return (
        select(id_text(Case.id), *columns)
        .outerjoin(Person, Person.id == Case.case_manager_id)
        .where(own, *conditions)
        .order_by(Case.next_duty_on, Case.id)
        .limit(PAGE)
    )


class _Statements(NamedTuple):
    """All that the page asks; `dated` and `undated` apart, so that an index gives the few without the thousands behind."""

    loads: Ready
    exceptions: Ready
    institutions: Ready
    dated: Ready
    undated: Ready
    dated_of_one: Ready
    undated_of_one: Ready


@cache
def _statements(several: bool) -> _Statements:
    own, of_one = _own(several), Case.case_manager_id == bindparam("manager_id")
    dated, undated = Case.next_duty_on.is_not(None), Case.next_duty_on.is_(None)
    return _Statements(
        loads=Ready(_workload(own)),
        exceptions=Ready(_exceptions(own)),
        institutions=Ready(_institutions(own)),
        dated=Ready(_listed(own, dated)),
        undated=Ready(_listed(own, undated)),
        dated_of_one=Ready(_listed(own, dated, of_one)),
        undated_of_one=Ready(_listed(own, undated, of_one)),
    )


def cases_of(
    session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime, manager_id: UUID | None
) -> list[Listed]:
    """The first open cases by next duty, of one case manager or of all. One statement, or two where few have a date."""
    asked, found = {**_asked(person_id, qps_ids, now), "manager_id": manager_id}, list[Listed]()
    ask = _statements(len(qps_ids) > 1)
    both = (ask.dated, ask.undated) if manager_id is None else (ask.dated_of_one, ask.undated_of_one)
    for query in both:
        if len(found) < PAGE:
            found += [Listed(*row) for row in query.rows(session.connection(), asked)]
    return found[:PAGE]
