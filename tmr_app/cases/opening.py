"""Opening a case from a referral: number, keys, look-up tokens, child, kinds of risk, and its first case manager."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from tmr_app.cases.chairing import appoint_case_manager, appointment_held
from tmr_app.cases.models import (
    Case,
    CaseNumberSeries,
    CaseRisk,
    Child,
    Family,
    LinkedCase,
    Referral,
    Relation,
    RiskLevel,
)
from tmr_app.cases.searching import write_tokens
from tmr_app.kernel import audit, db, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, RuleRefused
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.regulation import articles
from tmr_app.regulation.articles_closing import comes_of_age_on
from tmr_app.regulation.catalogue import RISK_LEVELS
from tmr_app.regulation.facts_procedure import ComprehensiveFacts
from tmr_app.regulation.facts_table import BestInterestFacts
from tmr_app.regulation.verdicts import Message

HEADS = ("head", "acting_head")
FLAGS = {
    "asylum_seeker": "is_asylum_seeker",
    "stateless": "is_stateless",
    "refugee": "is_refugee",
    "migrant": "is_migrant",
    "in_conflict_with_law": "in_conflict_with_law",
    "community_office_concerned": "community_office_concerned",
    "guide_applies": "guide_applies",
}
"""What a case may be marked with, and the column that keeps it; the first four are the statuses of A4.6."""
GENDERS = ("female", "male")
EARLIEST = date(1990, 1, 1)
GUIDE_RISK = "hazardous_work"


@dataclass(frozen=True, slots=True)
class ReferralData:
    """How the case came; `received_on` is a civil date, `reporter` is kept apart from the rest (T19)."""

    received_on: date
    source: str
    facts: str
    reporter: str = ""
    services_before: str = ""


@dataclass(frozen=True, slots=True)
class ChildData:
    """The child's data of Annex 1. `birth_year` is asked only where the date is not known."""

    name: str
    birth_on: date | None = None
    birth_year: int | None = None
    gender: str | None = None
    personal_number: str = ""
    birth_place: str = ""
    residence: str = ""
    ethnicity: str = ""
    health: str = ""
    disability: str = ""
    school: str = ""
    other: str = ""

    @property
    def year(self) -> int | None:
        return self.birth_on.year if self.birth_on else self.birth_year


def open_case(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    qps_id: UUID,
    referral: ReferralData,
    child: ChildData,
    risks: Mapping[str, str],
    flags: frozenset[str] = frozenset(),
    risk_level: str | None = None,
    case_manager_id: UUID | None = None,
    language: str = "sq",
    adult_reason: str = "",
    sibling: Case | None = None,
    once: str | None = None,
) -> Case:
    """Open one child's case. `risks` maps a kind of Annex 1 to its text ("" but for the four "other").

    `case_manager_id` is asked of a head only; a case manager who opens a case manages it. `sibling` links the new case to
    another of the same QPS: they share the family record. A second call with the same `once` gives the first case back.
    Raises RuleRefused (A5.1.1), FieldRefused (dates, age without reason, case manager).
    """
    before = db.made_before(session, Case, once)
    if before is not None:
        vault.unlock(session, [before.id, before.family_id])
        return before
    today = civil_date(now)
    check_risks(risks, today)
    check_child(child, referral.received_on, today, adult_reason)
    qps = session.get_one(Qps, qps_id)
    manager_id = _case_manager(session, actor, qps_id, case_manager_id, now)
    family_id = _family(session, qps_id, sibling, now)
    case = _case(session, now, qps, referral, child, flags, family_id, language, once)
    if child.year and _is_adult(child, today):
        case.adult_reason = adult_reason
    if GUIDE_RISK in risks:
        case.guide_applies = True
    audit.note(session, "case:opened", object_type="case", object_id=case.id, case_id=case.id, rule="A8.1")
    _records(session, actor, now, case, referral, child)
    write_risks(session, case, risks)
    if risk_level:
        determine_level(session, actor, now, case, risk_level, "")
    write_tokens(session, case, child.name, child.year, child.personal_number)
    seat = appoint_case_manager(session, actor, now, case=case, person_id=manager_id)
    if manager_id == actor.id:
        seat.informed_at = now
    if sibling is not None:
        _link(session, case, sibling)
    session.flush()
    return case


