"""Steps at the table: begin, attendance, agenda, discussion, views, risk, the next date, the end."""

from datetime import date

from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_case import type_date
from tests.journeys.steps_meeting import Called

SAID = "DiskutimiKanarinë"
DECIDED = "VendimiKanarinë"
CONSIDERED = "U mor parasysh në plan: FjaletKanarinë"


def begin(stage: Stage, hand: Hand, meeting: Called) -> None:
    """The chair begins on the day."""
    stage.go(hand, f"{meeting.base}/start")
    hand.press("form[action$='/start'] button")
    stage.see(hand)
    assert hand.page.url.endswith("/running"), hand.page.inner_text("main")


def mark_absent(hand: Hand, name: str, reason: str) -> None:
    """One line of the attendance list; saved with the others' marks."""
    row = f"#attendance li:has(strong:text-is('{name}'))"
    hand.pick(f"{row} select", "absent_with_reason")
    hand.write(f"{row} input.govuk-input", reason)


def rest_present(stage: Stage, hand: Hand) -> None:
    hand.press("#attendance button[name=rest_present]")
    stage.see(hand)


def approve_agenda(stage: Stage, hand: Hand) -> None:
    hand.press("form[action$='/running/agenda'] button")
    stage.see(hand)


def blocks(hand: Hand) -> list[str]:
    """The items that take a discussion and a decision, by the id of their section."""
    found = hand.page.locator("section:has(textarea[name=discussion])")
    return [str(one) for one in found.evaluate_all("all => all.map(one => one.id)")]


def discuss(stage: Stage, hand: Hand, block: str) -> None:
    """Discussion and decision of one item, saved by its button."""
    hand.write(f"#{block}-discussion", f"{SAID} {block}")
    hand.write(f"#{block}-decision", f"{DECIDED} {block}")
    hand.press(button_of(f"#{block}-decision"))
    stage.see(hand)
    assert hand.page.url.partition("#")[0].endswith("/running"), hand.page.inner_text("main")


def hear_family(stage: Stage, hand: Hand) -> None:
    """How each view was taken into account (A8.10)."""
    ids = hand.page.locator("#family textarea[name=considered]").evaluate_all("all => all.map(one => one.id)")
    for one in ids:
        hand.write(f"#{one}", CONSIDERED)
        hand.press(button_of(f"#{one}"))
        stage.see(hand)


def determine_risk(stage: Stage, hand: Hand, level: str) -> None:
    hand.tick(f"#risk input[name=level][value={level}]")
    hand.write("#risk-reason", SAID)
    hand.press(button_of("#risk-reason"))
    stage.see(hand)


def propose_next(stage: Stage, hand: Hand, on: date, purpose: str = "review") -> None:
    """The date of the next meeting: with it the reports are asked for (A8.9)."""
    form = "form[action$='/running/next']"
    if not hand.page.locator(f"{form} select[name=purpose]").is_visible():
        hand.page.locator("#next summary").click()
    prefix = hand.page.locator(f"{form} select[name=purpose]").get_attribute("id") or ""
    prefix = prefix.removesuffix("-purpose")
    hand.pick(f"#{prefix}-purpose", purpose)
    type_date(hand, f"{prefix}-meeting_on", on)
    hand.write(f"#{prefix}-starts", "10:00")
    hand.write(f"#{prefix}-ends", "11:00")
    hand.pick(f"#{prefix}-room", str(stage.cast.room_id))
    hand.press(button_of(f"#{prefix}-starts"))
    stage.see(hand)


def end(stage: Stage, hand: Hand, meeting: Called) -> str:
    """End the meeting; returns what the page said before: what is missing, what is in order."""
    stage.go(hand, f"{meeting.base}/end")
    said = hand.page.inner_text("main")
    hand.press("form[action$='/end'] button")
    stage.see(hand)
    return said
