"""How verdicts are made: the few shapes that all rules share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tmr_app.regulation.facts import StandingFacts, WorkFacts
from tmr_app.regulation.readings import READINGS
from tmr_app.regulation.verdicts import Message, Status, Verdict, WayOut


def verdict(
    duty: str,
    status: Status,
    reason: Message | None = None,
    *ways_out: WayOut,
    due_on: date | None = None,
    met_on: date | None = None,
    counted: Message | None = None,
    breach_offer: WayOut | None = None,
) -> Verdict:
    """A verdict with the duty's reading."""
    return Verdict(duty, status, due_on, reason, counted, READINGS.get(duty), ways_out, breach_offer, met_on)


def met(duty: str, reason: Message | None = None, on: date | None = None) -> Verdict:
    """Kept, on a date where one is known."""
    return verdict(duty, Status.MET, reason, met_on=on)


def not_met(duty: str, reason: Message, *ways_out: WayOut) -> Verdict:
    """Refused before the deed, or shown as not kept afterwards."""
    return verdict(duty, Status.NOT_MET, reason, *ways_out)


def recorded_breach(duty: str, text: Message, written: str) -> Verdict:
    """Not met, with its written reason on record: the deed may proceed."""
    reason = Message("%(what)s Written reason: %(reason)s", what=text, reason=written.strip())
    return replace(not_met(duty, reason), breach_recorded=True)


def open_duty(duty: str, reason: Message, *ways_out: WayOut, due_on: date | None = None) -> Verdict:
    """Owed, not late: may proceed."""
    return verdict(duty, Status.DUE, reason, *ways_out, due_on=due_on)


def waived(duty: str, reason: Message, on: date | None = None) -> Verdict:
    """Not owed, for the reason given."""
    return verdict(duty, Status.WAIVED, reason, due_on=on)


def dated(
    duty: str,
    limit_on: date,
    done_on: date | None,
    today: date,
    counted: Message | None = None,
    *ways_out: WayOut,
) -> Verdict:
    """By a last day, inclusive: met, met late, due or overdue. A deed dated after today is not yet done."""
    if done_on is not None and done_on <= today:
        if done_on <= limit_on:
            reason = Message("Done on %(on)s.", on=done_on)
            return verdict(duty, Status.MET, reason, due_on=limit_on, met_on=done_on, counted=counted)
        reason = Message("Done on %(on)s, after the last day %(limit)s.", on=done_on, limit=limit_on)
        return verdict(duty, Status.MET_LATE, reason, due_on=limit_on, met_on=done_on, counted=counted)
    if today <= limit_on:
        reason = Message("Open until %(limit)s.", limit=limit_on)
        return verdict(duty, Status.DUE, reason, *ways_out, due_on=limit_on, counted=counted)
    reason = Message("Was owed by %(limit)s and is not done.", limit=limit_on)
    return verdict(duty, Status.OVERDUE, reason, *ways_out, due_on=limit_on, counted=counted)


TO_PRESENT = Message("On the agenda; to be presented in the meeting.")
"""Why what stands on a coming agenda is not met yet: the text asks that it is presented (A6.1.5, A10.4)."""


def at_meeting(duty: str, ok: bool, held: bool, meeting_on: date, missing: Message) -> Verdict:
    """Owed at a meeting: met once there, due before it is held, not met when it was held without."""
    if ok:
        return verdict(duty, Status.MET, due_on=meeting_on, met_on=meeting_on if held else None)
    return verdict(duty, Status.NOT_MET if held else Status.DUE, missing, due_on=meeting_on)


def three_days_before(meeting_on: date, limit_on: date) -> Message:
    """How a limit before a meeting was counted."""
    return Message(
        "%(meeting)s minus %(days)s calendar days = %(limit)s, until the end of that day.",
        meeting=meeting_on,
        days=(meeting_on - limit_on).days,
        limit=limit_on,
    )


def standing(duty: str, facts: StandingFacts) -> Verdict:
    """A standing prohibition: met with the refusals as evidence, not met after one breach."""
    if facts.breaches:
        return not_met(duty, Message("Breaches on record: %(count)s.", count=facts.breaches))
    return met(duty, Message("Kept. Refusals logged: %(count)s.", count=facts.refusals))


def worked(duty: str, facts: WorkFacts, today: date) -> Verdict:
    """Work counted in pieces: overdue as soon as one is, met when all are done."""
    if facts.overdue or (facts.due_on and facts.due_on < today and facts.done < facts.total):
        count = max(facts.overdue, 1)
        reason = Message("Overdue: %(count)s of %(total)s.", count=count, total=max(facts.total, count))
        return verdict(duty, Status.OVERDUE, reason, due_on=facts.due_on)
    if not facts.total:
        return open_duty(duty, Message("Nothing is recorded yet."), due_on=facts.due_on)
    reason = Message("Done: %(done)s of %(total)s.", done=facts.done, total=facts.total)
    if facts.done >= facts.total:
        return met(duty, reason)
    return open_duty(duty, reason, due_on=facts.due_on)
