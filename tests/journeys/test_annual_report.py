"""The annual report: written, discussed and adopted at a general meeting, submitted, received, published; asked for."""

import json
from datetime import date
from uuid import UUID

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys import steps_case as case
from tests.journeys.stage import Stage, town_of
from tests.oversight.annual_kit import crowd, store
from tmr_app.kernel import vault
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.members.models import Municipality

YEAR = "2025"
MEETING_ON = date(2026, 2, 24)
TEXT = "Mungojnë psikologët për fëmijë."
CANARIES = ("Mungojnë psikologët",)


def furnish(stage: Stage) -> str:
    """Sixty cases of last year, a reader of the Ministry. The municipality's key."""
    with world.work(stage.app.engine) as session:
        town = town_of(session, stage.cast)
        store(session, town, crowd(60))
        reader = world.person(session, "Lexuese Ministrie")
        session.flush()
        world.appoint(session, reader, "ministry_reader")
        stage.cast.ids["ministry"], stage.cast.emails["ministry"] = reader.id, reader.email
        return session.get_one(Municipality, stage.cast.municipality_id).key


def called(stage: Stage) -> str:
    """A general meeting on 24 February in preparation (its own journey walks its pages)."""
    with world.work(stage.app.engine) as session:
        here = gw.general_world(
            session, registered_on=date(2025, 12, 1), town=town_of(session, stage.cast), now=stage.now
        )
        return str(gw.call(session, here, stage.now, MEETING_ON).id)


def hold(stage: Stage, meeting_id: str) -> None:
    with world.work(stage.app.engine) as session:
        here = gw.GeneralWorld(town_of(session, stage.cast))
        vault.unlock(session, [here.id])
        meeting = session.get_one(GeneralMeeting, UUID(meeting_id))
        gw.convene(session, here, meeting, stage.now)
        gw.hold(session, here, meeting)


def test_from_draft_to_receipt_and_a_ministrys_request(stage: Stage) -> None:
    key = furnish(stage)
    stage.clock_to(date(2026, 2, 9))
    base = f"/municipalities/{stage.cast.municipality_id}/annual-reports"
    before = stage.ledger()
    row_is("A5.1.6", "due", before, municipality=key, subject=YEAR)

    head = stage.sit("head")
    stage.go(head, base)
    head.pick("#offered-year", YEAR)
    head.press(f"form[action='{base}'] button")
    stage.see(head)
    head.write("#needs-text", TEXT)
    head.page.locator("#needs [data-state=saved]").wait_for()  # by itself, without the button
    stage.go(head, f"{base}/{YEAR}")
    assert TEXT in head.page.inner_text("main")

    ministry = stage.sit("ministry")
    stage.go(ministry, "/annual-reports")
    ministry.pick("#municipality", key)
    ministry.page.locator("form:has(#municipality) #year").fill(YEAR)
    ministry.press("form:has(#municipality) button")
    assert "annual-reports" in stage.worker()[-1].as_string()

    meeting = called(stage)
    stage.go(head, f"{base}/{YEAR}")
    head.press("form[action$='/versions/1/agenda'] button")
    stage.see(head, "annual-show-on-the-agenda")
    member = stage.sit("police")
    stage.go(member, f"/municipalities/{stage.cast.municipality_id}/general-meetings/{meeting}/papers")
    member.press(f"main a[href$='/annual-reports/{YEAR}']")
    assert TEXT in member.page.inner_text("main"), "the Table reads the draft that it discusses"
    hold(stage, meeting)
    stage.clock_to(date(2026, 3, 2))
    stage.sign_in_again(head.page, "head")
    stage.sign_in_again(ministry.page, "ministry")
    stage.go(head, f"{base}/{YEAR}")
    assert head.page.input_value("#meeting") == meeting, "where it was on the agenda"
    head.press("form:has(#meeting) button")
    assert "24 shkurt 2026" in head.page.inner_text("main")
    head.press(f"form[action='{base}/{YEAR}/versions/1/submit'] button")
    stage.see(head, "annual-show-submitted")
    after = stage.ledger()
    row_changed("A5.1.6", before, after)
    row_is("A5.1.6", "met", after, municipality=key, subject=YEAR)
    stage.worker()
    assert stage.mail_to("officer")

    officer = stage.sit("officer")
    stage.go(officer, f"/municipalities/{stage.cast.municipality_id}/overview")
    officer.press(".tryeza-panel--due a")
    officer.press(f"form[action='{base}/{YEAR}/versions/1/acknowledge'] button")
    assert stage.audited("annual_report:acknowledged")

    stage.go(head, f"{base}/{YEAR}")
    head.press("form[action$='/publish'] button")
    anybody = case.visitor(stage)
    stage.go(anybody, "/published-reports")
    public = anybody.page.locator("main a[href$='.json']").first.get_attribute("href")
    assert public
    assert json.loads(stage.file(anybody, public))["copy"] == "public"

    stage.go(head, base)
    head.press("form[action$='/answer'] button")
    stage.go(ministry, "/annual-reports")
    link = ministry.page.locator("a[href$='.json']").first.get_attribute("href")
    assert link
    figures = json.loads(stage.file(ministry, link))["figures"]
    assert not [
        line for line in figures if line["table"] != "general_meetings" and line["figure"] in (1, 2, 3, 4)
    ]
    stage.nothing_leaked(CANARIES)
