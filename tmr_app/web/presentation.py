"""Jinja filters and globals: dates written out, days left, messages, labels; `register(app)` installs them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from tmr_app.kernel import clock
from tmr_app.kernel.page_texts import gettext, ngettext
from tmr_app.web import languages
from tmr_app.web.field_presentation import FIELD_GLOBALS

CIVIL = ZoneInfo("Europe/Belgrade")

_LONG = {"sq": "EEEE, d MMMM y", "sr_Latn": "EEEE, d. MMMM y.", "en": "EEEE d MMMM y"}
_SHORT = {"sq": "dd.MM.y", "sr_Latn": "dd.MM.y.", "en": "d\u00a0MMM\u00a0y"}
"""For narrow columns: no blank at which a day could break."""
_MONTH = {"sq": "MMMM y", "sr_Latn": "MMMM y.", "en": "MMMM y"}


def _written(on: date, patterns: dict[str, str]) -> str:
    language = languages.current()
    return _formatted(on, patterns[language.key], language.locale)


@lru_cache(maxsize=4096)
def _formatted(on: date, pattern: str, locale: str) -> str:
    """A list writes the same few hundred days again and again; Babel reads the pattern anew each time."""
    return format_date(on, pattern, locale=locale)


def day(on: date | None) -> str:
    """A civil date written out: "e martë, 17 nëntor 2026". An instant is refused: use `instant`."""
    if on is None:
        return ""
    if isinstance(on, datetime):
        raise TypeError("an instant has no civil date of its own: use |instant")
    return _written(on, _LONG)


def day_short(on: date | None) -> str:
    """A civil date for narrow columns: "17.11.2026"."""
    if isinstance(on, datetime):
        raise TypeError("an instant has no civil date of its own: use |instant_short")
    return _written(on, _SHORT) if on else ""


def month(on: date) -> str:
    """Month and year: "nëntor 2026"."""
    return _written(on, _MONTH)


def time_of_day(value: time | datetime | None) -> str:
    """24-hour time; an aware instant is shown in Kosovo's civil time."""
    if value is None:
        return ""
    return (_civil(value) if isinstance(value, datetime) else value).strftime("%H:%M")


