"""Renders a `Document` as a tagged PDF (PDF/A-2a and PDF/UA-1) with typst.

One fixed template reads the content as JSON: no source text is ever built from input. The same
document gives the same bytes.
"""

from __future__ import annotations

import json
import threading
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tmr_app.documents.columns import INSET, fitted, size_of
from tmr_app.documents.content import Block, Document, SignatureTable, Table
from tmr_app.documents.glyphs import FONTS, printable
from tmr_app.documents.keeping import kept, whole

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).parent / "typst" / "document.typ"
# Script is implied by the language for Albanian and English; typst's PDF language has no script part.
_LOCALES = {"sq": ("sq", "AL"), "sr": ("sr", "RS"), "en": ("en", "GB")}
_ROUNDING = 1e-6
_lock = threading.Lock()


def render(document: Document) -> bytes:
    """The PDF's bytes. `typst.TypstError` would be a fault of the template, not of the content."""
    with _lock:  # one compiler, and memory for one document at a time
        made = _compiler().compile(
            format="pdf",
            sys_inputs={"data": json.dumps(_data(document), ensure_ascii=False)},
            pdf_standards=["a-2a", "ua-1"],
        )
    if not isinstance(made, bytes):
        raise TypeError("one document makes one file")
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)


def _data(document: Document) -> dict[str, Any]:
    language, region = _LOCALES[document.language]
    before, _, rest = document.page_label.partition("{page}")
    between, _, after = rest.partition("{pages}")
    texts = {
        name: printable(getattr(document, name))
        for name in ("title", "subtitle", "office", "reference", "footer", "mark")
    }
    return texts | {
        "language": language,
        "region": region,
        "large": document.large,
        "date": [document.created_on.year, document.created_on.month, document.created_on.day],
        "page_label": [before, between, after],
        "watermark": printable(document.watermark.text) if document.watermark else "",
        "parts": [
            {
                "attachment": printable(opening.title) if opening else "",
                "landscape": opening.landscape if opening else document.landscape,
                "blocks": [
                    _block(block, opening.landscape if opening else document.landscape)
                    | {"whole": whole(block), "kept": with_next}
                    for block, with_next in kept(blocks)
                ],
            }
            for opening, blocks in document.parts()
        ],
    }


def _block(block: Block, landscape: bool) -> Any:
    plain = _plain(block)
    if isinstance(block, Table | SignatureTable):
        line = 751 if landscape else 482  # points between the margins
        widths = fitted(block.columns, block.rows, block.widths, line)
        room = [(width - INSET) / size_of(block.columns) + _ROUNDING for width in widths]
        plain["widths"] = list(widths)
        plain["columns"] = [printable(one, em) for one, em in zip(block.columns, room, strict=True)]
        plain["rows"] = [
            [printable(one, em) for one, em in zip(row, room, strict=True)] for row in block.rows
        ]
    return plain


def _plain(value: object) -> Any:
    if is_dataclass(value):
        plain = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return plain | {"block": type(value).__name__}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return printable(value) if isinstance(value, str) else value
