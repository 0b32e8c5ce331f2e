"""The record of one signature: what was signed, by whom, how; bound by an Ed25519 key that is not in the database.

The record travels in the sealed file. Session, network and browser stay here as the *trace*; the record holds its hash.
Honest limit: whoever holds both the key file and the database could invent a record made with password and code until the
chain's next outside checkpoint; nobody can invent one made with a passkey.
"""

from dataclasses import asdict, dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.documents.texts import translate
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.encryption import keyring
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import digests
from tmr_app.signing.kinds import kind_of
from tmr_app.signing.models import SCHEMA, SIGNED, SIGNED_ABSENT, FrozenVersion, SignatureSlot

PURPOSE = b"tryeza:signature-record\x00"


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a signature came from: the sign-in it was made in, the request, the network, the browser."""

    session_ref: str | None = None
    request_id: str | None = None
    network: str | None = None
    browser: str | None = None


def statement(version: FrozenVersion, *, absent: bool, language: str) -> str:
    """What the signer declares, in the signer's language, with the fingerprint of the very bytes."""
    kind = kind_of(version.kind)
    said = translate(kind.statement_absent if absent else kind.statement, language)
    about = Message(
        "Document %(reference)s, version %(number)s, SHA-256 %(hash)s.",
        reference=version.reference,
        number=version.number,
        hash=version.pdf_sha256,
    )
    return f"{said}\n{translate(about, language)}"


def deed_of(slot: SignatureSlot) -> str:
    return SIGNED_ABSENT if slot.absent else SIGNED


def base_record(
    version: FrozenVersion, slot: SignatureSlot, *, deed: str, way: str | None, language: str
) -> dict[str, Any]:
    """What a signature says whatever the way; also what a passkey's challenge is made of."""
    said = statement(version, absent=slot.absent, language=language)
    return {
        "schema": SCHEMA,
        "kind": version.kind,
        "version_id": str(version.id),
        "code": version.code,
        "number": version.number,
        "content_sha256": version.content_sha256,
        "pdf_sha256": version.pdf_sha256,
        "position": slot.position,
        "person_id": str(slot.person_id),
        "name": slot.name,
        "institution": slot.institution,
        "function": slot.function,
        "deed": deed,
        "way": way,
        "language": language,
        "statement": said,
        "statement_sha256": digests.statement_sha256(said),
    }


def trace_of(session: Session, trace: Trace) -> dict[str, Any]:
    """The trace as it is kept, with the head of the audit chain before this signature."""
    head = session.scalar(select(AuditEntry.own_hash).order_by(AuditEntry.sequence.desc()).limit(1))
    return {**asdict(trace), "previous_chain_hash": head.hex() if head else None}


def finished(record: dict[str, Any], trace: dict[str, Any], *, signed_at: str) -> dict[str, Any]:
    """The record complete: server time of the deed, real time beside it, the trace's hash."""
    return {
        **record,
        "signed_at": signed_at,
        "server_time": clock.real_now().isoformat(timespec="seconds"),
        "trace_sha256": digests.trace_sha256(trace),
    }


def app_key() -> Ed25519PrivateKey:
    """Derived from the key file: a database alone can mark nothing."""
    return Ed25519PrivateKey.from_private_bytes(keyring().derived("signature-records"))


def public_key_hex() -> str:
    return app_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def mark(record: dict[str, Any]) -> bytes:
    return app_key().sign(PURPOSE + digests.canonical(record))


def mark_holds(record: dict[str, Any], signature: bytes, public_key: str) -> bool:
    """Whether this record was marked by the key; False for anything that cannot be read."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(signature, PURPOSE + digests.canonical(record))
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
