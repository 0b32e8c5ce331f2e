"""One person's standings in many cases at once: the same order of strength as `standing_loader`, in three statements."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import CaseStanding, Standing
from tmr_app.cases.models import Case
from tmr_app.cases.standing_loader import HEADS, OF_OWN_SEAT, OwnSeat, granted, running_appointments
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, DeclarationText

AT_THE_DOOR = (CaseStanding.UNDECLARED, CaseStanding.UNANSWERED)


def headed_qps(session: Session, person_id: UUID, now: datetime) -> tuple[UUID, ...]:
    """The centres this person heads (or acts for) today."""
    running = running_appointments(session, person_id, now)
    return tuple(sorted({one.qps_id for one in running if one.office in HEADS and one.qps_id is not None}))


def live_seat(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    """A lasting seat of this person that runs now: not ended, not recused, in its time, its appointment running."""
    return and_(Seat.person_id == person_id, seat_runs(now))


def seat_runs(now: datetime) -> ColumnElement[bool]:
    """The same, whoever holds it."""
    return _runs(now, civil_date(now))


def _runs(now: Any, today: Any) -> ColumnElement[bool]:
    appointed = exists().where(
        Appointment.id == Seat.appointment_id,
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    return and_(
        Seat.ended_at.is_(None),
        Seat.recused_at.is_(None),
        Seat.meeting_id.is_(None),
        or_(Seat.ends_at.is_(None), Seat.ends_at > now),
        or_(Seat.appointment_id.is_(None), appointed),
    )


SEAT_RUNS = _runs(bindparam("now"), bindparam("today"))
"""Whoever holds it: the same with parameters, for statements that are built once."""
LIVE_SEAT = and_(Seat.person_id == bindparam("person_id"), SEAT_RUNS)


def newest_text() -> Select[UUID]:
    """The id of the declaration's newest text (A18.2)."""
    return (
        select(DeclarationText.id)
        .where(DeclarationText.kind == "case")
        .order_by(DeclarationText.version.desc())
        .limit(1)
    )


def standings_of(
    session: Session, person_id: UUID, cases: Sequence[Case], now: datetime, headed: Iterable[UUID]
) -> dict[UUID, CaseStanding]:
    """The standing in each of these cases (break-glass apart: it opens one case by its own address)."""
    ids = [case.id for case in cases]
    seats = _seats(session, person_id, ids)
    declared = _declared(session, person_id, ids)
    heads = set(headed)
    return {
        case.id: _strongest(
            case, person_id, seats.get(case.id, []), case.id in declared, case.qps_id in heads, now
        )
        for case in cases
    }


def is_readable(standing: CaseStanding) -> bool:
    """Whether this standing may see the parties' names in a list."""
    return may(Standing(case=standing), Permission.CASE_READ)


_PERSON: BindParameter[UUID] = bindparam("person_id")
_CASES: BindParameter[Any] = bindparam("case_ids", expanding=True)
_SEATS = (
    select(*OF_OWN_SEAT)
    .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
    .where(Seat.person_id == _PERSON, Seat.case_id.in_(_CASES))
    .order_by(Seat.seated_at.desc())
)
_DECLARED = select(Declaration.case_id).where(
    Declaration.person_id == _PERSON,
    Declaration.case_id.in_(_CASES),
    Declaration.text_id == newest_text().scalar_subquery(),
)


def _seats(session: Session, person_id: UUID, ids: list[UUID]) -> dict[UUID, list[OwnSeat]]:
    session.flush()
    rows: Any = session.connection().execute(_SEATS, {"person_id": person_id, "case_ids": ids})
    found: dict[UUID, list[OwnSeat]] = {}
    for row in rows:
        seat = OwnSeat(*row)
        found.setdefault(seat.case_id, []).append(seat)
    return found


def _declared(session: Session, person_id: UUID, ids: list[UUID]) -> set[UUID]:
    return set(session.scalars(_DECLARED, {"person_id": person_id, "case_ids": ids}))


def _strongest(
    case: Case,
    person_id: UUID,
    seats: list[OwnSeat],
    declared: bool,
    is_head: bool,
    now: datetime,
) -> CaseStanding:
    if any(seat.recused_at for seat in seats):
        return CaseStanding.RECUSED
    live = [seat for seat in seats if seat.runs(now)]
    if not live:
        if is_head:
            return CaseStanding.HEAD
        return CaseStanding.FORMER if seats else CaseStanding.NONE
    seat = next((one for one in live if one.meeting_id is None), live[0])
    if not declared:
        return CaseStanding.UNDECLARED
    if seat.conflict is None:
        return CaseStanding.UNANSWERED
    return granted(case, seat, person_id)
