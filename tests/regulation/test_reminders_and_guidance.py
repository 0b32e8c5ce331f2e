"""When people are reminded; what the guide warns of."""

from datetime import UTC, datetime, timedelta
from datetime import date as d

import pytest

from tmr_app.regulation import guidance as g
from tmr_app.regulation import reminders as r

FRIDAY = d(2026, 11, 20)


def test_report_reminders_fall_on_working_days_and_escalate_after_the_limit():
    found = r.report_reminders(FRIDAY, d(2026, 11, 2))
    assert [(one.key, one.on) for one in found] == [
        ("report:before:7", d(2026, 11, 10)),
        ("report:before:2", d(2026, 11, 13)),  # the 15th is a Sunday
        ("report:before:0", d(2026, 11, 17)),
        ("report:escalate", d(2026, 11, 18)),
    ]


def test_who_was_asked_today_is_not_reminded_today():
    found = r.report_reminders(FRIDAY, d(2026, 11, 13))
    assert [one.key for one in found] == ["report:before:0", "report:escalate"]


@pytest.mark.parametrize(
    ("today", "sent", "keys"),
    [
        (d(2026, 11, 9), (), []),
        (d(2026, 11, 10), (), ["report:before:7"]),
        (d(2026, 11, 10), ("report:before:7",), []),
        (d(2026, 11, 16), (), ["report:before:2"]),
        (d(2026, 11, 18), ("report:before:0",), ["report:escalate"]),
        (d(2026, 11, 30), ("report:before:0", "report:escalate"), []),
    ],
)
def test_each_reminder_goes_out_once_and_no_backlog(today, sent, keys):
    found = r.due_today(r.report_reminders(FRIDAY, d(2026, 11, 2)), today, frozenset(sent))
    assert [one.key for one in found] == keys


@pytest.mark.parametrize(
    ("schedule", "escalates_on"),
    [
        (r.review_reminders(d(2026, 11, 17), d(2026, 10, 17)), d(2026, 11, 18)),
        (r.general_meeting_reminders(d(2026, 11, 17), d(2026, 8, 17)), d(2026, 11, 18)),
        (r.action_reminders(d(2026, 11, 17), d(2026, 10, 1)), d(2026, 11, 24)),
        (r.answer_reminders(d(2026, 11, 17), d(2026, 11, 9)), d(2026, 11, 16)),
        (r.initiation_reminders(d(2026, 11, 9)), d(2026, 11, 17)),
    ],
)
def test_every_schedule_escalates_last_and_keys_are_unique(schedule, escalates_on):
    assert schedule[-1].escalates
    assert schedule[-1].on == escalates_on
    assert not any(one.escalates for one in schedule[:-1])
    assert len({one.key for one in schedule}) == len(schedule)
    assert [one.on for one in schedule] == sorted(one.on for one in schedule)


@pytest.mark.duty("A14.3.1", "A14.3.3")
@pytest.mark.parametrize(
    ("planned_on", "before", "after"),
    [
        (d(2026, 1, 31), [d(2026, 1, 23), d(2026, 1, 30)], [d(2026, 2, 1), d(2026, 2, 4), d(2026, 2, 7)]),
        # a leap day; 28 February 2028 is free for Bajram
        (d(2028, 2, 29), [d(2028, 2, 22), d(2028, 2, 25)], [d(2028, 3, 1), d(2028, 3, 4), d(2028, 3, 7)]),
        (d(2028, 3, 1), [d(2028, 2, 23), d(2028, 2, 29)], [d(2028, 3, 2), d(2028, 3, 5), d(2028, 3, 8)]),
        # the clock goes forward; 20 March 2026 is free for Bajram
        (d(2026, 3, 29), [d(2026, 3, 19), d(2026, 3, 27)], [d(2026, 3, 30), d(2026, 4, 2), d(2026, 4, 5)]),
        # the clock goes back
        (
            d(2026, 10, 25),
            [d(2026, 10, 16), d(2026, 10, 23)],
            [d(2026, 10, 26), d(2026, 10, 29), d(2026, 11, 1)],
        ),
        # over the new year: 25 December and 1 January are free
        (d(2027, 1, 1), [d(2026, 12, 24), d(2026, 12, 31)], [d(2027, 1, 2), d(2027, 1, 5), d(2027, 1, 8)]),
    ],
)
def test_an_actions_requests_over_borders(planned_on, before, after):
    """Before it on working days, after it by the calendar, so that an action never waits longer for a holiday."""
    found = r.action_reminders(planned_on, d(2025, 1, 1))
    assert [one.on for one in found] == [*before, *after]
    assert [one.escalates for one in found] == [False] * 4 + [True]


