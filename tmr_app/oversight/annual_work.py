"""What waits for a person about annual reports: to write, submit or answer; to acknowledge (A5.1.6)."""

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.work_panels import LIMIT, PERSON, TODAY, Asking, Section, Task
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, Municipality, Qps
from tmr_app.oversight import annual_reports
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.regulation.catalogue import label
from tmr_app.regulation.verdicts import Message

DUTY = "A5.1.6"
COMPILERS = ("general_chair", "head", "acting_head")


_REPORTS = (
    select(Appointment.office, Municipality, AnnualReport)
    .outerjoin(Qps, Qps.id == Appointment.qps_id)
    .join(
        Municipality,
        or_(Municipality.id == Appointment.municipality_id, Municipality.id == Qps.municipality_id),
    )
    .outerjoin(  # None where nobody has begun the report
        AnnualReport,
        (AnnualReport.municipality_id == Municipality.id) & (AnnualReport.year == bindparam("year")),
    )
    .where(
        Appointment.person_id == PERSON,
        Appointment.office.in_((*COMPILERS, "municipality_officer")),
        Appointment.from_on <= TODAY,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= TODAY),
        Municipality.table_registered_on.is_not(None),
    )
    .order_by(Municipality.key, AnnualReport.version)
)


def annual(session: Session, asking: Asking) -> Section | None:
    """Reports this person owes, from the first of January on, or has to acknowledge: one statement."""
    if not asking.holds("general_chair", "head", "municipality_officer"):
        return None
    today = civil_date(asking.now)
    year = today.year - 1
    asked = {"person_id": asking.person_id, "today": today, "year": year}
    rows = session.execute(_REPORTS, asked).all()
    submitted = {place.id for _office, place, report in rows if report is not None and report.submitted_at}
    tasks: dict[tuple[str, object], Task] = {}
    for office, place, report in rows:
        if office == "municipality_officer":
            if report is not None and report.status == "submitted":
                tasks["receive", place.id] = _task(place, year, report, "annual.show")
        elif place.id not in submitted and year >= _first_year(place):
            tasks["owe", place.id] = _task(
                place, year, report, "annual.show" if report is not None else "annual.index"
            )
    if not tasks:
        return None
    return Section(
        id="annual",
        heading=Message("Annual reports"),
        deed=Message("Open the report"),
        about_head=Message("Municipality and year"),
        tasks=list(tasks.values())[:LIMIT],
        position=70,
    )


def _first_year(place: Municipality) -> int:
    registered_on = place.table_registered_on
    return max(annual_reports.FIRST_YEAR, registered_on.year) if registered_on else 9999


def _task(place: Municipality, year: int, report: AnnualReport | None, endpoint: str) -> Task:
    values: dict[str, object] = {"municipality_id": place.id}
    if endpoint == "annual.show":
        values["year"] = year
    due_on = annual_reports.due_on(place, year)
    return Task(DUTY, f"{label(place.key, 'sq')} {year}", due_on, endpoint, values)
