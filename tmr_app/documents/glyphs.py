"""Which characters the shipped fonts can draw.

PDF/A refuses a file with a character that has no glyph; a name in an uncovered script must not stop
an invitation, so such characters are printed as their code point: `[U+65E5]`.
"""

from __future__ import annotations

import struct
import unicodedata
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
_LINE = 24.0  # em; a longer run without a blank would leave a column of the page
_BREAK = "\u200b"
_WIDEST = 1.02


def readable(text: str) -> str:
    """Composed text without control characters; tab and line feed stay."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))


def printable(text: str, line: float = _LINE) -> str:
    """`readable` text in which every character has a glyph and runs longer than `line` (em) may break."""
    text = readable(text)
    if not text.isascii():
        text = "".join(_drawn(char) for char in text)
    return text if len(text) * _WIDEST <= line else _with_breaks(text, line)


@lru_cache(maxsize=4096)
def _drawn(char: str) -> str:
    category = unicodedata.category(char)
    if char in "\n\t":
        return char
    if category in ("Co", "Cn") or char == "\ufeff":
        return f"[U+{ord(char):04X}]"
    if category == "Cf" or ord(char) in covered():
        return char
    return " " if category == "Zs" else f"[U+{ord(char):04X}]"


def _with_breaks(text: str, line: float) -> str:
    pieces: list[str] = []
    run = 0.0
    for char in text:
        width = 0.0 if char.isspace() or unicodedata.combining(char) else _width(char)
        run = 0.0 if char.isspace() else run + width
        if run > line and width:
            pieces.append(_BREAK)
            run = width
        pieces.append(char)
    return "".join(pieces)


def length(text: str) -> float:
    """How long a text is set in one line (em), never less than it will be."""
    return sum(_width(char) for char in text)


def _width(char: str) -> float:
    """A guess on the safe side for Inter (em); it only decides where a break is allowed."""
    if char in "WM@%—…mw":
        return _WIDEST
    return 0.76 if char.isupper() or (not char.isalnum() and char not in ".,:;'|!-/()") else 0.62


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Code points with a glyph in the regular cuts of the shipped fonts."""
    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        if path.stem.endswith(("-Regular", "Sans")):
            found |= _code_points(path.read_bytes())
    return frozenset(found)


def _code_points(font: bytes) -> set[int]:
    """Reads the `cmap` table (OpenType 1.9, formats 4 and 12)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        if tag == b"cmap":
            return _character_map(font, offset)
    return set()


def _character_map(font: bytes, start: int) -> set[int]:
    found: set[int] = set()
    for index in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * index)
        kind = struct.unpack_from(">H", font, start + offset)[0]
        if platform in (0, 3) and kind == 12:
            found |= _format_12(font, start + offset)
        elif platform in (0, 3) and kind == 4:
            found |= _format_4(font, start + offset)
    return found


def _format_12(font: bytes, at: int) -> set[int]:
    groups = struct.unpack_from(">I", font, at + 12)[0]
    found: set[int] = set()
    for index in range(groups):
        first, last, _ = struct.unpack_from(">III", font, at + 16 + 12 * index)
        found.update(range(first, last + 1))
    return found


def _format_4(font: bytes, at: int) -> set[int]:
    segments = struct.unpack_from(">H", font, at + 6)[0] // 2
    ends = struct.unpack_from(f">{segments}H", font, at + 14)
    starts = struct.unpack_from(f">{segments}H", font, at + 16 + 2 * segments)
    return {
        code
        for first, last in zip(starts, ends, strict=True)
        for code in range(first, last + 1)
        if code < 0xFFFF
    }
