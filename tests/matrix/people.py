"""Twelve people, each in one role, towards one case, another case of the same Centre, and a case of another town."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tmr_app.cases import declaring
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.members import general_declaration
from tmr_app.members.models import Person

ROLES = (
    "case_manager",
    "assistant",
    "head",
    "member",
    "guest",
    "undeclared",
    "recused",
    "former",
    "officer",
    "ministry",
    "superior",
    "administrator",
    "nobody",
)
"""The twelve roles of the access matrix, and a visitor who has not signed in ("nobody")."""

PLACES = ("own", "other_case", "other_town")


@dataclass(frozen=True)
class Cast:
    """Person ids by role (None: not signed in); case and municipality ids by place; one meeting of the own case."""

    people: dict[str, UUID | None]
    cases: dict[str, UUID]
    municipalities: dict[str, UUID]
    meeting: UUID


def build(session: Session) -> Cast:
    return build_with_world(session)[0]


def build_with_world(session: Session) -> tuple[Cast, mw.CaseWorld]:
    """Seat everybody through the models: the matrix asks the guard, not the operations."""
    declaring.seed_texts(session, world.NOW)
    own = mw.case_world(session, kinds=("police", "school", "family_medicine", "ngo"))
    sibling = mw.case_world(session, town=own.town, assessed=False)
    elsewhere = mw.case_world(session, key="novoberde", assessed=False)
    meeting = mw.call(session, own)
    town = own.town
    people: dict[str, Person] = {
        "case_manager": town.case_manager,
        "assistant": town.assistant,
        "head": town.head,
        "member": town.members["police"],
        "guest": world.person(session, "Ftuar Njëherë"),
        "undeclared": town.members["school"],
        "recused": town.members["family_medicine"],
        "former": town.members["ngo"],
        "officer": town.officer,
        "ministry": world.person(session, "Lexues Ministrie"),
        "superior": world.person(session, "Epror Policie"),
        "administrator": world.person(session, "Admin Sistemi"),
    }
    session.flush()
    world.appoint(session, people["ministry"], "ministry_reader")
    world.appoint(session, people["administrator"], "administrator")
    world.appoint(session, people["superior"], "superior", institution_id=town.institutions["police"].id)
    world.appoint(session, people["case_manager"], "general_chair", municipality_id=town.municipality.id)
    for role in ("case_manager", "member", "officer"):
        general_declaration.sign(
            session,
            people[role],
            world.NOW,
            municipality_id=town.municipality.id,
            text_version=1,
            language="sq",
            session_ref=None,
        )
    _seat(session, own, people["assistant"], "assistant_case_manager", delegated=True)
    _seat(
        session,
        own,
        people["guest"],
        "guest",
        meeting_id=meeting.id,
        ends_at=world.NOW + timedelta(days=3650),
    )
    own.seats["family_medicine"].recused_at = world.NOW
    own.seats["ngo"].ended_at = world.NOW
    for role in ("case_manager", "assistant", "member", "guest"):
        open_door(session, own, people[role])
    open_door(session, sibling, sibling.town.other_case_manager)
    cast = Cast(
        people={**{role: one.id for role, one in people.items()}, "nobody": None},
        cases={
            "own": own.case.id,
            "other_case": _without_the_cast(session, sibling),
            "other_town": elsewhere.case.id,
        },
        municipalities={
            "own": town.municipality.id,
            "other_case": town.municipality.id,
            "other_town": elsewhere.town.municipality.id,
        },
        meeting=meeting.id,
    )
    return cast, own


def _seat(session: Session, here: mw.CaseWorld, who: Person, kind: str, **more: Any) -> None:
    session.add(
        Seat(case_id=here.case.id, kind=kind, person_id=who.id, seated_at=world.NOW, reason="arsye", **more)
    )


def open_door(session: Session, here: mw.CaseWorld, who: Person) -> None:
    """Declaration signed for the newest text, conflict question answered with no."""
    session.flush()
    text = declaring.newest_text(session)
    assert text is not None
    session.add(
        Declaration(
            case_id=here.case.id,
            person_id=who.id,
            text_id=text.id,
            text_sha256=text.sha256,
            language="sq",
            method="test",
            signed_at=world.NOW,
        )
    )
    for seat in session.query(Seat).filter_by(case_id=here.case.id, person_id=who.id):
        seat.conflict = False


def _without_the_cast(session: Session, sibling: mw.CaseWorld) -> UUID:
    """The other case has a case manager of its own: nobody of the cast sits there."""
    sibling.case.case_manager_id = sibling.town.other_case_manager.id
    for seat in session.query(Seat).filter_by(case_id=sibling.case.id):
        if seat.kind == "case_manager":
            seat.person_id = sibling.town.other_case_manager.id
        else:
            session.delete(seat)
    session.flush()
    return sibling.case.id
