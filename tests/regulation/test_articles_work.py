"""Situation tables of Articles 5 to 7: what the Table is for, the case manager's duties, mandates."""

from dataclasses import replace
from datetime import date as d

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f

T = d(2026, 11, 17)


@pytest.mark.duty("A5.1.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.BestInterestFacts(), "not_met"),
        (f.BestInterestFacts(frozenset({"hunger"})), "not_met"),
        (f.BestInterestFacts(frozenset({"abduction", "abandonment"})), "met"),
        (f.BestInterestFacts(frozenset({"neglect_other"})), "not_met"),
        (f.BestInterestFacts(frozenset({"neglect_other"}), frozenset({"neglect_other"})), "met"),
        (f.BestInterestFacts(frozenset({"abduction"}), plan_states_it=False), "not_met"),
        (
            f.BestInterestFacts(frozenset({"abduction"}), plan_states_it=True, closing_states_it=False),
            "not_met",
        ),
    ],
)
def test_a5_1_1_best_interest(facts, status):
    assert a.a5_1_1_best_interest(facts, T).status == status


@pytest.mark.duty("A5.1.2")
@pytest.mark.parametrize(
    ("assessed", "changed", "updated", "status"),
    [
        (None, None, None, "due"),
        (d(2026, 10, 1), None, None, "met"),
        (d(2026, 10, 1), d(2026, 10, 2), None, "due"),
        (d(2026, 10, 1), d(2026, 10, 1), None, "met"),
        (d(2026, 10, 1), d(2026, 10, 2), d(2026, 10, 2), "met"),
        (d(2026, 10, 1), d(2026, 10, 3), d(2026, 10, 2), "due"),
    ],
)
def test_a5_1_2_assessment_current(assessed, changed, updated, status):
    assert (
        a.a5_1_2_assessment_current(f.AssessmentChangeFacts(assessed, changed, updated), T).status == status
    )


@pytest.mark.duty("A5.1.2")
@pytest.mark.parametrize(("noted_after", "status"), [(False, "met"), (True, "due")])
def test_a5_1_2_a_change_noted_after_the_version_of_the_same_day(noted_after, status):
    facts = f.AssessmentChangeFacts(T, T, T, noted_after)
    assert a.a5_1_2_assessment_current(facts, T).status == status


ADOPTED = f.PlanFacts(drafted_on=T, comments_asked_on=T, adopted_on=T, adopted_in_meeting=True)


@pytest.mark.duty("A5.1.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.PlanFacts(), "due"),
        (ADOPTED, "met"),
        (replace(ADOPTED, adopted_in_meeting=False), "not_met"),
    ],
)
def test_a5_1_3_planned_jointly(facts, status):
    assert a.a5_1_3_planned_jointly(facts, T).status == status


WORK = [
    (f.WorkFacts(), "due"),
    (f.WorkFacts(3, 2), "due"),
    (f.WorkFacts(3, 3), "met"),
    (f.WorkFacts(3, 2, overdue=1), "overdue"),
    (f.WorkFacts(3, 2, due_on=T), "due"),
    (f.WorkFacts(3, 2, due_on=d(2026, 11, 16)), "overdue"),
    (f.WorkFacts(3, 3, due_on=d(2026, 11, 16)), "met"),
]


@pytest.mark.duty("A5.1.4")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a5_1_4_services_coordinated(facts, status):
    verdict = a.a5_1_4_services_coordinated(facts, T)
    assert (verdict.duty, verdict.status) == ("A5.1.4", status)


