"""Situation tables of Articles 8 (who is invited), 9, 10 and 18."""

from dataclasses import replace
from datetime import date as d

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f

T = d(2026, 11, 17)
YESTERDAY = d(2026, 11, 16)
TOMORROW = d(2026, 11, 18)
GUEST = f.GuestFacts("Shelter", "keeps the child", T)


@pytest.mark.duty("A8.5")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (GUEST, "due"),
        (replace(GUEST, declaration_on=T), "met"),
        (replace(GUEST, perpetrator=True, declaration_on=T), "not_met"),
        (replace(GUEST, connection=""), "not_met"),
        (replace(GUEST, institution=" "), "not_met"),
        (replace(GUEST, attended=True), "not_met"),
    ],
)
def test_a8_5_guest_connected(facts, status):
    assert a.a8_5_guest_connected(facts, T).status == status


ACTORS = [
    ((f.ActorFacts("1", True),), "met", True),
    ((), "met", True),
    ((f.ActorFacts("1", False),), "not_met", False),
    ((f.ActorFacts("1", False, recused=True),), "met", True),
    ((f.ActorFacts("1", False, perpetrator=True),), "met", True),
    ((f.ActorFacts("1", False, ended=True),), "not_met", False),
    ((f.ActorFacts("1", False, ended=True, successor_invited=True),), "met", True),
    ((f.ActorFacts("1", False, reason="moved away"),), "not_met", True),
    ((f.ActorFacts("1", False, reason="moved away"), f.ActorFacts("2", False)), "not_met", False),
]


@pytest.mark.duty("A8.6")
@pytest.mark.parametrize(("actors", "status", "allows"), ACTORS)
def test_a8_6_same_actors_invited(actors, status, allows):
    verdict = a.a8_6_same_actors_invited(f.InvitedFacts(T, actors), T)
    assert (verdict.duty, verdict.status, verdict.allows) == ("A8.6", status, allows)


def test_a8_6_is_for_reviews():
    facts = f.InvitedFacts(T, (f.ActorFacts("1", False),), review=False)
    assert a.a8_6_same_actors_invited(facts, T).status == "waived"


@pytest.mark.duty("A8.11")
@pytest.mark.parametrize(("actors", "status", "allows"), ACTORS)
def test_a8_11_all_invited_to_closing(actors, status, allows):
    verdict = a.a8_11_all_invited_to_closing(f.InvitedFacts(T, actors), T)
    assert (verdict.duty, verdict.status, verdict.allows) == ("A8.11", status, allows)


CHILD = f.FamilyPersonFacts("child", YESTERDAY, present=True)
PARENT = f.FamilyPersonFacts("parent_guardian", YESTERDAY, views="agrees", considered="plan changed")


@pytest.mark.duty("A8.10")
@pytest.mark.parametrize(
    ("people", "no_parent", "held", "status", "allows"),
    [
        ((CHILD, PARENT), "", False, "due", True),
        ((CHILD, PARENT), "", True, "met", True),
        ((PARENT,), "", False, "due", True),
        ((PARENT,), "", True, "not_met", False),
        ((CHILD,), "", True, "not_met", False),
        ((CHILD,), "both parents are dead", True, "met", True),
        ((CHILD, replace(PARENT, perpetrator=True)), "", True, "not_met", False),
        ((CHILD, replace(PARENT, perpetrator=True)), "there is no other", True, "met", True),
        ((CHILD, replace(PARENT, considered="")), "", True, "not_met", False),
        ((replace(CHILD, present=False), PARENT), "", True, "not_met", False),
        ((replace(CHILD, present=False, no_views_reason="a baby"), PARENT), "", True, "met", True),
        ((replace(CHILD, notified_on=None), PARENT), "", True, "not_met", False),
        (
            (replace(CHILD, notified_on=None, not_notified_reason="in hospital"), PARENT),
            "",
            True,
            "not_met",
            True,
        ),
    ],
)
def test_a8_10_family_notified_and_heard(people, no_parent, held, status, allows):
    verdict = a.a8_10_family_notified_and_heard(f.FamilyFacts(T, people, no_parent, held), T)
    assert (verdict.status, verdict.allows) == (status, allows)


@pytest.mark.duty("A9")
@pytest.mark.parametrize(
    ("held", "marks", "status"),
    [
        (False, ("",), "due"),
        (True, ("present", "substitute"), "met"),
        (True, ("present", ""), "not_met"),
        (True, ("present", "absent"), "not_met"),
        (True, ("present", "absent_with_reason"), "not_met"),
    ],
)
def test_a9_members_take_part(held, marks, status):
    invitees = tuple(f.AttendeeFacts(str(number), mark) for number, mark in enumerate(marks))
    assert a.a9_members_take_part(f.AttendanceFacts(T, held, invitees), T).status == status


DRAFT = f.MinutesFacts(d(2026, 10, 17), drafted_on=d(2026, 10, 18), signers=2)
SIGNED = replace(DRAFT, approved_on=YESTERDAY, next_meeting_on=YESTERDAY, signatures=2)


@pytest.mark.duty("A10.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.MinutesFacts(TOMORROW), "due"),
        (f.MinutesFacts(YESTERDAY), "due"),
        (DRAFT, "due"),
        (replace(DRAFT, next_meeting_on=TOMORROW), "due"),
        (replace(DRAFT, next_meeting_on=T), "due"),
        (replace(DRAFT, next_meeting_on=YESTERDAY), "overdue"),
        (replace(SIGNED, signatures=1), "due"),
        (replace(SIGNED, signatures=1, closed_incomplete_on=T), "not_met"),
        (replace(SIGNED, closed_incomplete_on=T), "met"),
        (SIGNED, "met"),
        (replace(SIGNED, approved_on=T), "met_late"),
        (replace(SIGNED, next_meeting_on=None, closing=True), "met"),
        (replace(DRAFT, closing=True), "due"),
    ],
)
def test_a10_1_minutes_approved_and_signed(facts, status):
    assert a.a10_1_minutes_approved_and_signed(facts, T).status == status


