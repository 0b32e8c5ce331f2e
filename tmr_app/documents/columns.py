"""How wide the columns of a table are: as its builder asks, but no word of a heading, no number and no date breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tmr_app.documents.glyphs import length

INSET = 11.0
"""Points beside the text of a cell, both sides together, its border included."""
_WHOLE = re.compile(r"\d{1,4}\.?|\d\d\.\d\d\.\d{4}")
"""A number, or a day in digits."""


def size_of(columns: Sequence[str]) -> int:
    """The size of a table's letters (points): smaller where many columns share a line."""
    return 8 if len(columns) > 5 else 9


def fitted(
    columns: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], line: float
) -> tuple[float, ...]:
    """The columns' widths in points, together `line`: a column too narrow takes what it lacks from those with room.

    `widths` are proportions. Where the words alone need more than the line, the proportions stay.
    """
    asked = [line * share / sum(widths) for share in widths]
    needed = [_needed(columns, rows, place) for place in range(len(columns))]
    missing = sum(max(0.0, need - width) for need, width in zip(needed, asked, strict=True))
    room = sum(max(0.0, width - need) for need, width in zip(needed, asked, strict=True))
    if not missing or missing > room:
        return tuple(asked)
    given = missing / room
    return tuple(
        need if width < need else width - (width - need) * given
        for need, width in zip(needed, asked, strict=True)
    )


def _needed(columns: Sequence[str], rows: Sequence[Sequence[str]], place: int) -> float:
    """Points that the longest unbreakable piece of a column takes, with the cell's inset."""
    words = [*columns[place].split(), *_whole(rows, place)]
    return max((length(word) for word in words), default=0.0) * size_of(columns) + INSET


def _whole(rows: Sequence[Sequence[str]], place: int) -> Iterator[str]:
    return (word for row in rows for word in row[place].split() if _WHOLE.fullmatch(word))
