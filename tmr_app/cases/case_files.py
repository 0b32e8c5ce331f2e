"""Files of a case: checked by content, stored encrypted, handed out as attachments, withdrawn but never rewritten."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, CaseFile
from tmr_app.kernel import audit, db
from tmr_app.kernel.content_checks import FileRefused, Kind, check_file
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.media import ENDINGS
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

TABLE, CASE_MANAGER = "table", "case_manager"
AUDIENCES = (TABLE, CASE_MANAGER)


class Upload(Protocol):
    """What the web hands over: bytes once read, and the name the browser gave."""

    filename: str | None

    def read(self) -> bytes: ...


def add_file(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    store: FileStore,
    upload: Upload,
    title: str,
    audience: str,
    largest: int,
    once: str | None = None,
    allowed: Collection[Kind] = tuple(Kind),
) -> tuple[CaseFile, tuple[Message, ...]]:
    """Check and keep an upload. `largest` in bytes. Returns the row and what the uploader should know.

    Raises FieldRefused("upload") when the content is not accepted; the case's key must be unlocked.
    """
    before = db.made_before(session, CaseFile, once)
    if before is not None:
        return before, ()
    if audience not in AUDIENCES:
        raise FieldRefused("audience", Message("Choose who may read this file."))
    try:
        checked = check_file(upload.read(), upload.filename or "", largest=largest, allowed=allowed)
    except FileRefused as refused:
        raise FieldRefused("upload", refused.message) from refused
    kept = CaseFile(
        case_id=case.id,
        store_name=store.put(case.id, checked.data),
        media_type=checked.media_type,
        size_bytes=len(checked.data),
        sha256=checked.sha256,
        audience=audience,
        added_by_id=actor.id,
        added_at=now,
        once_key=once,
        title=title.strip() or checked.display_name,
    )
    session.add(kept)
    audit.note(session, "file:added", object_type="file", object_id=kept.id, case_id=case.id)
    session.flush()
    return kept, checked.warnings


def visible_files(session: Session, case_id: UUID, *, all_audiences: bool) -> list[CaseFile]:
    """The case's files, newest first; only what the Table may read unless `all_audiences`. Withdrawn ones are left out."""
    wanted = select(CaseFile).where(CaseFile.case_id == case_id, CaseFile.withdrawn_at.is_(None))
    if not all_audiences:
        wanted = wanted.where(CaseFile.audience == TABLE)
    return list(session.scalars(wanted.order_by(CaseFile.added_at.desc(), CaseFile.id).limit(500)))


def find_file(session: Session, case_id: UUID, file_id: UUID, *, all_audiences: bool) -> CaseFile:
    """One file of this case. Raises NotFound for another case's, a withdrawn one, one for the case manager alone."""
    kept = session.scalar(select(CaseFile).where(CaseFile.id == file_id, CaseFile.case_id == case_id))
    if kept is None or kept.withdrawn_at or (kept.audience != TABLE and not all_audiences):
        raise NotFound("file")
    return kept


def download_name(kept: CaseFile) -> str:
    """A neutral name: nothing of the child, of the case, or of the title."""
    return f"document-{kept.id.hex[:8]}.{ENDINGS[kept.media_type]}"


def withdraw_file(session: Session, actor: Person, now: datetime, *, kept: CaseFile) -> None:
    """Nobody gets it any more; the row and the sealed content stay as evidence."""
    if kept.withdrawn_at is None:
        kept.withdrawn_at = now
        audit.note(session, "file:withdrawn", object_type="file", object_id=kept.id, case_id=kept.case_id)
