"""Duties beside the main path: a professional from outside, a member's request, an urgent meeting with a guest and without
a prior assessment, the mother's opinion, a disclosure the law requires.
"""

from datetime import timedelta

from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_meeting as meet
from tests.journeys.hands import button_of
from tests.journeys.stage import Stage

WHY = "ArsyejaKanarinë"
OUTSIDE = "Psikologia Kanarina"
RECIPIENT, LAW = "ProkuroriaKanarinë", "LigjiKanarinë neni 1"


def test_outside_professional_and_a_members_request(stage: Stage) -> None:
    """A4.4, A8.4: somebody who works for child protection is seated; a member asks for a meeting and gets one."""
    case_id = ready.case_of(stage)
    manager, police = case.mouse(stage, "case_manager"), case.mouse(stage, "police")
    before = stage.ledger()
    stage.go(manager, f"/cases/{case_id}/table/outside")
    manager.write("#name", OUTSIDE)
    manager.write("#email", "psikologia@tryeza-test.example")
    manager.write("#institution", "Klinika")
    manager.write("#reason", WHY)
    manager.tick("#works_for_child_protection")
    manager.press(button_of("#reason"))
    stage.see(manager)
    row_changed("A4.4", before, stage.ledger())

    before = stage.ledger()
    stage.go(police, f"/cases/{case_id}/meetings/request")
    police.write("#reason", WHY)
    police.press(button_of("#reason"))
    stage.see(police)
    asked = stage.ledger()
    row_changed("A8.4", before, asked)
    row_is("A8.4", "due", asked, subject="police")
    meet.call(stage, manager, case_id)
    row_is("A8.4", "met", stage.ledger(), subject="police")
    stage.nothing_leaked((*ready.CANARIES, WHY))


def test_urgent_with_a_guest_and_without_assessment(stage: Stage) -> None:
    """A14.5, A8.5, A8.8, A10.5: the risk in writing, a guest, the waiver with its reason, the mother invited to be heard."""
    case_id = ready.case_of(stage)
    hand = case.mouse(stage, "case_manager")
    page = hand.page
    stage.go(hand, f"/cases/{case_id}/table/participants")
    mother = page.locator("form:has(input[name=who]) label", has_text="Nena Kanarina")
    hand.tick(f"#{mother.first.get_attribute('for')}")
    hand.press(button_of("input[name=who]"))
    stage.see(hand)

    before = stage.ledger()
    stage.go(hand, f"/cases/{case_id}/meetings/new-extraordinary")
    hand.write("#stated_risk", WHY)
    hand.press(button_of("#stated_risk"))
    stage.see(hand)
    after = stage.ledger()
    row_changed("A14.5", before, after)
    meeting = meet.newest(stage, case_id)
    meet.set_date(stage, hand, meeting, stage.now.date() + timedelta(days=8))

    before = stage.ledger()
    stage.go(hand, f"{meeting.base}/guest")
    hand.pick("#person", page.locator("#person option").last.get_attribute("value") or "")
    hand.write("#reason", WHY)
    hand.press(button_of("#reason"))
    stage.see(hand)
    row_changed("A8.5", before, stage.ledger())

    before = stage.ledger()
    stage.go(hand, f"{meeting.base}/without-assessment")
    hand.write("#reason", WHY)
    hand.press(button_of("#reason"))
    stage.see(hand)
    row_changed("A8.8", before, stage.ledger())

    before = stage.ledger()
    stage.go(hand, f"{meeting.base}/invitees")
    hand.tick("input[name=participants]")
    hand.press(button_of("input[name=seats]"))
    stage.see(hand)
    row_changed("A10.5", before, stage.ledger())
    stage.nothing_leaked((*ready.CANARIES, WHY))


def test_disclosure_required_by_law(stage: Stage) -> None:
    """A18.1: proposed with recipient and law, approved by the head, handed over; each step stays on record."""
    case_id = ready.case_of(stage)
    manager, head = case.mouse(stage, "case_manager"), case.mouse(stage, "head")
    before = stage.ledger()
    stage.go(manager, f"/cases/{case_id}/disclosures")
    manager.write("#recipient", RECIPIENT)
    manager.write("#legal_basis", LAW)
    manager.write("#what", WHY)
    manager.press(button_of("#what"))
    stage.see(manager)
    stage.go(head, f"/cases/{case_id}/disclosures")
    head.press("button[name=decision][value=approve]")
    stage.see(head)
    stage.go(manager, f"/cases/{case_id}/disclosures")
    manager.press("form[action$='/made'] button")
    stage.see(manager)
    row_changed("A18.1", before, stage.ledger())
    stage.nothing_leaked((*ready.CANARIES, WHY, RECIPIENT, LAW))
