"""Administration: the roster file: upload, dry run, confirm; and the empty file to fill in."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy import delete

from tmr_app.access.permissions import Permission
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.content_kinds import FileRefused
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.forms import translated
from tmr_app.kernel.web import Download, Page, Redirect, allows
from tmr_app.members import roster_import
from tmr_app.members.administration_frame import blueprint, found, public_url
from tmr_app.members.forms import ConfirmImportForm, RosterFileForm
from tmr_app.members.models import RosterUpload
from tmr_app.members.roster_columns import BY_KEY, COLUMNS, template_csv, template_xlsx
from tmr_app.members.roster_files import LARGEST, Cells, read_table
from tmr_app.regulation.verdicts import Message

SHOWN_BAD = 200
NOTES = {
    "municipality": Message("Albanian or Serbian name; Kosovë for an institution of the whole country"),
    "seat_kind": Message("Key, label or article number of the seat, as listed below"),
    "institution": Message("Name; for the Centre's own staff it may stay empty when there is one Centre"),
    "name": Message("Name and surname of one person"),
    "function": Message("May stay empty"),
    "email": Message("The person's own official address: it tells people apart"),
    "phone": Message("May stay empty"),
    "role": Message("representative, substitute or superior; empty: representative"),
    "language": Message("sq, sr or en; empty: sq"),
    "from_on": Message("First day, like 17.11.2026; empty: today"),
    "to_on": Message("Last day; empty: without end"),
}


def _notes() -> list[tuple[str, str, bool]]:
    return [
        (column.label(str(get_locale())), translated(NOTES[column.key]), column.required)
        for column in COLUMNS
    ]


@blueprint.route("/administration/import", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def import_roster() -> Any:
    form = RosterFileForm()
    if form.validate_on_submit():
        try:
            table = read_table(form.file.data.read(LARGEST + 1), form.file.data.filename or "")
        except FileRefused as refused:
            form.file.errors = [translated(refused.message)]
        else:
            upload = _keep(table)
            return Redirect(url_for("administration.imported", upload_id=upload.id))
    status = 422 if form.is_submitted() else 200
    return Page("administration/import.html", form=form, notes=_notes(), status=status)


def _keep(table: list[tuple[int, Cells]]) -> RosterUpload:
    """Between dry run and confirmation; the same administrator's earlier one goes."""
    session = db.session()
    session.execute(delete(RosterUpload).where(RosterUpload.uploaded_by_id == g.person.id))
    upload = RosterUpload(
        uploaded_by_id=g.person.id,
        uploaded_at=clock.real_now(),
        cells=[[number, row] for number, row in table],
    )
    session.add(upload)
    session.flush()
    audit.note(session, "roster:uploaded", object_type="roster_upload", object_id=upload.id)
    return upload


def _table(upload: RosterUpload) -> list[tuple[int, Cells]]:
    return [(int(number), dict(row)) for number, row in upload.cells]


def _own(upload_id: UUID) -> RosterUpload:
    upload = found(RosterUpload, upload_id)
    if upload.uploaded_by_id != g.person.id:
        raise NotFound("upload")
    return upload


@blueprint.get("/administration/import/<uuid:upload_id>")
@allows(Permission.ADMINISTRATION)
def imported(upload_id: UUID) -> Page:
    """The dry run."""
    return _dry_run(_own(upload_id), ConfirmImportForm(), 200)


def _dry_run(upload: RosterUpload, form: ConfirmImportForm, status: int) -> Page:
    outcome = None
    if upload.imported_at is None:
        outcome = roster_import.run(db.session(), g.person, clock.now(), table=_table(upload), dry_run=True)
    bad = outcome.bad[:SHOWN_BAD] if outcome else []
    locale = str(get_locale())
    columns = {one.column: BY_KEY[one.column].label(locale) if one.column else "" for one in bad}
    return Page(
        "administration/imported.html",
        form=form,
        upload=upload,
        outcome=outcome,
        bad=bad,
        columns=columns,
        status=status,
    )


@blueprint.post("/administration/import/<uuid:upload_id>/confirm")
@allows(Permission.ADMINISTRATION)
def confirm_import(upload_id: UUID) -> Any:
    """For good. A second click finds the upload used and changes nothing."""
    session, upload, form = db.session(), _own(upload_id), ConfirmImportForm()
    if upload.imported_at is not None:
        return Redirect(url_for("administration.imported", upload_id=upload_id))
    if not form.validate():
        return _dry_run(upload, form, 422)
    outcome = roster_import.run(
        session,
        g.person,
        clock.now(),
        table=_table(upload),
        dry_run=False,
        skip_bad=bool(form.skip_bad.data),
    )
    if not outcome.imported:
        return _dry_run(upload, form, 422)
    upload.imported_at, upload.cells = clock.real_now(), []
    if form.invite.data:
        roster_import.invite_newcomers(
            session, g.person, clock.real_now(), newcomers=outcome.newcomers, public_url=public_url()
        )
    text = ngettext("%(num)s row is imported.", "%(num)s rows are imported.", outcome.good)
    return Redirect(url_for("administration.list_people"), flash=text)


@blueprint.get("/administration/import/template.<kind>")
@allows(Permission.ADMINISTRATION)
def template(kind: str) -> Download:
    locale = str(get_locale())
    if kind == "csv":
        return Download(lambda: template_csv(locale), name="roster.csv")
    if kind != "xlsx":
        raise NotFound("template")
    notes, title = [(label, note) for label, note, _required in _notes()], _("Explanations")
    return Download(lambda: template_xlsx(locale, title, notes), name="roster.xlsx")
