"""The annual report's figures for machines: .xlsx, .csv and .json, each with its data dictionary.

Text that a spreadsheet might take for a formula is kept text.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tmr_app.kernel.text import cell as cell_text

COLUMNS = (
    "municipality",
    "year",
    "version",
    "copy",
    "status",
    "table",
    "population",
    "period",
    "dimension_1",
    "category_1",
    "dimension_2",
    "category_2",
    "figure",
    "hidden",
)
LONG_TEXT, TEXT_WIDTH = 120, 90
"""From so many letters on a cell is prose: its column gets this width."""
_SHEET = re.compile(r"[\[\]:*?/\\]")


@dataclass(frozen=True, slots=True)
class Line:
    """One cell of one table. `figure` None: hidden."""

    municipality: str
    year: int
    version: int
    copy: str
    status: str
    table: str
    population: str
    period: str
    dimension_1: str
    category_1: str
    dimension_2: str
    category_2: str
    figure: int | None
    hidden: bool


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the data dictionary: a column, a table, a dimension or a category, with its meaning in words."""

    kind: str
    key: str
    within: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One readable table of the workbook: headings, rows of words and figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


def as_csv(lines: Iterable[Line]) -> bytes:
    return _csv(COLUMNS, (tuple(asdict(line).values()) for line in lines))


def dictionary_csv(terms: Iterable[Term]) -> bytes:
    return _csv(("kind", "key", "within", "meaning"), (tuple(asdict(term).values()) for term in terms))


def as_json(
    head: dict[str, Any], lines: Sequence[Line], terms: Sequence[Term], parts: dict[str, str]
) -> bytes:
    """Head, figures, written parts and dictionary in one object; keys in a fixed order."""
    whole = {
        **head,
        "parts": parts,
        "figures": [asdict(line) for line in lines],
        "dictionary": [asdict(term) for term in terms],
    }
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_xlsx(
    title: str, sheets: Sequence[Sheet], lines: Sequence[Line], terms: Sequence[Term], names: tuple[str, str]
) -> bytes:
    """A workbook: the readable tables, all cells as data, the dictionary (`names`: the last two sheets' names)."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.title, book.properties.creator = title, "Tryeza"
    while book.worksheets:
        book.remove(book.worksheets[0])
    used: set[str] = set()
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.title, used))
        _head(page, (sheet.title,), size=13)
        _head(page, sheet.columns)
        for row in sheet.rows:
            page.append([_safe(cell) for cell in row])
        _widths(page, sheet.columns)
        _for_reading(page)
    data = book.create_sheet(_sheet_name(names[0], used))
    _head(data, COLUMNS)
    for line in lines:
        data.append([_safe(value) for value in asdict(line).values()])
    words = book.create_sheet(_sheet_name(names[1], used))
    _head(words, ("kind", "key", "within", "meaning"))
    for term in terms:
        words.append([_safe(value) for value in asdict(term).values()])
    for page in (data, words):
        page.freeze_panes = "A2"
        _widths(page, COLUMNS)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _head(page: Any, cells: Sequence[str], size: int = 11) -> None:
    from openpyxl.styles import Font

    page.append([_safe(cell) for cell in cells])
    for cell in page[page.max_row]:
        cell.font = Font(bold=True, size=size)


def _widths(page: Any, columns: Sequence[str]) -> None:
    from openpyxl.utils import get_column_letter

    for number in range(1, len(columns) + 1):
        page.column_dimensions[get_column_letter(number)].width = 44 if number == 1 else 18


def _for_reading(page: Any) -> None:
    """Long texts wrap in a wide column; the printed sheet is as wide as the paper."""
    from openpyxl.styles import Alignment

    for row in page.iter_rows(min_row=2):
        for one in row:
            if isinstance(one.value, str):
                one.alignment = Alignment(wrap_text=True, vertical="top")
                if len(one.value) > LONG_TEXT:
                    page.column_dimensions[one.column_letter].width = TEXT_WIDTH
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToHeight = 0


def _sheet_name(title: str, used: set[str]) -> str:
    """At most 31 letters, none of those a workbook forbids, each name once."""
    base = _SHEET.sub(" ", title)[:28].strip() or "x"
    name, number = base, 2
    while name.casefold() in used:
        name, number = f"{base} {number}", number + 1
    used.add(name.casefold())
    return name


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if cell is None else _safe(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    """Text that a program could take for a formula stays text (T14); a truth value is a word."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return cell_text(value) if isinstance(value, str) else value
