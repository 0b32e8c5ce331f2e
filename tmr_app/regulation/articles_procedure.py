"""Articles 11 to 16 and 19 to 20: assessment, unified plan, monitoring, review. `(facts, today) -> Verdict`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.catalogue import INDICATORS, RISK_LEVELS
from tmr_app.regulation.duties import keeps
from tmr_app.regulation.facts import (
    ActionFacts,
    AnnexFormFacts,
    ComprehensiveFacts,
    ExtraordinaryFacts,
    InformationFacts,
    MonitoringFacts,
    PhaseFacts,
    PlanFacts,
    ReassessmentFacts,
    SuperiorFacts,
    SupervisionFacts,
    WorkFacts,
)
from tmr_app.regulation.judging import at_meeting, dated, met, not_met, open_duty, verdict, waived, worked
from tmr_app.regulation.verdicts import Label, Message, Status, Verdict, WayOut

UNANSWERED = 2
"""After so many requests without an answer the case manager judges whether the member cooperates (A14.3.2)."""
PHASES = ("assessment", "plan", "implementation", "review", "closure")


@keeps("A11")
def a11_phases(facts: PhaseFacts, today: date) -> Verdict:
    """The phase shown rests on what the earlier phases must have left behind."""
    if facts.phase not in PHASES:
        return not_met("A11", Message("The Regulation knows no such phase."))
    if facts.phase != "assessment" and not facts.has_initial_assessment:
        return not_met("A11", Message("There is no assessment yet."))
    if facts.phase in ("implementation", "review") and facts.plan_adopted_on is None:
        return not_met("A11", Message("The plan has not been adopted yet."))
    if facts.closed_on:
        return met("A11", on=facts.closed_on)
    return open_duty("A11", Message("Phase %(number)s of 5.", number=PHASES.index(facts.phase) + 1))


@keeps("A12.1")
def a12_1_information_verified(facts: WorkFacts, today: date) -> Verdict:
    """Each piece of information has a source and is verified or disproved."""
    return worked("A12.1", facts, today)


@keeps("A12.2")
def a12_2_comprehensive_assessment(facts: ComprehensiveFacts, today: date) -> Verdict:
    """After the initial assessment: risk level re-determined, information completed by members."""
    if facts.initial_on is None:
        return open_duty("A12.2", Message("The initial assessment is not made yet."))
    if facts.completed_on is None or facts.completed_on > today:
        return open_duty("A12.2", Message("The comprehensive assessment is not completed yet."))
    if facts.risk_level not in {level.key for level in RISK_LEVELS}:
        return not_met("A12.2", Message("The risk level is not re-determined."))
    if not facts.contributions:
        return not_met("A12.2", Message("No member has added information."))
    return met("A12.2", on=facts.completed_on)


@keeps("A12.3")
def a12_3_five_indicators(facts: ComprehensiveFacts, today: date) -> Verdict:
    """The five indicators always; further ones at will."""
    missing = tuple(Label(one.key) for one in INDICATORS if one.key not in facts.indicators)
    if not missing:
        return met("A12.3", on=facts.completed_on)
    reason = Message("Not assessed: %(indicators)s.", indicators=missing)
    return not_met("A12.3", reason) if facts.completed_on else open_duty("A12.3", reason)


@keeps("A12.4")
def a12_4_recorded_in_form(facts: ComprehensiveFacts, today: date) -> Verdict:
    """The form is made from the data, not before the assessment is complete."""
    if facts.completed_on is None:
        return open_duty("A12.4", Message("The comprehensive assessment is not completed yet."))
    if facts.form_made_on is None or facts.form_made_on < facts.completed_on:
        return open_duty("A12.4", Message("The assessment form is not made from the present data."))
    return met("A12.4", on=facts.form_made_on)


@keeps("A12.5")
def a12_5_assessed_in_time(facts: ComprehensiveFacts, today: date) -> Verdict:
    """By the time limit of the minimum quality standards, where it is set; the opening day is day 0."""
    if facts.limit_days is None:
        return waived("A12.5", Message("The time limit of the quality standards is not set."))
    limit_on = facts.opened_on + timedelta(days=facts.limit_days)
    counted = Message(
        "Opened on %(on)s, and %(days)s calendar days.", on=facts.opened_on, days=facts.limit_days
    )
    return dated("A12.5", limit_on, facts.completed_on, today, counted)


@keeps("A13.1")
def a13_1_plan_on_risk(facts: PlanFacts, today: date) -> Verdict:
    """No plan without an assessed risk; each action names the risk or need it serves."""
    if facts.risk_assessed_on is None:
        assess = WayOut("assess_risk", Message("Assess the risk first."))
        if facts.actions or facts.adopted_on:
            return not_met("A13.1", Message("The plan does not rest on an assessed risk."), assess)
        return open_duty("A13.1", Message("The risk is not assessed yet."), assess)
    if any(not action.serves.strip() for action in facts.actions):
        return not_met("A13.1", Message("An action does not name the risk or need it serves."))
    if facts.adopted_on is None:
        return open_duty("A13.1", Message("The plan has not been adopted yet."))
    if not facts.actions:
        return not_met("A13.1", Message("The plan has no action."))
    return met("A13.1", on=facts.adopted_on)


@keeps("A13.2")
def a13_2_plan_complete(facts: PlanFacts, today: date) -> Verdict:
    """Objectives; per action a responsible member of the Table, a service of an institution, a time limit."""
    if not facts.objectives:
        return _plan_gap(facts, Message("The plan has no objective."))
    for action in facts.actions:
        gap = _action_gap(action)
        if gap:
            return _plan_gap(facts, gap)
    if not facts.actions:
        return _plan_gap(facts, Message("The plan has no action."))
    return met("A13.2", on=facts.adopted_on)


def _action_gap(action: ActionFacts) -> Message | None:
    if action.responsible is None:
        return Message("The action has no responsible member.")
    if not action.responsible_at_table:
        return Message("The responsible member does not sit at the Table.")
    if not (action.service.strip() and action.institutions):
        return Message("An action has no service or no institution.")
    if action.planned_on is None:
        return Message("An action has no time limit.")
    return None


def _plan_gap(facts: PlanFacts, reason: Message) -> Verdict:
    return not_met("A13.2", reason) if facts.adopted_on else open_duty("A13.2", reason)


@keeps("A13.3")
def a13_3_plan_sent(facts: PlanFacts, today: date) -> Verdict:
    """The adopted plan goes to every member of the case."""
    if facts.adopted_on is None:
        return open_duty("A13.3", Message("The plan has not been adopted yet."))
    if facts.sent_to < facts.members or facts.sent_on is None:
        reason = Message("Sent to %(done)s of %(total)s members.", done=facts.sent_to, total=facts.members)
        return open_duty("A13.3", reason)
    return met("A13.3", on=facts.sent_on)


@keeps("A14.1")
def a14_1_plan_monitored(facts: WorkFacts, today: date) -> Verdict:
    """The case manager follows every action of the plan."""
    return worked("A14.1", facts, today)


@keeps("A14.2")
def a14_2_action_carried_out(action: ActionFacts, today: date) -> Verdict:
    """The responsible member carries the action out by its planned date."""
    if action.planned_on is None:
        return open_duty("A14.2", Message("An action has no time limit."))
    done_on = action.done_on if action.status == "done" else None
    update = WayOut("update_action", Message("Update the status of the action, with a note."))
    answer = dated("A14.2", action.planned_on, done_on, today, None, update)
    if action.status == "not_done" and answer.status in (Status.DUE, Status.OVERDUE):
        reason = Message("Reported as not done.")
        return replace(answer, status=Status.NOT_MET, reason=reason)
    return answer


@keeps("A14.3.1")
def a14_3_1_information_asked(facts: InformationFacts, today: date) -> Verdict:
    """The member named in the plan was asked for information and a report; not owed once the action is done."""
    asked_on = _asked_on(facts)
    if asked_on and asked_on <= today:
        return met("A14.3.1", on=asked_on)
    return _done_unasked("A14.3.1", facts) or dated("A14.3.1", facts.due_on, None, today)


def _asked_on(facts: InformationFacts) -> date | None:
    """A plan that reaches its member the day before an action's date, or on it, asks by itself."""
    days = [facts.requested_on] if facts.requested_on else []
    if facts.plan_sent_on and facts.due_on - facts.plan_sent_on <= timedelta(days=1):
        days.append(facts.plan_sent_on)
    return min(days, default=None)


