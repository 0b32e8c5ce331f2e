"""General meetings of the furnished town, in every state."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from tests.fixtures import general_world as gw
from tests.fixtures.world import Town
from tmr_app.meetings import general_calling, general_convening


def general_meetings(session: Session, town: Town, seen_at: datetime, words: str) -> None:
    """One held with a task and minutes, one called off, one convened, one running today, one being prepared."""
    place, now = gw.GeneralWorld(town), gw.at(date(2026, 11, 2), 11)
    held = gw.held(session, place, date(2026, 10, 20), task_for=town.members["police"], words=words)
    meetings = []
    for number, on in enumerate((date(2026, 12, 3), date(2026, 12, 4), seen_at.date())):
        meetings.append(gw.call(session, place, now, on))
        item = general_calling.add_item(session, place.chair, now, meeting=meetings[-1], title="Pikë")
        assert item.kind == "free"
        gw.convene(session, place, meetings[-1], now)
        if number == 0:
            ids = {"municipality_id": place.id, "general_id": meetings[-1].id}
            general_convening.cancel(session, place.chair, now, reason="Arsye", **ids)
        else:
            meetings[-1].status = "cancelled"  # for a moment, so that the next one may be called
            session.flush()
    waiting = gw.call(session, place, now, None)
    meetings[1].status = "convened"
    meetings[2].status, meetings[2].started_at = "running", seen_at
    meetings[2].chaired_by_id = place.chair.id
    assert held.status == "held"
    assert waiting.status == "preparing"
    session.flush()
