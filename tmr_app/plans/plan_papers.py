"""The plan and the letter to a superior on paper: values from stored rows; offered on the case's page of documents."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases import paper_values, papers
from tmr_app.cases.models import Case
from tmr_app.cases.papers import Offer, Reader
from tmr_app.documents import plan as plan_paper
from tmr_app.documents import superior_letter
from tmr_app.documents.content import Document, Language
from tmr_app.documents.plan import UnifiedPlanValues
from tmr_app.documents.superior_letter import OwedValues, SuperiorLetterValues
from tmr_app.documents.texts import translate
from tmr_app.documents.values import ActionValues, ObjectiveValues, OfficeValues, PersonValues
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Municipality, Qps
from tmr_app.plans.models import PlanVersion, SuperiorNotice
from tmr_app.plans.queries import ActionNow, actions_of, draft_of, objectives_of, versions_of
from tmr_app.regulation.articles import next_review_on
from tmr_app.regulation.catalogue import label, language
from tmr_app.regulation.facts_table import ReviewFacts
from tmr_app.regulation.verdicts import Message

TERMS = {
    "short": Message("Short term: %(objective)s"),
    "medium": Message("Medium term: %(objective)s"),
    "long": Message("Long term: %(objective)s"),
}
OWED = Message("Information on an action given to the member in the plan (Article 14, paragraph 3.1)")


def values_of(
    session: Session,
    case: Case,
    version: PlanVersion,
    spoken: Language | None = None,
    *,
    actions: Sequence[ActionNow] | None = None,
) -> UnifiedPlanValues:
    """Everything the paper prints: of a draft as it stands, of an adopted version with the latest status of each action.

    `actions`: those of this version, when the caller has read them.
    """
    chosen: Language = spoken or language(case.language)  # type: ignore[assignment]
    actions = actions_of(session, case.id, version) if actions is None else actions
    objectives = objectives_of(session, version, actions)
    return UnifiedPlanValues(
        case=replace(paper_values.case_values(session, case), language=chosen),
        child=paper_values.child_values(session, case, chosen),
        version=version.number,
        made_on=version.adopted_on or civil_date(version.edited_at),
        objectives=tuple(
            ObjectiveValues(
                goal=translate(Message(TERMS[one.row.term].msgid, objective=one.row.text), chosen),
                actions=tuple(_action(action, chosen) for action in one.actions),
            )
            for one in objectives
        ),
        adopted_on=version.adopted_on,
        next_review_on=_next_review(version),
        goal=version.goal,
        aim=version.aim,
        best_interest=version.best_interest,
        changes=version.changes,
    )


def _next_review(version: PlanVersion) -> date | None:
    if version.adopted_on is None:
        return None
    facts = ReviewFacts(version.adopted_on, interval_days=version.review_days)
    return next_review_on(facts, version.adopted_on)


def _action(one: ActionNow, spoken: Language) -> ActionValues:
    row = one.row
    names = [institution.name for institution in one.institutions] + ([row.others] if row.others else [])
    serves = [label(row.risk, spoken)] if row.risk else []
    told = one.update.note if one.update else ""
    return ActionValues(
        measure=row.measure,
        service=row.service,
        institutions="; ".join(names),
        member=one.person.name if one.person else "",
        planned_on=row.planned_on,
        status=one.status,
        review_on=row.review_on,
        notes="\n".join(part for part in (row.notes, told) if part),
        serves="; ".join(serves + ([row.serves] if row.serves else [])),
    )


@papers.source
def of_the_plan(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """Each adopted version, and the draft. Two statements."""
    for one in versions_of(session, case.id):
        title = Message("Unified individual plan, version %(number)s", number=one.number)
        yield Offer("unified-plan", papers.key_of(one.id), title, one.adopted_on)
    draft = draft_of(session, case.id)
    if draft is not None:
        title = Message("Unified individual plan, draft")
        yield Offer("unified-plan", papers.key_of(draft.id), title, civil_date(draft.edited_at))


@papers.kind("unified-plan", Permission.PLAN_READ)
def unified_plan_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """One version. Raises NotFound for another case's."""
    version = session.scalar(
        select(PlanVersion).where(PlanVersion.id == papers.ids(key)[0], PlanVersion.case_id == case.id)
    )
    if version is None:
        raise NotFound("plan")
    return plan_paper.build_unified(values_of(session, case, version, reader.language))


def office_of(session: Session, notice: SuperiorNotice) -> OfficeValues:
    """The Centre that writes: nothing of the case."""
    row = session.execute(
        select(Qps, Municipality.key)
        .join(Case, Case.qps_id == Qps.id)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(Case.id == notice.case_id)
    ).one()
    return OfficeValues(
        name=row[0].name, municipality=row[1], phone=row[0].phone or "", mail=row[0].reply_address
    )


def letter(session: Session, notice: SuperiorNotice) -> Document:
    """The letter (A14.3.2): the member, what was owed and when, a random reference; nothing of the case."""
    office = office_of(session, notice)
    institution = notice.institution
    return superior_letter.build(
        SuperiorLetterValues(
            language=language(notice.language),  # type: ignore[arg-type]
            office=office,
            sender=paper_values.person_values(notice.decided_by, office.name),
            superior=PersonValues(
                name=(institution.superior_name or "") if institution else "",
                function=(institution.superior_title or "") if institution else "",
                institution=institution.name if institution else "",
            ),
            member=paper_values.person_values(notice.person, institution.name if institution else ""),
            reference=notice.reference,
            owed=tuple(owed_values(notice)),
            issued_on=civil_date(notice.decided_at),
            answer_by_on=notice.answer_by_on,
        )
    )


def owed_values(notice: SuperiorNotice) -> Iterable[OwedValues]:
    """What the letter lists."""
    for one in notice.owed:
        days = tuple(date.fromisoformat(on) for on in one.reminded_on)
        yield OwedValues(what=OWED, due_on=one.owed_on, reminded_on=days)
