"""The keys that seal: EC P-256 with a self-made certificate, the private part wrapped under a key derived from the key file.

The certificate is public: whoever holds it verifies a sealed file without this installation. A self-made certificate proves
integrity, and that it was this installation; it is not a qualified seal in law.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.encryption import keyring
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.signing.models import SealKey

YEARS = 15
DEMONSTRATION = "DEMONSTRATION - no legal value"


@dataclass(frozen=True, slots=True)
class OpenedKey:
    """A seal key ready to seal with: DER of the certificate, PKCS8 DER of the private key."""

    certificate: bytes
    private: bytes


def make(session: Session, now: datetime, *, demonstration: bool = False) -> SealKey:
    """A new key in use; the one before is retired, its certificate still verifies what it sealed."""
    last = session.scalar(select(SealKey).order_by(SealKey.number.desc()).limit(1).with_for_update())
    number = last.number + 1 if last is not None else 1
    private = ec.generate_private_key(ec.SECP256R1())
    certificate = certificate_of(private, number, now, demonstration=demonstration)
    der = certificate.public_bytes(serialization.Encoding.DER)
    made = SealKey(
        number=number,
        certificate=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint=hashlib.sha256(der).hexdigest(),
        wrapped=_wrap(
            private.private_bytes(
                serialization.Encoding.DER,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            der,
        ),
        created_at=now,
    )
    if last is not None and last.retired_at is None:
        last.retired_at = now
    session.add(made)
    audit.note(session, "seal-key:made", object_type="seal_key", object_id=made.id, rule=f"key {number}")
    session.flush()
    return made


def certificate_of(
    private: ec.EllipticCurvePrivateKey, number: int, now: datetime, *, demonstration: bool = False
) -> x509.Certificate:
    """A self-made certificate for sealing; a demonstration's says so in its name."""
    names = [
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, DEMONSTRATION if demonstration else "Tryeza"),
        x509.NameAttribute(NameOID.COMMON_NAME, f"Tryeza seal {number}"),
    ]
    name = x509.Name(names)
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(private, hashes.SHA256())
    )


def _wrap(private: bytes, certificate: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(keyring().derived("seal-keys")).encrypt(nonce, private, certificate)


def current(session: Session) -> SealKey | None:
    """The key in use."""
    return session.scalar(
        select(SealKey).where(SealKey.retired_at.is_(None)).order_by(SealKey.number.desc()).limit(1)
    )


def all_keys(session: Session) -> list[SealKey]:
    return list(session.scalars(select(SealKey).order_by(SealKey.number)))


def opened(key: SealKey) -> OpenedKey:
    """Unwrap. Raises SettingsWrong when the key file is not the one it was made under."""
    certificate = der_of(key.certificate)
    try:
        private = AESGCM(keyring().derived("seal-keys")).decrypt(
            key.wrapped[:12], key.wrapped[12:], certificate
        )
    except InvalidTag as error:
        raise SettingsWrong(
            "The key file does not fit the seal keys of this database: set TMR_KEY_FILE to the right one."
        ) from error
    return OpenedKey(certificate, private)


def der_of(pem: str | bytes) -> bytes:
    """The certificate of a PEM text. Raises ValueError for what is none."""
    data = pem.encode() if isinstance(pem, str) else pem
    return x509.load_pem_x509_certificate(data).public_bytes(serialization.Encoding.DER)


def words_of(key: SealKey) -> dict[str, Any]:
    """What may be shown of a key."""
    return {
        "number": key.number,
        "fingerprint": key.fingerprint,
        "created_at": key.created_at,
        "retired_at": key.retired_at,
    }
