"""What a year, or a quarter, of a municipality amounts to, counted by the database: one statement a table (A5.1.6, A8.2).

Nothing here is fit to be printed: `annual_release` puts the counts through disclosure control. `municipality_id` None
counts the whole country. A case is *treated* in a year when it was referred by its end and not closed before its start; a
case that moved counts for each municipality by its stay there (`stays`).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, CaseRisk, Referral, RiskLevel
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings.models import Invitation, Meeting, ProgressReport, ReportRequest
from tmr_app.oversight import annual_plan_figures
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.annual_spans import Span, table_of
from tmr_app.oversight.disclosure_cells import Cell, Dimension, Sum, Table
from tmr_app.oversight.figure_columns import (
    AGE,
    ATTENDANCE,
    DURATION,
    FILED,
    FLAG,
    GENDER,
    GROUND,
    LEVEL_END,
    LEVEL_START,
    NOTICE,
    PURPOSE,
    RISK,
    SEAT,
    SECTOR,
    SOURCE,
)

QUARTERS = ("Q1", "Q2", "Q3", "Q4")
HAZARDOUS = "hazardous_work"
ANOTHER_CENTRE = "institution"


def of_year(session: Session, municipality_id: UUID | None, year: int, now: datetime) -> list[Table]:
    """Every table of the annual report: as many statements for one case as for a hundred thousand."""
    span = Span.of_year(municipality_id, year, now)
    return [
        *_flow(session, span),
        _sources(session, span),
        _ages(session, span, span.treated, "treated", AGE, GENDER),
        _risks(session, span, span.treated, "treated"),
        *_levels(session, span),
        _flags(session, span),
        _sectors(session, span),
        *_closings(session, span),
        _meetings(session, span),
        _reports(session, span),
        _attendance(session, span),
        *annual_plan_figures.of_plans(session, span),
    ]


def of_quarter(session: Session, municipality_id: UUID, year: int, number: int, now: datetime) -> list[Table]:
    """What a general meeting is shown of a quarter's referrals: ages in bands, kinds of risk (A8.2)."""
    span = Span.of_quarter(municipality_id, year, number, now)
    return [
        _ages(session, span, span.referred, "referred", AGE),
        _risks(session, span, span.referred, "referred"),
    ]


def sums_of(year: int) -> list[Sum]:
    """What any reader can add up: the flow of cases, the year of its quarters, last year's end and this one's start."""
    named = str(year)
    flow = [
        (("treated", named), (("open_start", named), ("referred", named))),
        (("treated", named), (("closed", named), ("open_end", named))),
        (("open_start", named), (("open_end", str(year - 1)),)),
    ]
    found = [Sum(Cell(*whole), tuple(Cell(*part) for part in parts)) for whole, parts in flow]
    quarters = [Cell("referred", f"{year}-{name}") for name in QUARTERS]
    found.append(Sum(Cell("referred", named), tuple(quarters)))
    for dimension in (AGE, RISK):
        for category in dimension.categories:
            parts = tuple(cell.narrowed(dimension.name, category) for cell in quarters)
            carried = Cell("open_start", named).narrowed(dimension.name, category)
            found.append(Sum(Cell("treated", named).narrowed(dimension.name, category), (carried, *parts)))
    labour = Cell("treated", named).narrowed(RISK.name, HAZARDOUS)
    found.append(Sum(Cell("labour", named), (labour,)))
    return found


def _flow(session: Session, span: Span) -> list[Table]:
    """Carried over, referred, treated, closed, open at the end: one statement."""
    parts = {
        "treated": span.treated,
        "open_start": span.carried,
        "referred": span.referred,
        "closed": span.closed,
    }
    asked = [columns.share(condition).label(name) for name, condition in parts.items()]
    row = session.execute(select(*asked).select_from(Case).where(*span.here)).one()
    counts = {name: int(getattr(row, name)) for name in parts}
    counts["open_end"] = counts["treated"] - counts["closed"]
    return [table_of(name, name, span.period, (), [(count,)]) for name, count in counts.items()]


