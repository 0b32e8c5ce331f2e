"""The ledger on screen and as a file: of a case, of a municipality (nothing of a case), over a head's or a manager's cases."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, g, url_for
from flask_babel import get_locale, gettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases.case_queries import cursor, read_cursor
from tmr_app.cases.own_standings import headed_qps
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Download, Page, allows
from tmr_app.members.models import Municipality
from tmr_app.oversight import ledger, ledger_files, tally, tally_queries
from tmr_app.oversight.forms import LedgerFilter
from tmr_app.oversight.ledger import Row
from tmr_app.oversight.ledger_lines import TITLES, counts_of, lines_of
from tmr_app.oversight.tally_queries import CaseSum
from tmr_app.regulation.verdicts import Message, article_label

blueprint = Blueprint("ledger", __name__)

CASES_ON_A_PAGE = 20
CASES_IN_A_FILE = 1_000
"""A file is made of the rules' own answers, not of sums: so many cases take some seconds."""


@blueprint.get("/cases/<uuid:case_id>/ledger")
@allows(Permission.CASE_LEDGER_READ)
def case(case_id: UUID) -> Page:
    """Every duty of the case, with the written reasons."""
    form = LedgerFilter()
    rows = list(
        ledger.rows_of_cases(db.session(), [case_id], clock.now(), narratives=True, together=ledger.tables())
    )
    return Page(
        "ledger/case.html",
        lines=lines_of(rows, form),
        counts=counts_of(rows),
        filter_form=form,
        files=_files("ledger.case_file", form, case_id=case_id),
        here=_here(),
    )


@blueprint.get("/cases/<uuid:case_id>/ledger.<any(xlsx, csv, json):file_format>")
@allows(Permission.CASE_LEDGER_READ)
def case_file(case_id: UUID, file_format: str) -> Download:
    """The filtered rows of the case; written reasons stay in the case, the file says "on record"."""
    rows = ledger.rows_of_cases(db.session(), [case_id], clock.now())
    return _download(rows, LedgerFilter(), file_format, case_id)


@blueprint.get("/municipalities/<uuid:municipality_id>/ledger")
@allows(Permission.MUNICIPALITY_LEDGER)
def municipality(municipality_id: UUID) -> Page:
    """What the municipality itself owes, and how it went: its Table, the seats, the general meetings. Nothing of a case."""
    session, form = db.session(), LedgerFilter()
    found = _municipality(session, municipality_id)
    rows = list(ledger.rows_of_municipality(session, found, clock.now()))
    by_quarter = tally_queries.courses_of(rows, lambda row: tally.quarter_of(tally.date_of(row)))
    return Page(
        "ledger/municipality.html",
        key=found.key,
        municipality_id=municipality_id,
        lines=lines_of(rows, form),
        counts=counts_of(rows),
        quarters=tally_queries.latest_quarters(by_quarter),
        institutions=tally_queries.weakest_first(tally_queries.courses_of(rows, tally.kind_of)),
        filter_form=form,
        files=_files("ledger.municipality_file", form, municipality_id=municipality_id),
        here=_here(),
    )


@blueprint.get("/municipalities/<uuid:municipality_id>/ledger.<any(xlsx, csv, json):file_format>")
@allows(Permission.MUNICIPALITY_LEDGER)
def municipality_file(municipality_id: UUID, file_format: str) -> Download:
    """The municipality's own duties as a file."""
    session = db.session()
    rows = ledger.rows_of_municipality(session, _municipality(session, municipality_id), clock.now())
    return _download(rows, LedgerFilter(), file_format)


def _municipality(session: Session, municipality_id: UUID) -> Municipality:
    found = session.get(Municipality, municipality_id)
    if found is None:
        raise NotFound("municipality")
    return found


