"""The letters to superiors among the case's documents (A14.3.2): for the Centre alone; the letter says nothing of the case."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import papers
from tmr_app.cases.models import Case
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.documents.content import Document
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.plans import plan_papers, superiors
from tmr_app.regulation.verdicts import Message

TITLE = Message("Letter to the institution's superior")


@papers.source
def letters(session: Session, case: Case, reader: Reader) -> Iterator[Offer]:
    """Every letter written, the newest first. Two statements."""
    if not may(reader.standing, Permission.COOPERATION_READ):
        return
    for row in superiors.notices_of(session, case.id):
        if row.deed == "letter":
            to = row.institution.name if row.institution else row.person.name
            yield Offer("superior-letter", key_of(row.id), TITLE, civil_date(row.decided_at), to=to)


@papers.kind("superior-letter", Permission.COOPERATION_READ, personal=False)
def letter_paper(session: Session, case: Case, _reader: Reader, key: str) -> Document:
    """As it was sent, in the language it was written in."""
    row = superiors.find_notice(session, case.id, papers.ids(key)[0])
    if row.deed != "letter":
        raise NotFound("letter")
    return plan_papers.letter(session, row)
