"""What the rules of Articles 5.1.2 and 12 ask of a case's assessments, said once for pages, deeds and the ledger.

Assessments, changes and pieces are the rows themselves, or rows of the ledger's bundle with the same names.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Protocol

from tmr_app.kernel.clock import civil_date
from tmr_app.regulation.facts import AssessmentChangeFacts, ComprehensiveFacts, WorkFacts


class Version(Protocol):
    """One version of an assessment of any kind."""

    @property
    def made_on(self) -> date: ...
    @property
    def completed_at(self) -> datetime | None: ...


class Change(Protocol):
    """A change of circumstances as it was noted."""

    @property
    def changed_on(self) -> date: ...
    @property
    def noted_at(self) -> datetime: ...


def change_of(versions: Iterable[Version], changes: Iterable[Change]) -> AssessmentChangeFacts:
    """A5.1.2: the newest completed version, and what was noted after it."""
    made = [(one.made_on, one.completed_at) for one in versions if one.completed_at is not None]
    days = [made_on for made_on, _at in made]
    last_at = max((at for _on, at in made), default=None)
    waiting = [one.changed_on for one in changes if last_at is not None and one.noted_at > last_at]
    return AssessmentChangeFacts(
        min(days, default=None),
        changed_on=max(waiting, default=None),
        updated_on=max(days, default=None),
        noted_after=bool(waiting),
    )


def information_of(pieces: int, to_verify: int) -> WorkFacts:
    """A12.1: each piece brought to the assessment is verified or disproved, or still to be."""
    return WorkFacts(total=pieces, done=pieces - to_verify)


def form_of(
    opened_on: date, completed_at: Iterable[datetime], brought_at: Iterable[datetime]
) -> ComprehensiveFacts:
    """A12.4: the form is the newest completed version of the Table; what was brought after it waits for the next one."""
    last_at = max(completed_at, default=None)
    if last_at is None:
        return ComprehensiveFacts(opened_on)
    known_at = max([last_at, *brought_at])
    return ComprehensiveFacts(opened_on, completed_on=civil_date(known_at), form_made_on=civil_date(last_at))
