"""A document to sign that belongs to nobody's room: a letter of two paragraphs, with the members of a case as signers."""

from collections.abc import Iterable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tmr_app.documents.content import Document, Paragraph
from tmr_app.members import accounts
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import acts, freezing, sealed_file
from tmr_app.signing.container import Altered
from tmr_app.signing.evidence import Trace
from tmr_app.signing.freezing import Signer
from tmr_app.signing.kinds import DocumentKind, register_kind
from tmr_app.signing.models import FrozenVersion, Signature

heard: list[tuple[str, UUID]] = []
"""What the letter's room was told: (event, version)."""
NOW = mw.NOW


def _build(content: Any) -> Document:
    return Document(
        kind="letter",
        title="Letra",
        language="sq",
        created_on=date(2026, 11, 2),
        office="QPS",
        reference="TL-1",
        footer="",
        page_label="{page}/{pages}",
        blocks=tuple(Paragraph(one) for one in content["paragraphs"]),
    )


def _hear(event: str) -> Any:
    return lambda _session, version, _now: heard.append((event, version.id))


LETTER = register_kind(
    DocumentKind(
        word="test_letter",
        title=Message("Minutes of the meeting"),
        statement=Message("I have read the minutes and I sign them."),
        statement_absent=Message("I was absent, I have read the minutes and I sign them as absent."),
        duty="A10.1",
        build=_build,
        home=lambda version: f"/cases/{version.case_id}",
        when_opened=_hear("opened"),
        when_refused=_hear("refused"),
        when_complete=_hear("complete"),
        when_sealed=_hear("sealed"),
        when_superseded=_hear("superseded"),
    )
)

PARAGRAPHS = ("Tryeza vendosi për masat e para.", "Çdo anëtar i ndjek detyrat e veta.")


def with_account(session: Session, person: Person) -> Person:
    """A person who may sign."""
    session.flush()
    accounts.open_account(session, person=person, now=NOW)
    return person


def people(session: Session, here: mw.CaseWorld) -> list[Person]:
    """Case manager and members, each with an account."""
    members = [here.town.members[kind] for kind in here.seats]
    return [with_account(session, one) for one in (here.town.case_manager, *members)]


def freeze(
    session: Session,
    here: mw.CaseWorld,
    signers: list[Person],
    *,
    subject_id: UUID | None = None,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    absent: tuple[Person, ...] = (),
    reason: str = "",
) -> FrozenVersion:
    return freezing.freeze(
        session,
        here.town.case_manager,
        NOW,
        kind="test_letter",
        subject_id=subject_id or uuid4(),
        case_id=here.case.id,
        reference="TL-1",
        language="sq",
        content={"paragraphs": list(paragraphs)},
        signers=[
            Signer(person_id=one.id, name=one.name, institution="Institucioni", absent=one in absent)
            for one in signers
        ],
        reason=reason,
    )


def opened(session: Session, here: mw.CaseWorld, signers: list[Person], **more: Any) -> FrozenVersion:
    version = freeze(session, here, signers, **more)
    freezing.open_for_signing(session, here.town.case_manager, NOW, version=version)
    return version


def sign(session: Session, version: FrozenVersion, person: Person, **more: Any) -> Signature:
    values: dict[str, Any] = {
        "version_id": version.id,
        "seen_sha256": version.pdf_sha256,
        "seen_number": version.number,
        "nonce": uuid4().hex[:16],
        "language": "sq",
        "trace": Trace(session_ref="s", request_id="r", network="192.0.2.1", browser="b"),
        **more,
    }
    return acts.sign(session, person, NOW + timedelta(minutes=1), **values)


def missed(data: bytes, certificates: list[bytes], places: Iterable[int], dice: Random) -> list[int]:
    """Those of the places where a bit was flipped and the sealed file still passed for genuine."""
    found = []
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << dice.randrange(8)
        try:
            sealed_file.verify(bytes(changed), certificates)
        except Altered:
            continue
        found.append(place)
    return found
