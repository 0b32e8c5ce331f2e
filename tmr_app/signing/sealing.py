"""The seal job: claimed under a lease, the file made outside any transaction, kept once; a dead worker leaves it to the next.

Between claim and keeping nothing is held. Kept is the file, its hash, the version's state and the audit row in one unit; the
file's unique key makes a second copy impossible.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock, db, vault
from tmr_app.signing import digests, evidence, freezing, queries, seal_keys, sealed_file, signature_sheet
from tmr_app.signing.kinds import is_registered, kind_of
from tmr_app.signing.models import SCHEMA, SEALED, SIGNING, FrozenVersion, SealJob, SealKey

log = logging.getLogger("tmr.worker")

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 50
ASK_FOR_STAMP = 12
"""A time-stamp service that failed so often, an hour long, is not asked again: a seal without its stamp is still a seal."""

Pause = Callable[[str], None]


def _no_pause(_step: str) -> None:
    return None


def run(
    engine: Engine,
    *,
    worker: str,
    demonstration: bool = False,
    timestamp_url: str | None = None,
    pause: Pause = _no_pause,
) -> int:
    """Make the sealed copies that wait. Returns how many. `pause` is called between the steps (proofs of a killed worker)."""
    made = 0
    while (claimed := _claim(engine, worker)) is not None:
        job, attempt = claimed
        pause("claimed")
        prepared = _prepare(engine, job, demonstration=demonstration)
        if prepared is None:
            continue
        pause("prepared")
        frozen, stated, key, key_id = prepared
        sheet = signature_sheet.render(stated, now=clock.now())
        asked = timestamp_url if attempt <= ASK_FOR_STAMP else None
        data = sealed_file.seal(frozen, stated, key, sheet=sheet, timestamp_url=asked)
        sealed_file.verify(data, [key.certificate])  # nothing leaves that would not verify
        pause("sealed")
        made += _keep(engine, job, worker, data, key_id)
        pause("kept")
    return made


def _claim(engine: Engine, worker: str) -> tuple[UUID, int] | None:
    """The version of one waiting job and which attempt this is, for this worker alone until the lease runs out."""
    now = clock.real_now()
    with db.unit(engine) as session:
        due = (
            select(SealJob.id)
            .where(
                or_(
                    SealJob.state == "waiting",
                    (SealJob.state == "claimed") & (SealJob.lease_until <= now),
                ),
                SealJob.attempts < MOST_ATTEMPTS,
            )
            .order_by(SealJob.created_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.execute(
            update(SealJob)
            .where(SealJob.id.in_(due.scalar_subquery()))
            .values(
                state="claimed", claimed_by=worker, lease_until=now + LEASE, attempts=SealJob.attempts + 1
            )
            .returning(SealJob.version_id, SealJob.attempts),
            execution_options={"synchronize_session": False},
        ).first()
        return (row[0], row[1]) if row is not None else None


Prepared = tuple[bytes, dict[str, Any], seal_keys.OpenedKey, UUID]


def _prepare(engine: Engine, version_id: UUID, *, demonstration: bool) -> Prepared | None:
    """Frozen bytes, evidence and key. None (and the job waits again) while the kind's room is not loaded."""
    with db.unit(engine) as session:
        version = session.get_one(FrozenVersion, version_id)
        if not is_registered(version.kind):
            log.error("kind not loaded", extra={"kind": version.kind})
            return None
        vault.unlock(session, [version.owner_id])
        key = seal_keys.current(session) or seal_keys.make(
            session, clock.real_now(), demonstration=demonstration
        )
        frozen = queries.bytes_of(session, version, "frozen")
        return frozen, evidence_of(session, version, len(frozen)), seal_keys.opened(key), key.id


def evidence_of(session: Session, version: FrozenVersion, length: int) -> dict[str, Any]:
    """What is attached to the sealed file: who had a place, who signed how, why somebody did not, where it was approved."""
    places = queries.places_of(session, version)
    return {
        "schema": SCHEMA,
        "kind": version.kind,
        "code": version.code,
        "number": version.number,
        "reference": version.reference,
        "language": version.language,
        "state": "sealed" if version.state == SIGNING else version.state,
        "frozen": {
            "at": version.frozen_at.isoformat(timespec="seconds"),
            "bytes": length,
            "pdf_sha256": version.pdf_sha256,
            "content_sha256": version.content_sha256,
            "content": version.content,
        },
        "notes": version.notes or {},
        "public_key": evidence.public_key_hex(),
        "slots": [
            {
                "position": one.slot.position,
                "name": one.slot.name,
                "institution": one.slot.institution,
                "function": one.slot.function,
                "absent": one.slot.absent,
            }
            for one in places
            if one.slot.released_at is None or one.is_signed
        ],
        "signatures": [
            {"record": one.signature.record, "mark": one.signature.mark.hex()}
            for one in places
            if one.signature is not None
        ],
        "missing": [
            {"position": one.slot.position, "kind": one.missing.kind, "reason": one.missing.reason}
            for one in places
            if one.missing is not None and not one.is_signed
        ],
    }


def _keep(engine: Engine, version_id: UUID, worker: str, data: bytes, key_id: UUID) -> int:
    """Keep the file and say so everywhere, in one unit; 0 when another worker was faster."""
    now = clock.now()
    with db.unit(engine) as session:
        version = queries.locked(session, version_id)
        job = session.scalar(select(SealJob).where(SealJob.version_id == version_id).with_for_update())
        if job is None or job.state == "done" or job.claimed_by != worker:
            return 0
        vault.unlock(session, [version.owner_id])
        job.state, job.ended_at, job.lease_until = "done", clock.real_now(), None
        session.add(freezing.file_of(version, "sealed", data, now, once_key=f"{version.id.hex}:sealed"))
        version.sealed_at, version.seal_key_id = now, key_id
        version.seal_sha256 = digests.plain_sha256(data)
        if version.state == SIGNING:
            version.state = SEALED
        audit.note(
            session,
            "document:sealed",
            object_type=version.kind,
            object_id=version.id,
            case_id=version.case_id,
            rule=kind_of(version.kind).duty,
            changes={"sealed": version.seal_sha256},
        )
        session.flush()
        kind_of(version.kind).when_sealed(session, version, now)
    return 1


def certificates(session: Session) -> list[bytes]:
    """DER of every certificate this installation has sealed with."""
    return [seal_keys.der_of(pem) for pem in session.scalars(select(SealKey.certificate))]
