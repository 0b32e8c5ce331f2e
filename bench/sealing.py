"""Sealing a document of some pages with fifteen signatures, and verifying it: no database, the bytes alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.measuring import Row, interleaved, say
from tmr_app.documents import output
from tmr_app.documents.content import Document, Paragraph
from tmr_app.signing import digests, evidence, seal_keys, sealed_file

SIGNERS = 15
ROUNDS = 7
LIMIT_MS = 150.0
"""Of processor time: one sealed copy, the library already loaded."""


def rows() -> Iterator[Row]:
    say("sealing and verifying")
    frozen, stated, key = _frozen(), _evidence, _key()
    kept = stated(frozen)
    sealed = sealed_file.seal(frozen, kept, key)
    times = interleaved(
        {
            "seal": lambda: sealed_file.seal(frozen, kept, key),
            "verify": lambda: sealed_file.verify(sealed, [key.certificate]),
        },
        ROUNDS,
    )
    yield Row("seal.processor", times["seal"].processor, "ms", LIMIT_MS)
    yield Row("seal.size", len(sealed) / 1024, "kB")
    yield Row("verify.processor", times["verify"].processor, "ms")


def _frozen() -> bytes:
    paragraphs = tuple(
        Paragraph(f"{place}. " + "Tryeza vendosi për masat e mbrojtjes. " * 12) for place in range(60)
    )
    return output.write(
        Document(
            kind="minutes", title="Procesverbal", language="sq", created_on=date(2026, 11, 17), office="QPS",
            reference="TL-1", footer="", page_label="{page}/{pages}", blocks=paragraphs,
        ),
        "pdf",
    )  # fmt: skip


def _evidence(frozen: bytes) -> dict[str, Any]:
    content = '{"content":"' + "Tryeza " * 2000 + '"}'
    hashes = {
        "pdf_sha256": digests.pdf_sha256("minutes", frozen),
        "content_sha256": digests.content_sha256("minutes", content.encode()),
    }
    head = {"kind": "minutes", "code": "AAAA-BBBB-CCCC-DDDD", "number": 1}
    signatures = []
    for place in range(SIGNERS):
        record = {**head, **hashes, "position": place, "deed": "signed", "way": "password_code"}
        signatures.append({"record": record, "mark": evidence.mark(record).hex()})
    slots = [{"position": place, "name": f"Anëtar {place}"} for place in range(SIGNERS)]
    return {
        **head,
        "reference": "TL-1",
        "slots": slots,
        "signatures": signatures,
        "public_key": evidence.public_key_hex(),
        "frozen": {**hashes, "bytes": len(frozen), "content": content},
    }


def _key() -> seal_keys.OpenedKey:
    private = ec.generate_private_key(ec.SECP256R1())
    return seal_keys.OpenedKey(
        seal_keys.certificate_of(private, 1, datetime(2026, 1, 1, tzinfo=UTC)).public_bytes(
            serialization.Encoding.DER
        ),
        private.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ),
    )
