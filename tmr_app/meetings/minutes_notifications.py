"""Who is told what about circulated minutes: a code and a link, never a word of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.notifications import about, tell
from tmr_app.members.models import Person
from tmr_app.signing import notifications, queries
from tmr_app.signing.models import FrozenVersion


def tell_circulated(session: Session, now: datetime, *, meeting: Meeting, version: FrozenVersion) -> None:
    """Everybody with a place to sign; who has no seat any more is led to the one page that is theirs."""
    slots = queries.slots_of(session, version.id)
    people = list(session.scalars(select(Person).where(Person.id.in_([one.person_id for one in slots]))))
    gone = exclusion.excluded_among(
        session, case_id=meeting.case_id, person_ids=[one.id for one in people], now=now, content=False
    )
    for person in people:
        page = about(meeting, "minutes")
        if person.id in gone:
            page["path"] = notifications.sign_path(version)
        tell(
            session,
            [person],
            kind=notifications.CIRCULATED,
            now=now,
            parameters=page,
            case_id=meeting.case_id,
            about_id=version.id,
        )


def tell_objection(session: Session, now: datetime, *, meeting: Meeting, author_id: UUID | None) -> None:
    """The chair of an objection; its author, when given, of the answer."""
    if author_id is None:
        manager = session.scalar(select(Case.case_manager_id).where(Case.id == meeting.case_id))
        person = session.get(Person, manager) if manager else None
        kind = "minutes_objected"
    else:
        person, kind = session.get(Person, author_id), "minutes_objection_answered"
    tell(
        session,
        [person],
        kind=kind,
        now=now,
        parameters=about(meeting, "minutes"),
        case_id=meeting.case_id,
        about_id=meeting.id,
    )
