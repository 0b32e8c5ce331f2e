"""Two versions of a plan line by line: what was added, taken off, changed, and what stayed. Pure but for reading the lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow, actions_as_adopted, objectives_of
from tmr_app.regulation.verdicts import Label, Message

State = Literal["same", "added", "removed", "changed"]
Value = str | Message | Label

GOAL, AIM = Message("Goal of the plan"), Message("Aim")
BEST_INTEREST = Message("The child's best interest")
MONTHLY = Message("every month")
TERMS = {
    "short": Message("short term"),
    "medium": Message("medium term"),
    "long": Message("long term"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a version says: under a key that stays the same from version to version, cell by cell."""

    key: str
    heading: Value
    cells: tuple[tuple[Message, Value], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """One line in both versions: `cells` are (label, older, newer, whether they differ)."""

    state: State
    heading: Value
    cells: tuple[tuple[Message, Value, Value, bool], ...]


def compare(older: Sequence[Line], newer: Sequence[Line]) -> list[Compared]:
    """In the newer version's order; what was taken off stands after the line it followed."""
    before = {line.key: line for line in older}
    after = {line.key: line for line in newer}
    found = [_both(before.get(line.key), line) for line in newer]
    place = {line.key: index for index, line in enumerate(newer)}
    gone: list[tuple[int, Compared]] = []
    last = -1
    for line in older:
        if line.key in after:
            last = place[line.key]
        else:
            gone.append((last, _gone(line)))
    for index, line_gone in reversed(gone):
        found.insert(index + 1, line_gone)
    return found


def _both(old: Line | None, new: Line) -> Compared:
    if old is None:
        fresh = tuple((label, "", value, True) for label, value in new.cells)
        return Compared("added", new.heading, fresh)
    was: dict[str, Value] = {str(label): value for label, value in old.cells}
    cells: tuple[tuple[Message, Value, Value, bool], ...] = tuple(
        (label, was.get(str(label), ""), value, was.get(str(label), "") != value)
        for label, value in new.cells
    )
    return Compared("changed" if any(one[3] for one in cells) else "same", new.heading, cells)


def _gone(old: Line) -> Compared:
    return Compared("removed", old.heading, tuple((label, value, "", True) for label, value in old.cells))


def lines_of(session: Session, version: PlanVersion) -> list[Line]:
    """What an adopted version says, in its order. Keys of the case must be unlocked."""
    actions = actions_as_adopted(session, version)
    every: Value = MONTHLY
    if version.review_days:
        every = Message("every %(days)s days", days=version.review_days)
    lines = [
        Line("goal", GOAL, ((GOAL, version.goal),)),
        Line("aim", AIM, ((AIM, version.aim),)),
        Line("best_interest", BEST_INTEREST, ((BEST_INTEREST, version.best_interest),)),
        Line("review", Message("Review"), ((Message("Review"), every),)),
    ]
    for objective in objectives_of(session, version, actions):
        row = objective.row
        cells = ((Message("Objective"), row.text), (Message("Term"), TERMS[row.term]))
        lines.append(Line(f"objective:{row.objective_key}", Message("Objective"), cells))
        lines += [_action(one) for one in objective.actions]
    return lines


def _action(one: ActionNow) -> Line:
    row = one.row
    names = [institution.name for institution in one.institutions] + ([row.others] if row.others else [])
    serves: Value = row.serves
    if row.risk:
        serves = (
            Message("%(risk)s; %(need)s", risk=Label(row.risk), need=row.serves)
            if row.serves
            else Label(row.risk)
        )
    cells: tuple[tuple[Message, Value], ...] = (
        (Message("Action or measure"), row.measure),
        (Message("Service"), row.service),
        (Message("Responsible institutions"), "; ".join(names)),
        (Message("Responsible member of the Table"), one.person.name if one.person else ""),
        (Message("Planned date"), Message("%(on)s", on=row.planned_on) if row.planned_on else ""),
        (Message("Review deadline"), Message("%(on)s", on=row.review_on) if row.review_on else ""),
        (Message("Risk or need it serves"), serves),
        (Message("Notes"), row.notes),
    )
    return Line(f"action:{row.action_key}", Message("Action"), cells)
