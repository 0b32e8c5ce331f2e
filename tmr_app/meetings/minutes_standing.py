"""How the minutes of a meeting stand by the rule (A10.1): what their page says, and the ledger."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from tmr_app.meetings import facts
from tmr_app.meetings.facts import Signed
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Verdict
from tmr_app.signing.models import FrozenVersion
from tmr_app.signing.queries import Place


def verdict(
    session: Session,
    meeting: Meeting,
    row: Minutes,
    version: FrozenVersion | None,
    places: Sequence[Place],
    today: date,
) -> Verdict:
    """What the rule says of these minutes: approved at the next meeting, signed by all (A10.1). One statement."""
    asked = [one for one in places if one.slot.released_at is None]
    given = [one.signature.signed_at for one in places if one.is_signed and one.signature is not None]
    signed = None
    if version is not None:
        signed = Signed(
            version.state,
            len(asked),
            len(given),
            max(given, default=None),
            version.completed_at,
            version.sealed_at,
        )
    found = facts.minutes_of(
        meeting.meeting_on or today,
        is_closing=meeting.purpose == "closing",
        drafted_at=row.made_at,
        approved_on=row.approved_on,
        next_meeting_on=_next_on(session, meeting),
        signed=signed,
    )
    return articles.a10_1_minutes_approved_and_signed(found, today)


def _next_on(session: Session, meeting: Meeting) -> date | None:
    """The day of the case's meeting that follows, where one is set."""
    later = or_(
        Meeting.meeting_on > meeting.meeting_on,
        and_(Meeting.meeting_on == meeting.meeting_on, Meeting.starts_at > meeting.starts_at),
    )
    return session.scalar(
        select(Meeting.meeting_on)
        .where(Meeting.case_id == meeting.case_id, Meeting.status != "cancelled", later)
        .order_by(Meeting.meeting_on, Meeting.starts_at)
        .limit(1)
    )
