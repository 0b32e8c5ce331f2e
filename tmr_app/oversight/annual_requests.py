"""What the Ministry of Justice or the Council for the Rights of the Child asks for (A5.1.6): asked, answered, listed."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.members.models import Municipality, Person
from tmr_app.oversight import annual_notifications
from tmr_app.oversight.annual_models import AnnualReport, AnnualRequest
from tmr_app.oversight.annual_reports import DUTY, FIRST_YEAR, versions_of
from tmr_app.regulation.verdicts import Message


def ask(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    municipality: Municipality,
    body: str,
    year: int,
    asked_on: date | None = None,
    once: str | None = None,
) -> AnnualRequest:
    """Register a request, by a reader of the body or from a letter. Raises FieldRefused for a year that cannot be."""
    today = civil_date(now)
    _check(year, asked_on or today, today)
    earlier = session.scalars(
        select(AnnualRequest).where(
            AnnualRequest.municipality_id == municipality.id,
            AnnualRequest.body == body,
            AnnualRequest.year == year,
            AnnualRequest.answered_at.is_(None),
        )
    ).first()
    if earlier is not None:
        raise FieldRefused("year", Message("This report has been asked for already and is not answered yet."))
    made = AnnualRequest(
        municipality_id=municipality.id,
        body=body,
        year=year,
        asked_on=asked_on or today,
        recorded_by_id=actor.id,
        recorded_at=now,
        once_key=once,
    )
    session.add(made)
    session.flush()
    _note(session, made, "asked")
    annual_notifications.tell_of_request(session, now, made)
    return made


def _check(year: int, asked_on: date, today: date) -> None:
    if year > today.year:
        raise FieldRefused(
            "year", Message("%(year)s has not begun: there is nothing to report yet.", year=year)
        )
    if year < FIRST_YEAR:
        raise FieldRefused("year", Message("The Regulation is not older than %(year)s.", year=FIRST_YEAR))
    if asked_on > today:
        raise FieldRefused("asked_on", Message("This day is still to come."))


def answer(session: Session, actor: Person, now: datetime, *, request: AnnualRequest) -> None:
    """Give the body the newest adopted version of the year. Raises OutOfOrder without one, or when answered already."""
    if request.answered_at is not None:
        raise OutOfOrder(Message("This request has been answered already."), DUTY)
    report = given(session, request)
    if report is None:
        raise OutOfOrder(
            Message("The Table has not adopted the report of %(year)s yet.", year=request.year), DUTY
        )
    request.report_id, request.answered_at, request.answered_by_id = report.id, now, actor.id
    _note(session, request, "answered")
    annual_notifications.tell_body(session, now, request)


def given(session: Session, request: AnnualRequest) -> AnnualReport | None:
    """The version an answer would give today."""
    found = versions_of(session, request.municipality_id, request.year)
    return next((report for report in found if report.status != "draft"), None)


def of_municipality(session: Session, municipality_id: UUID) -> list[AnnualRequest]:
    """All requests to one municipality, the open ones first."""
    return list(
        session.scalars(
            select(AnnualRequest)
            .where(AnnualRequest.municipality_id == municipality_id)
            .options(joinedload(AnnualRequest.report))
            .order_by(AnnualRequest.answered_at.is_not(None), AnnualRequest.asked_on.desc())
        )
    )


def find(session: Session, request_id: UUID, municipality_id: UUID) -> AnnualRequest:
    """One request to this municipality. Raises NotFound."""
    found = session.get(AnnualRequest, request_id)
    if found is None or found.municipality_id != municipality_id:
        raise NotFound("annual request")
    return found


def of_bodies(session: Session, bodies: Sequence[str]) -> list[AnnualRequest]:
    """What these bodies have asked for, everywhere, the newest first."""
    return list(
        session.scalars(
            select(AnnualRequest)
            .where(AnnualRequest.body.in_(bodies))
            .options(joinedload(AnnualRequest.municipality), joinedload(AnnualRequest.report))
            .order_by(AnnualRequest.asked_on.desc(), AnnualRequest.id)
            .limit(500)
        )
    )


def provided(session: Session, bodies: Sequence[str], report_id: UUID) -> AnnualReport:
    """A report that was given to one of these bodies. Raises NotFound for any other."""
    was_given = exists().where(
        AnnualRequest.report_id == AnnualReport.id,
        AnnualRequest.body.in_(bodies),
        AnnualRequest.answered_at.is_not(None),
    )
    found = session.scalars(
        select(AnnualReport)
        .where(AnnualReport.id == report_id, was_given)
        .options(joinedload(AnnualReport.municipality))
    ).first()
    if found is None:
        raise NotFound("annual report")
    return found


def _note(session: Session, request: AnnualRequest, deed: str) -> None:
    audit.note(
        session,
        f"annual_request:{deed}",
        object_type="annual_request",
        object_id=request.id,
        rule=DUTY,
    )