def _done_unasked(duty: str, facts: InformationFacts) -> Verdict | None:
    if facts.done_on is None or _asked_on(facts) is not None:
        return None
    return waived(duty, Message("The action was done before anybody had to ask."))


@keeps("A14.3.2")
def a14_3_2_superior_notified(facts: SuperiorFacts, today: date) -> Verdict:
    """After a missed duty and reminders: the letter, or a written reason why it is no non-cooperation."""
    if facts.letter_on:
        return met("A14.3.2", on=facts.letter_on)
    if facts.done_on or facts.owed_on >= today or facts.reminded < UNANSWERED:
        return waived("A14.3.2", Message("Nothing is missing after two reminders."))
    if facts.is_case_manager:
        return waived("A14.3.2", Message("The action is the case manager's own."))
    if facts.answered_reason.strip() or facts.judged_non_cooperation is False:
        written = facts.answered_reason.strip()
        if not written:
            return not_met("A14.3.2", Message("Write why it is no lack of cooperation."))
        return waived("A14.3.2", Message("Judged to be no lack of cooperation: %(reason)s", reason=written))
    letter = WayOut("write_superior", Message("Write to the superior of the institution."))
    answer = WayOut("give_reason", Message("Write why it is no lack of cooperation."))
    reason = Message("Owed since %(on)s, reminders sent: %(count)s.", on=facts.owed_on, count=facts.reminded)
    return open_duty("A14.3.2", reason, letter, answer)


