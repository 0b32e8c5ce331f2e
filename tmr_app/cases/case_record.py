"""What the pages of one case show: its record, loaded in a fixed number of statements."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import (
    Assessment,
    Case,
    CaseRisk,
    Child,
    LinkedCase,
    Referral,
    Relation,
    RiskLevel,
    TakeOver,
)
from tmr_app.members.models import Institution, Person, Qps
from tmr_app.regulation.articles import PHASES


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case with its parts. `referral` is shown without its reporter to whoever may not read it."""

    case: Case
    child: Child
    referral: Referral | None
    risks: list[CaseRisk]
    relations: list[Relation]
    qps: Qps
    case_manager: Person | None
    assessment: Assessment | None
    take_over: TakeOver | None
    placement: Institution | None

    @property
    def phases(self) -> list[tuple[str, str]]:
        """(phase, done | current | ahead) in the Regulation's order (A11)."""
        here = PHASES.index(self.case.phase) if self.case.phase in PHASES else 0
        closed = self.case.status == "closed"
        return [
            (phase, "done" if closed or place < here else "current" if place == here else "ahead")
            for place, phase in enumerate(PHASES)
        ]


# Built once: the summary is the page everybody opens first.
_CASE: BindParameter[UUID] = bindparam("case_id")
_FIRST_REFERRAL = (
    select(Referral.id).where(Referral.case_id == _CASE).order_by(Referral.created_at).limit(1)
).scalar_subquery()
_LAST_ASSESSMENT = (
    select(Assessment.id)
    .where(Assessment.case_id == _CASE, Assessment.completed_at.is_not(None))
    .order_by(Assessment.completed_at.desc())
    .limit(1)
).scalar_subquery()
_ONE_OF_EACH = (
    select(Child, Institution, Referral, Assessment, Qps, Person, TakeOver)
    .select_from(Case)
    .join(Child, Child.case_id == Case.id)
    .join(Qps, Case.qps_id == Qps.id)
    .outerjoin(Institution, Child.placement_institution_id == Institution.id)
    .outerjoin(Referral, Referral.id == _FIRST_REFERRAL)
    .outerjoin(Assessment, Assessment.id == _LAST_ASSESSMENT)
    .outerjoin(Person, Case.case_manager_id == Person.id)
    .outerjoin(TakeOver, TakeOver.case_id == Case.id)
    .where(Case.id == _CASE)
)
_REFERRAL = select(Referral).where(Referral.case_id == _CASE).order_by(Referral.created_at).limit(1)
_RISKS = select(CaseRisk).where(CaseRisk.case_id == _CASE).order_by(CaseRisk.risk)
_RELATIONS = (
    select(Relation)
    .where(Relation.case_id == _CASE)
    .options(joinedload(Relation.family_member))
    .order_by(Relation.kind, Relation.id)
)
_LINKED = (
    select(Case.id, Case.number)
    .join(LinkedCase, LinkedCase.other_id == Case.id)
    .where(LinkedCase.case_id == _CASE)
    .order_by(Case.number)
)


def load_record(session: Session, case: Case) -> CaseRecord:
    """Everything of the summary page: three statements."""
    found = session.execute(_ONE_OF_EACH, {"case_id": case.id}).one()
    child, placement, referral, assessment, qps, manager, take_over = found
    return CaseRecord(
        case=case,
        child=child,
        referral=referral,
        risks=risks_of(session, case.id),
        relations=relations_of(session, case.id),
        qps=qps,
        case_manager=manager,
        assessment=assessment,
        take_over=take_over,
        placement=placement,
    )


def referral_of(session: Session, case_id: UUID) -> Referral | None:
    return session.scalar(_REFERRAL, {"case_id": case_id})


def risks_of(session: Session, case_id: UUID) -> list[CaseRisk]:
    return list(session.scalars(_RISKS, {"case_id": case_id}))


def relations_of(session: Session, case_id: UUID) -> list[Relation]:
    """The people around the child with their record, in one statement."""
    return list(session.scalars(_RELATIONS, {"case_id": case_id}))


def levels_of(session: Session, case_id: UUID) -> list[tuple[RiskLevel, str]]:
    """The determinations of the level of risk, newest first, with who made them."""
    rows = session.execute(
        select(RiskLevel, Person.name)
        .join(Person, RiskLevel.determined_by_id == Person.id)
        .where(RiskLevel.case_id == case_id)
        .order_by(RiskLevel.determined_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def linked_numbers(session: Session, case_id: UUID) -> list[tuple[UUID, str]]:
    """Linked cases (siblings) by number; each is opened by its own standing."""
    rows = session.execute(_LINKED, {"case_id": case_id})
    return [(row[0], row[1]) for row in rows]


def assessments_of(session: Session, case_id: UUID) -> list[tuple[Assessment, str]]:
    """Every version with who made it, newest first."""
    rows = session.execute(
        select(Assessment, Person.name)
        .join(Person, Assessment.made_by_id == Person.id)
        .where(Assessment.case_id == case_id)
        .order_by(Assessment.created_at.desc())
    )
    return [(row[0], row[1]) for row in rows]


def names_of(session: Session, person_ids: set[UUID]) -> dict[UUID, str]:
    """Official names by id: one statement."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(person_ids)))
    return {row[0]: row[1] for row in rows}


def shelters_of(session: Session, municipality_id: UUID) -> list[tuple[UUID, str]]:
    """Institutions that give shelter or care, of this municipality and of the whole country."""
    rows = session.execute(
        select(Institution.id, Institution.name)
        .where(
            Institution.seat_kind == "shelter_or_foster",
            Institution.active,
            (Institution.municipality_id == municipality_id) | Institution.municipality_id.is_(None),
        )
        .order_by(Institution.name)
    )
    return [(row[0], row[1]) for row in rows]
