"""Situation tables of Articles 11 to 16, 19 and 20, and of the extraordinary meeting."""

from dataclasses import replace
from datetime import date as d
from datetime import timedelta

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.catalogue import INDICATOR_KEYS

T = d(2026, 11, 17)
YESTERDAY = d(2026, 11, 16)
TOMORROW = d(2026, 11, 18)
WORK = [
    (f.WorkFacts(), "due"),
    (f.WorkFacts(2, 1), "due"),
    (f.WorkFacts(2, 2), "met"),
    (f.WorkFacts(2, 1, overdue=1), "overdue"),
    (f.WorkFacts(2, 1, due_on=YESTERDAY), "overdue"),
    (f.WorkFacts(2, 1, due_on=T), "due"),
]


@pytest.mark.duty("A11")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.PhaseFacts(), "due"),
        (f.PhaseFacts("plan"), "not_met"),
        (f.PhaseFacts("plan", True), "due"),
        (f.PhaseFacts("implementation", True), "not_met"),
        (f.PhaseFacts("implementation", True, T), "due"),
        (f.PhaseFacts("assessment", True, T), "due"),  # phases may be revisited
        (f.PhaseFacts("closure", True, T, T), "met"),
        (f.PhaseFacts("trial", True), "not_met"),
    ],
)
def test_a11_phases(facts, status):
    assert a.a11_phases(facts, T).status == status


@pytest.mark.duty("A12.1")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a12_1_information_verified(facts, status):
    verdict = a.a12_1_information_verified(facts, T)
    assert (verdict.duty, verdict.status) == ("A12.1", status)


FULL = f.ComprehensiveFacts(d(2026, 11, 10), d(2026, 11, 11), T, "high", 2, INDICATOR_KEYS, T, 7)


@pytest.mark.duty("A12.2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (FULL, "met"),
        (replace(FULL, initial_on=None), "due"),
        (replace(FULL, completed_on=None), "due"),
        (replace(FULL, completed_on=TOMORROW), "due"),
        (replace(FULL, risk_level=""), "not_met"),
        (replace(FULL, risk_level="extreme"), "not_met"),
        (replace(FULL, contributions=0), "not_met"),
    ],
)
def test_a12_2_comprehensive_assessment(facts, status):
    assert a.a12_2_comprehensive_assessment(facts, T).status == status


@pytest.mark.duty("A12.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (FULL, "met"),
        (replace(FULL, indicators=INDICATOR_KEYS | {"sport"}), "met"),
        (replace(FULL, indicators=INDICATOR_KEYS - {"safety"}), "not_met"),
        (replace(FULL, indicators=frozenset(), completed_on=None), "due"),
    ],
)
def test_a12_3_five_indicators(facts, status):
    assert a.a12_3_five_indicators(facts, T).status == status


@pytest.mark.duty("A12.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (FULL, "met"),
        (replace(FULL, form_made_on=YESTERDAY), "due"),
        (replace(FULL, form_made_on=None), "due"),
        (replace(FULL, completed_on=None), "due"),
    ],
)
def test_a12_4_recorded_in_form(facts, status):
    assert a.a12_4_recorded_in_form(facts, T).status == status


@pytest.mark.duty("A12.5")
@pytest.mark.parametrize(
    ("completed", "days", "today", "status"),
    [
        (T, 7, TOMORROW, "met"),
        (TOMORROW, 7, TOMORROW, "met_late"),
        (None, 7, T, "due"),
        (None, 7, TOMORROW, "overdue"),
        (None, None, d(2027, 1, 1), "waived"),
    ],
)
def test_a12_5_assessed_in_time(completed, days, today, status):
    facts = replace(FULL, completed_on=completed, limit_days=days)
    assert a.a12_5_assessed_in_time(facts, today).status == status


ACTION = f.ActionFacts("1", "safe home", "violence at home", "visits", ("CSW",), "m", planned_on=T)
PLAN = f.PlanFacts((ACTION,), 1, YESTERDAY, T, T, T, T, True, 5, 5, T)


@pytest.mark.duty("A13.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (PLAN, "met"),
        (replace(PLAN, risk_assessed_on=None), "not_met"),
        (f.PlanFacts(), "due"),
        (replace(PLAN, actions=(replace(ACTION, serves=" "),)), "not_met"),
        (replace(PLAN, adopted_on=None), "due"),
        (replace(PLAN, actions=()), "not_met"),
    ],
)
def test_a13_1_plan_on_risk(facts, status):
    assert a.a13_1_plan_on_risk(facts, T).status == status