@pytest.mark.duty("A5.1.5")
@pytest.mark.parametrize(
    ("adopted", "reviewed", "interval", "today", "due_on", "status"),
    [
        (d(2026, 10, 17), (), None, d(2026, 11, 16), d(2026, 11, 17), "due"),
        (d(2026, 10, 17), (), None, d(2026, 11, 17), d(2026, 11, 17), "due"),
        (d(2026, 10, 17), (), None, d(2026, 11, 18), d(2026, 11, 17), "overdue"),
        (d(2026, 1, 31), (), None, d(2026, 2, 28), d(2026, 2, 28), "due"),
        (d(2026, 1, 31), (), None, d(2026, 3, 1), d(2026, 2, 28), "overdue"),
        (d(2028, 1, 31), (), None, d(2028, 2, 29), d(2028, 2, 29), "due"),
        (d(2028, 1, 31), (), None, d(2028, 3, 1), d(2028, 2, 29), "overdue"),
        (d(2026, 10, 17), (d(2026, 11, 1),), None, d(2026, 11, 18), d(2026, 12, 1), "due"),
        (d(2026, 10, 17), (d(2026, 11, 30),), None, d(2026, 11, 18), d(2026, 11, 17), "overdue"),
        (d(2026, 10, 17), (), 14, d(2026, 11, 1), d(2026, 10, 31), "overdue"),
        (d(2026, 10, 17), (), 60, d(2026, 11, 18), d(2026, 11, 17), "overdue"),
        (None, (), None, d(2026, 11, 18), None, "waived"),
    ],
)
def test_a5_1_5_reviewed_monthly(adopted, reviewed, interval, today, due_on, status):
    verdict = a.a5_1_5_reviewed_monthly(f.ReviewFacts(adopted, reviewed, interval), today)
    assert (verdict.status, verdict.due_on) == (status, due_on)


@pytest.mark.parametrize(("closed", "status"), [(d(2026, 11, 17), "met"), (d(2026, 11, 18), "not_met")])
def test_a5_1_5_a_closed_case_owes_only_what_fell_before(closed, status):
    facts = f.ReviewFacts(d(2026, 10, 17), closed_on=closed)
    assert a.a5_1_5_reviewed_monthly(facts, d(2026, 12, 1)).status == status


def test_a5_1_5_past_reviews_show_the_late_one():
    facts = f.ReviewFacts(d(2026, 1, 31), (d(2026, 4, 1), d(2026, 2, 28), d(2026, 5, 1), d(2027, 1, 1)))
    statuses = [verdict.status for verdict in a.a5_1_5_past_reviews(facts, T)]
    assert statuses == ["met", "met_late", "met"]


@pytest.mark.duty("A5.1.6")
@pytest.mark.parametrize(
    ("adopted", "submitted", "today", "status"),
    [
        (None, None, d(2027, 3, 31), "due"),
        (None, None, d(2027, 4, 1), "overdue"),
        (d(2027, 3, 1), d(2027, 3, 31), d(2027, 5, 1), "met"),
        (d(2027, 3, 1), d(2027, 4, 1), d(2027, 5, 1), "met_late"),
        (None, d(2027, 3, 31), d(2027, 5, 1), "not_met"),
        (d(2027, 4, 1), d(2027, 3, 31), d(2027, 5, 1), "not_met"),
    ],
)
def test_a5_1_6_annual_report(adopted, submitted, today, status):
    facts = f.AnnualReportFacts(2026, d(2027, 3, 31), adopted, submitted)
    assert a.a5_1_6_annual_report(facts, today).status == status


def test_a5_1_6_no_child_can_be_identified():
    facts = f.AnnualReportFacts(2026, d(2027, 3, 31), T, T, identifies_children=True)
    assert a.a5_1_6_annual_report(facts, T).refuses


@pytest.mark.duty("A5.2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.ClosingDecisionFacts("of_age"), "waived"),
        (f.ClosingDecisionFacts("out_of_danger", False, True), "not_met"),
        (f.ClosingDecisionFacts("out_of_danger", True, False), "not_met"),
        (f.ClosingDecisionFacts("out_of_danger", True, True), "due"),
        (f.ClosingDecisionFacts("out_of_danger", True, False, no_risk=True, decided_on=T), "met"),
    ],
)
def test_a5_2_table_closes(facts, status):
    assert a.a5_2_table_closes(facts, T).status == status


