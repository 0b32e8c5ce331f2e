"""Articles 2 to 7: the Table, its seats, its tasks, its chair. One function per duty: `(facts, today) -> Verdict`."""

from __future__ import annotations

from datetime import date, timedelta

from tmr_app.regulation.catalogue import (
    PLURAL_KINDS,
    RISK_KEYS,
    RISKS_WITH_TEXT,
    SEAT_KINDS_4_6,
    SEATS,
    SEATS_4_1,
    STATUS_KEYS,
)
from tmr_app.regulation.days import add_months
from tmr_app.regulation.duties import keeps
from tmr_app.regulation.facts import (
    ActionFacts,
    AnnualReportFacts,
    AssessmentChangeFacts,
    BestInterestFacts,
    CallFacts,
    ChairedFacts,
    ChairFacts,
    ClosingDecisionFacts,
    CompositionFacts,
    InitialPlanFacts,
    PersonFacts,
    PlanFacts,
    ReviewFacts,
    RosterFacts,
    SeatFacts,
    StandingFacts,
    StatusFacts,
    WorkFacts,
)
from tmr_app.regulation.judging import (
    TO_PRESENT,
    at_meeting,
    dated,
    met,
    not_met,
    open_duty,
    recorded_breach,
    standing,
    verdict,
    waived,
    worked,
)
from tmr_app.regulation.verdicts import Label, Message, Status, Verdict, WayOut


@keeps("A2")
def a2_binds_everyone(facts: StandingFacts, today: date) -> Verdict:
    """Public bodies, organisations, foster families and guests: nobody takes part outside the rules."""
    return standing("A2", facts)


@keeps("A3")
def a3_table_established(facts: RosterFacts, today: date) -> Verdict:
    """The municipality has its Centre, a head of services and a Table established by today."""
    if facts.established_on is None or facts.established_on > today:
        return not_met("A3", Message("The municipality has not established its Table."))
    if not (facts.qps_named and facts.head_named):
        return not_met("A3", Message("The Centre for Social Work or its head of services is not named."))
    return met("A3", on=facts.established_on)


@keeps("A4.1")
def a4_1_seats_filled(facts: RosterFacts, today: date) -> Verdict:
    """Which of the 14 kinds has no representative in the municipality."""
    missing = tuple(Label(seat.key) for seat in SEATS_4_1 if seat.key not in facts.seat_kinds)
    if missing:
        return not_met("A4.1", Message("No representative for: %(seats)s.", seats=missing))
    return met("A4.1")


@keeps("A4.1")
def a4_1_seat_may_be_added(seat: SeatFacts, present: CompositionFacts, today: date) -> Verdict:
    """Only kinds of the catalogue; several persons of one kind only where the text is in the plural."""
    if seat.kind not in {one.key for one in SEATS}:
        return not_met("A4.1", Message("The Regulation knows no such seat."))
    taken = any(one.kind == seat.kind and not _left(one, today) for one in present.seats)
    if taken and seat.kind not in PLURAL_KINDS:
        reason = Message("%(seat)s: the seat is taken, and the text names one.", seat=Label(seat.kind))
        return not_met("A4.1", reason, WayOut("end_seat", Message("End the present seat first.")))
    return met("A4.1")


def _left(seat: SeatFacts, today: date) -> bool:
    return (seat.ended_on is not None and seat.ended_on < today) or seat.recused_on is not None


@keeps("A4.2")
def a4_2_one_case_manager_chairs(facts: ChairFacts, today: date) -> Verdict:
    """Exactly one case manager, appointed by the Centre, on the day (the closing day for a closed case)."""
    on = min(today, facts.closed_on) if facts.closed_on else today
    present = [
        one for one in facts.tenures if one.from_on <= on and (one.until_on is None or one.until_on >= on)
    ]
    appoint = WayOut("appoint", Message("The head of services assigns one case manager."))
    if not present:
        return not_met("A4.2", Message("The case has no case manager."), appoint)
    if len(present) > 1:
        return not_met("A4.2", Message("The case has more than one case manager at a time."), appoint)
    if not present[0].appointed_by_qps:
        return not_met(
            "A4.2", Message("The case manager is not appointed by the Centre for Social Work."), appoint
        )
    return met("A4.2", on=present[0].from_on)