def check_risks(risks: Mapping[str, str], today: date) -> None:
    """Raise RuleRefused when the case would carry no kind of risk, or an "other" without its text (A5.1.1)."""
    told = frozenset(key for key, text in risks.items() if text.strip())
    verdict = articles.a5_1_1_best_interest(BestInterestFacts(frozenset(risks), told), today)
    if verdict.refuses:
        raise RuleRefused(verdict)


def check_child(child: ChildData, received_on: date, today: date, adult_reason: str) -> None:
    """Raise FieldRefused for dates that cannot be, and for a grown-up without a reason (A17.3.2, A17.4)."""
    if not child.name.strip():
        raise FieldRefused("name", Message("Write the child's name."))
    if child.birth_on and child.birth_on > today:
        raise FieldRefused("birth_on", Message("The date of birth cannot be in the future."))
    if child.year is None:
        raise FieldRefused("birth_on", Message("Enter the date of birth, or at least the year."))
    if not today.year - 120 <= child.year <= today.year:
        raise FieldRefused(
            "birth_on" if child.birth_on else "birth_year", Message("This year of birth cannot be right.")
        )
    if received_on > today:
        raise FieldRefused("received_on", Message("The referral cannot be dated in the future."))
    if received_on < EARLIEST or (child.birth_on and received_on < child.birth_on):
        raise FieldRefused("received_on", Message("The referral cannot be older than the child."))
    if _is_adult(child, today) and not adult_reason.strip():
        raise FieldRefused(
            "adult_reason",
            Message(
                "This person is 18 or older: a case of the Table closes at 18 (A17.3.2). Give the reason to open it."
            ),
        )


def _is_adult(child: ChildData, today: date) -> bool:
    if child.birth_on:
        return comes_of_age_on(child.birth_on) <= today
    return child.year is not None and today.year - child.year > 18


def is_running(
    session: Session, person_id: UUID, offices: tuple[str, ...], qps_id: UUID, now: datetime
) -> bool:
    """Whether this person holds one of these offices of the QPS on the civil date of `now`."""
    return appointment_held(session, person_id, offices, qps_id, now) is not None


def _case_manager(
    session: Session, actor: Person, qps_id: UUID, named_id: UUID | None, now: datetime
) -> UUID:
    """The head names one of the QPS's case managers; a case manager takes the case on."""
    office = ("case_manager",)
    if named_id is not None and named_id != actor.id:
        if not is_running(session, actor.id, HEADS, qps_id, now):
            raise FieldRefused(
                "case_manager_id", Message("Only the head of services names another case manager.")
            )
        if not is_running(session, named_id, office, qps_id, now):
            raise FieldRefused("case_manager_id", Message("Choose a case manager of this centre."))
        return named_id
    if is_running(session, actor.id, office, qps_id, now):
        return actor.id
    raise FieldRefused("case_manager_id", Message("Choose a case manager of this centre."))


def _family(session: Session, qps_id: UUID, sibling: Case | None, now: datetime) -> UUID:
    if sibling is not None:
        if sibling.qps_id != qps_id:
            raise FieldRefused("qps_id", Message("Linked cases belong to one centre."))
        vault.unlock(session, [sibling.id, sibling.family_id])
        return sibling.family_id
    family = Family(qps_id=qps_id, created_at=now)
    session.add(family)
    vault.create_key(session, family.id, now)
    session.flush()
    return family.id


