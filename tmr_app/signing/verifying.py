"""The verification page's answer: genuine, superseded or unknown, and how many signatures; the same work for each answer.

The file is hashed and dropped. Whoever has a seat in the case may see the names.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.kernel import vault
from tmr_app.kernel.throttle import Limit, count
from tmr_app.signing import queries
from tmr_app.signing.models import (
    INCOMPLETE,
    SEALED,
    SUPERSEDED,
    UNDER_IT,
    FrozenVersion,
    Signature,
    SignatureSlot,
)

GENUINE, REPLACED, UNKNOWN = "genuine", "superseded", "unknown"
TRIES = Limit("verification", 30, 300)
ALL_TRIES = Limit("verification-all", 600, 300)
_NOTHING = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said. `version` stays inside: the page shows it to nobody without a seat."""

    verdict: str
    signatures: int = 0
    expected: int = 0
    number: int = 0
    version: FrozenVersion | None = None


def within_limits(session: Session, network: str, now: datetime) -> bool:
    """Whether this network may ask once more. `now`: the real clock."""
    alone = count(session, TRIES, network, now=now)
    return count(session, ALL_TRIES, "", now=now) and alone


def clean_code(typed: str) -> str:
    """A code as it is stored, however it was typed."""
    letters = _NOTHING.sub("", typed).upper()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))[:20]


def answer(session: Session, *, code: str = "", data: bytes | None = None) -> Answer:
    """By the file's own hash, or by its code. One statement finds, one counts, whatever the answer is."""
    sealed = hashlib.sha256(data or b"").hexdigest()
    wanted = (
        FrozenVersion.seal_sha256 == sealed if data is not None else FrozenVersion.code == clean_code(code)
    )
    found = session.scalar(
        select(FrozenVersion).where(
            wanted,
            or_(FrozenVersion.seal_sha256.is_not(None), FrozenVersion.state == SUPERSEDED),
        )
    )
    version_id = found.id if found is not None else UUID(int=0)
    given, expected = session.execute(
        select(func.count(Signature.id), func.count(SignatureSlot.id))
        .select_from(SignatureSlot)
        .outerjoin(Signature, (Signature.slot_id == SignatureSlot.id) & Signature.deed.in_(UNDER_IT))
        .where(SignatureSlot.version_id == version_id, SignatureSlot.released_at.is_(None))
    ).one()
    if found is None:
        return Answer(UNKNOWN)
    verdict = GENUINE if found.state in (SEALED, INCOMPLETE) else REPLACED
    return Answer(verdict, given, expected, found.number, found)


def names_for(
    session: Session, person_id: UUID | None, version: FrozenVersion | None, now: datetime
) -> list[queries.Place]:
    """The signers by name, for a person with a seat in the case and nothing between them and its content."""
    if person_id is None or version is None or version.case_id is None:
        return []
    if exclusion.is_excluded(session, version.case_id, person_id, now) is not None:
        return []
    vault.unlock(session, [version.owner_id])
    return queries.places_of(session, version)
