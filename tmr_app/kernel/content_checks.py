"""Uploads: kept only when the content is of an allowed kind, agrees with the name, acts by itself in no way, and tells
nothing about its author. Cases B37-B39 of the bad-input catalogue; ASVS 1.5.1, 5.2.2, 5.2.3, 14.2.8.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath

from tmr_app.kernel import content_office, content_pdf
from tmr_app.kernel.content_images import redrawn
from tmr_app.kernel.content_kinds import (
    KIND_OF_EXTENSION,
    MEDIA_TYPES,
    NAME_OF_KIND,
    Content,
    FileRefused,
    Kind,
    named,
)
from tmr_app.regulation.verdicts import Message

LARGEST = 20 * 1024 * 1024
LONGEST_NAME = 120

_MARKUP = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|img|a\s|div|table|style|meta|link|\?xml|!--)",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_UNWELCOME = re.compile(r"[<>:\"|?*%]")
_FOREIGN = (
    (b"\xd0\xcf\x11\xe0", Message("an old or encrypted Office file")),
    (b"MZ", Message("a program")),
    (b"\x7fELF", Message("a program")),
    (b"\xca\xfe\xba\xbe", Message("a program")),
    (b"#!", Message("a program")),
    (b"{\\rtf", Message("an RTF document")),
    (b"GIF8", Message("a GIF picture")),
    (b"II*\x00", Message("a TIFF picture")),
    (b"MM\x00*", Message("a TIFF picture")),
    (b"BM", Message("a BMP picture")),
    (b"RIFF", Message("a sound, film or WebP file")),
    (b"ID3", Message("a sound, film or WebP file")),
    (b"Rar!", Message("an archive")),
    (b"7z\xbc\xaf", Message("an archive")),
    (b"\x1f\x8b", Message("an archive")),
)
_WEB_PAGE = Message("a web page or drawing made of code")


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file fit to be kept: `data` is what is stored, `sha256` its hash in hex, `display_name` what people see."""

    kind: Kind
    media_type: str
    data: bytes
    sha256: str
    display_name: str
    warnings: tuple[Message, ...] = ()


def check_file(
    data: bytes,
    name: str,
    *,
    largest: int = LARGEST,
    allowed: Collection[Kind] = tuple(Kind),
    keep_bytes: bool = False,
) -> CheckedFile:
    """The upload, recognised by content, cleaned of metadata. Raises FileRefused with a Message.

    `keep_bytes` keeps a PDF byte for byte (a signed document); it is checked all the same.
    """
    if not data:
        raise FileRefused(Message("The file is empty."))
    if len(data) > largest:
        raise FileRefused(Message("The file is larger than %(limit)s MB.", limit=largest // (1024 * 1024)))
    shown = display_name(name)
    kind, entries = _recognised(data)
    said = KIND_OF_EXTENSION.get(PurePosixPath(shown).suffix.lower())
    if kind is not said:
        raise _disagreement(said, kind, shown)
    if kind not in allowed:
        raise FileRefused(Message("Not accepted here: %(kind)s.", kind=NAME_OF_KIND[kind]))
    content = _cleaned(data, kind, entries, keep_bytes=keep_bytes)
    digest = hashlib.sha256(content.data).hexdigest()
    return CheckedFile(kind, MEDIA_TYPES[kind], content.data, digest, shown, content.warnings)


def _disagreement(said: Kind | None, kind: Kind, shown: str) -> FileRefused:
    if said is None:
        return FileRefused(
            Message(
                "Files ending in “%(ending)s” are not accepted. The content is %(found)s.",
                ending=PurePosixPath(shown).suffix[:12],
                found=NAME_OF_KIND[kind],
            )
        )
    return FileRefused(
        Message(
            "The name says %(said)s but the content is %(found)s.",
            said=NAME_OF_KIND[said],
            found=NAME_OF_KIND[kind],
        )
    )


def _recognised(data: bytes) -> tuple[Kind, dict[str, bytes]]:
    """The kind by content alone; archives come unpacked. Raises FileRefused naming a kind that is never kept."""
    if data.startswith(b"%PDF-"):
        return Kind.PDF, {}
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG, {}
    if data.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG, {}
    if data.startswith(b"PK"):
        return content_office.opened(data)
    for start, found in _FOREIGN:
        if data.startswith(start):
            raise named(found)
    _text(data)
    return Kind.TEXT, {}


def _cleaned(data: bytes, kind: Kind, entries: dict[str, bytes], *, keep_bytes: bool) -> Content:
    if kind is Kind.PDF:
        return content_pdf.cleaned(data, keep_bytes=keep_bytes)
    if kind in {Kind.PNG, Kind.JPEG}:
        return redrawn(data, kind)
    if kind is Kind.TEXT:
        return Content(_text(data).encode("utf-8"))
    return content_office.cleaned(entries, kind)


def _text(data: bytes) -> str:
    """UTF-8 text without control characters that no reader could take for a page."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise named(Message("a file of unknown kind")) from None
    if re.search("[\x00-\x08\x0e-\x1f\x7f]", text):
        raise named(Message("a file of unknown kind"))
    if _MARKUP.search(text[:65536]):
        raise named(_WEB_PAGE)
    return text


def display_name(name: str) -> str:
    """The name people see: its last part, composed, without marks that hide or turn it; never used as a path."""
    composed = unicodedata.normalize("NFC", name)
    last = " ".join(re.split(r"[/\\]", composed)[-1].split())
    visible = "".join(
        mark for mark in last if unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = _UNWELCOME.sub("_", visible).strip().rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot:
        stem, ending = plain, ""
    stem = stem.strip(". ") or "file"
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    ending = ending[:10]
    stem = stem[: LONGEST_NAME - len(ending) - 1].rstrip(". ")
    return f"{stem}.{ending}" if ending else stem


__all__ = ["CheckedFile", "FileRefused", "Kind", "check_file", "display_name"]
