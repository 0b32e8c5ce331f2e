"""Form fields for a civil date (three boxes) and a wall-clock time; both give back what was typed."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any, NamedTuple

from flask_babel import gettext, lazy_gettext
from wtforms import Field, StringField
from wtforms.validators import StopValidation

FIRST_YEAR, LAST_YEAR = 1900, 2199
_PARTS = ("day", "month", "year")


class Box(NamedTuple):
    """One of the three boxes, ready for the macro."""

    part: str
    id: str
    name: str
    label: str
    value: str
    width: int


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 4 else None


def civil_date(day: str, month: str, year: str) -> date | None:
    """The date of three typed texts; None when all are blank. ValueError with a translatable message."""
    texts = [text.strip().rstrip(".") for text in (day, month, year)]
    if not any(texts):
        return None
    if not all(texts):
        raise ValueError(lazy_gettext("Enter the day, the month and the year."))
    numbers = [_number(text) for text in texts]
    if None in numbers:
        raise ValueError(lazy_gettext("Write the date in numbers, for example 17 11 2026."))
    if len(texts[2]) != 4:
        raise ValueError(lazy_gettext("Write the year with four digits, for example 2014."))
    d, m, y = (value or 0 for value in numbers)
    if not FIRST_YEAR <= y <= LAST_YEAR:
        raise ValueError(lazy_gettext("The year must lie between 1900 and 2199."))
    try:
        return date(y, m, d)
    except ValueError:
        raise ValueError(lazy_gettext("This date does not exist.")) from None


class CivilDateField(Field):
    """A date in three boxes named `<name>-day`, `-month`, `-year`; `data` is a date or None."""

    def __init__(self, label: Any = None, validators: Sequence[Any] | None = None, **kwargs: Any) -> None:
        self.typed: dict[str, str] = dict.fromkeys(_PARTS, "")
        super().__init__(label, validators, **kwargs)

    @property
    def input_names(self) -> tuple[str, ...]:
        """The names of the inputs a browser sends for this field."""
        return tuple(f"{self.name}-{part}" for part in _PARTS)

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes from `formdata`; without any of them, `data` or the default."""
        self.process_errors = []
        value = data if isinstance(data, date) else self.default
        self.data = self.object_data = value() if callable(value) else value
        self._write(self.data)
        self.raw_data: list[str] | None = None
        if not formdata or not any(name in formdata for name in self.input_names):
            if formdata:
                self.data, self.raw_data = None, []
                self._write(None)
            return
        typed = [(formdata.getlist(name) or [""])[0] for name in self.input_names]
        self.typed = dict(zip(_PARTS, typed, strict=True))
        self.raw_data = [text for text in typed if text.strip()]
        try:
            self.data = civil_date(*typed)
        except ValueError as error:
            self.data = None
            self.process_errors.append(error.args[0])

    def pre_validate(self, form: Any) -> None:
        """An unreadable date is told as such, never as a missing one."""
        if self.process_errors:
            raise StopValidation()

    def _write(self, on: date | None) -> None:
        parts = (str(on.day), str(on.month), f"{on.year:04}") if on else ("", "", "")
        self.typed = dict(zip(_PARTS, parts, strict=True))

    def _value(self) -> str:
        return ".".join(self.typed.values()) if any(self.typed.values()) else ""

    def boxes(self) -> list[Box]:
        """The boxes in order, with labels in the page's language and the text as typed."""
        labels = {"day": gettext("Day"), "month": gettext("Month"), "year": gettext("Year")}
        return [
            Box(part, f"{self.id}-{part}", f"{self.name}-{part}", labels[part], self.typed[part], width)
            for part, width in zip(_PARTS, (2, 2, 4), strict=True)
        ]


class WallTimeField(StringField):
    """A 24-hour time typed as HH:MM (a dot instead of the colon is understood); `data` is a time or None."""

    def process_data(self, value: Any) -> None:
        self.typed = value.strftime("%H:%M") if value else ""
        self.data = value

    def process_formdata(self, valuelist: list[str]) -> None:
        self.typed = valuelist[0] if valuelist else ""
        self.data = None
        text = self.typed.strip()
        if not text:
            self.raw_data: list[str] | None = []
            return
        hour, _, minute = text.replace(".", ":").partition(":")
        hours, minutes = _number(hour), _number(minute)
        if (
            hours is None
            or minutes is None
            or len(hour) > 2
            or len(minute) != 2
            or hours > 23
            or minutes > 59
        ):
            raise ValueError(lazy_gettext("Write the time as hours and minutes, for example 14:30."))
        self.data = time(hours, minutes)

    def pre_validate(self, form: Any) -> None:
        """An unreadable time is told as such, never as a missing one."""
        if self.process_errors:
            raise StopValidation()

    def _value(self) -> str:
        return self.typed
