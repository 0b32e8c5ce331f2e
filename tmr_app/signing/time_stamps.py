"""The time stamp of a seal (RFC 3161, B-T): reduced to one canonical form when it comes, judged again with each verification.

Of what a service sends only three things are signed: what it says (the digest it was asked about, its time), its attributes,
and, by its hash among these, its own certificate. Everything else could be changed unseen, so it is written anew from them:
no other certificate, fixed versions and algorithms. Honest limit: the stamp holds under the certificate it brings; whether
that authority is to be believed is not judged here, that needs its published chain.
"""

from __future__ import annotations

import hashlib
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

_BY_LENGTH: dict[int, tuple[str, hashes.HashAlgorithm]] = {
    32: ("sha256", hashes.SHA256()),
    48: ("sha384", hashes.SHA384()),
    64: ("sha512", hashes.SHA512()),
}


class NoStamp(Exception):
    """What came is no time stamp we can keep; the text says why."""


def stamper(url: str) -> Any:
    """A client of the service at `url` whose tokens are canonical. NoStamp where one cannot be made so."""
    from pyhanko.sign.timestamps import HTTPTimeStamper

    class CanonicalTimeStamper(HTTPTimeStamper):  # the library is imported only where one is asked
        async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> Any:
            return canonical_token(await super().async_timestamp(message_digest, md_algorithm))

    return CanonicalTimeStamper(url)


def canonical_token(token: Any) -> Any:
    """The token as we keep it. NoStamp for one that does not hold by itself."""
    from asn1crypto import cms
    from asn1crypto.x509 import Certificate

    signed = token["content"]
    if len(signed["signer_infos"]) != 1:
        raise NoStamp("not one signer")
    info = signed["signer_infos"][0]
    attributes = {one["type"].native: one["values"] for one in info["signed_attrs"]}
    content: bytes = signed["encap_content_info"]["content"].contents
    digest: bytes = attributes["message_digest"][0].native
    name, algorithm = _BY_LENGTH.get(len(digest), ("", None))
    if algorithm is None or hashlib.new(name, content).digest() != digest:
        raise NoStamp("the stamp does not cover what it says")
    owner = _owner([one.chosen for one in signed["certificates"]], attributes)
    key = x509.load_der_x509_certificate(owner).public_key()
    covered = b"\x31" + info["signed_attrs"].dump()[1:]
    signature: bytes = info["signature"].native
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, covered, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, covered, ec.ECDSA(algorithm))
        else:
            raise NoStamp("a kind of key we do not know")
    except InvalidSignature as error:
        raise NoStamp("the stamp's signature does not hold") from error
    certificate = Certificate.load(owner)
    digests = cms.DigestAlgorithm({"algorithm": name})
    scheme = f"{name}_{'rsa' if isinstance(key, rsa.RSAPublicKey) else 'ecdsa'}"
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                    )
                }
            ),
            "digest_algorithm": digests,
            "signature_algorithm": cms.SignedDigestAlgorithm({"algorithm": scheme}),
            "signed_attrs": info["signed_attrs"],
            "signature": signature,
        }
    )
    written = cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": cms.DigestAlgorithms((digests,)),
            "encap_content_info": cms.EncapsulatedContentInfo(
                {"content_type": "tst_info", "content": cms.ParsableOctetString(content)}
            ),
            "certificates": [certificate],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo.load(
        cms.ContentInfo({"content_type": "signed_data", "content": written}).dump(), strict=True
    )


def _owner(certificates: list[Any], attributes: dict[str, Any]) -> bytes:
    """DER of the certificate the signed attributes name by its hash; it must be one for time stamps."""
    if "signing_certificate_v2" in attributes:
        named = attributes["signing_certificate_v2"][0]["certs"][0]
        algorithm, wanted = named["hash_algorithm"]["algorithm"].native, named["cert_hash"].native
    elif "signing_certificate" in attributes:
        algorithm, wanted = "sha1", attributes["signing_certificate"][0]["certs"][0]["cert_hash"].native
    else:
        raise NoStamp("the stamp names no certificate")
    for one in certificates:
        der: bytes = one.dump()
        if hashlib.new(algorithm, der).digest() == wanted:
            uses = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(
                x509.ExtendedKeyUsage
            )
            if ExtendedKeyUsageOID.TIME_STAMPING in uses.value:
                return der
    raise NoStamp("no certificate for time stamps")


def stamped_digest(token: Any) -> tuple[str, bytes]:
    """The algorithm and digest a token speaks of."""
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    return imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
