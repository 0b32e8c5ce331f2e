"""A town with a case on the way, seen through the real application by whoever signs in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.meetings import convening
from tmr_app.members.models import DeclarationText


@dataclass(frozen=True, slots=True)
class Scene:
    """Ids of the people and things of one case with a convened meeting."""

    head: UUID
    case_manager: UUID
    officer: UUID
    police: UUID
    school: UUID
    case_id: UUID
    number: str
    meeting_id: UUID
    code: str
    municipality_id: UUID
    police_seat: UUID


def scene(engine: Engine, *, convened: bool = True, signed: tuple[str, ...] = ("police",)) -> Scene:
    """The case manager and the kinds `signed` have declared; the first meeting is convened, or waits for the head."""
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here), agreed=convened)
        if convened:
            session.flush()
            convening.convene(session, here.town.case_manager, mw.NOW, meeting_id=meeting.id, case=here.case)
        else:
            meeting.agreement_asked_at = mw.NOW
        for seat in session.query(Seat).filter_by(case_id=here.case.id):
            if seat.kind in ("case_manager", *signed):
                sign(session, seat)
        session.flush()
        return Scene(
            head=here.town.head.id,
            case_manager=here.town.case_manager.id,
            officer=here.town.officer.id,
            police=here.town.members["police"].id,
            school=here.town.members["school"].id,
            case_id=here.case.id,
            number=here.case.number,
            meeting_id=meeting.id,
            code=meeting.code,
            municipality_id=here.town.municipality.id,
            police_seat=here.seats["police"].id,
        )


def text_of(session: Session) -> DeclarationText:
    """The newest declaration text; made when there is none."""
    found = (
        session.query(DeclarationText).filter_by(kind="case").order_by(DeclarationText.version.desc()).first()
    )
    if found is None:
        found = DeclarationText(
            kind="case",
            version=1,
            text_sq="Deklaratë",
            text_sr="Izjava",
            text_en="Declaration",
            sha256="0" * 64,
            published_at=mw.NOW,
        )
        session.add(found)
        session.flush()
    return found


def sign(session: Session, seat: Seat, now: datetime = mw.NOW) -> None:
    """The declaration signed and the conflict question answered with no."""
    text = text_of(session)
    session.add(
        Declaration(
            case_id=seat.case_id,
            person_id=seat.person_id,
            text_id=text.id,
            text_sha256=text.sha256,
            language="sq",
            method="reauthentication",
            signed_at=now,
        )
    )
    seat.conflict, seat.conflict_answered_at = False, now
    session.flush()
