"""The plan in force as its page shows it: one line an action, grouped by objective; read as plain rows, in five statements.

Only what stands in a line is opened. The rest of an action (notes, risk or need, history) stands on its own page.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.plans import facts, sending
from tmr_app.plans.actions_now import SEAT_ID, STATUS, UPDATE, as_they_stand
from tmr_app.plans.models import Action, ActionInstitution, Objective, PlanSending, PlanVersion
from tmr_app.plans.sending import REACHED_AT
from tmr_app.regulation.verdicts import Verdict

SHOWN = 160
"""Letters of a measure or of the latest word in a line; all of it stands on the action's own page."""
NEAR_DAYS = 14
"""So many days ahead, and when it is over, the days left stand beside the date."""
_VERSION: BindParameter[Any] = bindparam("version_id")


class Line(NamedTuple):
    """One action: what, by which service, whose, until when, and the latest word on it.

    `is_orphan`: nobody's at the Table; `is_outside`: of an institution beside the Table (A19).
    """

    key: UUID
    number: str
    measure: str
    service: str
    responsible: str
    institutions: str
    planned_on: date | None
    review_on: date | None
    status: str
    is_own: bool
    is_outside: bool
    is_orphan: bool
    is_overdue: bool
    is_near: bool
    told_by: str
    told_at: datetime | None
    word: str

    @property
    def is_open(self) -> bool:
        return self.status != "done"


@dataclass(frozen=True, slots=True)
class Group:
    """An objective with its lines, in order."""

    key: UUID
    term: str
    text: str
    lines: list[Line] = field(default_factory=list)


class Seated(NamedTuple):
    """A seat that is held now or got the version: when its copy arrived, None while it is on its way or was not sent."""

    seat_id: UUID
    institution_id: UUID | None
    reached_at: datetime | None
    is_held: bool


_TELLER = aliased(Person)
_OBJECTIVES = (
    select(Objective.id, Objective.objective_key, Objective.term, Objective.text_enc)
    .where(Objective.version_id == _VERSION, Objective.removed_at.is_(None))
    .order_by(Objective.position, Objective.id)
)
_LINES = (
    as_they_stand(
        Action.objective_id,
        Action.id,
        Action.action_key,
        Action.planned_on,
        Action.review_on,
        Action.measure_enc,
        Action.service_enc,
        Action.others_enc,
        STATUS,
        Person.name,
        Person.id == bindparam("person_id"),
        and_(Seat.id.is_not(None), Seat.ended_at.is_(None), Seat.recused_at.is_(None)),
        UPDATE.id,
        UPDATE.updated_at,
        UPDATE.note_enc,
        _TELLER.name,
    )
    .outerjoin(Seat, and_(Seat.id == SEAT_ID, Seat.case_id == Action.case_id))
    .outerjoin(Person, Person.id == Seat.person_id)
    .outerjoin(_TELLER, _TELLER.id == UPDATE.updated_by_id)
    .where(Action.version_id == _VERSION)
    .order_by(Action.position, Action.id)
)
_INSTITUTIONS = (
    select(ActionInstitution.action_id, Institution.id, Institution.name)
    .join(Action, Action.id == ActionInstitution.action_id)
    .join(Institution, Institution.id == ActionInstitution.institution_id)
    .where(Action.version_id == _VERSION)
    .order_by(ActionInstitution.position)
)


def groups_of(
    session: Session, version: PlanVersion, person_id: UUID, today: date, at_table: Collection[UUID]
) -> list[Group]:
    """The objectives of a version, each with its actions as they stand today; `is_own` for this person's. Three statements.

    `at_table`: the institutions that sit at the Table.
    """
    asked = {"version_id": version.id, "person_id": person_id}
    text = texts_of(version.case_id, "plan_objective.text_enc")
    groups = {
        objective_id: (number, Group(key, term, text(str(objective_id), text_enc)))
        for number, (objective_id, key, term, text_enc) in enumerate(session.execute(_OBJECTIVES, asked), 1)
    }
    named: Named = defaultdict(list)
    for action_id, institution_id, name in session.execute(_INSTITUTIONS, asked):
        named[action_id].append((institution_id, name))
    opened = _Opened(version.case_id, named, today, at_table)
    for row in session.execute(_LINES, asked):
        number, group = groups[row[0]]
        group.lines.append(opened.line(row, f"{number}.{len(group.lines) + 1}"))
    return [group for _number, group in groups.values()]


