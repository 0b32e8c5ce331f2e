"""Ledger rows of Articles 2 to 7: the Table, its seats, its chair."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.bundle_columns import keys
from tmr_app.oversight.ledger import DONE, LOOK_AT_ALL, CaseView, Row, builds
from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    BestInterestFacts,
    ChairFacts,
    CompositionFacts,
    SeatFacts,
    StandingFacts,
    StatusFacts,
    Tenure,
    WorkFacts,
)
from tmr_app.regulation.verdicts import Status


def refusals(view: CaseView, *rules: str) -> int:
    """How often the audit holds a refusal in this case: by these rules, or by any rule when none is named."""
    return sum(
        trace.times
        for trace in view.traces
        if trace.outcome == "refused" and (not rules or trace.rule in rules)
    )


@builds("A2")
def binds_everyone(view: CaseView) -> Iterator[Row]:
    """Standing: everyone who takes part is bound; every refusal of a rule is the evidence."""
    facts = StandingFacts(refusals=refusals(view))
    yield view.row(articles.a2_binds_everyone(facts, view.today), endpoint="table.show")


@builds("A4.2")
def one_chair(view: CaseView) -> Iterator[Row]:
    """One case manager at a time; on the day of a hand-over the one who took over counts."""
    begun = {civil_date(term.from_at) for term in view.terms}
    tenures = []
    for term in view.terms:
        until_on = civil_date(term.to_at) if term.to_at else None
        if until_on in begun and until_on is not None:
            until_on -= timedelta(days=1)
        tenures.append(Tenure(term.person_id, civil_date(term.from_at), until_on))
    facts = ChairFacts(tuple(tenures), closed_on=view.case.closed_on)
    started = max((term.from_at for term in view.terms), default=None)
    yield view.row(
        articles.a4_2_one_case_manager_chairs(facts, view.today), endpoint="table.show", met_at=started
    )


def seat_facts(seat: Any) -> SeatFacts:
    """A stored seat as the rules see it."""
    return SeatFacts(
        seat.id,
        seat.kind,
        reason=seat.reason,
        institution=str(seat.institution_id or ""),
        person=seat.person_id,
        ended_on=civil_date(seat.ended_at) if seat.ended_at else None,
        recused_on=civil_date(seat.recused_at) if seat.recused_at else None,
    )


def runs(seat: Any) -> bool:
    """A seat that lives today: neither ended nor recused, its appointment running."""
    return seat.ended_at is None and seat.recused_at is None and bool(seat.appointed)


def chosen(view: CaseView) -> list[Any]:
    """The seats the case manager chose: lasting, running, apart from the chair's own office."""
    return [
        seat
        for seat in view.seats
        if runs(seat)
        and seat.meeting_id is None
        and seat.kind not in ("case_manager", "assistant_case_manager")
    ]


@builds("A4.3")
def seats_by_needs(view: CaseView) -> Iterator[Row]:
    """Each seat's reason, after the first completed assessment."""
    assessed = [one.completed_at for one in view.assessments if one.completed_at is not None]
    facts = CompositionFacts(
        tuple(seat_facts(seat) for seat in chosen(view)),
        needs_assessed_on=civil_date(min(assessed)) if assessed else None,
    )
    verdict = articles.a4_3_seats_chosen_by_needs(facts, view.today)
    yield view.row(verdict, endpoint="table.show", met_at=min(assessed) if assessed else None)


@builds("A4.4")
def other_professionals(view: CaseView) -> Iterator[Row]:
    """One row per seat outside the catalogue."""
    for seat in chosen(view):
        if seat.kind == "other_professional":
            verdict = articles.a4_4_other_professional(seat_facts(seat), view.today)
            yield view.row(verdict, subject=seat.kind, endpoint="table.show", met_at=seat.seated_at)


@builds("A4.5")
def no_perpetrator(view: CaseView) -> Iterator[Row]:
    """Standing: nobody marked takes part; refusals are the evidence."""
    marked = {one.id for one in view.relations if one.is_suspected_perpetrator}
    breaches = sum(one.relation_id in marked and one.withdrawn_at is None for one in view.participants)
    facts = StandingFacts(refusals=refusals(view, "A4.5"), breaches=breaches)
    yield view.row(articles.a4_5_no_perpetrator(facts, view.today), endpoint="table.show")


@builds("A4.6")
def representatives(view: CaseView) -> Iterator[Row]:
    """The child's statuses and the kinds at the Table; a meeting convened without one shows the written reason."""
    flags = {
        "asylum_seeker": view.case.is_asylum_seeker,
        "stateless": view.case.is_stateless,
        "refugee": view.case.is_refugee,
        "migrant": view.case.is_migrant,
    }
    statuses = frozenset(key for key, holds in flags.items() if holds)
    kinds = frozenset(seat.kind for seat in view.seats if runs(seat) and seat.meeting_id is None)
    written = next(
        (one.asylum_override_reason for one in reversed(view.meetings) if one.asylum_override_reason), ""
    )
    verdict = articles.a4_6_representatives_added(StatusFacts(statuses, kinds, written), view.today)
    yield view.row(verdict, endpoint="table.show")


@builds("A5.1.1")
def best_interest(view: CaseView) -> Iterator[Row]:
    """The kinds of Annex 1 this case carries."""
    facts = BestInterestFacts(
        keys(view.case.risks),
        keys(view.case.risks_with_text),
        closing_states_it=next((bool(one.best_interest) for one in reversed(view.closings)), None),
    )
    yield view.row(articles.a5_1_1_best_interest(facts, view.today))


def chair_work(rows: list[Row]) -> WorkFacts:
    """What a case owes, counted over its other rows: the chair's list (A6.1.1, A6.1.2)."""
    counted = [row for row in rows if row.duty not in LOOK_AT_ALL and row.status is not Status.WAIVED]
    still_open = [row for row in counted if row.is_open]
    return WorkFacts(
        total=len(counted),
        done=sum(row.status in DONE or row.status is Status.NOT_MET for row in counted),
        due_on=min((row.due_on for row in still_open if row.due_on), default=None),
        overdue=sum(row.status is Status.OVERDUE for row in counted),
    )


def own_tasks(rows: list[Row]) -> list[Row]:
    """What the chair does in person: calls, sends, presents."""
    return [row for row in rows if row.duty.startswith(("A8.", "A10.")) and row.duty != "A8.9"]


@builds("A6.1.1")
def work_organised(view: CaseView) -> Iterator[Row]:
    """Nothing the case owes is overdue."""
    yield view.row(articles.a6_1_1_work_organised(chair_work(view.rows), view.today), endpoint="cases.show")


@builds("A6.1.2")
def acts_for_the_table(view: CaseView) -> Iterator[Row]:
    """The chair's own tasks: calling, sending, presenting (Article 8 and 10)."""
    verdict = articles.a6_1_2_acts_for_the_table(chair_work(own_tasks(view.rows)), view.today)
    yield view.row(verdict, endpoint="cases.show")
