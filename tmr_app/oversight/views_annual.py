"""The annual report in a municipality: list, draft, adoption, submission, acknowledgement, files (A5.1.6)."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels, work_panels
from tmr_app.documents.texts import short_day
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound, Stale
from tmr_app.kernel.forms import Form, translated
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members.administration_frame import found
from tmr_app.members.models import Municipality
from tmr_app.oversight import (
    annual_agenda,
    annual_papers,
    annual_reports,
    annual_requests,
    annual_words,
    annual_work,
)
from tmr_app.oversight.annual_agenda import Agenda
from tmr_app.oversight.annual_forms import AdoptForm, DeedForm, LetterForm, SectionForm, YearForm
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.oversight.annual_reports import SECTIONS
from tmr_app.oversight.disclosure_control import MUNICIPALITY
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("annual", __name__)
ADDRESS = "/municipalities/<uuid:municipality_id>/annual-reports"
YEAR = ADDRESS + "/<int:year>"
SCRIPT_HEADER = "X-Autosave"

work_panels.work_section(annual_work.annual)
panels.audit_words(
    {
        "annual_report:compiled": Message("Annual report: figures counted"),
        "annual_report:written": Message("Annual report: text written"),
        "annual_report:agenda": Message("Annual report put on the agenda of a general meeting"),
        "annual_report:adopted": Message("Annual report adopted"),
        "annual_report:submitted": Message("Annual report submitted"),
        "annual_report:acknowledged": Message("Annual report acknowledged"),
        "annual_report:published": Message("Annual report published"),
        "annual_report:printed": Message("Annual report taken as a file"),
        "annual_request:asked": Message("Annual report asked for"),
        "annual_request:answered": Message("Request for the annual report answered"),
    }
)


def language_of_reader() -> Any:
    """The document's language: the reader's."""
    return {"sr_Latn": "sr", "en": "en"}.get(g.get("user_language") or "sq", "sq")


@blueprint.get(ADDRESS)
@allows(Permission.ANNUAL_READ)
def index(municipality_id: UUID) -> Page:
    """Every year's report with its state, and what the bodies have asked for."""
    return index_page(municipality_id)


def index_page(
    municipality_id: UUID, status: int = 200, year: YearForm | None = None, letter: LetterForm | None = None
) -> Page:
    session, today = db.session(), clock.civil_today()
    municipality = found(Municipality, municipality_id)
    reports = [one for one in annual_reports.versions_of(session, municipality_id) if _visible(one)]
    years = sorted({one.year for one in reports}, reverse=True)
    lines = [_line(municipality, year, [one for one in reports if one.year == year], today) for year in years]
    writes = may(g.standing, Permission.ANNUAL_WRITE)
    open_years = [one for one in (today.year - 1, today.year, today.year - 2) if one not in years]
    first = [one for one in open_years if one >= annual_reports.FIRST_YEAR]
    year_form = (year or YearForm(formdata=None)).offer(first)
    letter_form = letter or LetterForm(formdata=None)
    return Page(
        "annual/index.html",
        status=status,
        form=(year if year and year.errors else None) or (letter if letter and letter.errors else None),
        municipality=municipality,
        lines=lines,
        requests=annual_requests.of_municipality(session, municipality_id) if writes else [],
        writes=writes,
        year_form=year_form if first else None,
        letter=letter_form,
        bodies=annual_words.BODY_WORDS,
        states=annual_words.STATUS_WORDS,
        deed=DeedForm(formdata=None),
    )


def _line(municipality: Municipality, year: int, versions: list[AnnualReport], today: date) -> dict[str, Any]:
    sent = next((one for one in reversed(versions) if one.submitted_at), None)
    verdict = annual_reports.verdict_of(municipality, year, sent or versions[0], today)
    return {"year": year, "report": versions[0], "verdict": verdict}


def _visible(report: AnnualReport) -> bool:
    """The officer reads what was submitted; who works at the Table reads drafts too."""
    return report.submitted_at is not None or may(g.standing, Permission.ANNUAL_DRAFT_READ)


