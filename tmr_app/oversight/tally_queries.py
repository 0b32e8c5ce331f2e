"""Sums over the tally: a Centre's ledger by duty, the cases a filter finds, and how it went by quarter and institution."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import own_standings
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.oversight.ledger import ORDER, Row
from tmr_app.oversight.tally_models import LedgerTally, TallyState
from tmr_app.regulation.verdicts import Status

EXCEPTIONS = (Status.OVERDUE, Status.NOT_MET, Status.MET_LATE)
KEPT, LATE, BROKEN = (Status.MET,), (Status.MET_LATE,), (Status.OVERDUE, Status.NOT_MET)
JUDGED = (*KEPT, *LATE, *BROKEN)
QUARTERS = 8
MEMBERS_DUTIES = ("A8.9", "A9", "A14.2", "A14.3", "A18.2")
"""What the people of an institution owe themselves: by these its kind is told."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty means all. `statuses`: the words of one status or a group."""

    statuses: tuple[Status, ...] = ()
    duty: str = ""
    quarter: str = ""
    seat_kind: str = ""

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.statuses:
            found.append(LedgerTally.status.in_([one.value for one in self.statuses]))
        if self.duty:
            found.append(LedgerTally.duty == self.duty)
        if self.quarter:
            found.append(LedgerTally.quarter == self.quarter)
        if self.seat_kind:
            found.append(LedgerTally.seat_kind == self.seat_kind)
        return found


