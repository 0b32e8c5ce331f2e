"""What a person does with a version: sign (as present or as absent), or refuse with a reason. Insert only, once a person."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, clock
from tmr_app.kernel.errors import FieldRefused, Forbidden, OutOfOrder
from tmr_app.members import accounts
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import completing, digests, evidence, notifications, queries
from tmr_app.signing.evidence import Trace
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import (
    PASSKEY,
    PASSWORD_CODE,
    REFUSED,
    FrozenVersion,
    Signature,
    SignatureSlot,
)


def sign(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    seen_sha256: str,
    seen_number: int,
    nonce: str,
    language: str,
    trace: Trace,
    passkey: dict[str, Any] | None = None,
) -> Signature:
    """Sign the version that was seen. The caller has asked for a sign-in not older than five minutes.

    `passkey`: the assertion already judged against this record's challenge (`passkeys.judge`). The same page sent again
    gives the first signature. OutOfOrder (409): another version or hash than the one in force, signed already, not open.
    Forbidden: no place to sign, recused. FieldRefused: signing rests after a reset.
    """
    version, slot = place_of(session, actor, version_id)
    once_key = f"{version.id.hex}:{nonce}"
    before = _of_person(session, version.id, actor.id)
    if before is not None and before.once_key == once_key and before.deed != REFUSED:
        return before
    check_seen(version, seen_sha256=seen_sha256, seen_number=seen_number)
    _require_free(version, before)
    require_not_resting(session, actor)
    way = PASSKEY if passkey is not None else PASSWORD_CODE
    record = evidence.base_record(version, slot, deed=evidence.deed_of(slot), way=way, language=language)
    if passkey is not None:
        record["passkey"] = passkey
    made = insert(session, now, version=version, slot=slot, record=record, trace=trace, once_key=once_key)
    notifications.receipt(session, now, version=version, person=actor)
    completing.look(session, now, version=version)
    return made


def insert(
    session: Session,
    now: datetime,
    *,
    version: FrozenVersion,
    slot: SignatureSlot,
    record: dict[str, Any],
    trace: Trace,
    once_key: str | None = None,
    reason: str = "",
) -> Signature:
    """Write one signature with its evidence and its audit row. The version's row is locked."""
    kept = evidence.trace_of(session, trace)
    whole = evidence.finished(record, kept, signed_at=now.isoformat(timespec="seconds"))
    made = Signature(
        version_id=version.id,
        owner_id=version.owner_id,
        slot_id=slot.id,
        person_id=slot.person_id,
        deed=record["deed"],
        way=record["way"],
        signed_at=now,
        once_key=once_key,
        mark=evidence.mark(whole),
        record=whole,
        trace=kept,
        reason=reason,
    )
    session.add(made)
    deed = "refused" if record["deed"] == REFUSED else "signed"
    audit.note(
        session,
        f"document:{deed}",
        object_type=version.kind,
        object_id=version.id,
        case_id=version.case_id,
        rule=kind_of(version.kind).duty,
        changes={
            "pdf": version.pdf_sha256,
            "record": digests.digest("record", digests.canonical(whole)).hex(),
        },
    )
    session.flush()
    return made


def refuse(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    reason: str,
    language: str,
    trace: Trace,
) -> Signature:
    """Refuse to sign this version, with a reason: the chair and those who signed are told. FieldRefused without one."""
    version, slot = place_of(session, actor, version_id)
    before = _of_person(session, version.id, actor.id)
    _require_free(version, before)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why you do not sign."))
    record = evidence.base_record(version, slot, deed=REFUSED, way=None, language=language)
    record["reason"] = reason.strip()
    made = insert(session, now, version=version, slot=slot, record=record, trace=trace, reason=reason.strip())
    notifications.tell_refused(session, now, version=version, refused=made)
    kind_of(version.kind).when_refused(session, version, now)
    return made


def check_seen(version: FrozenVersion, *, seen_sha256: str, seen_number: int) -> None:
    """Raises OutOfOrder (409) when what was read is not what would be signed."""
    if (version.pdf_sha256, version.number) != (seen_sha256, seen_number):
        raise OutOfOrder(
            Message("The text you read is not the version in force. Open the page again, read, then sign."),
            kind_of(version.kind).duty,
        )


def require_not_resting(session: Session, actor: Person, field: str = "agreed") -> None:
    """After a new password or second factor signing rests for 24 h (T08). Raises FieldRefused."""
    account = accounts.of_person(session, actor.id)
    if account is None or not account.may_sign_at(clock.real_now()):
        raise FieldRefused(
            field, Message("After a new password or second factor you can sign again after 24 hours.")
        )


def _require_free(version: FrozenVersion, before: Signature | None) -> None:
    duty = kind_of(version.kind).duty
    if before is not None and before.deed == REFUSED:
        raise OutOfOrder(Message("You have refused to sign this version."), duty)
    if before is not None:
        raise OutOfOrder(Message("You have signed this version already."), duty)
    if not version.is_open:
        raise OutOfOrder(Message("This version is not open for signatures."), duty)


def place_of(session: Session, actor: Person, version_id: UUID) -> tuple[FrozenVersion, SignatureSlot]:
    """The version, locked, and this person's place in it. Forbidden without one."""
    version = queries.locked(session, version_id)
    slot = session.scalar(
        select(SignatureSlot).where(
            SignatureSlot.version_id == version.id, SignatureSlot.person_id == actor.id
        )
    )
    if slot is None or slot.released_at is not None or is_recused(session, version, actor.id):
        raise Forbidden(Message("No signature of yours is expected under this document."))
    return version, slot


def is_recused(session: Session, version: FrozenVersion, person_id: UUID) -> bool:
    """Whether a conflict of interest keeps this person out (A10.2)."""
    if version.case_id is None:
        return False
    recused = select(Seat.id).where(
        Seat.case_id == version.case_id, Seat.person_id == person_id, Seat.recused_at.is_not(None)
    )
    return session.scalar(recused.limit(1)) is not None


def _of_person(session: Session, version_id: UUID, person_id: UUID) -> Signature | None:
    return session.scalar(
        select(Signature).where(Signature.version_id == version_id, Signature.person_id == person_id)
    )
