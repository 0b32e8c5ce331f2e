"""What the head's office shows of the own QPS: exceptions first, then who manages what (A16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases import office_panels
from tmr_app.cases.models import Case
from tmr_app.cases.office_panels import Panel, PanelRow
from tmr_app.cases.table_models import BreakGlass, ConflictFlag, Disclosure, HandOver, Seat
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


def _own(person_id: UUID, qps_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """Cases of these QPS, never one from which this person is excluded."""
    mine = aliased(Seat)
    recused = exists().where(
        mine.case_id == Case.id, mine.person_id == person_id, mine.recused_at.is_not(None)
    )
    return and_(Case.qps_id.in_(qps_ids), Case.status == "open", ~recused)


@office_panels.register
def without_case_manager(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Nobody chairs, or the chair's appointment is over (A4.2)."""
    today = civil_date(now)
    chaired = exists().where(
        Seat.case_id == Case.id,
        Seat.kind == "case_manager",
        Seat.person_id == Case.case_manager_id,
        Seat.ended_at.is_(None),
        Seat.recused_at.is_(None),
        or_(Seat.ends_at.is_(None), Seat.ends_at > now),
        or_(
            Seat.appointment_id.is_(None),
            exists().where(
                Appointment.id == Seat.appointment_id,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            ),
        ),
    )
    rows = session.execute(
        select(Case.id, Case.number)
        .where(_own(person_id, qps_ids), ~chaired)
        .order_by(Case.opened_on, Case.id)
        .limit(LIMIT)
    )
    lines = [PanelRow(number, "table.assign", {"case_id": case_id}) for case_id, number in rows]
    return Panel(Message("Cases without a case manager"), lines, "overdue", 10)


@office_panels.register
def chairs_flagged(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """A conflict of interest of a case manager was pointed out: the head decides (A10.2)."""
    rows = session.execute(
        select(ConflictFlag.id, ConflictFlag.case_id, ConflictFlag.raised_at, Case.number)
        .join(Case, ConflictFlag.case_id == Case.id)
        .join(Seat, ConflictFlag.seat_id == Seat.id)
        .where(
            _own(person_id, qps_ids),
            ConflictFlag.decided_at.is_(None),
            Seat.ended_at.is_(None),
            Seat.recused_at.is_(None),
            or_(
                Seat.kind == "case_manager",
                Seat.person_id == Case.case_manager_id,
                Case.case_manager_id.is_(None),
            ),
        )
        .order_by(ConflictFlag.raised_at)
        .limit(LIMIT)
    )
    lines = [
        PanelRow(number, "table.decide_chair_flag", {"case_id": case_id, "flag_id": flag_id}, at)
        for flag_id, case_id, at, number in rows
    ]
    return Panel(Message("Conflicts of interest to decide"), lines, "due", 20)


@office_panels.register
def hand_overs(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Hand-overs proposed by case managers (A4.2)."""
    rows = session.execute(
        select(HandOver.case_id, HandOver.proposed_at, Case.number)
        .join(Case, HandOver.case_id == Case.id)
        .where(_own(person_id, qps_ids), HandOver.decided_at.is_(None))
        .order_by(HandOver.proposed_at)
        .limit(LIMIT)
    )
    lines = [PanelRow(number, "table.show", {"case_id": case_id}, at) for case_id, at, number in rows]
    return Panel(Message("Hand-overs proposed"), lines, "due", 30)


@office_panels.register
def disclosures(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Disclosures required by law that wait for the head's approval (A18.1)."""
    rows = session.execute(
        select(Disclosure.case_id, Disclosure.proposed_at, Case.number)
        .join(Case, Disclosure.case_id == Case.id)
        .where(_own(person_id, qps_ids), Disclosure.approved_at.is_(None), Disclosure.refused_at.is_(None))
        .order_by(Disclosure.proposed_at)
        .limit(LIMIT)
    )
    lines = [PanelRow(number, "cases.disclosures", {"case_id": case_id}, at) for case_id, at, number in rows]
    return Panel(Message("Disclosures to approve"), lines, "due", 40)


@office_panels.register
def broken_glass(session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime) -> Panel:
    """Emergency openings not reviewed yet; one's own are reviewed by somebody else."""
    rows = session.execute(
        select(BreakGlass.id, BreakGlass.case_id, BreakGlass.opened_at, Case.number)
        .join(Case, BreakGlass.case_id == Case.id)
        .where(_own(person_id, qps_ids), BreakGlass.reviewed_at.is_(None), BreakGlass.person_id != person_id)
        .order_by(BreakGlass.opened_at)
        .limit(LIMIT)
    )
    lines = [
        PanelRow(number, "table.review_glass", {"case_id": case_id, "glass_id": glass_id}, at)
        for glass_id, case_id, at, number in rows
    ]
    return Panel(Message("Emergency openings to review"), lines, "due", 15)


def glass_count(session: Session, qps_ids: Sequence[UUID]) -> int:
    """How often a case was opened in an emergency, ever: shown on the dashboard."""
    return (
        session.scalar(
            select(func.count(BreakGlass.id))
            .join(Case, BreakGlass.case_id == Case.id)
            .where(Case.qps_id.in_(qps_ids))
        )
        or 0
    )


def loads(session: Session, person_id: UUID, qps_ids: Sequence[UUID]) -> list[Load]:
    """Open cases by case manager, the greatest number first."""
    rows = session.execute(
        select(Person.name, func.count(Case.id))
        .join(Case, Case.case_manager_id == Person.id)
        .where(_own(person_id, qps_ids))
        .group_by(Person.id, Person.name)
        .order_by(func.count(Case.id).desc(), Person.name)
    )
    return [Load(name, count) for name, count in rows]


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
