"""The main path without script and without a mouse: convene, answer, report. Played on PostgreSQL."""

from datetime import date

import pytest

from tests.fixtures.duty_rows import row_changed
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_meeting as meet
from tests.journeys import steps_member as member
from tests.journeys.hands import KeyboardHand
from tests.journeys.stage import Stage


@pytest.fixture(scope="module")
def journey_engine() -> str:
    return "postgresql"


def keyboard(stage: Stage, who: str) -> KeyboardHand:
    """This person with JavaScript switched off and no mouse."""
    hand = stage.sit(who, javascript=False, by_keyboard=True)
    assert isinstance(hand, KeyboardHand)
    return hand


def test_from_the_call_to_the_answer(stage: Stage) -> None:
    case_id = ready.case_of(stage, kinds=("police", "school"))
    manager = keyboard(stage, "case_manager")
    before = stage.ledger()
    meeting = meet.call(stage, manager, case_id)
    assert not manager.page.locator("body.js-enabled").count(), "script runs"
    meet.set_date(stage, manager, meeting, date(2026, 11, 17))
    meet.ask_agreement(stage, manager, meeting)
    meet.agree(stage, keyboard(stage, "head"), meeting)
    meet.tell_family(stage, manager, meeting, stage.now.date())
    meet.convene(stage, manager, meeting)
    stage.worker()
    row_changed("A8.3", before, stage.ledger())
    police = keyboard(stage, "police")
    stage.go(police, member.link_of(stage, stage.invitation_to("police")))
    assert police.page.url.endswith(f"{meeting.base}/answer")
    member.answer(stage, police)
    assert len(member.read_papers(stage, police, meeting)) == 3
    stage.nothing_leaked((*ready.CANARIES, meet.VIDEO, meet.VIEWS))


def test_the_report(stage: Stage) -> None:
    meeting = ready.meeting_of(stage, kinds=("police",), held_before=True)
    before = stage.ledger()
    hand = keyboard(stage, "police")
    member.write_report(stage, hand, meeting)
    row_changed("A8.9", before, stage.ledger())
    assert hand.page.input_value("#done") == member.REPORT
    stage.nothing_leaked((member.REPORT, member.FOR_MANAGER))


def test_the_declaration(stage: Stage) -> None:
    """A new case as far as its open file."""
    hand = keyboard(stage, "case_manager")
    child = case.Child("Kanarina Tastiera")
    case.open_case(stage, hand, child, whole=False)
    assert child.name in hand.page.inner_text("main")
    stage.nothing_leaked(child.canaries)
