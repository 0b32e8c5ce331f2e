"""Which seats give this person something to see outside a case: own and live, never in a case they are recused from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_
from sqlalchemy.orm import aliased

from tmr_app.cases.own_standings import newest_text
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment


def held_by(person_id: UUID, now: datetime) -> ColumnElement[bool]:
    """A live seat of this person, a guest's or substitute's too: in its time, its appointment running, nobody recused."""
    return _held(person_id, now, civil_date(now))


def _held(person_id: Any, now: Any, today: Any) -> ColumnElement[bool]:
    other = aliased(Seat)
    appointed = exists().where(
        Appointment.id == Seat.appointment_id,
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    recused = exists().where(
        other.case_id == Seat.case_id, other.person_id == person_id, other.recused_at.is_not(None)
    )
    return and_(
        Seat.person_id == person_id,
        Seat.ended_at.is_(None),
        or_(Seat.ends_at.is_(None), Seat.ends_at > now),
        or_(Seat.appointment_id.is_(None), appointed),
        ~recused,
    )


def has_declared(person_id: Any) -> ColumnElement[bool]:
    """Whether the newest text of the declaration is signed for the seat's case (A18.2)."""
    return exists().where(
        Declaration.case_id == Seat.case_id,
        Declaration.person_id == person_id,
        Declaration.text_id == newest_text().scalar_subquery(),
    )


PERSON: BindParameter[UUID] = bindparam("person_id")
HELD = _held(PERSON, bindparam("now"), bindparam("today"))
DECLARED = has_declared(PERSON)
"""The same with parameters, for statements that are built once; `asking` gives their values."""


def asking(person_id: UUID, now: datetime) -> dict[str, Any]:
    """The values of a statement with `HELD`, `DECLARED` or `PERSON` in it."""
    return {"person_id": person_id, "now": now, "today": civil_date(now)}
