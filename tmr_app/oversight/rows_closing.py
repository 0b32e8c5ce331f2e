"""Ledger rows of closing and transfer: A5.2 and Article 17. What is sealed counts as written, no key is needed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, case, exists, func, select
from sqlalchemy.orm import aliased

from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures.dossier import steps_facts
from tmr_app.closures.models import Closing, ClosingOpinion
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.models import Meeting
from tmr_app.oversight.bundle_columns import WRITTEN
from tmr_app.oversight.bundle_tables import Table, Tables, read_as
from tmr_app.oversight.ledger import CaseView, Row, builds, owed
from tmr_app.oversight.rows_invitees import family_of
from tmr_app.regulation import articles
from tmr_app.regulation.days import add_months
from tmr_app.regulation.facts import (
    AfterEighteenFacts,
    ClosingDecisionFacts,
    ClosingFacts,
    ClosingFormFacts,
    FamilyPersonFacts,
    OpinionsFacts,
)
from tmr_app.regulation.judging import waived
from tmr_app.regulation.verdicts import Message, Verdict
from tmr_app.signing.models import UNDER_IT, FrozenVersion, Signature, SignatureSlot

GUIDE = "closing.guide"
LIVE = ("open", "closed", "declined", "reopened")
"""A recommendation taken back owes nothing; the others show what was done."""


@read_as("closings")
def closings(tables: Tables) -> Table:
    """Each closing with its meeting, its transfer's acceptance and its form's signatures."""
    accepted = (
        select(func.max(CaseTransfer.decided_at))
        .where(
            CaseTransfer.case_id == Closing.case_id,
            CaseTransfer.state == "accepted",
            CaseTransfer.offered_at >= Closing.begun_at,
        )
        .scalar_subquery()
    )
    later = aliased(FrozenVersion)
    newest = (
        select(func.max(later.number))
        .where(later.kind == "closing_form", later.subject_id == Closing.id)
        .correlate(Closing)
        .scalar_subquery()
    )
    asked = and_(SignatureSlot.version_id == FrozenVersion.id, SignatureSlot.released_at.is_(None))
    under = and_(Signature.version_id == FrozenVersion.id, Signature.deed.in_(UNDER_IT))
    chair = exists().where(under, Signature.person_id == FrozenVersion.frozen_by_id)
    query = (
        select(
            *(Closing.__table__.c[name] for name in PLAIN),
            *(tables.mark(getattr(Closing, f"{name}_enc")).label(name) for name in TEXTS),
            *tables.texts(Closing, ("no_parent_reason",)),
            Meeting.meeting_on,
            accepted.label("accepted_at"),
            FrozenVersion.frozen_at,
            FrozenVersion.completed_at,
            select(func.count()).where(asked).correlate(FrozenVersion).scalar_subquery().label("signers"),
            select(func.count()).where(under).correlate(FrozenVersion).scalar_subquery().label("signatures"),
            select(func.max(Signature.signed_at))
            .where(under)
            .correlate(FrozenVersion)
            .scalar_subquery()
            .label("signed_at"),
            case((chair, True), else_=False).label("chair_signed"),
        )
        .outerjoin(Meeting, Meeting.id == Closing.meeting_id)
        .outerjoin(
            FrozenVersion,
            and_(
                FrozenVersion.kind == "closing_form",
                FrozenVersion.subject_id == Closing.id,
                FrozenVersion.number == newest,
            ),
        )
        .where(Closing.state.in_(LIVE))
        .order_by(Closing.begun_at)
    )
    return tables.by_case(query, Closing.case_id, Closing, ("no_parent_reason",))


PLAIN = (
    "id", "case_id", "state", "ground", "version", "assessed_at", "recommended_at", "approved_at", "approved_version",
    "out_of_danger", "no_risk", "risk_lowered", "services_given", "services_needed", "age_checked", "to_qps_id",
    "decided_on", "closed_on", "closed_at", "meeting_id",
)  # fmt: skip
TEXTS = ("best_interest", "after_eighteen", "country", "death_on")


@read_as("closing_opinions")
def opinions(tables: Tables) -> Table:
    """Each opinion asked before closing, with its reason where there is none."""
    texts = ("no_opinion_reason",)
    query = select(
        ClosingOpinion.id,
        ClosingOpinion.case_id,
        ClosingOpinion.closing_id,
        ClosingOpinion.relation_id,
        ClosingOpinion.asked_on,
        tables.mark(ClosingOpinion.opinion_enc).label("opinion"),
        *tables.texts(ClosingOpinion, texts),
    )
    return tables.by_case(query, ClosingOpinion.case_id, ClosingOpinion, texts)


def newest(view: CaseView) -> Any:
    """The closing under way, else the last one; None where none was begun."""
    rows = view.closings
    return next((one for one in rows if one.state == "open"), rows[-1] if rows else None)


def facts_of(one: Any, today: date) -> ClosingFacts:
    """A17.1 and A17.3. A date that is sealed was checked before the deed: a day that fits stands for it."""
    assessed_on = civil_date(one.assessed_at)
    return replace(
        steps_facts(one),
        birth_on=add_months(assessed_on, -18 * 12) if one.age_checked else None,
        services_given=one.services_given,
        child_out_of_danger=one.out_of_danger,
        transfer_to=WRITTEN if one.to_qps_id else "",
        transfer_accepted_on=civil_date(one.accepted_at) if one.accepted_at else None,
        country=one.country,
        best_interest=one.best_interest,
        death_on=assessed_on if one.death_on else None,
        table_meeting_on=one.meeting_on if one.decided_on else None,
    )


def _row(view: CaseView, verdict: Verdict, met_at: Any = None) -> Row:
    return view.row(verdict, endpoint=GUIDE, met_at=met_at)


def _not_begun(view: CaseView, duty: str) -> Row:
    reason = Message("No closing is under way.")
    if view.case.state == "closed":
        reason = Message("The closing of this case is not kept here.")
    return view.row(waived(duty, reason), endpoint=GUIDE)


@builds("A5.2")
def table_closes(view: CaseView) -> Iterator[Row]:
    """The Table's decision, on the ground of A17.3.1."""
    one = newest(view)
    if one is None:
        yield _not_begun(view, "A5.2")
        return
    facts = ClosingDecisionFacts(
        one.ground, one.services_given, one.risk_lowered, one.no_risk, one.decided_on
    )
    yield _row(view, articles.a5_2_table_closes(facts, view.today))


