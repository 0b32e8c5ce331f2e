"""Word and Excel uploads: no macros, no objects, nothing fetched from outside, no entities; properties dropped."""

import re
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml import ElementTree as SafeTree

from tmr_app.kernel.content_archives import pack, unpack
from tmr_app.kernel.content_images import redrawn
from tmr_app.kernel.content_kinds import Content, FileRefused, Kind, damaged, named
from tmr_app.regulation.verdicts import Message

CONTENT_TYPES = "[Content_Types].xml"
LARGEST_XML = 30 * 1024 * 1024
LARGEST_PARSED = 2 * 1024 * 1024
_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": Kind.DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": Kind.XLSX,
}
_PARTS = {
    "xml",
    "rels",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "emf",
    "wmf",
    "tif",
    "tiff",
    "bmp",
    "odttf",
    "fntdata",
    "vml",
}
_OUTSIDE_LINK = re.compile(r"(https?://|mailto:)", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["'](?!utf-8["'])""", re.IGNORECASE)
_FETCHING_FIELD = re.compile(r"(^|\s)(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|LINK)(\s|$)", re.IGNORECASE)
_FIELD_CODE = re.compile(r"""<w:instrText\b[^>]*>([^<]*)|\bw:instr\s*=\s*["']([^<>]*?)["'](?=[\s/>])""")
_QUOTED = re.compile(r'(?:"|&quot;).*?(?:"|&quot;)')
_TRACKED = re.compile(rb"<w:(ins|del|moveFrom|moveTo)\b")

MACROS = Message("an Office file with macros")
OBJECTS = Message("an Office file with embedded objects")
FETCHES = Message(
    "The file fetches something from another place when it is opened. Save it without links to templates."
)
ENTITIES = Message("The file contains definitions that no office program writes. It was not opened.")
TRACKED = Message("The document contains tracked changes. Accept or reject them before sharing.")
COMMENTS = Message("The document contains comments with their authors' names. Remove them before sharing.")

_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_FORMATS = b"http://schemas.openxmlformats.org/officeDocument/2006"
_EMPTY = {
    "application/vnd.openxmlformats-package.core-properties+xml": (
        _XML
        + b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
    ),
    "application/vnd.openxmlformats-officedocument.extended-properties+xml": (
        _XML + b'<Properties xmlns="' + _FORMATS + b'/extended-properties"/>'
    ),
    "application/vnd.openxmlformats-officedocument.custom-properties+xml": (
        _XML + b'<Properties xmlns="' + _FORMATS + b'/custom-properties"/>'
    ),
}


def office_kind(entries: dict[str, bytes]) -> Kind:
    """Which of the two it is by its main part. Raises FileRefused naming what it is instead (B38)."""
    names = {name.lower() for name in entries}
    if any(name.rpartition("/")[2] in {"vbaproject.bin", "vbadata.xml"} for name in names):
        raise named(MACROS)
    if CONTENT_TYPES not in entries:
        raise named(Message("a zip archive"))
    types = {str(node.get("ContentType", "")) for node in _tree(entries[CONTENT_TYPES])}
    if any("macroenabled" in each.lower() or "vbaproject" in each.lower() for each in types):
        raise named(MACROS)
    found = {_MAIN[each] for each in types if each in _MAIN}
    if len(found) != 1:
        raise named(Message("another kind of Office file"))
    return found.pop()


def cleaned(entries: dict[str, bytes], kind: Kind) -> Content:
    """The file packed again without its properties. Raises FileRefused."""
    for name, content in entries.items():
        _check_part(name, content, kind)
    empty = _properties(entries)
    kept = {name: empty.get(name.lower(), content) for name, content in entries.items()}
    for name in list(kept):
        drawn = {"png": Kind.PNG, "jpg": Kind.JPEG, "jpeg": Kind.JPEG}.get(_extension(name))
        if drawn:
            kept[name] = redrawn(kept[name], drawn).data
    return Content(pack(kept), _warnings(entries))


def _properties(entries: dict[str, bytes]) -> dict[str, bytes]:
    """What stands instead of each part that names author, company and the like: known by its type, whatever it is called."""
    found = {
        str(node.get("PartName", "")).lstrip("/").lower(): _EMPTY.get(
            str(node.get("ContentType", "")).lower()
        )
        for node in _tree(entries[CONTENT_TYPES])
    }
    usual = dict(
        zip(("docprops/core.xml", "docprops/app.xml", "docprops/custom.xml"), _EMPTY.values(), strict=True)
    )
    return usual | {name: content for name, content in found.items() if content is not None}


def _warnings(entries: dict[str, bytes]) -> tuple[Message, ...]:
    found = []
    if any(_TRACKED.search(content) for name, content in entries.items() if name.startswith("word/")):
        found.append(TRACKED)
    if any(re.search(r"(^|/)(threaded)?comments?[^/]*\.xml$", name, re.IGNORECASE) for name in entries):
        found.append(COMMENTS)
    return tuple(found)


def _extension(name: str) -> str:
    return name.rpartition("/")[2].rpartition(".")[2].lower()


def _check_part(name: str, content: bytes, kind: Kind) -> None:
    lower, extension = name.lower(), _extension(name)
    if extension == "bin" and "printersettings" in lower:
        return
    if "/embeddings/" in lower or "/activex/" in lower or "/ctrlprops/" in lower or extension not in _PARTS:
        raise named(OBJECTS)
    if any(part in lower for part in ("/externallinks/", "xl/connections.xml", "/querytables/")):
        raise FileRefused(FETCHES)
    if extension not in {"xml", "rels", "vml"}:
        return
    _check_xml(content, kind)
    if extension == "rels":
        _check_relations(content)
    elif _has_fetching_field(content.decode("utf-8-sig")):
        raise FileRefused(FETCHES)


def _has_fetching_field(text: str) -> bool:
    """A field code may be split over several runs, so they are also read as one."""
    codes = [inside or attribute for inside, attribute in _FIELD_CODE.findall(text)]
    return any(_FETCHING_FIELD.search(_QUOTED.sub("", code)) for code in [*codes, "".join(codes)])


def _check_xml(content: bytes, kind: Kind) -> None:
    """UTF-8 without definitions of its own: then no parser of ours or the reader's can be made to expand anything."""
    if len(content) > LARGEST_XML:
        raise damaged(kind)
    if _DOCTYPE.search(content):
        raise FileRefused(ENTITIES)
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(ENTITIES) from None
    if b"\x00" in content or _OTHER_ENCODING.search(content):
        raise FileRefused(ENTITIES)


def _check_relations(content: bytes) -> None:
    for relation in _tree(content):
        kind, target = str(relation.get("Type", "")).rpartition("/")[2], str(relation.get("Target", ""))
        outside = str(relation.get("TargetMode", "")).lower() == "external" or "://" in target
        if kind.lower() in {"oleobject", "package", "control", "afchunk", "vbaproject"}:
            raise named(OBJECTS)
        if outside and not (kind == "hyperlink" and _OUTSIDE_LINK.match(target)):
            raise FileRefused(FETCHES)
        if target.startswith("\\\\"):
            raise FileRefused(FETCHES)


def _tree(content: bytes) -> Any:
    if len(content) > LARGEST_PARSED:
        raise FileRefused(ENTITIES)
    try:
        return SafeTree.fromstring(content, forbid_dtd=True)
    except (DefusedXmlException, SafeTree.ParseError, ValueError, LookupError):
        raise FileRefused(ENTITIES) from None


def opened(data: bytes) -> tuple[Kind, dict[str, bytes]]:
    """Unpack and recognise. Raises FileRefused."""
    entries = unpack(data)
    return office_kind(entries), entries
