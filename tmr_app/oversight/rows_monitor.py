"""Ledger rows of assessment and its verification (A5.1.2, A12): what members brought, what the chair decided, what changed."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from tmr_app.cases import facts
from tmr_app.cases.information import CHAIRS, TO_VERIFY
from tmr_app.cases.monitoring_models import CircumstanceChange, Information
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ComprehensiveFacts


@read_as("information")
def information(tables: Tables) -> Table:
    """By seat's kind and state: how many pieces, the first and the last."""
    query = (
        select(
            Information.case_id,
            Information.state,
            Seat.kind,
            func.count().label("pieces"),
            func.min(Information.added_at).label("first_at"),
            func.max(Information.added_at).label("last_at"),
        )
        .outerjoin(Seat, Seat.id == Information.seat_id)
        .group_by(Information.case_id, Information.state, Seat.kind)
    )
    return tables.by_case(query, Information.case_id)


@read_as("circumstances")
def circumstances(tables: Tables) -> Table:
    """Changes noted, in the order they were noted."""
    query = select(
        CircumstanceChange.case_id, CircumstanceChange.changed_on, CircumstanceChange.noted_at
    ).order_by(CircumstanceChange.noted_at)
    return tables.by_case(query, CircumstanceChange.case_id)


def completed(view: CaseView, kind: str) -> list[Any]:
    """Rows (one per finding) of completed assessments of one kind, in order."""
    return [one for one in view.assessments if one.kind == kind and one.completed_at is not None]


@builds("A5.1.2")
def assessment_current(view: CaseView) -> Iterator[Row]:
    """The latest version, and whether a change noted after it waits for a new one."""
    made = [one for one in view.assessments if one.completed_at is not None]
    last_at = max((one.completed_at for one in made), default=None)
    found = facts.change_of(made, view.circumstances)
    verdict = articles.a5_1_2_assessment_current(found, view.today)
    yield view.row(verdict, endpoint="cases.assessment", met_at=last_at)


@builds("A12.1")
def information_verified(view: CaseView) -> Iterator[Row]:
    """Each piece brought to the assessment: verified, disproved, or still to verify."""
    total = sum(one.pieces for one in view.information)
    open_ones = sum(one.pieces for one in view.information if one.state == TO_VERIFY)
    verdict = articles.a12_1_information_verified(facts.information_of(total, open_ones), view.today)
    yield view.row(verdict, endpoint="cases.assessment_information")


def contributions(view: CaseView) -> int:
    """Pieces that members brought, the chair's own apart."""
    return sum(one.pieces for one in view.information if one.kind and one.kind not in CHAIRS)


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
        contributions=contributions(view) if whole else 0,
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
    """The form is the completed version; what was brought after it waits for the next one."""
    whole = [one.completed_at for one in completed(view, "comprehensive")]
    found = facts.form_of(view.counts_from, whole, (one.last_at for one in view.information))
    yield view.row(articles.a12_4_recorded_in_form(found, view.today), endpoint="cases.assessment")


@builds("A12.5")
def assessed_in_time(view: CaseView) -> Iterator[Row]:
    """By the municipality's limit, from the opening or the take-over."""
    whole = completed(view, "comprehensive")
    verdict = articles.a12_5_assessed_in_time(assessment_facts(view), view.today)
    first = min((one.completed_at for one in whole), default=None)
    yield view.row(verdict, endpoint="cases.assessment", met_at=first)
