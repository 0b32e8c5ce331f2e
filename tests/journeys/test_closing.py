"""Closing by the main ground from assessment to a read-only dossier; eighteen reached; a transfer refused, then accepted."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.duty_rows import row_changed, row_is
from tests.fixtures.world import work
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as held
from tests.journeys import steps_meeting as meet
from tests.journeys.hands import MouseHand, button_of
from tests.journeys.stage import Stage, town_of
from tests.journeys.steps_case import type_date
from tests.meetings.member_kit import declare
from tmr_app.cases.models import Case, Child, Relation
from tmr_app.closures.models import Closing
from tmr_app.kernel import clock
from tmr_app.meetings.models import Meeting

SEATED = ("police", "school")
WORDS = "FjalëKanarinëMbyllje"
CANARIES = (*ready.CANARIES, *cw.CANARIES, WORDS)


def write_assessment(stage: Stage, hand: MouseHand, case_id: UUID, ground: str) -> None:
    """Choose the ground, write what every ground asks for."""
    stage.go(hand, f"/cases/{case_id}/closing")
    hand.press("main .govuk-task-list a >> nth=0")
    stage.see(hand, "closing-ground")
    hand.press(f"main a[href$='ground={ground}']")
    stage.see(hand)
    hand.write("#assessment", WORDS)
    hand.write("#best_interest", WORDS)


def hear_everybody(stage: Stage, hand: MouseHand, case_id: UUID) -> None:
    """Each person of the page is asked."""
    stage.go(hand, f"/cases/{case_id}/closing/opinions")
    stage.see(hand)
    for place in range(hand.page.locator("main .govuk-task-list a").count()):
        stage.go(hand, f"/cases/{case_id}/closing/opinions")
        hand.press(f"main .govuk-task-list a >> nth={place}")
        stage.see(hand)
        type_date(hand, "asked_on", stage.now.date())
        hand.pick("#how", "in_person")
        hand.write("#opinion", WORDS)
        hand.press(button_of("#opinion"))


def approve(stage: Stage, head: MouseHand, case_id: UUID) -> None:
    stage.go(head, f"/cases/{case_id}/closing/approval")
    head.tick("input[name=answer][value=approved]")
    head.press(button_of("#note"))
    stage.see(head)


def sign_form(stage: Stage, case_id: UUID) -> None:
    """Everyone of the Table opens the mail's address, reads, ticks, signs."""
    for who in ("case_manager", *SEATED):
        hand = case.mouse(stage, who)
        stage.go(hand, f"/cases/{case_id}/closing/form")
        hand.press("main a.govuk-button")
        stage.see(hand)
        hand.tick("#agreed")
        hand.press(button_of("#agreed"))


def hold(stage: Stage, manager: MouseHand, meeting: meet.Called) -> None:
    """Convened by the operations (that way has journeys of its own), held on its pages with the Table's words."""
    with clock.fixed_at(mw.NOW), work(stage.app.engine) as session:
        cw.convene(session, _ended(session, stage, meeting))
    stage.now = hw.DURING
    stage.sign_in_again(manager.page, "case_manager")
    held.begin(stage, manager, meeting)
    held.rest_present(stage, manager)
    held.approve_agenda(stage, manager)
    for block in held.blocks(manager):
        held.discuss(stage, manager, block)
    held.hear_family(stage, manager)
    held.end(stage, manager, meeting)


def _ended(session: Session, stage: Stage, meeting: meet.Called) -> cw.Ending:
    found = session.get_one(Case, meeting.case_id)
    mw.unlock(session, found)
    mother = session.scalars(select(Relation).where(Relation.case_id == found.id)).one()
    here = mw.CaseWorld(town_of(session, stage.cast), found, mother)
    closing = session.scalars(select(Closing).where(Closing.case_id == found.id)).one()
    return cw.Ending(here, closing, session.get_one(Meeting, meeting.id))


def approve_minutes(stage: Stage, manager: MouseHand, meeting: meet.Called) -> None:
    """A last meeting has no next one: its minutes are approved at its end (A10.1)."""
    stage.go(manager, f"{meeting.base}/minutes")
    manager.press("form[action$='/minutes/circulate'] button")
    manager.press("a[href$='/minutes/approve']")
    stage.see(manager)
    manager.tick("input[name=how][value=own_end]")
    manager.write("#note", "Në fund të takimit, nga të gjithë")
    manager.press(button_of("input[name=how]"))


