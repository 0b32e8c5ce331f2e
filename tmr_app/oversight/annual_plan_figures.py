"""What a year's plans amount to: adopted, reviewed in time, actions by status; and the general meetings held (A5.1.5, A8.2).

The service of an action is a sealed text; its kind is counted as the kind of institution of the responsible member.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.oversight import figure_columns as columns
from tmr_app.oversight.annual_spans import Span, table_of
from tmr_app.oversight.disclosure_cells import Table
from tmr_app.oversight.figure_columns import ACTION, PLAN, REVIEWED, SEAT
from tmr_app.plans.models import Action, ActionUpdate, PlanVersion
from tmr_app.plans.review_models import PlanReview
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ReviewFacts
from tmr_app.regulation.verdicts import Status


def of_plans(session: Session, span: Span) -> list[Table]:
    """Plans, reviews, actions, general meetings: one statement each."""
    return [_plans(session, span), _reviews(session, span), _actions(session, span), _general(session, span)]


def _plans(session: Session, span: Span) -> Table:
    """Versions adopted in the year: a case's first plan, or a later version of it."""
    kind = case((PlanVersion.number == 1, "first"), else_="updated")
    rows = session.execute(
        select(kind, func.count())
        .select_from(PlanVersion)
        .join(Case, Case.id == PlanVersion.case_id)
        .where(span.done_on(PlanVersion.adopted_on))
        .group_by(kind)
    )
    return table_of("plans", "plans", span.period, [PLAN], rows)


def _reviews(session: Session, span: Span) -> Table:
    """Reviews by whether the month was kept: those held in the year, and those that nobody had held by its end."""
    return table_of(
        "reviews", "reviews", span.period, [REVIEWED], [*_held(session, span), *_missed(session, span)]
    )


def _held(session: Session, span: Span) -> Iterator[tuple[str, int]]:
    """Reviews held in the year. The database groups them by pairs of dates."""
    adopted = (
        select(PlanVersion.case_id, func.min(PlanVersion.adopted_on).label("adopted_on"))
        .where(PlanVersion.status == "adopted")
        .group_by(PlanVersion.case_id)
        .subquery()
    )
    before = func.lag(PlanReview.reviewed_on).over(
        partition_by=PlanReview.case_id, order_by=(PlanReview.reviewed_on, PlanReview.id)
    )
    each = (
        select(PlanReview.case_id, PlanReview.version_id, PlanReview.reviewed_on, before.label("before_on"))
        .where(PlanReview.reviewed_on.is_not(None))
        .subquery()
    )
    last_on = func.coalesce(each.c.before_on, adopted.c.adopted_on)
    rows = session.execute(
        select(last_on, each.c.reviewed_on, PlanVersion.review_days, func.count())
        .select_from(each)
        .join(Case, Case.id == each.c.case_id)
        .join(adopted, adopted.c.case_id == each.c.case_id)
        .join(PlanVersion, PlanVersion.id == each.c.version_id)
        .where(span.done_on(each.c.reviewed_on))
        .group_by(last_on, each.c.reviewed_on, PlanVersion.review_days)
    )
    today = civil_date(span.now)
    return ((_in_time(last, on, days, today), count) for last, on, days, count in rows)


def _in_time(last_on: date, on: date, interval_days: int | None, today: date) -> str:
    """What the rule says of one review."""
    facts = ReviewFacts(last_on, (on,), interval_days)
    verdicts: Iterator[Status] = (one.status for one in articles.a5_1_5_past_reviews(facts, today))
    return "late" if next(verdicts, Status.MET) is Status.MET_LATE else "in_time"


def _missed(session: Session, span: Span) -> Iterator[tuple[str, int]]:
    """Plans whose review was owed before the year's end, the case's own end or its move, and had not been held by then."""
    end = case((span.ended_on < span.until, span.ended_on), else_=span.until)

    def of_case(query: Select[Any]) -> ColumnElement[Any]:
        return query.correlate(*span.correlated).scalar_subquery()

    plans = (PlanVersion.case_id == Case.id, PlanVersion.adopted_on <= end)
    reviews = (PlanReview.case_id == Case.id, PlanReview.reviewed_on <= end)
    interval = select(PlanVersion.review_days).where(*plans).order_by(PlanVersion.number.desc()).limit(1)
    each = (
        select(
            of_case(select(func.min(PlanVersion.adopted_on)).where(*plans)).label("adopted_on"),
            of_case(select(func.max(PlanReview.reviewed_on)).where(*reviews)).label("reviewed_on"),
            of_case(interval).label("days"),
            end.label("end_on"),
        )
        .select_from(Case)
        .where(span.treated)
        .subquery()
    )
    found = (each.c.adopted_on, each.c.reviewed_on, each.c.days, each.c.end_on)
    rows = session.execute(
        select(*found, func.count()).where(each.c.adopted_on.is_not(None)).group_by(*found)
    )
    today = civil_date(span.now)
    for adopted_on, reviewed_on, days, end_on, count in rows:
        facts = ReviewFacts(reviewed_on or adopted_on, (), days)
        if articles.a5_1_5_reviewed_monthly(facts, min(end_on, today)).status is Status.OVERDUE:
            yield "missing", count


def _actions(session: Session, span: Span) -> Table:
    """Actions of the version in force at the year's end, or when the case moved away, as last told by the year's end."""
    newest = (
        select(func.max(PlanVersion.number))
        .where(PlanVersion.case_id == Case.id, PlanVersion.adopted_on <= span.until)
        .correlate(*span.correlated)
        .scalar_subquery()
    )
    told = (
        select(ActionUpdate.status)
        .where(
            ActionUpdate.case_id == Action.case_id,
            ActionUpdate.action_key == Action.action_key,
            ActionUpdate.updated_at < span.instants[1],
        )
        .order_by(ActionUpdate.number.desc())
        .limit(1)
        .correlate(Action)
        .scalar_subquery()
    )
    inner = (
        select(
            columns.one_of(Seat.kind, SEAT).label("seat"),
            func.coalesce(told, ACTION.categories[0]).label("action"),
        )
        .select_from(Action)
        .join(PlanVersion, PlanVersion.id == Action.version_id)
        .join(Case, Case.id == Action.case_id)
        .outerjoin(Seat, Seat.id == Action.seat_id)
        .where(and_(PlanVersion.number == newest, Action.removed_at.is_(None)), span.treated)
        .subquery()
    )
    rows = session.execute(select(*inner.c, func.count()).group_by(*inner.c))
    return table_of("actions", "actions", span.period, [SEAT, ACTION], rows)


def _general(session: Session, span: Span) -> Table:
    """General meetings are the municipality's own: no child, no case in them."""
    query = select(func.count()).where(
        GeneralMeeting.status == "held", GeneralMeeting.meeting_on.between(span.first_on, span.last_on)
    )
    if span.municipality_id is not None:
        query = query.where(GeneralMeeting.municipality_id == span.municipality_id)
    count = session.scalar(query) or 0
    return table_of("general_meetings", "general_meetings", span.period, (), [(count,)], of_children=False)
