"""The documents of a case: list, upload, hand out, withdraw."""

from uuid import UUID

from flask import current_app, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import case_files, case_record, papers, views_papers, words
from tmr_app.cases.doors import blueprint
from tmr_app.cases.forms import EmptyForm, UploadForm
from tmr_app.documents import copies, stamps
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.forms import translated
from tmr_app.kernel.web import Download, Page, Redirect, allows


def _store() -> FileStore:
    store: FileStore = current_app.extensions["tmr_files"]
    return store


def _all_audiences() -> bool:
    """Files for the case manager alone are seen by the writers."""
    return may(g.standing, Permission.REPORTER_READ)


@blueprint.route("/cases/<uuid:case_id>/documents", methods=["GET", "POST"])
@allows(Permission.FILE_READ, posting=Permission.FILE_WRITE)
def files(case_id: UUID) -> Page | Redirect:
    """The list; a writer adds a file."""
    session = db.session()
    form = UploadForm() if may(g.standing, Permission.FILE_WRITE) else None
    status = 200
    if form is not None and form.is_submitted():
        if form.validate():
            try:
                _kept, warnings = case_files.add_file(
                    session,
                    g.person,
                    clock.now(),
                    case=g.case,
                    store=_store(),
                    upload=form.upload.data,
                    title=form.title.data or "",
                    audience=form.audience.data,
                    largest=current_app.extensions["tmr_settings"].max_upload_bytes,
                    once=form.once.data,
                )
            except FieldRefused as error:
                form.refuse(error)
            else:
                said = " ".join([_("The document is added."), *[translated(one) for one in warnings]])
                return Redirect(url_for("cases.files", case_id=case_id), flash=said)
        status = 422
    found = case_files.visible_files(session, case_id, all_audiences=_all_audiences())
    names = case_record.names_of(session, {one.added_by_id for one in found})
    reader = views_papers.reader()
    return Page(
        "cases/files.html",
        status=status,
        form=form,
        files=found,
        names=names,
        words=words,
        shelves=papers.shelves(papers.offers_for(session, g.case, reader)),
        language=reader.language,
        languages=papers.LANGUAGES,
    )


@blueprint.get("/cases/<uuid:case_id>/documents/<uuid:file_id>")
@allows(Permission.FILE_READ)
def file_content(case_id: UUID, file_id: UUID) -> Download:
    """The content, always as an attachment under a neutral name.

    Whoever keeps the file gets it as it is; everybody else a copy with their name and the time on a PDF or a picture.
    """
    kept = case_files.find_file(db.session(), case_id, file_id, all_audiences=_all_audiences())
    store, name, media_type = _store(), kept.store_name, kept.media_type
    if may(g.standing, Permission.FILE_WRITE):
        words, at = "", ""
    else:
        at = papers.printed(clock.real_now())
        words = copies.words(g.person.name, at, papers.language_of(None, g.case))
    audit.note(
        db.session(),
        "paper:taken",
        object_type="paper:file",
        object_id=kept.id,
        case_id=case_id,
        rule=Permission.FILE_READ.value,
        outcome="read",
        changes={"content": kept.sha256, "printed_at": at},
    )

    def render() -> bytes:
        data = store.get(case_id, name)
        return stamps.stamp(data, media_type, words) if words else data

    return Download(render, name=case_files.download_name(kept))


@blueprint.post("/cases/<uuid:case_id>/documents/<uuid:file_id>/withdraw")
@allows(Permission.FILE_WRITE)
def file_withdraw(case_id: UUID, file_id: UUID) -> Redirect:
    """Nobody gets it any more."""
    EmptyForm()
    session = db.session()
    kept = case_files.find_file(session, case_id, file_id, all_audiences=_all_audiences())
    case_files.withdraw_file(session, g.person, clock.now(), kept=kept)
    return Redirect(url_for("cases.files", case_id=case_id), flash=_("The document is withdrawn."))