def test_closing_by_the_main_ground(stage: Stage) -> None:
    """Assessment, opinions, the head's approval, meeting, decision, minutes, form, end: each from the guide."""
    case_id = ready.case_of(stage, kinds=SEATED)
    with work(stage.app.engine) as session:
        number = session.get_one(Case, case_id).number
    manager, head = case.mouse(stage, "case_manager"), case.mouse(stage, "head")
    before = stage.ledger()
    write_assessment(stage, manager, case_id, "out_of_danger")
    manager.tick("#out_of_danger")
    manager.tick("#no_risk")
    manager.write("#undone", WORDS)
    manager.press(button_of("#assessment"))
    stage.see(manager)
    row_changed("A17.1", before, stage.ledger())
    hear_everybody(stage, manager, case_id)
    row_changed("A17.2", before, stage.ledger())
    approve(stage, head, case_id)
    stage.go(manager, f"/cases/{case_id}/closing")
    manager.press("form[action$='/closing/meeting'] button")
    stage.see(manager)
    meeting = meet.newest(stage, case_id)
    hold(stage, manager, meeting)
    row_changed("A8.11", before, stage.ledger())
    stage.go(manager, f"/cases/{case_id}/closing/decision")
    manager.tick("input[name=answer][value=closes]")
    manager.press(button_of("input[name=answer]"))
    stage.see(manager, "closing-guide-decided")
    row_changed("A5.2", before, stage.ledger())
    approve_minutes(stage, manager, meeting)
    stage.go(manager, f"/cases/{case_id}/closing/form")
    manager.press("main form[method=post] button")
    sign_form(stage, case_id)
    signed = stage.ledger()
    row_changed("A17.5", before, signed)
    row_is("A17.5", "met", signed, case=number)
    stage.go(manager, f"/cases/{case_id}/closing/end")
    manager.press("main form[method=post] button")
    stage.see(manager, "closing-guide-closed")
    closed = stage.ledger()
    row_changed("A17.3", before, closed)
    row_is("A17.3", "met", closed, case=number)
    answer = manager.page.context.request.get(f"{stage.url}/cases/{case_id}/child")
    assert answer.status == 403, "read-only"
    stage.worker()
    assert stage.mail_to("police")
    stage.nothing_leaked(CANARIES)


def test_eighteen_reached(stage: Stage) -> None:
    """A child of eleven cannot be closed as of age; one whose birthday is today can, with services recommended."""
    case_id = ready.case_of(stage, kinds=SEATED)
    manager = case.mouse(stage, "case_manager")
    write_assessment(stage, manager, case_id, "of_age")
    manager.tick("input[name=services_needed][value=yes]")
    manager.write("#after_eighteen", WORDS)
    manager.press(button_of("#assessment"))
    stage.see(manager, "closing-refused")
    refused = manager.page.locator(".tryeza-panel--refused")
    assert "Neni 17, paragrafi 3" in refused.first.inner_text()
    assert manager.page.input_value("#assessment") == WORDS
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        mw.unlock(session, session.get_one(Case, case_id))
        child = session.scalars(select(Child).where(Child.case_id == case_id)).one()
        child.birth_date = date(stage.now.year - 18, stage.now.month, stage.now.day).isoformat()
    before = stage.ledger()
    manager.press(button_of("#assessment"))
    stage.see(manager, "closing-guide")
    row_changed("A17.4", before, stage.ledger())
    stage.nothing_leaked(CANARIES)


def test_transfer_refused_then_accepted(stage: Stage, make_stage: object) -> None:
    """The other head sees number, municipality and reason; refuses, then accepts: the old Table is outside at once."""
    other = make_stage()
    with clock.fixed_at(mw.NOW), work(stage.app.engine) as session:
        here = mw.case_world(session, kinds=SEATED, town=town_of(session, stage.cast))
        for person in (here.town.case_manager, *(here.town.members[kind] for kind in SEATED)):
            declare(session, here, person, mw.NOW)
        ended = cw.at_step(session, "signed", "moved_within", here=here, to_qps_id=other.cast.qps_id)
        case_id, number = ended.case.id, ended.case.number
    stage.now = other.now = cw.LATER
    manager = case.mouse(stage, "case_manager")
    for accepted in (False, True):
        stage.go(manager, f"/cases/{case_id}/closing/transfer")
        manager.write("#reason", "Fëmija është shpërngulur")
        manager.press(button_of("#reason"))
        stage.see(manager, "closing-guide-offered")
        head = MouseHand(stage.browser_of())
        with clock.fixed_at(stage.now):
            other.sign_in_again(head.page, "head")
        stage.go(head, "/transfers")
        assert number in head.page.inner_text("main")
        head.press("main td a")
        stage.see(head)
        assert not [word for word in CANARIES if word in head.page.inner_text("body")]
        if accepted:
            head.tick(f"input[name=case_manager_id][value='{other.cast.ids['case_manager']}']")
            head.press(button_of("input[name=case_manager_id]"))
        else:
            head.write("#answer", "Mungon adresa e re")
            head.press(button_of("#answer"))
        stage.see(head, "transfers-inbox")
    row_is("A17.3", "met", stage.ledger(), case=number)
    assert manager.page.context.request.get(f"{stage.url}/cases/{case_id}/closing").status == 404
    stage.go(head, f"/cases/{case_id}/")
    stage.nothing_leaked(CANARIES)
