"""Each kind of document drawn: processor time and size; six pages in both formats; fifteen personal packs of twenty pages."""

import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from statistics import median
from time import process_time
from typing import Any

from pypdf import PdfReader

from bench.measuring import Row, say
from tests.documents import samples
from tmr_app.documents import copies, stamps
from tmr_app.documents.content import Document, PageBreak
from tmr_app.documents.output import Format, write

KINDS = (
    "invitation", "pack", "annex1", "assessment", "plan", "review", "report", "declaration", "attendance", "minutes",
    "closing", "superior-letter", "family-notice", "initial-plan", "guide-E-1", "guide-E-3", "guide-E-4", "guide-E-7",
)  # fmt: skip
SIX, TWENTY, READERS, ROUNDS = 6, 20, 15, 5
MS_OF_PDF, MS_OF_DOCX, SECONDS_OF_PACKS = 150.0, 200.0, 3.0
MS_IN_A_REQUEST = 300.0
"""A document is drawn in the request that takes it: none may need longer. A seal is longer work and the worker's alone."""


def rows() -> Iterator[Row]:
    """Each kind is drawn with other texts each time, so that nothing laid out before is found again; the packs are one and
    the same but for the reader, as in life.
    """
    say("documents, each kind in both formats")
    made = samples.documents("sq")
    for kind in KINDS:
        yield from drawn(kind, made[kind], MS_IN_A_REQUEST, MS_IN_A_REQUEST)
    six = pages_of(made["minutes"], SIX)
    yield from drawn("six_pages", six, MS_OF_PDF, MS_OF_DOCX)
    say(f"{READERS} packs of {TWENTY} pages")
    whole = pages_of(made["pack"], TWENTY, made["minutes"])
    start = process_time()
    for number in range(READERS):
        write(copies.for_person(whole, f"Anëtari {number}", "17.11.2026 10:05:09"), "pdf")
    yield Row(f"document.packs.{READERS}x{TWENTY}", process_time() - start, "s", SECONDS_OF_PACKS)
    yield from drawn(f"pack_of_{TWENTY}", whole, MS_IN_A_REQUEST, MS_IN_A_REQUEST)
    yield from stamped(write(whole, "pdf"))


def stamped(paper: bytes) -> Iterator[Row]:
    """A member's copy of a file of twenty pages somebody added: a tagged one, thousands of objects to read and write."""
    times = []
    stamps.stamp(paper, "application/pdf", "Kopje personale: Anëtari 0, 17.11.2026 10:05:08")
    for number in range(ROUNDS):
        start = process_time()
        stamps.stamp(paper, "application/pdf", f"Kopje personale: Anëtari {number}, 17.11.2026 10:05:09")
        times.append(1000 * (process_time() - start))
    yield Row(f"document.file_of_{TWENTY}.stamped", median(times), "ms")


def drawn(
    name: str, document: Document, pdf_limit: float | None = None, docx_limit: float | None = None
) -> Iterator[Row]:
    limits: tuple[tuple[Format, float | None], ...] = (("pdf", pdf_limit), ("docx", docx_limit))
    for file_format, limit in limits:
        times, size = [], 0
        write(document, file_format)
        for number in range(ROUNDS):
            one = varied(document, number)
            start = process_time()
            size = len(write(one, file_format))
            times.append(1000 * (process_time() - start))
        yield Row(f"document.{name}.{file_format}", median(times), "ms", limit)
        yield Row(f"document.{name}.{file_format}.size", size / 1024, "KiB")


def varied(document: Document, number: int) -> Document:
    """The same document with other texts of the same length."""
    return replace(document, blocks=tuple(_varied(block, number) for block in document.blocks))


def _varied(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return f"{value[:-1]}{number}" if len(value) > 3 else value
    if isinstance(value, tuple):
        return tuple(_varied(part, number) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{one.name: _varied(getattr(value, one.name), number) for one in fields(value)}
        )
    return value


def pages_of(document: Document, count: int, filler: Document | None = None) -> Document:
    """The document with the filler's content (its own when there is none) added until it fills so many pages."""
    found, blocks = document, document.blocks
    while len(PdfReader(io.BytesIO(write(found, "pdf"))).pages) < count:
        blocks = (*blocks, PageBreak(), *(filler or document).blocks)
        found = replace(document, blocks=blocks)
    return found
