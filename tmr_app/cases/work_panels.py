"""What waits for one person beyond the lists "my work" keeps itself: sections that rooms register, so that each shows its own.

Registered once at start-up; `oversight.my_work` asks them, so that this room imports nothing from above.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: its duty, what it is about (a code or a case number), until when, and the page where it is done."""

    duty: str
    about: str
    due_on: date | None
    endpoint: str
    values: dict[str, Any] = field(default_factory=dict)
    kind: str = ""


class Asking(NamedTuple):
    """For whom the page is made: `headed` are the Centres this person heads today; `now` an instant in UTC.

    `offices`: the words of the offices that run today (`access.standing.Office`), None where nobody has looked.
    """

    person_id: UUID
    now: datetime
    headed: Sequence[UUID] = ()
    offices: frozenset[str] | None = None

    def holds(self, *names: str) -> bool:
        """Whether one of these offices may be this person's: a source for other offices asks the database nothing."""
        return self.offices is None or bool(self.offices & set(names))


@dataclass(frozen=True, slots=True)
class Section:
    """A list of tasks under one heading. `deed` is the words of the link, `about_head` the first column's heading."""

    id: str
    heading: Message
    deed: Message
    about_head: Message
    tasks: list[Task]
    position: int = 50


Source = Callable[[Session, Asking], Section | None]

LIMIT = 25
"""A source lists at most so many tasks, in one statement: the page costs the same for two cases and for two thousand."""

_sources: list[Source] = []


def work_section(source: Source) -> Source:
    """Register who knows what waits for a person (also as a decorator): called as `source(session, asking)`."""
    if source not in _sources:
        _sources.append(source)
    return source


def sections(session: Session, asking: Asking) -> list[Section]:
    """The registered sections that have a task, by position."""
    found = [section for source in _sources if (section := source(session, asking)) and section.tasks]
    return sorted(found, key=lambda section: section.position)
