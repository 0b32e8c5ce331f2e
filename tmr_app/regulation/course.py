"""What the course of a case says: which phase it is in (A11), whether it asks for a new assessment (A14.4). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tmr_app.regulation.verdicts import Message

LEVELS = ("low", "medium", "high")


@dataclass(frozen=True, slots=True)
class CourseFacts:
    """One review: statuses of the actions before and now, by action; the level of risk then and now; the child's course."""

    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    overdue: int = 0
    risk_before: str = ""
    risk_now: str = ""
    well_being: str = ""


def asks_reassessment(facts: CourseFacts) -> Message | None:
    """Why a meeting to re-assess is offered (A14.4), or None. The case manager decides: the text says "depending on progress".

    Reading: progress stalls when no open action was finished since the last review although one is overdue or reported as
    not done; the risk rises when its level is higher than at the last review or the child fares worse.
    """
    known = facts.risk_before in LEVELS and facts.risk_now in LEVELS
    if known and LEVELS.index(facts.risk_now) > LEVELS.index(facts.risk_before):
        return Message("The level of risk has risen.")
    if facts.well_being == "worse":
        return Message("The Table finds that the child fares worse.")
    open_before = [place for place, status in enumerate(facts.before) if status != "done"]
    finished = sum(facts.now[place] == "done" for place in open_before if place < len(facts.now))
    stuck = facts.overdue + sum(status == "not_done" for status in facts.now)
    if open_before and not finished and stuck:
        return Message("No action was finished since the last review, and some are late or not done.")
    return None


@dataclass(frozen=True, slots=True)
class PathFacts:
    """What of the five phases really happened."""

    phase: str = "assessment"
    is_closed: bool = False
    has_draft: bool = False
    adopted_at: datetime | None = None
    reviewed_at: datetime | None = None


def phase_reached(facts: PathFacts) -> str:
    """The phase a case is in (A11). Reading: phases may be revisited; closure is begun by hand and stays."""
    if facts.is_closed or facts.phase == "closure":
        return "closure"
    if facts.adopted_at is None:
        return "plan" if facts.has_draft else "assessment"
    if facts.reviewed_at is not None and facts.reviewed_at >= facts.adopted_at:
        return "review"
    return "implementation"
