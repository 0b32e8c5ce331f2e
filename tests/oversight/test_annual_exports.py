"""What of a year's figures leaves in a file, in every format: the rules of both copies, checked on the files (A5.1.6, A18.1)."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import docx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.annual_kit import IN_MARCH, YEAR
from tests.oversight.annual_stage import Stage, begun, set_up
from tmr_app.documents.texts import Words
from tmr_app.oversight import annual_figures, annual_words
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.annual_words import HIDDEN
from tmr_app.oversight.disclosure_cells import Cell

if TYPE_CHECKING:
    from tmr_app.web.app import TmrFlask

Printed = Callable[[bytes], Iterator[str]]
MACHINE = ("json", "csv", "xlsx")
FREE = {"general_meetings"}
"""Populations without a child in them."""
MEETINGS_HELD = annual_words.TOTALS["general_meetings"].msgid


def lines_of(file_format: str, data: bytes) -> list[dict[str, Any]]:
    """The cells of a machine's format: each with its figure, None where hidden."""
    if file_format == "json":
        found: list[dict[str, Any]] = json.loads(data)["figures"]
        return found
    if file_format == "csv":
        rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    else:
        heads, *cells = load_workbook(io.BytesIO(data))["Data"].iter_rows(values_only=True)
        rows = [dict(zip(heads, ("" if one is None else one for one in row), strict=True)) for row in cells]
    return [
        {
            **row,
            "figure": int(row["figure"]) if row["figure"] != "" else None,
            "hidden": row["hidden"] == "true",
        }
        for row in rows
    ]


