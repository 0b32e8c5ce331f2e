"""Situation tables of Article 8: when a meeting is owed, its notice, papers and reports."""

from dataclasses import replace
from datetime import date as d

import pytest

from tmr_app.regulation import articles as a
from tmr_app.regulation import facts as f
from tmr_app.regulation.days import LeadTooShort
from tmr_app.regulation.reminders import unreached_turns_red

T = d(2026, 11, 17)  # a Tuesday
FRIDAY = d(2026, 11, 20)
AGREED = f.NoticeFacts(FRIDAY, agreed_for_on=FRIDAY, agreed_on=d(2026, 11, 10))


@pytest.mark.duty("A8.1")
@pytest.mark.parametrize(
    ("planned", "met", "status"),
    [
        (None, None, "due"),
        (T, None, "due"),
        (d(2026, 11, 16), None, "overdue"),
        (None, d(2026, 11, 1), "met"),
        (None, d(2026, 10, 31), "due"),
        (None, d(2026, 11, 18), "due"),
    ],
)
def test_a8_1_meeting_for_case(planned, met, status):
    facts = f.OccasionFacts("referral", d(2026, 11, 1), planned, met)
    assert a.a8_1_meeting_for_case(facts, T).status == status


@pytest.mark.duty("A8.2")
@pytest.mark.parametrize(
    ("registered", "held", "months", "today", "due_on", "status"),
    [
        (d(2026, 8, 17), (), 3, d(2026, 11, 16), d(2026, 11, 17), "due"),
        (d(2026, 8, 17), (), 3, d(2026, 11, 17), d(2026, 11, 17), "due"),
        (d(2026, 8, 17), (), 3, d(2026, 11, 18), d(2026, 11, 17), "overdue"),
        (d(2026, 11, 30), (), 3, d(2027, 2, 28), d(2027, 2, 28), "due"),
        (d(2026, 11, 30), (), 3, d(2027, 3, 1), d(2027, 2, 28), "overdue"),
        (d(2027, 11, 30), (), 3, d(2028, 2, 29), d(2028, 2, 29), "due"),
        (d(2026, 1, 1), (d(2026, 9, 1),), 3, d(2026, 11, 18), d(2026, 12, 1), "due"),
        (d(2026, 9, 1), (), 2, d(2026, 11, 2), d(2026, 11, 1), "overdue"),
        (d(2026, 8, 17), (), 6, d(2026, 11, 18), d(2026, 11, 17), "overdue"),
    ],
)
def test_a8_2_general_meeting_quarterly(registered, held, months, today, due_on, status):
    facts = f.GeneralMeetingFacts(registered, held, interval_months=months)
    verdict = a.a8_2_general_meeting_quarterly(facts, today)
    assert (verdict.status, verdict.due_on) == (status, due_on)


