"""The Table adopts the draft in a meeting (A5.1.3, A13); from then on the version stands."""

import hashlib
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Assessment, Case, CaseRisk
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound, OutOfOrder, RuleRefused
from tmr_app.members.models import Person
from tmr_app.plans import sending
from tmr_app.plans.commenting import open_objections
from tmr_app.plans.drafting import locked_draft, note
from tmr_app.plans.editing import data_of, said
from tmr_app.plans.meetings_of_case import MeetingOfCase, adopting_meetings, meetings_of
from tmr_app.plans.models import Action, Objective, PlanVersion
from tmr_app.plans.queries import ActionNow, actions_of, live_seats, objectives_of
from tmr_app.regulation import articles
from tmr_app.regulation.facts_procedure import ActionFacts, PlanFacts
from tmr_app.regulation.facts_table import BestInterestFacts
from tmr_app.regulation.verdicts import Message, Verdict


def check(session: Session, now: datetime, *, case: Case, draft: PlanVersion) -> list[Verdict]:
    """What the rules say of this draft if it were adopted now: A13.1, A13.2, A5.1.3, A6.1.6, and A7 for each action."""
    today = civil_date(now)
    in_meeting = bool(adopting_meetings(session, case.id))
    facts = facts_of(session, now, case=case, version=draft, adopted_on=today, in_meeting=in_meeting)
    verdicts = [
        articles.a13_1_plan_on_risk(facts, today),
        articles.a13_2_plan_complete(facts, today),
        articles.a5_1_3_planned_jointly(facts, today),
        articles.a6_1_6_plan_drafted_together(replace(facts, adopted_in_meeting=True), today),
        _best_interest(session, case, draft.best_interest, today),
    ]
    return verdicts + [articles.a7_within_mandate(one, today) for one in facts.actions if one.objection]


def _best_interest(session: Session, case: Case, stated: str, today: date) -> Verdict:
    """The plan states how the child's best interest is served (A5.1.1)."""
    risks = list(session.scalars(select(CaseRisk).where(CaseRisk.case_id == case.id)))
    facts = BestInterestFacts(
        frozenset(one.risk for one in risks),
        frozenset(one.risk for one in risks if one.other_text_enc is not None),
        plan_states_it=bool(stated.strip()),
    )
    return articles.a5_1_1_best_interest(facts, today)


def adopt(
    session: Session, actor: Person, now: datetime, *, case: Case, meeting_id: UUID, revisions: int
) -> PlanVersion:
    """Freeze the draft as the Table's plan and send it to the members.

    `revisions` is the sum of all revisions its page showed: whoever adopts has seen what is adopted. Raises RuleRefused
    with every article that stands against it, OutOfOrder without a meeting that runs (or was just held) or when something
    was written since, NotFound for a meeting of another case.
    """
    draft = locked_draft(session, case.id)
    meeting = _meeting(session, case, meeting_id)
    if revisions != count_revisions(session, draft):
        raise OutOfOrder(
            Message("The draft was changed while this page was open: look at it again, then adopt it."), "A13"
        )
    refused = hindrances(session, now, case=case, draft=draft)
    if refused:
        raise RuleRefused(*refused, case_id=case.id)
    draft.status, draft.adopted_at, draft.adopted_by_id = "adopted", now, actor.id
    draft.adopted_on, draft.meeting_id = meeting.on, meeting.id
    session.flush()
    draft.sha256 = fingerprint(session, draft)
    if case.phase in ("assessment", "plan"):
        case.phase = "implementation"
    note(session, "plan:adopted", draft, "A13")
    sending.send(session, actor, now, case=case, version=draft)
    session.flush()
    return draft


def hindrances(session: Session, now: datetime, *, case: Case, draft: PlanVersion) -> list[Verdict]:
    """What stands against adopting this draft now, by article."""
    return [one for one in check(session, now, case=case, draft=draft) if _hinders(one)]


def gap_of(one: ActionNow, seated: set[UUID]) -> Message | None:
    """What an action of a draft still lacks, in the rules' own words; None when it is whole (A13.1, A13.2)."""
    facts = action_facts(one, seated)
    plan = PlanFacts((facts,), objectives=1, risk_assessed_on=date.min, adopted_on=date.min)
    for verdict in (
        articles.a13_1_plan_on_risk(plan, date.max),
        articles.a13_2_plan_complete(plan, date.max),
    ):
        if verdict.refuses:
            return verdict.reason
    return None