@pytest.mark.duty("A13.2")
@pytest.mark.parametrize(
    ("plan", "status"),
    [
        (PLAN, "met"),
        (replace(PLAN, objectives=0), "not_met"),
        (replace(PLAN, objectives=0, adopted_on=None), "due"),
        (replace(PLAN, actions=()), "not_met"),
        (replace(PLAN, actions=(replace(ACTION, responsible=None),)), "not_met"),
        (replace(PLAN, actions=(replace(ACTION, responsible_at_table=False),)), "not_met"),
        (replace(PLAN, actions=(replace(ACTION, institutions=()),)), "not_met"),
        (replace(PLAN, actions=(replace(ACTION, service=""),)), "not_met"),
        (replace(PLAN, actions=(ACTION, replace(ACTION, planned_on=None))), "not_met"),
    ],
)
def test_a13_2_plan_complete(plan, status):
    assert a.a13_2_plan_complete(plan, T).status == status


@pytest.mark.duty("A13.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (PLAN, "met"),
        (replace(PLAN, sent_to=4), "due"),
        (replace(PLAN, sent_on=None), "due"),
        (replace(PLAN, adopted_on=None), "due"),
    ],
)
def test_a13_3_plan_sent(facts, status):
    assert a.a13_3_plan_sent(facts, T).status == status


@pytest.mark.duty("A14.1")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a14_1_plan_monitored(facts, status):
    verdict = a.a14_1_plan_monitored(facts, T)
    assert (verdict.duty, verdict.status) == ("A14.1", status)


@pytest.mark.duty("A14.2")
@pytest.mark.parametrize(
    ("action", "status"),
    [
        (ACTION, "due"),
        (replace(ACTION, planned_on=YESTERDAY), "overdue"),
        (replace(ACTION, status="done", done_on=T), "met"),
        (replace(ACTION, planned_on=YESTERDAY, status="done", done_on=T), "met_late"),
        (replace(ACTION, status="not_done"), "not_met"),
        (replace(ACTION, planned_on=None), "due"),
    ],
)
def test_a14_2_action_carried_out(action, status):
    assert a.a14_2_action_carried_out(action, T).status == status


@pytest.mark.duty("A14.3.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.InformationFacts(T), "due"),
        (f.InformationFacts(YESTERDAY), "overdue"),
        (f.InformationFacts(YESTERDAY, T), "met"),
        (f.InformationFacts(T, TOMORROW), "due"),
        (f.InformationFacts(YESTERDAY, plan_sent_on=YESTERDAY - timedelta(days=1)), "met"),
        (f.InformationFacts(YESTERDAY, plan_sent_on=YESTERDAY - timedelta(days=2)), "overdue"),
        (f.InformationFacts(YESTERDAY, done_on=YESTERDAY), "waived"),
        (f.InformationFacts(YESTERDAY, T, done_on=T), "met"),
    ],
)
def test_a14_3_1_information_asked(facts, status):
    assert a.a14_3_1_information_asked(facts, T).status == status


MISSED = f.SuperiorFacts(YESTERDAY, reminded=2)


@pytest.mark.duty("A14.3.2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (MISSED, "due"),
        (replace(MISSED, owed_on=T), "waived"),
        (replace(MISSED, reminded=0), "waived"),
        (replace(MISSED, reminded=1), "waived"),
        (replace(MISSED, is_case_manager=True), "waived"),
        (replace(MISSED, done_on=T), "waived"),
        (replace(MISSED, judged_non_cooperation=True), "due"),
        (replace(MISSED, judged_non_cooperation=False), "not_met"),
        (replace(MISSED, judged_non_cooperation=False, answered_reason="was ill"), "waived"),
        (replace(MISSED, judged_non_cooperation=True, letter_on=T), "met"),
    ],
)
def test_a14_3_2_superior_notified(facts, status):
    assert a.a14_3_2_superior_notified(facts, T).status == status


@pytest.mark.duty("A14.3.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.InformationFacts(T), "due"),
        (f.InformationFacts(YESTERDAY), "overdue"),
        (f.InformationFacts(YESTERDAY, YESTERDAY), "met"),
        (f.InformationFacts(YESTERDAY, T), "met_late"),
        (f.InformationFacts(YESTERDAY, T, plan_sent_on=YESTERDAY), "met"),
        (f.InformationFacts(YESTERDAY, T, plan_sent_on=YESTERDAY - timedelta(days=2)), "met_late"),
        (f.InformationFacts(YESTERDAY, done_on=YESTERDAY), "waived"),
        (f.InformationFacts(YESTERDAY, T, done_on=T), "met_late"),
    ],
)
def test_a14_3_3_asked_by_plan_dates(facts, status):
    assert a.a14_3_3_asked_by_plan_dates(facts, T).status == status


