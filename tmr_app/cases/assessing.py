"""The assessment in versions (five indicators of A12.3 and further ones) and the initial individual plan.

`initial` is the case manager's, `comprehensive` the Table's after it (A12.2).

An assessment being written is saved in place, two writers never overwrite each other; a completed one stands for ever,
and what comes later is a new version.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tmr_app.cases.models import Assessment, Case, CaseRisk, Finding, InitialPlan
from tmr_app.cases.opening import determine_level
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, OutOfOrder, RuleRefused, Stale
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation import articles
from tmr_app.regulation.catalogue import INDICATORS, RISK_LEVELS
from tmr_app.regulation.facts_procedure import ComprehensiveFacts
from tmr_app.regulation.facts_table import BestInterestFacts
from tmr_app.regulation.verdicts import Message, Verdict

INITIAL = "initial"
COMPREHENSIVE = "comprehensive"
KINDS = (INITIAL, COMPREHENSIVE)
OTHER = "other"
FIVE = tuple(one.key for one in INDICATORS)
LEVELS = frozenset(one.key for one in RISK_LEVELS)


@dataclass(frozen=True, slots=True)
class FindingData:
    """What was found for one indicator, the level of risk in it, and where it comes from."""

    indicator: str
    findings: str = ""
    level: str | None = None
    source: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class AssessmentData:
    """A version of the assessment as written. `best_interest` says how the child's best interest is served (A5.1.1)."""

    summary: str
    best_interest: str
    risk_level: str | None
    findings: Sequence[FindingData]

    def texts(self) -> dict[str, str]:
        """Every text by a name that a form's field has too, for showing two versions side by side."""
        found = {"summary": self.summary, "best_interest": self.best_interest}
        return found | {f"{one.indicator}-findings": one.findings for one in self.findings if not one.title}


@dataclass(frozen=True, slots=True)
class PlanData:
    """The QPS's initial individual plan (A6.1.5)."""

    goal: str
    services: str
    measures: str


def newest_assessment(session: Session, case_id: UUID, kind: str = INITIAL) -> Assessment | None:
    """The newest version of this kind with its findings, completed or not."""
    return session.scalar(
        select(Assessment)
        .where(Assessment.case_id == case_id, Assessment.kind == kind)
        .options(selectinload(Assessment.findings))
        .order_by(Assessment.version.desc())
        .limit(1)
    )


def find_assessment(session: Session, case_id: UUID, assessment_id: UUID) -> Assessment | None:
    """One completed version of this case with its findings."""
    return session.scalar(
        select(Assessment)
        .where(
            Assessment.id == assessment_id,
            Assessment.case_id == case_id,
            Assessment.completed_at.is_not(None),
        )
        .options(selectinload(Assessment.findings))
    )


def newest_plan(session: Session, case_id: UUID) -> InitialPlan | None:
    return session.scalar(
        select(InitialPlan)
        .where(InitialPlan.case_id == case_id)
        .order_by(InitialPlan.version.desc())
        .limit(1)
    )


def save_assessment(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    data: AssessmentData,
    revision: int,
    complete: bool = False,
    kind: str = INITIAL,
) -> Assessment:
    """Save what was written. `revision` is that of the draft shown, 0 when there was none (or only completed ones).

    Raises Stale when somebody saved meanwhile, OutOfOrder for the Table's before the case manager's, RuleRefused when it is
    completed without one of the five indicators, the level of risk or the best interest (A12.2, A12.3, A5.1.1).
    """
    _check_choices(data)
    if kind == COMPREHENSIVE:
        require_initial(session, case.id)
    newest = newest_assessment(session, case.id, kind)
    draft = newest if newest is not None and newest.completed_at is None else None
    if revision != (draft.revision if draft else 0):
        theirs = as_data(newest).texts() if newest else {}
        raise Stale(mine=data.texts(), theirs=theirs, version=draft.revision if draft else 0)
    if complete:
        _check_complete(session, case, data, civil_date(now), kind)
    if draft is None:
        draft = _new_version(session, actor, now, case, kind, newest)
    _write(session, draft, actor, now, data)
    if complete:
        _complete(session, actor, now, case, draft)
    audit.note(
        session,
        "assessment:completed" if complete else "assessment:saved",
        object_type="assessment",
        object_id=draft.id,
        case_id=case.id,
        rule="A12.3",
    )
    session.flush()
    return draft


def _new_version(
    session: Session, actor: Person, now: datetime, case: Case, kind: str, newest: Assessment | None
) -> Assessment:
    draft = Assessment(
        case_id=case.id,
        kind=kind,
        version=newest.version + 1 if newest else 1,
        made_on=civil_date(now),
        made_by_id=actor.id,
        revision=0,
        created_at=now,
    )
    session.add(draft)
    session.flush()
    return draft


def require_initial(session: Session, case_id: UUID) -> None:
    """OutOfOrder unless an initial assessment is completed: the Table goes on from it (A12.2)."""
    done = select(Assessment.id).where(
        Assessment.case_id == case_id, Assessment.kind == INITIAL, Assessment.completed_at.is_not(None)
    )
    if session.scalar(done.limit(1)) is None:
        raise OutOfOrder(
            Message("Complete the initial assessment first: the Table goes on from it."), "A12.2"
        )