Named = dict[UUID, list[tuple[UUID, str]]]


class _Opened:
    """What is opened of an action's row, with the case's key taken once. `named`: the institutions of each action."""

    def __init__(self, case_id: UUID, named: Named, today: date, at_table: Collection[UUID]) -> None:
        self.named, self.today, self.at_table = named, today, at_table
        self.near_on = today + timedelta(days=NEAR_DAYS)
        self.measure = texts_of(case_id, "plan_action.measure_enc")
        self.service = texts_of(case_id, "plan_action.service_enc")
        self.others = texts_of(case_id, "plan_action.others_enc")
        self.note = texts_of(case_id, "plan_action_update.note_enc")

    def line(self, row: Any, number: str) -> Line:
        (_objective, action_id, key, planned_on, review_on, measure, service, others, status, responsible, own,
         at_table, update_id, told_at, note, teller) = row  # fmt: skip
        place, waits = str(action_id), planned_on is not None and status != "done"
        named, outside = self.named.get(action_id, ()), self.others(place, others)
        names = [name for _id, name in named]
        return Line(
            key,
            number,
            _short(self.measure(place, measure)),
            self.service(place, service),
            responsible or "",
            "; ".join([*names, outside] if outside else names),
            planned_on,
            review_on,
            status,
            is_own=bool(own),
            is_outside=facts.is_outside((one for one, _name in named), outside, self.at_table),
            is_orphan=status != "done" and not at_table,
            is_overdue=facts.is_late(planned_on, status, self.today),
            is_near=waits and planned_on <= self.near_on,
            told_by=teller or "",
            told_at=told_at,
            word=_short(self.note(str(update_id), note)) if update_id else "",
        )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]}…"


_TODAY: BindParameter[Any] = bindparam("today")
_HELD = and_(
    Seat.ended_at.is_(None),
    Seat.recused_at.is_(None),
    Seat.meeting_id.is_(None),
    or_(Seat.ends_at.is_(None), Seat.ends_at > bindparam("now")),
    or_(
        Seat.appointment_id.is_(None),
        and_(Appointment.from_on <= _TODAY, or_(Appointment.to_on.is_(None), Appointment.to_on >= _TODAY)),
    ),
)
"""As `queries.live_seats` judges it."""
_SEATS = (
    select(Seat.id, Seat.institution_id, REACHED_AT, _HELD)
    .outerjoin(Appointment, Appointment.id == Seat.appointment_id)
    .outerjoin(PlanSending, and_(PlanSending.seat_id == Seat.id, PlanSending.version_id == _VERSION))
    .outerjoin(OutboxMessage, OutboxMessage.id == PlanSending.outbox_id)
    .where(Seat.case_id == bindparam("case_id"), or_(_HELD, PlanSending.id.is_not(None)))
)


def seats_of(session: Session, version: PlanVersion, now: datetime) -> list[Seated]:
    """Who sits at the Table now, and to whom the version went. One statement."""
    asked = {"version_id": version.id, "case_id": version.case_id, "now": now, "today": civil_date(now)}
    return [Seated(*row) for row in session.execute(_SEATS, asked)]


def institutions_in(seats: Iterable[Seated]) -> set[UUID]:
    """The institutions that sit at the Table now."""
    return {one.institution_id for one in seats if one.is_held and one.institution_id}


def sent(version: PlanVersion, seats: Iterable[Seated], today: date) -> Verdict:
    """Whether the version in force has reached every member (A13.3)."""
    held = {one.seat_id for one in seats if one.is_held}
    return sending.sent(version, held, {one.seat_id: one.reached_at for one in seats}, today)
