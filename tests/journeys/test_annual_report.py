"""The annual report: written, discussed and adopted at a general meeting, submitted, received, published; asked for."""

import json
from datetime import date, timedelta

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys import steps_case as case
from tests.journeys.stage import Stage, town_of
from tests.oversight.annual_kit import crowd, store
from tmr_app.meetings import general_calling
from tmr_app.members.models import Municipality

YEAR = "2025"
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


def discussed(stage: Stage) -> str:
    """The Table's general meeting of 24 February has the draft on its agenda (its own journey holds it on the pages)."""
    with world.work(stage.app.engine) as session:
        on = date(2026, 2, 24)
        here = gw.general_world(
            session, registered_on=date(2025, 12, 1), town=town_of(session, stage.cast), now=gw.at(on)
        )
        before = gw.at(on - timedelta(days=14), 9)
        meeting = gw.call(session, here, before, on)
        general_calling.add_item(
            session, here.chair, before, meeting=meeting, title="Raporti vjetor 2025: diskutimi dhe miratimi"
        )
        gw.convene(session, here, meeting, before)
        gw.hold(session, here, meeting)
        return str(meeting.id)


def test_from_draft_to_receipt_and_a_ministrys_request(stage: Stage) -> None:
    key = furnish(stage)
    stage.clock_to(date(2026, 3, 2))
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

    member = stage.sit("police")
    stage.go(member, f"{base}/{YEAR}")
    assert TEXT in member.page.inner_text("main"), "the Table reads the draft that it discusses"
    meeting = discussed(stage)
    stage.go(head, f"{base}/{YEAR}")
    head.pick("#meeting", meeting)
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
