"""Pages of the progress reports: two parts by right (canaries), drafts, both texts, bad input, three languages."""

from dataclasses import replace
from datetime import date, time

import pytest
from sqlalchemy import Engine, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.member_kit import Story, story
from tests.meetings.test_reporting import ALONE, LATER, TABLE, TEXTS, file
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock, drafts
from tmr_app.kernel.audit import AuditEntry
from tmr_app.meetings.models import PackDocument, ProgressReport
from tmr_app.web.app import TmrFlask


@pytest.mark.parametrize(
    ("who", "released", "expected", "sees_manager_part"),
    [
        ("police", False, 200, True),  # the author
        ("police", True, 200, True),
        ("school", False, 409, False),
        ("school", True, 200, False),
        ("case_manager", False, 200, True),
        ("assistant", True, 200, True),
        ("head", True, 200, False),
        ("stranger", True, 404, False),
    ],
)
def test_two_parts_by_right(
    engine: Engine,
    fresh_database_url: str,
    make_app: MakeApp,
    who: str,
    released: bool,
    expected: int,
    sees_manager_part: bool,
) -> None:
    """Canaries in both parts: who reads which, on the report's page and on every other page of the room."""
    told = story(engine, convened=released)
    report = file(engine, told)
    file(
        engine, told, texts=replace(TEXTS, obstacles="Tjera"), version=1
    )  # the earlier version keeps its two parts
    if who == "assistant":
        _seat_assistant(engine, told)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), who)
        page = browser.get(f"{told.base}/reports/{report.id}")
        assert page.status_code == expected
        assert (TABLE in page.text, ALONE in page.text) == (expected == 200, sees_manager_part)
        if sees_manager_part:
            return
        for path in _every_page(engine, told):
            assert ALONE not in browser.get(path).text, path


def _every_page(engine: Engine, told: Story) -> list[str]:
    with work(engine) as session:
        rows = session.scalars(
            select(PackDocument.id).where(PackDocument.meeting_id == told.meeting_id)
        ).all()
    room = [f"{told.base}/pack", *(f"{told.base}/pack/{one}" for one in rows)]
    return [*room, f"{told.base}/reports", f"{told.base}/report", f"/cases/{told.case_id}/reports"]


def _seat_assistant(engine: Engine, told: Story) -> None:
    from tests.meetings.member_kit import declare
    from tmr_app.members.models import Appointment

    with work(engine) as session:
        case, _ = told.open(session)
        assistant = session.scalar(
            select(Appointment).where(
                Appointment.office == "assistant_case_manager", Appointment.qps_id == case.qps_id
            )
        )
        assert assistant is not None
        seat = Seat(
            case_id=case.id,
            kind="assistant_case_manager",
            person_id=assistant.person_id,
            appointment_id=assistant.id,
            delegated=True,
            seated_at=mw.NOW,
        )
        session.add(seat)
        session.flush()
        told.people["assistant"] = assistant.person_id
        here = mw.CaseWorld(None, case, None)  # type: ignore[arg-type]
        declare(session, here, told.person(session, "assistant"), mw.NOW)


def typed(**more: str) -> dict[str, str]:
    return {
        "done": "Draft me ë dhe Š",
        "obstacles": "",
        "needed": "",
        "child_wellbeing": "",
        "manager_part": "",
        **more,
    }


def test_a_late_report_is_taken_and_marked(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    """A day after the last one: accepted through the page, and the case manager's list says late."""
    told = story(engine)
    with clock.fixed_at(mw.at(date(2026, 11, 15), time(9, 0))):
        app = make_app(fresh_database_url)
        police = told.browser(app, "police")
        police.get(f"{told.base}/report")
        assert police.post(f"{told.base}/report", **typed()).status_code == 303
        chair = told.browser(app, "case_manager")
        chair.get(f"{told.base}/reports")
        rows = [row.get_text(" ", strip=True) for row in chair.page.select("tbody tr")]
    with work(engine) as session:
        name = told.person(session, "police").name
    assert [name in row for row in rows] == ["Me vonesë" in row for row in rows]
    assert sum("Me vonesë" in row for row in rows) == 1


def test_a_draft_is_kept_offered_and_gone_when_filed(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        app = make_app(fresh_database_url)
        browser = told.browser(app, "police")
        address = f"{told.base}/report"
        browser.get(address)
        by_script = browser.client.post(
            f"{address}/draft",
            data={**typed(), "version": "0", "csrf_token": _token(browser)},
            headers={"X-Autosave": "1"},
        )
        assert by_script.status_code == 204
        assert browser.post(f"{address}/draft", **typed(manager_part=ALONE)).status_code == 303
        again = told.browser(app, "police")  # another session, another device
        assert "Draft me ë dhe Š" in again.get(address).text
        assert ALONE in again.page.select_one("textarea[name=manager_part]").text
        assert ALONE not in told.browser(app, "school").get(address).text
        assert _drafts(engine, told) == 1
        assert browser.post(address, **typed(done="")).status_code == 422
        assert _drafts(engine, told) == 1
        browser.get(address)
        assert browser.post(address, **typed(done="E dorëzuar")).status_code == 303
        assert _drafts(engine, told) == 0
        assert "E dorëzuar" in browser.get(address).text
        assert browser.post(f"{address}/draft", **typed(done="E dorëzuar")).status_code == 303
        assert _drafts(engine, told) == 0  # the script's last word, after the filing
    with work(engine) as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.tag == "report:filed")).all()
        assert len(noted) == 1
        assert "dorëzuar" not in str(noted[0].changes)