def _grouped(session: Session, where: ColumnElement[bool], *by: ColumnElement[Any]) -> list[Any]:
    """Cases by these expressions."""
    inner = select(*(one.label(f"by_{number}") for number, one in enumerate(by))).where(where).subquery()
    return list(session.execute(select(*inner.c, func.count()).group_by(*inner.c)))


def _ages(
    session: Session, span: Span, where: ColumnElement[bool], population: str, *dimensions: Dimension
) -> Table:
    year = int(span.period[:4])
    by = [columns.age_band(Case.birth_year, year), columns.one_of(Case.gender, GENDER)][: len(dimensions)]
    return table_of("ages", population, span.period, dimensions, _grouped(session, where, *by))


def _risks(session: Session, span: Span, where: ColumnElement[bool], population: str) -> Table:
    total = session.scalar(select(func.count()).select_from(Case).where(where)) or 0
    rows = session.execute(
        select(CaseRisk.risk, func.count())
        .join(Case, Case.id == CaseRisk.case_id)
        .where(where, CaseRisk.risk.in_(RISK.categories))
        .group_by(CaseRisk.risk)
    )
    return table_of("risks", population, span.period, [RISK], rows, total)


def _sources(session: Session, span: Span) -> Table:
    """By the source of each case's first referral; a case taken over came from another Centre, an institution."""
    first = (
        select(Referral.source)
        .where(Referral.case_id == Case.id)
        .order_by(Referral.received_on, Referral.id)
        .limit(1)
        .correlate(Case)
        .scalar_subquery()
    )
    known = (first.in_(SOURCE.categories), first)
    source = case((span.taken_over, ANOTHER_CENTRE), known, else_=SOURCE.categories[-1])
    rows = _grouped(session, span.referred, source)
    return table_of("sources", "referred", span.period, [SOURCE], rows)


def _levels(session: Session, span: Span) -> list[Table]:
    """The first level ever determined, and the last one by the end of the year."""
    made = []
    for dimension, order in (
        (LEVEL_START, (RiskLevel.determined_at, RiskLevel.id)),
        (LEVEL_END, (RiskLevel.determined_at.desc(), RiskLevel.id)),
    ):
        level = (
            select(RiskLevel.level)
            .where(RiskLevel.case_id == Case.id, RiskLevel.determined_at < span.instants[1])
            .order_by(*order)
            .limit(1)
            .correlate(Case)
            .scalar_subquery()
        )
        known, other = dimension.categories, dimension.categories[-1]
        # Named here: in the statement a database would look each case's level up for every mention of it.
        rows = [
            (one if one in known else other, count) for one, count in _grouped(session, span.treated, level)
        ]
        made.append(table_of(dimension.name, "treated", span.period, [dimension], rows))
    return made


def _flags(session: Session, span: Span) -> Table:
    """The four statuses of A4.6: a child may have several, most have none."""
    flags = {
        "asylum_seeker": Case.is_asylum_seeker,
        "stateless": Case.is_stateless,
        "refugee": Case.is_refugee,
        "migrant": Case.is_migrant,
    }
    asked = [columns.share(column.is_(True)).label(name) for name, column in flags.items()]
    row = session.execute(
        select(func.count().label("whole"), *asked).select_from(Case).where(span.treated)
    ).one()
    rows = [(name, getattr(row, name)) for name in FLAG.categories]
    return table_of("statuses", "treated", span.period, [FLAG], rows, row.whole)


def _sectors(session: Session, span: Span) -> Table:
    """Children in hazardous work, by the guide's sectors."""
    hazardous = exists().where(CaseRisk.case_id == Case.id, CaseRisk.risk == HAZARDOUS)
    rows = _grouped(session, and_(span.treated, hazardous), columns.one_of(Case.labour_sector, SECTOR))
    return table_of("sectors", "labour", span.period, [SECTOR], rows)


