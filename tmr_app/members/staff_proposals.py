"""What an institution's superior proposes about own staff, and an administrator's answer (T04, A14.3.2)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.members import appointing, people
from tmr_app.members.models import Appointment, Institution, Person, StaffProposal
from tmr_app.regulation.verdicts import Message

STAFF = ("representative", "substitute")


def led_by(session: Session, person_id: UUID, today: date) -> list[Institution]:
    """The institutions of which this person is the appointed superior today."""
    led = select(Appointment.institution_id).where(
        Appointment.person_id == person_id,
        Appointment.office == "superior",
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    return list(
        session.scalars(
            select(Institution).where(Institution.id.in_(led), Institution.active).order_by(Institution.name)
        )
    )


def staff_of(session: Session, institution_id: UUID, today: date) -> list[Appointment]:
    """Own staff whose appointment is not over, persons loaded."""
    return list(
        session.scalars(
            select(Appointment)
            .join(Person, Appointment.person_id == Person.id)
            .options(joinedload(Appointment.person))
            .where(
                Appointment.institution_id == institution_id,
                Appointment.office.in_(STAFF),
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
            .order_by(Appointment.office, Person.name)
        )
    )


def open_proposals(session: Session, institution_id: UUID | None = None) -> list[StaffProposal]:
    """Proposals without an answer, oldest first, with institution and person loaded."""
    query = (
        select(StaffProposal)
        .options(
            joinedload(StaffProposal.institution),
            selectinload(StaffProposal.appointment).joinedload(Appointment.person),
        )
        .where(StaffProposal.decision.is_(None))
        .order_by(StaffProposal.proposed_at)
    )
    if institution_id is not None:
        query = query.where(StaffProposal.institution_id == institution_id)
    return list(session.scalars(query))


def propose_new(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    institution: Institution,
    office: str,
    name: str,
    function: str | None,
    email: str,
    on: date,
    once_key: str | None = None,
) -> StaffProposal:
    """Propose somebody from `on`. The same submission twice is one proposal. Raises FieldRefused."""
    if office not in STAFF:
        raise FieldRefused("office", Message("Choose an office and what it belongs to."))
    if on < clock.civil_date(now):
        raise FieldRefused("on", Message("This date lies in the past."))
    present = db.made_before(session, StaffProposal, once_key)
    if present is not None:
        return present
    made = StaffProposal(
        institution_id=institution.id,
        deed="new",
        office=office,
        name=name,
        function=function or None,
        email=email.strip().lower(),
        on=on,
        proposed_by_id=actor.id,
        proposed_at=now,
        once_key=once_key,
    )
    session.add(made)
    session.flush()
    _note(session, actor, "staff:proposed", made)
    return made


def propose_end(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    institution: Institution,
    appointment: Appointment,
    on: date,
    once_key: str | None = None,
) -> StaffProposal:
    """Propose the last day of one of the own staff. Raises NotFound for somebody else's, FieldRefused."""
    if appointment.institution_id != institution.id or appointment.office not in STAFF:
        raise NotFound("appointment")
    if on < clock.civil_date(now):
        raise FieldRefused("on", Message("This date lies in the past."))
    if on < appointment.from_on:
        raise FieldRefused("on", Message("The last day lies before the first."))
    present = db.made_before(session, StaffProposal, once_key)
    if present is not None:
        return present
    made = StaffProposal(
        institution_id=institution.id,
        deed="end",
        appointment_id=appointment.id,
        on=on,
        proposed_by_id=actor.id,
        proposed_at=now,
        once_key=once_key,
    )
    session.add(made)
    session.flush()
    _note(session, actor, "staff:proposed", made)
    return made


def confirm(session: Session, actor: Person, now: datetime, *, proposal: StaffProposal) -> Appointment | None:
    """Do what was proposed: appoint (registering the person when unknown) or end. Raises FieldRefused, OutOfOrder."""
    _decide(session, actor, now, proposal, "confirmed")
    if proposal.deed == "end":
        if proposal.appointment_id is None:
            raise NotFound("appointment")
        appointment = session.get_one(Appointment, proposal.appointment_id)
        if appointment.to_on is None or appointment.to_on > proposal.on:
            appointing.end_appointment(session, actor, now, appointment=appointment, to_on=proposal.on)
        return appointment
    person = people.by_email(session, proposal.email or "")
    if person is None:
        person = people.register_person(
            session,
            actor,
            now,
            name=proposal.name or "",
            email=proposal.email or "",
            function=proposal.function,
        )
    return appointing.appoint(
        session,
        actor,
        now,
        person=person,
        office=proposal.office or "",
        from_on=max(proposal.on, clock.civil_date(now)),
        institution_id=proposal.institution_id,
    )


def decline(session: Session, actor: Person, now: datetime, *, proposal: StaffProposal) -> None:
    _decide(session, actor, now, proposal, "declined")


def _decide(session: Session, actor: Person, now: datetime, proposal: StaffProposal, decision: str) -> None:
    session.refresh(proposal, with_for_update=True)
    if proposal.decision is not None:
        raise OutOfOrder(Message("This proposal was answered already."))
    proposal.decision, proposal.decided_by_id, proposal.decided_at = decision, actor.id, now
    _note(session, actor, f"staff:{decision}", proposal)


def _note(session: Session, actor: Person, tag: str, proposal: StaffProposal) -> None:
    audit.note(session, tag, object_type="staff_proposal", object_id=proposal.id, actor_id=actor.id)