def open_version(session: Session, actor: Person, now: datetime, *, case: Case, kind: str) -> Assessment:
    """A new version to write on from the newest, or the one being written already (A5.1.2)."""
    newest = newest_assessment(session, case.id, kind)
    if newest is not None and newest.completed_at is None:
        return newest
    draft = _new_version(session, actor, now, case, kind, newest)
    if newest is not None:
        _write(session, draft, actor, now, as_data(newest))
    audit.note(
        session,
        "assessment:opened",
        object_type="assessment",
        object_id=draft.id,
        case_id=case.id,
        rule="A5.1.2",
    )
    return draft


def _check_choices(data: AssessmentData) -> None:
    known = {*FIVE, OTHER}
    levels = {one.level for one in data.findings if one.level} | (
        {data.risk_level} if data.risk_level else set()
    )
    if any(one.indicator not in known for one in data.findings) or levels - LEVELS:
        raise BadInput("unknown indicator or level")


def _check_complete(session: Session, case: Case, data: AssessmentData, today: date, kind: str) -> None:
    """Ask the rules before a version is completed. That no member has contributed is shown in the ledger, it stops nobody."""
    found = frozenset(one.indicator for one in data.findings if one.findings.strip() and one.level)
    facts = ComprehensiveFacts(
        case.opened_on,
        initial_on=case.opened_on,
        completed_on=today,
        risk_level=data.risk_level or "",
        contributions=1,
        indicators=found,
    )
    asked = [articles.a12_3_five_indicators(facts, today)]
    if kind == COMPREHENSIVE:
        asked.append(articles.a12_2_comprehensive_assessment(facts, today))
    risks = list(session.scalars(select(CaseRisk).where(CaseRisk.case_id == case.id)))
    interest = articles.a5_1_1_best_interest(
        BestInterestFacts(
            frozenset(risk.risk for risk in risks),
            frozenset(risk.risk for risk in risks if risk.other_text),
            plan_states_it=bool(data.best_interest.strip()),
        ),
        today,
    )
    refused = [verdict for verdict in (*asked, interest) if verdict.refuses]
    if refused:
        raise RuleRefused(*refused)


def _write(session: Session, draft: Assessment, actor: Person, now: datetime, data: AssessmentData) -> None:
    draft.summary, draft.best_interest, draft.risk_level = data.summary, data.best_interest, data.risk_level
    draft.made_on, draft.made_by_id = civil_date(now), actor.id
    draft.revision += 1
    for old in session.scalars(select(Finding).where(Finding.assessment_id == draft.id)):
        session.delete(old)
    session.flush()
    for position, one in enumerate(data.findings):
        session.add(
            Finding(
                case_id=draft.case_id,
                assessment_id=draft.id,
                position=position,
                indicator=one.indicator,
                level=one.level,
                title=one.title,
                findings=one.findings,
                source=one.source,
            )
        )


def _complete(session: Session, actor: Person, now: datetime, case: Case, draft: Assessment) -> None:
    draft.completed_at = now
    redetermined = draft.kind == COMPREHENSIVE or draft.risk_level != case.risk_level
    if draft.risk_level and redetermined:
        determine_level(session, actor, now, case, draft.risk_level, draft.summary[:2000])


def as_data(assessment: Assessment) -> AssessmentData:
    """The stored version in the shape it is written in (keys unlocked, findings loaded)."""
    return AssessmentData(
        summary=assessment.summary,
        best_interest=assessment.best_interest,
        risk_level=assessment.risk_level,
        findings=[
            FindingData(one.indicator, one.findings, one.level, one.source, one.title)
            for one in assessment.findings
        ],
    )


def save_initial_plan(
    session: Session, actor: Person, now: datetime, *, case: Case, data: PlanData, version: int
) -> InitialPlan:
    """A new version of the initial plan; `version` is the newest one shown (0: none). Raises Stale."""
    newest = newest_plan(session, case.id)
    if version != (newest.version if newest else 0):
        theirs = {name: getattr(newest, name) for name in ("goal", "services", "measures")} if newest else {}
        mine = {"goal": data.goal, "services": data.services, "measures": data.measures}
        raise Stale(mine=mine, theirs=theirs, version=newest.version if newest else 0)
    plan = InitialPlan(
        case_id=case.id,
        version=version + 1,
        made_on=civil_date(now),
        made_by_id=actor.id,
        created_at=now,
        goal=data.goal,
        services=data.services,
        measures=data.measures,
    )
    session.add(plan)
    audit.note(
        session,
        "initial_plan:saved",
        object_type="initial_plan",
        object_id=plan.id,
        case_id=case.id,
        rule="A6.1.5",
    )
    session.flush()
    return plan


def deadline(session: Session, case: Case, today: date) -> Verdict:
    """A12.5: the Table's assessment by the municipality's limit, counted from the opening or the take-over."""
    days = session.scalar(select(Municipality.assessment_days).where(Municipality.id == case.municipality_id))
    first = session.scalar(
        select(func.min(Assessment.completed_at)).where(
            Assessment.case_id == case.id,
            Assessment.kind == COMPREHENSIVE,
            Assessment.completed_at.is_not(None),
        )
    )
    facts = ComprehensiveFacts(
        case.taken_over_on or case.opened_on,
        completed_on=civil_date(first) if first else None,
        limit_days=days,
    )
    return articles.a12_5_assessed_in_time(facts, today)
