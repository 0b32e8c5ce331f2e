"""A closing under way in the furnished world: recommended, opinions heard, waiting for the head; an earlier one; a hold."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.closing_world import recommendation
from tests.matrix.planted_minutes import marker
from tmr_app.cases.models import Case
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures import hearing, recommending, retention
from tmr_app.closures.hearing import Opinion
from tmr_app.closures.models import ClosingReview
from tmr_app.kernel import vault
from tmr_app.members.models import Person, Qps


def begin_closing(session: Session, case: Case, manager: Person, mother_id: UUID) -> None:
    """Everything a closing seals, one row of each table that a page shows."""
    now = mw.NOW
    data = recommendation()
    first = recommending.recommend(session, manager, now, case=case, data=data)
    session.flush()
    session.add(
        ClosingReview(
            case_id=case.id, closing_id=first.id, version=1, accepted=False, decided_at=now, decided_by_id=manager.id,
            note="Arsye",
        )
    )  # fmt: skip
    recommending.withdraw(session, manager, now, case=case, reason="Arsye")
    session.flush()
    recommending.recommend(session, manager, now, case=case, data=data)
    session.flush()
    said = Opinion(date(2026, 11, 2), "in_person", "Mendim", "Arsye")
    for relation_id in (None, mother_id):
        hearing.record_opinion(session, manager, now, case=case, relation_id=relation_id, data=said)
    _refused_offer(session, case, manager)
    retention.place_hold(session, manager, now, case=case, reason="Arsye")
    session.flush()


def _refused_offer(session: Session, case: Case, manager: Person) -> None:
    """An offer the other Centre refused: its texts lie under a key of its own, so they are planted here."""
    other = session.scalars(select(Qps.id).where(Qps.id != case.qps_id)).first()
    assert other is not None
    offer = CaseTransfer(
        case_id=case.id, from_qps_id=case.qps_id, to_qps_id=other, state="refused", offered_at=mw.NOW,
        offered_by_id=manager.id, decided_at=mw.NOW,
    )  # fmt: skip
    vault.create_key(session, offer.id, mw.NOW)
    offer.reason, offer.answer = marker("case_transfer", "reason"), marker("case_transfer", "answer")
    session.add(offer)