def figures_of_xlsx(data: bytes) -> Iterator[str]:
    """Every figure of the readable sheets."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets[1:-3]:
        for row in sheet.iter_rows(min_row=3, values_only=True):
            if row[0] and row[0] != MEETINGS_HELD:
                yield from (str(one) for one in row[1:] if one not in (None, ""))


def figures_of_docx(data: bytes) -> Iterator[str]:
    """Every figure of the tables that have a column of figures."""
    for table in docx.Document(io.BytesIO(data)).tables:
        for row in table.rows[1:]:
            first, *cells = [cell.text.strip() for cell in row.cells]
            if first in {"Version", MEETINGS_HELD}:
                continue
            yield from (one for one in cells if one == HIDDEN or one.isdigit())


def figures_of_pdf(data: bytes) -> Iterator[str]:
    """The figures that end a line, from their heading on; not the numbers of pages, nor of a title or label."""
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    labels = {annual_words.TITLES["statuses"].msgid, *labels_with_numbers()}
    for written in text[text.index("\nFigures") :].splitlines():
        line = written
        for label in labels:
            line = line.replace(label, "")
        found = re.search(rf"(?:(?:^|\s)(?:{HIDDEN}|\d+))+$", line)
        if found and not re.search(r"Page \d+ of|^General meetings held", line):
            yield from found[0].split()


def labels_with_numbers() -> Iterator[str]:
    """Words of categories that end in a number of their own: over 18."""
    _ = Words("en")
    for dimension in (columns.GROUND, columns.RISK, columns.SEAT, columns.SECTOR):
        for key in dimension.categories:
            label = _.text(annual_words.category(dimension.name, key))
            if label[-1].isdigit():
                yield label


READABLE: dict[str, Printed] = {"xlsx": figures_of_xlsx, "docx": figures_of_docx, "pdf": figures_of_pdf}


def get(head: SignedIn, stage: Stage, copy: str, file_format: str) -> bytes:
    answer = head.get(f"{stage.base}/{YEAR}/versions/1/{copy}.{file_format}")
    assert answer.status_code == 200, answer.text
    return bytes(answer.data)


@pytest.fixture
def large(light_app: "TmrFlask") -> tuple[Stage, SignedIn]:
    """A hundred and twenty cases: enough that much is printed and much hidden in both copies."""
    stage = set_up(light_app, 120)
    return stage, begun(stage)


@pytest.mark.duty("A5.1.6", "A18.1")
def test_every_file_of_the_public_copy_is_rounded_and_hides_below_ten(large: tuple[Stage, SignedIn]) -> None:
    """The truth is counted beside it: hidden under ten, else rounded to five; two dimensions at most in any table."""
    stage, head = large
    with work(stage.app.engine) as session:
        counts = {
            cell: count
            for table in annual_figures.of_year(session, stage.town, YEAR, IN_MARCH)
            for cell, count in table.counts.items()
        }
    for file_format in MACHINE:
        lines = lines_of(file_format, get(head, stage, "public", file_format))
        assert any(line["figure"] for line in lines)
        for line in lines:
            at = {line[f"dimension_{number}"]: line[f"category_{number}"] for number in (1, 2)}
            at.pop("", None)
            cell = Cell(line["population"], line["period"], tuple(sorted(at.items())))
            figure, truth = line["figure"], counts[cell]
            assert line["hidden"] is (figure is None)
            if cell.population in FREE:
                assert figure == truth
            elif figure is not None:
                assert truth >= 10, (file_format, cell)
                assert figure % 5 == 0
                assert abs(figure - truth) <= 2, (file_format, cell)
        assert not [name for name in lines[0] if name.startswith("dimension_") and name > "dimension_2"]
    for file_format, figures in READABLE.items():
        found = list(figures(get(head, stage, "public", file_format)))
        assert HIDDEN in found
        shown = {int(one) for one in found if one != HIDDEN} - {YEAR}
        assert shown, file_format
        assert all(one >= 10 and one % 5 == 0 for one in shown), (file_format, sorted(shown))


@pytest.mark.duty("A5.1.6", "A18.1")
def test_every_file_of_the_municipalitys_copy_hides_one_to_four(large: tuple[Stage, SignedIn]) -> None:
    stage, head = large
    for file_format in MACHINE:
        lines = lines_of(file_format, get(head, stage, "municipality", file_format))
        assert not [
            line for line in lines if line["figure"] in (1, 2, 3, 4) and line["population"] not in FREE
        ], file_format
    for file_format, figures in READABLE.items():
        found = Counter(figures(get(head, stage, "municipality", file_format)))
        assert found[HIDDEN], file_format
        assert not {"1", "2", "3", "4"} & found.keys(), file_format


@pytest.mark.duty("A5.1.6", "A18.1")
@pytest.mark.parametrize("copy", ["municipality", "public"])
def test_a_municipality_of_nine_cases_gives_totals_and_text_in_every_file(
    light_app: "TmrFlask", copy: str
) -> None:
    stage = set_up(light_app, 9)
    head = begun(stage)
    for file_format in MACHINE:
        lines = lines_of(file_format, get(head, stage, copy, file_format))
        assert {line["category_1"] for line in lines} == {""}, file_format
    words = {one.msgid for found in annual_words.WORDS.values() for one in found.values()}
    for file_format in READABLE:
        text = everything(file_format, get(head, stage, copy, file_format))
        assert "only totals are printed" in text.replace("\n", " ")
        assert not [word for word in words if re.search(rf"\n{re.escape(word)} ", text)], file_format


@pytest.mark.duty("A5.1.6")
def test_every_figure_of_the_list_stands_in_all_five_formats_and_in_the_dictionary(
    large: tuple[Stage, SignedIn],
) -> None:
    stage, head = large
    keys = {*annual_words.TITLES, *annual_words.FLOW} - {"flow", "totals"}
    for file_format in MACHINE:
        lines = lines_of(file_format, get(head, stage, "municipality", file_format))
        assert {line["table"] for line in lines} == keys
    titles = [
        one.msgid for key, one in annual_words.TITLES.items() if key not in ("statuses", "general_meetings")
    ]
    for file_format in READABLE:
        text = " ".join(everything(file_format, get(head, stage, "municipality", file_format)).split())
        assert not [one for one in titles if one not in text], file_format
        assert not [one.msgid for one in annual_words.TOTALS.values() if one.msgid not in text], file_format
    answer = head.get(f"{stage.base}/{YEAR}/versions/1/municipality-dictionary.csv").data
    terms = list(csv.DictReader(io.StringIO(answer.decode("utf-8-sig"))))
    assert {term["key"] for term in terms if term["kind"] == "table"} == keys
    assert all(term["meaning"].strip() for term in terms)
    named = {(term["within"], term["key"]) for term in terms if term["kind"] == "category"}
    wanted = {
        (line[f"dimension_{number}"], line[f"category_{number}"]) for line in lines for number in (1, 2)
    } - {("", "")}
    assert wanted == named


def everything(file_format: str, data: bytes) -> str:
    """All that a reader sees of the file."""
    if file_format == "pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    if file_format == "xlsx":
        rows = [
            row
            for sheet in load_workbook(io.BytesIO(data)).worksheets[:-2]
            for row in sheet.iter_rows(values_only=True)
        ]
        return "\n".join(" ".join(str(cell) for cell in row if cell is not None) for row in rows)
    paper = docx.Document(io.BytesIO(data))
    cells = [" ".join(cell.text for cell in row.cells) for table in paper.tables for row in table.rows]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@pytest.mark.parametrize("text", ['=HYPERLINK("https://a.example")', "\u200b＝1+1", "@SUM(1)"])
def test_no_text_of_the_report_becomes_a_formula(light: Stage, text: str) -> None:
    """B29, T14."""
    head = begun(light)
    head.get(f"{light.base}/{YEAR}/write")
    saved = head.post(f"{light.base}/{YEAR}/write/needs", hidden=False, version="1", text=text)
    assert saved.status_code == 303
    book = load_workbook(io.BytesIO(get(head, light, "municipality", "xlsx")))
    written = [row[1] for row in book.worksheets[-3].iter_rows(min_row=3, values_only=True) if row[1]]
    assert written
    assert all(one.startswith("'") for one in written)
    cells = [one for sheet in book.worksheets for row in sheet.iter_rows() for one in row]
    assert not [one for one in cells if one.data_type == "f"]
