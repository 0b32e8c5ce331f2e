"""What stays on one page: the last words before the signatures with them, a few fields, a decision with its discussion."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from tests.documents.test_rendering import document
from tmr_app.documents.content import Block, Fields, Narrative, Paragraph, SignatureTable
from tmr_app.documents.keeping import LINES, kept, whole
from tmr_app.documents.output import write

COLUMNS = ("No.", "Name", "Signature")


def signatures(count: int = 3, name: str = "Nënshkruesi") -> SignatureTable:
    return SignatureTable(COLUMNS, tuple((str(one), f"{name} {one}.", "") for one in range(count)), (1, 6, 4))


def fields(count: int = 4) -> Fields:
    return Fields(tuple((f"Etiketa {one}.", f"vlera {one}.") for one in range(count)))


def pages_of(*blocks: Block) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(write(document(*blocks), "pdf"))).pages]


@pytest.mark.parametrize(
    ("blocks", "words"),
    [
        ((Narrative("Propozimet", "fjala e fundit"), signatures()), ("fundit", "Nënshkruesi 0.", "Nënshkruesi 2.")),
        ((fields(), signatures()), ("Etiketa 0.", "vlera 3.", "Nënshkruesi 2.")),
        ((Paragraph("Diskutimi"), Fields((("Vendimi", "vazhdohet"),))), ("Diskutimi", "vazhdohet")),
    ],
)  # fmt: skip
def test_what_belongs_together_stands_on_one_page_wherever_the_page_ends(
    blocks: tuple[Block, ...], words: tuple[str, ...]
) -> None:
    turned = False
    for before in range(22, 38):
        pages = pages_of(*(Paragraph(f"rreshti {one}") for one in range(before)), *blocks)
        holding = [[number for number, page in enumerate(pages) if word in page] for word in words]
        assert all(one == holding[0] and len(one) == 1 for one in holding), (before, holding)
        turned = turned or ("rreshti" in pages[0] and holding[0] == [1])
    assert turned  # the page's end lay among them at least once


def test_too_much_for_a_page_goes_on_over_the_next_and_loses_nothing() -> None:
    for block in (signatures(60), Fields((("Etiketa", "rresht\n" * 120 + "fundi 59."),))):
        assert not whole(block)
        pages = pages_of(Narrative("A", "fjalë " * 900), block)
        assert len(pages) > 2
        assert "59." in "".join(pages)


@pytest.mark.parametrize(
    "block",
    [
        signatures(LINES // 3),
        SignatureTable(COLUMNS, (("1", "emri " * 130, ""), *signatures(1).rows), (1, 3, 4)),
        Fields((("Etiketa", "emri " * 250), ("Etiketa", "fundi 0."))),
        Narrative("Etiketa", "emri " * 410 + "fundi 0."),
    ],
)
def test_the_most_that_stays_whole_fits_on_the_lowest_page(block: Block) -> None:
    assert whole(block)
    made = document(Paragraph("para"), block, landscape=True)
    page, low = PdfReader(io.BytesIO(write(made, "pdf"))).pages[-1], []
    text = page.extract_text(
        visitor_text=lambda text, place, *_: low.append(place[5]) if "emri" in text or "." in text else None
    )
    assert text.count("emri") == str(block).count("emri")
    assert " 0." in text
    assert min(low) > 22 / 25.4 * 72  # above the foot


def test_who_opened_an_item_stays_with_what_was_said() -> None:
    said = (Paragraph("Paraqiti: Arta", quiet=True), Paragraph("u tha " * 900), Paragraph("fund"))
    assert [with_next for _block, with_next in kept(said)] == [True, False, False]


def test_word_keeps_the_same_together() -> None:
    made = docx.Document(
        io.BytesIO(write(document(fields(2), signatures(2), Narrative("A", "b"), Paragraph("c")), "docx"))
    )
    flags = [
        [row.find(f".//{qn('w:keepNext')}") is not None for row in table._tbl.tr_lst] for table in made.tables
    ]
    assert flags == [[True, True], [True, True, False], [False]]  # the second table's first row is its head
