"""The values of a document as canonical JSON, so that what was sent can be proved and printed again later.

RFC 8785 fixes the bytes; the fingerprint is SHA-256 with a prefix for its purpose. Only value classes of `documents` are
read back: a stored name that is none of them is refused.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from tmr_app.documents import (
    annex1,
    assessment,
    closing,
    family_notice,
    invitation,
    minutes,
    monitoring,
    plan,
    report,
    review,
    superior_letter,
    values,
)
from tmr_app.regulation.verdicts import Label, Message

CLASSES: dict[str, type[Any]] = {
    name: found
    for module in (
        values,
        annex1,
        invitation,
        assessment,
        plan,
        report,
        minutes,
        monitoring,
        review,
        family_notice,
        closing,
        superior_letter,
    )
    for name, found in vars(module).items()
    if isinstance(found, type) and is_dataclass(found) and name.endswith("Values")
}


def encode(value: Any) -> Any:
    """A value of `documents` as plain JSON; classes, dates and messages carry a mark of what they are."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, date):
        return {"@date": value.isoformat()}
    if isinstance(value, Message):
        return {"@message": value.msgid, "params": {name: encode(one) for name, one in value.params.items()}}
    if isinstance(value, Label):
        return {"@label": value.key}
    if isinstance(value, tuple | list):
        return [encode(one) for one in value]
    if isinstance(value, Mapping):
        return {"@map": {str(name): encode(one) for name, one in value.items()}}
    if CLASSES.get(type(value).__name__) is type(value):
        return {
            "@": type(value).__name__,
            **{one.name: encode(getattr(value, one.name)) for one in fields(value)},
        }
    raise TypeError(f"{type(value).__name__} cannot be frozen")


def decode(stored: Any) -> Any:
    """The value again. Raises ValueError for a class that is none of the documents' own."""
    if isinstance(stored, list):
        return tuple(decode(one) for one in stored)
    if not isinstance(stored, dict):
        return stored
    if "@date" in stored:
        return date.fromisoformat(stored["@date"])
    if "@message" in stored:
        msgid = stored["@message"]
        return Message(msgid, **{name: decode(one) for name, one in stored["params"].items()})
    if "@label" in stored:
        return Label(stored["@label"])
    if "@map" in stored:
        return {name: decode(one) for name, one in stored["@map"].items()}
    known = CLASSES.get(stored.get("@", ""))
    if known is None:
        raise ValueError("no frozen value of a document")
    # A field added to the class later keeps its default for what was frozen before.
    names = {one.name for one in fields(known)} & stored.keys()
    return known(**{name: decode(stored[name]) for name in names})


def canonical(stored: Any) -> bytes:
    """The bytes that are hashed (RFC 8785)."""
    import rfc8785

    return rfc8785.dumps(stored)


def fingerprint(kind: str, stored: Any) -> str:
    """SHA-256 of one document of a pack, in hexadecimal; `kind` keeps two kinds of document apart."""
    return hashlib.sha256(f"tryeza:pack-document:{kind}\x00".encode() + canonical(stored)).hexdigest()


def pack_fingerprint(hashes: list[str]) -> str:
    """SHA-256 over the ordered fingerprints of a pack's documents, in hexadecimal."""
    return hashlib.sha256(b"tryeza:pack\x00" + "\n".join(hashes).encode()).hexdigest()
