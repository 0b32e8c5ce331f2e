"""A municipality's own duties: its Table and seats (A3, A4.1), a year of general meetings (A8.2), the ledger as a file."""

import csv
import io
from datetime import date

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.fixtures.duty_rows import row_changed
from tests.fixtures.world import work
from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage, town_of
from tmr_app.kernel import vault
from tmr_app.members.models import Municipality

SAID = "KanarinaNgaTakimiIPërgjithshëm"
TASK = "KanarinaEDetyrësPërShkollën"


def test_a_municipality_establishes_its_table(stage: Stage) -> None:
    """The administrator registers the Table, then the institution and representative of a seat that was empty."""
    with work(stage.app.engine) as session:
        session.get_one(Municipality, stage.cast.municipality_id).table_registered_on = None
        admin = world.person(session, "Admin i Sistemit")
        session.flush()
        world.appoint(session, admin, "administrator")
        stage.cast.ids["administrator"] = admin.id
    hand = stage.sit("administrator")
    before = stage.ledger()
    stage.go(hand, f"/administration/municipalities/{stage.cast.municipality_id}/settings")
    write_date(hand, "table_registered_on", date(2026, 11, 2))
    hand.press(button_of("#table_registered_on-day"))
    after = stage.ledger()
    row_changed("A3", before, after)

    stage.go(hand, "/administration/institutions/new")
    hand.pick("#seat_kind", "probation_officer")
    hand.pick("#municipality_id", str(stage.cast.municipality_id))
    hand.write("#name", "Shërbimi Sprovues")
    hand.press(button_of("#name"))
    unit = hand.page.url.rstrip("/").split("/")[-1]
    stage.go(hand, f"/administration/appoint/institution/{unit}")
    hand.pick("#office", "representative")
    hand.write("#name", "Sprova Sprovuesja")
    hand.write("#email", "sprova@tryeza-test.example")
    write_date(hand, "from_on", date(2026, 11, 2))
    hand.press(button_of("#email"))
    row_changed("A4.1", after, stage.ledger())


def write_date(hand: Hand, name: str, on: date) -> None:
    for part, value in (("day", on.day), ("month", on.month), ("year", on.year)):
        hand.write(f"#{name}-{part}", str(value))


