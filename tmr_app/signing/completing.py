"""When a version is complete: every place signed, or a reason for each that will not be. Then exactly one seal job.

Always called with the version's row locked (`queries.locked`), so two last signatures at once make one job.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.cases.exclusion import Withdrawn
from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import queries
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import (
    CIRCULATED,
    INCOMPLETE,
    MISSING_REASONS,
    REFUSED,
    REFUSED_TO,
    SIGNING,
    FrozenVersion,
    MissingSignature,
    SealJob,
    SignatureSlot,
)

CONFLICT = "A10.2"


def look(session: Session, now: datetime, *, version: FrozenVersion) -> bool:
    """Whether the last expected signature is there; then the version is complete and its seal job is made."""
    if not version.is_open:
        return False
    session.flush()
    places = queries.places_of(session, version)
    asked = [place for place in places if place.slot.released_at is None]
    if not asked or not all(place.is_signed for place in asked):
        return False
    _complete(session, now, version)
    return True


def _complete(session: Session, now: datetime, version: FrozenVersion) -> None:
    version.completed_at = now
    session.add(SealJob(version_id=version.id, created_at=now, state="waiting"))
    audit.note(
        session,
        "document:complete",
        object_type=version.kind,
        object_id=version.id,
        case_id=version.case_id,
        rule=kind_of(version.kind).duty,
    )
    session.flush()
    kind_of(version.kind).when_complete(session, version, now)


def record_missing(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version_id: UUID,
    slot_id: UUID,
    kind: str,
    reason: str,
) -> MissingSignature:
    """Why this signature will not come: left the post, unreachable, or refused. It may still come until the version is
    closed without it. Raises OutOfOrder when it is there, FieldRefused without a reason.
    """
    version = queries.locked(session, version_id)
    require_open(version)
    place = next((one for one in queries.places_of(session, version) if one.slot.id == slot_id), None)
    if place is None or place.slot.released_at is not None:
        raise OutOfOrder(Message("Nobody is expected to sign here."), kind_of(version.kind).duty)
    if place.is_signed:
        raise OutOfOrder(Message("This person has signed."), kind_of(version.kind).duty)
    if kind not in MISSING_REASONS:
        raise FieldRefused("kind", Message("Choose why the signature is missing."))
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why the signature is missing."))
    row = place.missing
    if row is None:
        row = MissingSignature(
            version_id=version.id,
            owner_id=version.owner_id,
            slot_id=slot_id,
            kind=kind,
            recorded_at=now,
            recorded_by_id=actor.id,
        )
        session.add(row)
    row.kind, row.recorded_at, row.recorded_by_id = kind, now, actor.id
    row.reason = reason.strip()
    note(session, version, "missing", slot_id)
    session.flush()
    return row


def close_incomplete(session: Session, actor: Person, now: datetime, *, version_id: UUID) -> FrozenVersion:
    """Close the version without those for whom a reason stands. It is sealed as incomplete, each reason in its evidence.

    Raises OutOfOrder while somebody without a reason has not signed.
    """
    version = queries.locked(session, version_id)
    if version.state == INCOMPLETE:
        return version
    require_open(version)
    places = [one for one in queries.places_of(session, version) if one.slot.released_at is None]
    open_ones = [one for one in places if not one.is_signed and not _has_reason(one)]
    if open_ones:
        raise OutOfOrder(
            Message(
                "A reason is needed for each signature that is missing (%(count)s).", count=len(open_ones)
            ),
            kind_of(version.kind).duty,
        )
    if all(one.is_signed for one in places):
        raise OutOfOrder(Message("All signatures are there."), kind_of(version.kind).duty)
    for one in places:
        if not one.is_signed and one.missing is None and one.signature is not None:
            record_missing(
                session,
                actor,
                now,
                version_id=version.id,
                slot_id=one.slot.id,
                kind=REFUSED_TO,
                reason=one.signature.reason,
            )
    version.state = INCOMPLETE
    note(session, version, "incomplete", version.id)
    _complete(session, now, version)
    return version


def _has_reason(place: queries.Place) -> bool:
    refused = place.signature is not None and place.signature.deed == REFUSED
    return place.missing is not None or refused


def require_open(version: FrozenVersion) -> None:
    """Raises OutOfOrder for a version nobody signs any more."""
    if not version.is_open:
        raise OutOfOrder(Message("This version is not open for signatures."), kind_of(version.kind).duty)


def note(session: Session, version: FrozenVersion, deed: str, object_id: UUID) -> None:
    """What was done with this version, in the audit, under the duty of its kind."""
    audit.note(
        session,
        f"document:{deed}",
        object_type=version.kind,
        object_id=object_id,
        case_id=version.case_id,
        rule=kind_of(version.kind).duty,
    )


@exclusion.when_withdrawn
def release_recused(session: Session, now: datetime, withdrawn: Withdrawn) -> None:
    """From a conflict of interest on no signature is expected (A10.2); what was signed before stays."""
    if withdrawn.rule != CONFLICT or withdrawn.person_id is None:
        return
    rows = session.execute(
        select(SignatureSlot, FrozenVersion.id)
        .join(FrozenVersion, FrozenVersion.id == SignatureSlot.version_id)
        .where(
            FrozenVersion.case_id == withdrawn.case_id,
            FrozenVersion.state.in_((CIRCULATED, SIGNING)),
            FrozenVersion.completed_at.is_(None),
            SignatureSlot.person_id == withdrawn.person_id,
            SignatureSlot.released_at.is_(None),
        )
    ).all()
    for slot, version_id in rows:
        version = queries.locked(session, version_id)
        signed = {one.slot_id for one in queries.signatures_of(session, version.id)}
        if slot.id not in signed:
            slot.released_at = now
            note(session, version, "slot-released", slot.id)
            look(session, now, version=version)
