"""What a rule answers: a status, the date it counts to, the reason, and the lawful ways out.

Texts are messages in English that the caller translates; nothing here knows a language but the article label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType

from tmr_app.regulation.catalogue import label, language

Param = object  # str, int, date, Message, Label, or a tuple of those


@dataclass(frozen=True, slots=True)
class Label:
    """A catalogue entry inside a message (seat, ground, status), shown by its label in the reader's language."""

    key: str

    def __str__(self) -> str:
        return label(self.key, "en")


class Message:
    """An English text with named places, hashable, translated later: `Message("Sent %(on)s", on=day)`."""

    __slots__ = ("_params", "msgid")

    def __init__(self, msgid: str, /, **params: Param) -> None:
        self.msgid = msgid
        self._params = tuple(sorted(params.items()))

    @property
    def params(self) -> Mapping[str, Param]:
        return MappingProxyType(dict(self._params))

    def render(
        self,
        gettext: Callable[[str], str] = str,
        locale: str = "en",
        day: Callable[[date], str] = date.isoformat,
    ) -> str:
        """The text in a language: `gettext` translates the msgid, `day` writes out dates."""

        def shown(value: Param) -> str:
            if isinstance(value, Message):
                return value.render(gettext, locale, day)
            if isinstance(value, Label):
                return label(value.key, locale)
            if isinstance(value, date):
                return day(value)
            if isinstance(value, tuple):
                return ", ".join(shown(part) for part in value)
            return str(value)

        text = gettext(self.msgid)
        return text % {name: shown(value) for name, value in self._params} if self._params else text

    def __str__(self) -> str:
        return self.render()

    def __repr__(self) -> str:
        return f"Message({self.render()!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.msgid == other.msgid and self._params == other._params

    def __hash__(self) -> int:
        return hash((self.msgid, self._params))


class Status(StrEnum):
    """`due` means open and still in time; `overdue` and `not_met` refuse; `waived` means not owed, with a reason."""

    MET = "met"
    MET_LATE = "met_late"
    NOT_MET = "not_met"
    DUE = "due"
    OVERDUE = "overdue"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class WayOut:
    """One thing that can be done now; `on` is the date it leads to, where there is one."""

    key: str
    text: Message
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of one rule. `breach_offer` is the recorded breach, apart from the lawful `ways_out`.

    `breach_recorded`: not met, but the written reason is on record: the deed may proceed and stays not met.
    """

    duty: str
    status: Status
    due_on: date | None = None
    reason: Message | None = None
    counted: Message | None = None
    reading: Message | None = None
    ways_out: tuple[WayOut, ...] = ()
    breach_offer: WayOut | None = None
    met_on: date | None = None
    breach_recorded: bool = False

    @property
    def allows(self) -> bool:
        return self.breach_recorded or self.status in (
            Status.MET,
            Status.MET_LATE,
            Status.DUE,
            Status.WAIVED,
        )

    @property
    def refuses(self) -> bool:
        return not self.allows

    def because(self, reason: Message) -> Verdict:
        """The same verdict with another reason."""
        return replace(self, reason=reason)


_WORDS = {
    "sq": ("Neni {}", "paragrafi {}", "nën-paragrafi {}"),
    "sr": ("Član {}", "stav {}", "podstav {}"),
    "en": ("Article {}", "paragraph {}", "sub-paragraph {}"),
}


@cache
def article_label(duty: str, locale: str = "sq") -> str:
    """`A8.3` -> "Neni 8, paragrafi 3"; `A14.3.2` -> "..., nën-paragrafi 3.2". ValueError on another shape."""
    found = re.fullmatch(r"A(\d+)(?:\.(\d+))?(?:\.(\d+))?", duty)
    if not found:
        raise ValueError(f"no duty identifier: {duty}")
    article, paragraph, sub = found.groups()
    words = _WORDS[language(locale)]
    parts = [words[0].format(article)]
    if paragraph:
        parts.append(words[1].format(paragraph))
    if sub:
        parts.append(words[2].format(f"{paragraph}.{sub}"))
    return ", ".join(parts)