@keeps("A4.3")
def a4_3_seats_chosen_by_needs(facts: CompositionFacts, today: date) -> Verdict:
    """Each seat says why it was chosen, after an assessment of needs."""
    if not facts.seats:
        return open_duty("A4.3", Message("No seat has been chosen yet."))
    if facts.needs_assessed_on is None or facts.needs_assessed_on > today:
        return not_met("A4.3", Message("The needs have not been assessed."))
    without = tuple(Label(one.kind) for one in facts.seats if not one.reason.strip())
    if without:
        return not_met("A4.3", Message("No reason is written for: %(seats)s.", seats=without))
    return met("A4.3", on=facts.needs_assessed_on)


@keeps("A4.4")
def a4_4_other_professional(seat: SeatFacts, today: date) -> Verdict:
    """A professional outside the catalogue: institution, reason, and work for child protection."""
    if seat.kind != "other_professional":
        return waived("A4.4", Message("The seat is one of the catalogue."))
    if not seat.works_for_child_protection:
        return not_met("A4.4", Message("Only professionals who work for child protection may be invited."))
    if not (seat.institution.strip() and seat.reason.strip()):
        return not_met("A4.4", Message("The institution and the reason are missing."))
    return met("A4.4")


@keeps("A4.5")
def a4_5_no_perpetrator(facts: StandingFacts, today: date) -> Verdict:
    """The standing row of a case: nothing was given to a perpetrator; refusals are the evidence."""
    return standing("A4.5", facts)


@keeps("A4.5")
def a4_5_may_take_part(person: PersonFacts, today: date) -> Verdict:
    """Seat, notice, document, account link: none for a (suspected) perpetrator. No breach is offered."""
    if person.perpetrator:
        other = WayOut("other_person", Message("Notify and hear the other parent or guardian."))
        return not_met(
            "A4.5", Message("This person is marked as a perpetrator of violence in the case."), other
        )
    return met("A4.5")


SEAT_OF_STATUS: dict[str, tuple[str, ...]] = {
    "asylum_seeker": ("dcam", "asylum_centre"),
    "refugee": ("dcam", "asylum_centre", "international_org"),
    "stateless": ("dcam", "international_org"),
    "migrant": ("dcam", "migrant_reception"),
}


@keeps("A4.6")
def a4_6_representatives_added(facts: StatusFacts, today: date) -> Verdict:
    """At least one seat of 4.6 for a child of one of the four statuses; else refused, or a recorded breach."""
    statuses = sorted(facts.statuses & STATUS_KEYS)
    if not statuses:
        return waived("A4.6", Message("The child has none of the four statuses."))
    if facts.seat_kinds & SEAT_KINDS_4_6:
        return met("A4.6")
    reason = Message(
        "The child is: %(statuses)s. No representative of 4.6 is at the Table.",
        statuses=tuple(Label(status) for status in statuses),
    )
    if facts.breach_reason.strip():
        return recorded_breach("A4.6", reason, facts.breach_reason)
    kinds = tuple(dict.fromkeys(kind for status in statuses for kind in SEAT_OF_STATUS[status]))
    ways = tuple(WayOut(f"add_{kind}", Message("Add: %(seat)s.", seat=Label(kind))) for kind in kinds)
    breach = WayOut(
        "without_representative",
        Message("Convene without one, on the head's written reason: shown as not met."),
    )
    return verdict("A4.6", Status.NOT_MET, reason, *ways, breach_offer=breach)


@keeps("A5.1.1")
def a5_1_1_best_interest(facts: BestInterestFacts, today: date) -> Verdict:
    """At least one kind of Annex 1 (each "tjera" with its text); plan and closing state the best interest."""
    if not facts.risk_kinds or not facts.risk_kinds <= RISK_KEYS:
        return not_met("A5.1.1", Message("The case carries no kind of risk of Annex 1."))
    if (facts.risk_kinds & RISKS_WITH_TEXT) - facts.other_texts:
        return not_met("A5.1.1", Message("The kind “other” needs its text."))
    if facts.plan_states_it is False or facts.closing_states_it is False:
        return not_met("A5.1.1", Message("The best interest of the child is not stated."))
    return met("A5.1.1")


