"""A member's word on an own action of a plan of sixty: as the browser sends it."""

from collections.abc import Iterator
from functools import partial
from secrets import token_urlsafe
from statistics import median
from uuid import UUID

from sqlalchemy import Engine, select

from bench.furnished import TEXT, Furnished
from bench.measuring import Row, say, timed, watched
from bench.reader import Asking, Reader
from bench.world import World
from tmr_app.kernel import db
from tmr_app.plans.models import ActionUpdate

STATEMENTS = 40
"""As convening, which asks far more: a member's word is told in a minute, on a phone."""


def rows(world: World) -> Iterator[Row]:
    """The member's word on an own action, each with a key of its own: nothing is merged away."""
    where, case = world.large, world.case
    key = _first_action(where.engine, case)
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
            spent.append(timed(partial(_told, sending)))
        counted.append(len(seen.statements))
    yield Row("action.update.statements", max(counted), "statements", STATEMENTS)
    yield Row("action.update.processor", 1000 * median(one[0] for one in spent), "ms")
    yield Row("action.update.wall", 1000 * median(one[1] for one in spent), "ms")


def _first_action(engine: Engine, case: Furnished) -> UUID:
    with db.unit(engine) as session:
        mine = select(ActionUpdate.action_key).where(
            ActionUpdate.case_id == case.case_id, ActionUpdate.updated_by_id == case.member_ids[0]
        )
        return session.scalars(mine.limit(1)).one()


def _no_day() -> dict[str, str]:
    return {f"done_on-{part}": "" for part in ("day", "month", "year")}


def _told(sending: Asking) -> None:
    status, _ = sending()
    assert status.startswith("303"), status
