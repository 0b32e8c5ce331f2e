"""For the Ministry of Justice and the Council: reports asked for and received, national figures. Nothing of a case."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.standing import Office
from tmr_app.cases import panels
from tmr_app.documents import annual_data
from tmr_app.documents.texts import Words
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members.models import Municipality
from tmr_app.oversight import (
    annual_national,
    annual_papers,
    annual_published,
    annual_reports,
    annual_requests,
    annual_tables,
    annual_words,
)
from tmr_app.oversight.annual_forms import BodyForm, YearForm
from tmr_app.oversight.disclosure_cells import Release
from tmr_app.oversight.disclosure_control import MUNICIPALITY, PUBLIC
from tmr_app.oversight.views_annual import download, language_of_reader
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message

blueprint = Blueprint("annual_bodies", __name__)
OFFICES = {Office.MINISTRY_READER: "ministry", Office.COUNCIL_READER: "council"}

panels.audit_words({"national_figures:compiled": Message("National figures compiled")})


def own_bodies() -> list[str]:
    """Which bodies this reader reads for."""
    return [body for office, body in OFFICES.items() if office in g.standing.offices]


@blueprint.get("/annual-reports")
@allows(Permission.ANNUAL_BODY)
def index() -> Page:
    """What was asked for, what was received, and the country's figures by year."""
    return _page()


def _page(status: int = 200, asked: BodyForm | None = None, year: YearForm | None = None) -> Page:
    session, today = db.session(), clock.civil_today()
    form = _offer(session, asked or BodyForm(formdata=None, data={"year": today.year - 1}))
    requests = annual_requests.of_bodies(session, own_bodies())
    years = list(range(today.year - 1, annual_reports.FIRST_YEAR - 1, -1))
    compiled = {one: annual_national.find(session, one) for one in years}
    return Page(
        "annual/bodies.html",
        status=status,
        form=next((one for one in (asked, year) if one is not None and one.errors), None),
        ask=form,
        waiting=[one for one in requests if one.answered_at is None],
        received=[one for one in requests if one.answered_at is not None],
        bodies=annual_words.BODY_WORDS,
        compiled=[(one, row) for one, row in compiled.items() if row is not None],
        years=(year or YearForm(formdata=None)).offer(years),
        formats=annual_papers.FORMATS,
    )


def _offer(session: Session, form: BodyForm) -> BodyForm:
    keys = session.scalars(
        select(Municipality.key)
        .where(Municipality.table_registered_on.is_not(None))
        .order_by(Municipality.key)
    )
    language = language_of_reader()
    form.municipality.choices = sorted(
        ((key, label(key, language)) for key in keys), key=lambda pair: pair[1]
    )
    return form


@blueprint.post("/annual-reports")
@allows(Permission.ANNUAL_BODY)
def ask() -> Page | Redirect:
    """Ask a municipality's Table for a year's report."""
    session = db.session()
    form = _offer(session, BodyForm())
    if not form.validate():
        return _page(422, form)
    place = session.scalars(select(Municipality).where(Municipality.key == form.municipality.data)).one()
    try:
        annual_requests.ask(
            session,
            g.person,
            clock.now(),
            municipality=place,
            body=own_bodies()[0],
            year=form.year.data,
            once=form.once.data,
        )
    except FieldRefused as refused:
        form.refuse(refused)
        return _page(422, form)
    return Redirect(
        url_for("annual_bodies.index"), flash=_("The request is sent. The municipality is told by mail.")
    )


@blueprint.get("/annual-reports/<uuid:annual_id>.<any(docx,pdf,xlsx,json,csv):file_format>")
@allows(Permission.ANNUAL_BODY)
def file(annual_id: UUID, file_format: str) -> Download:
    """A report that was given to the own body: the municipality's copy."""
    session = db.session()
    report = annual_requests.provided(session, own_bodies(), annual_id)
    audit.note(
        session, "annual_report:printed", object_type="annual_report", object_id=report.id, outcome="read"
    )
    prepared = annual_papers.prepare(
        session,
        municipality=report.municipality,
        report=report,
        copy=MUNICIPALITY,
        language=language_of_reader(),
        now=clock.now(),
    )
    return download(prepared, file_format)


@blueprint.post("/annual-reports/national")
@allows(Permission.ANNUAL_BODY)
def count() -> Page | Redirect:
    """Compile the country's figures of a finished year."""
    form = YearForm()
    form.offer(list(range(annual_reports.FIRST_YEAR - 2, clock.civil_today().year + 3)))
    if not form.validate():
        return _page(422, year=form)
    try:
        row = annual_national.compile_year(db.session(), g.person, clock.now(), year=form.year.data)
    except FieldRefused as refused:
        form.refuse(refused)
        return _page(422, year=form)
    return Redirect(url_for("annual_bodies.national", year=row.year))


@blueprint.get("/annual-reports/national/<int:year>")
@allows(Permission.ANNUAL_BODY)
def national(year: int) -> Page:
    """The country's figures of a year."""
    release = _national(year)
    before = annual_national.find(db.session(), year - 1)
    last = annual_national.release_of(db.session(), before) if before is not None else None
    return Page(
        "annual/national.html",
        year=year,
        flow=annual_tables.flow(release, year, last),
        tables=list(annual_tables.tables(release, year, last)),
        legend=annual_words.LEGENDS[PUBLIC],
    )


def _national(year: int) -> Release:
    row = annual_national.find(db.session(), year)
    if row is None:
        raise NotFound("national figures")
    return annual_national.release_of(db.session(), row)


@blueprint.get("/annual-reports/national/<int:year>.<any(json,csv):file_format>")
@allows(Permission.ANNUAL_BODY)
def national_file(year: int, file_format: str) -> Download:
    """The country's figures as open data."""
    release = _national(year)
    lines = list(annual_tables.lines(release, municipality="kosovo", year=year, version=1, status="compiled"))
    terms = list(annual_tables.terms(Words(language_of_reader()), release))

    def render() -> bytes:
        if file_format == "csv":
            return annual_data.as_csv(lines)
        head: dict[str, Any] = {"report": "national", "year": year, "copy": PUBLIC}
        return annual_data.as_json(head, lines, terms, {})

    return Download(render, name=f"national-figures-{year}.{file_format}")


@blueprint.get("/published-reports")
@allows(Permission.PUBLIC)
def published() -> Page:
    """Every public copy there is, for anybody."""
    return Page(
        "annual/published.html",
        reports=annual_published.all_of_them(db.session()),
        formats=annual_papers.FORMATS,
    )


@blueprint.get("/published-reports/<uuid:annual_id>.<any(docx,pdf,xlsx,json,csv):file_format>")
@allows(Permission.PUBLIC)
def published_file(annual_id: UUID, file_format: str) -> Download:
    """One public copy, for anybody."""
    session = db.session()
    report = annual_published.find(session, annual_id)
    prepared = annual_papers.prepare(
        session,
        municipality=report.municipality,
        report=report,
        copy=PUBLIC,
        language=language_of_reader(),
        now=clock.now(),
    )
    return download(prepared, file_format)