@keeps("A5.1.2")
def a5_1_2_assessment_current(facts: AssessmentChangeFacts, today: date) -> Verdict:
    """A change of circumstances is followed by a new version of the assessment."""
    if facts.assessed_on is None:
        return open_duty("A5.1.2", Message("There is no assessment yet."))
    latest_on = max(facts.assessed_on, facts.updated_on or facts.assessed_on)
    if facts.changed_on and (facts.changed_on > latest_on or facts.noted_after):
        reason = Message("Circumstances changed on %(on)s; the assessment is older.", on=facts.changed_on)
        return open_duty(
            "A5.1.2", reason, WayOut("update", Message("Write a new version of the assessment."))
        )
    return met("A5.1.2", on=latest_on)


@keeps("A5.1.3")
def a5_1_3_planned_jointly(facts: PlanFacts, today: date) -> Verdict:
    """One plan, written together: adopted in a meeting of the Table."""
    return _adopted_in_meeting("A5.1.3", facts)


def _adopted_in_meeting(duty: str, facts: PlanFacts) -> Verdict:
    if facts.adopted_on is None:
        return open_duty(duty, Message("The plan has not been adopted yet."))
    if not facts.adopted_in_meeting:
        meet = WayOut(
            "adopt_in_meeting", Message("Adopt it in a meeting of the Table: begin one, or call one.")
        )
        return not_met(duty, Message("The plan was not adopted in a meeting of the Table."), meet)
    return met(duty, on=facts.adopted_on)


@keeps("A5.1.4")
def a5_1_4_services_coordinated(facts: WorkFacts, today: date) -> Verdict:
    """The coordination table of the Annex: services planned and given."""
    return worked("A5.1.4", facts, today)


def next_review_on(facts: ReviewFacts, today: date) -> date | None:
    """The last day for the next review; None without an adopted plan."""
    if facts.adopted_on is None:
        return None
    last_on = max([facts.adopted_on, *(on for on in facts.reviewed_on if on <= today)])
    return _review_limit(last_on, facts.interval_days)


def _review_limit(last_on: date, interval_days: int | None) -> date:
    month = add_months(last_on, 1)
    return min(month, last_on + timedelta(days=interval_days)) if interval_days else month


@keeps("A5.1.5")
def a5_1_5_reviewed_monthly(facts: ReviewFacts, today: date) -> Verdict:
    """The review that is owed now; earlier ones: `a5_1_5_past_reviews`."""
    limit_on = next_review_on(facts, today)
    if limit_on is None or facts.adopted_on is None:
        return waived("A5.1.5", Message("No plan has been adopted yet."))
    if facts.closed_on and facts.closed_on <= today:
        if facts.closed_on <= limit_on:
            return met("A5.1.5", Message("Reviewed in time until the case was closed."), facts.closed_on)
        reason = Message("The review owed by %(limit)s was not held before closing.", limit=limit_on)
        return not_met("A5.1.5", reason)
    counted = Message("The last review or adoption, and one month or the plan's own shorter interval.")
    hold = WayOut("call_review", Message("Call a review meeting."))
    return dated("A5.1.5", limit_on, None, today, counted, hold)


def a5_1_5_past_reviews(facts: ReviewFacts, today: date) -> tuple[Verdict, ...]:
    """One verdict per review already held, in order: met or met late."""
    if facts.adopted_on is None:
        return ()
    verdicts, last_on = [], facts.adopted_on
    for on in sorted(on for on in facts.reviewed_on if facts.adopted_on <= on <= today):
        verdicts.append(dated("A5.1.5", _review_limit(last_on, facts.interval_days), on, today))
        last_on = on
    return tuple(verdicts)


@keeps("A5.1.6")
def a5_1_6_annual_report(facts: AnnualReportFacts, today: date) -> Verdict:
    """The yearly report, or the answer to a body's request: adopted by the Table, then submitted in time."""
    if facts.identifies_children:
        return not_met("A5.1.6", Message("A child could be identified in the report."))
    if facts.submitted_on and (facts.adopted_on is None or facts.adopted_on > facts.submitted_on):
        return not_met("A5.1.6", Message("The report was submitted before the Table adopted it."))
    return dated("A5.1.6", facts.due_on, facts.submitted_on, today)


