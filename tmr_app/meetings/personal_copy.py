"""A reader's own copy of the pack: name and time on every page, made on demand from the frozen values.

The same pack, reader and instant give the same bytes: the audit row notes these three, so a copy found somewhere can be
traced, and nothing is rendered inside a transaction.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.access.standing import Standing
from tmr_app.cases import papers
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.documents import copies
from tmr_app.documents.content import Document
from tmr_app.documents.output import write
from tmr_app.documents.values import PersonValues, SeatValues
from tmr_app.kernel import audit
from tmr_app.meetings import frozen, packs
from tmr_app.meetings.models import Meeting, PackDocument
from tmr_app.members.models import Person, Qps


def reader_values(session: Session, *, case: Case, person: Person, standing: Standing) -> SeatValues:
    """Who reads: by the seat that opens the case, else (head, break-glass) by the case's own QPS. One statement."""
    seat = None
    if standing.seat_id is not None:
        seat = session.scalar(
            select(Seat).where(Seat.id == standing.seat_id).options(joinedload(Seat.institution))
        )
    if seat is not None and seat.institution is not None:
        institution = seat.institution.name
    else:
        institution = session.get_one(Qps, case.qps_id).name
    values = PersonValues(name=person.name, function=person.function or "", institution=institution)
    return SeatValues(person=values, kind=seat.kind if seat else "")


def watermark(document: Document, reader: SeatValues, at: datetime) -> Document:
    """The document as this reader's copy; `at` is an aware instant, printed in civil time to the second."""
    return copies.for_person(document, reader.person.name, papers.printed(at))


def one(row: PackDocument, document: Document, reader: SeatValues, at: datetime) -> tuple[Document, str]:
    """One document's copy and the hash of its frozen content."""
    return watermark(document, reader, at), row.sha256


def whole(rows: Sequence[PackDocument], reader: SeatValues, at: datetime) -> tuple[Document, str]:
    """The whole pack's copy (files are downloaded by themselves) and the hash over its documents as they stand now."""
    document = packs.whole(list(rows), reader)
    return watermark(document, reader, at), frozen.pack_fingerprint([row.sha256 for row in rows])


def pdf(document: Document) -> bytes:
    """The bytes, outside any transaction."""
    return write(document, "pdf")


def note_download(
    session: Session, *, meeting: Meeting, person: Person, content_sha256: str, at: datetime, what: str
) -> None:
    """What was handed out, to whom, with which instant printed on it; in the transaction that allowed it."""
    audit.note(
        session,
        "pack:downloaded",
        object_type=what,
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.3",
        outcome="read",
        changes={"content": content_sha256, "reader": str(person.id), "printed_at": at.isoformat()},
        actor_id=person.id,
    )
