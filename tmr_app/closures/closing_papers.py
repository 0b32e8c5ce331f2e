"""The closing form among the case's documents (A17.5): each frozen version as it was decided."""

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.cases import papers
from tmr_app.cases.models import Case
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.closures import closing_form, dossier
from tmr_app.closures.closing_form import WORD
from tmr_app.documents import closing
from tmr_app.documents.content import Document
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings import frozen
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import shown
from tmr_app.signing.models import FrozenVersion

TITLE = Message("Closing form")


@papers.source
def closing_forms(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """The newest version first. One statement."""
    rows = session.execute(
        select(FrozenVersion.id, FrozenVersion.frozen_at)
        .where(FrozenVersion.case_id == case.id, FrozenVersion.kind == WORD)
        .order_by(FrozenVersion.number.desc())
    )
    for row in rows:
        yield Offer("closing", key_of(row.id), TITLE, civil_date(row.frozen_at))


@papers.kind("closing", Permission.CLOSING_READ)
def closing_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """A frozen version, as it was printed or its own words in another language; by the closing's own id the form as it
    would be made now, while none is frozen."""
    version = session.scalar(
        select(FrozenVersion).where(
            FrozenVersion.id == papers.ids(key)[0],
            FrozenVersion.case_id == case.id,
            FrozenVersion.kind == WORD,
        )
    )
    if version is None:
        return _not_made_yet(session, case, reader, key)
    if reader.language == version.language:
        return shown.document_of(version)
    values = frozen.decode(shown.stored(version)["content"])
    return closing.build(replace(values, case=replace(values.case, language=reader.language)))


def _not_made_yet(session: Session, case: Case, reader: Reader, key: str) -> Document:
    found = dossier.load(session, case, reader.now)
    dated = found.meeting is not None and found.meeting.meeting_on is not None
    if (
        found.closing is None
        or key_of(found.closing.id) != key
        or found.form_version is not None
        or not dated
    ):
        raise NotFound("closing form")
    return closing.build(closing_form.values_of(session, found))
