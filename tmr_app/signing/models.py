"""Frozen versions, places to sign, signatures, files, seal jobs and seal keys.

`owner_id` is the case or municipality whose data key seals the row. Signatures are inserted, never changed.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from tmr_app.kernel.db import Base, Enc, Identified
from tmr_app.kernel.encryption import SealedBytes, SealedJson, SealedText

CIRCULATED, SIGNING, SEALED, SUPERSEDED, INCOMPLETE = (
    "circulated",
    "signing",
    "sealed",
    "superseded",
    "incomplete",
)
STATES = (CIRCULATED, SIGNING, SEALED, SUPERSEDED, INCOMPLETE)

SIGNED, SIGNED_ABSENT, REFUSED = "signed", "signed_absent", "refused"
DEEDS = (SIGNED, SIGNED_ABSENT, REFUSED)
UNDER_IT = (SIGNED, SIGNED_ABSENT)

PASSKEY, PASSWORD_CODE, CERTIFICATE, PAPER = "passkey", "password_code", "certificate", "paper"
WAYS = (PASSKEY, PASSWORD_CODE, CERTIFICATE, PAPER)

LEFT_POST, UNREACHABLE, REFUSED_TO = "left_post", "unreachable", "refused"
MISSING_REASONS = (LEFT_POST, UNREACHABLE, REFUSED_TO)

SCHEMA = 1
"""Of the canonical JSON that is hashed; a later layout gets the next number, old ones stay readable."""


class FrozenVersion(Identified, Base):
    """Version `number` of one document, fixed to the byte: its canonical JSON and its PDF.

    `kind` and `subject_id` say what it is a version of. `code` finds it again on the verification page. `notes`: facts
    that came after the freeze and go into the evidence (where it was approved). `completed_at`: the last signature, or
    the closing without some. `seal_sha256` is the sealed file's own SHA-256, `seal_key_id` the key that sealed it.
    """

    __tablename__ = "frozen_version"
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    municipality_id: Mapped[UUID | None] = mapped_column(ForeignKey("municipality.id"), index=True)
    owner_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(String(30))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    language: Mapped[str] = mapped_column(String(10))
    schema_number: Mapped[int] = mapped_column(Integer, default=SCHEMA)
    state: Mapped[str] = mapped_column(String(12), default=CIRCULATED)
    content_sha256: Mapped[str] = mapped_column(String(64))
    pdf_sha256: Mapped[str] = mapped_column(String(64))
    frozen_at: Mapped[datetime]
    frozen_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    seal_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    seal_key_id: Mapped[UUID | None] = mapped_column(ForeignKey("seal_key.id"))
    content_enc: Enc
    reason_enc: Enc
    notes_enc: Enc
    content = SealedText("content_enc", "owner_id")
    reason = SealedText("reason_enc", "owner_id")
    notes = SealedJson("notes_enc", "owner_id")
    __table_args__ = (
        UniqueConstraint("kind", "subject_id", "number", name="uq_frozen_version_number"),
        CheckConstraint("(case_id IS NULL) <> (municipality_id IS NULL)", name="one_owner"),
        CheckConstraint(
            "state IN ('circulated', 'signing', 'sealed', 'superseded', 'incomplete')", name="state_known"
        ),
    )

    @property
    def is_open(self) -> bool:
        return self.state == SIGNING and self.completed_at is None


class SignatureSlot(Identified, Base):
    """One person's place to sign, as they were when the version was frozen. `released_at`: no signature is expected any
    more (A10.2)."""

    __tablename__ = "signature_slot"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), index=True)
    owner_id: Mapped[UUID]
    position: Mapped[int]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    absent: Mapped[bool] = mapped_column(Boolean, default=False)
    released_at: Mapped[datetime | None]
    name_enc: Enc
    institution_enc: Enc
    function_enc: Enc
    name = SealedText("name_enc", "owner_id")
    institution = SealedText("institution_enc", "owner_id")
    function = SealedText("function_enc", "owner_id")
    __table_args__ = (UniqueConstraint("version_id", "person_id", name="uq_signature_slot_person"),)


class SigningFile(Identified, Base):
    """Bytes that belong to a version, sealed: `frozen`, `sealed`, `scan` (paper) or `certificate` (signed by the member).

    In the database and not in the file store, so that a version, its bytes and its signatures stand or fall together.
    """

    __tablename__ = "signing_file"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), index=True)
    owner_id: Mapped[UUID]
    role: Mapped[str] = mapped_column(String(12))
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    sha256: Mapped[str] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(80))
    size_bytes: Mapped[int]
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    data_enc: Enc = mapped_column(LargeBinary, deferred=True)
    data = SealedBytes("data_enc", "owner_id")


class Signature(Identified, Base):
    """What one person did with one version: signed, signed as absent, or refused with a reason. Inserted, never changed.

    `record` is the evidence as it is attached to the sealed file; `trace` stays here and is bound to the record by its
    hash. `mark` is the Ed25519 signature of the installation's key over the canonical record.
    """

    __tablename__ = "signature"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), index=True)
    owner_id: Mapped[UUID]
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("signature_slot.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    deed: Mapped[str] = mapped_column(String(15))
    way: Mapped[str | None] = mapped_column(String(15))
    signed_at: Mapped[datetime]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    mark: Mapped[bytes] = mapped_column(LargeBinary)
    record_enc: Enc
    trace_enc: Enc
    reason_enc: Enc
    record = SealedJson("record_enc", "owner_id")
    trace = SealedJson("trace_enc", "owner_id")
    reason = SealedText("reason_enc", "owner_id")
    __table_args__ = (UniqueConstraint("version_id", "person_id", name="uq_signature_once"),)


class MissingSignature(Identified, Base):
    """Why a signature will not come: left the post, unreachable, refused. Counts only when the version closes without it."""

    __tablename__ = "missing_signature"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), index=True)
    owner_id: Mapped[UUID]
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("signature_slot.id"), unique=True)
    kind: Mapped[str] = mapped_column(String(15))
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    reason_enc: Enc
    reason = SealedText("reason_enc", "owner_id")


class SigningUpload(Identified, Base):
    """A signed file that waits for a second person: a scan of wet-ink signatures, or a member's own certificate whose
    name is not the slot's. `slot_ids`: whose signatures it shows. Becomes signatures when somebody else confirms it.
    """

    __tablename__ = "signing_upload"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), index=True)
    owner_id: Mapped[UUID]
    file_id: Mapped[UUID] = mapped_column(ForeignKey("signing_file.id"))
    way: Mapped[str] = mapped_column(String(15))
    slot_ids: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    about_enc: Enc
    about = SealedJson("about_enc", "owner_id")
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'accepted', 'declined')", name="upload_state_known"),
    )


class SealJob(Identified, Base):
    """The one job that makes a version's sealed copy. `lease_until`: a worker that died loses it then."""

    __tablename__ = "seal_job"
    version_id: Mapped[UUID] = mapped_column(ForeignKey("frozen_version.id"), unique=True)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    created_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(60))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_seal_job_state", "state", "created_at"),)


class SealKey(Identified, Base):
    """A key that seals: its certificate for everybody, its private part only under a key derived from the key file."""

    __tablename__ = "seal_key"
    number: Mapped[int] = mapped_column(unique=True)
    certificate: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
