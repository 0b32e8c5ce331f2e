"""What a rendered file says, read by libraries that did not write it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import docx
from docx.oxml.ns import qn
from pypdf import PdfReader


def squeezed(text: str) -> str:
    """Without blanks and break marks: lines break elsewhere in each format."""
    return "".join(text.replace("\u200b", "").split())


def pdf_pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def docx_texts(data: bytes) -> list[str]:
    """The body's paragraphs in reading order, those in tables included."""
    body = docx.Document(io.BytesIO(data)).element.body
    return [
        "".join(
            (node.text or "") if node.tag == qn("w:t") else "\n"
            for node in paragraph.iter(qn("w:t"), qn("w:br"))
        )
        for paragraph in body.iter(qn("w:p"))
    ]


def strings(value: object) -> Iterator[str]:
    """Every text in a block, as the builder gave it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def missing_from(text: str, wanted: Iterator[str]) -> list[str]:
    """Texts that do not stand in `text`; a long one may be parted by a page's end, so its words are looked up."""
    whole = squeezed(text)
    lost = []
    for one in wanted:
        there = squeezed(one) in whole
        if not there and len(one) > 60:
            there = all(squeezed(word) in whole for word in one.split()) and squeezed(one[:25]) in whole
        if not there:
            lost.append(one)
    return lost
