"""Pages of meetings out of the ordinary: an extraordinary one's limits, a sitting that is taken apart."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.meetings.test_meeting_pages import Desk, Scene, app, desk, prepared, reading, scene
from tmr_app.cases.models import Case
from tmr_app.meetings.models import Meeting, Sitting
from tmr_app.web.app import TmrFlask

__all__ = ["app", "desk", "scene"]
pytestmark = pytest.mark.db


@pytest.mark.duty("A14.5")
def test_an_extraordinary_meetings_pages_speak_of_no_missed_limit(
    app: TmrFlask, desk: Desk, scene: Scene
) -> None:
    """Tomorrow is lawful for it: the page said that the last lawful day had passed, beside a check that said it had not."""
    desk.be(scene.chair).get(f"{scene.base}new-extraordinary")
    once = desk.hidden("once")
    called = desk.post(f"{scene.base}new-extraordinary", stated_risk="Dhuna u përsërit.", once=once)
    address = called.location.removesuffix("prepare")
    tomorrow = mw.NOW.date() + timedelta(days=1)
    on = {f"meeting_on-{part}": str(getattr(tomorrow, part)) for part in ("day", "month", "year")}
    desk.get(f"{address}date")
    told = {"starts": "10:00", "ends": "11:00", "room": str(scene.room), "video_link": ""}
    saved = desk.post(f"{address}date", version=desk.hidden("version"), **on, **told)
    assert saved.status_code == 303, desk.page.get_text(" ", strip=True)
    for page in ("prepare", "date"):
        desk.get(f"{address}{page}")
        assert desk.page.select("main")
        assert not desk.page.select("main .tryeza-panel--overdue")
        assert "neni 14, paragrafi 5" in desk.page.get_text(" ", strip=True)


def test_one_meeting_left_ticked_takes_the_sitting_apart(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    """Else two meetings once grouped could never be sent one without the other."""
    address = prepared(desk, scene)
    with reading(app, scene) as session:
        meeting = session.scalars(select(Meeting)).one()
        sitting = Sitting(
            qps_id=session.get_one(Case, scene.case_id).qps_id,
            code="TS-PROVE",
            sitting_on=meeting.meeting_on,
            created_by_id=scene.chair,
            created_at=mw.NOW,
        )
        session.add(sitting)
        session.flush()
        meeting.sitting_id, own = sitting.id, meeting.id
    desk.get(f"{address}sitting")
    hours = {f"starts_{own.hex}": "10:00", f"ends_{own.hex}": "11:00"}
    assert desk.post(f"{address}sitting", slots=str(own), **hours).status_code == 303
    with reading(app, scene) as session:
        assert session.get_one(Meeting, own).sitting_id is None
