"""The page of a plan after two years: sixty actions, twenty-four adopted versions."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.furnished import TEXT, Furnished
from bench.moment import NOW
from bench.reader import Asking
from bench.world import Installation, World
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db, vault
from tmr_app.plans.models import Action, ActionUpdate, Objective, PlanVersion

ACTIONS, VERSIONS, OBJECTIVES, UPDATES = 60, 24, 6, 10
NAME = "page.plan"


def page(world: World) -> tuple[Installation, Asking]:
    """The case manager opens it: every action with its latest status."""
    fill(world.large.engine, world.case)
    return world.large, world.large.manager(-1).asking(world.case.page("plan"))


def fill(engine: Engine, case: Furnished) -> None:
    """Rows as the operations would have left them."""
    with db.unit(engine) as session:
        vault.unlock(session, [case.case_id])
        seats = list(
            session.scalars(
                select(Seat)
                .where(Seat.case_id == case.case_id, Seat.person_id.in_(case.member_ids))
                .order_by(Seat.seated_at, Seat.id)
            )
        )
        keys = [uuid4() for _ in range(ACTIONS)]
        groups = [uuid4() for _ in range(OBJECTIVES)]
        for number in range(1, VERSIONS + 1):
            _version(session, case, number, keys, groups, seats)
        for number in range(1, UPDATES + 1):
            for key, seat in zip(keys, seats, strict=False):
                _update(session, case, key, seat, number)


def _version(
    session: Session, case: Furnished, number: int, keys: list[UUID], groups: list[UUID], seats: list[Seat]
) -> None:
    at = NOW - timedelta(days=30 * (VERSIONS - number))
    version = PlanVersion(
        case_id=case.case_id, number=number, status="adopted", revision=1, drafted_at=at,
        drafted_by_id=case.manager_id, edited_at=at, edited_by_id=case.manager_id, comments_asked_at=at,
        adopted_at=at, adopted_on=at.date(), adopted_by_id=case.manager_id, meeting_id=case.meeting_id,
        goal=TEXT, aim=TEXT, best_interest=TEXT,
    )  # fmt: skip
    session.add(version)
    session.flush()
    objectives = [
        Objective(
            case_id=case.case_id, version_id=version.id, objective_key=key, position=place, term="short",
            revision=1, edited_at=at, edited_by_id=case.manager_id, text=TEXT,
        )
        for place, key in enumerate(groups)
    ]  # fmt: skip
    session.add_all(objectives)
    session.flush()
    for place, key in enumerate(keys):
        session.add(
            Action(
                case_id=case.case_id, version_id=version.id, objective_id=objectives[place % OBJECTIVES].id,
                action_key=key, position=place, seat_id=seats[place % len(seats)].id,
                planned_on=NOW.date() + timedelta(days=place), risk="physical_violence", revision=1,
                edited_at=at, edited_by_id=case.manager_id, measure=TEXT, service="Këshillim", notes="Shënim",
            )
        )  # fmt: skip
    session.flush()


def _update(session: Session, case: Furnished, key: UUID, seat: Seat, number: int) -> None:
    version_id = session.scalars(
        select(PlanVersion.id).where(PlanVersion.case_id == case.case_id, PlanVersion.number == VERSIONS)
    ).one()
    session.add(
        ActionUpdate(
            case_id=case.case_id, version_id=version_id, action_key=key, number=number, status="in_process",
            source="member", seat_id=seat.id, updated_at=NOW, updated_by_id=seat.person_id, note=TEXT,
        )
    )  # fmt: skip
