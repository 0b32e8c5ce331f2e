"""Copies of Word, Excel and text files: the reader's name is in them, everything else stays, the same bytes every time."""

from __future__ import annotations

import io
import zipfile

import docx
import openpyxl
import pytest
from docx.enum.section import WD_SECTION

from tmr_app.documents.office_stamps import PROPERTY
from tmr_app.documents.stamps import stamp
from tmr_app.kernel.content_kinds import MEDIA_TYPES, Kind

TEXT = "Kopje personale: Çlirim & Đorđević <x>, 17.11.2026 10:05:09"
WORD, EXCEL, PLAIN = MEDIA_TYPES[Kind.DOCX], MEDIA_TYPES[Kind.XLSX], MEDIA_TYPES[Kind.TEXT]


def word(*, odd_and_even: bool = False) -> bytes:
    """Three sections: the second repeats the first's header, the third has its own and another for its first page."""
    package = docx.Document()
    package.add_paragraph("Përmbajtja")
    package.sections[0].header.paragraphs[0].text = "Shkolla"
    package.add_section(WD_SECTION.NEW_PAGE)
    last = package.add_section(WD_SECTION.NEW_PAGE)
    last.header.is_linked_to_previous = False
    last.different_first_page_header_footer = True
    last.first_page_header.is_linked_to_previous = False
    last.first_page_header.paragraphs[0].text = "Faqja e parë"
    package.settings.odd_and_even_pages_header_footer = odd_and_even
    made = io.BytesIO()
    package.save(made)
    return made.getvalue()


def workbook(with_header: bool) -> bytes:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Dy")):
        assert sheet is not None
        sheet["A1"], sheet["A2"] = "Notat", "=SUM(B1:B3)"
        if with_header:
            sheet.oddHeader.left.text = "Shkolla"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def properties(package: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(package)) as opened:
        assert opened.testzip() is None
        assert "/docProps/custom.xml" in opened.read("[Content_Types].xml").decode()
        assert "custom-properties" in opened.read("_rels/.rels").decode()
        return opened.read("docProps/custom.xml").decode()


@pytest.mark.parametrize("odd_and_even", [False, True])
def test_every_header_of_a_word_file_names_the_reader_once(odd_and_even: bool) -> None:
    data = word(odd_and_even=odd_and_even)
    copy = stamp(data, WORD, TEXT)
    opened = docx.Document(io.BytesIO(copy))
    first, second, third = opened.sections
    said = [one.text for one in first.header.paragraphs]
    assert said == [TEXT, "Shkolla"]
    assert second.header.is_linked_to_previous
    assert [one.text for one in third.first_page_header.paragraphs][:2] == [TEXT, "Faqja e parë"]
    assert (first.even_page_header.paragraphs[0].text == TEXT) is odd_and_even
    assert [one.text for one in opened.paragraphs if one.text] == ["Përmbajtja"]
    assert PROPERTY in properties(copy)
    assert stamp(data, WORD, TEXT) == copy
    assert stamp(data, WORD, TEXT + "1") != copy


@pytest.mark.parametrize("with_header", [False, True])
def test_every_sheet_of_a_workbook_names_the_reader(with_header: bool) -> None:
    data = workbook(with_header)
    copy = stamp(data, EXCEL, TEXT)
    book = openpyxl.load_workbook(io.BytesIO(copy))
    assert len(book.worksheets) == 2
    for sheet in book.worksheets:
        assert sheet.oddHeader.center.text.replace("&&", "&") == TEXT
        assert sheet["A2"].value == "=SUM(B1:B3)"
    assert "&lt;x&gt;" in properties(copy)
    assert stamp(data, EXCEL, TEXT) == copy
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        changed = {one for one in old.namelist() if old.read(one) != new.read(one)}
    assert changed == {
        "[Content_Types].xml", "_rels/.rels", "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml",
    }  # fmt: skip


def test_a_mark_is_added_to_properties_a_file_already_has() -> None:
    twice = stamp(stamp(word(), WORD, TEXT), WORD, "Tjetër")
    said = properties(twice)
    assert said.count("<property ") == 2 or said.count("property fmtid") == 2
    assert docx.Document(io.BytesIO(twice)).sections[0].header.paragraphs[0].text == "Tjetër"


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_a_text_begins_and_ends_with_the_name(before: bytes) -> None:
    copy = stamp(before + "Rreshti i parë\në dytë\n".encode(), PLAIN, TEXT)
    assert copy.startswith(before + b"[")
    lines = copy.decode("utf-8-sig").splitlines()
    assert lines[0] == lines[-1] == f"[{TEXT}]"
    assert "Rreshti i parë" in lines


@pytest.mark.parametrize("media_type", [WORD, EXCEL])
def test_what_is_no_package_is_said_so(media_type: str) -> None:
    with pytest.raises(ValueError, match="cannot be opened"):
        stamp(b"PK rubbish", media_type, TEXT)


def test_a_kind_that_is_never_kept_gets_no_copy() -> None:
    with pytest.raises(KeyError):
        stamp(b"<svg/>", "image/svg+xml", TEXT)
