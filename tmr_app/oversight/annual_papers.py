"""A report as a file: .docx, PDF, .xlsx, .csv, .json, in a language and one of the two copies.

`prepare` reads everything inside the transaction; `Prepared.render` makes the bytes afterwards.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.documents import annual_data, annual_report, output
from tmr_app.documents.annual_data import Line, Sheet, Term
from tmr_app.documents.annual_report import AnnualReportValues, FigureTable
from tmr_app.documents.content import Document, Language
from tmr_app.documents.texts import Words
from tmr_app.documents.values import OfficeValues
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Municipality, Qps
from tmr_app.oversight import annual_release, annual_reports, annual_tables, annual_words
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.oversight.annual_release import Figures
from tmr_app.oversight.annual_words import COPY_WORDS, LEGENDS, SECTION_TITLES, STATUS_WORDS
from tmr_app.oversight.disclosure_control import MUNICIPALITY, PUBLIC

FORMATS = ("docx", "pdf", "xlsx", "json", "csv")
COPIES = (MUNICIPALITY, PUBLIC)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything a file prints: nothing here needs the database, nothing holds a true count."""

    values: AnnualReportValues
    municipality: str
    copy: str
    lines: tuple[Line, ...]
    terms: tuple[Term, ...]

    @property
    def name(self) -> str:
        """The file's name without its ending: the municipality's key, year, version, copy."""
        return f"annual-report-{self.municipality}-{self.values.year}-v{self.values.version}-{self.copy}"

    def document(self) -> Document:
        return annual_report.build(self.values)

    def render(self, file_format: str) -> bytes:
        """The bytes. ValueError for another format."""
        if file_format == "pdf" or file_format == "docx":
            return output.write(self.document(), "pdf" if file_format == "pdf" else "docx")
        if file_format == "csv":
            return annual_data.as_csv(self.lines)
        if file_format == "json":
            return annual_data.as_json(self._head(), self.lines, self.terms, self._parts())
        if file_format == "xlsx":
            return self._workbook()
        raise ValueError(f"no such format: {file_format}")

    def dictionary(self) -> bytes:
        return annual_data.dictionary_csv(self.terms)

    def _head(self) -> dict[str, object]:
        values = self.values
        return {
            "report": "A5.1.6",
            "municipality": self.municipality,
            "year": values.year,
            "version": values.version,
            "copy": self.copy,
            "draft": values.is_draft,
            "adopted_on": values.adopted_on.isoformat() if values.adopted_on else None,
            "language": values.language,
        }

    def _parts(self) -> dict[str, str]:
        _ = Words(self.values.language)
        return {_.text(title): text for title, text in self.values.parts if text.strip()}

    def _workbook(self) -> bytes:
        _ = Words(self.values.language)
        title = self.document().title
        sheets = [_sheet(_, table) for table in (self.values.flow, *self.values.tables)]
        legend = [(_.text(self.values.legend),), *((_.text(note),) for note in self.values.notes)]
        if self.values.is_draft:
            legend.append((_("DRAFT"),))
        cover = Sheet(_("About this report"), (title,), tuple(legend))
        parts = Sheet(_("Text"), (_("Part"), _("Text")), tuple(self._parts().items()))
        return annual_data.as_xlsx(
            title, [cover, *sheets, parts], self.lines, self.terms, (_("Data"), _("Dictionary"))
        )


def _sheet(_: Words, table: FigureTable) -> Sheet:
    rows = tuple(tuple(_number(_.text(cell)) for cell in row) for row in table.rows)
    return Sheet(_.text(table.title), tuple(_.text(one) for one in table.columns), rows)


def _number(text: str) -> str | int:
    return int(text) if text.isdigit() else text


def prepare(
    session: Session,
    *,
    municipality: Municipality,
    report: AnnualReport,
    copy: str,
    language: Language,
    now: datetime,
) -> Prepared:
    """One stored version. Its figures are those stored; last year's are those printed then."""
    texts = {key: row.text for key, row in annual_reports.sections_of(session, report).items()}
    figures = annual_release.figures_of(session, report)
    return _prepared(session, municipality, report, texts, figures, copy, language, now)


def prepare_unwritten(
    session: Session, *, municipality: Municipality, year: int, copy: str, language: Language, now: datetime
) -> Prepared:
    """A draft of a year for which nobody has begun a report: the figures of today, no text, nothing stored."""
    report = AnnualReport(
        municipality_id=municipality.id, year=year, version=0, status="draft", compiled_at=now
    )
    figures = annual_release.compiled(session, municipality.id, year, now)
    return _prepared(session, municipality, report, {}, figures, copy, language, now)


def _prepared(
    session: Session,
    municipality: Municipality,
    report: AnnualReport,
    texts: dict[str, str],
    figures: Figures,
    copy: str,
    language: Language,
    now: datetime,
) -> Prepared:
    release = figures.copy(copy)
    last = annual_release.adopted(session, municipality.id, report.year - 1)
    before = last.copy(copy) if last else None
    values = AnnualReportValues(
        language=language,
        office=_office(session, municipality),
        year=report.year,
        version=report.version,
        copy=COPY_WORDS[copy],
        status=STATUS_WORDS[report.status],
        is_draft=report.status == "draft",
        made_on=report.adopted_on or civil_date(report.compiled_at),
        adopted_on=report.adopted_on,
        submitted_on=civil_date(report.submitted_at) if report.submitted_at else None,
        acknowledged_on=civil_date(report.acknowledged_at) if report.acknowledged_at else None,
        flow=annual_tables.flow(release, report.year, before),
        tables=tuple(annual_tables.tables(release, report.year, before)),
        parts=tuple((SECTION_TITLES[key], texts.get(key, "")) for key in annual_reports.SECTIONS),
        legend=LEGENDS[copy],
        notes=tuple(
            note
            for note, holds in ((annual_words.SMALL, figures.small), (annual_words.KEPT, figures.kept))
            if holds
        ),
        public=copy == PUBLIC,
    )
    lines = annual_tables.lines(
        release,
        municipality=municipality.key,
        year=report.year,
        version=report.version,
        status=report.status,
    )
    terms = annual_tables.terms(Words(language), release)
    return Prepared(values, municipality.key, copy, tuple(lines), tuple(terms))


def _office(session: Session, municipality: Municipality) -> OfficeValues:
    """The municipality's first active Centre, whose Table reports."""
    centre = session.scalars(
        select(Qps)
        .where(Qps.municipality_id == municipality.id, Qps.active.is_(True))
        .order_by(Qps.name)
        .limit(1)
    ).first()
    return OfficeValues(
        name=centre.name if centre else "",
        municipality=municipality.key,
        phone=(centre.phone or "") if centre else "",
    )
