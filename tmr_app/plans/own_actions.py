"""A person's own actions over all cases: the page on the phone, and the section of "my work". No word of a case's content."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import LIVE_SEAT, live_seat, newest_text
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.kernel import vault
from tmr_app.plans import facts
from tmr_app.plans.actions_now import SEAT_ID, STILL_OPEN, in_force, standing_columns
from tmr_app.plans.models import Action, PlanVersion
from tmr_app.plans.requesting import Open, open_actions
from tmr_app.regulation.verdicts import Message

SHOWN = 100


_OWN = aliased(Seat)


def _signed(person_id: Any) -> ColumnElement[bool]:
    return exists().where(
        Declaration.case_id == Seat.case_id,
        Declaration.person_id == person_id,
        Declaration.text_id == newest_text().scalar_subquery(),
    )


@dataclass(frozen=True, slots=True)
class OwnAction:
    """One open action of this person; `measure` in clear."""

    case_id: UUID
    number: str
    action_key: UUID
    measure: str
    planned_on: date
    updated_at: datetime | None

    def overdue(self, today: date) -> bool:
        """An open action: A14.2."""
        return facts.is_late(self.planned_on, "in_process", today)


def of(session: Session, person_id: UUID, now: datetime) -> list[OwnAction]:
    """Open actions in cases where this person has declared and answered, the earliest date first. Unlocks those cases."""
    found = _readable(session, person_id, now)[:SHOWN]
    cases = {one.case_id for one in found}
    vault.unlock(session, cases)
    numbers = _numbers(session, cases)
    rows = session.scalars(
        select(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .where(
            Action.case_id.in_(cases),
            Action.action_key.in_([one.action_key for one in found]),
            PlanVersion.status == "adopted",
        )
        .order_by(PlanVersion.number)
    )
    newest = {(row.case_id, row.action_key): row for row in rows}
    return [
        OwnAction(
            one.case_id,
            numbers[one.case_id],
            one.action_key,
            newest[one.case_id, one.action_key].measure,
            one.planned_on,
            one.updated_at,
        )
        for one in found
    ]


def _readable(session: Session, person_id: UUID, now: datetime) -> list[Open]:
    """In the plan's order of dates; a case whose door is closed to this person (A10.2, A18.2) is left out."""
    readable = (live_seat(person_id, now), Seat.conflict.is_not(None), _signed(person_id))
    open_to = set(session.scalars(select(Seat.id).where(*readable)))
    if not open_to:
        return []
    return [
        one for one in open_actions(session, case_ids=None, person_id=person_id) if one.seat_id in open_to
    ]


_WAITING = (
    standing_columns(
        waits(
            case_id=Action.case_id,
            thing_id=Action.action_key,
            about=Case.number,
            due_on=Action.planned_on,
            order_by=(Action.planned_on, Action.action_key),
        )
    )
    .join(Case, Case.id == Action.case_id)
    .join(Seat, Seat.id == SEAT_ID)
    .where(
        *STILL_OPEN,
        in_force(select(_OWN.case_id).where(_OWN.person_id == PERSON)),
        LIVE_SEAT,
        Seat.conflict.is_not(None),
        _signed(PERSON),
    )
)


@shows(_WAITING)
def section(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """My work: actions of mine, by case number, where the door is open to this person (A10.2, A18.2)."""
    return Section(
        "actions",
        Message("Actions of the plan that are mine"),
        Message("Tell what was done"),
        Message("Case"),
        [
            Task(
                "A14.2",
                row.about,
                row.due_on,
                "plans.action",
                {"case_id": row.case_id, "action_key": row.thing_id, "_anchor": "update"},
            )
            for row in rows
        ],
        position=20,
    )


def _numbers(session: Session, case_ids: set[UUID]) -> dict[UUID, str]:
    if not case_ids:
        return {}
    rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids)))
    return {row.id: row.number for row in rows}