@pytest.mark.duty("A6.1.1")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a6_1_1_work_organised(facts, status):
    verdict = a.a6_1_1_work_organised(facts, T)
    assert (verdict.duty, verdict.status) == ("A6.1.1", status)


@pytest.mark.duty("A6.1.2")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a6_1_2_acts_for_the_table(facts, status):
    verdict = a.a6_1_2_acts_for_the_table(facts, T)
    assert (verdict.duty, verdict.status) == ("A6.1.2", status)


@pytest.mark.duty("A6.1.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.CallFacts(called_by_case_manager=False, head_agreed_on=T), "not_met"),
        (f.CallFacts(), "not_met"),
        (f.CallFacts(called_on=T, head_agreed_on=T), "met"),
        (f.CallFacts(called_on=T, head_agreed_on=d(2026, 11, 18)), "not_met"),
        (f.CallFacts(extraordinary=True), "due"),
        (f.CallFacts(called_on=T, head_told_on=T, extraordinary=True), "met"),
        (f.CallFacts(called_on=d(2026, 11, 16), head_told_on=T, extraordinary=True), "met_late"),
        (f.CallFacts(called_on=d(2026, 11, 16), extraordinary=True), "overdue"),
    ],
)
def test_a6_1_3_called_with_head(facts, status):
    assert a.a6_1_3_called_with_head(facts, T).status == status


@pytest.mark.duty("A6.1.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.ChairedFacts(d(2026, 11, 16), "x", "x"), "met"),
        (f.ChairedFacts(d(2026, 11, 16), "x", "y"), "not_met"),
        (f.ChairedFacts(d(2026, 11, 16), "x"), "not_met"),
        (f.ChairedFacts(T, "x"), "due"),
        (f.ChairedFacts(T, None), "not_met"),
    ],
)
def test_a6_1_4_chair_chairs(facts, status):
    assert a.a6_1_4_chair_chairs(facts, T).status == status


@pytest.mark.duty("A6.1.5")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.InitialPlanFacts(), "due"),
        (f.InitialPlanFacts(T), "due"),
        (f.InitialPlanFacts(T, on_agenda=True), "due"),  # announced, not presented yet
        (f.InitialPlanFacts(T, True, T), "due"),  # written down beforehand: the meeting is not over
        (f.InitialPlanFacts(T, on_agenda=True, held=True), "not_met"),
        (f.InitialPlanFacts(T, True, T, held=True), "met"),
    ],
)
def test_a6_1_5_initial_plan_presented(facts, status):
    assert a.a6_1_5_initial_plan_presented(facts, T).status == status


@pytest.mark.duty("A6.1.6")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.PlanFacts(), "due"),
        (f.PlanFacts(drafted_on=T), "due"),
        (ADOPTED, "met"),
        (replace(ADOPTED, comments_asked_on=None), "not_met"),
        (replace(ADOPTED, adopted_in_meeting=False), "not_met"),
    ],
)
def test_a6_1_6_plan_drafted_together(facts, status):
    assert a.a6_1_6_plan_drafted_together(facts, T).status == status


@pytest.mark.duty("A6.1.7")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a6_1_7_implementation_supervised(facts, status):
    verdict = a.a6_1_7_implementation_supervised(facts, T)
    assert (verdict.duty, verdict.status) == ("A6.1.7", status)


@pytest.mark.duty("A7")
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (f.ActionFacts("1"), "not_met"),
        (f.ActionFacts("1", responsible="m"), "met"),
        (f.ActionFacts("1", responsible="m", objection="not our mandate"), "due"),
        (f.ActionFacts("1", responsible="m", objection="  "), "met"),
    ],
)
def test_a7_within_mandate(action, status):
    assert a.a7_within_mandate(action, T).status == status
