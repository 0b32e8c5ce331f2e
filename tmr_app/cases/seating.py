"""Giving and ending seats at a case's Table (A4.1 to A4.6, A8.5), each with its reason and its rule."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import seat_checks, table_notifications
from tmr_app.cases.models import Case
from tmr_app.cases.seat_checks import ROSTERED_KINDS
from tmr_app.cases.seat_ending import lock_table, note_seat
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, RuleRefused
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.regulation.articles import (
    a4_4_other_professional,
    a8_5_guest_connected,
)
from tmr_app.regulation.facts import GuestFacts, SeatFacts
from tmr_app.regulation.verdicts import Message


def seat_member(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    kind: str,
    person_id: UUID,
    reason: str,
    once: str | None = None,
    same_name_checked: bool = False,
) -> Seat:
    """Seat a rostered representative of this municipality, or of an institution of the whole country (A4.3).

    Raises RuleRefused (A4.1, A4.5, A10.2), FieldRefused on `person_id` (already seated, of another municipality) or
    `reason`. A second submission with the same `once` gives the first one's seat.
    """
    lock_table(session, case.id)
    made = db.made_before(session, Seat, once)
    if made is not None:
        return made
    if kind not in ROSTERED_KINDS and kind != "assistant_case_manager":
        raise BadInput("no such seat to choose")
    person = seat_checks.person_of(session, person_id)
    appointment = seat_checks.appointment_for(session, case, kind, person.id, now)
    seat_checks.refuse_unseatable(
        session, case, person, kind, reason, now, same_name_checked=same_name_checked
    )
    return _give(
        session,
        actor,
        now,
        case=case,
        kind=kind,
        person=person,
        reason=reason,
        appointment=appointment,
        once=once,
    )


def seat_outside_professional(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    name: str,
    email: str,
    institution_name: str,
    reason: str,
    works_for_child_protection: bool,
    function: str = "",
    language: str = "sq",
    once: str | None = None,
    same_name_checked: bool = False,
) -> Seat:
    """Invite another relevant professional (A4.4): somebody known by this address, or a new person.

    The institution goes to the directory beyond the 14 kinds (A19). The caller invites a new person to an account.
    Raises RuleRefused (A4.4, A4.5, A10.2), FieldRefused on `email`.
    """
    lock_table(session, case.id)
    made = db.made_before(session, Seat, once)
    if made is not None:
        return made
    facts = SeatFacts(
        seat=email,
        kind="other_professional",
        reason=reason,
        institution=institution_name,
        works_for_child_protection=works_for_child_protection,
    )
    verdict = a4_4_other_professional(facts, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    person = session.scalar(select(Person).where(Person.email == email))
    if person is None:
        person = Person(name=name, email=email, function=function or None, language=language, created_at=now)
        session.add(person)
        session.flush()
    seat_checks.refuse_unseatable(
        session,
        case,
        person,
        "other_professional",
        reason,
        now,
        field="email",
        same_name_checked=same_name_checked,
    )
    institution = _outside_institution(session, case, institution_name)
    return _give(
        session,
        actor,
        now,
        case=case,
        kind="other_professional",
        person=person,
        reason=reason,
        institution_id=institution.id,
        once=once,
    )


def seat_guest(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    person: Person,
    institution_id: UUID,
    meeting_id: UUID,
    ends_at: datetime,
    reason: str,
    inform: bool = False,
) -> Seat:
    """A guest's seat for one meeting (A8.5), closed at `ends_at`; the invitation itself is the meeting's.

    Raises RuleRefused (A8.5, A4.5, A10.2), FieldRefused on `person_id` when already seated.
    """
    lock_table(session, case.id)
    institution = session.get(Institution, institution_id)
    facts = GuestFacts(institution=institution.name if institution else "", connection=reason)
    verdict = a8_5_guest_connected(facts, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    seat_checks.refuse_unseatable(session, case, person, "guest", reason, now, meeting_id=meeting_id)
    return _give(
        session,
        actor,
        now,
        case=case,
        kind="guest",
        person=person,
        reason=reason,
        institution_id=institution_id,
        meeting_id=meeting_id,
        ends_at=ends_at,
        inform=inform,
    )


def seat_substitute(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    seat: Seat,
    person: Person,
    meeting_id: UUID,
    ends_at: datetime,
    inform: bool = True,
) -> Seat:
    """Confirm a rostered person of the same institution for one meeting: own seat, declaration and conflict question.

    The member's own duty stays. Raises RuleRefused (A4.5, A10.2), FieldRefused on `person_id`.
    """
    lock_table(session, seat.case_id)
    case = session.get_one(Case, seat.case_id)
    appointment = seat_checks.rostered_with(session, seat.institution_id, person.id, now)
    if appointment is None or person.id == seat.person_id:
        raise FieldRefused(
            "person_id", Message("A substitute is another rostered person of the same institution.")
        )
    seat_checks.refuse_unseatable(
        session, case, person, seat.kind, "", now, meeting_id=meeting_id, substitute=True
    )
    return _give(
        session,
        actor,
        now,
        case=case,
        kind=seat.kind,
        person=person,
        reason="",
        appointment=appointment,
        meeting_id=meeting_id,
        substitute_for_id=seat.id,
        ends_at=ends_at,
        inform=inform,
    )


def _outside_institution(session: Session, case: Case, name: str) -> Institution:
    """The directory entry of an institution beyond the 14 kinds (A19), made when there is none yet."""
    found = session.scalar(
        select(Institution).where(
            Institution.municipality_id == case.municipality_id,
            Institution.seat_kind == "other_professional",
            Institution.name == name.strip(),
        )
    )
    if found is None:
        found = Institution(
            municipality_id=case.municipality_id,
            seat_kind="other_professional",
            name=name.strip(),
            active=True,
        )
        session.add(found)
        session.flush()
    return found


def _give(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    case: Case,
    kind: str,
    person: Person,
    reason: str,
    appointment: Appointment | None = None,
    institution_id: UUID | None = None,
    inform: bool = True,
    once: str | None = None,
    **meeting: UUID | datetime | None,
) -> Seat:
    """Write the seat, tell the person, note it. `meeting`: meeting_id, substitute_for_id, ends_at."""
    seat = Seat(
        case_id=case.id,
        kind=kind,
        person_id=person.id,
        institution_id=appointment.institution_id if appointment else institution_id,
        appointment_id=appointment.id if appointment else None,
        reason=reason.strip(),
        seated_at=now,
        seated_by_id=actor.id if actor else None,
        once_key=once,
        **meeting,
    )
    session.add(seat)
    session.flush()
    if inform:
        table_notifications.seat_given(session, now, seat=seat, person=person)
    note_seat(session, "seat:given", seat, actor, "A4.3")
    return seat
