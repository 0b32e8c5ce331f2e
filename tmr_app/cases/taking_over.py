"""Taking over a running case from paper: what was before counts as "before take-over", the ledger counts from there."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, TakeOver
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class TakeOverData:
    """Civil dates out of the paper file; `plan` and `minutes` in words."""

    taken_over_on: date
    last_meeting_on: date | None = None
    last_review_on: date | None = None
    plan_adopted_on: date | None = None
    next_meeting_on: date | None = None
    plan: str = ""
    minutes: str = ""


def take_over(session: Session, actor: Person, now: datetime, *, case: Case, data: TakeOverData) -> TakeOver:
    """Record the paper file's state; a second time corrects it. Raises FieldRefused for dates out of order."""
    _check(case, data, civil_date(now))
    row = take_over_of(session, case.id)
    if row is None:
        row = TakeOver(case_id=case.id, taken_over_on=data.taken_over_on)
        session.add(row)
        session.flush()
    for name in ("taken_over_on", "last_meeting_on", "last_review_on", "plan_adopted_on", "next_meeting_on"):
        setattr(row, name, getattr(data, name))
    row.plan, row.minutes = data.plan, data.minutes
    case.taken_over_on = data.taken_over_on
    if data.plan_adopted_on and case.phase in ("assessment", "plan"):
        case.phase = "implementation"
    audit.note(session, "case:taken_over", object_type="case", object_id=case.id, case_id=case.id)
    return row


def _check(case: Case, data: TakeOverData, today: date) -> None:
    if data.taken_over_on > today:
        raise FieldRefused("taken_over_on", Message("The take-over cannot lie in the future."))
    for name in ("last_meeting_on", "last_review_on", "plan_adopted_on"):
        on = getattr(data, name)
        if on is not None and on > data.taken_over_on:
            raise FieldRefused(name, Message("This date lies after the take-over."))
        if on is not None and on < case.referred_on:
            raise FieldRefused(name, Message("This date lies before the referral."))
    if data.next_meeting_on is not None and data.next_meeting_on < data.taken_over_on:
        raise FieldRefused("next_meeting_on", Message("The next meeting lies before the take-over."))


def take_over_of(session: Session, case_id: UUID) -> TakeOver | None:
    return session.scalar(select(TakeOver).where(TakeOver.case_id == case_id))
