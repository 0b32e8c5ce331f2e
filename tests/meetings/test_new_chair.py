"""The head gives a case to another case manager while its meeting is ahead: the new one is the chair invited (A4.2)."""

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import chairing
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import convening, inviting, new_chair
from tmr_app.meetings.models import Invitation, Meeting

pytestmark = pytest.mark.db
LISTENS = new_chair.invite


def _reassigned(session: Session, here: mw.CaseWorld) -> None:
    chairing.reassign(
        session,
        here.town.head,
        mw.NOW,
        case=here.case,
        person_id=here.town.other_case_manager.id,
        note="Pushim.",
    )
    session.flush()


def _chairs(session: Session, meeting: Meeting) -> list[Invitation]:
    """Who is invited to the chair."""
    table = inviting.load(session, mw.NOW, meeting=meeting)
    return [one for one in table.invited if one.seat_id and table.seats[one.seat_id].kind == "case_manager"]


@pytest.mark.duty("A4.2")
def test_a4_2_a_convened_meeting_invites_the_new_chair_at_once(engine: Engine) -> None:
    """Without it, the chair stood neither in the attendance nor in the minutes of the own meeting."""
    with work(engine) as session:
        here, meeting = mw.convened(session)
        _reassigned(session, here)
        (chair,) = _chairs(session, meeting)
        assert (chair.answer, chair.answered_by) == ("yes", "chair")
        mail = session.get_one(OutboxMessage, chair.outbox_id)
        assert (mail.kind, mail.recipient_id) == ("invitation", here.town.other_case_manager.id)


@pytest.mark.duty("A4.2")
def test_a4_2_a_meeting_in_preparation_is_convened_with_the_new_chair(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        _reassigned(session, here)
        assert len(_chairs(session, meeting)) == 1
        convening.convene(
            session, here.town.other_case_manager, mw.NOW, meeting_id=meeting.id, case=here.case
        )
        session.flush()
        to = session.scalars(
            select(OutboxMessage.recipient_id).where(OutboxMessage.kind == "invitation")
        ).all()
        assert here.town.other_case_manager.id in to
        assert here.town.case_manager.id not in to
