"""Renders a `Document` as an editable A4 .docx with python-docx.

The package is written again with fixed times and order, so the same document gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tmr_app.documents.content import Attachment, Document
from tmr_app.documents.glyphs import readable

if TYPE_CHECKING:
    from docx.document import Document as Package
    from docx.section import Section

_LANGUAGES = {"sq": "sq-AL", "sr": "sr-Latn-RS", "en": "en-GB"}
_LONG, _SHORT = 297, 210  # A4, millimetres
_BRAND = (0x0F, 0x4C, 0x5C)
_QUIET = (0x4A, 0x5A, 0x60)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip entry can carry


def render(document: Document) -> bytes:
    """The .docx file's bytes."""
    package = _blank()
    _set_properties(package, document)
    _set_styles(package, _LANGUAGES[document.language], 12 if document.large else 10)
    _name_fallback(package)
    for opening, blocks in document.parts():
        _write_part(package, document, opening, blocks)
    buffer = io.BytesIO()
    package.save(buffer)
    return same_every_time(buffer.getvalue())


@lru_cache(maxsize=1)
def _template() -> bytes:
    from importlib.resources import files

    return (files("docx") / "templates" / "default.docx").read_bytes()


def _blank() -> Package:
    import docx

    return docx.Document(io.BytesIO(_template()))


def _set_properties(package: Package, document: Document) -> None:
    day = document.created_on
    fixed = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - OPC keeps a plain time
    properties = package.core_properties
    properties.title = readable(document.title)
    properties.subject = readable(document.reference)
    properties.author = properties.last_modified_by = readable(document.office)
    properties.comments = properties.keywords = properties.category = ""
    properties.language = _LANGUAGES[document.language]
    properties.created = properties.modified = properties.last_printed = fixed
    properties.revision = 1


def _set_styles(package: Package, language: str, letters: int) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt, RGBColor

    styles: Any = package.styles
    for node in styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia", "w:bidi"):
            node.set(qn(name), language)
    normal = styles["Normal"]
    normal.font.name, normal.font.size = "Inter", Pt(letters)
    normal.paragraph_format.space_after = Pt(5)
    properties = normal.element.get_or_add_rPr()
    mark = OxmlElement("w:lang")
    mark.set(qn("w:val"), language)
    properties.append(mark)
    for level, size in ((1, 16), (2, 12), (3, 11), (4, 10)):
        style = styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold, style.font.italic = "Inter", Pt(size), True, False
        style.font.color.rgb = RGBColor(*_BRAND)
        fonts = style.element.rPr.rFonts
        for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{name}"), None)
        style.paragraph_format.space_before = Pt(0 if level == 1 else 12)
        style.paragraph_format.space_after = Pt(6)


def _name_fallback(package: Package) -> None:
    """Where our letters are not installed the next sans ones are taken, not whatever the office begins with."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    table = package.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    said = (
        '<w:font w:name="Inter"><w:altName w:val="Arial"/><w:panose1 w:val="020B0604020202020204"/>'
        '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font></w:fonts>'
    )
    # python-docx gives a part of this kind for reading only; a test looks for the name in the saved file.
    table._blob = table.blob.replace(b"</w:fonts>", said.encode())


def _write_part(
    package: Package, document: Document, opening: Attachment | None, blocks: tuple[Any, ...]
) -> None:
    from docx.shared import Mm, Pt, RGBColor

    from tmr_app.documents.docx_blocks import Writer

    landscape = opening.landscape if opening else document.landscape
    section = package.sections[0] if opening is None else package.add_section()
    _shape(section, landscape)
    if opening is None:
        _header_and_footer(section, document)
    margins = 16 if landscape else 20
    width = (_LONG if landscape else _SHORT) - 2 * margins
    section.left_margin = section.right_margin = Mm(margins)
    section.top_margin, section.bottom_margin = Mm(24), Mm(22)
    package.add_paragraph(readable(opening.title if opening else document.title))._p.style = "Heading1"
    if opening is None and document.subtitle:
        run = package.add_paragraph().add_run(readable(document.subtitle))
        run.font.size, run.font.color.rgb = Pt(11), RGBColor(*_QUIET)
    Writer(package, Mm(width)).write(blocks)


def _shape(section: Section, landscape: bool) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    wide, high = (_LONG, _SHORT) if landscape else (_SHORT, _LONG)
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.header_distance = section.footer_distance = Mm(10)


def _header_and_footer(section: Section, document: Document) -> None:
    from docx.shared import Pt, RGBColor

    def quiet(paragraph: Any, text: str, bold: bool = False) -> None:
        run = paragraph.add_run(readable(text))
        run.font.size, run.font.bold, run.font.color.rgb = Pt(8), bold, RGBColor(*_QUIET)

    first = section.header.paragraphs[0]
    quiet(first, f"{document.office}  ·  {document.reference}")
    for extra in (document.mark, document.watermark.text if document.watermark else ""):
        if extra:
            quiet(section.header.add_paragraph(), extra, bold=True)
    last = section.footer.paragraphs[0]
    quiet(last, f"{document.footer}  ·  ")
    before, _, rest = document.page_label.partition("{page}")
    between, _, after = rest.partition("{pages}")
    quiet(last, before)
    _field(last, "PAGE")
    quiet(last, between)
    _field(last, "NUMPAGES")
    quiet(last, after)


def _field(paragraph: Any, name: str) -> None:
    from docx.oxml.ns import qn
    from docx.oxml.parser import OxmlElement
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run("1")
    run.font.size, run.font.color.rgb = Pt(8), RGBColor(*_QUIET)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)
    field.append(run._r)


def same_every_time(package: bytes) -> bytes:
    """An Office package with fixed times, its entries in one order."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        # The content types come first, as Office writes them; the rest in the order of names.
        for name in sorted(old.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0, 0
            new.writestr(entry, old.read(name))
    return made.getvalue()
