"""Languages and written dates, with today handed in."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.web.kit import create
from tmr_app.regulation.verdicts import Message
from tmr_app.web import languages, presentation
from tools.messages import compile_all

TODAY = date(2026, 11, 17)


@pytest.fixture(scope="module")
def app() -> Flask:
    compile_all()
    return create()


@pytest.fixture
def reading(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("own", "cookie", "header", "chosen"),
    [
        ("en", "sq", "sr", "en"),
        (None, "sr_Latn", "en", "sr_Latn"),
        (None, None, "sr-Latn-RS, sr;q=0.9, en;q=0.8", "sr_Latn"),
        (None, None, "de-DE, bs;q=0.5, en;q=0.4", "sr_Latn"),
        (None, None, "en;q=0.3, sq;q=0.9", "sq"),
        (None, None, "hr", "sr_Latn"),
        (None, None, "en;q=0", "sq"),
        (None, None, "fr", "sq"),
        (None, None, "", "sq"),
        (None, None, ";;q=,q=x,en;q=nonsense", "sq"),
        ("xx", "../../etc", None, "sq"),
    ],
)
def test_language_chosen(own: str | None, cookie: str | None, header: str | None, chosen: str) -> None:
    assert languages.choose(own, cookie, header).key == chosen


def test_a_page_speaks_each_readers_language_whoever_read_it_first(app: Flask) -> None:
    """A label or an article written into a template as such is not kept as the first reader saw it."""
    page = app.jinja_env.from_string(
        '{{ "A13"|article }}, {{ ("in_process"|label)|upper }}, {{ "due"|status_word }}'
    )
    shown = {}
    for locale in ("en_GB", "sq_XK", "sr_Latn", "en_GB"):
        with app.test_request_context(), force_locale(locale):
            shown[locale] = page.render()
    assert shown["sq_XK"] == "Neni 13, NË PROCES, Afati po rrjedh"
    assert shown["en_GB"] == "Article 13, IN PROCESS, Due"
    assert len(set(shown.values())) == 3


@pytest.mark.parametrize(
    ("locale", "long", "short", "at"),
    [
        ("sq_XK", "e martë, 17 nëntor 2026", "17.11.2026", "e martë, 17 nëntor 2026, ora 00:30"),
        ("sr_Latn", "utorak, 17. novembar 2026.", "17.11.2026.", "utorak, 17. novembar 2026. u 00:30"),
        ("en_GB", "Tuesday 17 November 2026", "17\u00a0Nov\u00a02026", "Tuesday 17 November 2026 at 00:30"),
    ],
)
def test_dates_written_out(reading: None, locale: str, long: str, short: str, at: str) -> None:
    with force_locale(locale):
        assert presentation.day(TODAY) == long
        assert presentation.day_short(TODAY) == short
        assert presentation.instant(datetime(2026, 11, 16, 23, 30, tzinfo=UTC)) == at


def test_summer_and_winter_time(reading: None) -> None:
    assert presentation.time_of_day(datetime(2026, 7, 1, 10, 0, tzinfo=UTC)) == "12:00"
    assert presentation.time_of_day(datetime(2026, 12, 1, 10, 0, tzinfo=UTC)) == "11:00"
    assert presentation.time_of_day(time(9, 5)) == "09:05"


def test_instants_and_dates_are_not_mixed_up(reading: None) -> None:
    with pytest.raises(TypeError):
        presentation.day(datetime(2026, 11, 17, tzinfo=UTC))
    with pytest.raises(TypeError):
        presentation.instant(datetime(2026, 11, 17))


@pytest.mark.parametrize(
    ("locale", "on", "words"),
    [
        ("sq_XK", date(2026, 11, 17), "sot"),
        ("sq_XK", date(2026, 11, 18), "nesër"),
        ("sq_XK", date(2026, 11, 20), "edhe 3 ditë"),
        ("sq_XK", date(2026, 11, 15), "2 ditë me vonesë"),
        ("sr_Latn", date(2026, 11, 22), "još 5 dana"),
        ("sr_Latn", date(2026, 12, 8), "još 21 dan"),
        ("sr_Latn", date(2026, 11, 16), "1 dan kašnjenja"),
        ("en_GB", date(2026, 11, 16), "1 day late"),
    ],
)
def test_days_left(reading: None, locale: str, on: date, words: str) -> None:
    with force_locale(locale):
        assert presentation.days_left(on, TODAY) == words


def test_message_writes_its_dates_out(reading: None) -> None:
    with force_locale("sq_XK"):
        assert presentation.message(Message("Day")) == "Dita"
        assert presentation.message(Message("x %(on)s", on=TODAY)) == "x e martë, 17 nëntor 2026"
        assert presentation.message("plain 100%") == "plain 100%"
        assert presentation.message(None) == ""


def test_account_language_wins_over_the_browser(app: Flask) -> None:
    from flask import g

    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert presentation.html_lang() == "en"
    with app.test_request_context(headers={"Accept-Language": "en"}):
        g.user_language = "sr_Latn"
        assert presentation.html_lang() == "sr-Latn"
