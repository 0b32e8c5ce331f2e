"""PDF uploads: nothing active, nothing embedded, no password; the document's properties are dropped."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from tmr_app.kernel.content_kinds import Content, FileRefused, Kind, damaged
from tmr_app.regulation.verdicts import Message

MOST_OBJECTS = 200_000
_ACTIVE_KEYS = {"/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_ACTIVE_ACTIONS = {
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute",
}  # fmt: skip
_EMBEDDED_KEYS = {"/EF", "/EmbeddedFiles"}
_OF_THE_AUTHOR = {"/Metadata", "/PieceInfo", "/LastModified"}
_COMMENTS = {"/Text", "/FreeText", "/Popup", "/Highlight", "/StrikeOut", "/Caret", "/Ink"}

ENCRYPTED = Message("The PDF is protected by a password. Save it without one.")
ACTIVE = Message("The PDF contains a program or a form that sends data. Print it to a new PDF and try again.")
EMBEDDED = Message("The PDF has other files inside. Upload them one by one.")
COMMENTED = Message(
    "The PDF contains comments, perhaps with their authors' names. Look at it before sharing."
)
SIGNED = Message(
    "The PDF carried an electronic signature; without its properties the signature no longer verifies."
)


def cleaned(data: bytes, *, keep_bytes: bool) -> Content:
    """The PDF without its properties; with `keep_bytes` only checked, byte for byte as it came. Raises FileRefused."""
    from pypdf import PdfReader, PdfWriter

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its remarks quote the file's content
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            raise FileRefused(ENCRYPTED)
        if sum(len(part) for part in reader.xref.values()) + len(reader.xref_objStm) > MOST_OBJECTS:
            raise damaged(Kind.PDF)
        if not reader.pages:
            raise damaged(Kind.PDF)
        writer = PdfWriter(clone_from=reader)
        warnings = _inspected(writer)
        if keep_bytes:
            return Content(data, tuple(w for w in warnings if w is not SIGNED))
        writer.metadata = None
        target = io.BytesIO()
        writer.write(target)
    except FileRefused:
        raise
    except Exception:  # pypdf has no common error for a broken file; all of them mean the same
        raise damaged(Kind.PDF) from None
    return Content(target.getvalue(), warnings)


def _inspected(writer: Any) -> tuple[Message, ...]:
    """Refuse what acts or hides; drop what names the author; say what the uploader should look at."""
    found: dict[Message, None] = {}
    for holder in _all_objects(writer):
        for part in _dictionaries(holder, 0):
            keys = set(part)
            if keys & _ACTIVE_KEYS or part.get("/S") in _ACTIVE_ACTIONS:
                raise FileRefused(ACTIVE)
            if keys & _EMBEDDED_KEYS or part.get("/Type") == "/EmbeddedFile":
                raise FileRefused(EMBEDDED)
            if "/ByteRange" in keys:
                found[SIGNED] = None
            if part.get("/Subtype") in _COMMENTS and "/Rect" in keys:
                found[COMMENTED] = None
            for key in keys & _OF_THE_AUTHOR:
                del part[key]
    return tuple(found)


def _all_objects(writer: Any) -> list[Any]:
    """Also those no page leads to: what acts or hides need not be reachable to be found by another program.

    pypdf gives out single objects by number only; the planted files of the tests lie among those nothing leads to.
    """
    return list(writer._objects)


def _dictionaries(value: Any, depth: int) -> Iterator[Any]:
    """Every dictionary inside one object, references not followed: each object is visited by itself."""
    if depth > 50:
        raise damaged(Kind.PDF)
    if isinstance(value, dict):
        yield value
        for inner in list(value.values()):
            yield from _dictionaries(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _dictionaries(inner, depth + 1)
