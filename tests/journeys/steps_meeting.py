"""Steps of the case manager and the head: calling, preparing, agreeing, convening."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from tests.fixtures import world
from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_case import type_date
from tmr_app.meetings.models import Meeting

VIDEO = "https://lidhja-kanarine.example/t"
VIEWS = "FjaletKanarinë"


@dataclass(frozen=True)
class Called:
    """A meeting by its addresses and its neutral code."""

    case_id: UUID
    id: UUID
    code: str

    @property
    def base(self) -> str:
        return f"/cases/{self.case_id}/meetings/{self.id}"


def call(stage: Stage, hand: Hand, case_id: UUID, purpose: str = "first") -> Called:
    """Call a meeting; the page to prepare it opens."""
    stage.go(hand, f"/cases/{case_id}/meetings/")
    hand.press("main a[href$='/meetings/new']")
    stage.see(hand)
    hand.tick(f"input[name=purpose][value={purpose}]")
    hand.press(button_of("input[name=purpose]"))
    stage.see(hand)
    found = re.search(r"/meetings/([0-9a-f-]{36})/", hand.page.url)
    assert found is not None, hand.page.url
    return called(stage, case_id, UUID(found[1]))


def called(stage: Stage, case_id: UUID, meeting_id: UUID) -> Called:
    with world.work(stage.app.engine) as session:
        return Called(case_id, meeting_id, session.get_one(Meeting, meeting_id).code)


def newest(stage: Stage, case_id: UUID) -> Called:
    """The meeting of this case that was called last."""
    with world.work(stage.app.engine) as session:
        row = session.scalars(
            select(Meeting).where(Meeting.case_id == case_id).order_by(Meeting.called_at.desc())
        ).first()
        assert row is not None
        return Called(case_id, row.id, row.code)


def set_date(stage: Stage, hand: Hand, meeting: Called, on: date, room: bool = True) -> None:
    """Date, time, room, video link."""
    stage.go(hand, f"{meeting.base}/prepare")
    hand.press("main a[href$='/date']")
    stage.see(hand)
    type_date(hand, "meeting_on", on)
    hand.write("#starts", "10:00")
    hand.write("#ends", "11:30")
    if room:
        hand.pick("#room", str(stage.cast.room_id))
    hand.write("#video_link", VIDEO)
    hand.press(button_of("#starts"))
    stage.see(hand)


def ask_agreement(stage: Stage, hand: Hand, meeting: Called) -> None:
    stage.go(hand, f"{meeting.base}/prepare")
    hand.press("form[action$='/ask-agreement'] button")
    stage.see(hand)


def agree(stage: Stage, hand: Hand, meeting: Called) -> None:
    """The head agrees to the date shown (A8.3)."""
    stage.go(hand, f"{meeting.base}/agreement")
    hand.press(button_of("input[type=hidden][name=meeting_on-day]"))
    stage.see(hand)


def tell_family(stage: Stage, hand: Hand, meeting: Called, on: date) -> None:
    """Everybody of the page is told; what they say is written down (A8.10)."""
    people = 0
    while True:
        stage.go(hand, f"{meeting.base}/family")
        links = hand.page.locator("main .govuk-task-list a")
        if people == links.count():
            return
        address = links.nth(people).get_attribute("href") or ""
        hand.press(f"main a[href='{address}']")
        stage.see(hand)
        type_date(hand, "notified_on", on)
        hand.tick("input[name=how][value=in_person]")
        hand.write("#views", VIEWS)
        hand.press(button_of("#views"))
        stage.see(hand)
        people += 1


def tasks(hand: Hand) -> list[str]:
    """The state of each task of the preparation, as its tag's class says."""
    shown = hand.page.locator("main .govuk-task-list__status").all_inner_texts()
    return [one.strip() for one in shown]


def walk_papers(stage: Stage, hand: Hand, meeting: Called, item: str = "") -> None:
    """Invitees, agenda (with an item of one's own) and papers, each saved as proposed."""
    stage.go(hand, f"{meeting.base}/invitees")
    hand.press(button_of("input[name=seats]"))
    stage.see(hand)
    stage.go(hand, f"{meeting.base}/agenda")
    if item:
        hand.write("#title", item)
        hand.press(button_of("#title"))
        stage.see(hand)
    stage.go(hand, f"{meeting.base}/papers")
    hand.press("main form button[type=submit], main a[role=button][href$='/prepare']")  # without files: back
    stage.see(hand)


def convene(stage: Stage, hand: Hand, meeting: Called) -> None:
    """Check all rules at once, then convene."""
    stage.go(hand, f"{meeting.base}/prepare")
    hand.press("main a[href$='/convene']")
    stage.see(hand)
    hand.press(button_of("input[type=hidden][name=version]"))
    stage.see(hand)
    assert hand.page.url.endswith(f"/meetings/{meeting.id}/"), hand.page.inner_text("main")
