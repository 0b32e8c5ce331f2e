"""The order in which a Table's work on a case ends (A17 with A5.2, A8.11, A10.1): no step before the one it needs. Pure."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the duty it keeps, who does it, what it is called, and what is said to whoever skips it."""

    key: str
    duty: str
    who: str
    title: Message
    missing: Message


ASSESSMENT = Step(
    "assessment",
    "A17.1",
    "case_manager",
    Message("Assessment and recommendation"),
    Message("The case manager has not assessed the case and recommended closing."),
)
OPINIONS = Step(
    "opinions",
    "A17.2",
    "case_manager",
    Message("Opinions of the child and of the parent or guardian"),
    Message("The opinions of the child and of the parent or guardian are missing, or why they are."),
)
APPROVAL = Step(
    "approval",
    "A17.3",
    "head",
    Message("Prior approval by the head of services"),
    Message("The head of services has not approved the assessment beforehand."),
)
MEETING = Step(
    "meeting",
    "A8.11",
    "case_manager",
    Message("Closing meeting with everyone who took part"),
    Message("The closing meeting is not convened."),
)
DECISION = Step(
    "decision",
    "A5.2",
    "table",
    Message("Decision of the Table"),
    Message("The Table has not decided to close the case."),
)
MINUTES = Step(
    "minutes",
    "A10.1",
    "table",
    Message("Minutes of the closing meeting approved"),
    Message("The minutes of the closing meeting are not approved."),
)
FORM = Step(
    "form",
    "A17.5",
    "table",
    Message("Closing form signed by everyone"),
    Message("The closing form is not signed by everyone."),
)
TRANSFER = Step(
    "transfer",
    "A17.3",
    "other_head",
    Message("Transfer to the other Centre"),
    Message("The other Centre has not accepted the transfer."),
)
END = Step(
    "end",
    "A17.3",
    "case_manager",
    Message("Close the case"),
    Message("The case is not closed."),
)
_COMMON = (ASSESSMENT, OPINIONS, APPROVAL, MEETING, DECISION, MINUTES, FORM)


def steps(ground: str) -> tuple[Step, ...]:
    """The steps in order. Moved within the state, the other Centre's acceptance is what closes (A17.3.3)."""
    return (*_COMMON, TRANSFER if ground == "moved_within" else END)


def missing_before(key: str, ground: str, done: Set[str]) -> Step | None:
    """The first earlier step that is not done; None: this step may be taken. KeyError for a step of no closing."""
    order = steps(ground)
    if key not in {step.key for step in order}:
        raise KeyError(key)
    for step in order:
        if step.key == key:
            return None
        if step.key not in done:
            return step
    return None


def current(ground: str, done: Set[str]) -> Step | None:
    """The step to be taken now; None when everything is done."""
    return next((step for step in steps(ground) if step.key not in done), None)
