"""Who is told what about a document to sign: neutral mails with a link, never a word of the document."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Person
from tmr_app.signing.models import UNDER_IT, FrozenVersion, Signature, SignatureSlot

CIRCULATED, TO_SIGN, RECEIPT, REFUSED, REPLACED, REMINDER = (
    "document_circulated",
    "document_to_sign",
    "signature_receipt",
    "signature_refused",
    "document_replaced",
    "signature_reminder",
)
TO_SIGNERS = (CIRCULATED, TO_SIGN, RECEIPT, REFUSED, REPLACED, REMINDER)
"""What a signer gets also after the seat has ended: nothing of the case is in it, and the page opens to them."""


def once_key(kind: str, version_id: UUID, person_id: UUID, once: str) -> str:
    """The unique key of a mail that is written once."""
    return f"{kind}:{version_id.hex}:{person_id.hex}:{once}"


def sign_path(version: FrozenVersion) -> str:
    """The address of the sign page within this installation."""
    place = f"cases/{version.case_id}" if version.case_id else f"municipalities/{version.municipality_id}"
    return f"/{place}/sign/{version.id}"


def _tell(
    session: Session,
    now: datetime,
    people: Iterable[Person | None],
    kind: str,
    version: FrozenVersion,
    *,
    once: str = "",
) -> None:
    parameters: dict[str, Any] = {
        "path": sign_path(version),
        "code": version.reference,
        "number": version.number,
        "fingerprint": version.pdf_sha256[:16],
    }
    for person in people:
        if person is None or person.address_suspended_at is not None:
            continue
        outbox.enqueue(
            session,
            kind=kind,
            to=person,
            now=now,
            parameters=parameters,
            case_id=version.case_id,
            about_id=version.id,
            once_key=once_key(kind, version.id, person.id, once) if once else None,
        )


def _people(session: Session, ids: Iterable[UUID]) -> list[Person]:
    wanted = list(dict.fromkeys(ids))
    return list(session.scalars(select(Person).where(Person.id.in_(wanted)))) if wanted else []


def ask_to_sign(
    session: Session, now: datetime, *, version: FrozenVersion, slots: Sequence[SignatureSlot]
) -> None:
    """A link to each signer."""
    people = _people(session, [one.person_id for one in slots if one.released_at is None])
    _tell(session, now, people, TO_SIGN, version)


def remind(
    session: Session, now: datetime, *, version: FrozenVersion, person_ids: list[UUID], once: str
) -> None:
    """Remind those whose signature is missing; `once` names the occasion, so that it happens once."""
    _tell(session, now, _people(session, person_ids), REMINDER, version, once=once)


def receipt(session: Session, now: datetime, *, version: FrozenVersion, person: Person) -> None:
    """To the signer: that it was done, with the short fingerprint, and nothing else."""
    _tell(session, now, [person], RECEIPT, version)


def chair_of(session: Session, version: FrozenVersion) -> Person | None:
    """The case's manager today; in a municipality whoever froze the document."""
    person_id: UUID | None = version.frozen_by_id
    if version.case_id is not None:
        person_id = session.scalar(select(Case.case_manager_id).where(Case.id == version.case_id))
    return session.get(Person, person_id or version.frozen_by_id)


def tell_refused(session: Session, now: datetime, *, version: FrozenVersion, refused: Signature) -> None:
    """The chair and those who signed hear that somebody refused; who and why stands on the page."""
    signed = session.scalars(
        select(Signature.person_id).where(Signature.version_id == version.id, Signature.deed.in_(UNDER_IT))
    )
    chair = chair_of(session, version)
    ids = [*([chair.id] if chair else []), *signed]
    _tell(session, now, _people(session, [one for one in ids if one != refused.person_id]), REFUSED, version)


def tell_replaced(
    session: Session, now: datetime, *, version: FrozenVersion, signatures: Sequence[Signature]
) -> None:
    """Those who signed or refused hear that a corrected version will be put before them."""
    _tell(session, now, _people(session, [one.person_id for one in signatures]), REPLACED, version)


@exclusion.still_told
def to_a_signer(session: Session, message: OutboxMessage) -> bool:
    """A mail about an own signature may also go to somebody whose seat has ended; never to a recused person."""
    if message.kind not in TO_SIGNERS or message.about_id is None or message.case_id is None:
        return False
    recused = select(Seat.id).where(
        Seat.case_id == message.case_id,
        Seat.person_id == message.recipient_id,
        Seat.recused_at.is_not(None),
    )
    if session.scalar(recused.limit(1)) is not None:
        return False
    held = select(SignatureSlot.id).where(
        SignatureSlot.version_id == message.about_id,
        SignatureSlot.person_id == message.recipient_id,
        SignatureSlot.released_at.is_(None),
    )
    return session.scalar(held.limit(1)) is not None
