"""What the head's office shows of the own QPS: exceptions first, then who manages what (A16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import office_panels
from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import OWN, OWN_OF_WAITING, Panel, PanelRow, asking
from tmr_app.cases.table_models import BreakGlass, ConflictFlag, Disclosure, HandOver, Seat
from tmr_app.cases.work_panels import HEADED, PERSON
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.verdicts import Message

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Load:
    """A case manager and how many open cases are theirs."""

    name: str
    open_cases: int


@dataclass(frozen=True, slots=True)
class Period:
    """Somebody named to an office for a period."""

    appointment: Appointment
    name: str


def _waiting(of: Any, at: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Rows of own cases, the longest waiting first."""
    return (
        select(of.case_id, at, Case.number, *columns)
        .join(Case, of.case_id == Case.id)
        .where(OWN_OF_WAITING)
        .order_by(at)
        .limit(LIMIT)
    )


_CHAIRED = exists().where(
    Seat.case_id == Case.id,
    Seat.kind == "case_manager",
    Seat.person_id == Case.case_manager_id,
    Seat.ended_at.is_(None),
    Seat.recused_at.is_(None),
    or_(Seat.ends_at.is_(None), Seat.ends_at > bindparam("now")),
    or_(
        Seat.appointment_id.is_(None),
        exists().where(
            Appointment.id == Seat.appointment_id,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= bindparam("today")),
        ),
    ),
)
_UNCHAIRED = select(Case.id, Case.number).where(OWN, ~_CHAIRED).order_by(Case.opened_on, Case.id).limit(LIMIT)


@office_panels.register
def without_case_manager(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Nobody chairs, or the chair's appointment is over (A4.2)."""
    asked = asking(person_id, qps_ids, now=now, today=civil_date(now))
    rows = session.connection().execute(_UNCHAIRED, asked)
    lines = [PanelRow(number, "table.assign", {"case_id": case_id}) for case_id, number in rows]
    return Panel(Message("Cases without a case manager"), lines, "overdue", 10)


_FLAGGED = (
    _waiting(ConflictFlag, ConflictFlag.raised_at, ConflictFlag.id)
    .join(Seat, ConflictFlag.seat_id == Seat.id)
    .where(
        ConflictFlag.decided_at.is_(None),
        Seat.ended_at.is_(None),
        Seat.recused_at.is_(None),
        or_(
            Seat.kind == "case_manager",
            Seat.person_id == Case.case_manager_id,
            Case.case_manager_id.is_(None),
        ),
    )
)


@office_panels.register
def chairs_flagged(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """A conflict of interest of a case manager was pointed out: the head decides (A10.2)."""
    rows = session.connection().execute(_FLAGGED, asking(person_id, qps_ids))
    lines = [
        PanelRow(number, "table.decide_chair_flag", {"case_id": case_id, "flag_id": flag_id}, at)
        for case_id, at, number, flag_id in rows
    ]
    return Panel(Message("Conflicts of interest to decide"), lines, "due", 20)


_HANDED = _waiting(HandOver, HandOver.proposed_at).where(HandOver.decided_at.is_(None))


@office_panels.register
def hand_overs(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Hand-overs proposed by case managers (A4.2)."""
    rows = session.connection().execute(_HANDED, asking(person_id, qps_ids))
    lines = [PanelRow(number, "table.show", {"case_id": case_id}, at) for case_id, at, number in rows]
    return Panel(Message("Hand-overs proposed"), lines, "due", 30)


_PROPOSED = _waiting(Disclosure, Disclosure.proposed_at).where(
    Disclosure.approved_at.is_(None), Disclosure.refused_at.is_(None)
)


@office_panels.register
def disclosures(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Disclosures required by law that wait for the head's approval (A18.1)."""
    rows = session.connection().execute(_PROPOSED, asking(person_id, qps_ids))
    lines = [PanelRow(number, "cases.disclosures", {"case_id": case_id}, at) for case_id, at, number in rows]
    return Panel(Message("Disclosures to approve"), lines, "due", 40)


_OPENED = _waiting(BreakGlass, BreakGlass.opened_at, BreakGlass.id).where(
    BreakGlass.reviewed_at.is_(None), BreakGlass.person_id != PERSON
)


@office_panels.register
def broken_glass(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Emergency openings not reviewed yet; one's own are reviewed by somebody else."""
    rows = session.connection().execute(_OPENED, asking(person_id, qps_ids))
    lines = [
        PanelRow(number, "table.review_glass", {"case_id": case_id, "glass_id": glass_id}, at)
        for case_id, at, number, glass_id in rows
    ]
    return Panel(Message("Emergency openings to review"), lines, "due", 15)


_GLASS = (
    select(func.count())
    .select_from(BreakGlass)
    .join(Case, BreakGlass.case_id == Case.id)
    .where(Case.qps_id.in_(HEADED))
)


def glass_count(session: Session, qps_ids: Sequence[UUID]) -> int:
    """How often a case was opened in an emergency, ever: shown on the dashboard."""
    return session.connection().execute(_GLASS, {"headed": list(qps_ids)}).scalar_one()


_COUNTED = (
    select(Case.case_manager_id, func.count().label("cases"))
    .where(OWN, Case.case_manager_id.is_not(None))
    .group_by(Case.case_manager_id)
    .subquery()
)
_LOADS = (
    select(Person.name, _COUNTED.c.cases)
    .join(_COUNTED, Person.id == _COUNTED.c.case_manager_id)
    .order_by(_COUNTED.c.cases.desc(), Person.name)
)


def loads(session: Session, person_id: UUID, qps_ids: Sequence[UUID]) -> list[Load]:
    """Open cases by case manager, the greatest number first."""
    return [Load(*row) for row in session.connection().execute(_LOADS, asking(person_id, qps_ids))]


def periods(session: Session, qps_ids: Sequence[UUID], now: datetime) -> list[Period]:
    """Acting heads and duty case managers, present and coming."""
    today = civil_date(now)
    rows = session.execute(
        select(Appointment, Person.name)
        .join(Person, Appointment.person_id == Person.id)
        .where(
            Appointment.qps_id.in_(qps_ids),
            Appointment.office.in_(("acting_head", "duty_case_manager")),
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .order_by(Appointment.office, Appointment.from_on, Person.name)
    )
    return [Period(row[0], row[1]) for row in rows]
