"""One row of a roster file judged by itself: what it says, or each reason why it cannot be taken (B21, B22-B30)."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from tmr_app.kernel import text
from tmr_app.kernel.fields import FIRST_YEAR, LAST_YEAR
from tmr_app.members.institutions import INSTITUTION_KINDS, QPS_KINDS
from tmr_app.members.roster_columns import LANGUAGES, NATIONAL, ROLES
from tmr_app.members.roster_files import Cells
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Label, Message

T = TypeVar("T")
PHONE = re.compile(r"[+0-9][0-9 ()./-]*")
DATE = re.compile(r"(\d{1,4})\s*[./-]\s*(\d{1,2})\s*[./-]\s*(\d{1,4})\.?")
PREFIXES = ("komuna e", "komuna", "opstina", "municipality of")


@dataclass(frozen=True, slots=True)
class BadCell:
    """Why a row is not taken: its number, the key of the column (empty for the whole row), the reason."""

    row: int
    column: str
    reason: Message


@dataclass(frozen=True, slots=True)
class Entry:
    """What one good row says. `municipality` None: serves the whole country. Dates None: not said."""

    row: int
    municipality: str | None
    seat_kind: str
    institution: str
    name: str
    function: str
    email: str
    phone: str
    role: str
    language: str
    from_on: date | None
    to_on: date | None

    @property
    def is_of_centre(self) -> bool:
        return self.seat_kind in QPS_KINDS


class _Refused(Exception):
    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def judge(number: int, cells: Cells) -> tuple[Entry | None, list[BadCell]]:
    """The row as an entry, or the list of its faults: every column is looked at, not only the first bad one."""
    bad: list[BadCell] = []

    def take(column: str, reader: Callable[[str], T], otherwise: T) -> T:
        try:
            return reader(cells.get(column, ""))
        except _Refused as refused:
            bad.append(BadCell(number, column, refused.reason))
        except text.TextRefused as refused:
            bad.append(BadCell(number, column, refused.message))
        return otherwise

    if "+" in cells:
        bad.append(BadCell(number, "", Message("The row has more cells than there are headings.")))
    municipality = take("municipality", _municipality, None)
    kind = take("seat_kind", _seat_kind, "")
    entry = Entry(
        row=number,
        municipality=municipality,
        seat_kind=kind,
        institution=take("institution", _line if kind in QPS_KINDS else _institution, ""),
        name=take("name", _name, ""),
        function=take("function", _line, ""),
        email=take("email", _email, ""),
        phone=take("phone", _phone, ""),
        role=take("role", _role, "representative"),
        language=take("language", _language, "sq"),
        from_on=take("from_on", _date, None),
        to_on=take("to_on", _date, None),
    )
    bad += _together(entry, {one.column for one in bad})
    return (None, bad) if bad else (entry, [])


def _together(entry: Entry, faulty: set[str]) -> list[BadCell]:
    """What is wrong between columns; nothing is said about columns that are faulty themselves."""
    found = []
    if entry.is_of_centre and entry.municipality is None and "municipality" not in faulty:
        found.append(
            BadCell(
                entry.row, "municipality", Message("A Centre for Social Work belongs to one municipality.")
            )
        )
    if entry.is_of_centre and entry.role != "representative":
        found.append(
            BadCell(entry.row, "role", Message("The Centre's own staff have no substitute or superior here."))
        )
    if entry.from_on and entry.to_on and entry.to_on < entry.from_on:
        found.append(BadCell(entry.row, "to_on", Message("The last day lies before the first.")))
    return found


def _line(value: str) -> str:
    line = text.clean(value, limit=text.LINE_LIMIT)
    if text.mixed_script_words(line):
        raise _Refused(Message("A word mixes letters of two alphabets. Type it in one."))
    return line


def _filled(value: str) -> str:
    line = _line(value)
    if not line:
        raise _Refused(Message("This cell is empty."))
    return line


def _institution(value: str) -> str:
    line = _filled(value)
    if not any(letter.isalpha() for letter in line):
        raise _Refused(Message("This is not the name of an institution."))
    return line


def _name(value: str) -> str:
    line = _filled(value)
    if sum(letter.isalpha() for letter in line) < 2 or any(letter.isdecimal() for letter in line):
        raise _Refused(Message("This is not the name of a person."))
    if "@" in line:
        raise _Refused(Message("This is a mail address, not a name."))
    return line


def _email(value: str) -> str:
    if not value.strip():
        raise _Refused(Message("This cell is empty."))
    return text.mail_address(value).lower()


def _phone(value: str) -> str:
    line = _line(value)
    if line and (not PHONE.fullmatch(line) or sum(mark.isdecimal() for mark in line) < 6 or len(line) > 40):
        raise _Refused(Message("This is not a telephone number."))
    return line


def _municipality(value: str) -> str | None:
    """Any spelling met in official papers; None for the whole country."""
    wanted = text.fold(_filled(value)) or value.strip()
    for prefix in PREFIXES:
        wanted = wanted.removeprefix(prefix + " ")
    if wanted in _NATIONAL:
        return None
    keys = _MUNICIPALITIES.get(wanted, ())
    if not keys:
        raise _Refused(Message("This is none of the 38 municipalities."))
    if len(keys) > 1:
        names = tuple(Label(key) for key in keys)
        raise _Refused(Message("There are several of this name: write %(names)s.", names=names))
    return keys[0]


def _seat_kind(value: str) -> str:
    found = _KINDS.get(text.fold(_filled(value)))
    if found is None:
        raise _Refused(
            Message(
                "No seat of Article 4 is called so. Write its name or its number, for example 4.1.6 for the police."
            )
        )
    return found


def _role(value: str) -> str:
    wanted = text.fold(_line(value))
    if not wanted:
        return "representative"
    for role, words in ROLES.items():
        if wanted in {text.fold(word) for word in (role, *words)}:
            return role
    raise _Refused(Message("Write representative, substitute or superior."))


def _language(value: str) -> str:
    wanted = text.fold(_line(value))
    if not wanted:
        return "sq"
    for language, words in LANGUAGES.items():
        if wanted in {text.fold(word) for word in words}:
            return language
    raise _Refused(Message("Write sq, sr or en."))


def _date(value: str) -> date | None:
    line = text.clean(value)
    if not line:
        return None
    found = DATE.fullmatch(line)
    if not found:
        raise _Refused(Message("This is not a date. Write it like 17.11.2026."))
    one, month, last = found.groups()
    year, day = (one, last) if len(one) == 4 else (last, one)
    if len(year) != 4:
        raise _Refused(Message("Write the year with four digits, for example 2014."))
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise _Refused(Message("The year must lie between 1900 and 2199."))
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _Refused(Message("This date does not exist.")) from None


def _spellings() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one in catalogue.MUNICIPALITIES:
        for name in {text.fold(name) for name in (one.key, one.sq, one.sr, *one.other)}:
            found[name] = (*found.get(name, ()), one.key)
    return found


def _kinds() -> dict[str, str]:
    """Whole labels and their parts at the dash, keys and article numbers; a word that fits two kinds fits none."""
    found: dict[str, set[str]] = {}
    for seat in catalogue.SEATS:
        if seat.key not in (*INSTITUTION_KINDS, *QPS_KINDS):
            continue
        words = {seat.key, seat.article}
        for label in (seat.sq, seat.sr, seat.en):
            words |= {label, *label.split(" – ")}
        for word in words:
            found.setdefault(text.fold(word), set()).add(seat.key)
    return {word: kinds.pop() for word, kinds in found.items() if len(kinds) == 1}


_MUNICIPALITIES = _spellings()
_KINDS = _kinds()
_NATIONAL = frozenset(text.fold(word) or word for word in NATIONAL)
