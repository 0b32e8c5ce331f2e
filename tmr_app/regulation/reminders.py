"""On which civil dates people are reminded before a limit, and when it is escalated. Nothing here sends.

A reminder is named by its key, so that each goes out once: `(key, on)` is unique per person and matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tmr_app.regulation.days import (
    NOTICE_DAYS,
    Calendar,
    last_working_day_on_or_before,
    minus_days,
    notice_limit,
    report_limit,
)

BEFORE_REPORT = (7, 2, 0)
BEFORE_ANSWER = (2, 0)
BEFORE_ACTION = (7, 1)
AFTER_ACTION = (1, 4)
BEFORE_REVIEW = (10, 3)
BEFORE_GENERAL = (30, 14)
BEFORE_ANNUAL = (60, 30, 7)


@dataclass(frozen=True, slots=True)
class Reminder:
    """`key` such as "report:before:2" or "report:escalate"; `on` = the day it goes out; `limit_on` = what it is about."""

    key: str
    on: date
    limit_on: date
    escalates: bool = False


def _schedule(
    what: str,
    limit_on: date,
    before: tuple[int, ...],
    from_on: date,
    calendar: Calendar | None,
    after: int | None,
) -> tuple[Reminder, ...]:
    calendar = calendar or Calendar()
    found: dict[date, Reminder] = {}
    for days in before:
        on = last_working_day_on_or_before(minus_days(limit_on, days), calendar)
        if on > from_on:  # who was asked today is not reminded today
            found.setdefault(on, Reminder(f"{what}:before:{days}", on, limit_on))
    escalation: tuple[Reminder, ...] = ()
    if after is not None:
        on = limit_on + timedelta(days=after)
        escalation = (Reminder(f"{what}:escalate", on, limit_on, escalates=True),)
    return (*sorted(found.values(), key=lambda one: one.on), *escalation)


def report_reminders(
    meeting_on: date, requested_on: date, calendar: Calendar | None = None
) -> tuple[Reminder, ...]:
    """A8.9: to the member before the limit; to the case manager the day after it."""
    return _schedule("report", report_limit(meeting_on), BEFORE_REPORT, requested_on, calendar, 1)


def answer_reminders(
    meeting_on: date, invited_on: date, calendar: Calendar | None = None
) -> tuple[Reminder, ...]:
    """An unanswered invitation: reminded before the meeting, the case manager told the day before it."""
    return _schedule("answer", minus_days(meeting_on, 1), BEFORE_ANSWER, invited_on, calendar, 0)


def action_reminders(
    planned_on: date, asked_on: date, calendar: Calendar | None = None, silent_since: date | None = None
) -> tuple[Reminder, ...]:
    """A14.3.1 and A14.3.3: before an action's date and twice after it; after 7 days it goes to the case manager.

    So whoever got the plan on the action's own day was still asked twice before the superior is thought of (A14.3.2).
    `silent_since`: when this member was asked first and has not answered. Who was asked only after both days had passed (the
    action was given to them later, or the worker stood still) is asked once more, so that they, too, were asked twice.
    """
    overdue = [
        Reminder(f"action:after:{days}", planned_on + timedelta(days=days), planned_on)
        for days in AFTER_ACTION
    ]
    if silent_since is not None and silent_since >= overdue[-1].on:
        apart = timedelta(days=AFTER_ACTION[-1] - AFTER_ACTION[0])
        overdue.append(Reminder("action:after:again", silent_since + apart, planned_on))
    *before, escalation = _schedule("action", planned_on, BEFORE_ACTION, asked_on, calendar, 7)
    return (*before, *overdue, escalation)


def review_reminders(
    limit_on: date, adopted_on: date, calendar: Calendar | None = None
) -> tuple[Reminder, ...]:
    """A5.1.5: to the case manager before the monthly review is owed; to the head the day after."""
    return _schedule("review", limit_on, BEFORE_REVIEW, adopted_on, calendar, 1)


def general_meeting_reminders(
    limit_on: date, last_on: date, calendar: Calendar | None = None
) -> tuple[Reminder, ...]:
    """A8.2: to the officer who convenes before the quarterly meeting is owed; to the head the day after."""
    return _schedule("general", limit_on, BEFORE_GENERAL, last_on, calendar, 1)


def annual_report_reminders(
    limit_on: date, year_end_on: date, calendar: Calendar | None = None
) -> tuple[Reminder, ...]:
    """A5.1.6: to whoever compiles before the report is owed; to the head the day after."""
    return _schedule("annual", limit_on, BEFORE_ANNUAL, year_end_on, calendar, 1)


def initiation_reminders(requested_on: date, escalate_days: int = 7) -> tuple[Reminder, ...]:
    """A8.4: a member's request left open goes to the head of services."""
    on = requested_on + timedelta(days=escalate_days + 1)
    return (Reminder("initiation:escalate", on, minus_days(on, 1), escalates=True),)


def due_today(reminders: tuple[Reminder, ...], today: date, sent: frozenset[str]) -> tuple[Reminder, ...]:
    """What goes out now: the newest reminder whose day has come and was not sent, and any open escalation.

    After an interruption only the newest is sent, not the whole backlog.
    """
    come = [one for one in reminders if one.on <= today]
    newest = [one for one in come if not one.escalates][-1:]
    return tuple(one for one in (*newest, *(one for one in come if one.escalates)) if one.key not in sent)


def red_from_on(meeting_on: date, lead_days: int = NOTICE_DAYS) -> date:
    """The day from whose beginning less than 24 hours remain of the limit of A8.3; LeadTooShort below 3 days.

    The limit is the end of its day, so 24 hours before it is the beginning of that day.
    """
    return notice_limit(meeting_on, lead_days)


def unreached_turns_red(
    meeting_on: date,
    reached: bool,
    today: date,
    lead_days: int = NOTICE_DAYS,
    *,
    extraordinary: bool = False,
) -> bool:
    """True when a member's notice is not accepted (nor handed over) 24 hours before the limit, or later.

    The limit of an extraordinary meeting is its own day (A14.5).
    """
    red_from = minus_days(meeting_on, 1) if extraordinary else red_from_on(meeting_on, lead_days)
    return not reached and today >= red_from