@keeps("A14.3.3")
def a14_3_3_asked_by_plan_dates(facts: InformationFacts, today: date) -> Verdict:
    """Information is asked for no later than the plan's own time limit."""
    counted = Message("The time limit in the plan.")
    asked = dated("A14.3.3", facts.due_on, _asked_on(facts), today, counted)
    return _done_unasked("A14.3.3", facts) or asked


@keeps("A14.3.4")
def a14_3_4_table_informed(facts: MonitoringFacts, today: date) -> Verdict:
    """The monitoring summary reaches the Table with the pack, at the latest in the meeting."""
    done = facts.summary_sent_on is not None and facts.summary_sent_on <= facts.meeting_on
    missing = Message("The Table has no monitoring summary for this meeting.")
    return at_meeting("A14.3.4", done, facts.held, facts.meeting_on, missing)


@keeps("A14.4")
def a14_4_reassessment_called(facts: ReassessmentFacts, today: date) -> Verdict:
    """The course of the case asks for a meeting; there the risk level is determined again."""
    if facts.noted_on is None:
        return waived("A14.4", Message("Nothing noted asks for a new assessment."))
    if facts.called_on is None or facts.meeting_on is None:
        reason = Message("Owed since %(on)s: no meeting is called.", on=facts.noted_on)
        return open_duty("A14.4", reason, WayOut("call_meeting", Message("Call a meeting.")))
    missing = Message("The risk level is not re-determined.")
    return at_meeting("A14.4", facts.held and facts.risk_redetermined, facts.held, facts.meeting_on, missing)


@keeps("A14.5")
def a14_5_extraordinary(facts: ExtraordinaryFacts, today: date) -> Verdict:
    """A right for risk cases: the risk is stated, the head of services is told the same day."""
    if not facts.risk_case:
        return not_met("A14.5", Message("Extraordinary meetings are for cases with risk."))
    if not facts.risk_stated.strip():
        return not_met("A14.5", Message("An extraordinary meeting needs its risk in writing (A14.5)."))
    if facts.called_on is None:
        return open_duty("A14.5", Message("The head of services is told at once."), due_on=facts.meeting_on)
    return dated("A14.5", facts.called_on, facts.head_told_on, today)


@keeps("A14.6")
def a14_6_form_and_plan_updated(facts: MonitoringFacts, today: date) -> Verdict:
    """The monitoring form is current; a plan changed between meetings is put before the Table."""
    if facts.plan_changed_on and facts.put_before_table_on is None:
        missing = Message("The changed plan is not put before the Table.")
        return at_meeting("A14.6", False, facts.held, facts.meeting_on, missing)
    missing = Message("The monitoring form is not updated.")
    return at_meeting("A14.6", facts.form_updated_on is not None, facts.held, facts.meeting_on, missing)


@keeps("A15")
def a15_review_held(facts: MonitoringFacts, today: date) -> Verdict:
    """Called by the case manager; progress per action and the Table's finding on the child are recorded."""
    if not facts.called_by_case_manager:
        return not_met("A15", Message("Only the case manager calls the meeting."))
    if facts.progress_recorded < facts.actions:
        reason = Message(
            "Progress recorded: %(done)s of %(total)s.", done=facts.progress_recorded, total=facts.actions
        )
        return at_meeting("A15", False, facts.held, facts.meeting_on, reason)
    missing = Message("The finding on the child's well-being is missing.")
    done = facts.held and bool(facts.child_finding.strip())
    return at_meeting("A15", done, facts.held, facts.meeting_on, missing)


@keeps("A16")
def a16_head_monitors(facts: SupervisionFacts, today: date) -> Verdict:
    """The head looks at the work on the plan; a monitoring visit that was found needed is made."""
    if facts.plan_adopted_on is None:
        return waived("A16", Message("No plan has been adopted yet."))
    if facts.visit_needed_on and (facts.visit_made_on is None or facts.visit_made_on < facts.visit_needed_on):
        return open_duty(
            "A16", Message("A monitoring visit is needed since %(on)s.", on=facts.visit_needed_on)
        )
    if facts.monitored_on is None or facts.monitored_on < facts.plan_adopted_on:
        return open_duty("A16", Message("The head of services has not looked at this plan yet."))
    return met("A16", Message("Monitoring visits: %(count)s.", count=facts.visits), facts.monitored_on)


@keeps("A19")
def a19_cooperation(facts: WorkFacts, today: date) -> Verdict:
    """Institutions and organisations beyond the Table that the case works with."""
    return worked("A19", facts, today)


@keeps("A20")
def a20_annex_form(facts: AnnexFormFacts, today: date) -> Verdict:
    """The work form, with every label of Annex 1 in its order, for a meeting of the case."""
    if facts.made_on is None:
        return open_duty("A20", Message("The work form of Annex 1 is not made yet."), due_on=facts.meeting_on)
    if facts.labels != annex_labels("sq"):
        return verdict("A20", Status.NOT_MET, Message("The form differs from Annex 1."))
    return met("A20", on=facts.made_on)
