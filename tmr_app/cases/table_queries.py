"""What the Table's pages show: seats, proposals with reasons, the roster, participants, open questions."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Assessment, Case, CaseRisk, Child, FamilyMember, Relation
from tmr_app.cases.seat_checks import ROSTERED_KINDS
from tmr_app.cases.standing_loader import is_running
from tmr_app.cases.table_models import (
    AddressGrant,
    CaseManagerTerm,
    ConflictFlag,
    Declaration,
    HandOver,
    Participant,
    Seat,
)
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, DeclarationText, Institution, Person
from tmr_app.regulation.articles import (
    a4_3_proposed_seats,
    a4_3_seats_chosen_by_needs,
    a4_6_representatives_added,
)
from tmr_app.regulation.catalogue import SEATS
from tmr_app.regulation.facts import ChildFacts, CompositionFacts, SeatFacts, StatusFacts
from tmr_app.regulation.verdicts import Message, Verdict

_PLACE = {seat.key: number for number, seat in enumerate(SEATS)}


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One seat with whose it is. `state`: live, undeclared, unanswered, recused, ended."""

    seat: Seat
    person: Person
    institution: Institution | None
    state: str
    sees_address: bool = False

    @property
    def is_live(self) -> bool:
        return self.state in ("live", "undeclared", "unanswered")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A kind of seat proposed from the case's facts (A4.3), and whether it is filled or can be."""

    kind: str
    reason: Message
    filled: bool
    rostered: int


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    participant: Participant
    name: str
    declared: bool


@dataclass(frozen=True, slots=True)
class FlagRow:
    flag: ConflictFlag
    name: str
    chairs: bool


@dataclass(frozen=True, slots=True)
class TableView:
    """Everything the page of the Table shows."""

    seats: list[SeatRow]
    proposals: list[Proposal]
    composition: Verdict
    asylum: Verdict
    participants: list[ParticipantRow]
    flags: list[FlagRow] = field(default_factory=list)
    hand_over: HandOver | None = None

    @property
    def live(self) -> list[SeatRow]:
        return [row for row in self.seats if row.is_live]

    @property
    def gone(self) -> list[SeatRow]:
        return [row for row in self.seats if not row.is_live]


def table_view(session: Session, case: Case, now: datetime, *, decides: bool) -> TableView:
    """The Table of one case; its keys are unlocked. `decides`: the reader chairs or heads, and sees what waits."""
    today = civil_date(now)
    declared, declared_relations = _declared(session, case.id)
    seats = seat_rows(session, case, now, declared)
    rostered = roster_counts(session, case, today)
    facts = child_facts(session, case)
    lasting = [row.seat for row in seats if row.is_live and row.seat.meeting_id is None]
    kinds = frozenset(seat.kind for seat in lasting)
    proposals = [
        Proposal(kind, reason, kind in kinds, rostered[kind])
        for kind, reason in a4_3_proposed_seats(facts, today)
    ]
    chosen = tuple(
        SeatFacts(seat.id, seat.kind, reason=seat.reason) for seat in lasting if seat.kind != "case_manager"
    )
    return TableView(
        seats,
        proposals,
        a4_3_seats_chosen_by_needs(CompositionFacts(chosen, _assessed_on(session, case.id)), today),
        a4_6_representatives_added(StatusFacts(case.flags(), kinds), today),
        participants(session, case.id, declared_relations),
        open_flags(session, case) if decides else [],
        _proposal(session, case.id) if decides else None,
    )


def seat_rows(session: Session, case: Case, now: datetime, declared: set[UUID]) -> list[SeatRow]:
    """All seats that ever were, in the order of Article 4."""
    granted = exists().where(
        AddressGrant.case_id == case.id,
        AddressGrant.person_id == Seat.person_id,
        AddressGrant.revoked_at.is_(None),
    )
    rows = session.execute(
        select(Seat, Person, Institution, Appointment, granted)
        .join(Person, Seat.person_id == Person.id)
        .outerjoin(Institution, Seat.institution_id == Institution.id)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .where(Seat.case_id == case.id)
        .order_by(Seat.seated_at, Seat.id)
    )
    found = [
        SeatRow(seat, person, institution, _state(seat, appointment, declared, now), sees_address=sees)
        for seat, person, institution, appointment, sees in rows
    ]
    return sorted(found, key=lambda row: (_PLACE[row.seat.kind], row.seat.seated_at))


