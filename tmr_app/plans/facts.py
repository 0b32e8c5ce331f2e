"""What the rules of Article 14 ask of a plan in force, said once: pages, deeds, the daily round and the ledger count alike.

An action is an `ActionNow`, or a row of the ledger's bundle with the same names.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Protocol

from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    ActionFacts,
    InformationFacts,
    PhaseFacts,
    ReviewFacts,
    SuperiorFacts,
    WorkFacts,
)


class Planned(Protocol):
    """An action of the plan in force: until when, and what it stands at."""

    @property
    def planned_on(self) -> date | None: ...
    @property
    def status(self) -> str: ...


class Followed(Planned, Protocol):
    """The same with the day on which it was done."""

    @property
    def done_on(self) -> date | None: ...


def work_of(actions: Collection[Planned], today: date) -> WorkFacts:
    """A5.1.4, A6.1.7, A14.1, A19: how many of these actions are done, the next date, how many are past theirs."""
    waiting = [one.planned_on for one in actions if one.status != "done" and one.planned_on]
    return WorkFacts(
        total=len(actions),
        done=len([one for one in actions if one.status == "done"]),
        due_on=min(waiting, default=None),
        overdue=sum(on < today for on in waiting),
    )


@lru_cache(maxsize=4096)
def is_late(planned_on: date | None, status: str, today: date) -> bool:
    """A14.2: not carried out, and its date is over; one reported as not done is late from its date on."""
    done_on = today if status == "done" else None
    action = ActionFacts("", planned_on=planned_on, status=status, done_on=done_on)
    answer = articles.a14_2_action_carried_out(action, today)
    return answer.refuses and answer.due_on is not None and answer.due_on < today


def information_of(
    one: Followed, planned_on: date, adopted_on: date, asked: Iterable[date]
) -> InformationFacts:
    """A14.3.1 and A14.3.3: `asked` are the days on which its members were asked for word on this date."""
    done_on = one.done_on if one.status == "done" else None
    return InformationFacts(planned_on, min(asked, default=None), plan_sent_on=adopted_on, done_on=done_on)


def silence_of(
    owed_on: date, seat_kind: str | None, requests: int, done_on: date | None = None
) -> SuperiorFacts:
    """A14.3.2, not judged yet: `requests` that no word of the member followed."""
    return SuperiorFacts(
        owed_on, is_case_manager=seat_kind == "case_manager", reminded=requests, done_on=done_on
    )


class Adoption(Protocol):
    """An adopted version."""

    @property
    def adopted_on(self) -> date | None: ...
    @property
    def review_days(self) -> int | None: ...


class OnPaper(Protocol):
    """What was there when the case was taken over from paper."""

    @property
    def plan_adopted_on(self) -> date | None: ...
    @property
    def last_review_on(self) -> date | None: ...


def first_adopted_on(adoptions: Sequence[Adoption], on_paper: Sequence[OnPaper]) -> date | None:
    """The first adoption: of a version kept here, or before the take-over from paper."""
    days = [one.adopted_on for one in adoptions] + [one.plan_adopted_on for one in on_paper]
    return min((on for on in days if on), default=None)


def phase_of(phase: str, *, assessed: bool, adopted_on: date | None, closed_on: date | None) -> PhaseFacts:
    """A11: the phase shown and what there is of the case; a plan adopted rests on an assessment, here or on paper."""
    return PhaseFacts(
        phase,
        has_initial_assessment=assessed or adopted_on is not None,
        plan_adopted_on=adopted_on,
        closed_on=closed_on,
    )


def review_of(
    adoptions: Sequence[Adoption],
    on_paper: Sequence[OnPaper],
    reviewed_on: Iterable[date | None],
    closed_on: date | None,
) -> ReviewFacts:
    """A5.1.5: the Table's reviews since the first adoption; the interval is the newest version's own."""
    held = [*(one.last_review_on for one in on_paper), *reviewed_on]
    return ReviewFacts(
        first_adopted_on(adoptions, on_paper),
        tuple(on for on in held if on),
        adoptions[-1].review_days if adoptions else None,
        closed_on=closed_on,
    )


def is_outside(institutions: Iterable[object], others: str, at_table: Collection[object]) -> bool:
    """A19: an institution or organisation that gives the service and does not sit at the Table."""
    return bool(others) or not set(institutions).issubset(at_table)