def test_a8_2_past_meetings_show_the_late_one():
    facts = f.GeneralMeetingFacts(d(2026, 1, 1), (d(2026, 4, 1), d(2026, 7, 2), d(2026, 10, 2)))
    assert [one.status for one in a.a8_2_past_general_meetings(facts, T)] == ["met", "met_late", "met"]


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize(
    ("today", "status", "allows"),
    [
        (d(2026, 11, 16), "due", True),
        (d(2026, 11, 17), "due", True),
        (d(2026, 11, 18), "overdue", False),
        (d(2026, 11, 20), "overdue", False),
        (d(2026, 11, 21), "not_met", False),
    ],
)
def test_a8_3_before_sending(today, status, allows):
    verdict = a.a8_3_notice_in_time(AGREED, today)
    assert (verdict.status, verdict.allows) == (status, allows)


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize(
    ("meeting", "sent", "status"),
    [
        (FRIDAY, d(2026, 11, 16), "met"),
        (FRIDAY, d(2026, 11, 17), "met"),
        (FRIDAY, d(2026, 11, 18), "met_late"),
        (FRIDAY, d(2026, 11, 20), "met_late"),
        (FRIDAY, d(2026, 11, 21), "not_met"),
        (d(2026, 3, 31), d(2026, 3, 28), "met"),  # over the spring change of the clock
        (d(2026, 3, 31), d(2026, 3, 29), "met_late"),
        (d(2026, 10, 27), d(2026, 10, 24), "met"),  # over the autumn change
        (d(2026, 10, 27), d(2026, 10, 25), "met_late"),
        (d(2026, 3, 2), d(2026, 2, 27), "met"),
        (d(2026, 3, 2), d(2026, 2, 28), "met_late"),
        (d(2028, 3, 2), d(2028, 2, 28), "met"),
        (d(2028, 3, 2), d(2028, 2, 29), "met_late"),
        (d(2027, 1, 2), d(2026, 12, 30), "met"),
        (d(2027, 1, 2), d(2026, 12, 31), "met_late"),
        (d(2026, 11, 17), d(2026, 11, 14), "met"),  # the limit is a Saturday: legality counts calendar days
        (d(2026, 11, 17), d(2026, 11, 15), "met_late"),
        (d(2027, 1, 4), d(2027, 1, 1), "met"),  # the limit is a holiday
    ],
)
def test_a8_3_after_sending(meeting, sent, status):
    facts = f.NoticeFacts(meeting, agreed_for_on=meeting, agreed_on=d(2026, 1, 1), sent_on=sent)
    assert a.a8_3_notice_in_time(facts, d(2029, 1, 1)).status == status


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize(
    ("facts", "today", "status", "allows"),
    [
        (f.NoticeFacts(FRIDAY), d(2026, 11, 10), "not_met", False),
        (replace(AGREED, agreed_for_on=d(2026, 11, 19)), d(2026, 11, 10), "not_met", False),
        (replace(AGREED, sent_on=d(2026, 11, 9)), T, "not_met", False),  # agreed only after sending
        (replace(AGREED, has_agenda=False), d(2026, 11, 10), "not_met", False),
        (replace(AGREED, has_information=False), d(2026, 11, 10), "not_met", False),
        (replace(AGREED, late_reason="the police asked today"), d(2026, 11, 18), "met_late", True),
        (replace(AGREED, late_reason="  "), d(2026, 11, 18), "overdue", False),
        (f.NoticeFacts(FRIDAY, extraordinary=True), d(2026, 11, 18), "not_met", False),
        (f.NoticeFacts(FRIDAY, extraordinary=True, risk_stated="threat"), d(2026, 11, 20), "due", True),
        (
            f.NoticeFacts(FRIDAY, extraordinary=True, risk_stated="threat", sent_on=d(2026, 11, 20)),
            d(2026, 11, 21),
            "waived",
            True,
        ),
        (f.NoticeFacts(FRIDAY, general=True), T, "due", True),
        (f.NoticeFacts(FRIDAY, general=True), d(2026, 11, 18), "overdue", False),
        (replace(AGREED, lead_days=14), d(2026, 11, 6), "due", True),
        (replace(AGREED, lead_days=14), d(2026, 11, 10), "overdue", False),
        (replace(AGREED, lead_days=14, sent_on=d(2026, 11, 17)), FRIDAY, "met", True),
        (f.NoticeFacts(FRIDAY, cancelled=True), d(2026, 11, 30), "waived", True),
    ],
)
def test_a8_3_agreement_papers_and_exceptions(facts, today, status, allows):
    verdict = a.a8_3_notice_in_time(facts, today)
    assert (verdict.status, verdict.allows) == (status, allows)


def test_a8_3_offers_lawful_ways_and_the_breach_apart():
    verdict = a.a8_3_notice_in_time(AGREED, d(2026, 11, 18))
    ways = {way.key: way.on for way in verdict.ways_out}
    assert ways == {"earliest_date": d(2026, 11, 21), "extraordinary": None}
    assert verdict.breach_offer is not None
    assert verdict.breach_offer.key == "send_late"
    again = replace(AGREED, meeting_on=d(2026, 11, 21), agreed_for_on=d(2026, 11, 21))
    assert a.a8_3_notice_in_time(again, d(2026, 11, 18)).allows
    assert verdict.counted is not None


def test_a8_3_no_lead_below_the_law():
    with pytest.raises(LeadTooShort, match=r"A8\.3"):
        a.a8_3_notice_in_time(replace(AGREED, lead_days=2), T)


@pytest.mark.parametrize(
    ("reached", "today", "red"),
    [
        (False, d(2026, 11, 16), False),
        (False, d(2026, 11, 17), True),
        (False, d(2026, 11, 18), True),
        (True, d(2026, 11, 18), False),
    ],
)
def test_a8_3_unreached_member_turns_the_meeting_red(reached, today, red):
    assert unreached_turns_red(FRIDAY, reached, today) is red


@pytest.mark.parametrize(("today", "red"), [(d(2026, 11, 18), False), (d(2026, 11, 19), True)])
def test_an_extraordinary_meeting_turns_red_by_its_own_day(today, red):
    """A14.5: its shorter notice is lawful, so nothing is late while its day is ahead."""
    assert unreached_turns_red(FRIDAY, False, today, extraordinary=True) is red


def test_a_longer_notice_of_the_municipality_turns_red_earlier():
    assert unreached_turns_red(FRIDAY, False, d(2026, 11, 6), lead_days=14)
    assert not unreached_turns_red(FRIDAY, False, d(2026, 11, 6))


