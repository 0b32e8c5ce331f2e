"""What members ask of the case manager stands in her "my work" until it is answered: a meeting, a substitute."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases import work_panels
from tmr_app.cases.work_panels import Asking
from tmr_app.meetings import answering, calling, chair_work, substituting

pytestmark = pytest.mark.db
LATER = mw.NOW + timedelta(hours=1)
OWN = (chair_work.requested, chair_work.substitutes)


def _waiting(session: Session, here: mw.CaseWorld) -> dict[str, list[str]]:
    session.flush()
    found = work_panels.sections(session, Asking(here.town.case_manager.id, LATER))
    own = [one for one in found if one.id in ("requested", "substitutes")]
    return {one.id: [task.about for task in one.tasks] for one in own}


@pytest.mark.duty("A8.4")
def test_a8_4_a_request_stands_there_until_the_meeting_is_called(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        member = here.town.members["police"]
        for reason in ("Fëmija mungon.", "Ende mungon."):
            calling.request_meeting(
                session, member, mw.NOW, case=here.case, seat_id=here.seats["police"].id, reason=reason
            )
        assert _waiting(session, here) == {"requested": [here.case.number]}, "a case once"
        mw.call(session, here)
        assert _waiting(session, here) == {}


@pytest.mark.duty("A9")
def test_a9_a_substitute_stands_there_until_decided(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        member = here.town.members["police"]
        row = answering.answer_invitation(
            session, member, LATER, case=here.case, meeting_id=meeting.id, answer="substitute",
            reason="Pushim", substitute_id=here.town.substitutes["police"].id,
        )  # fmt: skip
        assert _waiting(session, here) == {"substitutes": [meeting.code]}
        substituting.confirm_substitute(
            session,
            here.town.case_manager,
            LATER,
            case=here.case,
            meeting_id=meeting.id,
            invitation_id=row.id,
        )
        assert _waiting(session, here) == {}