def readable(person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> list[ColumnElement[bool]]:
    """The cases of the Centres this person heads and those this person manages, without any recused from (A10.2).

    The case manager's own open only behind the declaration and the answered question, as the case itself does (A18.2).
    """
    recused = exists().where(
        Seat.case_id == Case.id, Seat.person_id == person_id, Seat.recused_at.is_not(None)
    )
    inside = exists().where(
        Seat.case_id == Case.id, own_standings.live_seat(person_id, now), Seat.conflict.is_not(None)
    )
    declared = exists().where(
        Declaration.case_id == Case.id,
        Declaration.person_id == person_id,
        Declaration.text_id == own_standings.newest_text().scalar_subquery(),
    )
    managed = and_(Case.case_manager_id == person_id, inside, declared)
    return [or_(Case.qps_id.in_(qps_ids), managed), ~recused]


@dataclass(slots=True)
class DutySum:
    """One duty over all cases: how many rows have which status."""

    duty: str
    by_status: dict[Status, int] = field(default_factory=dict)

    @property
    def exceptions(self) -> int:
        return sum(self.by_status.get(one, 0) for one in EXCEPTIONS)


def by_duty(session: Session, cases: Sequence[ColumnElement[bool]], wanted: Wanted) -> list[DutySum]:
    """Every duty with its counts, those with most exceptions first. One statement."""
    rows = session.execute(
        select(LedgerTally.duty, LedgerTally.status, func.sum(LedgerTally.number))
        .join(Case, Case.id == LedgerTally.case_id)
        .where(*cases, *wanted.conditions)
        .group_by(LedgerTally.duty, LedgerTally.status)
    )
    found: dict[str, DutySum] = {}
    for duty, status, number in rows:
        found.setdefault(duty, DutySum(duty)).by_status[Status(status)] = int(number)
    return sorted(found.values(), key=lambda one: (-one.exceptions, ORDER.get(one.duty, 99)))


@dataclass(frozen=True, slots=True)
class CaseSum:
    """One case a filter finds: how many of its rows, and what it owes next."""

    id: UUID
    number: str
    rows: int | None
    next_duty: str | None
    next_duty_on: date | None


def cases_of(
    session: Session,
    cases: Sequence[ColumnElement[bool]],
    wanted: Wanted,
    *,
    after: tuple[Any, UUID] | None,
    limit: int,
) -> list[CaseSum]:
    """Cases with a row that is wanted, or not counted yet, the earliest next duty first. One statement."""
    number = (
        select(func.sum(LedgerTally.number))
        .where(LedgerTally.case_id == Case.id, *wanted.conditions)
        .correlate(Case)
        .scalar_subquery()
    )
    counted = exists().where(TallyState.case_id == Case.id)
    query = select(Case.id, Case.number, number.label("rows"), Case.next_duty, Case.next_duty_on).where(
        *cases, or_(number > 0, and_(~counted, Case.status == "open"))
    )
    if after is not None and after[0] is None:
        query = query.where(Case.next_duty_on.is_(None), Case.id > after[1])
    elif after is not None:
        later = and_(Case.next_duty_on == after[0], Case.id > after[1])
        query = query.where(or_(Case.next_duty_on > after[0], later, Case.next_duty_on.is_(None)))
    query = query.order_by(Case.next_duty_on.is_(None), Case.next_duty_on, Case.id).limit(limit)
    return [CaseSum(*row) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far the counting has come: how many cases wait for it, and when the oldest count was made."""

    waiting: int
    oldest_at: datetime | None


def freshness(session: Session, cases: Sequence[ColumnElement[bool]]) -> Freshness:
    row = session.execute(
        select(
            func.count(Case.id) - func.count(TallyState.counted_on),
            func.min(TallyState.counted_at),
        )
        .select_from(Case)
        .outerjoin(TallyState, TallyState.case_id == Case.id)
        .where(*cases)
    ).one()
    return Freshness(int(row[0]), row[1])


@dataclass(slots=True)
class Course:
    """How one group of duties went: kept, kept late, not kept. `share` in whole per cent of those judged, None of none."""

    key: str
    kept: int = 0
    late: int = 0
    broken: int = 0

    @property
    def judged(self) -> int:
        return self.kept + self.late + self.broken

    @property
    def share(self) -> int | None:
        return round(100 * self.kept / self.judged) if self.judged else None


def by_quarter(session: Session, cases: Sequence[ColumnElement[bool]], wanted: Wanted) -> list[Course]:
    """The last quarters with a judged row, the oldest first. One statement."""
    found = _courses(session, cases, wanted, LedgerTally.quarter, LedgerTally.quarter != "")
    return latest_quarters(found)


def by_institution(session: Session, cases: Sequence[ColumnElement[bool]], wanted: Wanted) -> list[Course]:
    """Each kind of institution by what its people owe, the lowest share first. One statement."""
    own = and_(LedgerTally.seat_kind != "", LedgerTally.duty.in_(MEMBERS_DUTIES))
    found = _courses(session, cases, wanted, LedgerTally.seat_kind, own)
    return weakest_first(found)


def latest_quarters(courses: Iterable[Course]) -> list[Course]:
    """The last quarters, the oldest first."""
    return sorted(courses, key=lambda one: one.key)[-QUARTERS:]


def weakest_first(courses: Iterable[Course]) -> list[Course]:
    return sorted(courses, key=lambda one: (one.share if one.share is not None else 101, one.key))


def courses_of(rows: Iterable[Row], key_of: Callable[[Row], str]) -> list[Course]:
    """The same of rows at hand, where no tally is kept (a municipality's own); rows without a key are left out."""
    counts: dict[str, dict[Status, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if key_of(row) and row.status in JUDGED:
            counts[key_of(row)][row.status] += 1
    return _of_counts(counts)


def _courses(
    session: Session,
    cases: Sequence[ColumnElement[bool]],
    wanted: Wanted,
    by: Any,
    condition: ColumnElement[bool],
) -> list[Course]:
    rows = session.execute(
        select(by, LedgerTally.status, func.sum(LedgerTally.number))
        .join(Case, Case.id == LedgerTally.case_id)
        .where(
            *cases,
            *wanted.conditions,
            condition,
            LedgerTally.status.in_([one.value for one in JUDGED]),
        )
        .group_by(by, LedgerTally.status)
    )
    counts: dict[str, dict[Status, int]] = defaultdict(dict)
    for key, status, number in rows:
        counts[key][Status(status)] = int(number)
    return _of_counts(counts)


def _of_counts(counts: Mapping[str, Mapping[Status, int]]) -> list[Course]:
    return [
        Course(
            key,
            kept=sum(found.get(one, 0) for one in KEPT),
            late=sum(found.get(one, 0) for one in LATE),
            broken=sum(found.get(one, 0) for one in BROKEN),
        )
        for key, found in counts.items()
    ]
