"""What plans ask of meetings: where the Table is sitting, and where it sat."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.meetings.models import Meeting
from tmr_app.plans.meetings_of_case import MeetingOfCase, meetings_source


@meetings_source
def meetings(session: Session, case_id: UUID) -> list[MeetingOfCase]:
    """Running and held meetings of a case, the newest first."""
    rows = session.execute(
        select(Meeting.id, Meeting.code, Meeting.meeting_on, Meeting.status, Meeting.started_at)
        .where(
            Meeting.case_id == case_id,
            Meeting.status.in_(("running", "held")),
            Meeting.meeting_on.is_not(None),
        )
        .order_by(Meeting.meeting_on.desc(), Meeting.id)
    )
    return [
        MeetingOfCase(row.id, row.code, row.meeting_on, row.status, row.started_at)
        for row in rows
        if row.meeting_on is not None
    ]
