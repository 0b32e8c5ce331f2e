"""Steps: composing the Table from its proposals; who may not sit."""

from uuid import UUID

from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage

WHY = "ArsyejaKanarinë"


def proposals(stage: Stage, hand: Hand, case_id: UUID) -> list[str]:
    """The kinds of seat the page proposes from the case's facts."""
    stage.go(hand, f"/cases/{case_id}/table")
    links = hand.page.locator("main .govuk-task-list a").evaluate_all("all => all.map(a => a.pathname)")
    return [str(path).rpartition("/")[2] for path in links]


def choose(stage: Stage, hand: Hand, kind: str) -> None:
    """On the page of one kind of seat: the rostered person, the reason."""
    hand.tick(f"input[name=person_id][value='{stage.cast.ids[kind]}']")
    hand.write("#reason", WHY)
    hand.press(button_of("#reason"))


def seat(stage: Stage, hand: Hand, case_id: UUID, kind: str) -> None:
    """Follow a proposal, or the list of kinds, and seat the rostered person."""
    page, link = hand.page, f"main a[href$='/table/add/{kind}']"
    if not page.url.endswith("/table"):
        stage.go(hand, f"/cases/{case_id}/table")
    if not page.locator(link).count():
        hand.press("main a[href$='/table/add']")
        stage.see(hand)
    hand.press(link)
    stage.see(hand)
    choose(stage, hand, kind)
    stage.see(hand)
    assert page.url.endswith("/table"), page.inner_text("main")
