"""What an action is today, in one statement for all who ask: its frozen row, the seat responsible now, the latest word on it.

The page of the plan, the requests for word, the ledger and the head's dashboard each add their own columns and limits.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import aliased

from tmr_app.cases.models import Case
from tmr_app.plans.models import Action, ActionUpdate, Objective, PlanVersion, SeatChange

CHANGE, UPDATE = aliased(SeatChange), aliased(ActionUpdate)
"""The last change of the responsible member since the adoption, and the last word on the action; either may be missing."""
SEAT_ID = func.coalesce(CHANGE.seat_id, Action.seat_id)
STATUS = func.coalesce(UPDATE.status, "in_process")

_LATER, _NEWER, _STANDING, _NEXT = (
    aliased(SeatChange),
    aliased(ActionUpdate),
    aliased(PlanVersion),
    aliased(PlanVersion),
)
_LAST_CHANGE = (
    select(func.max(_LATER.number))
    .where(_LATER.version_id == Action.version_id, _LATER.action_key == Action.action_key)
    .correlate(Action)
    .scalar_subquery()
)
_LAST_UPDATE = (
    select(func.max(_NEWER.number))
    .where(_NEWER.case_id == Action.case_id, _NEWER.action_key == Action.action_key)
    .correlate(Action)
    .scalar_subquery()
)


def as_they_stand(*columns: Any) -> Select[Any]:
    """These columns of actions, their versions and objectives, `CHANGE` and `UPDATE`; what was taken off is left out."""
    return standing_columns(select(*columns))


def standing_columns(statement: Select[Any]) -> Select[Any]:
    """The same with columns selected already; other tables are joined after it."""
    return (
        statement.select_from(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .join(Objective, Objective.id == Action.objective_id)
        .outerjoin(
            CHANGE,
            and_(
                CHANGE.version_id == Action.version_id,
                CHANGE.action_key == Action.action_key,
                CHANGE.number == _LAST_CHANGE,
            ),
        )
        .outerjoin(
            UPDATE,
            and_(
                UPDATE.case_id == Action.case_id,
                UPDATE.action_key == Action.action_key,
                UPDATE.number == _LAST_UPDATE,
            ),
        )
        .where(Action.removed_at.is_(None), Objective.removed_at.is_(None))
    )


STILL_OPEN = (Action.planned_on.is_not(None), Case.status == "open", STATUS != "done")
"""Has a day, is not done, and its case is open."""


def in_force(case_ids: Any = None) -> ColumnElement[bool]:
    """The action belongs to the newest adopted version of its case. `case_ids`: a list or a selection of cases, None for all."""
    later = exists().where(
        _NEXT.case_id == _STANDING.case_id, _NEXT.status == "adopted", _NEXT.number > _STANDING.number
    )
    found = select(_STANDING.id).where(_STANDING.status == "adopted", ~later)
    if case_ids is not None:
        found = found.where(_STANDING.case_id.in_(case_ids))
    return Action.version_id.in_(found)