def _token(browser: SignedIn) -> str:
    return str(browser.one("input[name=csrf_token]")["value"])


def _drafts(engine: Engine, told: Story) -> int:
    with work(engine) as session:
        return len(
            session.scalars(select(drafts.Draft).where(drafts.Draft.person_id == told.people["police"])).all()
        )


def test_a_draft_may_be_discarded(engine: Engine, fresh_database_url: str, make_app: MakeApp) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        address = f"{told.base}/report"
        browser.get(address)
        browser.post(f"{address}/draft", **typed())
        browser.get(address)
        assert browser.post(f"{address}/draft/discard", hidden=False).status_code == 303
        assert "Draft me" not in browser.get(address).text


def test_the_stale_page_shows_both_and_files_mine(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        address = f"{told.base}/report"
        browser.get(address)
        file(engine, told)
        page = browser.post(address, **typed(done="Dritarja e dytë"))
        assert page.status_code == 409
        assert TABLE in page.text
        assert "Dritarja e dytë" in page.text
        assert _drafts(engine, told) == 1
        assert browser.post(address, **typed(done="Dritarja e dytë")).status_code == 303
    with work(engine) as session:
        told.open(session)
        report = session.scalar(select(ProgressReport))
        assert (report.done, report.version) == ("Dritarja e dytë", 2)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"version": "-1"}, 400),
        ({"version": "x"}, 400),
        ({"role": "head"}, 400),
        ({"done": "a\x00b"}, 422),
        ({"done": "z" * 10_001}, 422),
        ({"done": "\u200b \u200b"}, 422),
    ],
)
def test_bad_input_stores_nothing(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, values: dict[str, str], status: int
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        browser.get(f"{told.base}/report")
        assert browser.post(f"{told.base}/report", **{**typed(), **values}).status_code == status
    with work(engine) as session:
        assert session.scalar(select(ProgressReport)) is None


def test_the_previous_report_stands_beside_the_new_one(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    file(engine, told)
    with work(engine) as session:
        case, meeting = told.open(session)
        mw.hold(session, meeting, date(2026, 11, 3))
        manager = told.person(session, "case_manager")
        here = mw.CaseWorld(mw.world.Town(None, None, None, manager, None, None, None, None), case, None)  # type: ignore[arg-type]
        following = mw.call(session, here, "review")
        following.meeting_on = date(2026, 12, 8)
        following.starts_at, following.ends_at = (
            mw.at(date(2026, 12, 8), time(hour, 0)) for hour in (10, 11)
        )
        told.meeting_id = following.id
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        page = browser.get(f"{told.base}/report")
        assert page.status_code == 200
        assert TABLE in page.text
        assert TABLE not in browser.page.select_one("textarea[name=done]").text


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_lists_in_each_language(
    engine: Engine, fresh_database_url: str, make_app: MakeApp, language: str
) -> None:
    told = story(engine)
    report = file(engine, told)
    with work(engine) as session:
        told.person(session, "case_manager").language = language
    with clock.fixed_at(LATER):
        app: TmrFlask = make_app(fresh_database_url)
        browser = told.browser(app, "case_manager")
        for path in (
            f"{told.base}/reports",
            f"{told.base}/reports/{report.id}",
            f"/cases/{told.case_id}/reports",
        ):
            with mw.counted(app.engine) as statements:
                assert browser.get(path).status_code == 200
            assert len(statements()) <= 20, "\n".join(statements())
