"""Corrections of the holiday library: its Eid dates are estimates, and the Government may add a day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import HolidayCorrection, Person
from tmr_app.regulation.days import Calendar
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class HolidayDay:
    """One day of a year's list: of the library, added, or taken away by a correction."""

    on: date
    name: str
    correction: HolidayCorrection | None
    is_holiday: bool


def corrections(session: Session) -> list[HolidayCorrection]:
    return list(session.scalars(select(HolidayCorrection).order_by(HolidayCorrection.on)))


def calendar(session: Session, locale: str = "sq") -> Calendar:
    """Kosovo's non-working days with the administrators' corrections."""
    return _calendar(corrections(session), locale)


def _calendar(rows: list[HolidayCorrection], locale: str) -> Calendar:
    return Calendar(
        locale,
        added=tuple((row.on, row.name) for row in rows if row.is_holiday),
        removed=frozenset(row.on for row in rows if not row.is_holiday),
    )


def days_of_year(session: Session, year: int, locale: str) -> list[HolidayDay]:
    """Every holiday of the year and every correction, in order; weekends are left out."""
    rows = corrections(session)
    by_day = {row.on: row for row in rows}
    plain, corrected = Calendar(locale), _calendar(rows, locale)
    listed = []
    on = date(year, 1, 1)
    while on.year == year:
        row = by_day.get(on)
        name = _holiday(corrected, on)
        if row is not None and not row.is_holiday:
            listed.append(HolidayDay(on, _holiday(plain, on) or row.name, row, is_holiday=False))
        elif name is not None:
            listed.append(HolidayDay(on, name, row, is_holiday=True))
        on += timedelta(days=1)
    return listed


def _holiday(calendar: Calendar, on: date) -> str | None:
    """The holiday's name; None for a working day and for a plain weekend."""
    name = calendar.non_working_name(on)
    weekend = Calendar(calendar.locale, removed=frozenset({on})).non_working_name(on)
    return None if name == weekend else name


def correct(
    session: Session, actor: Person | None, now: datetime, *, on: date, is_holiday: bool, name: str
) -> HolidayCorrection:
    """Say that `on` is (not) a holiday; an earlier correction of the day is replaced. Raises FieldRefused."""
    plain = _holiday(Calendar(), on)
    if not is_holiday and plain is None:
        raise FieldRefused("on", Message("This day is not in the list of holidays."))
    row = session.scalar(select(HolidayCorrection).where(HolidayCorrection.on == on))
    if row is None:
        row = HolidayCorrection(on=on, is_holiday=is_holiday, name=name or plain or "", created_at=now)
        session.add(row)
    row.is_holiday, row.name = is_holiday, name or plain or ""
    row.corrected_by_id = actor.id if actor else None
    session.flush()
    _note(session, actor, "holiday:corrected", row)
    return row


def take_back(
    session: Session, actor: Person | None, now: datetime, *, correction: HolidayCorrection
) -> None:
    """The library's own word counts again for that day."""
    _note(session, actor, "holiday:correction_removed", correction)
    session.delete(correction)


def _note(session: Session, actor: Person | None, tag: str, row: HolidayCorrection) -> None:
    audit.note(
        session,
        tag,
        object_type="holiday_correction",
        object_id=row.id,
        actor_id=actor.id if actor else None,
        changes={"on": row.on, "is_holiday": row.is_holiday, "name": row.name},
    )
