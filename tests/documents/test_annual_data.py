"""The annual figures for machines: no cell that a program takes for a formula (T14), in CSV and in the workbook."""

import csv
import io

import openpyxl
import pytest

from tmr_app.documents import annual_data

HOSTILE = ["=1+1", "|calc", "\u2800=1", "\u3164@SUM(A1)", "\ufe0f-1", "\uff1d1"]
"""Plain, and behind marks that nobody sees."""


@pytest.mark.parametrize("word", HOSTILE)
def test_no_cell_is_a_formula(word: str) -> None:
    terms = [annual_data.Term("table", word, "", word)]
    rows = list(csv.reader(io.StringIO(annual_data.dictionary_csv(terms).decode("utf-8-sig"))))
    sheets = [annual_data.Sheet(word, (word,), ((word, 3),))]
    book = openpyxl.load_workbook(io.BytesIO(annual_data.as_xlsx("Raporti", sheets, [], terms, ("a", "b"))))
    cells = [str(cell.value) for page in book for line in page.iter_rows() for cell in line if cell.value]
    for text in (*rows[1], *cells):
        if word in text:
            assert text == f"'{word}"
    assert f"'{word}" in cells
    assert "f" not in {cell.data_type for page in book for line in page.iter_rows() for cell in line}
