"""Whether a report's text names a child: case numbers, and names that stand in a case's blind index (A5.1.6, A18.1)."""

import re
from collections import defaultdict
from itertools import pairwise
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import BlindToken, Case
from tmr_app.cases.searching import PART, name_words
from tmr_app.kernel.encryption import blind_token

CASE_NUMBER = re.compile(r"\b[A-ZÇËŠĐČĆŽ]{1,6}\d{0,3}-\d{4}-\d{3,6}\b")
_WORD = re.compile(r"[^\W\d_]{2,}")


def has_case_number(text: str) -> bool:
    """Whether a case's number stands in the text, real or not."""
    return bool(CASE_NUMBER.search(text))


def names_child(session: Session, municipality_id: UUID, text: str) -> bool:
    """Whether two words side by side are both names of one child of this municipality.

    The words are looked up by keyed hashes: nobody reads a name here. Another person of the same name is found too, so
    whoever adopts may say that it was looked at.
    """
    words = [word for found in _WORD.findall(text) for word in name_words(found)]
    pairs = {(one, other) for one, other in pairwise(words) if one != other}
    cases = _cases_of(session, municipality_id, {word for pair in pairs for word in pair})
    return any(cases[one] & cases[other] for one, other in pairs)


def _cases_of(session: Session, municipality_id: UUID, words: set[str]) -> dict[str, set[UUID]]:
    """The cases in which each word is part of the child's name: one statement."""
    tokens = {blind_token(PART, word): word for word in words}
    found: dict[str, set[UUID]] = defaultdict(set)
    if not tokens:
        return found
    rows = session.execute(
        select(BlindToken.token, BlindToken.case_id)
        .join(Case, Case.id == BlindToken.case_id)
        .where(
            BlindToken.kind == PART,
            BlindToken.token.in_(list(tokens)),
            Case.municipality_id == municipality_id,
        )
    )
    for token, case_id in rows:
        found[tokens[bytes(token)]].add(case_id)
    return found