def seen(municipality_id: UUID, year: int, version: int | None = None) -> AnnualReport:
    """The version asked for, or the newest this reader may see. Raises NotFound."""
    for report in annual_reports.versions_of(db.session(), municipality_id, year):
        if _visible(report) and version in (None, report.version):
            return report
    raise NotFound("annual report")


@blueprint.post(ADDRESS)
@allows(Permission.ANNUAL_WRITE)
def begin(municipality_id: UUID) -> Page | Redirect:
    """Begin the report of a year: the product counts it."""
    form = YearForm()
    today = clock.civil_today()
    form.offer(list(range(annual_reports.FIRST_YEAR - 2, today.year + 3)))
    if not form.validate():
        return index_page(municipality_id, 422, year=form)
    try:
        report = annual_reports.compile_draft(
            db.session(),
            g.person,
            clock.now(),
            municipality=found(Municipality, municipality_id),
            year=form.year.data,
        )
    except FieldRefused as refused:
        form.refuse(refused)
        return index_page(municipality_id, 422, year=form)
    return Redirect(
        url_for("annual.write", municipality_id=municipality_id, year=report.year),
        flash=_("The figures of %(year)s are counted. Now write the text.", year=report.year),
    )


@blueprint.get(YEAR)
@allows(Permission.ANNUAL_READ)
def show(municipality_id: UUID, year: int) -> Page:
    """The newest version of a year as this reader may see it."""
    return show_page(municipality_id, seen(municipality_id, year))


@blueprint.get(YEAR + "/versions/<int:version>")
@allows(Permission.ANNUAL_READ)
def show_version(municipality_id: UUID, year: int, version: int) -> Page:
    """One version of a year."""
    return show_page(municipality_id, seen(municipality_id, year, version))


def show_page(
    municipality_id: UUID,
    report: AnnualReport,
    status: int = 200,
    adopt_form: AdoptForm | None = None,
    verdicts: tuple[Any, ...] = (),
) -> Page:
    session, today = db.session(), clock.civil_today()
    municipality = found(Municipality, municipality_id)
    prepared = annual_papers.prepare(
        session,
        municipality=municipality,
        report=report,
        copy=MUNICIPALITY,
        language=language_of_reader(),
        now=clock.now(),
    )
    versions = [
        one for one in annual_reports.versions_of(session, municipality_id, report.year) if _visible(one)
    ]
    drafted = report.status == "draft" and may(g.standing, Permission.ANNUAL_WRITE)
    agenda = annual_agenda.agenda_of(session, report) if drafted else None
    return Page(
        "annual/show.html",
        status=status,
        form=adopt_form if adopt_form and adopt_form.errors else None,
        municipality=municipality,
        report=report,
        values=prepared.values,
        versions=versions,
        is_newest=report.id == versions[0].id,
        verdict=_line(municipality, report.year, versions, today)["verdict"],
        verdicts=verdicts,
        due_on=annual_reports.due_on(municipality, report.year),
        agenda=agenda,
        adopt=adoption_form(adopt_form, report, agenda),
        chairs=may(g.standing, Permission.GENERAL_WRITE),
        over=today.year > report.year,
        states=annual_words.STATUS_WORDS,
        formats=annual_papers.FORMATS,
        deed=DeedForm(formdata=None),
    )


def adoption_form(form: AdoptForm | None, report: AnnualReport, agenda: Agenda | None = None) -> AdoptForm:
    """The meetings to choose from; the one that had the report on its agenda is chosen already."""
    discussed = [str(meeting.id) for meeting, _item in agenda.discussed] if agenda else []
    made = form or AdoptForm(formdata=None, data={"meeting": discussed[0] if discussed else ""})
    held = annual_reports.general_meetings(db.session(), report) if report.status == "draft" else []
    made.meeting.choices = [
        ("", _("Another meeting of the Table")),
        *((str(one.id), _("General meeting of %(day)s", day=short_day(one.meeting_on))) for one in held),
    ]
    return made


@blueprint.get(YEAR + "/write")
@allows(Permission.ANNUAL_WRITE)
def write(municipality_id: UUID, year: int) -> Page | Redirect:
    """The written parts of a draft; after adoption it leads to the report."""
    report = annual_reports.newest(db.session(), municipality_id, year)
    if report.status != "draft":
        return Redirect(url_for("annual.show", municipality_id=municipality_id, year=year))
    return _write_page(municipality_id, report)