@pytest.mark.duty("A10.2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.ConflictFacts(), "met"),
        (f.ConflictFacts(YESTERDAY), "due"),
        (f.ConflictFacts(YESTERDAY, substitute_asked_on=T), "met"),
        (f.ConflictFacts(YESTERDAY, substitute_asked_on=T, took_part_on=YESTERDAY), "met"),
        (f.ConflictFacts(YESTERDAY, substitute_asked_on=T, took_part_on=T), "not_met"),
        (f.ConflictFacts(T, is_case_manager=True), "due"),
        (f.ConflictFacts(YESTERDAY, is_case_manager=True), "overdue"),
        (f.ConflictFacts(YESTERDAY, is_case_manager=True, handed_over_on=YESTERDAY), "met"),
        (f.ConflictFacts(YESTERDAY, is_case_manager=True, handed_over_on=T), "met_late"),
    ],
)
def test_a10_2_recused_stays_away(facts, status):
    assert a.a10_2_recused_stays_away(facts, T).status == status


@pytest.mark.duty("A10.2")
@pytest.mark.parametrize(
    ("recused_on", "allows"), [(None, True), (YESTERDAY, False), (T, False), (TOMORROW, True)]
)
def test_a10_2_may_take_part(recused_on, allows):
    assert a.a10_2_may_take_part(f.PersonFacts("p", recused_on=recused_on), T).allows is allows


@pytest.mark.duty("A10.3")
@pytest.mark.parametrize(
    ("held", "approved", "recorded", "status"),
    [
        (False, False, True, "due"),
        (True, False, True, "not_met"),
        (True, True, False, "not_met"),
        (True, True, True, "met"),
    ],
)
def test_a10_3_agenda_approved(held, approved, recorded, status):
    facts = f.AgendaFacts(T, held, approved, recorded)
    assert a.a10_3_agenda_approved(facts, T).status == status


FOUR = frozenset(a.STANDING_ITEMS)


@pytest.mark.duty("A10.4")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.AgendaFacts(T), "due"),
        (f.AgendaFacts(T, items=FOUR), "due"),  # announced, not presented yet
        (
            f.AgendaFacts(T, items=FOUR, presented=FOUR),
            "due",
        ),  # written down beforehand: the meeting is not over
        (f.AgendaFacts(T, True, items=FOUR), "not_met"),
        (f.AgendaFacts(T, True, presented=FOUR), "met"),
        (f.AgendaFacts(T, True, presented=FOUR - {"services_given"}), "not_met"),
        (f.AgendaFacts(T, case_meeting=False), "waived"),
    ],
)
def test_a10_4_case_presented(facts, status):
    assert a.a10_4_case_presented(facts, T).status == status


@pytest.mark.duty("A10.5")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.OpinionFacts("child"), "waived"),
        (f.OpinionFacts("child", invited=True), "due"),
        (f.OpinionFacts("parent_guardian", perpetrator=True, invited=True), "not_met"),
        (f.OpinionFacts("child", False, True, True, "", True), "not_met"),
        (f.OpinionFacts("child", False, True, True, "I want to go home", True), "met"),
        (f.OpinionFacts("child", False, True, False, "", True), "met"),
    ],
)
def test_a10_5_opinion_heard(facts, status):
    assert a.a10_5_opinion_heard(facts, T).status == status


@pytest.mark.duty("A10.6")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.StandingFacts(), "met"),
        (f.StandingFacts(7), "met"),
        (f.StandingFacts(7, 1), "not_met"),
    ],
)
def test_a10_6_secrecy_kept(facts, status):
    assert a.a10_6_secrecy_kept(facts, T).status == status


@pytest.mark.duty("A18.1")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.PrivacyFacts(), "met"),
        (f.PrivacyFacts(disclosures=2), "met"),
        (f.PrivacyFacts(disclosures=2, without_legal_basis=1), "not_met"),
        (f.PrivacyFacts(refusals=4, breaches=1), "not_met"),
        (f.PrivacyFacts(disclosures=1, breaches=1), "not_met"),
    ],
)
def test_a18_1_privacy_kept(facts, status):
    assert a.a18_1_privacy_kept(facts, T).status == status


@pytest.mark.duty("A18.2")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.DeclarationFacts(), "due"),
        (f.DeclarationFacts(T), "met"),
        (f.DeclarationFacts(T, T), "met"),
        (f.DeclarationFacts(T, T, shown_before_signing=True), "not_met"),
        (f.DeclarationFacts(T, YESTERDAY), "not_met"),
        (f.DeclarationFacts(None, T), "not_met"),
        (f.DeclarationFacts(TOMORROW), "due"),
    ],
)
def test_a18_2_declaration_signed(facts, status):
    assert a.a18_2_declaration_signed(facts, T).status == status


@pytest.mark.duty("A18.2")
@pytest.mark.parametrize(
    ("signed_on", "allows"), [(None, False), (TOMORROW, False), (T, True), (YESTERDAY, True)]
)
def test_a18_2_may_be_shown(signed_on, allows):
    assert a.a18_2_may_be_shown(f.PersonFacts("p", declaration_on=signed_on), T).allows is allows
