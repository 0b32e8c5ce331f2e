"""What plans must know of the case's meetings, told by the room above: where a plan can be adopted, and where it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class MeetingOfCase:
    """A meeting that runs or was held."""

    id: UUID
    code: str
    on: date
    status: str
    started_at: datetime | None = None


MeetingSource = Callable[[Session, UUID], list[MeetingOfCase]]
_sources: list[MeetingSource] = []


def meetings_source(source: MeetingSource) -> MeetingSource:
    """Register who knows the meetings of a case: running and held ones, the newest first."""
    _sources[:] = [source]
    return source


def meetings_of(session: Session, case_id: UUID) -> list[MeetingOfCase]:
    """Running and held meetings of the case, the newest first; none while nobody knows."""
    return [one for source in _sources for one in source(session, case_id)]


def adopting_meetings(session: Session, case_id: UUID) -> list[MeetingOfCase]:
    """Where the draft can be adopted now: the meeting that runs; else the last one held, when it was not written down in time."""
    found = meetings_of(session, case_id)
    running = [one for one in found if one.status == "running"]
    return running or [one for one in found if one.status == "held"][:1]
