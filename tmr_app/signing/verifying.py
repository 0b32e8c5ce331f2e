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
from tmr_app.cases.table_models import Seat
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

NOBODY = UUID(int=0)
GENUINE, REPLACED, UNKNOWN = "genuine", "superseded", "unknown"
TRIES = Limit("verification", 30, 300)
ALL_TRIES = Limit("verification-all", 600, 300)
_NOTHING = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said. The ids stay inside; of an unknown document they are `NOBODY`, so that the same is asked about it."""

    verdict: str
    signatures: int
    expected: int
    number: int
    version_id: UUID
    case_id: UUID | None


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
    found = session.execute(
        select(FrozenVersion.id, FrozenVersion.case_id, FrozenVersion.state, FrozenVersion.number).where(
            wanted,
            or_(FrozenVersion.seal_sha256.is_not(None), FrozenVersion.state == SUPERSEDED),
        )
    ).first()
    version_id, case_id, state, number = found or (NOBODY, NOBODY, "", 0)
    given, expected = session.execute(
        select(func.count(Signature.id), func.count(SignatureSlot.id))
        .select_from(SignatureSlot)
        .outerjoin(Signature, (Signature.slot_id == SignatureSlot.id) & Signature.deed.in_(UNDER_IT))
        .where(SignatureSlot.version_id == version_id, SignatureSlot.released_at.is_(None))
    ).one()
    verdict = UNKNOWN if found is None else GENUINE if state in (SEALED, INCOMPLETE) else REPLACED
    return Answer(verdict, given, expected, number, version_id, case_id)


def names_for(session: Session, person_id: UUID | None, found: Answer, now: datetime) -> list[queries.Place]:
    """The signers by name, for a person with a seat in the case and nothing between them and its content."""
    if person_id is None or found.case_id is None:
        return []
    seated = select(Seat.id).where(Seat.case_id == found.case_id, Seat.person_id == person_id).limit(1)
    if session.scalar(seated) is None:  # asked alike of a document we do not know: no time tells them apart
        return []
    if exclusion.is_excluded(session, found.case_id, person_id, now) is not None:
        return []
    version = session.get_one(FrozenVersion, found.version_id)
    vault.unlock(session, [version.owner_id])
    return queries.places_of(session, version)