def _closings(session: Session, span: Span) -> list[Table]:
    lasted = columns.banded(columns.days_between(span.begun_on, span.ended_on), columns.DURATIONS, "over_365")
    by_ground = _grouped(session, span.closed, columns.one_of(span.ground, GROUND))
    by_time = _grouped(session, span.closed, lasted)
    return [
        table_of("grounds", "closed", span.period, [GROUND], by_ground),
        table_of("durations", "closed", span.period, [DURATION], by_time),
    ]


def _meetings(session: Session, span: Span) -> Table:
    """Meetings held, by purpose and by whether everybody was invited in time (A8.3); extraordinary ones owe less."""
    leads: dict[int, object] = dict.fromkeys(session.scalars(select(Meeting.lead_days).distinct()))
    limits = columns.notice_limits(span.first_on, span.last_on, leads or {3: None})
    accepted = case((OutboxMessage.state == ACCEPTED, OutboxMessage.accepted_at))
    sent_at = func.coalesce(Invitation.handed_over_at, accepted)
    late = columns.share(
        and_(Seat.kind != "case_manager", or_(sent_at.is_(None), sent_at >= limits.c.limit_at))
    )
    asked = and_(
        Invitation.meeting_id == Meeting.id,
        Invitation.seat_id.is_not(None),
        Invitation.left_out.is_(False),
        Invitation.withdrawn_at.is_(None),
    )
    kind = case((Meeting.purpose == "extraordinary", "shorter"), (late > 0, "late"), else_="in_time")
    each = (
        select(columns.one_of(Meeting.purpose, PURPOSE).label("purpose"), kind.label("notice"))
        .select_from(Meeting)
        .join(Case, Case.id == Meeting.case_id)
        .join(limits, and_(limits.c.held_on == Meeting.meeting_on, limits.c.lead == Meeting.lead_days))
        .outerjoin(Invitation, asked)
        .outerjoin(Seat, Seat.id == Invitation.seat_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == Invitation.outbox_id)
        .where(span.held)
        .group_by(Meeting.id, Meeting.purpose)
    )
    inner = each.subquery()
    rows = session.execute(select(*inner.c, func.count()).group_by(*inner.c))
    return table_of("meetings", "meetings", span.period, [PURPOSE, NOTICE], rows)


def _reports(session: Session, span: Span) -> Table:
    """Written reports that fell due, by kind of institution (A8.9)."""
    today = civil_date(span.now)
    filed = case(
        (and_(ProgressReport.filed_at.is_not(None), ProgressReport.is_late.is_(False)), "in_time"),
        (ProgressReport.filed_at.is_not(None), "late"),
        (ReportRequest.due_on < today, "missing"),
        else_="open",
    )
    inner = (
        select(columns.one_of(Seat.kind, SEAT).label("seat"), filed.label("filed"))
        .select_from(ReportRequest)
        .join(Case, Case.id == ReportRequest.case_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            ReportRequest.withdrawn_at.is_(None),
            span.done_on(ReportRequest.due_on),
        )
        .subquery()
    )
    rows = session.execute(select(*inner.c, func.count()).group_by(*inner.c))
    return table_of("reports", "reports", span.period, [SEAT, FILED], rows)


def _attendance(session: Session, span: Span) -> Table:
    """Who came to the meetings held, by kind of seat (A9)."""
    noted = case((Invitation.attendance.in_(ATTENDANCE.categories), Invitation.attendance), else_="not_noted")
    inner = (
        select(columns.one_of(Seat.kind, SEAT).label("seat"), noted.label("attendance"))
        .select_from(Invitation)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Case, Case.id == Meeting.case_id)
        .join(Seat, Seat.id == Invitation.seat_id)
        .where(span.held, Invitation.left_out.is_(False), Invitation.withdrawn_at.is_(None))
        .subquery()
    )
    rows = session.execute(select(*inner.c, func.count()).group_by(*inner.c))
    return table_of("attendance", "attendance", span.period, [SEAT, ATTENDANCE], rows)