@keeps("A5.2")
def a5_2_table_closes(facts: ClosingDecisionFacts, today: date) -> Verdict:
    """Services given, and the risk lowered or gone; the Table decides in the closing meeting."""
    if facts.ground and facts.ground != "out_of_danger":
        return waived("A5.2", Message("The case closes on another ground of Article 17."))
    if not facts.services_given:
        return not_met("A5.2", Message("Not all necessary services have been given."))
    if not (facts.risk_lowered or facts.no_risk):
        return not_met("A5.2", Message("The risk is not lowered."))
    if facts.decided_on is None:
        return open_duty("A5.2", Message("The Table decides in the closing meeting."))
    return met("A5.2", on=facts.decided_on)


@keeps("A6.1.1")
def a6_1_1_work_organised(facts: WorkFacts, today: date) -> Verdict:
    """Nothing of what the case owes is overdue."""
    return worked("A6.1.1", facts, today)


@keeps("A6.1.2")
def a6_1_2_acts_for_the_table(facts: WorkFacts, today: date) -> Verdict:
    """The chair's own tasks for the case are done or in time."""
    return worked("A6.1.2", facts, today)


@keeps("A6.1.3")
def a6_1_3_called_with_head(facts: CallFacts, today: date) -> Verdict:
    """The case manager calls; the head agrees beforehand, or is told at once of an extraordinary meeting."""
    if not facts.called_by_case_manager:
        return not_met("A6.1.3", Message("Only the case manager calls the meeting."))
    if facts.extraordinary:
        return dated("A6.1.3", facts.called_on or today, facts.head_told_on, today)
    called_on = facts.called_on or today
    if facts.head_agreed_on is None or facts.head_agreed_on > called_on:
        ask = WayOut("ask_head", Message("Ask the head of services to agree to the date."))
        return not_met("A6.1.3", Message("The head of services has not agreed beforehand."), ask)
    return met("A6.1.3", on=facts.head_agreed_on)


@keeps("A6.1.4")
def a6_1_4_chair_chairs(facts: ChairedFacts, today: date) -> Verdict:
    """The minutes name the case manager of that day as chair."""
    hand_over = WayOut(
        "hand_over", Message("The head of services assigns another case manager before the meeting.")
    )
    if facts.case_manager is None:
        return not_met("A6.1.4", Message("The case has no case manager."), hand_over)
    if facts.chaired_by is None:
        missing = Message("The minutes do not name the chair.")
        return at_meeting("A6.1.4", False, facts.meeting_on < today, facts.meeting_on, missing)
    if facts.chaired_by != facts.case_manager:
        return not_met("A6.1.4", Message("Another person than the case manager chaired."), hand_over)
    return met("A6.1.4", on=facts.meeting_on)


@keeps("A6.1.5")
def a6_1_5_initial_plan_presented(facts: InitialPlanFacts, today: date) -> Verdict:
    """A standing item of the first meeting; kept by presenting it there, so only when the meeting was held."""
    if facts.first_meeting_on is None:
        return open_duty("A6.1.5", Message("The first meeting has not been called yet."))
    if facts.held:
        missing = Message("The initial individual plan was not presented.")
    elif facts.on_agenda:
        missing = TO_PRESENT
    else:
        missing = Message("The initial individual plan is not on the agenda.")
    done = facts.held and facts.presented_on is not None
    return at_meeting("A6.1.5", done, facts.held, facts.first_meeting_on, missing)


@keeps("A6.1.6")
def a6_1_6_plan_drafted_together(facts: PlanFacts, today: date) -> Verdict:
    """Draft, comments of the members, adoption in a meeting."""
    if facts.drafted_on is None:
        return open_duty("A6.1.6", Message("There is no draft of the plan yet."))
    if facts.adopted_on is not None and facts.comments_asked_on is None:
        return not_met("A6.1.6", Message("The members were not asked for comments."))
    return _adopted_in_meeting("A6.1.6", facts)


@keeps("A6.1.7")
def a6_1_7_implementation_supervised(facts: WorkFacts, today: date) -> Verdict:
    """The actions of the plan are followed to their dates."""
    return worked("A6.1.7", facts, today)


@keeps("A7")
def a7_within_mandate(action: ActionFacts, today: date) -> Verdict:
    """An action belongs to a member, within the mandate of the member's institution."""
    if action.responsible is None:
        return not_met("A7", Message("The action has no responsible member."))
    if action.objection.strip():
        reason = Message("The member objects: outside the mandate (%(why)s).", why=action.objection.strip())
        return open_duty("A7", reason, WayOut("reassign", Message("Give the action to another member.")))
    return met("A7")
