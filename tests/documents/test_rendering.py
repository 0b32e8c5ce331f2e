from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import zipfile
from datetime import date
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from PIL import ImageFont
from pypdf import PdfReader

from tests.documents import samples
from tests.documents.reading import docx_texts, missing_from, pdf_pages, squeezed, strings
from tmr_app.documents import pdf
from tmr_app.documents.columns import INSET, fitted
from tmr_app.documents.content import (
    Attachment,
    BarChart,
    Block,
    Bullets,
    CheckItem,
    CheckList,
    Document,
    Fields,
    Heading,
    Language,
    Narrative,
    Note,
    PageBreak,
    Paragraph,
    SignatureLine,
    SignatureTable,
    Table,
    Watermark,
)
from tmr_app.documents.glyphs import FONTS, length, printable, readable
from tmr_app.documents.output import write

HOSTILE = (
    "<script>alert(1)</script>",
    '=HYPERLINK("http://evil.example","x")',
    '#import "x": *; #panic()',
    "$x^2$ `raw` @ref <label> // comment /* c */",
    "*bold* _emph_ - list + 1. = Heading",
    "\\u{41} \\ \" ' “ ” ‘ ’ „ – — … & &amp; %(name)s {page} {{ x }}",
    "ç ë Ç Ë š đ č ć ž Š Đ Č Ć Ž Ђ Ћ Љ ğ ş ı ☐ ☑ €",
)


def document(*blocks: Block, **more: Any) -> Document:
    values: dict[str, object] = {
        "kind": "trial",
        "title": "Trial",
        "language": "sq",
        "created_on": date(2026, 11, 17),
        "office": "Office",
        "reference": "R-1",
        "footer": "Foot",
        "page_label": "Faqja {page} nga {pages}",
        "blocks": blocks,
    }
    return Document(**(values | more))  # type: ignore[arg-type]


def every_block(text: str) -> tuple[Block, ...]:
    return (
        Heading(text),
        Heading(text, 2),
        Paragraph(text),
        Paragraph(text, strong=True, quiet=True),
        Bullets((text,)),
        Bullets((text,), numbered=True),
        Fields(((text, text),)),
        Narrative(text, text, text),
        Table((text, text), ((text, text),), (1, 1), text),
        CheckList((CheckItem(text, True, text), CheckItem(text)), text, 2),
        SignatureTable((text,), ((text,),), (1,)),
        SignatureLine(text, text, text, text),
        Note(text, text),
        BarChart(text, ((text, 3.0, text), (text, 0.0, text)), (text, text), text),
        PageBreak(),
        Attachment(text, landscape=True),
        Paragraph(text),
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_type_is_shown_to_the_letter_in_every_block(text: str) -> None:
    blocks = every_block(text)
    made = document(*blocks, title=text, subtitle=text, office=text, reference=text, footer=text)
    written = "\n".join(docx_texts(write(made, "docx")))
    wanted = squeezed(readable(text))
    expected = squeezed("".join(part for block in blocks for part in strings(block))).count(wanted)
    assert squeezed(written).count(wanted) >= expected
    printed = "".join(pdf_pages(write(made, "pdf")))
    # The chart's alternative text is not drawn; four times in head and foot of each of three pages.
    assert squeezed(printed).count(wanted) >= expected - 1


def test_other_scripts_and_marks_of_direction_do_not_stop_a_document() -> None:
    text = "العربية עברית \u202eabc\u202c \u2066x\u2069 日本 \U0001f468\u200d\U0001f469 \ue000 a\x00b\x07c \ud800 \ufeff"
    made = document(*every_block(text))
    pages = squeezed("".join(pdf_pages(write(made, "pdf"))))
    assert "[U+65E5]" in pages
    assert "[U+E000]" in pages
    assert "abc" in pages
    assert "日本" in "".join(docx_texts(write(made, "docx")))


def test_letters_typed_as_base_and_accent_are_composed() -> None:
    assert readable("e\u0308c\u0327") == "ëç"
    assert printable("a\tb\nc") == "a\tb\nc"


@pytest.mark.parametrize("file_format", ["pdf", "docx"])
def test_same_document_same_bytes_in_another_process(file_format: str) -> None:
    made = document(*every_block("ë š #x"), watermark=Watermark("A", "A 10:00"), mark="PROJEKT")
    mine = hashlib.sha256(write(made, file_format)).hexdigest()  # type: ignore[arg-type]
    script = (
        "import hashlib\n"
        "from tests.documents.test_rendering import document, every_block, write, Watermark\n"
        'made = document(*every_block("ë š #x"), watermark=Watermark("A", "A 10:00"), mark="PROJEKT")\n'
        f"print(hashlib.sha256(write(made, {file_format!r})).hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert other.stdout.strip() == mine


@pytest.mark.parametrize(
    ("language", "pdf_tag", "docx_tag"),
    [("sq", "sq", "sq-AL"), ("sr", "sr", "sr-Latn-RS"), ("en", "en", "en-GB")],
)
def test_language_paper_and_properties(language: str, pdf_tag: str, docx_tag: str) -> None:
    made = document(Paragraph("x"), Attachment("Across", landscape=True), Paragraph("y"), language=language)
    reader = PdfReader(io.BytesIO(write(made, "pdf")))
    assert str(reader.trailer["/Root"]["/Lang"]).startswith(pdf_tag)
    sizes = [tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader.pages]
    assert sizes == [(595, 842), (842, 595)]
    assert reader.metadata is not None
    assert reader.metadata.title == "Trial"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == date(2026, 11, 17)
    package = docx.Document(io.BytesIO(write(made, "docx")))
    assert [(round(one.page_width.mm), round(one.page_height.mm)) for one in package.sections] == [
        (210, 297),
        (297, 210),
    ]
    tags = {node.get(qn("w:val")) for node in package.styles.element.iter(qn("w:lang"))}
    assert tags == {docx_tag}
    properties = package.core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("Office", "Office", "")
    assert properties.title == "Trial"
    assert properties.language == docx_tag


def test_pdf_says_that_it_is_archivable_and_accessible() -> None:
    data = write(document(*every_block("x")), "pdf")
    reader = PdfReader(io.BytesIO(data))
    assert b"<pdfaid:part>2</pdfaid:part>" in data
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in data
    assert b"<pdfuaid:part>1</pdfuaid:part>" in data
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True


def test_docx_entries_carry_no_time_and_stand_in_order() -> None:
    with zipfile.ZipFile(io.BytesIO(write(document(Paragraph("x")), "docx"))) as package:
        names = package.namelist()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])


