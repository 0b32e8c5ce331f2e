"""What the rules ask of a meeting's papers and of its review (A10.1, A14.3.4, A14.4, A14.6, A15, A20).

Said once: the pages, the deeds and the ledger fill them from what each has read, and so judge alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from tmr_app.kernel.clock import civil_date
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.facts import AnnexFormFacts, MinutesFacts, MonitoringFacts, ReassessmentFacts
from tmr_app.signing.models import INCOMPLETE


@dataclass(frozen=True, slots=True)
class Signed:
    """The frozen minutes: its state, how many are asked to sign and did, when the last one signed, what became of it."""

    state: str
    asked: int
    given: int
    last_signed_at: datetime | None = None
    completed_at: datetime | None = None
    sealed_at: datetime | None = None


def minutes_of(
    meeting_on: date,
    *,
    is_closing: bool,
    drafted_at: datetime | None,
    approved_on: date | None,
    next_meeting_on: date | None,
    signed: Signed | None,
) -> MinutesFacts:
    """A10.1: from the draft to the last signature; before a version is frozen nobody is asked to sign."""
    found = signed or Signed("", 0, 0)
    return MinutesFacts(
        meeting_on,
        drafted_on=_day(drafted_at),
        approved_on=approved_on,
        next_meeting_on=next_meeting_on,
        closing=is_closing,
        signatures=found.given,
        signers=found.asked,
        last_signed_on=_day(found.last_signed_at),
        sealed_on=_day(found.sealed_at),
        closed_incomplete_on=_day(found.completed_at) if found.state == INCOMPLETE else None,
    )


def _day(at: datetime | None) -> date | None:
    return civil_date(at) if at is not None else None


def informed_of(meeting_on: date, summary_sent_at: datetime | None, *, held: bool) -> MonitoringFacts:
    """A14.3.4: when the monitoring summary joined the meeting's papers."""
    return MonitoringFacts(meeting_on, summary_sent_on=_day(summary_sent_at), held=held)


class Review(Protocol):
    """The review of a meeting, begun or completed."""

    @property
    def reviewed_on(self) -> date | None: ...


def review_of(
    meeting_on: date, review: Review | None, *, held: bool, actions: int, recorded: int, finding: str
) -> MonitoringFacts:
    """A14.6 and A15: nothing counts before the review is completed."""
    done = review is not None and review.reviewed_on is not None
    return MonitoringFacts(
        meeting_on,
        form_updated_on=review.reviewed_on if review is not None else None,
        held=held,
        actions=actions,
        progress_recorded=recorded if done else 0,
        child_finding=finding if done else "",
    )


@dataclass(frozen=True, slots=True)
class Called:
    """A meeting called to re-assess."""

    called_at: datetime
    meeting_on: date | None
    held: bool
    risk_redetermined: bool


def reassessment_of(noted_on: date | None, called: Called | None) -> ReassessmentFacts:
    """A14.4: what asks for a new assessment since when, and the meeting called for it."""
    if called is None:
        return ReassessmentFacts(noted_on)
    return ReassessmentFacts(
        noted_on,
        called_on=civil_date(called.called_at),
        meeting_on=called.meeting_on,
        held=called.held,
        risk_redetermined=called.risk_redetermined,
    )


class AnnexVersion(Protocol):
    """One version of the work form."""

    @property
    def labels_sha256(self) -> str: ...
    @property
    def made_at(self) -> datetime: ...


def annex_form_of(
    opened_on: date, meeting_on: date, versions: Sequence[AnnexVersion], present: str
) -> AnnexFormFacts:
    """A20: when the form was first made, and whether the newest one follows the annex to the label (`present`)."""
    if not versions:
        return AnnexFormFacts(opened_on, meeting_on=meeting_on)
    labels = annex_labels("sq") if versions[-1].labels_sha256 == present else ()
    return AnnexFormFacts(opened_on, labels, civil_date(versions[0].made_at), meeting_on)
