"""To which Centres a case may be transferred (A17.3.3): active ones of other municipalities, with somebody to answer."""

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.standing_loader import HEADS
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import Appointment, Municipality, Qps
from tmr_app.regulation.verdicts import Message


def destinations_of(session: Session, case: Case) -> list[tuple[UUID, str, str]]:
    """(id, municipality's key, name) of the Centres that may be named, by name."""
    rows = session.execute(
        select(Qps.id, Municipality.key, Qps.name)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(Qps.active, Qps.id != case.qps_id, Qps.municipality_id != case.municipality_id)
        .order_by(Qps.name)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def check(session: Session, *, case: Case, to_qps_id: UUID | None, today: date) -> Qps:
    """The Centre named. Raises FieldRefused for none, the same one, an inactive one, one of the same municipality, and one
    without a head of services today.
    """
    found = session.get(Qps, to_qps_id) if to_qps_id else None
    if found is None:
        raise FieldRefused("to_qps_id", Message("Name the Centre that takes the case over."))
    if found.id == case.qps_id:
        raise FieldRefused("to_qps_id", Message("The case is at this Centre already (A17.3.3)."))
    if not found.active:
        raise FieldRefused("to_qps_id", Message("This Centre is not active."))
    if found.municipality_id == case.municipality_id:
        raise FieldRefused(
            "to_qps_id",
            Message("This Centre is in the same municipality: the child has not moved (A17.3.3)."),
        )
    if not has_head(session, found.id, today):
        raise FieldRefused(
            "to_qps_id", Message("This Centre has no head of services today: nobody could answer.")
        )
    return found


def has_head(session: Session, qps_id: UUID, today: date) -> bool:
    head = select(Appointment.id).where(
        Appointment.qps_id == qps_id,
        Appointment.office.in_(HEADS),
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    return session.scalar(head.limit(1)) is not None