@blueprint.get("/ledger")
@allows(Permission.LEDGER_OF_CASES)
def office() -> Page:
    """Over the Centres one heads and the cases one manages, exceptions first: each duty with its counts, the cases behind.

    Sums come from the kept tally; the rows of a chosen duty are the rules' own answers (A6.1.1, A16).
    """
    session, now, form = db.session(), clock.now(), LedgerFilter()
    if not form.chosen():
        form.status.data = "exceptions"
    cases, wanted = _readable(session), form.wanted()
    found = tally_queries.cases_of(
        session,
        cases,
        wanted,
        after=read_cursor(form.values()["after"] or ""),
        limit=CASES_ON_A_PAGE + 1,
    )
    shown = found[:CASES_ON_A_PAGE]
    following = _cursor_of(shown[-1]) if len(found) > CASES_ON_A_PAGE else ""
    rows: list[Row] = []
    if wanted.duty:
        ids = [one.id for one in shown]
        rows = list(ledger.rows_of_cases(session, ids, now, duties=[wanted.duty]))
    return Page(
        "ledger/office.html",
        lines=lines_of(rows, form),
        duties=tally_queries.by_duty(session, cases, wanted),
        titles=TITLES,
        cases=shown,
        fresh=tally_queries.freshness(session, cases),
        following=following,
        filter_form=form,
        chosen=form.chosen(),
        files=_files("ledger.office_file", form),
        here=_here(),
    )


def _readable(session: Session) -> list[Any]:
    now = clock.now()
    return tally_queries.readable(g.person.id, headed_qps(session, g.person.id, now), now)


def _cursor_of(one: CaseSum) -> str:
    return cursor((one.next_duty_on, one.id))


@blueprint.get("/ledger.<any(xlsx, csv, json):file_format>")
@allows(Permission.LEDGER_OF_CASES)
def office_file(file_format: str) -> Download:
    """The filtered rows of the reader's cases, at most a thousand cases, those due earliest first."""
    session, form = db.session(), LedgerFilter()
    found = tally_queries.cases_of(
        session, _readable(session), form.wanted(), after=None, limit=CASES_IN_A_FILE
    )
    duty = form.values()["duty"]
    rows = ledger.rows_of_cases(
        session, [one.id for one in found], clock.now(), duties=[duty] if duty else None
    )
    return _download(rows, form, file_format)


@blueprint.get("/ledger/course")
@allows(Permission.LEDGER_OF_CASES)
def course() -> Page:
    """How the duties of these cases went: by quarter, and by kind of institution; each chart with its table."""
    session, form = db.session(), LedgerFilter()
    cases, wanted = _readable(session), form.wanted()
    return Page(
        "ledger/course.html",
        quarters=tally_queries.by_quarter(session, cases, wanted),
        institutions=tally_queries.by_institution(session, cases, wanted),
        fresh=tally_queries.freshness(session, cases),
        filter_form=form,
        here=_here(),
    )


def _files(endpoint: str, form: LedgerFilter, **values: Any) -> list[tuple[str, str]]:
    """The addresses of the three formats, with the filter that is on."""
    if endpoint not in current_app.view_functions:
        return []
    asked: dict[str, Any] = {**values, **form.chosen()}
    return [(name, url_for(endpoint, file_format=name, **asked)) for name in ledger_files.FORMATS]


def _download(
    rows: Iterable[Row], form: LedgerFilter, file_format: str, case_id: UUID | None = None
) -> Download:
    """The rows that fit, in the reader's language; every export is in the audit log."""
    locale = str(get_locale() or "sq")
    found = list(ledger_files.records(form.fitting(rows), partial(_words, locale)))
    audit.note(
        db.session(),
        "ledger:exported",
        object_type="case" if case_id else "ledger",
        object_id=case_id,
        case_id=case_id,
        outcome="read",
    )
    return Download(
        partial(ledger_files.rendered, found, file_format, _("Compliance ledger")),
        name=f"ledger-{_here().isoformat()}.{file_format}",
    )


def _words(locale: str, row: Row) -> dict[str, str]:
    def told(message: Message | None) -> str:
        return message.render(gettext, locale, date.isoformat) if message is not None else ""

    return {
        "article": article_label(row.duty, locale),
        "title": told(TITLES[row.duty]),
        "reason": told(row.reason),
        "counted": told(row.counted),
    }


def _here() -> date:
    return clock.civil_today()
