"""Minutes of a general meeting: frozen by version with their fingerprint, approved at the next general meeting (A10.1)."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings.general_calling import note
from tmr_app.meetings.general_models import GeneralMeeting, GeneralMinutes
from tmr_app.meetings.general_queries import invitees_of, items_of, tasks_of
from tmr_app.meetings.notifications import location
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


def content_of(session: Session, meeting: GeneralMeeting) -> dict[str, Any]:
    """Everything the paper prints, as plain values."""
    chair = session.get(Person, meeting.chaired_by_id) if meeting.chaired_by_id else None
    return {
        "code": meeting.code,
        "municipality": str(meeting.municipality_id),
        "meeting_on": meeting.meeting_on.isoformat() if meeting.meeting_on else None,
        "started_at": _iso(meeting.started_at),
        "ended_at": _iso(meeting.ended_at),
        "place": location(meeting.room),
        "chair": chair.name if chair else "",
        "attendance": [
            {
                "person_id": str(one.person_id),
                "name": one.person.name,
                "institution": one.institution.name if one.institution else "",
                "seat_kind": one.seat_kind,
                "attendance": one.attendance,
                "substitute": one.substitute.name if one.substitute else "",
                "reason": one.attendance_reason,
            }
            for one in invitees_of(session, meeting.id)
        ],
        "items": [
            {"kind": one.kind, "title": one.title, "discussion": one.discussion, "decision": one.decision}
            for one in items_of(session, meeting.id)
        ],
        "tasks": [
            {"owner": one.owner.name, "text": one.text, "due_on": one.due_on.isoformat()}
            for one in tasks_of(session, meeting.municipality_id, meeting_id=meeting.id)
        ],
        "figures": _public(meeting.figures),
    }


def _public(figures: dict[str, Any] | None) -> dict[str, Any] | None:
    """What was shown, without what only the counting needs."""
    return {name: value for name, value in figures.items() if name != "release"} if figures else None


def digest(content: dict[str, Any]) -> str:
    """SHA-256 (hex) over the purpose and the canonical JSON."""
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(b"tmr-general-minutes\x00" + plain.encode()).hexdigest()


def write(session: Session, actor: Person, now: datetime, *, meeting: GeneralMeeting) -> GeneralMinutes:
    """Freeze what the meeting holds now as the next version."""
    last = latest(session, meeting.id)
    content = content_of(session, meeting)
    made = GeneralMinutes(
        id=uuid4(),
        municipality_id=meeting.municipality_id,
        meeting_id=meeting.id,
        version=(last.version if last else 0) + 1,
        status="draft",
        sha256=digest(content),
        made_by_id=actor.id,
        made_at=now,
    )
    made.content = content
    session.add(made)
    session.flush()
    note(session, actor, "general:minutes-written", meeting, "A10.1")
    return made


def latest(session: Session, meeting_id: UUID) -> GeneralMinutes | None:
    return session.scalar(
        select(GeneralMinutes)
        .where(GeneralMinutes.meeting_id == meeting_id)
        .order_by(GeneralMinutes.version.desc())
        .limit(1)
    )


def approve(
    session: Session, actor: Person, now: datetime, *, meeting: GeneralMeeting, at: GeneralMeeting
) -> GeneralMinutes:
    """Approved by the Table at the next general meeting `at`. Approving twice changes nothing. Raises OutOfOrder."""
    minutes = latest(session, meeting.id)
    if minutes is None:
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    if minutes.status != "approved":
        minutes.status, minutes.approved_on, minutes.approved_at_id = "approved", civil_date(now), at.id
        note(session, actor, "general:minutes-approved", meeting, "A10.1")
    return minutes


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
