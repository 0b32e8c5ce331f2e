"""Reminders of the annual report: before it is owed to whoever compiles it, the day after to the head; each once (A5.1.6)."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.members import holidays
from tmr_app.members.models import Municipality
from tmr_app.oversight import annual_notifications, annual_reports
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.regulation import reminders


def remind(session: Session, now: datetime) -> int:
    """Write today's reminders of last year's report, for each municipality that owes it. Returns how many mails."""
    today = civil_date(now)
    year = today.year - 1
    if year < annual_reports.FIRST_YEAR:
        return 0
    submitted = select(AnnualReport.municipality_id).where(
        AnnualReport.year == year, AnnualReport.submitted_at.is_not(None)
    )
    owing = session.scalars(
        select(Municipality).where(
            Municipality.table_registered_on.is_not(None),
            Municipality.table_registered_on <= date(year, 12, 31),
            Municipality.id.not_in(submitted),
        )
    )
    calendar = holidays.calendar(session)
    return sum(_of(session, now, municipality, year, today, calendar) for municipality in list(owing))


def _of(
    session: Session, now: datetime, municipality: Municipality, year: int, today: date, calendar: object
) -> int:
    limit_on = annual_reports.due_on(municipality, year)
    schedule = reminders.annual_report_reminders(limit_on, date(year, 12, 31), calendar)  # type: ignore[arg-type]
    count = 0
    for one in reminders.due_today(schedule, today, frozenset()):
        offices = ("head", "acting_head") if one.escalates else ()
        people = (
            annual_notifications.holders(session, now, *offices, municipality_id=municipality.id)
            if one.escalates
            else annual_notifications.compilers(session, now, municipality.id)
        )
        keys = {f"annual:{municipality.id}:{year}:{one.key}:{person.id}": person for person in people}
        written = outbox.already_written(session, list(keys))
        for key, person in keys.items():
            if key not in written and person.address_suspended_at is None:
                kind = "annual_report_overdue" if one.escalates else "annual_report_due"
                annual_notifications.remind(session, now, kind, person, municipality, year, limit_on, key)
                count += 1
    return count
