"""The annual report: counted and written by whoever compiles it, adopted, submitted, received; the Ministry asks and reads."""

import json
from datetime import date

from tests.fixtures import world
from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys.stage import Stage, town_of
from tests.oversight.annual_kit import crowd, store
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

    for name, value in (("day", "24"), ("month", "2"), ("year", "2026")):
        head.write(f"#adopted_on-{name}", value)
    head.press("form:has(#adopted_on-day) button")
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
