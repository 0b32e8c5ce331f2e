"""Civil dates, months, holidays and the limits of a meeting."""

import json
from datetime import UTC, datetime, time
from datetime import date as d

import pytest

from tmr_app.regulation.days import (
    AmbiguousTime,
    Calendar,
    LeadTooShort,
    NonexistentTime,
    add_months,
    age_on,
    civil_date,
    civil_instant,
    last_working_day_on_or_before,
    limits,
)
from tmr_app.regulation.printing import limits_json


@pytest.mark.parametrize(
    ("instant", "on"),
    [
        (datetime(2026, 11, 16, 22, 59, 59, tzinfo=UTC), d(2026, 11, 16)),
        (datetime(2026, 11, 16, 23, 0, tzinfo=UTC), d(2026, 11, 17)),
        (datetime(2026, 7, 1, 21, 59, 59, tzinfo=UTC), d(2026, 7, 1)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), d(2026, 7, 2)),
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), d(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), d(2026, 3, 30)),
        (datetime(2026, 10, 24, 22, 0, tzinfo=UTC), d(2026, 10, 25)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), d(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), d(2026, 10, 26)),
    ],
)
def test_civil_date_at_midnight_and_on_both_clock_changes(instant, on):
    assert civil_date(instant) == on


def test_a_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        civil_date(datetime(2026, 1, 1))


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
def test_b07_the_skipped_hour_does_not_exist(at):
    with pytest.raises(NonexistentTime):
        civil_instant(d(2026, 3, 29), at)


@pytest.mark.parametrize("at", [time(2, 0), time(2, 30), time(2, 59)])
def test_b08_the_doubled_hour_asks_first_or_second(at):
    with pytest.raises(AmbiguousTime):
        civil_instant(d(2026, 10, 25), at)
    first, second = (civil_instant(d(2026, 10, 25), at, fold) for fold in (0, 1))
    assert (second - first).total_seconds() == 3600


@pytest.mark.parametrize(
    ("on", "at", "hour"),
    [
        (d(2026, 3, 29), time(1, 59), 0),
        (d(2026, 3, 29), time(3, 0), 1),
        (d(2026, 10, 25), time(1, 59), 23),
        (d(2026, 10, 25), time(3, 0), 2),
        (d(2026, 11, 17), time(10, 0), 9),
    ],
)
def test_wall_times_around_the_changes(on, at, hour):
    instant = civil_instant(on, at)
    assert (instant.hour, instant.tzinfo) == (hour, UTC)
    assert civil_date(instant) == on


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (d(2026, 1, 31), 1, d(2026, 2, 28)),
        (d(2028, 1, 31), 1, d(2028, 2, 29)),
        (d(2026, 1, 28), 1, d(2026, 2, 28)),
        (d(2026, 3, 31), 1, d(2026, 4, 30)),
        (d(2026, 11, 30), 3, d(2027, 2, 28)),
        (d(2026, 12, 31), 1, d(2027, 1, 31)),
        (d(2026, 12, 15), 12, d(2027, 12, 15)),
    ],
)
def test_months(on, months, expected):
    assert add_months(on, months) == expected


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (d(2008, 11, 17), d(2026, 11, 16), 17),
        (d(2008, 11, 17), d(2026, 11, 17), 18),
        (d(2008, 2, 29), d(2026, 2, 27), 17),
        (d(2008, 2, 29), d(2026, 2, 28), 18),
    ],
)
def test_age(birth, on, age):
    assert age_on(birth, on) == age


@pytest.mark.parametrize(
    ("meeting", "lead", "limit", "send_by", "names"),
    [
        (d(2026, 11, 20), 3, d(2026, 11, 17), d(2026, 11, 17), []),
        (d(2026, 11, 17), 3, d(2026, 11, 14), d(2026, 11, 13), ["e shtunë"]),
        (d(2026, 11, 18), 3, d(2026, 11, 15), d(2026, 11, 13), ["e shtunë", "e diel"]),
        (d(2026, 11, 19), 3, d(2026, 11, 16), d(2026, 11, 16), []),
        (d(2026, 5, 4), 3, d(2026, 5, 1), d(2026, 4, 30), ["Dita Ndërkombëtare e Punës"]),
        # weekend and holidays together: 1 and 2 January, then a weekend
        (d(2027, 1, 6), 3, d(2027, 1, 3), d(2026, 12, 31), ["Viti i Ri", "Viti i Ri", "e diel"]),
        (d(2026, 3, 31), 3, d(2026, 3, 28), d(2026, 3, 27), ["e shtunë"]),
        (d(2026, 10, 28), 3, d(2026, 10, 25), d(2026, 10, 23), ["e shtunë", "e diel"]),
        (d(2028, 3, 3), 3, d(2028, 2, 29), d(2028, 2, 29), []),
        (d(2026, 12, 1), 14, d(2026, 11, 17), d(2026, 11, 17), []),
    ],
)
def test_limits(meeting, lead, limit, send_by, names):
    found = limits(meeting, lead)
    assert (found.notice_limit_on, found.send_by_on) == (limit, send_by)
    assert [name for _, name in found.non_working] == names
    assert found.report_limit_on == d.fromordinal(meeting.toordinal() - 3)


@pytest.mark.parametrize("lead", [2, 1, 0, -1])
def test_a_lead_below_three_is_refused_naming_the_article(lead):
    with pytest.raises(LeadTooShort, match=r"A8\.3"):
        limits(d(2026, 11, 20), lead)


def test_an_administrator_corrects_the_holidays():
    eid = d(2026, 3, 20)
    assert not Calendar().is_working(eid)
    corrected = Calendar(added=((d(2026, 3, 19), "Bajrami"),), removed=frozenset({eid}))
    assert corrected.is_working(eid)
    assert corrected.non_working_name(d(2026, 3, 19)) == "Bajrami"
    assert last_working_day_on_or_before(d(2026, 3, 19), corrected) == d(2026, 3, 18)


def test_removing_a_holiday_leaves_a_weekend_free():
    assert not Calendar(removed=frozenset({d(2026, 4, 5)})).is_working(d(2026, 4, 5))


@pytest.mark.parametrize(("locale", "name"), [("sq", "e shtunë"), ("sr_Latn", "subota"), ("en", "Saturday")])
def test_names_in_three_languages(locale, name):
    assert Calendar(locale).non_working_name(d(2026, 11, 14)) == name


def test_limits_as_json():
    printed = limits_json(limits(d(2026, 11, 17)))
    assert json.loads(json.dumps(printed)) == {
        "meeting_on": "2026-11-17",
        "lead_days": 3,
        "notice_limit_on": "2026-11-14",
        "report_limit_on": "2026-11-14",
        "send_by_on": "2026-11-13",
        "non_working": [{"on": "2026-11-14", "name": "e shtunë"}],
        "articles": ["A8.3", "A8.7", "A8.9"],
    }


def test_a_date_before_the_calendar_is_an_error_with_a_sentence():
    with pytest.raises(ValueError, match="calendar"):
        limits(d(1, 1, 3))
