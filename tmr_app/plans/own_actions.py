"""A person's own actions over all cases: the page on the phone, and the section of "my work". No word of a case's content."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import live_seat, newest_text
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.cases.work_panels import LIMIT, Asking, Section, Task, work_section
from tmr_app.kernel import vault
from tmr_app.plans.models import Action, PlanVersion
from tmr_app.plans.requesting import Open, open_actions
from tmr_app.regulation import articles
from tmr_app.regulation.facts_procedure import ActionFacts
from tmr_app.regulation.verdicts import Message

SHOWN = 100


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
        """The rule's answer for an open action (A14.2)."""
        facts = ActionFacts(self.action_key, planned_on=self.planned_on)
        return articles.a14_2_action_carried_out(facts, today).refuses


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
    signed = exists().where(
        Declaration.case_id == Seat.case_id,
        Declaration.person_id == person_id,
        Declaration.text_id == newest_text().scalar_subquery(),
    )
    open_to = set(
        session.scalars(select(Seat.id).where(live_seat(person_id, now), Seat.conflict.is_not(None), signed))
    )
    if not open_to:
        return []
    return [
        one for one in open_actions(session, case_ids=None, person_id=person_id) if one.seat_id in open_to
    ]


@work_section
def section(session: Session, asking: Asking) -> Section | None:
    """My work: actions of mine, by case number."""
    return Section(
        "actions",
        Message("Actions of the plan that are mine"),
        Message("Tell what was done"),
        Message("Case"),
        list(_tasks(session, asking)),
        position=20,
    )


def _tasks(session: Session, asking: Asking) -> Iterator[Task]:
    found = _readable(session, asking.person_id, asking.now)[:LIMIT]
    numbers = _numbers(session, {one.case_id for one in found})
    for one in found:
        values = {"case_id": one.case_id, "action_key": one.action_key}
        yield Task("A14.2", numbers[one.case_id], one.planned_on, "plans.action", values)


def _numbers(session: Session, case_ids: set[UUID]) -> dict[UUID, str]:
    if not case_ids:
        return {}
    rows = session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids)))
    return {row.id: row.number for row in rows}
