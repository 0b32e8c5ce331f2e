"""The annual report on the agenda of a general meeting, where the Table discusses and adopts it (A5.1.6, A8.2)."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.oversight.annual_kit import YEAR, crowd, store
from tests.oversight.annual_stage import Stage, adopted, begun
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import general_minutes, general_queries
from tmr_app.meetings.general_calling import REPORT
from tmr_app.oversight import annual_agenda, annual_reports
from tmr_app.oversight.annual_models import AnnualReport

WORK = gw.at(date(2026, 2, 9), 9)
MEETING_ON = date(2026, 2, 24)


def drafted(session: Session) -> tuple[gw.GeneralWorld, AnnualReport]:
    here = gw.general_world(session, registered_on=date(2025, 12, 1), now=WORK)
    store(session, here.town, crowd(20))
    report = annual_reports.compile_draft(
        session, here.chair, WORK, municipality=here.town.municipality, year=YEAR
    )
    session.flush()
    return here, report


@pytest.mark.duty("A5.1.6")
def test_on_the_agenda_discussed_and_in_the_minutes(engine: Engine) -> None:
    """Put on once, before the date of the next meeting; twice changes nothing; held, it is where adoption begins."""
    with world.work(engine) as session:
        here, report = drafted(session)
        meeting = gw.call(session, here, WORK, MEETING_ON)
        assert annual_agenda.agenda_of(session, report).open
        for _twice in range(2):
            put = annual_agenda.put_on_agenda(session, here.chair, WORK, report=report)
            assert put.id == meeting.id
        kinds = [one.kind for one in general_queries.items_of(session, meeting.id)]
        assert kinds[-2:] == [REPORT, "next"]
        assert kinds.count(REPORT) == 1
        found = annual_agenda.agenda_of(session, report)
        assert (found.placed, found.open, found.discussed) == (True, False, ())
        gw.convene(session, here, meeting, WORK)
        gw.hold(session, here, meeting)
        after = annual_agenda.agenda_of(session, report)
        assert [(one.id, item.title) for one, item in after.discussed] == [(meeting.id, str(YEAR))]
        kept = general_minutes.latest(session, meeting.id)
        assert kept
        assert [one["title"] for one in kept.content["items"] if one["kind"] == REPORT] == [str(YEAR)]


def test_refused_without_a_meeting_and_when_the_invitations_are_out(engine: Engine) -> None:
    with world.work(engine) as session:
        here, report = drafted(session)
        with pytest.raises(OutOfOrder, match="Call the next one"):
            annual_agenda.put_on_agenda(session, here.chair, WORK, report=report)
        meeting = gw.call(session, here, WORK, MEETING_ON)
        gw.convene(session, here, meeting, WORK)
        assert not annual_agenda.agenda_of(session, report).open
        with pytest.raises(OutOfOrder, match="can no longer be changed"):
            annual_agenda.put_on_agenda(session, here.chair, WORK, report=report)


@pytest.mark.parametrize(("on", "refused"), [(date(2025, 12, 31), True), (date(2026, 1, 1), False)])
def test_a_meeting_within_the_year_cannot_adopt_it(engine: Engine, on: date, refused: bool) -> None:
    with world.work(engine) as session:
        here, report = drafted(session)
        before = gw.at(date(2025, 12, 9), 9)
        meeting = gw.call(session, here, before, on)
        if refused:
            with pytest.raises(OutOfOrder, match="within the year"):
                annual_agenda.put_on_agenda(session, here.chair, before, report=report)
        else:
            annual_agenda.put_on_agenda(session, here.chair, before, report=report)
        items = general_queries.items_of(session, meeting.id)
        assert any(one.kind == REPORT for one in items) is not refused


def test_the_page_says_what_comes_first_and_an_adopted_report_stays_off(light: Stage) -> None:
    head = begun(light)
    assert "None is being prepared" in head.get(f"{light.base}/{YEAR}").text
    at = f"{light.base}/{YEAR}/versions/1/agenda"
    answer = head.post(at, hidden=False)
    assert answer.status_code == 409
    assert "Call the next one" in answer.text


def test_what_the_table_adopted_is_not_put_on_an_agenda(light: Stage) -> None:
    answer = adopted(light).post(f"{light.base}/{YEAR}/versions/1/agenda", hidden=False)
    assert answer.status_code == 409
    assert "new version" in answer.text
