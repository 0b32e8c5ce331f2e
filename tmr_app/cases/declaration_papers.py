"""The confidentiality declaration as a paper: the sheet to sign by hand, and what somebody signed (A18.2)."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import declaring, paper_declarations, papers
from tmr_app.cases.models import Case, Child, Relation
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.cases.table_models import Declaration, Participant, Seat
from tmr_app.documents import declaration
from tmr_app.documents.content import Document, Language
from tmr_app.documents.values import OfficeValues, PersonValues, SeatValues
from tmr_app.kernel.clock import KOSOVO, civil_date
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Message

SIGNED = Message("Confidentiality declaration, as signed")
TO_SIGN = Message("Confidentiality declaration, to sign on paper")
CHILD = Message("the child")


@papers.source
def of_the_declarations(session: Session, case: Case, reader: Reader) -> Iterator[Offer]:
    """For the Centre: what each person signed, and a sheet for each who signs on paper. For others their own: on its page."""
    if not may(reader.standing, Permission.DELIVERY_READ):
        return
    for line in paper_declarations.lines(session, case):
        name = line.name or CHILD
        for row in line.signed[:1]:
            yield Offer("declaration", key_of(row.id), SIGNED, civil_date(row.signed_at), to=name)
        signer = line.participant or line.seat
        if line.may_sign_on_paper and signer is not None:
            yield Offer("declaration", key_of(signer.id), TO_SIGN, to=name)


@papers.kind("declaration", Permission.DELIVERY_READ, personal=False)
def declaration_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """By the id of a signature, of a participant, or of a seat."""
    (ident,) = papers.ids(key)[:1]
    row = session.scalar(
        select(Declaration)
        .where(Declaration.id == ident, Declaration.case_id == case.id)
        .options(joinedload(Declaration.text))
    )
    if row is not None:
        return _signed(session, case, row)
    participant = session.get(Participant, ident)
    if participant is not None and participant.case_id == case.id:
        return _blank(session, case, reader, _family(session, case, participant.relation_id, reader.language))
    seat = session.get(Seat, ident)
    if seat is None or seat.case_id != case.id:
        raise NotFound("declaration")
    return _blank(session, case, reader, _professional(session, case, seat.person_id))


def own(session: Session, case: Case, reader: Reader) -> Document:
    """The reader's own declaration: as signed under the text that counts, or the sheet to read and sign.

    Whoever may not read the case yet sees a part of its random id instead of its number.
    """
    reference = case.number if may(reader.standing, Permission.CASE_READ) else case.id.hex[:8].upper()
    row = declaring.declaration_of(session, case.id, reader.person.id)
    if row is not None:
        session.refresh(row, ["text"])
        return _signed(session, case, row, reference)
    person = _professional(session, case, reader.person.id)
    return _blank(session, case, reader, person, reference)


def _blank(session: Session, case: Case, reader: Reader, person: SeatValues, reference: str = "") -> Document:
    text = declaring.newest_text(session)
    if text is None:
        raise OutOfOrder(Message("No text of the declaration has been published yet."), "A18.2")
    values = declaration.DeclarationValues(
        language=reader.language,
        office=_office(session, case),
        reference=reference or case.number,
        person=person,
        text_version=text.version,
        body=declaring.text_in(text, reader.language),
        issued_on=civil_date(reader.now),
        text_sha256=text.sha256,
    )
    return declaration.build(values)


def _signed(session: Session, case: Case, row: Declaration, reference: str = "") -> Document:
    """In the language it was signed in."""
    language: Language = catalogue.language(row.language)  # type: ignore[assignment]
    if row.person_id is not None:
        person = _professional(session, case, row.person_id)
    else:
        person = _family(session, case, row.relation_id, language)
    values = declaration.DeclarationValues(
        language=language,
        office=_office(session, case),
        reference=reference or case.number,
        person=person,
        text_version=row.text.version,
        body=declaring.text_in(row.text, language),
        issued_on=civil_date(row.signed_at),
        signed=_how(session, row),
        text_sha256=row.text.sha256,
        guardian=name_of(session, row.guardian_id) if row.guardian_id else "",
    )
    return declaration.build(values)


def _how(session: Session, row: Declaration) -> Message:
    civil = row.signed_at.astimezone(KOSOVO)
    if row.method == "in_app":
        return Message(
            "Signed in Tryeza after password and second factor, on %(time)s", time=f"{civil:%d.%m.%Y %H:%M}"
        )
    attested = session.get(Person, row.attested_by_id) if row.attested_by_id else None
    return Message(
        "Signed by hand on %(day)s; the scan is kept, attested by %(name)s",
        day=civil.date(),
        name=attested.name if attested else "",
    )


def _office(session: Session, case: Case) -> OfficeValues:
    qps = session.get_one(Qps, case.qps_id)
    return OfficeValues(
        name=qps.name,
        municipality=session.get_one(Municipality, case.municipality_id).key,
        phone=qps.phone or "",
        mail=qps.reply_address,
    )


def _professional(session: Session, case: Case, person_id: UUID) -> SeatValues:
    seat = session.scalar(
        select(Seat)
        .where(Seat.case_id == case.id, Seat.person_id == person_id)
        .options(joinedload(Seat.institution), joinedload(Seat.person))
        .order_by(Seat.ended_at.is_not(None), Seat.seated_at.desc())
        .limit(1)
    )
    if seat is None:
        raise NotFound("seat")
    institution = seat.institution.name if seat.institution else session.get_one(Qps, case.qps_id).name
    values = PersonValues(name=seat.person.name, function=seat.person.function or "", institution=institution)
    return SeatValues(person=values, kind=seat.kind)


def _family(session: Session, case: Case, relation_id: UUID | None, language: Language) -> SeatValues:
    if relation_id is None:
        return SeatValues(person=PersonValues(name=child_name(session, case)), kind="child")
    return SeatValues(person=PersonValues(name=name_of(session, relation_id)), kind="parent_guardian")


def child_name(session: Session, case: Case) -> str:
    child = session.scalar(select(Child).where(Child.case_id == case.id))
    return child.name if child is not None else ""


def name_of(session: Session, relation_id: UUID) -> str:
    relation = session.scalar(
        select(Relation).where(Relation.id == relation_id).options(joinedload(Relation.family_member))
    )
    return relation.family_member.name if relation is not None else ""
