"""Article 17: closing the case. `(facts, today) -> Verdict`."""

from __future__ import annotations

from datetime import date

from tmr_app.regulation.catalogue import GROUND_KEYS
from tmr_app.regulation.days import add_months
from tmr_app.regulation.duties import keeps
from tmr_app.regulation.facts import (
    AfterEighteenFacts,
    ClosingFacts,
    ClosingFormFacts,
    FamilyPersonFacts,
    OpinionsFacts,
)
from tmr_app.regulation.judging import met, not_met, open_duty, recorded_breach, waived
from tmr_app.regulation.verdicts import Message, Verdict, WayOut


@keeps("A17.1")
def a17_1_assessed_and_recommended(facts: ClosingFacts, today: date) -> Verdict:
    """The case manager assesses, then recommends; both before the Table closes."""
    by_on = facts.closed_on or today
    if facts.assessed_on is None or facts.assessed_on > by_on:
        return _step("A17.1", facts, Message("The case manager has not assessed the case for closing."))
    if facts.recommended_on is None or facts.recommended_on > by_on:
        return _step("A17.1", facts, Message("The case manager has not recommended closing."))
    if facts.recommended_on < facts.assessed_on:
        return not_met("A17.1", Message("Closing was recommended before the assessment."))
    return met("A17.1", on=facts.recommended_on)


def _step(duty: str, facts: ClosingFacts, reason: Message) -> Verdict:
    return not_met(duty, reason) if facts.closed_on else open_duty(duty, reason)


@keeps("A17.2")
def a17_2_opinions_asked(facts: OpinionsFacts, today: date) -> Verdict:
    """The child's opinion where possible, the parent's or guardian's always, before closing."""
    people = [person for person in facts.people if not person.perpetrator]
    child = next((person for person in people if person.kind == "child"), None)
    if facts.ground != "death" and (
        child is None or not (child.views.strip() or child.no_views_reason.strip())
    ):
        return _opinion_gap(Message("The child's opinion is missing, or why it was not possible."))
    parents = [person for person in people if person.kind == "parent_guardian"]
    if any(person.views.strip() for person in parents):
        return met("A17.2", on=_asked_on(people))
    missing = Message("The opinion of the parent or guardian is missing.")
    why = facts.no_parent_reason.strip() or next(
        (person.no_views_reason.strip() for person in parents if person.no_views_reason.strip()), ""
    )
    return recorded_breach("A17.2", missing, why) if why else _opinion_gap(missing)


def _opinion_gap(reason: Message) -> Verdict:
    ask = WayOut("ask_opinion", Message("Ask for the opinion, or write why it is missing."))
    return not_met("A17.2", reason, ask)


def _asked_on(people: list[FamilyPersonFacts]) -> date | None:
    return max((person.notified_on for person in people if person.notified_on), default=None)


def a17_3_missing_steps(facts: ClosingFacts, today: date) -> tuple[Message, ...]:
    """Every step that still stands between the case and its closing, in the order of the article."""
    on = facts.closed_on or today
    missing = [*a17_3_missing_beforehand(facts, on), *_ground_gaps(facts, on)]
    if facts.table_meeting_on is None or facts.table_meeting_on > on:
        missing.append(Message("The Table has not met to close the case."))
    elif a17_3_met_too_early(facts):
        missing.append(MET_TOO_EARLY)
    return tuple(missing)


def a17_3_missing_beforehand(facts: ClosingFacts, on: date) -> tuple[Message, ...]:
    """What must lie before the closing meeting: assessment, recommendation, and the head's approval of them."""
    missing: list[Message] = []
    if facts.assessed_on is None or facts.assessed_on > on:
        missing.append(Message("The case manager has not assessed the case for closing."))
    if facts.recommended_on is None or facts.recommended_on > on:
        missing.append(Message("The case manager has not recommended closing."))
    if facts.head_approved_on is None or facts.head_approved_on > on:
        missing.append(Message("The head of services has not approved the assessment beforehand."))
    elif facts.assessed_on and facts.head_approved_on < facts.assessed_on:
        missing.append(Message("The approval is older than the assessment."))
    return tuple(missing)


MET_TOO_EARLY = Message("The Table met before the head of services approved.")


def a17_3_met_too_early(facts: ClosingFacts) -> bool:
    """The approval comes beforehand: a Table that met before it meets again."""
    if facts.head_approved_on is None or facts.table_meeting_on is None:
        return False
    return facts.head_approved_on > facts.table_meeting_on