def _write_page(
    municipality_id: UUID, report: AnnualReport, changed: dict[str, SectionForm] | None = None
) -> Page:
    rows = annual_reports.sections_of(db.session(), report)
    forms: dict[str, Form] = {}
    for key in SECTIONS:
        form = (changed or {}).get(key) or SectionForm(
            formdata=None, data={"text": rows[key].text, "version": rows[key].version}
        )
        form.mark(key, translated(annual_words.SECTION_TITLES[key]))
        forms[key] = form
    return Page(
        "annual/write.html",
        status=422 if changed else 200,
        form=next(iter(changed.values())) if changed else None,
        municipality=found(Municipality, municipality_id),
        report=report,
        forms=forms,
        hints=annual_words.SECTION_HINTS,
        rows={key: row.edited_at for key, row in rows.items()},
        deed=DeedForm(formdata=None),
    )


@blueprint.post(YEAR + "/write/<any(situation,work,obstacles,needs,proposals):section>")
@allows(Permission.ANNUAL_WRITE)
def save(municipality_id: UUID, year: int, section: str) -> Page | Redirect:
    """Save one written part. Two writers get both texts (409)."""
    session, form = db.session(), SectionForm()
    form.mark(section, translated(annual_words.SECTION_TITLES[section]))
    report = annual_reports.newest(session, municipality_id, year)
    by_script = bool(request.headers.get(SCRIPT_HEADER))
    version = 0
    if form.validate():
        try:
            version = annual_reports.write_section(
                session,
                g.person,
                clock.now(),
                report=report,
                key=section,
                version=form.version.data,
                text=form.text.data or "",
            )
        except FieldRefused as refused:
            form.refuse(refused)
        except Stale as stale:
            raise _named(stale, section) from stale
    if form.errors:
        if by_script:
            return Page("holding/_said.html", status=422, state="refused", form=form, verdicts=())
        return _write_page(municipality_id, report, {section: form})
    if by_script:
        return Page("holding/_said.html", state="saved", at=clock.now(), versions={"version": version})
    here = url_for("annual.write", municipality_id=municipality_id, year=year)
    return Redirect(f"{here}#{section}", flash=_("Saved."))


def _named(stale: Stale, section: str) -> Stale:
    """The same clash, with the part's title over both texts."""
    title = translated(annual_words.SECTION_TITLES[section])
    return Stale(
        mine={title: stale.mine[section]}, theirs={title: stale.theirs[section]}, version=stale.version
    )


@blueprint.get(
    YEAR + "/versions/<int:version>/<any(municipality,public):copy>.<any(docx,pdf,xlsx,json,csv):file_format>"
)
@allows(Permission.ANNUAL_READ)
def file(municipality_id: UUID, year: int, version: int, copy: str, file_format: str) -> Download:
    """One copy of one version as a file, in the reader's language."""
    prepared = _prepared(municipality_id, year, version, copy)
    return download(prepared, file_format)


@blueprint.get(YEAR + "/versions/<int:version>/<any(municipality,public):copy>-dictionary.csv")
@allows(Permission.ANNUAL_READ)
def dictionary(municipality_id: UUID, year: int, version: int, copy: str) -> Download:
    """What each column, table and category of the data file means."""
    prepared = _prepared(municipality_id, year, version, copy)
    return Download(prepared.dictionary, name=f"{prepared.name}-dictionary.csv")


def _prepared(municipality_id: UUID, year: int, version: int, copy: str) -> annual_papers.Prepared:
    return annual_papers.prepare(
        db.session(),
        municipality=found(Municipality, municipality_id),
        report=seen(municipality_id, year, version),
        copy=copy,
        language=language_of_reader(),
        now=clock.now(),
    )


def download(prepared: annual_papers.Prepared, file_format: str) -> Download:
    """The file, made after the transaction."""
    return Download(
        lambda: prepared.render(file_format),
        name=f"{prepared.name}.{file_format}",
    )