def test_a_word_file_names_what_to_take_where_our_letters_are_missing() -> None:
    with zipfile.ZipFile(io.BytesIO(write(document(Paragraph("x")), "docx"))) as package:
        fonts = package.read("word/fontTable.xml").decode()
    assert re.search(r'<w:font w:name="Inter"><w:altName w:val="Arial"/>', fonts)


def test_watermark_and_mark_are_on_every_page() -> None:
    made = document(*[Paragraph("long text " * 400)] * 3, Attachment("B", landscape=True), Paragraph("y"))
    copy = made.for_reader(Watermark("Arta Gashi", "Kopje personale: Arta Gashi 14:05")).as_draft("PROJEKT")
    pages = pdf_pages(write(copy, "pdf"))
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        # Three times across the page and once in the foot.
        assert squeezed(page).count(squeezed("Kopje personale: Arta Gashi 14:05")) == 4
        assert "PROJEKT" in page
        assert squeezed(f"Faqja {number} nga {len(pages)}") in squeezed(page)
    assert "Arta Gashi" not in "".join(pdf_pages(write(made, "pdf")))
    package = docx.Document(io.BytesIO(write(copy, "docx")))
    for section in package.sections:
        head = [paragraph.text for paragraph in section.header.paragraphs]
        assert head[1:] == ["PROJEKT", "Kopje personale: Arta Gashi 14:05"]
        codes = [node.get(qn("w:instr")) for node in section.footer._element.iter(qn("w:fldSimple"))]
        assert codes == ["PAGE", "NUMPAGES"]


def test_a_table_of_seventy_rows_repeats_its_head_on_each_page() -> None:
    rows = tuple((f"row-{number:02}", "text " * 40) for number in range(70))
    made = document(Table(("Numri rendor", "Përshkrimi"), rows, (1, 3)))
    pages = pdf_pages(write(made, "pdf"))
    assert len(pages) > 2
    assert all("Numri rendor" in page and "Përshkrimi" in page for page in pages)
    text = "".join(pages)
    assert [text.count(name) for name, _ in rows] == [1] * 70
    table = docx.Document(io.BytesIO(write(made, "docx"))).tables[0]
    heads = [
        row
        for row in table._tbl.tr_lst
        if row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None
    ]
    assert len(table._tbl.tr_lst) == 71
    assert heads == table._tbl.tr_lst[:1]


