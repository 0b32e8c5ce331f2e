"""The ledger's rows as a file: CSV, JSON or a workbook. Every cell is text that no program takes for a formula (T14)."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence

from tmr_app.kernel.text import cell
from tmr_app.oversight.ledger import Row, plain
from tmr_app.oversight.tally import date_of, kind_of, quarter_of

FORMATS = ("xlsx", "csv", "json")
COLUMNS = (
    "duty",
    "article",
    "title",
    "municipality",
    "case",
    "meeting",
    "subject",
    "institution",
    "period",
    "status",
    "due_on",
    "met_at",
    "reason",
    "counted",
)
"""The columns of every format, in this order; names are stable and English, values of title and article in the reader's
language."""

Words = Callable[[Row], dict[str, str]]
"""Article, title, reason and counting of a row in the reader's language."""


def records(rows: Iterable[Row], words: Words) -> Iterator[dict[str, str]]:
    """Each row by column; empty text where there is nothing."""
    for row in rows:
        values = {**plain(row), **words(row)}
        values["institution"] = kind_of(row)
        values["period"] = quarter_of(date_of(row))
        yield {name: values.get(name) or "" for name in COLUMNS}


def rendered(found: Sequence[dict[str, str]], file_format: str, title: str) -> bytes:
    """The file's bytes. ValueError for another format."""
    if file_format == "json":
        return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
    if file_format == "csv":
        return _csv(found)
    if file_format == "xlsx":
        return _workbook(found, title)
    raise ValueError(f"no such format: {file_format}")


def _csv(found: Sequence[dict[str, str]]) -> bytes:
    """With a byte order mark, as spreadsheet programs ask for it."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(COLUMNS)
    out.writerows([cell(one[name]) for name in COLUMNS] for one in found)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _workbook(found: Sequence[dict[str, str]], title: str) -> bytes:
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    book.properties.title, book.properties.creator = title, "Tryeza"
    book.remove(book.worksheets[0])
    page = book.create_sheet("ledger")
    page.append(list(COLUMNS))
    for one in page[1]:
        one.font = Font(bold=True)
    for record in found:
        page.append([cell(record[name]) for name in COLUMNS])
    for number, name in enumerate(COLUMNS, 1):
        wide = name in ("title", "reason", "counted")
        page.column_dimensions[get_column_letter(number)].width = 48 if wide else 16
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
