"""The signature's container in a PDF, in its one canonical form, and whether it holds under a pinned certificate.

Ordinary validation lets some changes pass inside /Contents (the case of a hexadecimal digit, what follows the value); here
each of its bytes has one lawful value.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tmr_app.signing.time_stamps import canonical_token, stamped_digest

DIGITS = frozenset(b"0123456789abcdef")


class Altered(Exception):
    """Not a genuine sealed file; the text says what was found, in no person's words."""


def checked_container(hole: bytes) -> Any:
    """The CMS value of "<...>": lower-case digits, one value, zeros and nothing else after it.

    That its bytes are the only ones it may have, `signature_holds` asks by writing it anew.
    """
    from asn1crypto.cms import ContentInfo

    if len(hole) < 4 or hole[:1] != b"<" or hole[-1:] != b">" or not set(hole[1:-1]) <= DIGITS:
        raise Altered("the container is not in its canonical form")
    raw = bytes.fromhex(hole[1:-1].decode())
    length = _der_length(raw)
    if any(raw[length:]):
        raise Altered("something follows the signature")
    return ContentInfo.load(raw[:length], strict=True)


def _der_length(raw: bytes) -> int:
    """How long the DER value at the beginning is."""
    if len(raw) < 4 or raw[0] != 0x30:
        raise Altered("no signature")
    if raw[1] < 0x80:
        return 2 + raw[1]
    count = raw[1] & 0x7F
    if not 1 <= count <= 4 or len(raw) < 2 + count:
        raise Altered("no signature")
    return 2 + count + int.from_bytes(raw[2 : 2 + count], "big")


def signature_holds(content: Any, digest: bytes, certificate: bytes) -> bool:
    """Whether the one signer is this very certificate, signed these attributes, and they name this digest of the file.

    What no signature covers (versions, algorithms, the signer's name) is compared with the only form we write.
    """
    signed = content["content"]
    infos, kept = signed["signer_infos"], signed["certificates"]
    if len(infos) != 1 or len(kept) != 1 or kept[0].dump() != certificate:
        return False
    info = infos[0]
    if content.dump() != _as_written(certificate, info):
        return False
    attributes = {one["type"].native: one["values"] for one in info["signed_attrs"]}
    named = attributes.get("message_digest")
    if named is None or len(named) != 1 or named[0].native != digest:
        return False
    key = x509.load_der_x509_certificate(certificate).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return False
    covered = b"\x31" + info["signed_attrs"].dump()[1:]  # signed as a SET, stored under an implicit tag
    try:
        key.verify(info["signature"].native, covered, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return _stamp_fits(info)


def _as_written(certificate: bytes, info: Any) -> bytes:
    """The container as we write it, around this certificate, these signed attributes, this signature, this time stamp."""
    from asn1crypto import cms
    from asn1crypto.x509 import Certificate

    owner = Certificate.load(certificate)
    sha256 = cms.DigestAlgorithm({"algorithm": "sha256"})
    signer: dict[str, Any] = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": owner.issuer, "serial_number": owner.serial_number}
                )
            }
        ),
        "digest_algorithm": sha256,
        "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}),
        "signed_attrs": info["signed_attrs"],
        "signature": info["signature"].native,
    }
    if len(info["unsigned_attrs"]):
        token = canonical_token(info["unsigned_attrs"][0]["values"][0])
        stamp = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
        signer["unsigned_attrs"] = cms.CMSAttributes([stamp])
    written = cms.ContentInfo(
        {
            "content_type": "signed_data",
            "content": cms.SignedData(
                {
                    "version": "v1",
                    "digest_algorithms": cms.DigestAlgorithms((sha256,)),
                    "encap_content_info": {"content_type": "data"},
                    "certificates": [owner],
                    "signer_infos": [cms.SignerInfo(signer)],
                }
            ),
        }
    )
    return bytes(written.dump())


def _stamp_fits(info: Any) -> bool:
    """Without a time-stamp service there is no unsigned attribute; with one, the stamp (written anew already) is over this
    signature."""
    unsigned = list(info["unsigned_attrs"])
    if not unsigned:
        return True
    if len(unsigned) != 1 or unsigned[0]["type"].native != "signature_time_stamp_token":
        return False
    algorithm, stamped = stamped_digest(unsigned[0]["values"][0])
    return bool(stamped == hashlib.new(algorithm, info["signature"].native).digest())


def stamped_at(content: Any) -> datetime | None:
    """The aware instant of the time stamp in a container that holds; None without one."""
    for one in content["content"]["signer_infos"][0]["unsigned_attrs"]:
        said: datetime = (
            one["values"][0]["content"]["encap_content_info"]["content"].parsed["gen_time"].native
        )
        return said
    return None
