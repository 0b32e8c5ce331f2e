"""Ledger rows of Articles 11 to 14 as far as assessment and risk reach: phases, assessment, the plan that is owed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    ComprehensiveFacts,
    ExtraordinaryFacts,
    PhaseFacts,
    PlanFacts,
    ReassessmentFacts,
    WorkFacts,
)


def completed(view: CaseView, kind: str) -> list[Any]:
    """Rows (one per finding) of completed assessments of one kind, in order."""
    return [one for one in view.assessments if one.kind == kind and one.completed_at is not None]


def is_risk_case(view: CaseView) -> bool:
    """As `meetings.calling` has it: an assessed level, or a kind of risk of Annex 1."""
    return bool(view.case.risk_level or view.case.risks)


@builds("A11")
def phases(view: CaseView) -> Iterator[Row]:
    """The phase the case shows, and what must be there for it."""
    facts = PhaseFacts(
        view.case.phase,
        has_initial_assessment=bool(completed(view, "initial") or completed(view, "comprehensive")),
        closed_on=view.case.closed_on,
    )
    yield view.row(articles.a11_phases(facts, view.today))


@builds("A12.1")
def information_verified(view: CaseView) -> Iterator[Row]:
    """Shown as owed: what was verified is not kept apart yet."""
    yield view.row(articles.a12_1_information_verified(WorkFacts(), view.today), endpoint="cases.assessment")


def assessment_facts(view: CaseView) -> ComprehensiveFacts:
    """A12.2 to A12.5: the newest completed comprehensive assessment, or what the initial one has so far."""
    initial = completed(view, "initial")
    whole = completed(view, "comprehensive")
    newest = max((one.version for one in whole), default=0)
    last = [one for one in whole if one.version == newest]
    shown = last or initial
    return ComprehensiveFacts(
        view.counts_from,
        initial_on=min((one.made_on for one in initial), default=None),
        completed_on=civil_date(min(one.completed_at for one in whole)) if whole else None,
        risk_level=(last[0].risk_level or "") if last else "",
        indicators=frozenset(one.indicator for one in shown if one.indicator),
        limit_days=view.case.assessment_days,
    )


@builds("A12.2")
def comprehensive(view: CaseView) -> Iterator[Row]:
    """Due until the Table has completed it."""
    verdict = articles.a12_2_comprehensive_assessment(assessment_facts(view), view.today)
    yield view.row(verdict, endpoint="cases.assessment")


@builds("A12.3")
def five_indicators(view: CaseView) -> Iterator[Row]:
    """The five indicators of the present assessment."""
    verdict = articles.a12_3_five_indicators(assessment_facts(view), view.today)
    yield view.row(verdict, endpoint="cases.assessment")


@builds("A12.4")
def in_form(view: CaseView) -> Iterator[Row]:
    """The form, after the comprehensive assessment."""
    verdict = articles.a12_4_recorded_in_form(assessment_facts(view), view.today)
    yield view.row(verdict, endpoint="cases.assessment")


@builds("A12.5")
def assessed_in_time(view: CaseView) -> Iterator[Row]:
    """By the municipality's limit, from the opening or the take-over."""
    whole = completed(view, "comprehensive")
    verdict = articles.a12_5_assessed_in_time(assessment_facts(view), view.today)
    first = min((one.completed_at for one in whole), default=None)
    yield view.row(verdict, endpoint="cases.assessment", met_at=first)


@builds("A13.1")
def plan_on_risk(view: CaseView) -> Iterator[Row]:
    """No unified plan is kept yet: owed, with or without an assessed risk."""
    assessed = [one.made_on for one in view.assessments if one.completed_at is not None and one.risk_level]
    facts = PlanFacts(risk_assessed_on=min(assessed, default=None))
    yield view.row(articles.a13_1_plan_on_risk(facts, view.today))


@builds("A14.4")
def reassessment(view: CaseView) -> Iterator[Row]:
    """One row per meeting called to re-assess; else one that says nothing asks for it."""
    called = [one for one in view.meetings if one.purpose == "reassessment" and one.state != "cancelled"]
    if not called:
        yield view.row(articles.a14_4_reassessment_called(ReassessmentFacts(), view.today))
    for meeting in called:
        on: date = civil_date(meeting.called_at)
        facts = ReassessmentFacts(
            noted_on=on,
            called_on=on,
            meeting_on=meeting.meeting_on,
            held=meeting.state == "held",
            risk_redetermined=bool(meeting.risk_redetermined),
        )
        verdict = articles.a14_4_reassessment_called(facts, view.today)
        yield view.row(verdict, meeting=meeting, met_at=meeting.ended_at)


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
