"""Copies of uploaded files: the reader's name on every page of a PDF and across a picture, nothing lost."""

from __future__ import annotations

import io
from time import process_time

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader, PdfWriter

from tests.documents import samples
from tests.documents.reading import pdf_pages, squeezed
from tmr_app.documents.output import write
from tmr_app.documents.stamps import stamp

TEXT = "Kopje personale: Çlirim Đorđević, 17.11.2026 10:05:09"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return write(samples.documents("sq")["review"], "pdf")


def test_every_page_of_a_pdf_carries_the_name_and_keeps_its_text(paper: bytes) -> None:
    copy = stamp(paper, "application/pdf", TEXT)
    before, after = pdf_pages(paper), pdf_pages(copy)
    assert len(before) == len(after) > 1
    for old, new in zip(before, after, strict=True):
        assert squeezed(new).count(squeezed(TEXT)) == 4
        assert squeezed(old)[:200] in squeezed(new)
    assert stamp(paper, "application/pdf", TEXT) == copy


def test_turned_cropped_and_odd_pages_are_stamped_too() -> None:
    writer = PdfWriter()
    for turn, size in ((0, (595, 842)), (90, (595, 842)), (180, (300, 200)), (270, (1200, 90))):
        page = writer.add_blank_page(*size)
        page.rotation = turn
    writer.pages[0].cropbox.lower_left = (100, 100)
    data = io.BytesIO()
    writer.write(data)
    copy = PdfReader(io.BytesIO(stamp(data.getvalue(), "application/pdf", TEXT)))
    assert [squeezed(page.extract_text()).count(squeezed(TEXT)) for page in copy.pages] == [4] * 4


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
@pytest.mark.parametrize("size", [(900, 600), (60, 60), (2000, 30), (40, 1500)])
def test_a_picture_keeps_its_size_and_changes(kind: str, media_type: str, size: tuple[int, int]) -> None:
    data = io.BytesIO()
    Image.new("RGB", size, "white").save(data, kind)
    made = stamp(data.getvalue(), media_type, TEXT)
    with Image.open(io.BytesIO(made)) as copy:
        assert (copy.format, copy.size) == (kind, size)
        assert ImageChops.difference(copy.convert("RGB"), Image.new("RGB", size, "white")).getbbox()


def test_what_is_no_pdf_is_said_so() -> None:
    with pytest.raises(ValueError, match="PDF"):
        stamp(b"%PDF-1.7 rubbish", "application/pdf", TEXT)


def test_sixty_pages_take_well_under_a_second() -> None:
    writer = PdfWriter()
    for _ in range(60):
        writer.add_blank_page(595, 842)
    data = io.BytesIO()
    writer.write(data)
    stamp(data.getvalue(), "application/pdf", TEXT)
    start = process_time()
    stamp(data.getvalue(), "application/pdf", TEXT)
    assert process_time() - start < 1.0
