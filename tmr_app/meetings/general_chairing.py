"""Who chairs a municipality's general meetings and compiles its report: a case manager the head names (A8.2).

The Regulation is silent: there is no case and so no case manager of one. We read that the head of services names a case
manager of the own Centre, one per municipality at a time.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import Appointment, Person, Qps
from tmr_app.members.roster import running_on
from tmr_app.regulation.verdicts import Message

OFFICE = "general_chair"


def chair_of(session: Session, municipality_id: UUID, on: date) -> Person | None:
    """The person named for this municipality on that day; the one named last, where two overlap."""
    found = session.scalar(
        select(Appointment)
        .where(
            Appointment.office == OFFICE,
            Appointment.municipality_id == municipality_id,
            *running_on(on),
        )
        .options(joinedload(Appointment.person))
        .order_by(Appointment.from_on.desc(), Appointment.created_at.desc())
        .limit(1)
    )
    return found.person if found else None


def candidates(session: Session, municipality_id: UUID, on: date) -> list[Person]:
    """The case managers of the municipality's Centres on that day, by name."""
    return list(
        session.scalars(
            select(Person)
            .where(
                Person.id.in_(
                    select(Appointment.person_id)
                    .join(Qps, Qps.id == Appointment.qps_id)
                    .where(
                        Qps.municipality_id == municipality_id,
                        Appointment.office == "case_manager",
                        *running_on(on),
                    )
                )
            )
            .order_by(Person.name)
        )
    )


def name_chair(
    session: Session, actor: Person, now: datetime, *, municipality_id: UUID, person_id: UUID
) -> Appointment:
    """Name the chair from today on; who was named before leaves the office with yesterday. The same person twice: no change.

    Raises FieldRefused for somebody who is no case manager of the municipality's Centre.
    """
    today = civil_date(now)
    if person_id not in {one.id for one in candidates(session, municipality_id, today)}:
        raise FieldRefused("person", Message("Choose a case manager of the Centre."))
    present = list(
        session.scalars(
            select(Appointment)
            .where(
                Appointment.office == OFFICE,
                Appointment.municipality_id == municipality_id,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
            .with_for_update()
        )
    )
    for one in present:
        if one.person_id == person_id and one.from_on <= today:
            return one
    for one in present:
        _end(session, one, today)
    named = Appointment(
        person_id=person_id,
        office=OFFICE,
        municipality_id=municipality_id,
        from_on=today,
        named_by_id=actor.id,
        created_at=now,
    )
    session.add(named)
    session.flush()
    audit.note(
        session,
        "general-chair:named",
        object_type="appointment",
        object_id=named.id,
        rule="A8.2",
        actor_id=actor.id,
        changes={"person": person_id},
    )
    return named


def _end(session: Session, one: Appointment, today: date) -> None:
    yesterday = today - timedelta(days=1)
    if one.from_on > yesterday:  # named today or for later: it never ran
        session.delete(one)
    else:
        one.to_on, one.ended_reason = yesterday, "replaced"
