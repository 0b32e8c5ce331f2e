"""Ledger rows of Articles 11 to 14 as far as assessment and risk reach: phases, assessment, the plan that is owed."""

from collections.abc import Iterator

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    ExtraordinaryFacts,
)


def is_risk_case(view: CaseView) -> bool:
    """As `meetings.calling` has it: an assessed level, or a kind of risk of Annex 1."""
    return bool(view.case.risk_level or view.case.risks)


@builds("A14.5")
def extraordinary(view: CaseView) -> Iterator[Row]:
    """One row per extraordinary meeting: the risk is stated, the head was told at once."""
    for meeting in view.meetings:
        if meeting.purpose != "extraordinary" or meeting.state == "cancelled":
            continue
        facts = ExtraordinaryFacts(
            meeting.meeting_on or view.today,
            risk_stated=meeting.stated_risk,
            risk_case=is_risk_case(view),
            called_on=civil_date(meeting.called_at),
            head_told_on=civil_date(meeting.head_informed_at) if meeting.head_informed_at else None,
        )
        verdict = articles.a14_5_extraordinary(facts, view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.head_informed_at)
