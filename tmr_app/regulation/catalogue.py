"""Look-ups in the closed lists: labels in three languages, who is a member, which kinds are plural."""

from __future__ import annotations

from tmr_app.regulation.catalogue_entries import (
    ACTION_STATUSES,
    CHILD_STATUSES,
    GROUNDS,
    INDICATORS,
    RISK_GROUPS,
    RISK_KINDS,
    RISK_LEVELS,
    RISK_LEVELS_E3,
    SEATS_4_1,
    SEATS_4_6,
    SEATS_OUTSIDE,
    SEATS_PARTICIPANTS,
    TERMS,
    Entry,
)
from tmr_app.regulation.municipalities import (
    MUNICIPALITIES,
    Municipality,
    find_municipalities,
    folded,
    municipality,
)

__all__ = [
    "ACTION_STATUSES",
    "CHILD_STATUSES",
    "GROUNDS",
    "INDICATORS",
    "MUNICIPALITIES",
    "RISK_GROUPS",
    "RISK_KINDS",
    "RISK_LEVELS",
    "SEATS",
    "SEATS_4_1",
    "SEATS_4_6",
    "TERMS",
    "Entry",
    "Municipality",
    "entry",
    "find_municipalities",
    "folded",
    "label",
    "language",
    "municipality",
]

SEATS: tuple[Entry, ...] = SEATS_4_1 + SEATS_4_6 + SEATS_OUTSIDE + SEATS_PARTICIPANTS

SEAT_KINDS_4_1: frozenset[str] = frozenset(seat.key for seat in SEATS_4_1)
SEAT_KINDS_4_6: frozenset[str] = frozenset(seat.key for seat in SEATS_4_6)
# Child, parent, guardian and guest are "pjesëmarrës", not "anëtarë" (reading).
PARTICIPANT_KINDS: frozenset[str] = frozenset(seat.key for seat in SEATS_PARTICIPANTS)
MEMBER_KINDS: frozenset[str] = frozenset(seat.key for seat in SEATS) - PARTICIPANT_KINDS
# Where the text is in the plural (4.1.5, 4.1.14, 4.6.1 to 4.6.1.5); outsiders, parents and guests have no number.
PLURAL_KINDS: frozenset[str] = (
    frozenset({"family_medicine", "ngo", "other_professional", "parent_guardian", "guest"}) | SEAT_KINDS_4_6
)
STATUS_KEYS: frozenset[str] = frozenset(status.key for status in CHILD_STATUSES)
RISK_KEYS: frozenset[str] = frozenset(kind.key for kind in RISK_KINDS)
GROUND_KEYS: frozenset[str] = frozenset(ground.key for ground in GROUNDS)
INDICATOR_KEYS: frozenset[str] = frozenset(indicator.key for indicator in INDICATORS)
# The four "tjera" of Annex 1: each takes a text of its own.
RISKS_WITH_TEXT: frozenset[str] = frozenset(key for key in RISK_KEYS if key.endswith("_other"))

RISKS_OF_GROUP: dict[str, tuple[str, ...]] = {
    "group_maltreatment": tuple(kind.key for kind in RISK_KINDS[:7]),
    "group_sexual_abuse": tuple(kind.key for kind in RISK_KINDS[7:11]),
    "group_emotional_abuse": tuple(kind.key for kind in RISK_KINDS[11:16]),
    "group_neglect": tuple(kind.key for kind in RISK_KINDS[16:]),
}

_ENTRIES: dict[str, Entry] = {
    one.key: one
    for one in (
        *SEATS,
        *CHILD_STATUSES,
        *RISK_GROUPS,
        *RISK_KINDS,
        *INDICATORS,
        *RISK_LEVELS,
        *RISK_LEVELS_E3,
        *ACTION_STATUSES,
        *GROUNDS,
        *TERMS,
    )
}


def language(locale: str) -> str:
    """One of sq, sr, en for a locale such as `sr_Latn`; ValueError for another language."""
    short = locale.replace("-", "_").split("_")[0].lower()
    if short not in ("sq", "sr", "en"):
        raise ValueError(f"no labels in {locale}")
    return short


def entry(key: str) -> Entry:
    """The catalogue entry with this key; KeyError if there is none."""
    return _ENTRIES[key]


def label(key: str, locale: str = "sq") -> str:
    """The label of a catalogue entry or municipality, in the Regulation's own words for Albanian; KeyError if unknown."""
    found = _ENTRIES.get(key) or municipality(key)
    return str(getattr(found, language(locale)))


def short_label(key: str, locale: str = "sq") -> str:
    """A seat's label up to its dash, for screens; documents print the whole label."""
    return label(key, locale).split(" – ")[0]


def choices(entries: tuple[Entry, ...], locale: str = "sq") -> list[tuple[str, str]]:
    """Key and label of each entry, in the catalogue's order, for a form's choices."""
    return [(one.key, label(one.key, locale)) for one in entries]
