"""Two people write the same text: nobody's words are lost (F18).

A text is written only over the version its writer saw. Otherwise `Stale` carries both texts, and the losing one is kept
as its writer's draft until the two were merged.
"""

from collections.abc import Mapping
from datetime import datetime
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


def merged(mine: str, theirs: str) -> str:
    """A proposal that holds every word of both: the longer where one holds the other, else one under the other."""
    if mine in theirs:
        return theirs
    return mine if theirs in mine else f"{theirs}\n\n{mine}"


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
