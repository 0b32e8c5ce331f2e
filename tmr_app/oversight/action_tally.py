"""Keeping what the head's dashboard counts (A16): open actions by institution and day, and each case's latest visit.

Both are written in the transaction of the deed that changed them, and only when they changed.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Select, bindparam, delete, func, insert, select, union_all, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import Seat
from tmr_app.oversight.tally_models import ActionTally
from tmr_app.plans.actions_now import SEAT_ID, STATUS, as_they_stand, in_force
from tmr_app.plans.models import Action

Rows = Select[*tuple[Any, ...]]
_CASES: BindParameter[Any] = bindparam("case_ids", expanding=True)


def _owed(case_ids: Any) -> Rows:
    """What is to be kept of these cases, as the columns of `ActionTally`."""
    return (
        as_they_stand(Action.case_id, Action.planned_on, Seat.institution_id, func.count().label("number"))
        .join(Seat, Seat.id == SEAT_ID)
        .where(
            in_force(case_ids),
            Action.planned_on.is_not(None),
            Seat.institution_id.is_not(None),
            STATUS != "done",
        )
        .group_by(Action.case_id, Action.planned_on, Seat.institution_id)
    )


_KEPT = select(
    ActionTally.case_id,
    ActionTally.planned_on,
    ActionTally.institution_id,
    (-ActionTally.number).label("number"),
)


def _differing(owed: Rows, kept: Rows) -> Select[UUID]:
    """The cases of which something else is kept than is owed: what is on both sides makes nought."""
    both = union_all(owed, kept).subquery()
    unequal = (
        select(both.c.case_id)
        .group_by(both.c.case_id, both.c.planned_on, both.c.institution_id)
        .having(func.sum(both.c.number) != 0)
        .subquery()
    )
    return select(unequal.c.case_id).distinct()


_STALE = _differing(_owed(_CASES), _KEPT.where(ActionTally.case_id.in_(_CASES)))
_STALE_ANYWHERE = _differing(_owed(None), _KEPT)
_FORGET = delete(ActionTally).where(ActionTally.case_id.in_(_CASES))
_KEEP = insert(ActionTally.metadata.tables[ActionTally.__tablename__]).from_select(
    ["case_id", "planned_on", "institution_id", "number"], _owed(_CASES)
)
_LATEST = select(func.max(Visit.visited_on)).where(Visit.case_id == Case.id).correlate(Case).scalar_subquery()
_VISITED = (
    update(Case)
    .where(Case.id.in_(_CASES), Case.last_visit_on.is_distinct_from(_LATEST))
    .values(last_visit_on=_LATEST)
    .execution_options(synchronize_session=False)
)


def refresh(session: Session, case_ids: Iterable[UUID]) -> int:
    """Keep these cases' open actions and latest visit as they stand now; returns in how many cases actions changed.

    Two statements, and two more where something changed.
    """
    asked = {"case_ids": list(case_ids)}
    if not asked["case_ids"]:
        return 0
    session.flush()
    session.execute(_VISITED, asked)
    stale = {"case_ids": list(session.scalars(_STALE, asked))}
    if stale["case_ids"]:
        session.execute(_FORGET, stale)
        session.execute(_KEEP, stale)
    return len(stale["case_ids"])


def stale(session: Session) -> list[UUID]:
    """Every case whose kept actions differ from a full count: none, unless rows were written past the deeds."""
    session.flush()
    return list(session.scalars(_STALE_ANYWHERE))
