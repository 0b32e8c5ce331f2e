"""Civil dates in Europe/Belgrade, months, holidays and the limits of a meeting.

Duties count dates, not hours: "three days before the date" is the meeting's date minus 3 calendar days.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tmr_app.regulation.catalogue import language
from tmr_app.regulation.verdicts import Message

BELGRADE = ZoneInfo("Europe/Belgrade")
NOTICE_DAYS = 3  # A8.3, A8.7 and A8.9: the law's minimum
_LIBRARY_LANGUAGE = {"sq": "sq", "sr": "sr", "en": "en_US"}
_WEEKEND = {
    "sq": {5: "e shtunë", 6: "e diel"},
    "sr": {5: "subota", 6: "nedelja"},
    "en": {5: "Saturday", 6: "Sunday"},
}


class _Refused(ValueError):
    """A value that cannot be counted with; `text` says why, for translation."""

    def __init__(self, text: Message) -> None:
        super().__init__(str(text))
        self.text = text


class NonexistentTime(_Refused):
    """A wall time that the spring change of the clock skips."""


class AmbiguousTime(_Refused):
    """A wall time that the autumn change of the clock shows twice; ask first or second."""


class LeadTooShort(_Refused):
    """Fewer days of notice than A8.3 allows."""

    article = "A8.3"


def civil_date(instant: datetime) -> date:
    """The date on the wall in Kosovo at an aware instant; ValueError for a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(BELGRADE).date()


def civil_instant(on: date, at: time, fold: int | None = None) -> datetime:
    """The UTC instant of a wall time in Kosovo. `fold` 0 or 1 = first or second of a doubled hour.

    Raises NonexistentTime, or AmbiguousTime when the hour is doubled and `fold` is None.
    """
    first = datetime.combine(on, at.replace(tzinfo=None, fold=0), BELGRADE)
    second = first.replace(fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(BELGRADE).replace(tzinfo=None) != first.replace(tzinfo=None):
            text = Message(
                "%(time)s on %(on)s does not exist: the clock goes forward.", time=f"{at:%H:%M}", on=on
            )
            raise NonexistentTime(text)
        if fold is None:
            text = Message(
                "%(time)s on %(on)s comes twice: the clock goes back. Choose the first or the second.",
                time=f"{at:%H:%M}",
                on=on,
            )
            raise AmbiguousTime(text)
    return (second if fold else first).astimezone(UTC)


def minus_days(on: date, days: int) -> date:
    """The date so many calendar days earlier."""
    return on - timedelta(days=days)


def add_months(on: date, months: int) -> date:
    """The same day of a later month; its last day where there is no such day (31 Jan + 1 = 28 or 29 Feb)."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def age_on(birth_on: date, on: date) -> int:
    """Full years of age; a birthday of 29 February falls on the 28th in a common year, as months are counted."""
    return on.year - birth_on.year - (add_months(birth_on, 12 * (on.year - birth_on.year)) > on)


@cache
def _library_holidays(year: int, library_language: str) -> dict[date, str]:
    import holidays  # 0.3 s to import: only where dates are shown

    found = holidays.country_holidays("XK", years=year, language=library_language)
    return {on: name for on, name in found.items() if on.year == year}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Non-working days of Kosovo: weekends, the library's holidays, an administrator's corrections.

    `removed` takes a holiday of the library away (an Eid that was only an estimate); `added` wins over it.
    """

    locale: str = "sq"
    added: tuple[tuple[date, str], ...] = ()
    removed: frozenset[date] = frozenset()

    def non_working_name(self, on: date) -> str | None:
        """The holiday's name, else the weekday's for a weekend, else None: a working day."""
        short = language(self.locale)
        for day, name in self.added:
            if day == on:
                return name
        if on not in self.removed:
            holiday = _library_holidays(on.year, _LIBRARY_LANGUAGE[short]).get(on)
            if holiday:
                return holiday
        return _WEEKEND[short].get(on.weekday())

    def is_working(self, on: date) -> bool:
        return self.non_working_name(on) is None


def last_working_day_on_or_before(on: date, calendar: Calendar) -> date:
    """The date itself when it is a working day, else the nearest one before it."""
    while not calendar.is_working(on):
        on = minus_days(on, 1)
    return on


@dataclass(frozen=True, slots=True)
class Limits:
    """The dates of one meeting; `non_working`: days stepped over between the legal limit and the send-by day."""

    meeting_on: date
    lead_days: int
    notice_limit_on: date
    report_limit_on: date
    send_by_on: date
    non_working: tuple[tuple[date, str], ...]
    articles: tuple[str, ...] = ("A8.3", "A8.7", "A8.9")


def notice_limit(meeting_on: date, lead_days: int = NOTICE_DAYS) -> date:
    """The last day for the notice; LeadTooShort (A8.3) for fewer than 3 days, ValueError before year 1."""
    if lead_days < NOTICE_DAYS:
        text = Message(
            "A8.3: the notice goes out at least %(least)s days before the date of the meeting; %(given)s is too few.",
            least=NOTICE_DAYS,
            given=lead_days,
        )
        raise LeadTooShort(text)
    if lead_days >= meeting_on.toordinal():
        raise ValueError("The calendar does not go back that far: take a later date or fewer days.")
    return minus_days(meeting_on, lead_days)


def report_limit(meeting_on: date) -> date:
    """The last day for the members' written reports (A8.9): three days before the meeting."""
    return minus_days(meeting_on, NOTICE_DAYS)


def limits(meeting_on: date, lead_days: int = NOTICE_DAYS, calendar: Calendar | None = None) -> Limits:
    """The last lawful day, the send-by day and the report day for a meeting; LeadTooShort below 3 days.

    A stricter lead time moves the notice only: A8.9 gives the members until 3 days before the meeting.
    """
    calendar = calendar or Calendar()
    limit_on = notice_limit(meeting_on, lead_days)
    send_by_on = last_working_day_on_or_before(limit_on, calendar)
    stepped = []
    on = limit_on
    while on > send_by_on:
        stepped.append((on, calendar.non_working_name(on) or ""))
        on = minus_days(on, 1)
    return Limits(
        meeting_on,
        lead_days,
        limit_on,
        minus_days(meeting_on, NOTICE_DAYS),
        send_by_on,
        tuple(reversed(stepped)),
    )
