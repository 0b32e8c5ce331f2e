"""The sealed file: frozen bytes as prefix, one increment with the evidence attached and one certification signature.

Pure: bytes in, bytes or a finding out; no database, no clock. Making needs pyHanko; verifying needs only the file and the
certificate, and is strict: every byte is either under the signature or part of a container in its one canonical form.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tmr_app.signing import time_stamps
from tmr_app.signing.container import Altered, checked_container, signature_holds, stamped_at
from tmr_app.signing.digests import canonical, content_sha256, pdf_sha256
from tmr_app.signing.seal_keys import OpenedKey

FIELD, ATTACHMENT = "TryezaSeal", "evidence.json"
RESERVED_BYTES = 16_384
LARGEST = 30 * 1024 * 1024
_RANGE = re.compile(rb"/ByteRange \[(\d{1,10}) (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")


def seal(
    frozen: bytes,
    evidence: dict[str, Any],
    key: OpenedKey,
    *,
    sheet: bytes | None = None,
    timestamp_url: str | None = None,
) -> bytes:
    """The sealed copy. `sheet`: a PDF whose pages are shown after the document's own, as part of the increment.

    `timestamp_url`: a time-stamp service (B-T); None makes B-B, without any request.
    """
    from asn1crypto.keys import PrivateKeyInfo
    from asn1crypto.x509 import Certificate
    from pyhanko.pdf_utils import embed, generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    writer = IncrementalPdfFileWriter(io.BytesIO(frozen))
    if sheet is not None:
        _append_pages(writer, sheet)
    attached = embed.EmbeddedFileObject.from_file_data(
        writer, data=canonical(evidence), mime_type="application/json"
    )
    embed.embed_file(
        writer,
        embed.FileSpec(
            file_spec_string=ATTACHMENT,
            file_name=ATTACHMENT,
            embedded_data=attached,
            af_relationship=generic.NameObject("/Data"),
        ),
    )
    signer = signers.SimpleSigner(
        signing_cert=Certificate.load(key.certificate),
        signing_key=PrivateKeyInfo.load(key.private),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason="Seal of Tryeza",
    )
    stamper = time_stamps.stamper(timestamp_url) if timestamp_url else None
    pdf_signer = signers.PdfSigner(metadata, signer=signer, timestamper=stamper)
    with ThreadPoolExecutor(
        1
    ) as apart:  # pyHanko begins an event loop of its own: not in a thread that has one
        made = apart.submit(pdf_signer.sign_pdf, writer, bytes_reserved=RESERVED_BYTES).result()
    data = bytes(made.getbuffer())
    start, end = _covered(data)
    return data[:start] + data[start:end].lower() + data[end:]  # the container's one canonical form


def _append_pages(writer: Any, sheet: bytes) -> None:
    """Add the pages of another PDF at the end; its tags stay behind (no claim of PDF/UA for a sealed copy)."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    for kid in PdfFileReader(io.BytesIO(sheet)).root["/Pages"]["/Kids"]:
        page = kid.get_object()
        for name in ("/Parent", "/StructParents", "/Tabs", "/Annots"):
            page.pop(name, None)
        writer.insert_page(writer.import_object(page))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a genuine file says of itself. `signatures`: given; `expected`: places to sign; `superseded` is not in a file.

    `stamped_at`: the aware instant a time-stamp service gave it, None without one.
    """

    kind: str
    code: str
    number: int
    reference: str
    signatures: int
    expected: int
    sha256: str
    evidence: dict[str, Any]
    stamped_at: datetime | None = None


def verify(data: bytes, certificates: Iterable[bytes]) -> Finding:
    """What this file is, judged by itself and the pinned certificates (DER). Raises Altered for anything but genuine."""
    try:
        return _verified(data, tuple(certificates))
    except Altered:
        raise
    except Exception as error:  # whatever a damaged file makes a parser say, it is not genuine
        raise Altered(f"unreadable: {type(error).__name__}") from None


def _verified(data: bytes, certificates: tuple[bytes, ...]) -> Finding:
    if not data.startswith(b"%PDF-") or len(data) > LARGEST:
        raise Altered("no sealed PDF")
    start, end = _covered(data)
    container = checked_container(data[start:end])
    digest = hashlib.sha256(data[:start] + data[end:]).digest()
    if not any(signature_holds(container, digest, one) for one in certificates):
        raise Altered("not under a known seal")
    evidence = _attached(data)
    _check_prefix(data, evidence)
    from tmr_app.signing.evidence_check import checked_signatures

    return Finding(
        kind=evidence["kind"],
        code=evidence["code"],
        number=evidence["number"],
        reference=evidence["reference"],
        signatures=checked_signatures(evidence),
        expected=len(evidence["slots"]),
        sha256=hashlib.sha256(data).hexdigest(),
        evidence=evidence,
        stamped_at=stamped_at(container),
    )


def _covered(data: bytes) -> tuple[int, int]:
    """Where the one hole of the signature begins and ends; everything else, to the last byte, is covered."""
    found = _RANGE.findall(data)
    if len(found) != 1 or data.count(b"/ByteRange") != 1:
        raise Altered("not one signature")
    first, length, second, rest = (int(one) for one in found[0])
    if first != 0 or second <= length or second + rest != len(data):
        raise Altered("the signature does not cover the whole file")
    if not data.endswith(b"%%EOF\n"):
        raise Altered("something follows the end")
    return length, second


def _attached(data: bytes) -> dict[str, Any]:
    """The evidence, in the canonical form it was written in."""
    from pypdf import PdfReader

    files = PdfReader(io.BytesIO(data)).attachments
    kept = files.get(ATTACHMENT) or []
    if len(kept) != 1:
        raise Altered("no evidence")
    evidence: dict[str, Any] = json.loads(kept[0])
    if canonical(evidence) != kept[0]:
        raise Altered("the evidence is not in its canonical form")
    return evidence


def _check_prefix(data: bytes, evidence: dict[str, Any]) -> None:
    """The file begins with the frozen bytes, and both hashes are those of the evidence."""
    frozen, kind = evidence["frozen"], evidence["kind"]
    if pdf_sha256(kind, data[: frozen["bytes"]]) != frozen["pdf_sha256"]:
        raise Altered("the file does not begin with the frozen document")
    if content_sha256(kind, frozen["content"].encode()) != frozen["content_sha256"]:
        raise Altered("the content is not the frozen one")
