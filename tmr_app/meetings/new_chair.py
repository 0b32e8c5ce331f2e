"""A new case manager takes over the meetings ahead: invited as their chair, and so in their attendance and minutes (A4.2)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import chairing
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.meetings import convening, inviting
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person


@chairing.when_appointed
def invite(session: Session, actor: Person, now: datetime, case: Case, seat: Seat) -> None:
    """A convened meeting's mail and calendar entry go out at once; one being prepared or held gets the chair's row."""
    ahead = session.scalars(
        select(Meeting)
        .where(Meeting.case_id == case.id, Meeting.status.in_(("preparing", "convened", "running")))
        .options(joinedload(Meeting.room))
        .order_by(Meeting.called_at)
    ).all()
    if not ahead:
        return
    seat.person = session.get_one(Person, seat.person_id)
    for meeting in ahead:
        if meeting.status == "convened":
            convening.invite_late(session, actor, now, meeting=meeting, case=case, seats=[seat])
        else:
            inviting.add_seat(session, meeting=meeting, seat=seat)
