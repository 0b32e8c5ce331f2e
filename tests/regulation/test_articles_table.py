"""Situation tables of Articles 2 to 4."""

from datetime import date as d

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f
from tmr_app.regulation.catalogue import RISK_KEYS, SEAT_KINDS_4_1, SEAT_KINDS_4_6

T = d(2026, 11, 17)
ALL_14 = frozenset(SEAT_KINDS_4_1)


@pytest.mark.duty("A2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.StandingFacts(), "met"),
        (f.StandingFacts(refusals=5), "met"),
        (f.StandingFacts(refusals=5, breaches=1), "not_met"),
    ],
)
def test_a2_binds_everyone(facts, status):
    assert a.a2_binds_everyone(facts, T).status == status


@pytest.mark.duty("A3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.RosterFacts(True, True, established_on=T), "met"),
        (f.RosterFacts(True, True, established_on=d(2026, 11, 18)), "not_met"),
        (f.RosterFacts(True, True), "not_met"),
        (f.RosterFacts(True, False, established_on=T), "not_met"),
        (f.RosterFacts(False, True, established_on=T), "not_met"),
    ],
)
def test_a3_table_established(facts, status):
    assert a.a3_table_established(facts, T).status == status


@pytest.mark.duty("A4.1")
@pytest.mark.parametrize(
    ("kinds", "status", "named"),
    [
        (ALL_14, "met", ""),
        (ALL_14 | SEAT_KINDS_4_6, "met", ""),
        (ALL_14 - {"police"}, "not_met", "Kosovo Police"),
        (frozenset(), "not_met", "Kosovo Police"),
    ],
)
def test_a4_1_seats_filled(kinds, status, named):
    verdict = a.a4_1_seats_filled(f.RosterFacts(seat_kinds=kinds), T)
    assert verdict.status == status
    assert named in str(verdict.reason or "")


@pytest.mark.duty("A4.1")
@pytest.mark.parametrize(
    ("kind", "taken", "status"),
    [
        ("police", (), "met"),
        ("police", (f.SeatFacts("1", "police"),), "not_met"),
        ("police", (f.SeatFacts("1", "police", ended_on=d(2026, 11, 16)),), "met"),
        ("police", (f.SeatFacts("1", "police", ended_on=T),), "not_met"),
        ("police", (f.SeatFacts("1", "police", recused_on=T),), "met"),
        ("family_medicine", (f.SeatFacts("1", "family_medicine"),), "met"),
        ("ngo", (f.SeatFacts("1", "ngo"),), "met"),
        ("dcam", (f.SeatFacts("1", "dcam"),), "met"),
        ("mayor", (), "not_met"),
    ],
)
def test_a4_1_one_person_unless_the_text_is_plural(kind, taken, status):
    verdict = a.a4_1_seat_may_be_added(f.SeatFacts("2", kind), f.CompositionFacts(taken), T)
    assert verdict.status == status


@pytest.mark.duty("A4.2")
@pytest.mark.parametrize(
    ("tenures", "closed_on", "status"),
    [
        ((f.Tenure("x", T),), None, "met"),
        ((f.Tenure("x", d(2026, 11, 18)),), None, "not_met"),
        ((f.Tenure("x", d(2026, 1, 1), d(2026, 11, 16)),), None, "not_met"),
        ((f.Tenure("x", d(2026, 1, 1), d(2026, 11, 16)),), d(2026, 11, 16), "met"),
        ((f.Tenure("x", d(2026, 1, 1), d(2026, 11, 16)), f.Tenure("y", T)), None, "met"),
        ((f.Tenure("x", d(2026, 1, 1), T), f.Tenure("y", T)), None, "not_met"),
        ((f.Tenure("x", T, appointed_by_qps=False),), None, "not_met"),
        ((), None, "not_met"),
    ],
)
def test_a4_2_one_case_manager(tenures, closed_on, status):
    assert a.a4_2_one_case_manager_chairs(f.ChairFacts(tenures, closed_on), T).status == status


@pytest.mark.duty("A4.3")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.CompositionFacts(), "due"),
        (f.CompositionFacts((f.SeatFacts("1", "police", "offence"),), T), "met"),
        (f.CompositionFacts((f.SeatFacts("1", "police", "offence"),), d(2026, 11, 18)), "not_met"),
        (f.CompositionFacts((f.SeatFacts("1", "police", "offence"),)), "not_met"),
        (f.CompositionFacts((f.SeatFacts("1", "police", "  "),), T), "not_met"),
    ],
)
def test_a4_3_seats_chosen_by_needs(facts, status):
    assert a.a4_3_seats_chosen_by_needs(facts, T).status == status


@pytest.mark.duty("A4.4")
@pytest.mark.parametrize(
    ("seat", "status"),
    [
        (f.SeatFacts("1", "other_professional", "labour", "Inspectorate"), "met"),
        (f.SeatFacts("1", "other_professional", "labour"), "not_met"),
        (f.SeatFacts("1", "other_professional", "", "Inspectorate"), "not_met"),
        (f.SeatFacts("1", "other_professional", "x", "y", works_for_child_protection=False), "not_met"),
        (f.SeatFacts("1", "police"), "waived"),
    ],
)
def test_a4_4_other_professional(seat, status):
    assert a.a4_4_other_professional(seat, T).status == status


