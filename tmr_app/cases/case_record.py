"""What the pages of one case show: its record, loaded in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import (
    Assessment,
    Case,
    CaseRisk,
    Child,
    FamilyMember,
    LinkedCase,
    Referral,
    Relation,
    RiskLevel,
    TakeOver,
)
from tmr_app.kernel import db
from tmr_app.members.models import Institution, Person, Qps
from tmr_app.regulation.articles import PHASES


class Kin(NamedTuple):
    """Somebody of the family, by what they are to the child."""

    kind: str
    is_suspected_perpetrator: bool
    family_member: FamilyMember


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One case with its parts. `referral` is shown without its reporter to whoever may not read it."""

    case: Case
    child: Child
    referral: Referral | None
    risks: list[CaseRisk]
    relations: list[Kin]
    centre: str
    case_manager: str
    taken_over_on: date | None
    placement: str

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
_CHILD, _REFERRED = Child.__table__.c, Referral.__table__.c
_ONE_OF_EACH = (
    select(Qps.name, Person.name, TakeOver.taken_over_on, Institution.name, *_CHILD, *_REFERRED)
    .select_from(Case)
    .join(Child, Child.case_id == Case.id)
    .join(Qps, Case.qps_id == Qps.id)
    .outerjoin(Institution, Child.placement_institution_id == Institution.id)
    .outerjoin(Referral, Referral.id == _FIRST_REFERRAL)
    .outerjoin(Person, Case.case_manager_id == Person.id)
    .outerjoin(TakeOver, TakeOver.case_id == Case.id)
    .where(Case.id == _CASE)
)
_REFERRAL = select(Referral).where(Referral.case_id == _CASE).order_by(Referral.created_at).limit(1)
_RISKS = select(CaseRisk).where(CaseRisk.case_id == _CASE).order_by(CaseRisk.risk)
_RISK_ROWS = _RISKS.with_only_columns(*CaseRisk.__table__.c)
_RELATIONS = (
    select(Relation)
    .where(Relation.case_id == _CASE)
    .options(joinedload(Relation.family_member))
    .order_by(Relation.kind, Relation.id)
)
_KIN = (
    select(Relation.kind, Relation.is_suspected_perpetrator, *FamilyMember.__table__.c)
    .join(FamilyMember, FamilyMember.id == Relation.family_member_id)
    .where(Relation.case_id == _CASE)
    .order_by(Relation.kind, Relation.id)
)
_LINKED = (
    select(Case.id, Case.number)
    .join(LinkedCase, LinkedCase.other_id == Case.id)
    .where(LinkedCase.case_id == _CASE)
    .order_by(Case.number)
)


def load_record(session: Session, case: Case) -> CaseRecord:
    """Everything of the summary page: three statements, past the object layer, as nothing is changed there."""
    session.flush()
    unit, values = session.connection(), {"case_id": case.id}
    found: Any = unit.execute(_ONE_OF_EACH, values).one()
    centre, manager, taken_over_on, placement, *parts = found
    child, referral = parts[: len(_CHILD)], parts[len(_CHILD) :]
    risks: Any = unit.execute(_RISK_ROWS, values)
    kin: Any = unit.execute(_KIN, values)
    return CaseRecord(
        case=case,
        child=db.shown(Child, child),
        referral=db.shown(Referral, referral) if referral[0] is not None else None,
        risks=[db.shown(CaseRisk, row) for row in risks],
        relations=[Kin(kind, suspected, db.shown(FamilyMember, member)) for kind, suspected, *member in kin],
        centre=centre,
        case_manager=manager or "",
        taken_over_on=taken_over_on,
        placement=placement or "",
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
    rows = session.connection().execute(_LINKED, {"case_id": case_id})
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
