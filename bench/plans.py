"""A plan after two years: sixty actions, twenty-four adopted versions; its page, and a member's word on an action."""

from collections.abc import Iterator
from datetime import timedelta
from secrets import token_urlsafe
from statistics import median
from uuid import UUID, uuid4

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.furnished import TEXT, Furnished
from bench.measuring import Row, say, timed, watched
from bench.moment import NOW
from bench.reader import Reader
from bench.world import World
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db, vault
from tmr_app.plans.models import Action, ActionUpdate, Objective, PlanVersion

ACTIONS, VERSIONS, OBJECTIVES, UPDATES = 60, 24, 6, 10
STATEMENTS = 40


def fill(engine: Engine, case: Furnished) -> UUID:
    """Rows as the operations would have left them. Returns the key of an action of the first member."""
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
        return keys[0]


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


def rows(world: World, key: UUID) -> Iterator[Row]:
    """The member's word on an own action, each with a key of its own: nothing is merged away."""
    where, case = world.large, world.case
    member = Reader.signed_in(where.app, where.engine, case.member_ids[0])
    path = case.page(f"plan/actions/{key}")
    spent: list[tuple[float, float]] = []
    counted: list[int] = []
    say("a member's word on an action, 10 times")
    for _ in range(10):
        sending = member.posting(
            f"{path}/update",
            member.get(path)[1],
            status="in_process",
            note=TEXT,
            once=token_urlsafe(18),
            **_no_day(),
        )
        with watched(where.engine) as seen:
            spent.append(timed(lambda sending=sending: _told(sending)))  # type: ignore[misc]
        counted.append(len(seen.statements))
    yield Row("action.update.statements", max(counted), "statements", STATEMENTS)
    yield Row("action.update.processor", 1000 * median(one[0] for one in spent), "ms")
    yield Row("action.update.wall", 1000 * median(one[1] for one in spent), "ms")


def _no_day() -> dict[str, str]:
    return {f"done_on-{part}": "" for part in ("day", "month", "year")}


def _told(sending: object) -> None:
    status, _ = sending()  # type: ignore[operator]
    assert status.startswith("303"), status
