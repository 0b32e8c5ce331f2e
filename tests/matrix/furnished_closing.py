"""A closing under way in the furnished world: recommended, opinions heard, waiting for the head; an earlier one; a hold."""

from datetime import date

from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.closing_world import recommendation
from tmr_app.cases.models import Case
from tmr_app.closures import hearing, recommending, retention
from tmr_app.closures.hearing import Opinion
from tmr_app.members.models import Person


def begin_closing(session: Session, case: Case, manager: Person, mother_id: object) -> None:
    """Everything a closing seals, one row of each table that a page shows."""
    now = mw.NOW
    data = recommendation()
    recommending.recommend(session, manager, now, case=case, data=data)
    session.flush()
    recommending.withdraw(session, manager, now, case=case, reason="Arsye")
    session.flush()
    recommending.recommend(session, manager, now, case=case, data=data)
    session.flush()
    said = Opinion(date(2026, 11, 2), "in_person", "Mendim", "Arsye")
    for relation_id in (None, mother_id):
        hearing.record_opinion(session, manager, now, case=case, relation_id=relation_id, data=said)  # type: ignore[arg-type]
    retention.place_hold(session, manager, now, case=case, reason="Arsye")
    session.flush()
