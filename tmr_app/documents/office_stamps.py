"""The reader's name and time in a copy of a Word, Excel or text file, written into the file itself.

Word: a line in every header; Excel: the header of every printed sheet; both in a property of the file too. Text: the first
and the last line. Everything else of the file stays to the byte of its parts. Whoever edits such a file can take the mark
out: it reminds, it does not prove; what proves is the audit row (decision 0028).
"""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tmr_app.documents.docx import same_every_time

PROPERTY = "Tryeza copy"
_CUSTOM = "docProps/custom.xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VARIANT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_AFTER_HEADER = frozenset(
    {
        "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
        "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems",
        "tableParts", "extLst",
    }
)  # fmt: skip
"""What may stand behind <headerFooter> in a worksheet, by the order its schema asks for."""
_LONGEST_HEADER = 255


def text_copy(data: bytes, words: str) -> bytes:
    """A text between two lines that name the reader; a byte-order mark stays first."""
    mark = b"\xef\xbb\xbf" if data.startswith(b"\xef\xbb\xbf") else b""
    line = f"[{words}]".encode()
    return mark + line + b"\r\n\r\n" + data[len(mark) :].rstrip(b"\r\n") + b"\r\n\r\n" + line + b"\r\n"


def word_copy(data: bytes, words: str) -> bytes:
    """A .docx with the words on top of every page; one in another dialect of the format has them as a property only.

    Raises ValueError for what is no package at all.
    """
    import docx
    from docx.shared import Pt

    try:
        package = docx.Document(io.BytesIO(data))
    except (KeyError, ValueError):
        return _with_property(data, words)
    except zipfile.BadZipFile as error:
        raise ValueError("the Word document cannot be opened") from error
    for header in _headers(package):
        lines = header.paragraphs
        line = lines[0].insert_paragraph_before() if lines else header.add_paragraph()
        run = line.add_run(words)
        run.font.size, run.font.bold = Pt(8), True
    made = io.BytesIO()
    package.save(made)
    return _with_property(made.getvalue(), words)


def _headers(package: Any) -> list[Any]:
    """Each header a page can show, once: those of the first section, and what a later one has of its own."""
    sections = list(package.sections)
    shown = {
        "header": True,
        "first_page_header": any(one.different_first_page_header_footer for one in sections),
        "even_page_header": package.settings.odd_and_even_pages_header_footer,
    }
    found = [getattr(one, name) for one in sections for name, is_shown in shown.items() if is_shown]
    first = sum(shown.values())
    return [one for place, one in enumerate(found) if place < first or not one.is_linked_to_previous]


def workbook_copy(data: bytes, words: str) -> bytes:
    """An .xlsx with the words on top of every printed sheet. Raises ValueError for what is none."""
    from lxml import etree

    try:
        parts = _parts(data)
        for name in parts:
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                parts[name] = _with_header(parts[name], words)
        return _with_property(_zipped(parts), words)
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
        raise ValueError("the workbook cannot be opened") from error


def _with_header(sheet: bytes, words: str) -> bytes:
    from lxml import etree

    root = _parsed(sheet)
    space = etree.QName(root).namespace
    place = root.find(f"{{{space}}}headerFooter")
    if place is None:
        place = etree.Element(f"{{{space}}}headerFooter")
        later = (
            one for one in root if isinstance(one.tag, str) and etree.QName(one).localname in _AFTER_HEADER
        )
        before = next(later, None)
        root.append(place) if before is None else before.addprevious(place)
    said = f"&C&8{words.replace('&', '&&')}"[:_LONGEST_HEADER]
    for name in ("oddHeader", "evenHeader", "firstHeader"):
        old = place.find(f"{{{space}}}{name}")
        if old is not None:
            old.text = said
        elif name == "oddHeader":
            made = etree.Element(f"{{{space}}}{name}")
            made.text = said
            place.insert(0, made)
    return _written(root)


def _with_property(package: bytes, words: str) -> bytes:
    """The package with the words among its own properties, the same bytes every time."""
    from lxml import etree

    parts = _parts(package)
    if _CUSTOM in parts:
        properties = _parsed(parts[_CUSTOM])
    else:
        properties = etree.Element(f"{{{_PROPERTIES}}}Properties", nsmap={None: _PROPERTIES, "vt": _VARIANT})
        _declare(parts)
    number = max([1, *(int(one.get("pid", "1")) for one in properties)]) + 1
    one = etree.SubElement(
        properties, f"{{{_PROPERTIES}}}property", fmtid=_FORMAT_ID, pid=str(number), name=PROPERTY
    )
    etree.SubElement(one, f"{{{_VARIANT}}}lpwstr").text = words
    parts[_CUSTOM] = _written(properties)
    return same_every_time(_zipped(parts))


def _declare(parts: dict[str, bytes]) -> None:
    """Say in the package's lists that it has properties of its own."""
    from lxml import etree

    types = _parsed(parts["[Content_Types].xml"])
    etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{_CUSTOM}", ContentType=_CUSTOM_TYPE)
    parts["[Content_Types].xml"] = _written(types)
    relations = _parsed(parts["_rels/.rels"])
    etree.SubElement(
        relations, f"{{{_RELATIONS}}}Relationship", Id="tryezaCopy", Type=_CUSTOM_RELATION, Target=_CUSTOM
    )
    parts["_rels/.rels"] = _written(relations)


def _parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return made.getvalue()


def _parsed(data: bytes) -> Any:
    """Without entities, network or a document type: the file was checked when it was taken in, this asks again."""
    from lxml import etree

    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _written(root: Any) -> bytes:
    from lxml import etree

    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
