"""The page of a plan after two years: sixty actions, twenty-four adopted versions; a third of the actions is late.

Each action has two institutions, ten words on fourteen of them, and the members were asked and said something.
"""

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
from tmr_app.plans.models import (
    Action,
    ActionInstitution,
    ActionUpdate,
    Comment,
    InformationRequest,
    Objective,
    PlanSending,
    PlanVersion,
)

ACTIONS, VERSIONS, OBJECTIVES, UPDATES = 60, 24, 6, 10
LATE, INSTITUTIONS, COMMENTS = 20, 2, 6
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
            version = _version(session, case, number, keys, groups, seats)
        _said(session, case, version, seats)
        for number in range(1, UPDATES + 1):
            for key, seat in zip(keys, seats, strict=False):
                _update(session, case, key, seat, number)


def _version(
    session: Session, case: Furnished, number: int, keys: list[UUID], groups: list[UUID], seats: list[Seat]
) -> PlanVersion:
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
        action = Action(
            case_id=case.case_id, version_id=version.id, objective_id=objectives[place % OBJECTIVES].id,
            action_key=key, position=place, seat_id=seats[place % len(seats)].id,
            planned_on=NOW.date() + timedelta(days=place - LATE), risk="physical_violence", revision=1,
            edited_at=at, edited_by_id=case.manager_id, measure=TEXT, service="Këshillim", notes="Shënim",
        )  # fmt: skip
        session.add(action)
        session.flush()
        for position in range(INSTITUTIONS):
            institution_id = seats[(place + position) % len(seats)].institution_id
            session.add(
                ActionInstitution(
                    case_id=case.case_id,
                    action_id=action.id,
                    institution_id=institution_id,
                    position=position,
                )
            )
    session.flush()
    return version


def _said(session: Session, case: Furnished, version: PlanVersion, seats: list[Seat]) -> None:
    """What members said on the version in force, answered; it went to everybody; two requests for each late action."""
    for seat in seats[:COMMENTS]:
        session.add(
            Comment(
                case_id=case.case_id, version_id=version.id, kind="comment", seat_id=seat.id, made_at=NOW,
                made_by_id=seat.person_id, answered_at=NOW, answered_by_id=case.manager_id, text=TEXT, answer=TEXT,
            )
        )  # fmt: skip
    for seat in seats:
        session.add(
            PlanSending(
                case_id=case.case_id, version_id=version.id, seat_id=seat.id, person_id=seat.person_id, sent_at=NOW,
                handed_over_at=NOW,
            )
        )  # fmt: skip
    for action in session.scalars(select(Action).where(Action.version_id == version.id)):
        if action.planned_on is None or action.planned_on >= NOW.date() or action.seat_id is None:
            continue
        person_id = next(seat.person_id for seat in seats if seat.id == action.seat_id)
        for moment in ("action:before", "action:after"):
            session.add(
                InformationRequest(
                    case_id=case.case_id, action_key=action.action_key, seat_id=action.seat_id, person_id=person_id,
                    moment=moment, planned_on=action.planned_on, requested_on=NOW.date(), requested_at=NOW,
                )
            )  # fmt: skip


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