def _civil(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    return at.astimezone(CIVIL)


def instant(at: datetime | None, zone: bool = False) -> str:
    """An aware instant in civil local time; `zone` adds "(local time)", never the zone database's name."""
    if at is None:
        return ""
    civil = _civil(at)
    text = str(gettext("%(day)s at %(time)s", day=day(civil.date()), time=civil.strftime("%H:%M")))
    return str(gettext("%(instant)s (local time)", instant=text)) if zone else text


def instant_short(at: datetime | None) -> str:
    """An aware instant for tables: "17.11.2026, 14:30"."""
    if at is None:
        return ""
    civil = _civil(at)
    return f"{day_short(civil.date())}, {civil.hour:02}:{civil.minute:02}"


class ShortDates:
    """`day_short`, `instant_short`, `days_left` and `due_date` for the many rows of one page: its language is asked once."""

    def __init__(self, today: date) -> None:
        language = languages.current()
        self._today, self._key, self._locale = today, language.key, language.locale
        self._pattern = _SHORT[language.key]

    def day(self, on: date) -> str:
        return _formatted(on, self._pattern, self._locale)

    def instant(self, at: datetime) -> str:
        civil = _civil(at)
        return f"{self.day(civil.date())}, {civil.hour:02}:{civil.minute:02}"

    def left(self, on: date) -> str:
        return _left((on - self._today).days, self._key)

    def due(self, on: date) -> Markup:
        return _due(on, self._today, self._key)


def iso(value: date | datetime) -> str:
    """For `<time datetime>`: an instant with its offset, a date plain."""
    return (_civil(value) if isinstance(value, datetime) else value).isoformat()


def days_left(on: date | None, today: date | None = None) -> str:
    """Calendar days until `on`: "today", "tomorrow", "3 days left", "2 days late"."""
    if on is None:
        return ""
    return _left((on - (today or clock.civil_today())).days, languages.current().key)


@lru_cache(maxsize=4096)
def _left(left: int, _language: str) -> str:
    """A list of duties has few different numbers of days, each written many times; `_language` is the page's own."""
    if left < 0:
        return str(ngettext("%(num)s day late", "%(num)s days late", -left))
    if left == 0:
        return str(gettext("today"))
    if left == 1:
        return str(gettext("tomorrow"))
    return str(ngettext("%(num)s day left", "%(num)s days left", left))


def number(value: float) -> str:
    """A number in the reader's writing."""
    return format_decimal(value, locale=languages.current().locale)


def message(text: Any) -> str:
    """A rule's `Message` in the reader's language; plain and lazy strings pass through."""
    if text is None:
        return ""
    if hasattr(text, "render"):
        return str(text.render(gettext, languages.current().key, day))
    return str(text)


def deed(tag: str) -> str:
    """What a tag of the log means ("seat:given"); a tag without words stays itself."""
    from tmr_app.cases.panels import words_of

    return message(words_of(tag) or tag)


def label(key: Any) -> str:
    """The catalogue's label of a key (seat, risk, status, ground) in the reader's language."""
    from tmr_app.regulation import catalogue

    return catalogue.label(str(getattr(key, "value", key)), languages.current().key)


def article(duty: str) -> str:
    """ "A8.3" as "Neni 8, paragrafi 3"."""
    from tmr_app.regulation.verdicts import article_label

    return article_label(duty, languages.current().key)


def duty_title(duty: str) -> str:
    """What a duty asks, in the reader's language."""
    return _title(duty, languages.current().key)


@lru_cache(maxsize=1024)
def _title(duty: str, _language: str) -> str:
    """`_language` is the page's own."""
    from tmr_app.regulation import duties

    return message(duties.duty(duty).title)


def status_word(status: Any) -> str:
    """The word of a verdict's status."""
    words = {
        "met": lambda: gettext("Met"),
        "met_late": lambda: gettext("Met late"),
        "not_met": lambda: gettext("Not met"),
        "due": lambda: gettext("Due"),
        "overdue": lambda: gettext("Overdue"),
        "waived": lambda: gettext("Not owed"),
    }
    return str(words[str(getattr(status, "value", status))]())


def task_word(state: str) -> str:
    """The word of a task's state on a preparation page."""
    words = {
        "not_started": lambda: gettext("Not started"),
        "in_progress": lambda: gettext("In progress"),
        "done": lambda: gettext("Done"),
        "blocked": lambda: gettext("Blocked"),
        "cannot_start": lambda: gettext("Cannot start yet"),
    }
    return str(words[state]())


def html_lang() -> str:
    """The `lang` attribute of the page."""
    return languages.current().html


def tag(text: object, look: str = "plain") -> Markup:
    """A state's word in its colour (`components/status.html`)."""
    kind = "" if look == "plain" else f" tryeza-tag--{escape(look)}"
    return Markup(f'<strong class="tryeza-tag{kind}">{escape(text)}</strong>')  # noqa: S704 -- both escaped


def due_date(on: date | None, today: date | None = None) -> Markup:
    """A date written out with the days left beside it (`components/status.html`)."""
    if not on:
        return Markup("")
    return _due(on, today or clock.civil_today(), languages.current().key)


@lru_cache(maxsize=4096)
def _due(on: date, today: date, _language: str) -> Markup:
    """A list of duties has few different days, each written many times; `_language` is the page's own."""
    written, left = escape(day(on)), escape(days_left(on, today))
    return Markup(f'<time datetime="{iso(on)}">{written}</time> <span class="tryeza-days">({left})</span>')  # noqa: S704


_CELL = re.compile(r"<(tr|td|th)\b")


def cells_named(rows: Markup, heads: Sequence[Any]) -> Markup:
    """Each plain cell of these rows with the name of its column, which a phone shows before it (`data-label`)."""
    titles = [str(one["text"] if isinstance(one, Mapping) else one) for one in heads]
    names = [escape(one.removesuffix("?")) for one in titles]  # a colon follows it
    place = -1

    def named(found: re.Match[str]) -> str:
        nonlocal place
        if found.group(1) == "tr":
            place = -1
            return found.group()
        place += 1
        if found.group(1) == "th" or not 0 < place < len(names) or not names[place]:
            return found.group()
        return f'<td data-label="{names[place]}"'

    return Markup(_CELL.sub(named, str(rows)))  # noqa: S704 -- drawn by our own templates, names escaped


def lines(points: list[float], width: int, height: int) -> Iterator[tuple[float, float]]:
    """Points of a line chart inside a box, the greatest value at the top."""
    top = max([*points, 1])
    step = width / max(len(points) - 1, 1)
    for place, value in enumerate(points):
        yield round(place * step, 1), round(height - height * value / top, 1)


def whole(code: str) -> Markup:
    """A meeting's code in a heading: a browser would break it after its hyphen."""
    return Markup('<span class="tryeza-whole">{}</span>').format(code)


FILTERS: dict[str, Callable[..., Any]] = {
    "day": day,
    "day_short": day_short,
    "month": month,
    "time_of_day": time_of_day,
    "instant": instant,
    "instant_short": instant_short,
    "iso": iso,
    "days_left": days_left,
    "number": number,
    "message": message,
    "label": label,
    "deed": deed,
    "article": article,
    "duty_title": duty_title,
    "status_word": status_word,
    "task_word": task_word,
    "cells_named": cells_named,
    "whole": whole,
}


def _in_each_language(written: Callable[..., Any]) -> Callable[..., Any]:
    """Jinja works `"A5.1.5"|article` out when it compiles the page: every reader would get the first one's language.

    A filter that asks for the page's context is worked out for each page.
    """

    @pass_context
    def asked(_page: Context, *values: Any, **more: Any) -> Any:
        return written(*values, **more)

    return asked


def register(app: Flask) -> None:
    """Install filters and globals. `home_url` may be replaced afterwards."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update({name: _in_each_language(one) for name, one in FILTERS.items()})
    app.jinja_env.tests["longer_than"] = lambda text, length: len(text) > length
    app.jinja_env.globals.update(
        **FIELD_GLOBALS,
        html_lang=html_lang,
        languages=lambda: languages.LANGUAGES,
        chart_points=lines,
        tag_drawn=tag,
        due_date_drawn=due_date,
    )
    app.jinja_env.globals.setdefault("home_url", lambda: "/")