def _hinders(verdict: Verdict) -> bool:
    """An objection to an action is an open duty in the ledger; before the adoption it must be answered (A7)."""
    return verdict.refuses or verdict.duty == "A7"


def _meeting(session: Session, case: Case, meeting_id: UUID) -> MeetingOfCase:
    if all(one.id != meeting_id for one in meetings_of(session, case.id)):
        raise NotFound("meeting")
    for one in adopting_meetings(session, case.id):
        if one.id == meeting_id:
            return one
    raise OutOfOrder(Message("The plan is adopted in a meeting of the Table that is running."), "A5.1.3")


def facts_of(
    session: Session,
    now: datetime,
    *,
    case: Case,
    version: PlanVersion,
    adopted_on: date | None,
    in_meeting: bool,
) -> PlanFacts:
    """What the rules on plans ask of one version."""
    actions = actions_of(session, case.id, version)
    seated = {seat.id for seat in live_seats(session, case.id, now)}
    objections = {one.action_key: one.text for one in open_objections(session, version)}
    objectives = [one for one in objectives_of(session, version, actions) if one.row.text or one.actions]
    return PlanFacts(
        actions=tuple(action_facts(one, seated, objections.get(one.key, "")) for one in actions),
        objectives=len(objectives),
        risk_assessed_on=assessed_on(session, case.id),
        drafted_on=civil_date(version.drafted_at),
        comments_asked_on=civil_date(version.comments_asked_at) if version.comments_asked_at else None,
        adopted_on=adopted_on,
        adopted_in_meeting=in_meeting,
    )


def action_facts(one: ActionNow, seated: set[UUID], objection: str = "") -> ActionFacts:
    """One action as the rules see it."""
    names = tuple(institution.name for institution in one.institutions)
    return ActionFacts(
        action=one.key,
        serves=one.row.risk or one.row.serves,
        service=one.row.service,
        institutions=names + ((one.row.others,) if one.row.others else ()),
        responsible=one.seat.id if one.seat else None,
        responsible_at_table=one.seat is not None and one.seat.id in seated,
        planned_on=one.row.planned_on,
        review_on=one.row.review_on,
        status=one.status,
        done_on=one.done_on,
        for_family=one.row.for_family,
        objection=objection,
    )


def assessed_on(session: Session, case_id: UUID) -> date | None:
    """When the risk was first assessed: a completed assessment with its level (A13.1)."""
    return session.scalar(
        select(Assessment.made_on)
        .where(
            Assessment.case_id == case_id,
            Assessment.completed_at.is_not(None),
            Assessment.risk_level.is_not(None),
        )
        .order_by(Assessment.made_on)
        .limit(1)
    )


def count_revisions(session: Session, draft: PlanVersion) -> int:
    """One number that rises with every change of the draft: removed rows count too."""
    total = draft.revision
    for model in (Objective, Action):
        found = session.execute(
            select(func.count(), func.coalesce(func.sum(model.revision), 0)).where(
                model.version_id == draft.id
            )
        ).one()
        total += int(found[0]) + int(found[1])
    return total


def fingerprint(session: Session, version: PlanVersion) -> str:
    """SHA-256 over everything the version says, in its order: the same for ever once it is adopted."""
    import rfc8785  # only when a plan is adopted or checked

    actions = actions_of(session, version.case_id, version)
    content: dict[str, Any] = {
        "number": version.number,
        "goal": version.goal,
        "aim": version.aim,
        "best_interest": version.best_interest,
        "changes": version.changes,
        "review_days": version.review_days,
        "objectives": [
            {
                "key": str(objective.row.objective_key),
                "term": objective.row.term,
                "text": objective.row.text,
                "actions": [
                    {
                        "key": str(action.key),
                        **said(data_of(action.row, [one.institution_id for one in action.row.institutions])),
                    }
                    for action in objective.actions
                ],
            }
            for objective in objectives_of(session, version, actions)
        ],
    }
    return hashlib.sha256(b"tryeza:plan-version\x00" + rfc8785.dumps(content)).hexdigest()
