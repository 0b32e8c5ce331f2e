"""Reading a case's plan: versions, and the actions of one with their latest status. Keys must be unlocked for texts.

Each question costs the same number of statements whatever the plan's size.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tmr_app.cases.standing_loader import is_running
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.plans import facts
from tmr_app.plans.models import (
    Action,
    ActionInstitution,
    ActionUpdate,
    Objective,
    PlanVersion,
    SeatChange,
)


@dataclass(frozen=True, slots=True)
class ActionNow:
    """An action of a version as it stands today: the frozen row, who is responsible now, and the latest update.

    `seat` is the responsible member's seat, `live` whether its holder still sits at the Table; `update` is None until
    somebody told what became of the action (then its status is "in process").
    """

    row: Action
    objective: Objective
    seat: Seat | None
    update: ActionUpdate | None
    updates: int = 0

    @property
    def key(self) -> UUID:
        return self.row.action_key

    @property
    def person(self) -> Person | None:
        return self.seat.person if self.seat else None

    @property
    def institutions(self) -> list[Institution]:
        return [one.institution for one in self.row.institutions]

    @property
    def status(self) -> str:
        return self.update.status if self.update else "in_process"

    @property
    def done_on(self) -> date | None:
        return self.update.done_on if self.update and self.update.status == "done" else None

    @property
    def planned_on(self) -> date | None:
        return self.row.planned_on

    @property
    def review_on(self) -> date | None:
        return self.row.review_on

    @property
    def needs_responsible(self) -> bool:
        """The member left the Table, was recused, or none was ever named: an action belongs to nobody outside (A13.2)."""
        return self.seat is None or not self.seat.is_live

    def is_open(self) -> bool:
        return self.status != "done"

    def overdue(self, today: date) -> bool:
        """Derived, never stored (A14.2)."""
        return facts.is_late(self.planned_on, self.status, today)


@dataclass(frozen=True, slots=True)
class ObjectiveNow:
    """An objective with its actions, in order."""

    row: Objective
    actions: list[ActionNow] = field(default_factory=list)


def current_version(session: Session, case_id: UUID) -> PlanVersion | None:
    """The newest adopted version, or None before the first adoption."""
    return session.scalar(
        select(PlanVersion)
        .where(PlanVersion.case_id == case_id, PlanVersion.status == "adopted")
        .order_by(PlanVersion.number.desc())
        .limit(1)
    )


def draft_of(session: Session, case_id: UUID) -> PlanVersion | None:
    """The version being written, if one is."""
    return session.scalar(
        select(PlanVersion).where(PlanVersion.case_id == case_id, PlanVersion.status == "draft")
    )


def versions_of(session: Session, case_id: UUID) -> list[PlanVersion]:
    """Every adopted version, the newest first."""
    return list(
        session.scalars(
            select(PlanVersion)
            .where(PlanVersion.case_id == case_id, PlanVersion.status == "adopted")
            .order_by(PlanVersion.number.desc())
        )
    )


def find_version(session: Session, case_id: UUID, number: int) -> PlanVersion:
    """One adopted version by its number. Raises NotFound."""
    found = session.scalar(
        select(PlanVersion).where(
            PlanVersion.case_id == case_id, PlanVersion.number == number, PlanVersion.status == "adopted"
        )
    )
    if found is None:
        raise NotFound("plan version")
    return found


def actions_of(
    session: Session,
    case_id: UUID,
    version: PlanVersion | None = None,
    action_key: UUID | None = None,
    responsible_on: date | None = None,
) -> list[ActionNow]:
    """The actions of a version (the current one when none is given) as they stand now, in the plan's order; or one alone.

    `responsible_on`: each with who was responsible at the end of that civil day.
    """
    chosen = version or current_version(session, case_id)
    if chosen is None:
        return []
    one_alone = [] if action_key is None else [Action.action_key == action_key]
    rows = session.execute(
        select(Action, Objective)
        .join(Objective, Objective.id == Action.objective_id)
        .where(
            Action.version_id == chosen.id,
            Action.case_id == case_id,
            Action.removed_at.is_(None),
            Objective.removed_at.is_(None),
            *one_alone,
        )
        .options(selectinload(Action.institutions).joinedload(ActionInstitution.institution))
        .order_by(Objective.position, Action.position, Action.id)
    ).all()
    seats = responsible_seats(session, chosen, [row for row, _objective in rows], responsible_on)
    latest = latest_updates(session, case_id, [row.action_key for row, _objective in rows])
    return [
        ActionNow(
            row,
            objective,
            seats.get(row.action_key),
            latest.get(row.action_key),
            latest[row.action_key].number if row.action_key in latest else 0,
        )
        for row, objective in rows
    ]


def actions_as_adopted(session: Session, version: PlanVersion) -> list[ActionNow]:
    """The actions of a version as it says them: the member it names, without what was told since."""
    found = actions_of(session, version.case_id, version)
    named = {one.row.seat_id for one in found if one.row.seat_id}
    seats = {
        seat.id: seat
        for seat in session.scalars(
            select(Seat)
            .where(Seat.id.in_(named))
            .options(joinedload(Seat.person), joinedload(Seat.institution))
        )
    }
    return [
        replace(one, seat=seats.get(one.row.seat_id) if one.row.seat_id else None, update=None, updates=0)
        for one in found
    ]


def objectives_of(session: Session, version: PlanVersion, actions: Iterable[ActionNow]) -> list[ObjectiveNow]:
    """The version's objectives, each with those of `actions` (from `actions_of`) that belong to it."""
    found = {
        row.id: ObjectiveNow(row)
        for row in session.scalars(
            select(Objective)
            .where(Objective.version_id == version.id, Objective.removed_at.is_(None))
            .order_by(Objective.position, Objective.id)
        )
    }
    for one in actions:
        found[one.row.objective_id].actions.append(one)
    return list(found.values())