def _state(seat: Seat, appointment: Appointment | None, declared: set[UUID], now: datetime) -> str:
    if seat.recused_at is not None:
        return "recused"
    if not is_running(seat, appointment, now):
        return "ended"
    if seat.person_id not in declared:
        return "undeclared"
    return "unanswered" if seat.conflict is None else "live"


def _declared(session: Session, case_id: UUID) -> tuple[set[UUID], set[UUID | None]]:
    """People, and relations (None: the child), who signed the newest text for this case."""
    newest = (
        select(DeclarationText.id)
        .where(DeclarationText.kind == "case")
        .order_by(DeclarationText.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.scalars(
        select(Declaration).where(Declaration.case_id == case_id, Declaration.text_id == newest)
    ).all()
    people = {row.person_id for row in rows if row.person_id is not None}
    return people, {row.relation_id for row in rows if row.person_id is None}


def child_facts(session: Session, case: Case) -> ChildFacts:
    """What is known of the child when seats are proposed; the case's keys are unlocked."""
    child = session.scalar(select(Child).where(Child.case_id == case.id))
    risks = session.scalars(select(CaseRisk.risk).where(CaseRisk.case_id == case.id)).all()
    return ChildFacts(
        birth_on=date.fromisoformat(child.birth_date) if child and child.birth_date else None,
        birth_year=case.birth_year,
        risk_kinds=frozenset(risks),
        statuses=case.flags(),
        in_school=bool(child and child.school),
        health_concern=bool(child and child.health),
        disability=bool(child and child.disability),
        conflict_with_law=case.in_conflict_with_law,
        minority_community=case.community_office_concerned,
        placed=case.is_placed,
    )


def proposed_reason(session: Session, case: Case, kind: str, today: date) -> Message | None:
    """Why the facts propose this kind of seat (A4.3); None when they do not. The case's keys are unlocked."""
    return dict(a4_3_proposed_seats(child_facts(session, case), today)).get(kind)


def _assessed_on(session: Session, case_id: UUID) -> date | None:
    return session.scalar(
        select(Assessment.made_on)
        .where(Assessment.case_id == case_id, Assessment.completed_at.is_not(None))
        .order_by(Assessment.made_on.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Rostered:
    """Somebody who may be chosen for a kind of seat."""

    person: Person
    institution: Institution | None
    office: str


def roster(session: Session, case: Case, kind: str, today: date) -> list[Rostered]:
    """Who may be seated for this kind: this municipality's representatives, then those of the whole country."""
    query = (
        select(Person, Institution, Appointment)
        .join(Appointment, Appointment.person_id == Person.id)
        .outerjoin(Institution, Appointment.institution_id == Institution.id)
        .where(Appointment.from_on <= today, or_(Appointment.to_on.is_(None), Appointment.to_on >= today))
    )
    if kind == "assistant_case_manager":
        query = query.where(Appointment.office == kind, Appointment.qps_id == case.qps_id)
    else:
        query = query.where(
            Institution.seat_kind == kind,
            Institution.active.is_(True),
            Appointment.office.in_(("representative", "substitute")),
            or_(Institution.municipality_id == case.municipality_id, Institution.municipality_id.is_(None)),
        )
    found: dict[UUID, Rostered] = {}
    rows = session.execute(
        query.order_by(
            Institution.municipality_id.is_(None), Institution.name, Appointment.office, Person.name
        )
    )
    for person, institution, appointment in rows:
        found.setdefault(person.id, Rostered(person, institution, appointment.office))
    return list(found.values())


def roster_counts(session: Session, case: Case, today: date) -> Counter[str]:
    """How many people could be chosen for each kind of seat."""
    rows = session.execute(
        select(Institution.seat_kind, Appointment.office, Appointment.person_id)
        .select_from(Appointment)
        .outerjoin(Institution, Appointment.institution_id == Institution.id)
        .where(
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            or_(
                Institution.active.is_(True)
                & Appointment.office.in_(("representative", "substitute"))
                & (
                    (Institution.municipality_id == case.municipality_id)
                    | Institution.municipality_id.is_(None)
                ),
                (Appointment.office == "assistant_case_manager") & (Appointment.qps_id == case.qps_id),
            ),
        )
        .distinct()
    )
    people = {(kind or "assistant_case_manager", person_id) for kind, _office, person_id in rows}
    return Counter(
        kind for kind, _person in people if kind in ROSTERED_KINDS or kind == "assistant_case_manager"
    )


def participants(
    session: Session, case_id: UUID, declared: set[UUID | None] | None = None
) -> list[ParticipantRow]:
    """Those who take part without account, with their names (the child's name is the first)."""
    rows = session.execute(
        select(Participant, FamilyMember)
        .outerjoin(Relation, Participant.relation_id == Relation.id)
        .outerjoin(FamilyMember, Relation.family_member_id == FamilyMember.id)
        .where(Participant.case_id == case_id, Participant.withdrawn_at.is_(None))
        .order_by(Participant.added_at)
    ).all()
    signed = declared or set()
    return [
        ParticipantRow(one, member.name if member is not None else "", one.relation_id in signed)
        for one, member in rows
    ]


@dataclass(frozen=True, slots=True)
class Party:
    """A person of the case by name, as the conflict question shows it, and as a participant may be chosen."""

    name: str
    relation: Relation | None = None


def parties(session: Session, case: Case) -> list[Party]:
    """The child and the people around it, names only (T02)."""
    child = session.scalar(select(Child).where(Child.case_id == case.id))
    found = [Party(child.name)] if child and child.name else []
    rows = session.execute(
        select(Relation, FamilyMember)
        .join(FamilyMember, Relation.family_member_id == FamilyMember.id)
        .where(Relation.case_id == case.id)
        .order_by(FamilyMember.created_at, FamilyMember.id)
    )
    return found + [Party(member.name, relation) for relation, member in rows]


def open_flags(session: Session, case: Case) -> list[FlagRow]:
    """Conflicts pointed out and not decided yet."""
    rows = session.execute(
        select(ConflictFlag, Person.name, Seat)
        .join(Seat, ConflictFlag.seat_id == Seat.id)
        .join(Person, Seat.person_id == Person.id)
        .where(
            ConflictFlag.case_id == case.id,
            ConflictFlag.decided_at.is_(None),
            Seat.recused_at.is_(None),
            Seat.ended_at.is_(None),
        )
        .order_by(ConflictFlag.raised_at)
    )
    return [
        FlagRow(flag, name, seat.kind == "case_manager" or seat.person_id == case.case_manager_id)
        for flag, name, seat in rows
    ]


def seat_in_case(session: Session, case_id: UUID, seat_id: UUID) -> SeatRow | None:
    """One seat of this case with its person; the state is live, recused or ended only."""
    row = session.execute(
        select(Seat, Person, Institution)
        .join(Person, Seat.person_id == Person.id)
        .outerjoin(Institution, Seat.institution_id == Institution.id)
        .where(Seat.case_id == case_id, Seat.id == seat_id)
    ).first()
    if row is None:
        return None
    seat = row[0]
    return SeatRow(
        seat, row[1], row[2], "live" if seat.is_live else "recused" if seat.recused_at else "ended"
    )


def case_managers(session: Session, qps_id: UUID, today: date, office: str = "case_manager") -> list[Person]:
    """People who hold this office of the QPS today, by name."""
    return list(
        session.scalars(
            select(Person)
            .where(
                Person.id.in_(
                    select(Appointment.person_id).where(
                        Appointment.qps_id == qps_id,
                        Appointment.office == office,
                        Appointment.from_on <= today,
                        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
                    )
                )
            )
            .order_by(Person.name, Person.id)
        )
    )


def terms(session: Session, case_id: UUID) -> list[tuple[CaseManagerTerm, str]]:
    """Who chaired, newest first, with the name."""
    rows = session.execute(
        select(CaseManagerTerm, Person.name)
        .join(Person, CaseManagerTerm.person_id == Person.id)
        .where(CaseManagerTerm.case_id == case_id)
        .order_by(CaseManagerTerm.from_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def _proposal(session: Session, case_id: UUID) -> HandOver | None:
    return session.scalar(
        select(HandOver)
        .options(joinedload(HandOver.person))
        .where(HandOver.case_id == case_id, HandOver.decided_at.is_(None))
        .order_by(HandOver.proposed_at.desc())
        .limit(1)
    )
