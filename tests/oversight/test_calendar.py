"""The calendar and the personal feed: own things only, neutral words, an address that can be taken back."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.pages_kit import scene
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock
from tmr_app.kernel.db import Base
from tmr_app.kernel.links import Link
from tmr_app.oversight import calendar_entries

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp
    from tmr_app.web.app import TmrFlask

NOVEMBER = "/calendar?year=2026&month=11"


@pytest.fixture
def app(fresh_database_url: str, make_app: "MakeApp") -> Iterator["TmrFlask"]:
    with clock.fixed_at(mw.NOW):
        yield make_app(fresh_database_url)


def test_month_has_own_meetings_limits_and_holidays(app: "TmrFlask") -> None:
    here = scene(app.engine, convened=False)
    manager = SignedIn(app, here.case_manager)
    manager.get(NOVEMBER)
    marks = [one.get_text(strip=True) for one in manager.page.select("main li .tryeza-tag")]
    assert len(marks) == 2  # the day to send by, the meeting being prepared
    days = [str(one["datetime"]) for one in manager.page.select("main h3 time")]
    assert days == ["2026-11-13", "2026-11-17"]  # the 14th is a Saturday: send by Friday
    manager.get("/calendar?year=2026&month=2")
    days = [str(one["datetime"]) for one in manager.page.select("main h3 time")]
    assert days == ["2026-02-17"]  # independence
    police = SignedIn(app, here.police)
    police.get(NOVEMBER)
    assert here.code not in police.text  # not sent yet


def test_weeks_begin_on_monday_and_odd_months_are_this_month(app: "TmrFlask") -> None:
    here = scene(app.engine)
    police = SignedIn(app, here.police)
    police.get(NOVEMBER)
    assert str(police.page.select_one("table.tryeza-month tbody time")["datetime"]) == "2026-10-26"
    assert here.code in police.text
    for odd in ("?year=0&month=99", "?year=abc", "?month=-1"):
        answer = police.get("/calendar" + odd)
        assert answer.status_code == 200
        assert police.page.select_one("td[aria-current=date]")


def test_undeclared_member_is_led_to_the_declaration(app: "TmrFlask") -> None:
    here = scene(app.engine)
    school = SignedIn(app, here.school)
    school.get(NOVEMBER)
    links = [str(one["href"]) for one in school.page.select("main li a")]
    assert links == [f"/cases/{here.case_id}/declaration"]


def make_feed(app: "TmrFlask", person_id: Any) -> str:
    browser = SignedIn(app, person_id)
    browser.get(NOVEMBER)
    answer = browser.post("/calendar/feed")
    assert answer.status_code == 200, answer.text
    address = browser.page.select_one("code").get_text(strip=True)
    return "/feeds/" + address.rsplit("/", 1)[1]


def test_feed_is_neutral_and_revocable(app: "TmrFlask") -> None:
    here = scene(app.engine)
    path = make_feed(app, here.police)
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    (event,) = Calendar.from_ical(answer.data).events
    assert here.code in str(event["SUMMARY"])
    assert event.start.isoformat() == "2026-11-17T10:00:00+01:00"
    assert not event.attendees
    assert "ORGANIZER" not in event
    for canary in (*mw.CANARIES, here.number):
        assert canary not in answer.text
    second = make_feed(app, here.police)
    assert app.test_client().get(path).status_code == 404  # a new address ends the old one
    with work(app.engine) as session:
        rows = session.scalars(select(Link).where(Link.purpose == "calendar_feed")).all()
        assert len(rows) == 2
        token = second.removeprefix("/feeds/").removesuffix(".ics")
        assert all(token.encode() not in row.token_hash for row in rows)
    browser = SignedIn(app, here.police)
    browser.get(NOVEMBER)
    assert browser.post("/calendar/feed/revoke", hidden=False).status_code == 303
    assert app.test_client().get(second).status_code == 404
    assert app.test_client().get("/feeds/unknown.ics").status_code == 404


def test_feed_of_a_recused_member_is_empty_and_get_changes_nothing(app: "TmrFlask") -> None:
    here = scene(app.engine)
    path = make_feed(app, here.police)
    before = counts(app)
    assert len(Calendar.from_ical(app.test_client().get(path).data).events) == 1
    assert counts(app) == before
    with work(app.engine) as session:
        session.get_one(Seat, here.police_seat).recused_at = mw.NOW
    assert Calendar.from_ical(app.test_client().get(path).data).events == []


def counts(app: "TmrFlask") -> dict[str, int]:
    """Rows per table, audit and sessions apart."""
    with work(app.engine) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in ("audit_entry", "web_session")
        }


def test_grid_of_a_month() -> None:
    weeks = calendar_entries.month_grid(2026, 2, date(2026, 2, 1), [])
    assert weeks[0][0].on == date(2026, 1, 26)
    assert calendar_entries.grid_bounds(2026, 2) == (date(2026, 1, 26), date(2026, 3, 1))
    assert [len(week) for week in weeks] == [7] * 5
    assert [day.on for week in weeks for day in week if day.is_today] == [date(2026, 2, 1)]
