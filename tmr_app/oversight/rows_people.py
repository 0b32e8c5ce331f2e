"""Ledger rows of the people of a case: conflict of interest, secrecy, privacy, the declaration (A10.2, A10.6, A18)."""

from collections.abc import Iterator

from tmr_app.kernel.clock import civil_date
from tmr_app.oversight.ledger import CaseView, Row, builds
from tmr_app.oversight.rows_table import refusals, runs
from tmr_app.regulation import articles
from tmr_app.regulation.duties import DUTIES
from tmr_app.regulation.facts import ConflictFacts, DeclarationFacts, PrivacyFacts, StandingFacts

DUTY_IDS = frozenset(duty.id for duty in DUTIES)


@builds("A10.2")
def recused_stay_away(view: CaseView) -> Iterator[Row]:
    """One row per recused seat; one that says nobody is."""
    recused = [seat for seat in view.seats if seat.recused_at is not None]
    if not recused:
        yield view.row(articles.a10_2_recused_stays_away(ConflictFacts(), view.today), endpoint="table.show")
    for seat in recused:
        reads = [
            one.last_at for one in view.traces if one.outcome == "read" and one.actor_id == seat.person_id
        ]
        later = max((at for at in reads if at > seat.recused_at), default=None)
        is_chair = seat.kind == "case_manager"
        successor = [one.from_at for one in view.terms if one.from_at >= seat.recused_at]
        if is_chair and not successor and view.case.case_manager_id != seat.person_id:
            successor = [one.to_at for one in view.terms if one.person_id == seat.person_id and one.to_at]
        facts = ConflictFacts(
            declared_on=civil_date(seat.recused_at),
            is_case_manager=is_chair,
            handed_over_on=civil_date(min(successor)) if successor else None,
            substitute_asked_on=civil_date(seat.substitute_asked_at) if seat.substitute_asked_at else None,
            took_part_on=civil_date(later) if later else None,
        )
        verdict = articles.a10_2_recused_stays_away(facts, view.today)
        yield view.row(
            verdict,
            subject=seat.kind,
            met_at=seat.recused_at,
            person_id=seat.person_id,
            endpoint="table.show",
        )


@builds("A10.6")
def secrecy(view: CaseView) -> Iterator[Row]:
    """Standing: every door shut in somebody's face is evidence (refusals by permission, not by a duty's rule)."""
    shut = sum(one.times for one in view.traces if one.outcome == "refused" and one.rule not in DUTY_IDS)
    yield view.row(
        articles.a10_6_secrecy_kept(StandingFacts(refusals=shut), view.today), endpoint="cases.access_log"
    )


@builds("A18.1")
def privacy(view: CaseView) -> Iterator[Row]:
    """Disclosures by legal obligation, each with recipient, law and the head's approval."""
    facts = PrivacyFacts(
        disclosures=view.case.disclosures,
        without_legal_basis=view.case.ungrounded,
        refusals=refusals(view, "A18.1", "A18.2"),
    )
    yield view.row(articles.a18_1_privacy_kept(facts, view.today), endpoint="cases.disclosures")


@builds("A18.2")
def declarations(view: CaseView) -> Iterator[Row]:
    """One row per professional seated, and per child, parent or guardian who takes part."""
    seen = set()
    for seat in view.seats:
        signed_at = seat.signed_at
        if seat.person_id in seen or (signed_at is None and not runs(seat)):
            continue
        seen.add(seat.person_id)
        reads = [
            one.first_at for one in view.traces if one.outcome == "read" and one.actor_id == seat.person_id
        ]
        early = bool(reads) and (signed_at is None or min(reads) < signed_at)
        facts = DeclarationFacts(
            signed_on=civil_date(signed_at) if signed_at else None,
            seated_on=civil_date(seat.seated_at),
            shown_before_signing=early,
        )
        verdict = articles.a18_2_declaration_signed(facts, view.today)
        yield view.row(
            verdict,
            subject=seat.kind,
            met_at=signed_at,
            person_id=seat.person_id,
            endpoint="table.show",
        )
    yield from _family(view)


def _family(view: CaseView) -> Iterator[Row]:
    """Participants sign too, a small child through the guardian (reading)."""
    for one in view.participants:
        if one.withdrawn_at is not None:
            continue
        signed_at = one.signed_at
        facts = DeclarationFacts(
            signed_on=civil_date(signed_at) if signed_at else None, seated_on=civil_date(one.added_at)
        )
        verdict = articles.a18_2_declaration_signed(facts, view.today)
        yield view.row(verdict, subject=one.kind, met_at=signed_at, endpoint="table.show")
