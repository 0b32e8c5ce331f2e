"""Ledger rows of the unified plan and its implementation (A5.1.3, A5.1.4, A6.1.6, A6.1.7, A7, A13, A14.1 to A14.3.3, A19)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight import plan_tables, rows_review
from tmr_app.oversight.bundle_columns import WRITTEN
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.plans import facts as plan_work
from tmr_app.plans.sending import sent_facts
from tmr_app.regulation import articles
from tmr_app.regulation.articles_procedure import UNANSWERED
from tmr_app.regulation.facts import InformationFacts, PlanFacts, SuperiorFacts, WorkFacts
from tmr_app.regulation.facts_procedure import ActionFacts
from tmr_app.regulation.verdicts import Status, Verdict

__all__ = ["plan_tables", "rows_review"]

PLAN = "plans.show"


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that counts: the newest adopted one, else the draft; with its actions."""

    version: Any
    actions: list[Any]
    is_adopted: bool


def standing_of(view: CaseView) -> Standing | None:
    adopted = [one for one in view.plan_versions if one.status == "adopted"]
    chosen = (adopted or list(view.plan_versions))[-1:]
    if not chosen:
        return None
    actions = [one for one in view.plan_actions if one.version_id == chosen[0].id]
    return Standing(chosen[0], actions, bool(adopted))


def _adopted(view: CaseView) -> Standing | None:
    found = standing_of(view)
    return found if found is not None and found.is_adopted else None


def _seated(view: CaseView) -> dict[Any, Any]:
    """Seats at the Table today, by id; those of one meeting apart."""
    return {
        seat.id: seat
        for seat in view.seats
        if seat.ended_at is None and seat.recused_at is None and seat.meeting_id is None and seat.appointed
    }


def _action_facts(view: CaseView, one: Any, seated: dict[Any, Any]) -> ActionFacts:
    """What is done stays done when its member leaves later."""
    mark = {True: WRITTEN, False: ""}
    objected = any(
        row.action_key == one.action_key and row.version_id == one.version_id and row.seat_id == one.seat_id
        for row in view.plan_objections
    )
    return ActionFacts(
        action=one.action_key,
        serves=mark[bool(one.serves)],
        service=mark[bool(one.service)],
        institutions=(WRITTEN,) if one.institution else (),
        responsible=one.seat_id,
        responsible_at_table=one.seat_id in seated or one.status == "done",
        planned_on=one.planned_on,
        status=one.status,
        done_on=one.done_on,
        objection=mark[objected],
    )


def plan_facts(view: CaseView) -> PlanFacts:
    """The version that counts, as the rules on plans see it."""
    assessed = [one.made_on for one in view.assessments if one.completed_at is not None and one.risk_level]
    found = standing_of(view)
    facts = PlanFacts(risk_assessed_on=min(assessed, default=None))
    if found is None:
        return facts
    version, seated = found.version, _seated(view)
    return replace(
        facts,
        actions=tuple(_action_facts(view, one, seated) for one in found.actions),
        objectives=version.objectives,
        drafted_on=civil_date(version.drafted_at),
        comments_asked_on=civil_date(version.comments_asked_at) if version.comments_asked_at else None,
        adopted_on=version.adopted_on,
        adopted_in_meeting=version.meeting_id is not None,
    )


def _of_paper(view: CaseView, duty: str) -> Verdict | None:
    """A plan adopted before the take-over from paper, as long as none was adopted here."""
    on = next((one.plan_adopted_on for one in view.paper_plans if one.plan_adopted_on), None)
    if on is None or _adopted(view) is not None:
        return None
    return view.before_take_over(duty, on)


def _plan_row(view: CaseView, duty: str, verdict: Verdict) -> Row:
    found = _adopted(view)
    met_at = found.version.adopted_at if found and duty != "A13.3" else None
    return view.row(_of_paper(view, duty) or verdict, endpoint=PLAN, met_at=met_at)


@builds("A5.1.3")
def planned_jointly(view: CaseView) -> Iterator[Row]:
    """One plan, adopted in a meeting of the Table."""
    yield _plan_row(view, "A5.1.3", articles.a5_1_3_planned_jointly(plan_facts(view), view.today))


@builds("A6.1.6")
def drafted_together(view: CaseView) -> Iterator[Row]:
    """Draft, comments asked, adoption."""
    yield _plan_row(view, "A6.1.6", articles.a6_1_6_plan_drafted_together(plan_facts(view), view.today))


@builds("A13.1")
def plan_on_risk(view: CaseView) -> Iterator[Row]:
    """On an assessed risk, each action for a risk or a need."""
    yield _plan_row(view, "A13.1", articles.a13_1_plan_on_risk(plan_facts(view), view.today))


@builds("A13.2")
def plan_complete(view: CaseView) -> Iterator[Row]:
    """Objectives, members of the Table, services, dates."""
    yield _plan_row(view, "A13.2", articles.a13_2_plan_complete(plan_facts(view), view.today))


@builds("A13.3")
def plan_sent(view: CaseView) -> Iterator[Row]:
    """The version in force reached every member."""
    found = _adopted(view)
    facts = PlanFacts()
    if found is not None:
        reached = {
            row.seat_id: row.reached_at for row in view.plan_sendings if row.version_id == found.version.id
        }
        facts = sent_facts(found.version, set(_seated(view)), reached)
    yield _plan_row(view, "A13.3", articles.a13_3_plan_sent(facts, view.today))


def _work(view: CaseView, actions: list[Any]) -> WorkFacts:
    return plan_work.work_of(actions, view.today)


