"""The Table's yearly report to its municipality (A5.1.6): figures after disclosure control, charts, written parts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tmr_app.documents.content import (
    BarChart,
    Block,
    Document,
    Fields,
    Heading,
    Language,
    Narrative,
    Note,
    Paragraph,
)
from tmr_app.documents.content import Table as TableBlock
from tmr_app.documents.texts import Text, Words
from tmr_app.documents.values import OfficeValues
from tmr_app.documents.wording import paper


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTable:
    """One table as printed: `columns` the headings, each row its word and its figures as texts.

    `bars`: the values of the only figure column, for a chart; None stands for a hidden one.
    """

    title: Text
    columns: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]
    bars: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReportValues:
    language: Language
    office: OfficeValues
    year: int
    version: int
    copy: Text
    status: Text
    is_draft: bool
    made_on: date
    adopted_on: date | None = None
    submitted_on: date | None = None
    acknowledged_on: date | None = None
    flow: FigureTable
    tables: tuple[FigureTable, ...]
    parts: tuple[tuple[Text, str], ...]
    legend: Text
    notes: tuple[Text, ...] = ()
    public: bool = False


def build(values: AnnualReportValues) -> Document:
    """The report as a document; drafts carry a mark on every page."""
    _ = Words(values.language)
    made = paper(
        _,
        kind="annual-report",
        title=_(
            "Annual report %(year)s of the Multidisciplinary Table of %(municipality)s",
            year=values.year,
            municipality=_.label(values.office.municipality),
        ),
        subtitle=_.text(values.copy),
        office=values.office,
        reference=f"{values.year}/{values.version}",
        created_on=values.made_on,
        closed=False,
        blocks=(*_opening(_, values), *_written(_, values), *_figures(_, values)),
    )
    return made.as_draft(_("DRAFT")) if values.is_draft else made


def _opening(_: Words, values: AnnualReportValues) -> tuple[Block, ...]:
    rows = [
        (_("Year"), str(values.year)),
        (_("Version"), str(values.version)),
        (_("State"), _.text(values.status)),
        (_("Adopted by the Table"), _.day(values.adopted_on)),
        (_("Submitted to the municipality"), _.day(values.submitted_on)),
        (_("Acknowledged by the municipality"), _.day(values.acknowledged_on)),
    ]
    law = _(
        "Article 5, paragraph 1.6, of Regulation (QRK) No. 23/2023: the Table reports on its own work to the municipality "
        "each year. No child can be recognised from this report."
    )
    notes = [Note(_.text(note)) for note in values.notes]
    return (Fields(tuple(row for row in rows if row[1])), Paragraph(law, quiet=True), *notes)


def _written(_: Words, values: AnnualReportValues) -> tuple[Block, ...]:
    parts = tuple(Narrative(_.text(title), text) for title, text in values.parts if text.strip())
    return (Heading(_("The report of the Table")), *parts) if parts else ()


def _figures(_: Words, values: AnnualReportValues) -> tuple[Block, ...]:
    found: list[Block] = [Heading(_("Figures")), Paragraph(_.text(values.legend), quiet=True)]
    for table in (values.flow, *values.tables):
        found += _table(_, table)
    return tuple(found)


def _table(_: Words, table: FigureTable) -> list[Block]:
    """A chart with its own table beside it where there is something to draw, else the table alone."""
    columns = tuple(_.text(column) for column in table.columns)
    rows = tuple(tuple(_.text(cell) for cell in row) for row in table.rows)
    if not rows:
        nothing = _("Nothing to count, or nothing that may be printed.")
        return [Paragraph(_.text(table.title), strong=True), Paragraph(nothing, quiet=True)]
    if any(table.bars) and len(columns) == 2:
        bars = tuple((row[0], float(value or 0), row[1]) for row, value in zip(rows, table.bars, strict=True))
        told = "; ".join(f"{word}: {figure}" for word, _value, figure in bars)
        title = _.text(table.title)
        return [BarChart(title, bars, (columns[0], columns[1]), f"{title}. {told}")]
    first = 3.0 if len(columns) < 6 else 2.4
    widths = (first, *(1.0 for _column in columns[1:]))
    return [TableBlock(columns, rows, widths, _.text(table.title))]
