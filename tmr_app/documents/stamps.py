"""A reader's own copy of a file somebody uploaded: name and time laid over each page of a PDF, or into a picture.

Word, Excel and text have no pages to lay anything over: they carry both in themselves (`office_stamps`).
"""

from __future__ import annotations

import io
import json
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tmr_app.documents import office_stamps
from tmr_app.documents.glyphs import FONTS, printable

if TYPE_CHECKING:
    import typst
    from pypdf import PageObject, PdfWriter
    from pypdf.generic import IndirectObject, PdfObject

TEMPLATE = Path(__file__).parent / "typst" / "stamp.typ"
_PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}
_OFFICE = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": office_stamps.word_copy,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": office_stamps.workbook_copy,
    "text/plain; charset=utf-8": office_stamps.text_copy,
}
_lock = threading.Lock()
NAME = "/TryezaCopy"
"""What the drawing is called on each page."""


def stamp(data: bytes, media_type: str, text: str) -> bytes:
    """The file's copy with `text` on every page or in its header. KeyError for a kind of file that is never kept.

    The same file and text give the same bytes. A file that cannot be opened as what it is raises ValueError: it was
    checked when it was taken in.
    """
    if media_type == "application/pdf":
        return _pdf(data, text)
    if media_type in _PICTURES:
        return _picture(data, _PICTURES[media_type], text)
    return _OFFICE[media_type](data, text)


def _pdf(data: bytes, text: str) -> bytes:
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data), strict=False))
        forms: dict[tuple[float, float], Any] = {}
        for page in writer.pages:
            if page.rotation:
                page.transfer_rotation_to_content()
            box = page.cropbox
            size = (round(float(box.width), 1), round(float(box.height), 1))
            if size not in forms:
                forms[size] = _form(writer, PdfReader(io.BytesIO(_sheet(*size, text))).pages[0])
            _lay(writer, page, forms[size], float(box.left), float(box.bottom))
        target = io.BytesIO()
        writer.write(target)
    except (PyPdfError, KeyError, TypeError, AttributeError) as error:
        raise ValueError("the PDF cannot be opened") from error
    return target.getvalue()


def _form(writer: PdfWriter, sheet: PageObject) -> IndirectObject:
    """The sheet as a drawing that many pages can show: what the pages hold themselves is neither read nor written anew."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, FloatObject, NameObject

    drawing = DecodedStreamObject()
    contents = sheet.get_contents()
    drawing.set_data(contents.get_data() if contents is not None else b"")
    drawing[NameObject("/Type")], drawing[NameObject("/Subtype")] = (
        NameObject("/XObject"),
        NameObject("/Form"),
    )
    drawing[NameObject("/BBox")] = ArrayObject(FloatObject(one) for one in sheet.mediabox)
    drawing[NameObject("/Resources")] = _inherited(sheet, "/Resources").clone(writer)
    return _added(writer, drawing.flate_encode())


def _added(writer: PdfWriter, made: PdfObject) -> IndirectObject:
    """An object of our own in the file. pypdf has no public way: its own annotations and outlines go in by this one, and
    every test of stamped pages reads back what it added."""
    return writer._add_object(made)


def _lay(writer: PdfWriter, page: PageObject, form: IndirectObject, left: float, bottom: float) -> None:
    """Show the drawing over what the page shows; its own content stands between "q" and "Q", so it moves nothing."""
    from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, NameObject

    def stream(data: bytes) -> IndirectObject:
        made = DecodedStreamObject()
        made.set_data(data)
        return _added(writer, made)

    resources = DictionaryObject(_inherited(page, "/Resources"))
    drawings = resources.get("/XObject")
    shown = DictionaryObject(drawings.get_object() if drawings is not None else {})
    shown[NameObject(NAME)] = form
    resources[NameObject("/XObject")] = shown
    page[NameObject("/Resources")] = resources
    own = page.get("/Contents")
    whole = own.get_object() if own is not None else None
    parts = list(whole) if isinstance(whole, ArrayObject) else [page.raw_get("/Contents")] if whole else []
    over = f"\nQ /Artifact BMC q 1 0 0 1 {left:.3f} {bottom:.3f} cm {NAME} Do Q EMC\n"
    page[NameObject("/Contents")] = ArrayObject([stream(b"q\n"), *parts, stream(over.encode())])


def _inherited(page: PageObject, name: str) -> Any:
    """An entry of the page, or of what it stands under; empty when nobody has one."""
    place: Any = page
    while place is not None:
        if name in place:
            return place[name].get_object()
        parent = place.get("/Parent")
        place = parent.get_object() if parent is not None else None
    return {}


def _sheet(width: float, height: float, text: str) -> bytes:
    shown = {"width": width, "height": height, "text": printable(text), "language": "sq"}
    with _lock:
        made = _compiler().compile(format="pdf", sys_inputs={"data": json.dumps(shown, ensure_ascii=False)})
    if not isinstance(made, bytes):
        raise TypeError("one page makes one file")
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(input=str(TEMPLATE), root=str(TEMPLATE.parent), font_paths=fonts)


def _picture(data: bytes, kind: str, text: str) -> bytes:
    """The words across the picture, three times, and along its foot."""
    from PIL import Image, ImageDraw, ImageFont

    with Image.open(io.BytesIO(data)) as opened:
        picture = opened.convert("RGBA")
    width, height = picture.size
    letters = ImageFont.truetype(str(FONTS / "Inter-Bold.ttf"), 100)
    share = max(8, int(100 * 0.8 * width / max(1.0, letters.getlength(text))))
    font = ImageFont.truetype(str(FONTS / "Inter-Bold.ttf"), min(share, max(8, height // 6)))
    line = Image.new("RGBA", (int(font.getlength(text)) + 8, int(font.size * 1.5) + 4), (0, 0, 0, 0))
    ImageDraw.Draw(line).text(
        (4, 2), text, font=font, fill=(63, 90, 96, 110), stroke_width=1, stroke_fill=(255, 255, 255, 90)
    )
    turned = line.rotate(18, expand=True)
    for place in (0.15, 0.5, 0.85):
        picture.alpha_composite(
            turned.crop((0, 0, min(turned.width, width), min(turned.height, height))),
            (
                max(0, (width - turned.width) // 2),
                _between(place * height - turned.height / 2, height - turned.height),
            ),
        )
    target = io.BytesIO()
    made = picture.convert("RGB") if kind == "JPEG" else picture
    made.save(target, kind, **({"quality": 88} if kind == "JPEG" else {}))
    return target.getvalue()


def _between(wished: float, most: int) -> int:
    return int(min(max(0.0, wished), max(0, most)))
