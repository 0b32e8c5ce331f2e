"""Roster files: what spreadsheet programs write is read, what is no roster is refused with a way out."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from tests.kernel import samples
from tests.members.roster_kit import GOOD, HEADINGS, make_csv, make_xlsx
from tmr_app.kernel.content_kinds import FileRefused
from tmr_app.members.roster_columns import COLUMNS, template_csv, template_xlsx
from tmr_app.members.roster_files import MOST_ROWS, read_table
from tmr_app.members.roster_rows import judge

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(";", "utf-8-sig"), (",", "utf-8"), ("\t", "utf-16"), (";", "utf-16")]
)
def test_csv_as_spreadsheet_programs_write_it(delimiter: str, encoding: str) -> None:
    row = {**GOOD, "name": "Çlirim Đorđević; i ri", "institution": 'Stacioni "A", qendër'}
    ((number, cells),) = read_table(make_csv(row, delimiter=delimiter, encoding=encoding), "r.csv")
    assert (number, cells["name"], cells["institution"]) == (2, row["name"], row["institution"])


def test_xlsx_cells_become_text_and_formulas_stay_unevaluated() -> None:
    row = {
        **GOOD,
        "phone": 44123456,
        "from_on": datetime(2026, 11, 3),
        "to_on": date(2027, 1, 1),
        "function": "=1+1",
    }
    ((_, cells),) = read_table(make_xlsx(row), "r.xlsx")
    wanted = {"phone": "44123456", "from_on": "2026-11-03", "to_on": "2027-01-01", "function": "=1+1"}
    assert {key: cells[key] for key in wanted} == wanted
    entry, bad = judge(2, cells)
    assert entry is not None, bad
    assert entry.function == "=1+1"


def test_empty_rows_are_stepped_over_and_numbers_kept() -> None:
    data = make_csv({}, GOOD, {}, {**GOOD, "email": "x"})
    assert [number for number, _ in read_table(data, "r.csv")] == [3, 5]


def test_templates_are_read_back() -> None:
    for locale in ("sq", "sr_Latn", "en"):
        for data, name in (
            (template_csv(locale), "t.csv"),
            (template_xlsx(locale, "Guide", [("a", "b")]), "t.xlsx"),
        ):
            with pytest.raises(FileRefused, match="headings only"):
                read_table(data, name)
    sheet = openpyxl.load_workbook(io.BytesIO(template_xlsx("sq", "Guide", []))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.sq for column in COLUMNS]


def many() -> bytes:
    return make_csv(*({**GOOD, "email": f"p{n}@policia.example"} for n in range(MOST_ROWS + 1)))


NO_FILES = {
    "empty": (b"", "r.csv"),
    "blanks": (b"\xef\xbb\xbf"[:0] + b" \r\n\t", "r.csv"),
    "too many rows": (many(), "r.csv"),
    "too big": (b"a" * (5 * 1024 * 1024 + 1), "r.csv"),
    "windows letters": ("Komuna;Emri\nGjakovë;Ç\n".encode("cp1252"), "r.csv"),
    "nul": (b"municipality;name\n\x00;b\n", "r.csv"),
    "open quote": (make_csv(GOOD) + b'"', "r.csv"),
    "unknown column": (b"municipality;colour\nx;y\n", "r.csv"),
    "doubled column": (b"municipality;Komuna\nx;y\n", "r.csv"),
    "missing columns": (b"municipality;name\nx;y\n", "r.csv"),
    "headings only": (";".join(HEADINGS).encode(), "r.csv"),
    "workbook called csv, broken": (b"PK\x03\x04rubbish", "r.csv"),
    "no workbook": (b"just text", "r.xlsx"),
    "old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "r.xls"),
    "pdf": (b"%PDF-1.7", "r.csv"),
    "workbook without headings": (make_xlsx(headings=["a", "b"]), "r.xlsx"),
    "word": (samples.word(), "r.xlsx") if hasattr(samples, "word") else (b"PK", "r.xlsx"),
}


@pytest.mark.parametrize("kind", NO_FILES)
def test_a_file_that_is_none_is_refused_with_a_way_out(kind: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_table(*NO_FILES[kind])
    assert len(str(refused.value.message)) > 10
