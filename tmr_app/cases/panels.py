"""What rooms above add to a case's pages: lines of "what is due", entries of the timeline, words for audit tags.

Registered once at start-up (`web`), so that this room imports nothing from above.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tmr_app.access.standing import Standing
from tmr_app.cases.models import Case
from tmr_app.regulation.verdicts import Message, Verdict


@dataclass(frozen=True, slots=True)
class DueLine:
    """One duty on the summary: its verdict, what it is about, and where to do it."""

    verdict: Verdict
    title: Message | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline: at an instant, or on a civil date. `by` is an official name.

    `kind`: a key of `timeline.KINDS`, by which entries are filtered; empty for what belongs to none.
    """

    title: Message
    at: datetime | None = None
    on: date | None = None
    by: str = ""
    text: str = ""
    url: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class NextStep:
    """What comes first for the reader: one button at the top of the case's summary."""

    title: Message
    button: Message
    url: str


DueSource = Callable[[Session, Case, Standing, datetime], Iterable[DueLine]]
StepSource = Callable[[Session, Case, Standing], NextStep | None]
EntrySource = Callable[[Session, Case], Iterable[Entry]]

_due_sources: list[DueSource] = []
_step_sources: list[StepSource] = []
_entry_sources: list[EntrySource] = []
_words: dict[str, Message] = {}


def case_panels(source: DueSource) -> DueSource:
    """Register who knows what a case owes: called as `source(session, case, standing, now)`, in a few statements."""
    if source not in _due_sources:
        _due_sources.append(source)
    return source


def step_source(source: StepSource) -> StepSource:
    """Register who knows what comes first for the reader of a case: at most one statement."""
    if source not in _step_sources:
        _step_sources.append(source)
    return source


def next_step(session: Session, case: Case, standing: Standing) -> NextStep | None:
    """The first step that some source names."""
    found = (source(session, case, standing) for source in _step_sources)
    return next((step for step in found if step is not None), None)


def timeline_source(source: EntrySource) -> EntrySource:
    """Register entries of the timeline that a room above keeps (meetings, plans)."""
    if source not in _entry_sources:
        _entry_sources.append(source)
    return source


def audit_words(words: dict[str, Message]) -> None:
    """Register what an audit tag ("meeting:convened", "read:meetings:show") means in words."""
    _words.update(words)


def due_lines(session: Session, case: Case, standing: Standing, now: datetime) -> list[DueLine]:
    """Everything due in this case, the earliest first."""
    lines = [line for source in _due_sources for line in source(session, case, standing, now)]
    return sorted(lines, key=lambda line: line.verdict.due_on or date.max)


def more_entries(session: Session, case: Case) -> list[Entry]:
    return [entry for source in _entry_sources for entry in source(session, case)]


def words_of(tag: str) -> Message | None:
    return _words.get(tag)