@pytest.mark.duty("A8.4")
@pytest.mark.parametrize(
    ("facts", "status", "told"),
    [
        (f.InitiationFacts(d(2026, 11, 10), "new injury"), "due", False),
        (f.InitiationFacts(d(2026, 11, 9), "new injury"), "due", True),
        (f.InitiationFacts(d(2026, 11, 9), "new injury", called_on=T), "met", False),
        (f.InitiationFacts(d(2026, 11, 9), "new injury", withdrawn_on=T), "waived", False),
        (f.InitiationFacts(d(2026, 11, 9), " "), "not_met", False),
    ],
)
def test_a8_4_requested_meeting_called(facts, status, told):
    verdict = a.a8_4_requested_meeting_called(facts, T)
    assert verdict.status == status
    assert ("head" in str(verdict.reason)) is told


PACK = f.PackFacts(FRIDAY, True, True)


@pytest.mark.duty("A8.7")
@pytest.mark.parametrize(
    ("facts", "today", "status"),
    [
        (PACK, d(2026, 11, 17), "due"),
        (PACK, d(2026, 11, 18), "overdue"),
        (replace(PACK, sent_on=d(2026, 11, 17)), FRIDAY, "met"),
        (replace(PACK, sent_on=d(2026, 11, 18)), FRIDAY, "met_late"),
        (replace(PACK, has_plan=False), d(2026, 11, 10), "not_met"),
        (replace(PACK, has_assessment=False), d(2026, 11, 10), "not_met"),
        (f.PackFacts(FRIDAY, risk_case=True, waiver_reason="found last night"), T, "waived"),
        (f.PackFacts(FRIDAY, risk_case=False, waiver_reason="found last night"), T, "not_met"),
        (f.PackFacts(FRIDAY, risk_case=True, waiver_reason=" "), T, "not_met"),
        (replace(PACK, extraordinary=True, risk_stated="threat"), d(2026, 11, 19), "due"),
        (replace(PACK, late_reason="illness"), d(2026, 11, 19), "met_late"),
    ],
)
def test_a8_7_papers_in_time(facts, today, status):
    verdict = a.a8_7_papers_in_time(facts, today)
    assert (verdict.duty, verdict.status) == ("A8.7", status)


@pytest.mark.parametrize(("risk", "offered"), [(True, True), (False, False)])
def test_a8_7_offers_the_waiver_for_a_risk_case_only(risk, offered):
    verdict = a.a8_7_papers_in_time(f.PackFacts(FRIDAY, risk_case=risk), T)
    assert ("a8_8" in [way.key for way in verdict.ways_out]) is offered


@pytest.mark.duty("A8.8")
@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (f.WaiverFacts(), "waived"),
        (f.WaiverFacts(True, False, "night"), "not_met"),
        (f.WaiverFacts(True, True, ""), "not_met"),
        (f.WaiverFacts(True, True, "night", T), "due"),
        (f.WaiverFacts(True, True, "night", T, True, False), "not_met"),
        (f.WaiverFacts(True, True, "night", T, True, True), "met"),
        (f.WaiverFacts(True, True, "night"), "due"),
    ],
)
def test_a8_8_information_in_meeting(facts, status):
    assert a.a8_8_information_in_meeting(facts, T).status == status


@pytest.mark.duty("A8.9")
@pytest.mark.parametrize(
    ("facts", "today", "status"),
    [
        (f.ReportFacts(FRIDAY), d(2026, 11, 16), "due"),
        (f.ReportFacts(FRIDAY), d(2026, 11, 17), "due"),
        (f.ReportFacts(FRIDAY), d(2026, 11, 18), "overdue"),
        (f.ReportFacts(FRIDAY, d(2026, 11, 17)), FRIDAY, "met"),
        (f.ReportFacts(FRIDAY, d(2026, 11, 18)), FRIDAY, "met_late"),
        (f.ReportFacts(FRIDAY, FRIDAY), FRIDAY, "met_late"),
        (f.ReportFacts(FRIDAY, first_meeting=True), d(2026, 11, 18), "waived"),
        (f.ReportFacts(FRIDAY, extraordinary=True), d(2026, 11, 18), "waived"),
        (f.ReportFacts(FRIDAY, involved=False), d(2026, 11, 18), "waived"),
    ],
)
def test_a8_9_report_in_time(facts, today, status):
    assert a.a8_9_report_in_time(facts, today).status == status


@pytest.mark.parametrize(
    ("filed", "text"),
    [(d(2026, 11, 13), "Done on"), (d(2026, 11, 14), "addition"), (FRIDAY, "not before the meeting")],
)
def test_a8_9_after_the_freeze_it_is_an_addition(filed, text):
    facts = f.ReportFacts(FRIDAY, filed, frozen_on=d(2026, 11, 13))
    assert text in str(a.a8_9_report_in_time(facts, FRIDAY).reason)
