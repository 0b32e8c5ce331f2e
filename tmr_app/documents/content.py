"""What a document says, apart from how it looks.

A builder makes one `Document`; `docx` and `pdf` render the same description, so the two can never
differ in content. Every string here is data: no renderer reads markup, formulas or code out of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

Language = Literal["sq", "sr", "en"]


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    level: int = 1  # 1 to 3, below the document's own title


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; a line break stays one, an empty line begins a new paragraph."""

    text: str
    strong: bool = False
    quiet: bool = False  # smaller and grey: an explanation of the form, not its content


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fields:
    """Label and value, one pair a row."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Narrative:
    """A label over a framed text, as on a form; `hint` is the form's instruction in brackets."""

    label: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` are proportions of the line, one a column; the header row repeats on each page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""

    def __post_init__(self) -> None:
        _check_columns(self.columns, self.rows, self.widths)


@dataclass(frozen=True, slots=True)
class CheckItem:
    label: str
    checked: bool = False
    text: str = ""  # what stands after a label such as "tjera:"


@dataclass(frozen=True, slots=True)
class CheckList:
    items: tuple[CheckItem, ...]
    title: str = ""
    columns: int = 1


@dataclass(frozen=True, slots=True)
class SignatureTable:
    """A table whose rows are high enough to sign in by hand; the last column is the signature."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_columns(self.columns, self.rows, self.widths)


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One person's place to sign, with an own line for place and date."""

    name: str
    role: str
    place_and_date: str
    signature: str  # the label under the line


@dataclass(frozen=True, slots=True)
class Note:
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars with their table beside them; `rows` = label, value (not negative), value as printed."""

    title: str
    rows: tuple[tuple[str, float, str], ...]
    columns: tuple[str, str]
    alternative: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    pass


@dataclass(frozen=True, slots=True)
class Attachment:
    """Begins a part on a new page, upright or across."""

    title: str
    landscape: bool = False


Block = (
    Heading
    | Paragraph
    | Bullets
    | Fields
    | Narrative
    | Table
    | CheckList
    | SignatureTable
    | SignatureLine
    | Note
    | BarChart
    | PageBreak
    | Attachment
)


@dataclass(frozen=True, slots=True)
class Watermark:
    """Whose copy this is and when it was made, already in words (`text` names both)."""

    reader: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """`created_on` is the civil date the content was fixed; it alone dates the file, so the same
    content gives the same bytes. `title` and `reference` name no person: file properties show them.
    """

    kind: str
    title: str
    language: Language
    created_on: date
    office: str
    reference: str
    footer: str
    page_label: str  # "Page {page} of {pages}"
    blocks: tuple[Block, ...]
    subtitle: str = ""
    landscape: bool = False
    large: bool = False  # bigger letters: read by children and families
    mark: str = ""  # "DRAFT", "PROJEKT"; empty when final
    watermark: Watermark | None = None

    def for_reader(self, watermark: Watermark) -> Document:
        """The same document as one person's copy."""
        return replace(self, watermark=watermark)

    def as_draft(self, mark: str) -> Document:
        return replace(self, mark=mark)

    def parts(self) -> Iterator[tuple[Attachment | None, tuple[Block, ...]]]:
        """The document's own blocks, then those of each attachment, in order."""
        opening: Attachment | None = None
        gathered: list[Block] = []
        for block in self.blocks:
            if isinstance(block, Attachment):
                yield opening, tuple(gathered)
                opening, gathered = block, []
            else:
                gathered.append(block)
        yield opening, tuple(gathered)


def _check_columns(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], widths: tuple[float, ...]
) -> None:
    if len(widths) != len(columns) or any(len(row) != len(columns) for row in rows):
        raise ValueError("every row and the widths need one entry a column")
