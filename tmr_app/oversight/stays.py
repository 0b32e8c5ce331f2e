"""A case's stays: which municipality it belonged to from when to when, and how the stay ended (A17.3.3).

A case that moved belongs to the place it left for as long as it was there: there it counts as closed on that ground, with
everything the old Table did; where it moved to it counts as referred on the day it was taken over.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Subquery, and_, case, cast, func, null, or_, select, union_all

from tmr_app.cases.models import Case
from tmr_app.closures.models import Closing
from tmr_app.members.models import Qps

MOVED = "moved_within"


@dataclass(frozen=True)
class Stays:
    """The stays in one municipality beside `Case`: `link` belongs into every condition that uses the other expressions."""

    rows: Subquery

    @property
    def link(self) -> ColumnElement[bool]:
        return self.rows.c.case_id == Case.id

    @property
    def begun_on(self) -> ColumnElement[date]:
        return func.coalesce(self.rows.c.after_on, Case.referred_on)

    @property
    def ended_on(self) -> ColumnElement[Any]:
        return func.coalesce(self.rows.c.until_on, Case.closed_on)

    @property
    def ground(self) -> ColumnElement[Any]:
        return case((self.rows.c.until_on.is_not(None), MOVED), else_=Case.closing_ground)

    @property
    def taken_over(self) -> ColumnElement[bool]:
        return self.rows.c.after_on.is_not(None)

    def on(self, day: ColumnElement[Any]) -> ColumnElement[bool]:
        """What was done on this civil date was done during the stay; on the day of the move, by the place left."""
        after, until = self.rows.c.after_on, self.rows.c.until_on
        return and_(or_(after.is_(None), day > after), or_(until.is_(None), day <= until))


def stays_in(municipality_id: UUID) -> Stays:
    """Past stays are closings by a move to another municipality; the present one is the case's own row."""
    moves = (
        select(
            Closing.case_id.label("case_id"),
            Closing.municipality_id.label("municipality_id"),
            func.lag(Closing.closed_on)
            .over(partition_by=Closing.case_id, order_by=(Closing.closed_on, Closing.closed_at))
            .label("after_on"),
            Closing.closed_on.label("until_on"),
        )
        .join(Qps, Qps.id == Closing.to_qps_id)
        .where(
            Closing.ground == MOVED,
            Closing.state == "closed",
            Qps.municipality_id != Closing.municipality_id,
        )
        .subquery()
    )
    last = (
        select(moves.c.case_id, func.max(moves.c.until_on).label("on")).group_by(moves.c.case_id).subquery()
    )
    present = (
        select(Case.id.label("case_id"), last.c.on.label("after_on"), cast(null(), Date).label("until_on"))
        .outerjoin(last, last.c.case_id == Case.id)
        .where(Case.municipality_id == municipality_id)
    )
    past = select(moves.c.case_id, moves.c.after_on, moves.c.until_on).where(
        moves.c.municipality_id == municipality_id
    )
    return Stays(union_all(present, past).subquery("stay"))
