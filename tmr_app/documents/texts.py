"""Words of a document in the case's own language, whatever language the screen has."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from tmr_app.documents.content import Language
from tmr_app.regulation.catalogue import label, language
from tmr_app.regulation.verdicts import Label, Message

TRANSLATIONS = Path(__file__).parent.parent / "translations"
_LOCALES = {"sq": "sq", "sr": "sr_Latn", "en": "en"}
_DATES = {"sq": "sq_XK", "sr": "sr_Latn", "en": "en_GB"}

Text = str | Message | Label


def translate(message: Message, locale: str, directory: Path | None = None) -> str:
    """A message in sq, sr (or sr_Latn) or en; English where the catalogue lacks it."""
    short = language(locale)
    spoken = _catalogue(_LOCALES[short], str(directory or TRANSLATIONS))
    return message.render(spoken, short, lambda on: written_day(on, short))


@lru_cache(maxsize=8)
def _catalogue(locale: str, directory: str) -> Callable[[str], str]:
    return gettext.translation("messages", directory, [locale], fallback=True).gettext


def written_day(on: date, locale: str) -> str:
    """The weekday and date in words: "e martë, 17 nëntor 2026"."""
    from babel.dates import format_date

    return format_date(on, "full", locale=_DATES[language(locale)])


def short_day(on: date | None) -> str:
    """For table columns, as Kosovo's forms write it: "17.11.2026"; empty without a date."""
    return on.strftime("%d.%m.%Y") if on else ""


@dataclass(frozen=True, slots=True)
class Words:
    """Bound as `_` in a builder, so that the message extractor finds the texts."""

    language: Language

    def __call__(self, msgid: str, /, **params: object) -> str:
        return translate(Message(msgid, **params), self.language)

    def text(self, value: Text) -> str:
        """Text somebody typed stays as it is; a message or a catalogue key is put into the language."""
        if isinstance(value, Message):
            return translate(value, self.language)
        return self.label(value.key) if isinstance(value, Label) else value

    def label(self, key: str) -> str:
        """A catalogue entry or municipality; empty for an empty key, KeyError for an unknown one."""
        return label(key, self.language) if key else ""

    def day(self, on: date | None) -> str:
        return written_day(on, self.language) if on else ""
