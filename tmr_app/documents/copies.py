"""One person's copy of a document, and the fingerprint by which a copy found somewhere is traced."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from tmr_app.documents.content import Document, Language, Watermark
from tmr_app.documents.texts import translate
from tmr_app.regulation.verdicts import Message


def for_person(document: Document, name: str, time: str) -> Document:
    """The document with this reader's name and the instant on every page; `time` is civil time in digits."""
    return document.for_reader(Watermark(name, words(name, time, document.language)))


def words(name: str, time: str, language: Language) -> str:
    """What stands on every page of a copy."""
    return translate(Message("Personal copy: %(name)s, %(time)s", name=name, time=time), language)


def fingerprint(document: Document) -> str:
    """SHA-256 (hex) over everything the document says, its watermark and its file's properties included.

    The same description gives the same bytes in either format, so this value stands for the file without drawing it.
    """
    plain = json.dumps(asdict(document), sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(b"tryeza:document\x00" + plain.encode("utf-8", "surrogatepass")).hexdigest()