@pytest.mark.duty("A14.3.1", "A14.3.2")
@pytest.mark.parametrize(
    ("silent_since", "again_on"),
    [
        (None, None),
        (d(2026, 11, 16), None),  # asked before the date
        (d(2026, 11, 20), None),  # asked late, but the fourth day after it is still to come
        (d(2026, 11, 21), d(2026, 11, 24)),
        (d(2027, 1, 30), d(2027, 2, 2)),  # given to this member two months after its date
    ],
)
def test_who_is_asked_late_is_asked_twice_all_the_same(silent_since, again_on):
    found = r.action_reminders(d(2026, 11, 17), d(2026, 10, 1), silent_since=silent_since)
    assert [one.on for one in found if one.key == "action:after:again"] == ([again_on] if again_on else [])
    assert found[-1].escalates


@pytest.mark.duty("A5.1.5")
@pytest.mark.parametrize(
    ("limit_on", "days"),
    [
        (d(2026, 2, 28), [d(2026, 2, 18), d(2026, 2, 25), d(2026, 3, 1)]),
        (d(2028, 2, 29), [d(2028, 2, 18), d(2028, 2, 25), d(2028, 3, 1)]),
        (d(2026, 3, 29), [d(2026, 3, 19), d(2026, 3, 26), d(2026, 3, 30)]),
        (d(2026, 10, 25), [d(2026, 10, 15), d(2026, 10, 22), d(2026, 10, 26)]),
        (d(2027, 1, 1), [d(2026, 12, 22), d(2026, 12, 29), d(2027, 1, 2)]),
    ],
)
def test_a_reviews_reminders_over_borders(limit_on, days):
    assert [one.on for one in r.review_reminders(limit_on, d(2025, 1, 1))] == days


START = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(("hours", "warns"), [(23, False), (24, False), (25, True)])
def test_g1_and_g2_within_24_hours(hours, warns):
    now = START + timedelta(hours=hours)
    assert g.g1_case_presented(START, None, now).warns is warns
    assert g.g2_case_manager_appointed(START, now, now + timedelta(days=9)).warns is warns


@pytest.mark.parametrize(("hours", "warns"), [(1, False), (2, False), (3, True)])
def test_g3a_within_2_hours(hours, warns):
    assert g.g3a_initial_assessment(START, None, START + timedelta(hours=hours)).warns is warns


@pytest.mark.parametrize(
    ("advise", "days"),
    [
        (g.g2b_guardian_appointed, 14),
        (g.g3b_comprehensive_assessment, 7),
        (g.g4_plan_of_services, 14),
        (g.g5a_home_visit, 7),
    ],
)
def test_limits_in_days(advise, days):
    start = d(2026, 11, 1)
    last = start + timedelta(days=days)
    assert advise(start, None, last).limit == last
    assert not advise(start, None, last).warns
    assert advise(start, None, last + timedelta(days=1)).warns
    assert not advise(start, last, last + timedelta(days=90)).warns


@pytest.mark.parametrize(
    ("advise", "last"),
    [
        (g.g5b_family_contact, d(2026, 2, 28)),
        (g.g6_plan_evaluated, d(2026, 4, 30)),
        (g.g5c_monitoring_visit, d(2026, 7, 31)),
    ],
)
def test_limits_in_months(advise, last):
    assert not advise(d(2026, 1, 31), last).warns
    assert advise(d(2026, 1, 31), last + timedelta(days=1)).warns


def test_the_rest_of_the_guide():
    assert g.g6b_invitation(d(2026, 12, 1), None, d(2026, 11, 18)).warns
    assert not g.g6b_invitation(d(2026, 12, 1), None, d(2026, 11, 17)).warns
    assert g.g3c_interview_length(46).warns
    assert not g.g3c_interview_length(45).warns
    assert g.g3d_protect_at_once(frozenset({"trafficking"})).warns
    assert not g.g3d_protect_at_once(frozenset({"abandonment"})).warns
    assert g.g7_medium_or_high_risk("low").warns
    assert not g.g7_medium_or_high_risk("medium").warns
    assert g.g2c_family_informed(d(2026, 1, 1), None, True).warns
    assert not g.g2c_family_informed(d(2026, 1, 1), d(2026, 1, 1), True).warns
    assert g.g5d_contact_sheet(3, 2).warns
    assert g.g8_after_monitoring(None, True, True).warns
    assert not g.g8_after_monitoring(d(2026, 1, 1), True, True).warns
