"""Disclosures the law requires (A18.1): proposed by the case manager, approved by the head, and only then made."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Disclosure
from tmr_app.kernel import audit, db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound, OutOfOrder, RuleRefused
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts_meetings import PrivacyFacts
from tmr_app.regulation.verdicts import Message

PROPOSED, APPROVED, REFUSED, DISCLOSED = "proposed", "approved", "refused", "disclosed"


@dataclass(frozen=True, slots=True)
class DisclosureData:
    """To whom, by which law, what."""

    recipient: str
    legal_basis: str
    what: str


def state_of(disclosure: Disclosure) -> str:
    """proposed, approved, refused or disclosed."""
    if disclosure.disclosed_at:
        return DISCLOSED
    if disclosure.refused_at:
        return REFUSED
    return APPROVED if disclosure.approved_at else PROPOSED


def propose_disclosure(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    data: DisclosureData,
    once: str | None = None,
) -> Disclosure:
    """Write down what a law asks to be told. Raises RuleRefused (A18.1) without recipient, law or content."""
    before = db.made_before(session, Disclosure, once)
    if before is not None:
        return before
    complete = all(text.strip() for text in (data.recipient, data.legal_basis, data.what))
    verdict = articles.a18_1_privacy_kept(
        PrivacyFacts(disclosures=1, without_legal_basis=0 if complete else 1), civil_date(now)
    )
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=case.id)
    row = Disclosure(
        case_id=case.id,
        proposed_at=now,
        proposed_by_id=actor.id,
        once_key=once,
        recipient=data.recipient,
        legal_basis=data.legal_basis,
        what=data.what,
    )
    session.add(row)
    _note(session, "disclosure:proposed", row)
    return row


def decide_disclosure(
    session: Session, actor: Person, now: datetime, *, disclosure: Disclosure, approve: bool
) -> None:
    """The head's answer. Raises OutOfOrder when it was decided before, or by the same person who proposed it."""
    if state_of(disclosure) != PROPOSED:
        raise OutOfOrder(Message("This disclosure was decided before."), "A18.1")
    if disclosure.proposed_by_id == actor.id:
        raise OutOfOrder(Message("Somebody else than the proposer decides on a disclosure."), "A18.1")
    if approve:
        disclosure.approved_at, disclosure.approved_by_id = now, actor.id
    else:
        disclosure.refused_at, disclosure.approved_by_id = now, actor.id
    _note(session, "disclosure:approved" if approve else "disclosure:refused", disclosure)


def record_disclosed(session: Session, actor: Person, now: datetime, *, disclosure: Disclosure) -> None:
    """It was handed over now. Raises OutOfOrder before the head approved it."""
    if state_of(disclosure) == DISCLOSED:
        return
    if state_of(disclosure) != APPROVED:
        raise OutOfOrder(Message("The head of services has not approved this disclosure."), "A18.1")
    disclosure.disclosed_at = now
    _note(session, "disclosure:made", disclosure)


def disclosures_of(session: Session, case_id: UUID) -> list[Disclosure]:
    """All of the case, newest first."""
    return list(
        session.scalars(
            select(Disclosure).where(Disclosure.case_id == case_id).order_by(Disclosure.proposed_at.desc())
        )
    )


def find_disclosure(session: Session, case_id: UUID, disclosure_id: UUID) -> Disclosure:
    """Raises NotFound for another case's."""
    row = session.scalar(
        select(Disclosure).where(Disclosure.id == disclosure_id, Disclosure.case_id == case_id)
    )
    if row is None:
        raise NotFound("disclosure")
    return row


def _note(session: Session, tag: str, row: Disclosure) -> None:
    audit.note(session, tag, object_type="disclosure", object_id=row.id, case_id=row.case_id, rule="A18.1")
