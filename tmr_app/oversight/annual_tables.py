"""A release as tables to read and as cells for machines: words from `annual_words`, figures as printed, never the truth."""

from collections.abc import Iterator

from tmr_app.documents.annual_data import Line, Term
from tmr_app.documents.annual_report import FigureTable
from tmr_app.documents.texts import Text, Words
from tmr_app.oversight import annual_words
from tmr_app.oversight.annual_words import DIMENSIONS, FLOW, HIDDEN, TITLES, category
from tmr_app.oversight.disclosure_cells import Cell, Release, Table
from tmr_app.oversight.disclosure_control import PUBLIC
from tmr_app.regulation.verdicts import Message

LONG = frozenset({"risk", "seat", "source", "sector"})
"""Dimensions of many categories: those printed as zero throughout are left out."""
TOTAL = Message("Total")


def flow(release: Release, year: int, before: Release | None) -> FigureTable:
    """The totals of the year, beside last year's as they were printed then."""
    rows = tuple(_compared(release, Cell(key, str(year)), word, before) for key, word in FLOW.items())
    return FigureTable(title=TITLES["flow"], columns=_years(Message("Cases"), year, before), rows=rows)


def _years(head: Message, year: int, before: Release | None) -> tuple[Text, ...]:
    return (head, str(year)) if before is None else (head, str(year), str(year - 1))


def _compared(release: Release, cell: Cell, word: Message, before: Release | None) -> tuple[Text, ...]:
    """A total with last year's beside it."""
    row = (word, figure(release, cell))
    return row if before is None else (*row, figure(before, Cell(cell.population, str(int(cell.period) - 1))))


def tables(release: Release, year: int, before: Release | None) -> Iterator[FigureTable]:
    """Every divided table of the release, then the totals that stand in none of them, beside last year's."""
    for shape in release.shapes:
        if shape.key in FLOW:
            continue
        if len(shape.dimensions) == 2:
            yield _crossed(release, shape)
        elif shape.dimensions:
            yield _plain(release, shape)
    rows = tuple(
        _compared(release, shape.total, annual_words.TOTALS[shape.population], before)
        for shape in _totals(release)
    )
    if rows:
        yield FigureTable(title=TITLES["totals"], columns=_years(Message("Counted"), year, before), rows=rows)


def _totals(release: Release) -> Iterator[Table]:
    """Of each population beside those of the flow one table, whose total is printed once."""
    seen = set(FLOW)
    for shape in release.shapes:
        if shape.population not in seen:
            seen.add(shape.population)
            yield shape


def figure(release: Release, cell: Cell) -> str:
    """The figure as it stands on paper; empty where the release has no such cell."""
    if cell not in release.printed:
        return ""
    value = release.printed[cell]
    return HIDDEN if value is None else str(value)


def _plain(release: Release, shape: Table) -> FigureTable:
    (dimension,) = shape.dimensions
    cells = [(key, shape.total.narrowed(dimension.name, key)) for key in dimension.categories]
    shown = [(key, cell) for key, cell in cells if _worth_a_line(release, dimension.name, [cell])]
    if release.printed[shape.total] == 0:
        shown = []
    return FigureTable(
        title=TITLES[shape.key],
        columns=(DIMENSIONS[dimension.name], Message("Number")),
        rows=tuple((category(dimension.name, key), figure(release, cell)) for key, cell in shown),
        bars=tuple(release.printed[cell] for _key, cell in shown),
    )


def _crossed(release: Release, shape: Table) -> FigureTable:
    """Rows of the first dimension, columns of the second, totals at the end of both."""
    first, second = shape.dimensions
    rows: list[tuple[Text, ...]] = []
    if release.printed[shape.total] == 0:
        return FigureTable(title=TITLES[shape.key], columns=(), rows=())
    for key in first.categories:
        whole = shape.total.narrowed(first.name, key)
        cells = [whole.narrowed(second.name, other) for other in second.categories]
        if _worth_a_line(release, first.name, [whole, *cells]):
            figures = [figure(release, cell) for cell in (*cells, whole)]
            rows.append((category(first.name, key), *figures))
    margins = [shape.total.narrowed(second.name, other) for other in second.categories]
    rows.append((TOTAL, *(figure(release, cell) for cell in (*margins, shape.total))))
    heads = [category(second.name, other) for other in second.categories]
    return FigureTable(
        title=TITLES[shape.key], columns=(DIMENSIONS[first.name], *heads, TOTAL), rows=tuple(rows)
    )


def _worth_a_line(release: Release, dimension: str, cells: list[Cell]) -> bool:
    """Whether the line tells anything: more than zeros, in the public copy a figure at all. Short dimensions stay whole."""
    figures = [release.printed[cell] for cell in cells]
    if dimension not in LONG:
        return True
    return any(figures) if release.copy == PUBLIC else any(one != 0 for one in figures)


def lines(release: Release, *, municipality: str, year: int, version: int, status: str) -> Iterator[Line]:
    """Each printed cell once per table."""
    for shape in release.shapes:
        for cell in shape.cells():
            pairs = _in_order(shape, cell)
            value = release.printed[cell]
            yield Line(
                municipality,
                year,
                version,
                release.copy,
                status,
                shape.key,
                shape.population,
                shape.period,
                pairs[0][0],
                pairs[0][1],
                pairs[1][0],
                pairs[1][1],
                value,
                value is None,
            )


def _in_order(shape: Table, cell: Cell) -> list[tuple[str, str]]:
    """The cell's categories in the table's own order of dimensions, padded to two."""
    found = dict(cell.at)
    pairs = [(one.name, found[one.name]) for one in shape.dimensions if one.name in found]
    return [*pairs, ("", ""), ("", "")][:2]


def terms(_: Words, release: Release) -> Iterator[Term]:
    """The data dictionary in the document's language: columns, tables, dimensions, categories."""
    for key, word in COLUMN_MEANINGS.items():
        yield Term("column", key, "", _.text(word))
    seen: set[tuple[str, str]] = set()
    for shape in release.shapes:
        title = FLOW.get(shape.key) or TITLES[shape.key]
        yield Term("table", shape.key, shape.population, _.text(title))
        for dimension in shape.dimensions:
            if (dimension.name, "") in seen:
                continue
            seen.add((dimension.name, ""))
            yield Term("dimension", dimension.name, "", _.text(DIMENSIONS[dimension.name]))
            for key in dimension.categories:
                yield Term("category", key, dimension.name, _.text(category(dimension.name, key)))
    yield Term("figure", "", release.copy, _.text(annual_words.LEGENDS[release.copy]))


COLUMN_MEANINGS: dict[str, Message] = {
    "municipality": Message("Key of the municipality; its name in the documents"),
    "year": Message("Calendar year reported on"),
    "version": Message("Version of the report"),
    "copy": Message("Which copy: for the municipality, or public"),
    "status": Message("State of the report when the file was made"),
    "table": Message("Key of the table"),
    "population": Message("What is counted"),
    "period": Message("The year, or the quarter of the year"),
    "dimension_1": Message("First division; empty for a total"),
    "category_1": Message("Category of the first division"),
    "dimension_2": Message("Second division; empty where there is none"),
    "category_2": Message("Category of the second division"),
    "figure": Message("The number as printed; empty when hidden"),
    "hidden": Message("true when the number is hidden"),
}
