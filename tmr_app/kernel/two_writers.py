"""Two people write the same text: nobody's words are lost (F18).

A text is written only over the version its writer saw. Otherwise `Stale` carries both texts, and the losing one is kept
as its writer's draft until the two were merged.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.kernel import drafts
from tmr_app.kernel.errors import Stale

BOTH = "#both"
"""Ends the place of a draft that lost: the page's own address is the place of ordinary drafts."""


def put(row: Any, texts: Mapping[str, str], *, version: int, counter: str = "version") -> bool:
    """Write `texts` over the version seen; False when they stand there already. Raises Stale with both texts.

    What stands there already is no clash: an answer that was lost on the way is simply sent again.
    """
    mine = {name: text.strip() for name, text in texts.items()}
    theirs = {name: getattr(row, name) for name in mine}
    if mine == theirs:
        return False
    stored = getattr(row, counter) or 0
    if stored != version:
        raise Stale(mine=mine, theirs=theirs, version=stored)
    for name, text in mine.items():
        setattr(row, name, text)
    setattr(row, counter, stored + 1)
    return True


_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+\s+|\n\s*|$)")
"""A sentence, or a line without a full stop, with the white space that follows it."""


def merged(mine: str, theirs: str) -> str:
    """A proposal that holds every sentence of both, those they share once; the longer where one text holds the other.

    Where they differ both wordings stand whole, theirs first: the words of two sentences mixed say what nobody wrote.
    """
    if _holds(theirs, mine):
        return theirs
    if _holds(mine, theirs):
        return mine
    stored, own = _SENTENCE.findall(theirs), _SENTENCE.findall(mine)
    alike = SequenceMatcher(
        None, [one.strip() for one in stored], [one.strip() for one in own], autojunk=False
    )
    parts = []
    for said, first, last, own_first, own_last in alike.get_opcodes():
        before, after = "".join(stored[first:last]), "".join(own[own_first:own_last])
        parts.append(f"{before.rstrip()}\n\n{after}" if said == "replace" else before or after)
    return "".join(part if part[-1].isspace() else f"{part} " for part in parts).strip()


def _holds(text: str, part: str) -> bool:
    """Whether all of `part` stands in `text` in one piece, by whole words: the answer "Po" does not stand in "Policia"."""
    return f" {' '.join(part.split())} " in f" {' '.join(text.split())} "


def keep_losing_text(
    session: Session, person_id: UUID, now: datetime, *, case_id: UUID, place: str, mine: Mapping[str, str]
) -> dict[str, str]:
    """Keep what lost as its writer's draft, under what lost there before. Returns all that is kept."""
    earlier = drafts.find(session, person_id=person_id, place=place) or {}
    kept = {name: merged(text, str(earlier.get(name, ""))) for name, text in mine.items()}
    drafts.keep(session, person_id=person_id, case_id=case_id, place=place, values=kept, now=now)
    return kept


def losing_text(session: Session, person_id: UUID, *, place: str) -> dict[str, str]:
    """The draft kept for this place; empty when none is open."""
    return drafts.find(session, person_id=person_id, place=place) or {}


def settled(session: Session, person_id: UUID, *, place: str) -> None:
    """The two texts were merged and saved: the draft goes."""
    drafts.drop(session, person_id=person_id, place=place)
