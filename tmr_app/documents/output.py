"""One call from a description to a file's bytes."""

from __future__ import annotations

from typing import Literal

from tmr_app.documents.content import Document

Format = Literal["docx", "pdf"]

KINDS = (
    "invitation",
    "pack",
    "annex1",
    "assessment",
    "initial-plan",
    "plan",
    "review",
    "report",
    "declaration",
    "attendance",
    "minutes",
    "closing",
    "superior-letter",
    "family-notice",
    "guide-form",
)


def write(document: Document, file_format: Format) -> bytes:
    """The file's bytes, the same for the same document; ValueError for another format."""
    if file_format == "pdf":
        from tmr_app.documents import pdf

        return pdf.render(document)
    if file_format == "docx":
        from tmr_app.documents import docx

        return docx.render(document)
    raise ValueError(f"no such format: {file_format}")
