"""The documents of a case that can be taken as Word or PDF. Each room registers the kinds it fills from its own tables.

A kind names the permission it asks for; the page lists what the reader may have, the address asks again. A copy with the
case's content carries the reader's name and the instant on every page; its fingerprint stands in the audit row.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import Standing
from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.documents import copies
from tmr_app.documents.content import Document, Language
from tmr_app.kernel import audit
from tmr_app.kernel.clock import KOSOVO
from tmr_app.kernel.errors import BadInput, Forbidden, NotFound
from tmr_app.members.models import Person
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Message

LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who takes a document, when, and in which language its own words are to be. `at`: the real instant, printed on it."""

    person: Person
    standing: Standing
    now: datetime
    at: datetime
    language: Language = "sq"


@dataclass(frozen=True, slots=True)
class Offer:
    """One document to take; without a key it is not made yet. `about`: a meeting's neutral code, empty for the case itself;
    `to`: whom it is addressed to; `remake`: where a writer has it filled in anew; `guide`: a form of the guide.
    """

    kind: str
    key: str
    title: Message
    on: date | None = None
    about: str = ""
    to: str | Message = ""
    remake: str = ""
    guide: bool = False


Make = Callable[[Session, Case, Reader, str], Document]
Source = Callable[[Session, Case, Reader], Iterable[Offer]]


@dataclass(frozen=True, slots=True)
class Kind:
    """`make(session, case, reader, key)` raises NotFound for a key that is none of this case's. `personal`: the copy is
    marked with its reader; what is handed on (an invitation, a notice, a sheet to sign) is not.
    """

    name: str
    permission: Permission
    make: Make
    personal: bool = True


_kinds: dict[str, Kind] = {}
_sources: list[Source] = []


def kind(name: str, permission: Permission, *, personal: bool = True) -> Callable[[Make], Make]:
    """Register how one kind of document is made (also as a decorator)."""

    def mark(make: Make) -> Make:
        _kinds[name] = Kind(name, permission, make, personal)
        return make

    return mark


def source(offers: Source) -> Source:
    """Register who knows which documents a case has: in a fixed number of statements, whatever the reader may have."""
    if offers not in _sources:
        _sources.append(offers)
    return offers


def kinds() -> tuple[str, ...]:
    return tuple(sorted(_kinds))


@dataclass(slots=True)
class Shelf:
    """The offers about one meeting (by its code), or about the case itself."""

    about: str
    offers: list[Offer] = field(default_factory=list)
    for_others: list[Offer] = field(default_factory=list)
    of_guide: list[Offer] = field(default_factory=list)


def offers_for(session: Session, case: Case, reader: Reader) -> list[Offer]:
    """Every document this reader may take now."""
    return [
        offer
        for ask in _sources
        for offer in ask(session, case, reader)
        if may(reader.standing, _kinds[offer.kind].permission)
    ]


def shelves(offers: Iterable[Offer]) -> list[Shelf]:
    """The case's own documents first, then meeting by meeting in the order they were offered."""
    found: dict[str, Shelf] = {"": Shelf("")}
    for offer in offers:
        shelf = found.setdefault(offer.about, Shelf(offer.about))
        place = shelf.of_guide if offer.guide else shelf.for_others if offer.to else shelf.offers
        place.append(offer)
    for shelf in found.values():
        shelf.of_guide.sort(key=lambda one: one.kind)
    return [shelf for shelf in found.values() if shelf.offers or shelf.for_others or shelf.of_guide]


def language_of(wanted: str | None, case: Case) -> Language:
    """What the address asks for, else the case's own. BadInput for another word."""
    if not wanted:
        return catalogue.language(case.language)  # type: ignore[return-value]
    if wanted not in LANGUAGES:
        raise BadInput("no such language")
    return wanted


def take(session: Session, case: Case, reader: Reader, name: str, key: str) -> Document:
    """The document as it leaves, its fingerprint in the audit row: every registered kind goes this way.

    Raises NotFound without the right to this kind, Forbidden for somebody excluded.
    """
    wanted = _kinds.get(name)
    if wanted is None or not may(reader.standing, wanted.permission):
        raise NotFound("document")
    barred = exclusion.is_excluded(session, case.id, reader.person.id, reader.now)
    if barred is not None:
        raise Forbidden(barred)
    document = make(session, case, reader, name, key)
    if wanted.personal:
        document = copies.for_person(document, reader.person.name, printed(reader.at))
    audit.note(
        session,
        "paper:taken",
        object_type=f"paper:{name}"[:40],
        object_id=ids(key)[0],
        case_id=case.id,
        rule=wanted.permission.value,
        outcome="read",
        changes={"copy": copies.fingerprint(document), "printed_at": reader.at.isoformat()},
        actor_id=reader.person.id,
    )
    return document


def make(session: Session, case: Case, reader: Reader, name: str, key: str) -> Document:
    """The document unmarked, its right asked: for `take`, and for the demonstration's folder."""
    wanted = _kinds.get(name)
    if wanted is None or not may(reader.standing, wanted.permission):
        raise NotFound("document")
    return wanted.make(session, case, reader, key)


def printed(at: datetime) -> str:
    """The instant as it stands on a copy: civil time to the second."""
    return f"{at.astimezone(KOSOVO):%d.%m.%Y %H:%M:%S}"


def ids(key: str) -> tuple[UUID, ...]:
    """The ids a key is made of ("<hex>" or "<hex>-<hex>"). NotFound for anything else."""
    try:
        return tuple(UUID(hex=part) for part in key.split("-"))
    except ValueError as error:
        raise NotFound("document") from error


def key_of(*parts: UUID) -> str:
    return "-".join(part.hex for part in parts)


def file_name(name: str, key: str, file_format: str) -> str:
    """Neutral: the kind and a part of an id; nothing of the child or the case."""
    return f"{name}-{key[:8]}.{file_format}"
