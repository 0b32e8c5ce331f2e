"""The reading room: own tasks first, then the frozen pack, each document on screen and as a personal copy."""

from uuid import UUID

from flask import Blueprint, current_app, g

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import papers
from tmr_app.documents import copies, stamps
from tmr_app.kernel import clock, db
from tmr_app.kernel.media import ENDINGS
from tmr_app.kernel.web import Download, Page, allows
from tmr_app.meetings import personal_copy, reading_room
from tmr_app.meetings.models import Meeting

blueprint = Blueprint("pack", __name__)
HTML_LANGUAGES = {"sq": "sq", "sr": "sr-Latn", "en": "en"}


def _meeting(case_id: UUID, meeting_id: UUID) -> Meeting:
    meeting = reading_room.meeting_of(
        db.session(), case_id=case_id, meeting_id=meeting_id, standing=g.standing
    )
    reading_room.require_released(meeting)
    return meeting


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/pack")
@allows(Permission.PACK_READ)
def show(case_id: UUID, meeting_id: UUID) -> Page:
    """The list of the pack's documents, and what this reader still owes."""
    session, meeting = db.session(), _meeting(case_id, meeting_id)
    tasks = reading_room.own_tasks(session, clock.now(), meeting=meeting, person_id=g.person.id)
    return Page(
        "reading_room/show.html",
        meeting=meeting,
        documents=reading_room.listed(session, meeting=meeting),
        tasks=tasks,
        shows_link=bool(meeting.video_link),
        today=clock.civil_today(),
        reads_reports=may(g.standing, Permission.REPORT_READ),
    )


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/pack/<uuid:document_id>")
@allows(Permission.PACK_READ)
def document(case_id: UUID, meeting_id: UUID, document_id: UUID) -> Page:
    """One document as a page, from its frozen values."""
    session, meeting = db.session(), _meeting(case_id, meeting_id)
    row = reading_room.document_of(session, meeting=meeting, document_id=document_id)
    reader = personal_copy.reader_values(session, case=g.case, person=g.person, standing=g.standing)
    content = reading_room.content_of(row, reader)
    rows = reading_room.listed(session, meeting=meeting)
    place = next(number for number, one in enumerate(rows) if one.id == row.id)
    return Page(
        "reading_room/document.html",
        meeting=meeting,
        row=row,
        content=content,
        content_language=HTML_LANGUAGES[content.language],
        next_row=next((one for one in rows[place + 1 :] if one.kind != "file"), None),
    )


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/pack/<uuid:document_id>/copy")
@allows(Permission.PACK_READ)
def document_copy(case_id: UUID, meeting_id: UUID, document_id: UUID) -> Download:
    """One document as this reader's PDF, name and time on every page."""
    session, meeting, at = db.session(), _meeting(case_id, meeting_id), clock.real_now()
    row = reading_room.document_of(session, meeting=meeting, document_id=document_id)
    reader = personal_copy.reader_values(session, case=g.case, person=g.person, standing=g.standing)
    copy, sha256 = personal_copy.one(row, reading_room.content_of(row, reader), reader, at)
    personal_copy.note_download(
        session, meeting=meeting, person=g.person, content_sha256=sha256, at=at, what="pack_document"
    )
    name = f"document-{row.id.hex[:8]}.pdf"
    return Download(lambda: personal_copy.pdf(copy), name=name)


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/pack/copy")
@allows(Permission.PACK_READ)
def whole_copy(case_id: UUID, meeting_id: UUID) -> Download:
    """The whole pack as this reader's one PDF."""
    session, meeting, at = db.session(), _meeting(case_id, meeting_id), clock.real_now()
    reader = personal_copy.reader_values(session, case=g.case, person=g.person, standing=g.standing)
    rows = reading_room.with_content(session, meeting=meeting)
    copy, sha256 = personal_copy.whole(rows, reader, at)
    personal_copy.note_download(
        session, meeting=meeting, person=g.person, content_sha256=sha256, at=at, what="pack"
    )
    name = f"{meeting.code.lower()}.pdf"
    return Download(lambda: personal_copy.pdf(copy), name=name)


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/pack/<uuid:document_id>/file")
@allows(Permission.PACK_READ)
def file(case_id: UUID, meeting_id: UUID, document_id: UUID) -> Download:
    """A file of the pack, always as an attachment; on a PDF or a picture this reader's name and the time."""
    session, meeting, at = db.session(), _meeting(case_id, meeting_id), clock.real_now()
    row = reading_room.document_of(session, meeting=meeting, document_id=document_id)
    kept = reading_room.file_of(session, row=row)
    store, store_name = current_app.extensions["tmr_files"], kept.store_name
    personal_copy.note_download(
        session,
        meeting=meeting,
        person=g.person,
        content_sha256=kept.sha256,
        at=at,
        what="pack_file",
    )
    media_type = kept.media_type
    words = copies.words(g.person.name, papers.printed(at), papers.language_of(None, g.case))
    return Download(
        lambda: stamps.stamp(store.get(case_id, store_name), media_type, words),
        name=f"document-{row.id.hex[:8]}.{ENDINGS[kept.media_type]}",
    )