def a17_3_ground_missing(facts: ClosingFacts, today: date) -> tuple[Message, ...]:
    """What the chosen ground still lacks when closing is recommended: a transfer is accepted later."""
    gaps = _ground_gaps(facts, facts.closed_on or today)
    return tuple(gap for gap in gaps if gap != _NOT_ACCEPTED)


_NOT_ACCEPTED = Message("The other Centre has not accepted the transfer.")


def _ground_gaps(facts: ClosingFacts, on: date) -> list[Message]:
    if facts.ground not in GROUND_KEYS:
        return [Message("Choose one of the five grounds of Article 17.")]
    return {
        "out_of_danger": _out_of_danger,
        "of_age": _of_age,
        "moved_within": _moved_within,
        "moved_abroad": _moved_abroad,
        "death": _death,
    }[facts.ground](facts, on)


def _out_of_danger(facts: ClosingFacts, on: date) -> list[Message]:
    gaps = []
    if facts.actions_open or not facts.services_given:
        gaps.append(Message("Actions not completed: %(count)s.", count=max(facts.actions_open, 1)))
    if not facts.child_out_of_danger:
        gaps.append(Message("The child is not out of danger."))
    return gaps


def comes_of_age_on(birth_on: date) -> date:
    """The eighteenth birthday; for 29 February the 28th in a common year, as months are counted."""
    return add_months(birth_on, 18 * 12)


def _of_age(facts: ClosingFacts, on: date) -> list[Message]:
    if facts.birth_on is None:
        return [Message("The birth date is not known.")]
    eighteen_on = comes_of_age_on(facts.birth_on)
    return [Message("The child comes of age on %(on)s.", on=eighteen_on)] if on < eighteen_on else []


def _moved_within(facts: ClosingFacts, on: date) -> list[Message]:
    if not facts.transfer_to.strip():
        return [Message("Name the Centre that takes the case over.")]
    if facts.transfer_accepted_on is None or facts.transfer_accepted_on > on:
        return [_NOT_ACCEPTED]
    return []


def _moved_abroad(facts: ClosingFacts, on: date) -> list[Message]:
    gaps = [] if facts.country.strip() else [Message("Name the country.")]
    return (
        gaps
        if facts.best_interest.strip()
        else [*gaps, Message("The best interest of the child is not stated.")]
    )


def _death(facts: ClosingFacts, on: date) -> list[Message]:
    return [] if facts.death_on and facts.death_on <= on else [Message("The date of death is missing.")]


@keeps("A17.3")
def a17_3_closed_on_ground(facts: ClosingFacts, today: date) -> Verdict:
    """One of five grounds with its conditions; the head approved beforehand; the Table closes."""
    missing = a17_3_missing_steps(facts, today)
    if missing:
        ways = tuple(WayOut(f"step_{number}", step) for number, step in enumerate(missing, start=1))
        return not_met("A17.3", missing[0], *ways)
    if facts.closed_on is None:
        return open_duty("A17.3", Message("All steps are done: the case can be closed."))
    return met("A17.3", on=facts.closed_on)


@keeps("A17.4")
def a17_4_services_after_eighteen(facts: AfterEighteenFacts, today: date) -> Verdict:
    """Come of age: are services still needed, and which are recommended."""
    if facts.ground != "of_age":
        return waived("A17.4", Message("The case does not close for age."))
    if facts.services_needed is None:
        reason = Message("It is not assessed whether services are needed after eighteen.")
        return not_met("A17.4", reason) if facts.closed_on else open_duty("A17.4", reason)
    if facts.services_needed and not facts.recommendation.strip():
        return not_met("A17.4", Message("The recommendation of suitable services is missing."))
    return met("A17.4", on=facts.closed_on)


@keeps("A17.5")
def a17_5_closing_form_signed(facts: ClosingFormFacts, today: date) -> Verdict:
    """The closing form is signed by case manager and members and lies in the child's dossier."""
    if facts.made_on is None:
        return open_duty("A17.5", Message("The closing form is not made yet."))
    if not facts.case_manager_signed or facts.signatures < facts.signers:
        reason = Message("Signatures: %(done)s of %(total)s.", done=facts.signatures, total=facts.signers)
        if facts.missing_reason.strip():
            return recorded_breach("A17.5", reason, facts.missing_reason)
        return open_duty("A17.5", reason)
    if not facts.in_dossier:
        return open_duty("A17.5", Message("The closing form is not in the dossier of the child."))
    return met("A17.5", on=facts.last_signed_on or facts.made_on)
