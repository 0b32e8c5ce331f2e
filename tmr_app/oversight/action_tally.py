"""Keeping what the head's dashboard counts (A16): a case's open actions by institution and day, and three of its dates.

All are written in the transaction of the deed that changed them, and only when they changed.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.table_models import Seat
from tmr_app.meetings.models import Meeting
from tmr_app.oversight.tally_models import ActionTally
from tmr_app.plans.actions_now import SEAT_ID, STATUS, as_they_stand, in_force
from tmr_app.plans.models import Action

Rows = Select[*tuple[Any, ...]]
AHEAD = ("preparing", "convened")
"""The states of a meeting still to be held."""
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
_FORGET = delete(ActionTally).where(ActionTally.case_id.in_(_CASES))
_KEEP = insert(ActionTally.metadata.tables[ActionTally.__tablename__]).from_select(
    ["case_id", "planned_on", "institution_id", "number"], _owed(_CASES)
)


def _of_case(date: Any, *conditions: Any) -> Any:
    return select(date).where(*conditions).correlate(Case).scalar_subquery()


_DATES = {
    Case.last_visit_on: _of_case(func.max(Visit.visited_on), Visit.case_id == Case.id),
    Case.meeting_ahead_on: _of_case(
        func.max(Meeting.meeting_on), Meeting.case_id == Case.id, Meeting.status.in_(AHEAD)
    ),
    Case.action_due_on: _of_case(func.min(ActionTally.planned_on), ActionTally.case_id == Case.id),
}
_DATED_WRONG = or_(*(kept.is_distinct_from(stored) for kept, stored in _DATES.items()))
_DATE = (
    update(Case)
    .where(Case.id.in_(_CASES), _DATED_WRONG)
    .values({kept.key: stored for kept, stored in _DATES.items()})
    .execution_options(synchronize_session=False)
)
_STALE_ANYWHERE = union(_differing(_owed(None), _KEPT), select(Case.id).where(_DATED_WRONG))


def refresh(session: Session, case_ids: Iterable[UUID]) -> int:
    """Keep these cases' open actions and dates as they stand now; returns in how many cases actions changed.

    Two statements, and two more where something changed.
    """
    asked = {"case_ids": list(case_ids)}
    if not asked["case_ids"]:
        return 0
    session.flush()
    stale = {"case_ids": list(session.scalars(_STALE, asked))}
    if stale["case_ids"]:
        session.execute(_FORGET, stale)
        session.execute(_KEEP, stale)
    session.execute(_DATE, asked)
    return len(stale["case_ids"])


def stale(session: Session) -> list[UUID]:
    """Every case of which something else is kept than a full count gives: none, unless rows were written past the deeds."""
    session.flush()
    return list(session.scalars(_STALE_ANYWHERE))
