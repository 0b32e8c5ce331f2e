"""User text on its way in and out: cleaned, folded for look-ups, made safe for headers and spreadsheet cells.

Refusals carry a `Message`; the form layer translates it. Cases B22-B30 of the bad-input catalogue.
"""

import re
import unicodedata

from tmr_app.regulation.verdicts import Message

LINE_LIMIT = 200
LONG_LIMIT = 10_000
ADDRESS_LIMIT = 254  # RFC 5321, path without its angle brackets

_LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# Override and embedding change the order in which a reader sees later text: never needed in our languages.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2060-\u2065\u206a-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_BLANKS = re.compile(r"\s+")
_WORD = re.compile(r"[^\W\d_]+")
_FORMULA = re.compile(r"[=+\-@|%]")
_ILLEGAL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")

_CYRILLIC = dict(zip("абвгдежзијклмнопрстћуфхцчш", "abvgdežzijklmnoprstćufhcčš", strict=True))
_CYRILLIC |= {"ђ": "đ", "љ": "lj", "њ": "nj", "џ": "dž"}
# Letters that Unicode does not take apart, and the dotless i of Turkish names.
_WHOLE_LETTERS = {"đ": "dj", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe"}
_LETTERS = str.maketrans(_CYRILLIC | _WHOLE_LETTERS)


class TextRefused(ValueError):
    """Text that is not stored; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


def clean(value: str, *, limit: int | None = None, lines: bool = False) -> str:
    """`value` composed (NFC), without invisible marks, blanks trimmed; one line unless `lines`.

    Only invisible marks or blanks give "". Raises TextRefused for control characters, text that turns the reading
    direction, line ends where one line is asked, and more than `limit` characters.
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", value))
    if _CONTROL.search(text):
        raise TextRefused(Message("The text contains a control character. Delete it or type the text again."))
    if _BIDI.search(text):
        raise TextRefused(
            Message(
                "The text contains an invisible mark that turns the reading direction. Type the text again."
            )
        )
    text = _without_invisible(text, keep_joiners=lines)
    text = _trimmed_lines(text) if lines else _BLANKS.sub(" ", _one_line(text)).strip()
    if limit is not None and len(text) > limit:
        raise TextRefused(
            Message("Use at most %(limit)s characters; there are %(length)s.", limit=limit, length=len(text))
        )
    return text


def _one_line(text: str) -> str:
    stripped = text.strip()
    if "\n" in stripped:
        raise TextRefused(Message("Write this on one line."))
    return stripped


def _trimmed_lines(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


def _without_invisible(text: str, *, keep_joiners: bool) -> str:
    """Joiners stay inside long text that shows something (they hold pictographs together)."""
    bare = _INVISIBLE.sub("", text)
    if not keep_joiners or len(bare) == len(text) or not bare.strip():
        return bare
    return "".join(mark for mark in text if mark in "\u200c\u200d\ufe0f" or not _INVISIBLE.match(mark))


def mixed_script_words(text: str) -> tuple[str, ...]:
    """Words that mix Latin, Cyrillic or Greek letters: a name made to look like another (B25)."""
    return tuple(word for word in _WORD.findall(text) if len(_scripts(word)) > 1)


def _scripts(word: str) -> set[str]:
    names = {unicodedata.name(letter, "").split(" ", 1)[0] for letter in word}
    return names & {"LATIN", "CYRILLIC", "GREEK"}


def fold(text: str) -> str:
    """For blind index and search: small letters, no accents, đ as dj, Serbian Cyrillic in Latin, single blanks.

    "Çlirim", "clirim" and "ÇLIRIM " are one; so are "Đorđe", "Djordje" and "Ђорђе".
    """
    small = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).casefold().translate(_LETTERS)
    apart = unicodedata.normalize("NFKD", small)
    bare = "".join(mark for mark in apart if not unicodedata.combining(mark)).casefold().translate(_LETTERS)
    plain = re.sub(r"['\u2018\u2019\u02bc`]", "", bare)
    return _BLANKS.sub(" ", re.sub(r"[^\w\s]|_", " ", plain)).strip()


def header_line(text: str) -> str:
    """`text` for a mail header. Raises TextRefused on a line end or control character (B30)."""
    if _LINE_ENDS.search(text) or _CONTROL.search(text):
        raise TextRefused(Message("A line break is not allowed here."))
    return text


def mail_address(value: str) -> str:
    """An address with exactly one @ and a full domain, the domain in small letters (B30).

    Raises TextRefused; the message repeats nothing that was typed.
    """
    address = value.strip(" \t")
    header_line(address)
    local, at, domain = address.rpartition("@")
    domain = domain.lower()
    fits = len(address) <= ADDRESS_LIMIT and len(local) <= 64
    if not (at and fits and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise TextRefused(Message("Write a mail address like name@institution.example."))
    return f"{local}@{domain}"


def cell(text: str) -> str:
    """`text` for a spreadsheet or CSV cell: what a program could take for a formula gets a leading quote (T14).

    Looked at after blanks and invisible marks and in compatibility form, so that a full-width = counts too.
    """
    legal = _ILLEGAL_IN_XML.sub("", text)
    shown = unicodedata.normalize("NFKC", _INVISIBLE.sub("", _BIDI.sub("", legal)))
    if legal[:1] in {"\t", "\r", "\n"} or _FORMULA.match(shown.lstrip()):
        return "'" + legal
    return legal
