"""Who may be given a seat: asked before every seat, whatever its kind (A4.1, A4.5, A10.2; B10 to B12)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, FamilyMember, Relation
from tmr_app.cases.standing_loader import is_running
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, RuleRefused
from tmr_app.kernel.text import fold
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.regulation.articles import a4_1_seat_may_be_added, a4_5_may_take_part, a10_2_may_take_part
from tmr_app.regulation.catalogue import MEMBER_KINDS
from tmr_app.regulation.facts import CompositionFacts, PersonFacts, SeatFacts
from tmr_app.regulation.verdicts import Message

ROSTERED_KINDS = MEMBER_KINDS - {"case_manager", "assistant_case_manager", "other_professional"}
"""Kinds of seat filled from the roster of institutions."""


def refuse_unseatable(
    session: Session,
    case: Case,
    person: Person,
    kind: str,
    reason: str,
    now: datetime,
    *,
    field: str = "person_id",
    meeting_id: UUID | None = None,
    substitute: bool = False,
    same_name_checked: bool = False,
) -> None:
    """Raise RuleRefused for a recused person (A10.2, B12), a taken seat (A4.1), the name of a person marked as
    perpetrator (A4.5) unless checked; FieldRefused when already seated (B10) or without a reason (A4.3).
    """
    today = civil_date(now)
    rows = session.execute(
        select(Seat, Appointment)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .where(Seat.case_id == case.id)
    ).all()
    recused = [seat.recused_at for seat, _ in rows if seat.person_id == person.id and seat.recused_at]
    facts = PersonFacts(person.id, recused_on=civil_date(min(recused)) if recused else None)
    verdict = a10_2_may_take_part(facts, today)
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    running = [seat for seat, appointment in rows if is_running(seat, appointment, now)]
    if any(seat.person_id == person.id and seat.meeting_id in (None, meeting_id) for seat in running):
        raise FieldRefused(field, Message("This person is already seated at this Table."))
    if not (reason.strip() or substitute):
        raise FieldRefused("reason", Message("Write why this person is needed at the Table (A4.3)."))
    if meeting_id is None:
        present = CompositionFacts(tuple(_facts(seat) for seat in running if seat.meeting_id is None))
        verdict = a4_1_seat_may_be_added(SeatFacts(person.id, kind), present, today)
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=case.id)
    if not same_name_checked and bears_marked_name(session, case, person.name):
        marked = a4_5_may_take_part(PersonFacts(person.id, perpetrator=True), today)
        raise RuleRefused(
            marked.because(
                Message(
                    "A person of this name is marked as a perpetrator of violence in the case. Check who it is."
                )
            ),
            case_id=case.id,
        )


def _facts(seat: Seat) -> SeatFacts:
    return SeatFacts(seat.id, seat.kind, person=seat.person_id)


def bears_marked_name(session: Session, case: Case, name: str) -> bool:
    """Whether somebody marked as (suspected) perpetrator in this case has this name, accents and case aside (T18)."""
    vault.unlock(session, [case.family_id])
    marked = session.scalars(
        select(FamilyMember)
        .join(Relation, Relation.family_member_id == FamilyMember.id)
        .where(Relation.case_id == case.id, Relation.is_suspected_perpetrator)
    )
    wanted = sorted(fold(name).split())
    return any(sorted(fold(one.name).split()) == wanted for one in marked)


def person_of(session: Session, person_id: UUID) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound("person")
    return person


def appointment_for(session: Session, case: Case, kind: str, person_id: UUID, now: datetime) -> Appointment:
    """The running appointment this seat rests on. B11: somebody of another municipality comes by A4.4 only."""
    today = civil_date(now)
    rows = session.execute(
        select(Appointment, Institution)
        .outerjoin(Institution, Appointment.institution_id == Institution.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .order_by(Appointment.from_on.desc(), Appointment.id)
    ).all()
    elsewhere = False
    for appointment, institution in rows:
        if kind == "assistant_case_manager":
            fits = appointment.office == kind and appointment.qps_id == case.qps_id
            elsewhere = elsewhere or appointment.office == kind
        else:
            fits = institution is not None and institution.seat_kind == kind
            elsewhere = elsewhere or fits
            fits = fits and institution.municipality_id in (case.municipality_id, None)
            fits = fits and appointment.office in ("representative", "substitute")
        if fits:
            return appointment
    if elsewhere:
        raise FieldRefused(
            "person_id",
            Message(
                "This person is not of this municipality's Table. Invite them as another professional (A4.4)."
            ),
        )
    raise FieldRefused("person_id", Message("This person does not represent such an institution today."))


def rostered_with(
    session: Session, institution_id: UUID | None, person_id: UUID, now: datetime
) -> Appointment | None:
    today = civil_date(now)
    return session.scalar(
        select(Appointment)
        .where(
            Appointment.person_id == person_id,
            Appointment.institution_id == institution_id,
            Appointment.office.in_(("representative", "substitute")),
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .limit(1)
    )
