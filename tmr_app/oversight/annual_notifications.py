"""Who is told what of the annual report: a link, the year, nothing else."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, Municipality, Person, Qps
from tmr_app.oversight.annual_models import AnnualReport, AnnualRequest

BODY_OFFICES = {"ministry": "ministry_reader", "council": "council_reader"}


def tell_officers(session: Session, now: datetime, report: AnnualReport) -> None:
    """The report is there to be received."""
    for person in holders(session, now, "municipality_officer", municipality_id=report.municipality_id):
        _mail(session, now, "annual_report_submitted", person, report_path(report), report.year, report.id)


def tell_compiler(session: Session, now: datetime, report: AnnualReport) -> None:
    """The officer has acknowledged it."""
    person = session.get(Person, report.submitted_by_id) if report.submitted_by_id else None
    if person is not None:
        _mail(session, now, "annual_report_acknowledged", person, report_path(report), report.year, report.id)


def tell_of_request(session: Session, now: datetime, request: AnnualRequest) -> None:
    """A body asks: the compilers are told."""
    path = f"/municipalities/{request.municipality_id}/annual-reports"
    for person in compilers(session, now, request.municipality_id):
        _mail(session, now, "annual_report_requested", person, path, request.year, request.id)


def tell_body(session: Session, now: datetime, request: AnnualRequest) -> None:
    """The report a body asked for can be read."""
    for person in holders(session, now, BODY_OFFICES[request.body]):
        _mail(session, now, "annual_report_provided", person, "/annual-reports", request.year, request.id)


def compilers(session: Session, now: datetime, municipality_id: UUID) -> list[Person]:
    """The one named for the municipality; without one, the heads of its Centres."""
    named = holders(session, now, "general_chair", municipality_id=municipality_id)
    return named or holders(session, now, "head", "acting_head", municipality_id=municipality_id)


def holders(
    session: Session, now: datetime, *offices: str, municipality_id: UUID | None = None
) -> list[Person]:
    """Who holds one of these offices today, of the municipality or one of its Centres."""
    today = civil_date(now)
    query = (
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.office.in_(offices),
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .order_by(Person.id)
    )
    if municipality_id is not None:
        centres = select(Qps.id).where(Qps.municipality_id == municipality_id)
        query = query.where(
            or_(Appointment.municipality_id == municipality_id, Appointment.qps_id.in_(centres))
        )
    return list(dict.fromkeys(session.scalars(query)))


def report_path(report: AnnualReport) -> str:
    return f"/municipalities/{report.municipality_id}/annual-reports/{report.year}"


def remind(
    session: Session,
    now: datetime,
    kind: str,
    person: Person,
    municipality: Municipality,
    year: int,
    due_on: date,
    once_key: str,
) -> None:
    """One reminder to one person, under its key."""
    path = f"/municipalities/{municipality.id}/annual-reports"
    _mail(session, now, kind, person, path, year, None, once_key, {"due_on": due_on.isoformat()})


def _mail(
    session: Session,
    now: datetime,
    kind: str,
    person: Person,
    path: str,
    year: int,
    about_id: UUID | None,
    once_key: str | None = None,
    more: dict[str, str] | None = None,
) -> None:
    if person.address_suspended_at is not None:
        return
    outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=now,
        parameters={"path": path, "year": year, **(more or {})},
        about_id=about_id,
        once_key=once_key,
    )