def test_a_year_of_general_meetings(stage: Stage) -> None:
    """The first on the pages, three more by the operations; late, overdue and reminded; then the ledger, filtered, as a file."""
    with work(stage.app.engine) as session:
        session.get_one(Municipality, stage.cast.municipality_id).table_registered_on = date(2026, 8, 20)
    base = f"/municipalities/{stage.cast.municipality_id}/general-meetings"
    head = stage.sit("head")
    stage.go(head, f"{base}/chair")
    head.pick("#person", str(stage.cast.ids["case_manager"]))
    head.press(button_of("#person"))

    chair = stage.sit("case_manager")
    sign(stage, chair, base)
    before = stage.ledger()
    chair.press(button_of("input[name=once]"))
    stage.see(chair)
    write_date(chair, "meeting_on", date(2026, 11, 17))
    chair.write("#starts", "10:00")
    chair.write("#ends", "12:00")
    chair.pick("#room", str(stage.cast.room_id))
    chair.press(button_of("#room"))
    stage.see(chair)
    at = chair.page.url.removeprefix(stage.url).removesuffix("/prepare")
    chair.press("form[action$='/convene'] button[type=submit]")
    stage.see(chair)
    row_changed("A8.2", before, stage.ledger())
    stage.worker()
    assert "text/calendar" in stage.invitation_to("police").as_string()

    member = stage.sit("police")
    stage.go(member, f"{at}/papers")
    assert member.page.locator("a[href$='/declaration']").count() >= 1  # nothing before the signature
    sign(stage, member, base)
    stage.go(member, f"{at}/papers")
    stage.go(member, f"{at}/")
    member.tick("input[name=answer][value=yes]")
    member.press(button_of("input[name=answer]"))

    hold(stage, chair, at)
    after = stage.ledger()
    row_changed("A8.2", before, after)
    stage.sign_in_again(member.page, "police")
    stage.go(member, "/my-work")
    member.press("a[href*='/general-meetings/tasks/']")
    stage.see(member)
    member.write("#outcome", "U krye.")
    member.press(button_of("#outcome"))

    rest_of_the_year(stage)
    reminded_and_overdue(stage)
    officer = stage.sit("officer")
    stage.go(officer, f"/municipalities/{stage.cast.municipality_id}/overview")
    assert "Afati ka kaluar" in officer.page.inner_text("main")
    stage.sign_in_again(head.page, "head")
    stage.go(head, "/head-office")
    head.press(f".tryeza-panel--overdue a[href='{base}/']")
    stage.go(officer, f"/municipalities/{stage.cast.municipality_id}/ledger")
    stage.see(officer)
    officer.pick("#duty", "A8.2")
    officer.pick("#status", "exceptions")
    officer.press(button_of("#duty"))
    shown = officer.page.locator("main tr[id^='A8-2-']")
    assert shown.count() == 2, officer.page.inner_text("main")  # one late, one overdue
    taken = officer.page.locator("a[href*='ledger.csv']").get_attribute("href")
    assert taken
    rows = list(csv.DictReader(io.StringIO(stage.file(officer, taken).decode("utf-8-sig"))))
    assert [(row["duty"], row["status"]) for row in rows] == [("A8.2", "met_late"), ("A8.2", "overdue")]
    officer.press("main tbody tr >> nth=0 >> a[href*='/general-meetings/']")
    assert officer.page.url.startswith(f"{stage.url}{base}/")
    stage.nothing_leaked((SAID, TASK))


def sign(stage: Stage, hand: Hand, base: str) -> None:
    stage.go(hand, f"{base}/declaration")
    hand.tick("#agreed")
    hand.press(button_of("#agreed"))
    stage.see(hand)


def hold(stage: Stage, chair: Hand, at: str) -> None:
    """On its day: who came, one item written, a task, the end."""
    stage.clock_to(date(2026, 11, 17), 10, 5)
    stage.sign_in_again(chair.page, "case_manager")
    stage.go(chair, f"{at}/")
    chair.press("form[action$='/start'] button")
    chair.press("#attendance button[name=rest_present]")
    item = "section:has(h2:text-matches('^4\\.'))"
    chair.write(f"{item} textarea[name=discussion]", SAID)
    chair.press(f"{item} form button")
    chair.write("#text", TASK)
    chair.pick("#owner", str(stage.cast.ids["police"]))
    write_date(chair, "due_on", date(2026, 12, 1))
    chair.press(button_of("#owner"))
    stage.see(chair)
    chair.press("form[action$='/end'] button")
    assert SAID in chair.page.inner_text("main")
    stage.see(chair)


def reminded_and_overdue(stage: Stage) -> None:
    """Held last on 18 May, owed by 18 August: the chair hears of it 30 days before, head and officer the day after."""
    heard = {}
    for on in (date(2027, 7, 18), date(2027, 7, 19), date(2027, 8, 19)):
        stage.clock_to(on)
        stage.worker()
        heard[on] = [len(stage.mail_to(who)) for who in ("case_manager", "head", "officer")]
    before, thirty, after = heard.values()
    assert [late - early for early, late in zip(before, thirty, strict=True)] == [1, 0, 0]
    assert all(late > early for early, late in zip(thirty, after, strict=True))


def rest_of_the_year(stage: Stage) -> None:
    """In time, on the very day, a day late: through the operations, as the pages do it."""
    with work(stage.app.engine) as session:
        here = gw.GeneralWorld(town_of(session, stage.cast))
        vault.unlock(session, [here.id])
        for on in (date(2027, 2, 17), date(2027, 5, 18)):
            gw.held(session, here, on)
