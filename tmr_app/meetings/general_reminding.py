"""Reminders of general meetings that are owed, escalation after the date, and reminders of follow-up tasks (A8.2).

Each goes out once, whoever runs the round: every mail has a unique key.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel.clock import civil_date
from tmr_app.meetings import general_notifications
from tmr_app.meetings.general_chairing import chair_of
from tmr_app.meetings.general_models import GeneralMeeting, GeneralTask
from tmr_app.meetings.general_queries import Schedule, schedules
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation import reminders
from tmr_app.regulation.days import Calendar

BEFORE_TASK_DAYS = 7


def remind(session: Session, now: datetime, *, calendar: Calendar | None = None) -> int:
    """Write today's reminders and escalations. Returns how many mails."""
    today = civil_date(now)
    written = sum(
        _owed(session, now, today, place, found, calendar)
        for place, found in schedules(session, Municipality.table_registered_on.is_not(None), now)
    )
    return written + _tasks(session, now, today)


def _owed(
    session: Session,
    now: datetime,
    today: date,
    place: Municipality,
    found: Schedule,
    calendar: Calendar | None,
) -> int:
    """The chair from 30 days before; head and officer too on the day after. A meeting called in time stops the first."""
    due_on = found.owed.due_on
    if due_on is None or today < due_on - timedelta(days=max(reminders.BEFORE_GENERAL) + 7):
        return 0
    last_on = max((on for on in found.facts.held_on if on <= today), default=found.facts.registered_on)
    planned = found.facts.planned_on is not None and found.facts.planned_on <= due_on
    count = 0
    for one in reminders.due_today(
        reminders.general_meeting_reminders(due_on, last_on, calendar), today, frozenset()
    ):
        if planned and not one.escalates:
            continue
        count += general_notifications.tell(
            session,
            _whom(session, place, today, one.escalates),
            kind="general_overdue" if one.escalates else "general_owed",
            now=now,
            parameters={
                "due_on": due_on.isoformat(),
                "path": f"/municipalities/{place.id}/general-meetings/",
            },
            about_id=place.id,
            once_key=f"general:{place.id}:{due_on}:{one.key}",
        )
    return count


def _whom(session: Session, place: Municipality, today: date, escalates: bool) -> list[Person]:
    chair = chair_of(session, place.id, today)
    heads = general_notifications.heads_of(session, place.id, today)
    people = [chair] if chair else heads
    if escalates:
        people = [*people, *heads, *general_notifications.officers_of(session, place.id, today)]
    return list({one.id: one for one in people if one is not None}.values())


def _tasks(session: Session, now: datetime, today: date) -> int:
    """The owner: a week before the date of a task, and the day after it."""
    rows = session.execute(
        select(GeneralTask, GeneralMeeting.code)
        .join(GeneralMeeting, GeneralMeeting.id == GeneralTask.meeting_id)
        .where(
            GeneralTask.done_at.is_(None),
            GeneralTask.dropped_at.is_(None),
            GeneralTask.due_on <= today + timedelta(days=BEFORE_TASK_DAYS),
        )
        .options(joinedload(GeneralTask.owner))
    )
    count = 0
    for task, code in rows:
        step = "after" if task.due_on < today else "before"
        if step == "before" and civil_date(task.set_at) >= today:
            continue  # who was asked today is not reminded today
        count += general_notifications.tell(
            session,
            [task.owner],
            kind="general_task_due",
            now=now,
            parameters={
                "code": code,
                "due_on": task.due_on.isoformat(),
                "path": f"/municipalities/{task.municipality_id}/general-meetings/tasks/{task.id}",
            },
            about_id=task.id,
            once_key=f"general-task:{task.id}:{step}",
        )
    return count
