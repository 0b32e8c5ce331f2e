"""The annex's closing section (A17.5, A20): the ground, other circumstances, and who took part in the closing meeting."""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.closures.models import Closing
from tmr_app.documents.annex1 import Annex1Values
from tmr_app.meetings import annex_forms
from tmr_app.meetings.models import Meeting


@annex_forms.fills
def closing_section(session: Session, case: Case, meeting: Meeting, values: Annex1Values) -> Annex1Values:
    """Filled in for the meeting that decided to close; another meeting's form leaves it empty."""
    one = session.scalar(
        select(Closing)
        .where(
            Closing.case_id == case.id,
            Closing.meeting_id == meeting.id,
            Closing.decided_at.is_not(None),
            Closing.state.in_(("open", "closed")),
        )
        .limit(1)
    )
    if one is None:
        return values
    return replace(
        values,
        ground=one.ground,
        other_circumstances=one.other,
        closing_participants=values.participants,
    )
