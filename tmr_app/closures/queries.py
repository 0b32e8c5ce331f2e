"""Reads of closings and transfers for pages. The case's keys are unlocked where texts are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures.dossier import Dossier
from tmr_app.closures.models import Closing
from tmr_app.kernel import vault
from tmr_app.members.models import Municipality, Qps


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as its receiver sees it: number, municipality and reason, nothing else of the case."""

    transfer_id: UUID
    case_id: UUID
    to_qps_id: UUID
    number: str
    municipality: str
    centre: str
    offered_at: datetime
    state: str
    reason: str = ""
    answer: str = ""


def earlier(session: Session, case_id: UUID, present: Closing | None) -> list[Closing]:
    """The case's other closings, the newest first: withdrawn, declined, reopened."""
    rows = session.scalars(
        select(Closing).where(Closing.case_id == case_id).order_by(Closing.begun_at.desc())
    )
    return [one for one in rows if present is None or one.id != present.id]


def centre_of(session: Session, closing: Closing) -> tuple[str, str] | None:
    """(municipality's key, name) of the Centre the case is to move to."""
    if closing.to_qps_id is None:
        return None
    row = session.execute(
        select(Municipality.key, Qps.name)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(Qps.id == closing.to_qps_id)
    ).one()
    return row[0], row[1]


def answer_of(session: Session, found: Dossier) -> CaseTransfer | None:
    """The offer of this closing with its texts readable: for the sender's own pages."""
    if found.transfer is not None:
        vault.unlock(session, [found.transfer.id])
    return found.transfer


_OFFERS = (
    select(CaseTransfer, Case.number, Municipality.key, Qps.name)
    .join(Case, Case.id == CaseTransfer.case_id)
    .order_by(CaseTransfer.offered_at.desc())
    .limit(50)
)


def incoming(session: Session, headed: Sequence[UUID]) -> list[Offer]:
    """Offers to the Centres this person heads, unanswered ones first; each with its reason."""
    rows = session.execute(
        _OFFERS.join(Qps, Qps.id == CaseTransfer.from_qps_id)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(
            CaseTransfer.to_qps_id.in_(list(headed)),
            CaseTransfer.state != "withdrawn",
            Case.erased_at.is_(None),
        )
    ).all()
    waiting = [row[0].id for row in rows if row[0].state == "offered"]
    vault.unlock(session, waiting)
    offers = [_offer(row, row[0].state == "offered") for row in rows]
    return sorted(offers, key=lambda one: one.state != "offered")


def outgoing(session: Session, headed: Sequence[UUID]) -> list[Offer]:
    """What the Centres this person heads have offered, and what became of it."""
    rows = session.execute(
        _OFFERS.join(Qps, Qps.id == CaseTransfer.to_qps_id)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(CaseTransfer.from_qps_id.in_(list(headed)), Case.erased_at.is_(None))
    ).all()
    return [_offer(row, False) for row in rows]


def _offer(row: tuple[CaseTransfer, str, str, str], with_reason: bool) -> Offer:
    transfer, number, municipality, centre = row
    return Offer(
        transfer.id,
        transfer.case_id,
        transfer.to_qps_id,
        number,
        municipality,
        centre,
        transfer.offered_at,
        transfer.state,
        transfer.reason if with_reason else "",
    )


def waiting_offer(session: Session, case_id: UUID, headed: Sequence[UUID]) -> Offer | None:
    """The unanswered offer of this case to one of these Centres."""
    row = session.execute(
        _OFFERS.join(Qps, Qps.id == CaseTransfer.from_qps_id)
        .join(Municipality, Municipality.id == Qps.municipality_id)
        .where(
            CaseTransfer.case_id == case_id,
            CaseTransfer.state == "offered",
            CaseTransfer.to_qps_id.in_(list(headed)),
        )
    ).first()
    if row is None:
        return None
    vault.unlock(session, [row[0].id])
    return _offer((row[0], row[1], row[2], row[3]), True)
