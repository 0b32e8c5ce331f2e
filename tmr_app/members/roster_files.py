"""From an uploaded spreadsheet to rows of text: .xlsx read without evaluating anything, or .csv. Limits on size and rows."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any

from tmr_app.kernel.content_checks import check_file
from tmr_app.kernel.content_kinds import FileRefused, Kind
from tmr_app.members.roster_columns import COLUMNS, column_of
from tmr_app.regulation.verdicts import Message

LARGEST = 5 * 1024 * 1024
MOST_ROWS = 3_000
MOST_COLUMNS = 40
LONGEST_CELL = 1_000
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"MZ", b"\x7fELF")
_DELIMITERS = ";,\t"

Rows = list[tuple[int, list[str]]]
"""Row numbers as a spreadsheet program shows them, and the cells as text."""
Cells = dict[str, str]
"""One row: key of the column -> text as typed. Cells beyond the headings stand under the key "+"."""


def read_table(data: bytes, name: str) -> list[tuple[int, Cells]]:
    """The rows of a roster file under their columns' keys. Raises FileRefused with what to mend."""
    if not data.strip(b"\x00 \r\n\t"):
        raise FileRefused(Message("The file is empty."))
    if len(data) > LARGEST:
        raise FileRefused(
            Message("The file is too big: at most %(limit)s MB.", limit=LARGEST // 1024 // 1024)
        )
    is_text = name.lower().endswith((".csv", ".txt")) and not data.startswith(_BINARY)
    rows = list(_limited(_csv_rows(data) if is_text else _xlsx_rows(data, name)))
    return _under_headings(rows)


def _limited(rows: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold something, with their number; refuses more than MOST_ROWS of them, and endless empty ones."""
    held = 0
    for number, cells in enumerate(rows, 1):
        if any(cell.strip() for cell in cells):
            held += 1
            yield number, cells
        if held > MOST_ROWS + 1 or number > 20 * MOST_ROWS:
            raise FileRefused(Message("The file has more than %(limit)s rows. Divide it.", limit=MOST_ROWS))


def _under_headings(rows: Rows) -> list[tuple[int, Cells]]:
    if not rows:
        raise FileRefused(Message("The file is empty."))
    headings = rows[0][1]
    while headings and not headings[-1].strip():
        headings = headings[:-1]
    keys = []
    for place, heading in enumerate(headings, 1):
        column = column_of(heading)
        if column is None:
            raise FileRefused(
                Message("Column %(number)s has a heading that is not known. Use the template.", number=place)
            )
        if column.key in keys:
            raise FileRefused(Message("Column %(number)s stands there twice.", number=place))
        keys.append(column.key)
    missing = tuple(column.en for column in COLUMNS if column.required and column.key not in keys)
    if missing:
        raise FileRefused(
            Message("These columns are missing: %(columns)s. Use the template.", columns=missing)
        )
    if len(rows) == 1:
        raise FileRefused(Message("The file has headings only: nobody is in it."))
    return [(number, _row(keys, cells)) for number, cells in rows[1:]]


def _row(keys: list[str], cells: list[str]) -> Cells:
    row = {key: cells[place] if place < len(cells) else "" for place, key in enumerate(keys)}
    if any(cell.strip() for cell in cells[len(keys) :]):
        row["+"] = "+"
    return row


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield row[:MOST_COLUMNS]
    except csv.Error:
        raise FileRefused(
            Message("The file cannot be read as CSV: a quotation mark is open. Save it again.")
        ) from None


def _decoded(data: bytes) -> str:
    """UTF-8, with or without its mark, or UTF-16 with its mark; anything else would be a guess at names."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text:
        raise FileRefused(
            Message("The letters of this file cannot be read. Save it as “CSV UTF-8” or as .xlsx.")
        )
    return text


def _xlsx_rows(data: bytes, name: str) -> Iterator[list[str]]:
    import openpyxl

    checked = check_file(data, name, largest=LARGEST, allowed=(Kind.XLSX,))
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(checked.data), read_only=True, data_only=False, keep_links=False
        )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            yield [_text(value) for value in row]
    except FileRefused:
        raise
    except Exception as error:  # the library raises whatever the file's faults lead it to
        raise FileRefused(
            Message("The workbook cannot be read. Save it again as .xlsx, with the list on the first sheet.")
        ) from error


def _text(value: Any) -> str:
    """A cell as text: dates in ISO form, whole numbers without a point, a formula as it is written."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)[: LONGEST_CELL + 1]
