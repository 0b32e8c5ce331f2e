"""Periods of office the head names: acting head, duty case manager (see product.md: decided where the law is silent)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, Forbidden
from tmr_app.members import hooks
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.verdicts import Message

NAMED_BY_HEAD = ("acting_head", "duty_case_manager")


def name_to_office(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    qps_id: UUID,
    office: str,
    person_id: UUID,
    from_on: date,
    to_on: date,
) -> Appointment:
    """Name an acting head or a duty case manager for a period (civil dates, both inclusive).

    Only the head names an acting head; nobody names themselves. Raises Forbidden, FieldRefused.
    """
    if office not in NAMED_BY_HEAD:
        raise BadInput("no such office")
    today = civil_date(now)
    if office == "acting_head" and not _holds(session, actor.id, qps_id, ("head",), today):
        raise Forbidden(Message("Only the head of services names who acts for the head."))
    if from_on < today:
        raise FieldRefused("from_on", Message("The period cannot begin in the past."))
    if to_on < from_on:
        raise FieldRefused("to_on", Message("The last day lies before the first."))
    wanted = (
        ("case_manager",) if office == "duty_case_manager" else ("case_manager", "assistant_case_manager")
    )
    if person_id == actor.id or not _holds(session, person_id, qps_id, wanted, from_on):
        raise FieldRefused(
            "person_id", Message("This person cannot be named: choose a colleague of the Centre.")
        )
    if _overlaps(session, qps_id, office, person_id, from_on, to_on):
        raise FieldRefused("from_on", Message("Somebody is named for these days already."))
    named = Appointment(
        person_id=person_id,
        office=office,
        qps_id=qps_id,
        from_on=from_on,
        to_on=to_on,
        named_by_id=actor.id,
        created_at=now,
    )
    session.add(named)
    session.flush()
    _note(session, f"{office}:named", named, actor)
    return named


def end_office(session: Session, actor: Person, now: datetime, *, named: Appointment) -> None:
    """End the period: from this moment on (yesterday is its last day), or withdraw one that has not begun."""
    if named.office not in NAMED_BY_HEAD:
        raise BadInput("no such office")
    yesterday = civil_date(now) - timedelta(days=1)
    named.to_on = max(yesterday, named.from_on - timedelta(days=1))
    if named.to_on < named.from_on:
        _note(session, f"{named.office}:ended", named, actor)
        session.delete(named)
        return
    hooks.appointment_ended(session, actor, now, named)
    _note(session, f"{named.office}:ended", named, actor)


def _holds(session: Session, person_id: UUID, qps_id: UUID, offices: tuple[str, ...], on: date) -> bool:
    return (
        session.scalar(
            select(Appointment.id)
            .where(
                Appointment.person_id == person_id,
                Appointment.qps_id == qps_id,
                Appointment.office.in_(offices),
                Appointment.from_on <= on,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= on),
            )
            .limit(1)
        )
        is not None
    )


def _overlaps(
    session: Session, qps_id: UUID, office: str, person_id: UUID, from_on: date, to_on: date
) -> bool:
    """One acting head at a time; a person is on duty once for the same days."""
    query = select(Appointment.id).where(
        Appointment.qps_id == qps_id,
        Appointment.office == office,
        Appointment.from_on <= to_on,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= from_on),
    )
    if office == "duty_case_manager":
        query = query.where(Appointment.person_id == person_id)
    return session.scalar(query.limit(1)) is not None


def _note(session: Session, tag: str, named: Appointment, actor: Person) -> None:
    audit.note(session, tag, object_type="appointment", object_id=named.id, rule="A4.2", actor_id=actor.id)
