"""The lines of a plan as its page shows them: one an action, grouped by objective; read as plain rows, in three statements.

Only what stands in a line is opened. The rest of an action (notes, risk or need, history) stands on its own page.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from tmr_app.cases.table_models import Seat
from tmr_app.kernel.db import id_as_kept, id_text
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.ready import Ready
from tmr_app.members.models import Institution, Person
from tmr_app.plans import facts
from tmr_app.plans.actions_now import SEAT_ID, STATUS, UPDATE, as_they_stand
from tmr_app.plans.models import Action, ActionInstitution, Objective
from tmr_app.plans.superiors import TO_JUDGE, is_offered

SHOWN = 160
"""Letters of a measure or of the latest word in a line; all of it stands on the action's own page."""
NEAR_DAYS = 14
"""So many days ahead, and when it is over, the days left stand beside the date."""
_VERSION: BindParameter[Any] = bindparam("version_id")


class Line(NamedTuple):
    """One action: what, by which service, whose, until when, and the latest word on it.

    `is_orphan`: nobody's at the Table; `is_outside`: of an institution beside the Table (A19); `is_silent`: the member did
    not answer, and the case manager has still to judge it (A14.3.2).
    """

    key: str
    number: str
    measure: str
    service: str
    seat_id: str | None
    responsible: str
    institutions: str
    planned_on: date | None
    status: str
    is_own: bool
    is_outside: bool
    is_orphan: bool
    is_overdue: bool
    is_near: bool
    is_silent: bool
    told_by: str
    told_at: datetime | None
    word: str

    @property
    def is_open(self) -> bool:
        return self.status != "done"


def to_do_first(one: Line) -> tuple[bool, date]:
    """A person's own actions in the order in which they wait: the earliest date first, what is done at the end."""
    return not one.is_open, one.planned_on or date.max


@dataclass(frozen=True, slots=True)
class Group:
    """An objective with its lines, in order."""

    key: UUID
    term: str
    text: str
    lines: list[Line] = field(default_factory=list)


_TELLER = aliased(Person)
_OBJECTIVES = Ready(
    select(
        id_as_kept(Objective.id),
        id_text(Objective.id),
        Objective.objective_key,
        Objective.term,
        Objective.text_enc,
    )
    .where(Objective.version_id == _VERSION, Objective.removed_at.is_(None))
    .order_by(Objective.position, Objective.id)
)
_LINES = Ready(
    as_they_stand(
        id_as_kept(Action.objective_id),
        id_as_kept(Action.id),
        id_text(Action.id),
        id_text(Action.action_key),
        Action.planned_on,
        Action.measure_enc,
        Action.service_enc,
        Action.others_enc,
        STATUS,
        id_text(SEAT_ID),
        Seat.kind,
        Person.name,
        Person.id == bindparam("person_id"),
        and_(Seat.id.is_not(None), Seat.ended_at.is_(None), Seat.recused_at.is_(None)),
        TO_JUDGE,
        id_text(UPDATE.id),
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
_INSTITUTIONS = Ready(
    select(id_as_kept(ActionInstitution.action_id), id_as_kept(Institution.id), Institution.name)
    .join(Action, Action.id == ActionInstitution.action_id)
    .join(Institution, Institution.id == ActionInstitution.institution_id)
    .where(Action.version_id == _VERSION)
    .order_by(ActionInstitution.position)
)


def groups_of(
    rows: Connection, case_id: UUID, version_id: UUID, person_id: UUID, today: date, at_table: Collection[Any]
) -> list[Group]:
    """The objectives of a version, each with its actions as they stand today; `is_own` for this person's. Three statements.

    `at_table`: the institutions that sit at the Table, their ids as the driver gives them.
    """
    asked = {"version_id": version_id, "person_id": person_id, "today": today}
    text = texts_of(case_id, "plan_objective.text_enc")
    groups = {
        kept: (number, Group(key, term, text(objective_id, text_enc)))
        for number, (kept, objective_id, key, term, text_enc) in enumerate(_OBJECTIVES.rows(rows, asked), 1)
    }
    named: Named = defaultdict(list)
    for action_id, institution_id, name in _INSTITUTIONS.rows(rows, asked):
        named[action_id].append((institution_id, name))
    opened = _Opened(case_id, named, today, at_table)
    for row in _LINES.rows(rows, asked):
        number, group = groups[row[0]]
        group.lines.append(opened.line(row, f"{number}.{len(group.lines) + 1}"))
    return [group for _number, group in groups.values()]


Named = dict[Any, list[tuple[Any, str]]]


class _Opened:
    """What is opened of an action's row, with the case's key taken once. `named`: the institutions of each action."""

    def __init__(self, case_id: UUID, named: Named, today: date, at_table: Collection[Any]) -> None:
        self.named, self.today, self.at_table = named, today, at_table
        self.near_on = today + timedelta(days=NEAR_DAYS)
        self.measure = texts_of(case_id, "plan_action.measure_enc")
        self.service = texts_of(case_id, "plan_action.service_enc")
        self.others = texts_of(case_id, "plan_action.others_enc")
        self.note = texts_of(case_id, "plan_action_update.note_enc")

    def line(self, row: Any, number: str) -> Line:
        (_objective, kept, action_id, key, planned_on, measure, service, others, status, seat_id, seat_kind, responsible,
         own, at_table, in_vain, update_id, told_at, note, teller) = row  # fmt: skip
        named, outside = self.named.get(kept, ()), self.others(action_id, others)
        names = [name for _id, name in named]
        waits = planned_on is not None and status != "done"
        return Line(
            key,
            number,
            _short(self.measure(action_id, measure)),
            self.service(action_id, service),
            seat_id,
            responsible or "",
            "; ".join([*names, outside] if outside else names),
            planned_on,
            status,
            is_own=bool(own),
            is_outside=facts.is_outside((one for one, _name in named), outside, self.at_table),
            is_orphan=status != "done" and not at_table,
            is_overdue=facts.is_late(planned_on, status, self.today),
            is_near=waits and planned_on <= self.near_on,
            is_silent=waits and bool(at_table) and is_offered(planned_on, seat_kind, in_vain, self.today),
            told_by=teller or "",
            told_at=told_at,
            word=_short(self.note(update_id, note)) if update_id else "",
        )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rsplit(' ', 1)[0]}…"