@builds("A5.1.4")
def services_coordinated(view: CaseView) -> Iterator[Row]:
    """The services of the coordination table."""
    found = _adopted(view)
    if found is not None:
        facts = _work(view, [one for one in found.actions if one.service])
        yield view.row(articles.a5_1_4_services_coordinated(facts, view.today), endpoint=PLAN)


@builds("A6.1.7")
def implementation_supervised(view: CaseView) -> Iterator[Row]:
    found = _adopted(view)
    if found is not None:
        facts = _work(view, found.actions)
        yield view.row(articles.a6_1_7_implementation_supervised(facts, view.today), endpoint=PLAN)


@builds("A14.1")
def plan_monitored(view: CaseView) -> Iterator[Row]:
    found = _adopted(view)
    if found is not None:
        facts = _work(view, found.actions)
        yield view.row(articles.a14_1_plan_monitored(facts, view.today), endpoint=PLAN)


@builds("A19")
def cooperation(view: CaseView) -> Iterator[Row]:
    """Services by institutions and organisations that do not sit at the Table, where the plan has any."""
    found = _adopted(view)
    outside = [one for one in found.actions if one.outside] if found else []
    if outside:
        yield view.row(articles.a19_cooperation(_work(view, outside), view.today), endpoint=PLAN)


@builds("A7")
def within_mandate(view: CaseView) -> Iterator[Row]:
    """One row per action a member objects to; else one that says nobody does."""
    found = standing_of(view)
    if found is None or not found.actions:
        return
    seated = _seated(view)
    verdicts = [
        (articles.a7_within_mandate(_action_facts(view, one, seated), view.today), one)
        for one in found.actions
        if one.seat_id is not None
    ]
    open_ones = [(verdict, one) for verdict, one in verdicts if verdict.reason is not None]
    for verdict, one in open_ones or verdicts[:1]:
        yield view.row(verdict, subject=_kind(view, one.seat_id) if open_ones else None, endpoint=PLAN)


def _kind(view: CaseView, seat_id: Any) -> str | None:
    return next((seat.kind for seat in view.seats if seat.id == seat_id), None)


def _holder(view: CaseView, seat_id: Any) -> Any:
    return next((seat.person_id for seat in view.seats if seat.id == seat_id), None)


@builds("A14.2")
def actions_carried_out(view: CaseView) -> Iterator[Row]:
    """One row per action of the plan in force, of its member."""
    found = _adopted(view)
    for one in found.actions if found else ():
        facts = _action_facts(view, one, {})
        verdict = articles.a14_2_action_carried_out(facts, view.today)
        yield view.row(
            verdict,
            subject=_kind(view, one.seat_id),
            person_id=_holder(view, one.seat_id),
            endpoint=PLAN,
        )


def _information(view: CaseView) -> Iterator[tuple[Any, InformationFacts]]:
    """Each action whose member was to be asked."""
    found = _adopted(view)
    for one in found.actions if found else ():
        if one.planned_on is None:
            continue
        asked = [
            row.requested_on
            for row in view.plan_requests
            if row.action_key == one.action_key and row.planned_on == one.planned_on
        ]
        adopted_on: date = found.version.adopted_on  # type: ignore[union-attr]
        yield one, plan_work.information_of(one, one.planned_on, adopted_on, asked)


@builds("A14.3.1")
def information_asked(view: CaseView) -> Iterator[Row]:
    for one, facts in _information(view):
        verdict = articles.a14_3_1_information_asked(facts, view.today)
        yield view.row(verdict, subject=_kind(view, one.seat_id), endpoint=PLAN)


@builds("A14.3.3")
def asked_by_plan_dates(view: CaseView) -> Iterator[Row]:
    for one, facts in _information(view):
        verdict = articles.a14_3_3_asked_by_plan_dates(facts, view.today)
        yield view.row(verdict, subject=_kind(view, one.seat_id), endpoint=PLAN)


@builds("A14.3.2")
def superior_notified(view: CaseView) -> Iterator[Row]:
    """One row per action whose member did not answer two requests, and per letter or reason."""
    found, seen = _adopted(view), set()
    for one in view.plan_notices:
        seen.add((one.about_key, one.owed_on, one.seat_id))
        is_letter = one.deed == "letter"
        facts = SuperiorFacts(
            one.owed_on,
            reminded=UNANSWERED,
            letter_on=civil_date(one.decided_at) if is_letter else None,
            answered_reason="" if is_letter else WRITTEN,
        )
        yield _superior_row(view, facts, one.seat_id, one.decided_at if is_letter else None)
    for one in found.actions if found else ():
        if one.planned_on is None or (one.action_key, one.planned_on, one.seat_id) in seen:
            continue
        kind = _kind(view, one.seat_id)
        facts = plan_work.silence_of(one.planned_on, kind, _silence(view, one), one.done_on)
        owed = articles.a14_3_2_superior_notified(facts, view.today).status is Status.DUE
        if owed and one.seat_id in _seated(view):
            yield _superior_row(view, facts, one.seat_id)


def _silence(view: CaseView, one: Any) -> int:
    """How many requests to the member responsible now no update followed."""
    return sum(
        row.action_key == one.action_key
        and row.planned_on == one.planned_on
        and row.seat_id == one.seat_id
        and (one.updated_at is None or row.requested_at > one.updated_at)
        for row in view.plan_requests
    )


def _superior_row(view: CaseView, facts: SuperiorFacts, seat_id: Any, met_at: Any = None) -> Row:
    verdict = articles.a14_3_2_superior_notified(facts, view.today)
    return view.row(verdict, subject=_kind(view, seat_id), met_at=met_at, endpoint="plans.cooperation")
