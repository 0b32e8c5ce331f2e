"""The timeline of a case tells of its whole monitoring: plan, requests, letters, reports, review, minutes; to the QPS only."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.pages_kit import sign
from tests.plans.test_reviewing import SECOND, SECOND_ON, filled, save, second
from tmr_app.cases import timeline
from tmr_app.cases.panels import Entry
from tmr_app.cases.table_models import Seat
from tmr_app.cases.timeline import Wanted
from tmr_app.kernel import clock
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import ProgressReport, ReportRequest
from tmr_app.plans.models import InformationRequest, PlanSending, SuperiorNotice

ALONE = "VetemPerMenaxherinKanarine"
LATER = SECOND + timedelta(hours=3)
TOLD = {
    "plan": {
        "Plan adopted, version %(number)s", "Plan sent, version %(number)s, members: %(count)s",
        "Action of the plan: %(status)s",
    },
    "letters": {
        "Information asked of %(name)s about actions: %(count)s", "Letter to a superior written",
        "The superior's answer was recorded",
    },
    "reviews": {"Findings of monitoring put before the Table", "Plan reviewed: the child fares better"},
    "reports": {"Progress reports asked for: %(count)s", "Progress report filed late"},
    "meetings": {
        "Minutes of %(code)s, version %(version)s, sent to the members",
        "Minutes of %(code)s, version %(version)s, approved",
    },
}  # fmt: skip


def lived(session: Any) -> mw.CaseWorld:
    """A plan adopted, asked about in vain, reviewed; a report; minutes approved."""
    here, first, version = pw.adopted(session)
    case, manager, seat = here.case, here.town.case_manager, here.seats["police"]
    police = here.town.members["police"]
    meeting = second(session, here)
    review = save(session, here, meeting, filled(session, here), held_on=SECOND_ON)
    review.monitored_at, review.monitoring = SECOND, "GjetjeKanarine"
    asked = ReportRequest(case_id=case.id, seat_id=seat.id, meeting_id=meeting.id, requested_at=SECOND)
    session.add(asked)
    session.flush()
    common = {"case_id": case.id, "seat_id": seat.id, "person_id": police.id}
    session.add_all(
        [
            ProgressReport(
                case_id=case.id, request_id=asked.id, filed_by_id=police.id, filed_at=SECOND, is_late=True, saved_at=SECOND,
                done="FjaleRaportiKanarine", manager_part=ALONE,
            ),
            Minutes(
                case_id=case.id, meeting_id=first.id, version=1, made_by_id=manager.id, made_at=SECOND, circulated_at=SECOND,
                approved_at=SECOND, approved_on=SECOND_ON, content={},
            ),
            *([] if version_sent(session, version, seat) else [PlanSending(version_id=version.id, sent_at=SECOND, **common)]),
            *(
                InformationRequest(
                    action_key=action.action_key, moment="after", planned_on=pw.PLANNED_ON, requested_on=SECOND_ON,
                    requested_at=SECOND, **common,
                )
                for action in pw.actions(session, version)
            ),
            SuperiorNotice(
                deed="letter", reference="R-1", way="paper", language="sq", decided_at=SECOND, decided_by_id=manager.id,
                answered_at=LATER, answer="PergjigjjeKanarine", **common,
            ),
        ]
    )  # fmt: skip
    session.flush()
    return here


def version_sent(session: Any, version: Any, seat: Any) -> bool:
    return session.query(PlanSending).filter_by(version_id=version.id, seat_id=seat.id).count() > 0


def words(entries: list[Entry]) -> set[str]:
    return {entry.title.msgid for entry in entries}


def test_everything_of_monitoring_is_told_and_found_by_its_kind(engine: Any) -> None:
    with work(engine) as session:
        here = lived(session)
        for kind, told in TOLD.items():
            found = timeline.timeline_of(session, here.case, Wanted(kind=kind))
            assert told <= words(found), kind
            assert {entry.kind for entry in found} == {kind}
            assert sum("Minutes" in entry.title.msgid for entry in found) == 2 * (kind == "meetings"), (
                "nothing twice"
            )
        asked = timeline.timeline_of(session, here.case, Wanted(kind="letters"))
        counts = [one.title.params["count"] for one in asked if "count" in one.title.params]
        assert counts == [2]  # one line a person and day, not one an action
        days = timeline.timeline_of(session, here.case, Wanted(from_on=SECOND_ON + timedelta(days=1)))
        assert not words(days) & set().union(*TOLD.values())


@pytest.mark.parametrize("who", ["case_manager", "head", "police"])
def test_shown_to_the_centre_without_a_reports_words_and_to_no_member(
    fresh_database_url: str, make_app: MakeApp, who: str
) -> None:
    app = make_app(fresh_database_url)
    with work(app.engine) as session:
        here = lived(session)
        person = here.town.members[who] if who == "police" else getattr(here.town, who)
        for seat in session.scalars(select(Seat).where(Seat.person_id == person.id)):
            sign(session, seat)
        police = here.town.members["police"].name
        person_id, url = person.id, f"/cases/{here.case.id}/timeline"
    with clock.fixed_at(LATER + timedelta(hours=1)):
        hand = SignedIn(app, person_id)
        answer = hand.get(url)
    if who == "police":
        assert answer.status_code in (403, 404)
        return
    assert answer.status_code == 200
    assert "MireqenieKanarine" in hand.text
    told = {entry.get_text(" ", strip=True) for entry in hand.page.select(".moj-timeline__item")}
    assert any("Veprimi i planit" in one and "VeprimKanarine" in one for one in told), "which action"
    assert any("eprorin" in one and police in one for one in told), "whose superior"
    assert ALONE not in hand.text
    assert "FjaleRaportiKanarine" not in hand.text
    links = [str(one["href"]) for one in hand.page.select(".moj-timeline a")]
    assert any(one.endswith("/review") for one in links)
    assert any("/reports/" in one for one in links)
    assert any(one.endswith("/cooperation") for one in links)
    with clock.fixed_at(LATER + timedelta(hours=1)):
        for link in {one for one in links if not one.endswith("/minutes")}:  # these minutes are a row only
            assert hand.get(link).status_code == 200, link
