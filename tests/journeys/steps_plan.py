"""Steps with the unified plan: drafted and adopted, sent, told of by its members; the letter to a superior."""

from datetime import date

from sqlalchemy import select

from tests.fixtures.world import work
from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_case import type_date
from tmr_app.cases.table_models import Seat

PLANNED_ON = date(2026, 12, 1)
CANARIES = ("VeprimKanarinë", "ShoqataKanarinë", "ShenimiKanarinë", "KundershtimKanarinë", "SynimiKanarinë")


def write_draft(stage: Stage, chair: Hand, base: str) -> None:
    """From the initial plan: its action completed, another added."""
    stage.go(chair, base)
    chair.press("form[action$='/draft/begin'] button")
    stage.see(chair)
    chair.page.locator("section[id^=action-] h3 a").first.click()
    stage.see(chair)
    fill_action(stage, chair, "police", others="ShoqataKanarinë")
    chair.page.locator("summary").first.click()
    chair.write("textarea[name=measure]", "VeprimKanarinë dy")
    chair.press(button_of("textarea[name=measure]"))
    stage.see(chair)
    fill_action(stage, chair, "school")
    stage.see(chair)


def fill_action(stage: Stage, chair: Hand, kind: str, others: str = "") -> None:
    """The annex's columns; saved by the button."""
    with work(stage.app.engine) as session:
        seat = session.scalars(select(Seat).where(Seat.person_id == stage.cast.ids[kind])).one()
        seat_id, institution_id = seat.id, seat.institution_id
    chair.write("textarea[name=measure]", "VeprimKanarinë")
    chair.write("textarea[name=service]", "Këshillim")
    chair.tick(f"input[name=institution_ids][value='{institution_id}']")
    if others:
        chair.write("input[name=others]", others)
    chair.pick("select[name=seat_id]", str(seat_id))
    type_date(chair, "planned_on", PLANNED_ON)
    chair.pick("select[name=risk]", "physical_violence")
    chair.press(button_of("textarea[name=measure]"))
    assert "/draft" in chair.page.url, chair.page.inner_text("main")


def adopt(stage: Stage, chair: Hand, base: str) -> None:
    """Before the members first, then adopted in the running meeting."""
    stage.go(chair, f"{base}/draft")
    chair.press("form[action$='/draft/ask'] button")
    stage.see(chair)
    stage.go(chair, f"{base}/draft/adopt")
    chair.press("form:has(select[name=meeting]) button")
    stage.see(chair)


def object_to(stage: Stage, member: Hand) -> None:
    """A7: outside the mandate; the case manager hears of it."""
    member.page.locator("summary").last.click()
    member.write("form[action$='/object'] textarea", "KundershtimKanarinë")
    member.press("form[action$='/object'] button")
    stage.see(member)


def tell(stage: Stage, member: Hand) -> None:
    """In under a minute: one tick, one sentence, one button."""
    member.tick("input[name=status][value=done]")
    member.write("form[action*='/update'] textarea[name=note]", "ShenimiKanarinë")
    member.press("form[action*='/update'] button[type=submit]")
    stage.see(member)
    assert "ShenimiKanarinë" in member.page.inner_text("main")


def write_letter(stage: Stage, chair: Hand, base: str) -> None:
    """Offered, written on paper, taken as a file without a word of the case."""
    stage.go(chair, f"{base}/cooperation")
    chair.page.locator("main a.govuk-button").first.click()
    stage.see(chair)
    chair.tick("input[name=way][value=paper]")
    chair.press(button_of("input[name=way]"))
    stage.see(chair)
    link = chair.page.locator("main a[href*='superior-letter'][href$=pdf]").first.get_attribute("href")
    letter = stage.file(chair, str(link))
    assert letter.startswith(b"%PDF")
