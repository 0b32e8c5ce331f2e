"""Ledger rows of the minutes' course (A10.1): drafted, approved at a named meeting, signed by all, sealed."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from tmr_app.meetings import facts
from tmr_app.meetings.facts import Signed
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.oversight.rows_meetings import dated
from tmr_app.regulation import articles
from tmr_app.signing.models import UNDER_IT, FrozenVersion, Signature, SignatureSlot


@read_as("minutes_course")
def minutes_course(tables: Tables) -> Table:
    """The versions of each meeting's minutes, the newest last, with their signatures counted. One statement."""
    asked = (
        select(func.count())
        .where(SignatureSlot.version_id == FrozenVersion.id, SignatureSlot.released_at.is_(None))
        .scalar_subquery()
    )
    given = select(func.count()).where(Signature.version_id == FrozenVersion.id, Signature.deed.in_(UNDER_IT))
    last = select(func.max(Signature.signed_at)).where(
        Signature.version_id == FrozenVersion.id, Signature.deed.in_(UNDER_IT)
    )
    query = (
        select(
            Minutes.case_id,
            Minutes.meeting_id,
            Minutes.status,
            Minutes.approved_on,
            FrozenVersion.state.label("frozen_state"),
            FrozenVersion.completed_at,
            FrozenVersion.sealed_at,
            asked.label("asked"),
            given.scalar_subquery().label("given"),
            last.scalar_subquery().label("last_signed_at"),
        )
        .outerjoin(FrozenVersion, FrozenVersion.id == Minutes.frozen_id)
        .where(Minutes.corrects_id.is_(None))
        .order_by(Minutes.version)
    )
    return tables.by_case(query, Minutes.case_id)


def _signed(now: Any) -> Signed | None:
    if now is None or now.frozen_state is None:
        return None
    return Signed(now.frozen_state, now.asked, now.given, now.last_signed_at, now.completed_at, now.sealed_at)


@builds("A10.1")
def minutes_approved(view: CaseView) -> Iterator[Row]:
    """One row for each meeting held."""
    course: dict[UUID, Any] = {one.meeting_id: one for one in view.minutes_course}
    meetings = dated(view)
    for place, meeting in enumerate(meetings):
        if meeting.state != "held":
            continue
        following = next((one.meeting_on for one in meetings[place + 1 :]), None)
        now = course.get(meeting.id)
        found = facts.minutes_of(
            meeting.meeting_on,
            is_closing=meeting.purpose == "closing",
            drafted_at=meeting.drafted_at,
            approved_on=now.approved_on if now is not None else None,
            next_meeting_on=following,
            signed=_signed(now),
        )
        verdict = articles.a10_1_minutes_approved_and_signed(found, view.today)
        yield view.row(verdict, meeting=meeting, met_at=now.completed_at if now is not None else None)