@pytest.mark.parametrize("text", ["fjalë të gjata " * 667, "x" * 10_000], ids=["words", "one word"])
def test_ten_thousand_characters_stay_on_the_paper(text: str) -> None:
    made = document(
        Narrative("N", text), Table(("A", "B", "C"), ((text, "x", text),), (1, 1, 1)), Fields((("F", text),))
    )
    first = text.split()[0][:10]
    written = squeezed("".join(docx_texts(write(made, "docx"))))
    assert written.count(squeezed(text)) == 4
    pages = squeezed("".join(pdf_pages(write(made, "pdf"))))
    count = squeezed(text).count(first)
    assert pages.count(first) >= 4 * count * 0.97  # a word parted by a page's end is not found whole


@pytest.mark.parametrize(
    "word", ["W" * 90, "m@%" * 30, "ëšĐžç" * 18, "i" * 200, "Gjithëpërfshirja" * 6, "0f" * 64, "=-_#&" * 20]
)
@pytest.mark.parametrize("line", [6.0, 9.5, 24.0])
def test_a_long_word_may_break_before_it_leaves_its_column(word: str, line: float) -> None:
    inter = ImageFont.truetype(str(FONTS / "Inter-Regular.ttf"), 1000)
    pieces = printable(word, line).split("\u200b")
    assert "".join(pieces) == word
    assert max(inter.getlength(piece) for piece in pieces) <= line * 1000
    assert printable("short words only", line) == "short words only"


@pytest.mark.parametrize("columns", [1, 4, 9])
def test_nothing_begins_outside_the_margins(columns: int) -> None:
    names = tuple(f"C{number}" for number in range(columns))
    made = document(Table(names, (("W" * 90,) * columns,), (1,) * columns), Paragraph("W" * 400))
    starts: list[float] = []
    for page in PdfReader(io.BytesIO(write(made, "pdf"))).pages:
        page.extract_text(
            visitor_text=lambda text, matrix, *_: starts.append(matrix[4]) if text.strip() else None
        )
    assert max(starts) < 595 - 20 / 25.4 * 72


def test_rows_must_fit_their_columns_and_formats_are_two() -> None:
    with pytest.raises(ValueError, match="one entry a column"):
        Table(("A", "B"), (("x",),), (1, 1))
    with pytest.raises(ValueError, match="no such format"):
        write(document(), "odt")  # type: ignore[arg-type]


def test_missing_from_finds_a_lost_text() -> None:
    assert missing_from("a b", iter(["ab", "c"])) == ["c"]


WHOLE, BREAK = re.compile(r"\d{1,4}\.?|\d\d\.\d\d\.\d{4}"), "\u200b"


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
def test_no_word_of_a_heading_no_number_and_no_date_breaks_in_a_table(language: Language) -> None:
    for name, document in samples.documents(language).items():
        for table in [one for one in blocks_as_set(document) if "widths" in one]:
            cells = [word for row in table["rows"] for cell in row for word in cell.split()]
            broken = [word for word in cells if WHOLE.fullmatch(word.replace(BREAK, "")) and BREAK in word]
            broken += [word for heading in table["columns"] for word in heading.split() if BREAK in word]
            assert not broken, (name, broken)


def test_a_narrow_column_takes_what_it_lacks_from_those_with_room() -> None:
    columns, rows = ("No.", "Name", "Date"), (("1", "Dardan", "17.11.2026"),)
    narrow, wide, day = fitted(columns, rows, (1, 98, 1), 400)
    assert narrow + wide + day == pytest.approx(400)
    assert narrow >= length("No.") * 9 + INSET
    assert day >= length("17.11.2026") * 9 + INSET
    assert fitted(columns, rows, (1, 1, 1), 400) == (400 / 3,) * 3  # room enough: as asked
    assert fitted(columns, rows, (1, 2, 1), 40) == (10, 20, 10)  # no room at all: as asked


def blocks_as_set(document: Document) -> list[dict[str, Any]]:
    """What the PDF's template is given."""
    return [block for part in pdf._data(document)["parts"] for block in part["blocks"]]


def test_a_short_box_stays_on_one_page_and_a_long_one_may_go_on() -> None:
    made = docx.Document(
        io.BytesIO(write(document(Narrative("A", "short"), Narrative("B", "long " * 400)), "docx"))
    )
    kept = [table.rows[0]._tr.find(f".//{qn('w:cantSplit')}") is not None for table in made.tables]
    assert kept == [True, False]
