"""Sealing a document of some pages with fifteen signatures, all that the job does with the bytes, and verifying it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bench.measuring import Row, interleaved, say
from tmr_app.documents import output
from tmr_app.documents.content import Document, Paragraph
from tmr_app.signing import digests, evidence, seal_keys, sealed_file, signature_sheet

SIGNERS = 15
ROUNDS = 7
LIMIT_MS = 150.0
"""Of processor time: the page of signatures drawn, the copy sealed, and verified before it is kept; libraries loaded."""
NOW = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def rows() -> Iterator[Row]:
    say("sealing and verifying")
    frozen, stated, key = _frozen(), _evidence, _key()
    kept = stated(frozen)
    made = sealed(frozen, kept, key)
    times = interleaved(
        {
            "seal": lambda: sealed(frozen, kept, key),
            "container": lambda: sealed_file.seal(frozen, kept, key),
            "verify": lambda: sealed_file.verify(made, [key.certificate]),
        },
        ROUNDS,
    )
    yield Row("seal.processor", times["seal"].processor, "ms", LIMIT_MS)
    yield Row("seal.size", len(made) / 1024, "kB")
    yield Row("seal.container.processor", times["container"].processor, "ms")
    yield Row("verify.processor", times["verify"].processor, "ms")


def sealed(frozen: bytes, stated: dict[str, Any], key: seal_keys.OpenedKey) -> bytes:
    """As `signing.sealing.run` does it between claim and keeping; other evidence each time, so that no page is found again."""
    told = {**stated, "reference": f"TL-{next(_numbers)}"}
    data = sealed_file.seal(frozen, told, key, sheet=signature_sheet.render(told, now=NOW))
    sealed_file.verify(data, [key.certificate])
    return data


_numbers = count(1)


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
        record = {
            **head, **hashes, "position": place, "deed": "signed", "way": "password_code", "name": f"Anëtar {place}",
            "signed_at": NOW.isoformat(),
        }  # fmt: skip
        signatures.append({"record": record, "mark": evidence.mark(record).hex()})
    slots = [
        {
            "position": place,
            "name": f"Anëtar {place}",
            "institution": "Policia e Kosovës",
            "function": "Hetuese",
        }
        for place in range(SIGNERS)
    ]
    return {
        **head,
        "reference": "TL-1",
        "language": "sq",
        "notes": {"approval": "Miratuar në takimin TL-2"},
        "missing": [],
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