def _case(
    session: Session,
    now: datetime,
    qps: Qps,
    referral: ReferralData,
    child: ChildData,
    flags: frozenset[str],
    family_id: UUID,
    language: str,
    once: str | None,
) -> Case:
    today = civil_date(now)
    days = session.get_one(Municipality, qps.municipality_id).assessment_days
    owed = articles.a12_5_assessed_in_time(ComprehensiveFacts(today, limit_days=days), today)
    case = Case(
        number=next_number(session, qps, today.year),
        qps_id=qps.id,
        municipality_id=qps.municipality_id,
        family_id=family_id,
        language=language,
        referred_on=referral.received_on,
        opened_on=today,
        birth_year=child.year,
        gender=child.gender,
        next_duty_on=owed.due_on,
        next_duty=owed.duty,
        once_key=once,
        created_at=now,
        **{column: flag in flags for flag, column in FLAGS.items()},
    )
    session.add(case)
    vault.create_key(session, case.id, now)
    session.flush()
    return case


def next_number(session: Session, qps: Qps, year: int) -> str:
    """`PR-2026-0001`: the series row is locked until the unit ends, and rolls back with it."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    counted = (
        insert(CaseNumberSeries)
        .values(qps_id=qps.id, year=year, last=1)
        .on_conflict_do_update(index_elements=["qps_id", "year"], set_={"last": CaseNumberSeries.last + 1})
        .returning(CaseNumberSeries.last)
    )
    number = session.execute(counted).scalar_one()
    return f"{qps.case_prefix}-{year}-{number:04d}"


def _records(
    session: Session, actor: Person, now: datetime, case: Case, referral: ReferralData, child: ChildData
) -> None:
    """The referral, its reporter apart, and the child."""
    session.add(
        Referral(
            case_id=case.id,
            received_on=referral.received_on,
            source=referral.source,
            reporter=referral.reporter,
            facts=referral.facts,
            services_before=referral.services_before,
            received_by_id=actor.id,
            created_at=now,
        )
    )
    session.add(
        Child(
            case_id=case.id,
            birth_date=child.birth_on.isoformat() if child.birth_on else None,
            **{name: getattr(child, name) for name in CHILD_TEXTS},
        )
    )


CHILD_LINES = (
    "personal_number",
    "birth_place",
    "residence",
    "ethnicity",
    "health",
    "disability",
    "school",
    "other",
)
CHILD_TEXTS = ("name", *CHILD_LINES)


def write_risks(session: Session, case: Case, risks: Mapping[str, str]) -> None:
    """The kinds of risk, replacing what stood there; only an "other" keeps a text."""
    for old in session.scalars(select(CaseRisk).where(CaseRisk.case_id == case.id)):
        session.delete(old)
    session.flush()
    for key, text in risks.items():
        session.add(CaseRisk(case_id=case.id, risk=key, other_text=text if key.endswith("_other") else None))


def determine_level(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    level: str,
    reason: str,
    *,
    meeting_id: UUID | None = None,
) -> RiskLevel:
    """A new determination of the level of risk; the earlier ones stay. FieldRefused for an unknown level."""
    if level not in {one.key for one in RISK_LEVELS}:
        raise FieldRefused("risk_level", Message("Choose low, medium or high."))
    row = RiskLevel(
        case_id=case.id,
        level=level,
        determined_at=now,
        determined_by_id=actor.id,
        meeting_id=meeting_id,
        reason=reason,
    )
    session.add(row)
    case.risk_level = level
    audit.note(
        session, "risk:determined", object_type="risk_level", object_id=row.id, case_id=case.id, rule="A12.2"
    )
    return row


def _link(session: Session, case: Case, sibling: Case) -> None:
    """Link both ways to the sibling and to whatever it is linked with; the family's relations come along."""
    others = set(session.scalars(select(LinkedCase.other_id).where(LinkedCase.case_id == sibling.id)))
    for other_id in others | {sibling.id}:
        session.add(LinkedCase(case_id=case.id, other_id=other_id))
        session.add(LinkedCase(case_id=other_id, other_id=case.id))
    for relation in session.scalars(select(Relation).where(Relation.case_id == sibling.id)):
        session.add(
            Relation(
                case_id=case.id,
                family_member_id=relation.family_member_id,
                kind=relation.kind,
                has_parental_care=relation.has_parental_care,
                is_suspected_perpetrator=relation.is_suspected_perpetrator,
                marked_at=relation.marked_at,
                marked_by_id=relation.marked_by_id,
                mark_reason=relation.mark_reason,
            )
        )
