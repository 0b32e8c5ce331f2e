"""Reminders of the plan's monthly review (A5.1.5): to the case manager before it is owed, to the head the day after.

Each goes out once, whoever runs the round. A section of "my work" names the same reviews.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.table_notifications import heads_of
from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, day_after, shows, waits
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation import reminders
from tmr_app.regulation.days import Calendar
from tmr_app.regulation.reminders import BEFORE_REVIEW
from tmr_app.regulation.verdicts import Message

AHEAD_DAYS = max(BEFORE_REVIEW) + 4
"""How long before its day a review stands in "my work": the first reminder, and a long weekend."""


def remind(session: Session, now: datetime, *, calendar: Calendar | None = None) -> int:
    """Write today's reminders and escalations of reviews. Returns how many mails."""
    today, count = civil_date(now), 0
    rows = session.execute(
        select(Case, func.coalesce(_last_review(), _first_adoption()))
        .where(
            Case.status == "open",
            Case.review_due_on.is_not(None),
            Case.review_due_on <= today + timedelta(days=AHEAD_DAYS),
        )
        .options(joinedload(Case.case_manager))
    ).all()
    keys = {case.id: f"review:{case.id}:{case.review_due_on}" for case, _since in rows}
    known = outbox.already_written(session, [f"{key}:{one}" for key in keys.values() for one in _every_key()])
    for case, since_on in rows:
        due_on, key = case.review_due_on, keys[case.id]
        schedule = reminders.review_reminders(due_on, _day(since_on) or due_on - timedelta(days=31), calendar)
        sent = frozenset(one.key for one in schedule if f"{key}:{one.key}" in known)
        for one in reminders.due_today(schedule, today, sent):
            for reader in _readers(session, case, now, escalates=one.escalates):
                _mail(session, now, case, reader, due_on, f"{key}:{one.key}", escalates=one.escalates)
                count += 1
    return count


def _every_key() -> list[str]:
    return [*(f"review:before:{days}" for days in BEFORE_REVIEW), "review:escalate"]


def _day(value: Any) -> date | None:
    """SQLite gives the date of an expression as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def _last_review() -> Any:
    last = select(func.max(PlanReview.reviewed_on)).where(PlanReview.case_id == Case.id)
    return last.correlate(Case).scalar_subquery()


def _first_adoption() -> Any:
    first = select(func.min(PlanVersion.adopted_on)).where(PlanVersion.case_id == Case.id)
    return first.correlate(Case).scalar_subquery()


def _readers(session: Session, case: Case, now: datetime, *, escalates: bool) -> Iterable[Person]:
    """The case manager; past the day the first head of the Centre."""
    if escalates:
        return heads_of(session, case.qps_id, now)[:1]
    return [case.case_manager] if case.case_manager is not None else []


def _mail(
    session: Session,
    now: datetime,
    case: Case,
    reader: Person,
    due_on: date,
    once_key: str,
    *,
    escalates: bool,
) -> None:
    if reader.address_suspended_at is not None:
        return
    outbox.enqueue(
        session,
        kind="review_overdue" if escalates else "review_reminder",
        to=reader,
        now=now,
        parameters={
            "path": "/head-office/supervision" if escalates else "/my-work",
            "due_on": due_on.isoformat(),
        },
        case_id=case.id,
        once_key=once_key,
    )


_PLANNED = exists().where(
    Meeting.case_id == Case.id,
    Meeting.purpose == "review",
    Meeting.status.in_(("preparing", "convened", "running")),
    Meeting.meeting_on <= Case.review_due_on,
)
_REVIEWS = waits(
    case_id=Case.id,
    about=Case.number,
    due_on=Case.review_due_on,
    order_by=(Case.review_due_on, Case.number),
).where(
    Case.case_manager_id == PERSON,
    Case.status == "open",
    Case.review_due_on <= day_after(AHEAD_DAYS),
    ~_PLANNED,
)


@shows(_REVIEWS)
def reviews_due(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Reviews owed soon or past their day in one's own cases, unless a meeting is set that keeps it."""
    tasks = [Task("A5.1.5", row.about, row.due_on, "meetings.call", {"case_id": row.case_id}) for row in rows]
    return Section(
        "reviews", Message("Reviews of plans to call"), Message("Call a meeting"), Message("Case"), tasks, 45
    )