@builds("A17.1")
def recommended(view: CaseView) -> Iterator[Row]:
    """Assessed, then recommended."""
    one = newest(view)
    if one is None:
        yield _not_begun(view, "A17.1")
        return
    verdict = articles.a17_1_assessed_and_recommended(facts_of(one, view.today), view.today)
    yield _row(view, verdict, one.recommended_at)


@builds("A17.2")
def heard(view: CaseView) -> Iterator[Row]:
    """The child's opinion where possible, the parent's or guardian's always."""
    one = newest(view)
    if one is None:
        yield _not_begun(view, "A17.2")
        return
    said = {row.relation_id: row for row in view.closing_opinions if row.closing_id == one.id}
    asked = [("child", None), *(("parent_guardian", person.id) for person in family_of(view))]
    people = tuple(_person(kind, said.get(key)) for kind, key in asked)
    facts = OpinionsFacts(people, one.ground, one.no_parent_reason, one.closed_on)
    verdict = articles.a17_2_opinions_asked(facts, view.today)
    yield _row(view, _open(view, one, verdict))


def _person(kind: str, row: Any) -> FamilyPersonFacts:
    if row is None:
        return FamilyPersonFacts(kind)
    return FamilyPersonFacts(
        kind, notified_on=row.asked_on, views=row.opinion, no_views_reason=row.no_opinion_reason
    )


def _open(view: CaseView, one: Any, verdict: Verdict) -> Verdict:
    """What a rule refuses before the deed is still owed while the closing is under way."""
    return owed(verdict, None, view.today) if one.state == "open" else verdict


@builds("A17.3")
def closed(view: CaseView) -> Iterator[Row]:
    """One ground with its conditions, approved beforehand, decided by the Table; a transfer accepted."""
    one = newest(view)
    if one is None:
        yield _not_begun(view, "A17.3")
        return
    if one.state == "declined":
        reason = Message("The Table decided to go on with the case")
        yield _row(view, waived("A17.3", reason, one.decided_on))
        return
    verdict = articles.a17_3_closed_on_ground(facts_of(one, view.today), view.today)
    yield _row(view, _open(view, one, verdict), one.closed_at)


@builds("A17.4")
def after_eighteen(view: CaseView) -> Iterator[Row]:
    """Services after eighteen, on the ground of A17.3.2."""
    one = newest(view)
    if one is None:
        yield _not_begun(view, "A17.4")
        return
    facts = AfterEighteenFacts(one.ground, one.services_needed, one.after_eighteen, one.closed_on)
    yield _row(view, articles.a17_4_services_after_eighteen(facts, view.today))


@builds("A17.5")
def form_signed(view: CaseView) -> Iterator[Row]:
    """The closing form and its signatures."""
    one = newest(view)
    if one is None or one.state == "declined":
        yield _not_begun(view, "A17.5")
        return
    lacking = one.completed_at is not None and one.signatures < one.signers
    facts = ClosingFormFacts(
        closed_on=one.closed_on,
        made_on=civil_date(one.frozen_at) if one.frozen_at else None,
        signatures=one.signatures or 0,
        signers=one.signers or 0,
        case_manager_signed=bool(one.chair_signed),
        last_signed_on=civil_date(one.signed_at) if one.signed_at else None,
        in_dossier=one.completed_at is not None,
        missing_reason=WRITTEN if lacking else "",
    )
    yield _row(view, articles.a17_5_closing_form_signed(facts, view.today), one.signed_at)