def responsible_seats(
    session: Session, version: PlanVersion, actions: Sequence[Action], on: date | None = None
) -> dict[UUID, Seat]:
    """By action key: the seat responsible now or at the end of this civil day, a change since the adoption included."""
    chosen = {one.action_key: one.seat_id for one in actions if one.seat_id}
    changes = session.execute(
        select(SeatChange.action_key, SeatChange.seat_id, SeatChange.changed_at)
        .where(SeatChange.version_id == version.id)
        .order_by(SeatChange.number)
    )
    keys = {one.action_key for one in actions}
    chosen |= {
        key: seat_id
        for key, seat_id, changed_at in changes
        if key in keys and (on is None or civil_date(changed_at) <= on)
    }
    seats = {
        seat.id: seat
        for seat in session.scalars(
            select(Seat)
            .where(Seat.case_id == version.case_id, Seat.id.in_(set(chosen.values())))
            .options(joinedload(Seat.person), joinedload(Seat.institution))
        )
    }
    return {key: seats[seat_id] for key, seat_id in chosen.items() if seat_id in seats}


def latest_updates(
    session: Session, case_id: UUID, action_keys: Iterable[UUID] | None = None
) -> dict[UUID, ActionUpdate]:
    """The newest update of each action of the case that has one, by action key."""
    newest = (
        select(ActionUpdate.action_key, func.max(ActionUpdate.number).label("number"))
        .where(ActionUpdate.case_id == case_id)
        .group_by(ActionUpdate.action_key)
        .subquery()
    )
    rows = session.scalars(
        select(ActionUpdate)
        .join(
            newest,
            and_(
                newest.c.action_key == ActionUpdate.action_key,
                newest.c.number == ActionUpdate.number,
                ActionUpdate.case_id == case_id,
            ),
        )
        .options(joinedload(ActionUpdate.updated_by))
    )
    wanted = None if action_keys is None else set(action_keys)
    return {one.action_key: one for one in rows if wanted is None or one.action_key in wanted}


def history_of(
    session: Session, case_id: UUID, action_key: UUID | None = None
) -> dict[UUID, list[ActionUpdate]]:
    """Every update of one action, or of all of the case, oldest first, by action key."""
    query = (
        select(ActionUpdate)
        .where(ActionUpdate.case_id == case_id)
        .options(joinedload(ActionUpdate.updated_by), joinedload(ActionUpdate.file))
        .order_by(ActionUpdate.action_key, ActionUpdate.number)
    )
    if action_key is not None:
        query = query.where(ActionUpdate.action_key == action_key)
    found: dict[UUID, list[ActionUpdate]] = defaultdict(list)
    for one in session.scalars(query):
        found[one.action_key].append(one)
    return found


def seat_changes_of(session: Session, version: PlanVersion, action_key: UUID) -> list[tuple[SeatChange, str]]:
    """To whom an action was given since the version was adopted, in order."""
    rows = session.execute(
        select(SeatChange, Person.name)
        .join(Seat, Seat.id == SeatChange.seat_id)
        .join(Person, Person.id == Seat.person_id)
        .where(SeatChange.version_id == version.id, SeatChange.action_key == action_key)
        .order_by(SeatChange.number)
    )
    return [(row[0], row[1]) for row in rows]


def live_seats(session: Session, case_id: UUID, now: datetime) -> list[Seat]:
    """Whom an action may be given to: those who sit at the Table now, guests of one meeting apart (A13.2.2)."""
    rows = session.execute(
        select(Seat, Appointment)
        .outerjoin(Appointment, Appointment.id == Seat.appointment_id)
        .where(Seat.case_id == case_id, Seat.ended_at.is_(None), Seat.recused_at.is_(None))
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    return [
        seat for seat, appointment in rows if seat.meeting_id is None and is_running(seat, appointment, now)
    ]
