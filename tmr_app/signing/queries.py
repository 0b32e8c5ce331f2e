"""Reads of the signing room. Whoever calls has unlocked the owner's key where sealed values are read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from tmr_app.kernel.errors import NotFound
from tmr_app.signing.models import (
    UNDER_IT,
    FrozenVersion,
    MissingSignature,
    Signature,
    SignatureSlot,
    SigningFile,
    SigningUpload,
)


def newest(session: Session, kind: str, subject_id: UUID, *, locked: bool = False) -> FrozenVersion | None:
    """The last version of one document; `locked` holds it against a second writer."""
    query = (
        select(FrozenVersion)
        .where(FrozenVersion.kind == kind, FrozenVersion.subject_id == subject_id)
        .order_by(FrozenVersion.number.desc())
        .limit(1)
    )
    if locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def versions_of(session: Session, kind: str, subject_id: UUID) -> list[FrozenVersion]:
    """Every version of one document, the newest first."""
    return list(
        session.scalars(
            select(FrozenVersion)
            .where(FrozenVersion.kind == kind, FrozenVersion.subject_id == subject_id)
            .order_by(FrozenVersion.number.desc())
        )
    )


def locked(session: Session, version_id: UUID) -> FrozenVersion:
    """The version, held until the unit ends: what is decided about "all signed" is decided by one at a time."""
    found = session.scalar(
        select(FrozenVersion)
        .where(FrozenVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound("version")
    return found


def find(
    session: Session,
    version_id: UUID,
    *,
    case_id: UUID | None = None,
    municipality_id: UUID | None = None,
) -> FrozenVersion:
    """One version of this case or this municipality. Raises NotFound for another's."""
    found = session.get(FrozenVersion, version_id)
    if found is None or (found.case_id, found.municipality_id) != (case_id, municipality_id):
        raise NotFound("version")
    return found


def slots_of(session: Session, version_id: UUID) -> list[SignatureSlot]:
    return list(
        session.scalars(
            select(SignatureSlot)
            .where(SignatureSlot.version_id == version_id)
            .order_by(SignatureSlot.position)
        )
    )


def signatures_of(session: Session, version_id: UUID) -> list[Signature]:
    return list(
        session.scalars(
            select(Signature).where(Signature.version_id == version_id).order_by(Signature.signed_at)
        )
    )


def bytes_of(session: Session, version: FrozenVersion, role: str) -> bytes:
    """The frozen or sealed PDF. Raises NotFound while there is none."""
    found = session.scalar(
        select(SigningFile).where(SigningFile.version_id == version.id, SigningFile.role == role)
    )
    if found is None:
        raise NotFound(role)
    return found.data


def file_of(session: Session, version: FrozenVersion, file_id: UUID) -> SigningFile:
    """A scan or a member's own signed file of this version. Raises NotFound."""
    found = session.get(SigningFile, file_id)
    if found is None or found.version_id != version.id or found.role not in ("scan", "certificate"):
        raise NotFound("file")
    return found


@dataclass
class Place:
    """One place to sign with what became of it."""

    slot: SignatureSlot
    signature: Signature | None = None
    missing: MissingSignature | None = None
    waiting: list[SigningUpload] = field(default_factory=list)

    @property
    def is_signed(self) -> bool:
        return self.signature is not None and self.signature.deed in UNDER_IT

    @property
    def is_expected(self) -> bool:
        """A signature is still to come: not there, not released (A10.2), not refused."""
        return self.slot.released_at is None and self.signature is None


def places_of(session: Session, version: FrozenVersion) -> list[Place]:
    """All places of one version in order: three statements."""
    rows = session.execute(
        select(SignatureSlot, Signature, MissingSignature)
        .outerjoin(Signature, Signature.slot_id == SignatureSlot.id)
        .outerjoin(MissingSignature, MissingSignature.slot_id == SignatureSlot.id)
        .where(SignatureSlot.version_id == version.id)
        .order_by(SignatureSlot.position)
    )
    places = [Place(*row) for row in rows]
    for upload in uploads_of(session, version.id):
        if upload.state == "waiting":
            for place in places:
                if str(place.slot.id) in upload.slot_ids:
                    place.waiting.append(upload)
    return places


def uploads_of(session: Session, version_id: UUID) -> list[SigningUpload]:
    return list(
        session.scalars(
            select(SigningUpload)
            .where(SigningUpload.version_id == version_id)
            .order_by(SigningUpload.recorded_at)
        )
    )


def progress(session: Session, version_ids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many signed and how many are asked, by version: one statement however many there are."""
    ids: Sequence[UUID] = list(version_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(SignatureSlot.version_id, func.count(Signature.id), func.count(SignatureSlot.id))
        .outerjoin(Signature, and_(Signature.slot_id == SignatureSlot.id, Signature.deed.in_(UNDER_IT)))
        .where(SignatureSlot.version_id.in_(ids), SignatureSlot.released_at.is_(None))
        .group_by(SignatureSlot.version_id)
    )
    return {row[0]: (row[1], row[2]) for row in rows}
