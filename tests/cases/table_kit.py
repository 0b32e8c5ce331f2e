"""A town with one case, its Table and its people, by id: for tests that go through units of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world, world
from tmr_app.access.standing import Standing
from tmr_app.cases import conflicts, declaring, standing_loader
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.members.models import Person

NOW = world.NOW
LATER = NOW + timedelta(minutes=5)
KINDS = ("police", "school", "ngo", "shelter_or_foster", "family_medicine")


@dataclass(frozen=True)
class Scene:
    """Ids of one town's people and case; `members` and `seats` by kind of seat."""

    case: UUID
    family: UUID
    town: world.Town
    manager: UUID
    other: UUID
    head: UUID
    assistant: UUID
    mother: UUID
    members: dict[str, UUID]
    substitutes: dict[str, UUID]
    seats: dict[str, UUID]


def build(engine: Engine, *, seated: tuple[str, ...] = ("police", "school"), key: str = "prishtine") -> Scene:
    """A case with the members of `seated`; the case manager has declared and answered, the others have not."""
    with world.work(engine) as session:
        declaring.seed_texts(session, NOW)
        town = world.town(session, key, kinds=KINDS)
        here = meeting_world.case_world(session, kinds=seated, town=town)
        session.flush()
        open_door(session, here.case, town.case_manager)
        scene = Scene(
            here.case.id,
            here.case.family_id,
            town,
            town.case_manager.id,
            town.other_case_manager.id,
            town.head.id,
            town.assistant.id,
            here.mother.id,
            {kind: one.id for kind, one in town.members.items()},
            {kind: one.id for kind, one in town.substitutes.items()},
            {kind: seat.id for kind, seat in here.seats.items()},
        )
    return scene


def open_door(session: Session, case: Case, person: Person) -> None:
    """Declare, and answer no."""
    text = declaring.newest_text(session)
    assert text is not None
    declaring.sign_declaration(
        session, person, NOW, case=case, text_version=text.version, language="sq", session_ref=None
    )
    conflicts.answer_conflict(session, person, NOW, case=case, has_conflict=False)


@contextmanager
def inside(engine: Engine, scene: Scene) -> Iterator[tuple[Session, Case, Person]]:
    """A unit with the case's keys unlocked: (session, case, the case manager)."""
    with world.work(engine) as session:
        vault.unlock(session, [scene.case, scene.family])
        yield session, session.get_one(Case, scene.case), session.get_one(Person, scene.manager)


def let_in(engine: Engine, scene: Scene, *people: UUID) -> None:
    """These seated people declare and answer no."""
    with inside(engine, scene) as (session, case, _manager):
        for person_id in people:
            open_door(session, case, session.get_one(Person, person_id))


def standing(engine: Engine, scene: Scene, person_id: UUID, now=NOW) -> Standing:
    """The standing as the guard loads it."""
    with world.work(engine) as session:
        return standing_loader.in_case(session, person_id, scene.case, now)[0]


def seat_of(session: Session, scene: Scene, person_id: UUID) -> Seat:
    """The newest seat of this person in the case."""
    found = session.scalars(
        select(Seat)
        .where(Seat.case_id == scene.case, Seat.person_id == person_id)
        .order_by(Seat.seated_at.desc())
    ).first()
    assert found is not None
    return found


def refusals(engine: Engine, scene: Scene, rule: str) -> int:
    """How many refusals of this rule the audit log holds for the case."""
    with world.work(engine) as session:
        rows = session.scalars(
            select(AuditEntry).where(
                AuditEntry.case_id == scene.case, AuditEntry.rule == rule, AuditEntry.outcome == "refused"
            )
        )
        return len(list(rows))