@pytest.mark.duty("A4.5")
@pytest.mark.parametrize(
    ("facts", "status", "count"),
    [
        (f.StandingFacts(), "met", "0"),
        (f.StandingFacts(refusals=3), "met", "3"),
        (f.StandingFacts(refusals=3, breaches=1), "not_met", "1"),
    ],
)
def test_a4_5_standing_row(facts, status, count):
    verdict = a.a4_5_no_perpetrator(facts, T)
    assert verdict.status == status
    assert count in str(verdict.reason)


@pytest.mark.duty("A4.5")
@pytest.mark.parametrize("kind", ["parent_guardian", "child", "guest", "police", "other_professional"])
def test_a4_5_refuses_a_perpetrator_without_offering_a_breach(kind):
    verdict = a.a4_5_may_take_part(f.PersonFacts("p", perpetrator=True, kind=kind), T)
    assert verdict.refuses
    assert verdict.breach_offer is None
    assert a.a4_5_may_take_part(f.PersonFacts("p", kind=kind), T).allows


@pytest.mark.duty("A4.6")
@pytest.mark.parametrize(
    ("statuses", "kinds", "written", "status", "allows"),
    [
        ((), (), "", "waived", True),
        (("repatriated",), (), "", "waived", True),
        (("asylum_seeker",), ("police",), "", "not_met", False),
        (("asylum_seeker",), ("asylum_centre",), "", "met", True),
        (("stateless",), (), "", "not_met", False),
        (("refugee",), ("international_org",), "", "met", True),
        (("migrant",), ("dcam",), "", "met", True),
        (("migrant",), (), "the office has no officer", "not_met", True),
        (("migrant",), (), "   ", "not_met", False),
    ],
)
def test_a4_6_representatives_added(statuses, kinds, written, status, allows):
    verdict = a.a4_6_representatives_added(f.StatusFacts(frozenset(statuses), frozenset(kinds), written), T)
    assert (verdict.status, verdict.allows) == (status, allows)


@pytest.mark.parametrize("status", ["asylum_seeker", "stateless", "refugee", "migrant"])
def test_a4_6_names_seats_to_add_and_the_breach_apart(status):
    verdict = a.a4_6_representatives_added(f.StatusFacts(frozenset({status})), T)
    assert "add_dcam" in [way.key for way in verdict.ways_out]
    assert verdict.breach_offer is not None
    assert verdict.breach_offer not in verdict.ways_out


CHILD = f.ChildFacts(birth_on=d(2016, 5, 1))


@pytest.mark.duty("A4.3")
@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (f.ChildFacts(birth_on=d(2021, 11, 18)), set()),
        (f.ChildFacts(birth_on=d(2021, 11, 17)), {"school", "education_directorate"}),
        (f.ChildFacts(birth_on=d(2008, 11, 18)), {"school", "education_directorate"}),
        (f.ChildFacts(birth_on=d(2008, 11, 17)), set()),
        (f.ChildFacts(birth_year=2015), {"school", "education_directorate"}),
        (f.ChildFacts(risk_kinds=frozenset({"physical_violence"})), {"police", "victim_advocate"}),
        (
            f.ChildFacts(risk_kinds=frozenset({"trafficking"})),
            {"police", "victim_advocate", "mental_health"},
        ),
        (
            f.ChildFacts(risk_kinds=frozenset({"lack_of_care"})),
            {"family_medicine", "mental_health", "welfare_directorate"},
        ),
        (
            f.ChildFacts(risk_kinds=frozenset({"hazardous_work"})),
            {"other_professional", "family_medicine", "welfare_directorate", "ngo"},
        ),
        (f.ChildFacts(risk_kinds=frozenset({"discrimination"})), {"human_rights_office"}),
        (f.ChildFacts(disability=True), {"family_medicine", "mental_health"}),
        (f.ChildFacts(health_concern=True), {"family_medicine"}),
        (f.ChildFacts(conflict_with_law=True), {"probation_officer"}),
        (f.ChildFacts(minority_community=True), {"communities_office"}),
        (f.ChildFacts(placed=True), {"shelter_or_foster"}),
        (f.ChildFacts(welfare_need=True), {"welfare_directorate"}),
        (f.ChildFacts(statuses=frozenset({"asylum_seeker"})), {"dcam", "asylum_centre"}),
        (f.ChildFacts(statuses=frozenset({"migrant"})), {"dcam", "migrant_reception"}),
    ],
)
def test_a4_3_proposals_follow_the_facts(child, expected):
    proposals = a.a4_3_proposed_seats(child, T)
    assert {kind for kind, _ in proposals} == expected
    assert all(str(reason) for _, reason in proposals)


def test_a4_3_each_seat_is_proposed_once_and_all_kinds_of_risk_are_known():
    child = f.ChildFacts(d(2016, 5, 1), risk_kinds=RISK_KEYS, disability=True, placed=True)
    kinds = [kind for kind, _ in a.a4_3_proposed_seats(child, T)]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= SEAT_KINDS_4_1 | {"other_professional"}
