"""Situation tables of Article 17."""

from dataclasses import replace
from datetime import date as d

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f

T = d(2026, 11, 17)
YESTERDAY = d(2026, 11, 16)
TOMORROW = d(2026, 11, 18)
READY = f.ClosingFacts(
    "out_of_danger",
    assessed_on=d(2026, 11, 1),
    recommended_on=d(2026, 11, 2),
    head_approved_on=d(2026, 11, 3),
    services_given=True,
    child_out_of_danger=True,
    table_meeting_on=T,
)


@pytest.mark.duty("A17.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (READY, "met"),
        (replace(READY, assessed_on=None), "due"),
        (replace(READY, recommended_on=None), "due"),
        (replace(READY, recommended_on=TOMORROW), "due"),
        (replace(READY, recommended_on=d(2026, 10, 31)), "not_met"),
        (replace(READY, assessed_on=None, closed_on=T), "not_met"),
        (replace(READY, recommended_on=T, closed_on=YESTERDAY), "not_met"),
    ],
)
def test_a17_1_assessed_and_recommended(facts, status):
    assert a.a17_1_assessed_and_recommended(facts, T).status == status


CHILD = f.FamilyPersonFacts("child", YESTERDAY, views="content")
PARENT = f.FamilyPersonFacts("parent_guardian", YESTERDAY, views="agrees")
SILENT = replace(PARENT, views="")


@pytest.mark.duty("A17.2")
@pytest.mark.parametrize(
    ("facts", "status", "allows"),
    [
        (f.OpinionsFacts((CHILD, PARENT), "out_of_danger"), "met", True),
        (f.OpinionsFacts((PARENT,), "out_of_danger"), "not_met", False),
        (f.OpinionsFacts((replace(CHILD, views=""), PARENT)), "not_met", False),
        (f.OpinionsFacts((replace(CHILD, views="", no_views_reason="a baby"), PARENT)), "met", True),
        (f.OpinionsFacts((PARENT,), "death"), "met", True),
        (f.OpinionsFacts((CHILD,)), "not_met", False),
        (f.OpinionsFacts((CHILD, SILENT)), "not_met", False),
        (f.OpinionsFacts((CHILD, replace(SILENT, no_views_reason="did not answer twice"))), "not_met", True),
        (f.OpinionsFacts((CHILD,), no_parent_reason="no parent is alive"), "not_met", True),
        (f.OpinionsFacts((CHILD, replace(PARENT, perpetrator=True))), "not_met", False),
    ],
)
def test_a17_2_opinions_asked(facts, status, allows):
    verdict = a.a17_2_opinions_asked(facts, T)
    assert (verdict.status, verdict.allows) == (status, allows)


def ground(key, **changes):
    return replace(READY, ground=key, services_given=False, child_out_of_danger=False, **changes)


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (READY, "due"),
        (replace(READY, closed_on=T), "met"),
        (replace(READY, closed_on=YESTERDAY), "not_met"),  # before the Table met
        (replace(READY, ground=""), "not_met"),
        (replace(READY, ground="other_circumstances"), "not_met"),
        (replace(READY, head_approved_on=None), "not_met"),
        (replace(READY, head_approved_on=TOMORROW), "not_met"),
        (replace(READY, head_approved_on=d(2026, 10, 31)), "not_met"),  # older than the assessment
        (replace(READY, table_meeting_on=None), "not_met"),
        (replace(READY, table_meeting_on=d(2026, 11, 2)), "not_met"),  # before the approval
        (replace(READY, actions_open=1), "not_met"),
        (replace(READY, child_out_of_danger=False), "not_met"),
        (ground("of_age"), "not_met"),
        (ground("of_age", birth_on=d(2008, 11, 16)), "due"),
        (ground("of_age", birth_on=d(2008, 11, 17)), "due"),
        (ground("of_age", birth_on=d(2008, 11, 18)), "not_met"),
        (ground("moved_within"), "not_met"),
        (ground("moved_within", transfer_to="CSW Prizren"), "not_met"),
        (ground("moved_within", transfer_to="CSW Prizren", transfer_accepted_on=TOMORROW), "not_met"),
        (ground("moved_within", transfer_to="CSW Prizren", transfer_accepted_on=T), "due"),
        (ground("moved_abroad", country="Austria"), "not_met"),
        (ground("moved_abroad", best_interest="lives with mother"), "not_met"),
        (ground("moved_abroad", country="Austria", best_interest="lives with mother"), "due"),
        (ground("death"), "not_met"),
        (ground("death", death_on=T), "due"),
        (ground("death", death_on=TOMORROW), "not_met"),
    ],
)
def test_a17_3_closed_on_ground(facts, status):
    assert a.a17_3_closed_on_ground(facts, T).status == status


@pytest.mark.parametrize(
    ("birth", "eighteen"),
    [(d(2008, 2, 29), d(2026, 2, 28)), (d(2010, 3, 1), d(2028, 3, 1)), (d(2008, 11, 17), T)],
)
def test_a17_3_eighteenth_birthday(birth, eighteen):
    assert a.comes_of_age_on(birth) == eighteen


def test_a17_3_names_every_missing_step_in_order():
    steps = a.a17_3_missing_steps(f.ClosingFacts(), T)
    assert len(steps) == 5
    assert [way.text for way in a.a17_3_closed_on_ground(f.ClosingFacts(), T).ways_out] == list(steps)


@pytest.mark.duty("A17.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.AfterEighteenFacts("death"), "waived"),
        (f.AfterEighteenFacts("of_age"), "due"),
        (f.AfterEighteenFacts("of_age", closed_on=T), "not_met"),
        (f.AfterEighteenFacts("of_age", True), "not_met"),
        (f.AfterEighteenFacts("of_age", True, "supported housing"), "met"),
        (f.AfterEighteenFacts("of_age", False), "met"),
    ],
)
def test_a17_4_services_after_eighteen(facts, status):
    assert a.a17_4_services_after_eighteen(facts, T).status == status


FORM = f.ClosingFormFacts(T, T, 3, 3, True, T, True)


@pytest.mark.duty("A17.5")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (FORM, "met"),
        (f.ClosingFormFacts(T), "due"),
        (replace(FORM, signatures=2), "due"),
        (replace(FORM, case_manager_signed=False), "due"),
        (replace(FORM, in_dossier=False), "due"),
    ],
)
def test_a17_5_closing_form_signed(facts, status):
    assert a.a17_5_closing_form_signed(facts, T).status == status
