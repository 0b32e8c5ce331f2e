"""The blocks of a document in WordprocessingML. Tables are built as XML: `add_row` costs too much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from docx.document import Document as Package
from docx.enum.text import WD_BREAK
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor

from tmr_app.documents import content
from tmr_app.documents.columns import fitted, size_of
from tmr_app.documents.glyphs import readable
from tmr_app.documents.keeping import kept, whole

_BRAND = RGBColor(0x0F, 0x4C, 0x5C)
_QUIET = RGBColor(0x4A, 0x5A, 0x60)
_SHADE = "EEF4F5"
_RULE = "9FB3B9"
_TWIP = 635  # English metric units
WHOLE = 1500
"""Signs up to which a row stays on one page; a longer one may go on over the next."""


def element(name: str, **values: str) -> Any:
    node = OxmlElement(f"w:{name}")
    for key, value in values.items():
        node.set(qn(f"w:{key}"), value)
    return node


def text_run(text: str, *, bold: bool = False, size: float | None = None, colour: str = "") -> Any:
    """A run whose line feeds are breaks; text is kept to the letter."""
    run = element("r")
    if bold or size or colour:
        look = element("rPr")
        if bold:
            look.append(element("b"))
        if colour:
            look.append(element("color", val=colour))
        if size:
            look.append(element("sz", val=str(int(size * 2))))
        run.append(look)
    for number, line in enumerate(readable(text).split("\n")):
        if number:
            run.append(element("br"))
        node = element("t")
        node.text = line.replace("\t", " ")
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(node)
    return run


class Writer:
    """Writes blocks one after another; `width` is the line's length (EMU)."""

    def __init__(self, package: Package, width: int) -> None:
        self.package = package
        self.width = width
        self.with_next = False

    def write(self, blocks: Sequence[content.Block]) -> None:
        for block, self.with_next in kept(blocks):
            getattr(self, f"_{type(block).__name__.lower()}")(block)

    def _paragraph_of(self, text: str, *, bold: bool = False, quiet: bool = False, keep: bool = False) -> Any:
        paragraph = self.package.add_paragraph()
        paragraph._p.append(
            text_run(text, bold=bold, size=8.5 if quiet else None, colour="4A5A60" if quiet else "")
        )
        paragraph.paragraph_format.keep_with_next = keep or None
        return paragraph

    def _label(self, text: str) -> None:
        paragraph = self.package.add_paragraph()
        paragraph._p.append(text_run(text, bold=True, colour=str(_BRAND)))
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.space_before = Pt(8)

    def _heading(self, block: content.Heading) -> None:
        paragraph = self.package.add_paragraph(readable(block.text))
        paragraph._p.style = (
            f"Heading{block.level + 1}"  # by its id: looking a style up by name reads all of them
        )

    def _paragraph(self, block: content.Paragraph) -> None:
        for part in block.text.split("\n\n"):
            if part.strip():
                self._paragraph_of(part, bold=block.strong, quiet=block.quiet, keep=self.with_next)

    def _bullets(self, block: content.Bullets) -> None:
        for number, item in enumerate(block.items, 1):
            # Numbers are written out: one Word list would count on through the whole document.
            paragraph = self.package.add_paragraph()
            if not block.numbered:
                paragraph._p.style = "ListBullet"
            paragraph._p.append(text_run(f"{number}. {item}" if block.numbered else item))
            if block.numbered:
                paragraph.paragraph_format.left_indent = Pt(12)

    def _fields(self, block: content.Fields) -> None:
        table = self._grid((0.34, 0.66))
        for number, (label, value) in enumerate(block.rows, 1):
            keep = whole(block) and (self.with_next or number < len(block.rows))
            self._row(table, (label, value), (0.34, 0.66), bold=(0,), shaded=(0,), keep=keep)
        self._gap()

    def _narrative(self, block: content.Narrative) -> None:
        self._label(block.label)
        if block.hint:
            self._paragraph_of(block.hint, quiet=True, keep=True)
        table = self._grid((1,))
        self._row(table, (block.text or "\n\n",), (1,), keep=self.with_next)
        self._gap()

    def _table(self, block: content.Table) -> None:
        if block.caption:
            self._label(block.caption)
        self._full_table(block.columns, block.rows, block.widths)

    def _signaturetable(self, block: content.SignatureTable) -> None:
        self._full_table(block.columns, block.rows, block.widths, high=True, keep=whole(block))

    def _full_table(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        high: bool = False,
        keep: bool = False,
    ) -> None:
        size = size_of(columns)
        widths = fitted(columns, rows, widths, self.width / Pt(1))
        table = self._grid(widths)
        self._row(table, columns, widths, size=size, header=True)
        for number, row in enumerate(rows, 1):
            self._row(table, row, widths, size=size, high=high, keep=keep and number < len(rows))
        self._gap()

    def _checklist(self, block: content.CheckList) -> None:
        if block.title:
            self._label(block.title)
        for item in block.items:
            box = "☑" if item.checked else "☐"
            paragraph = self.package.add_paragraph()
            paragraph._p.append(text_run(f"{box} {item.label}"))
            if item.text:
                paragraph._p.append(text_run(f" {item.text}", bold=True))
            paragraph.paragraph_format.space_after = Pt(2)

    def _signatureline(self, block: content.SignatureLine) -> None:
        paragraph = self._paragraph_of(block.name, bold=True, keep=True)
        paragraph.paragraph_format.space_before = Pt(18)
        self._paragraph_of(block.role, quiet=True, keep=True)
        lines = self._halves("_" * 34, "_" * 34)
        lines.space_before, lines.keep_with_next = Pt(18), True
        self._halves(block.signature, block.place_and_date, quiet=True)

    def _halves(self, left: str, right: str, *, quiet: bool = False) -> Any:
        """Two texts side by side, the second from the middle of the line on; the paragraph's format."""
        paragraph = self._paragraph_of(left, quiet=quiet)
        jump = element("r")
        jump.append(element("tab"))
        paragraph._p.append(jump)
        size, colour = (8.5, "4A5A60") if quiet else (None, "")
        paragraph._p.append(text_run(right, size=size, colour=colour))
        paragraph.paragraph_format.tab_stops.add_tab_stop(self.width // 2)
        return paragraph.paragraph_format

    def _note(self, block: content.Note) -> None:
        table = self._grid((1,))
        text = f"{block.title}\n{block.text}" if block.title else block.text
        self._row(table, (text,), (1,), shaded=(0,))
        self._gap()

    def _barchart(self, block: content.BarChart) -> None:
        self._label(block.title)
        self._paragraph_of(block.alternative, quiet=True, keep=True)
        most = max([1.0, *(value for _, value, _ in block.rows)])
        rows = [(name, shown, "█" * round(24 * value / most)) for name, value, shown in block.rows]
        self._full_table((*block.columns, ""), rows, (0.4, 0.15, 0.45))

    def _pagebreak(self, block: content.PageBreak) -> None:
        paragraph: Any = self.package.add_paragraph()
        paragraph.add_run().add_break(WD_BREAK.PAGE)

    def _gap(self) -> None:
        shape = self.package.add_paragraph().paragraph_format
        shape.space_after, shape.keep_with_next = Pt(2), self.with_next or None

    def _grid(self, widths: Sequence[float]) -> Any:
        table = self.package.add_table(rows=0, cols=0)
        shape = table._tbl.tblPr
        for child in list(shape):
            shape.remove(child)
        # The order is the schema's: Word refuses another one.
        shape.append(element("tblW", w=str(sum(self._shares(widths))), type="dxa"))
        borders = element("tblBorders")
        for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
            borders.append(element(side, val="single", sz="4", space="0", color=_RULE))
        shape.append(borders)
        shape.append(element("tblLayout", type="fixed"))
        margins = element("tblCellMar")
        for side in ("left", "right"):
            margins.append(element(side, w="90", type="dxa"))
        shape.append(margins)
        shape.append(element("tblLook", val="0020", firstRow="1"))
        for share in self._shares(widths):
            table._tbl.tblGrid.append(element("gridCol", w=str(share)))
        return table._tbl

    def _shares(self, widths: Sequence[float]) -> list[int]:
        return [int(self.width / _TWIP * share / sum(widths)) for share in widths]

    def _row(
        self,
        table: Any,
        values: Sequence[str],
        widths: Sequence[float],
        *,
        size: float | None = None,
        bold: Sequence[int] = (),
        shaded: Sequence[int] = (),
        header: bool = False,
        high: bool = False,
        keep: bool = False,
    ) -> None:
        row = element("tr")
        look = element("trPr")
        if header or sum(map(len, values)) < WHOLE:
            look.append(element("cantSplit"))
        if high:
            look.append(element("trHeight", val="680", hRule="atLeast"))
        if header:
            look.append(element("tblHeader"))
        row.append(look)
        for index, (value, share) in enumerate(zip(values, self._shares(widths), strict=True)):
            cell = element("tc")
            shape = element("tcPr")
            shape.append(element("tcW", w=str(share), type="dxa"))
            if header or index in shaded:
                shape.append(element("shd", val="clear", color="auto", fill=_SHADE))
            cell.append(shape)
            strong = header or index in bold
            paragraph = element("p")
            spacing = element("pPr")
            if header or keep:  # a table's head never stands alone at the end of a page
                spacing.append(element("keepNext"))
            spacing.append(element("spacing", before="40", after="40"))
            paragraph.append(spacing)
            paragraph.append(text_run(value, bold=strong, size=size, colour=str(_BRAND) if strong else ""))
            cell.append(paragraph)
            row.append(cell)
        table.append(row)