@pytest.mark.duty("A14.3.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.MonitoringFacts(T), "due"),
        (f.MonitoringFacts(T, summary_sent_on=T), "met"),
        (f.MonitoringFacts(T, summary_sent_on=TOMORROW, held=True), "not_met"),
        (f.MonitoringFacts(T, held=True), "not_met"),
    ],
)
def test_a14_3_4_table_informed(facts, status):
    assert a.a14_3_4_table_informed(facts, T).status == status


@pytest.mark.duty("A14.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.ReassessmentFacts(), "waived"),
        (f.ReassessmentFacts(T), "due"),
        (f.ReassessmentFacts(T, T, TOMORROW), "due"),
        (f.ReassessmentFacts(T, T, T, True, False), "not_met"),
        (f.ReassessmentFacts(T, T, T, True, True), "met"),
    ],
)
def test_a14_4_reassessment_called(facts, status):
    assert a.a14_4_reassessment_called(facts, T).status == status


@pytest.mark.duty("A14.5")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.ExtraordinaryFacts(T, "threat", False), "not_met"),
        (f.ExtraordinaryFacts(T, " ", True), "not_met"),
        (f.ExtraordinaryFacts(T, "threat", True), "due"),
        (f.ExtraordinaryFacts(T, "threat", True, YESTERDAY, YESTERDAY), "met"),
        (f.ExtraordinaryFacts(T, "threat", True, YESTERDAY, T), "met_late"),
        (f.ExtraordinaryFacts(T, "threat", True, YESTERDAY), "overdue"),
        (f.ExtraordinaryFacts(T, "threat", True, T), "due"),
    ],
)
def test_a14_5_extraordinary(facts, status):
    assert a.a14_5_extraordinary(facts, T).status == status


@pytest.mark.duty("A14.6")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.MonitoringFacts(T), "due"),
        (f.MonitoringFacts(T, held=True), "not_met"),
        (f.MonitoringFacts(T, form_updated_on=T, held=True), "met"),
        (f.MonitoringFacts(T, form_updated_on=T, plan_changed_on=YESTERDAY), "due"),
        (f.MonitoringFacts(T, form_updated_on=T, plan_changed_on=YESTERDAY, held=True), "not_met"),
        (
            f.MonitoringFacts(
                T, form_updated_on=T, plan_changed_on=YESTERDAY, put_before_table_on=T, held=True
            ),
            "met",
        ),
    ],
)
def test_a14_6_form_and_plan_updated(facts, status):
    assert a.a14_6_form_and_plan_updated(facts, T).status == status


@pytest.mark.duty("A15")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.MonitoringFacts(T, actions=2), "due"),
        (f.MonitoringFacts(T, held=True, actions=2, progress_recorded=1, child_finding="better"), "not_met"),
        (f.MonitoringFacts(T, held=True, actions=2, progress_recorded=2), "not_met"),
        (f.MonitoringFacts(T, held=True, actions=2, progress_recorded=2, child_finding="better"), "met"),
        (f.MonitoringFacts(T, called_by_case_manager=False), "not_met"),
    ],
)
def test_a15_review_held(facts, status):
    assert a.a15_review_held(facts, T).status == status


@pytest.mark.duty("A16")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.SupervisionFacts(), "waived"),
        (f.SupervisionFacts(YESTERDAY), "due"),
        (f.SupervisionFacts(YESTERDAY, YESTERDAY), "met"),
        (f.SupervisionFacts(T, YESTERDAY), "due"),
        (f.SupervisionFacts(YESTERDAY, T, visit_needed_on=T), "due"),
        (f.SupervisionFacts(YESTERDAY, T, 1, T, YESTERDAY), "due"),
        (f.SupervisionFacts(YESTERDAY, T, 1, T, T), "met"),
    ],
)
def test_a16_head_monitors(facts, status):
    assert a.a16_head_monitors(facts, T).status == status


@pytest.mark.duty("A19")
@pytest.mark.parametrize(("facts", "status"), WORK)
def test_a19_cooperation(facts, status):
    verdict = a.a19_cooperation(facts, T)
    assert (verdict.duty, verdict.status) == ("A19", status)


@pytest.mark.duty("A20")
@pytest.mark.parametrize(
    ("labels", "made_on", "status"),
    [
        ((), None, "due"),
        (annex_labels("sq"), T, "met"),
        (annex_labels("sq")[:-1], T, "not_met"),
        (tuple(reversed(annex_labels("sq"))), T, "not_met"),
    ],
)
def test_a20_annex_form(labels, made_on, status):
    assert a.a20_annex_form(f.AnnexFormFacts(YESTERDAY, labels, made_on), T).status == status
