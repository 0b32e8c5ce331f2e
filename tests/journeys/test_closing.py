"""Closing by each ground from the assessment to a read-only dossier; a transfer refused, then accepted."""

from datetime import date, timedelta
from uuid import UUID

import pytest
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
from tmr_app.meetings.models import FamilyNotice, Meeting

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


def call(stage: Stage, manager: MouseHand, case_id: UUID) -> meet.Called:
    """The closing meeting is called from the guide."""
    stage.go(manager, f"/cases/{case_id}/closing")
    manager.press("form[action$='/closing/meeting'] button")
    stage.see(manager)
    return meet.newest(stage, case_id)


def convene(stage: Stage, manager: MouseHand, head: MouseHand, meeting: meet.Called) -> None:
    """Date, the head's agreement, the family told, papers looked through, the invitations sent."""
    meet.set_date(stage, manager, meeting, mw.MEETING_ON)
    meet.ask_agreement(stage, manager, meeting)
    meet.agree(stage, head, meeting)
    meet.tell_family(stage, manager, meeting, stage.now.date())
    meet.walk_papers(stage, manager, meeting)
    meet.convene(stage, manager, meeting)


def hold(stage: Stage, manager: MouseHand, meeting: meet.Called) -> None:
    """Held on its pages with the Table's words."""
    on_the_day(stage, manager)
    held.begin(stage, manager, meeting)
    held.rest_present(stage, manager)
    held.approve_agenda(stage, manager)
    for block in held.blocks(manager):
        held.discuss(stage, manager, block)
    held.hear_family(stage, manager)
    held.end(stage, manager, meeting)


def on_the_day(stage: Stage, manager: MouseHand) -> None:
    stage.now = hw.DURING
    stage.sign_in_again(manager.page, "case_manager")


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


def decide(stage: Stage, manager: MouseHand, case_id: UUID) -> None:
    stage.go(manager, f"/cases/{case_id}/closing/decision")
    manager.tick("input[name=answer][value=closes]")
    manager.press(button_of("input[name=answer]"))
    stage.see(manager, "closing-guide-decided")


def make_form(stage: Stage, manager: MouseHand, case_id: UUID) -> None:
    stage.go(manager, f"/cases/{case_id}/closing/form")
    manager.press("main form[method=post] button")


def end(stage: Stage, manager: MouseHand, case_id: UUID) -> None:
    """The Table's work ends: the dossier can be read, not written."""
    stage.go(manager, f"/cases/{case_id}/closing/end")
    manager.press("main form[method=post] button")
    stage.see(manager, "closing-guide-closed")
    answer = manager.page.context.request.get(f"{stage.url}/cases/{case_id}/child")
    assert answer.status == 403, "read-only"


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
    meeting = call(stage, manager, case_id)
    convene(stage, manager, head, meeting)
    hold(stage, manager, meeting)
    row_changed("A8.11", before, stage.ledger())
    decide(stage, manager, case_id)
    row_changed("A5.2", before, stage.ledger())
    approve_minutes(stage, manager, meeting)
    make_form(stage, manager, case_id)
    sign_form(stage, case_id)
    signed = stage.ledger()
    row_changed("A17.5", before, signed)
    row_is("A17.5", "met", signed, case=number)
    end(stage, manager, case_id)
    closed = stage.ledger()
    row_changed("A17.3", before, closed)
    row_is("A17.3", "met", closed, case=number)
    stage.worker()
    assert stage.mail_to("police")
    stage.nothing_leaked(CANARIES)


def refuse_under_eighteen(stage: Stage, manager: MouseHand, case_id: UUID) -> None:
    """A child of eleven cannot be closed as of age: the text stays, the article is named. Then today is the birthday."""
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


def name_the_state(_stage: Stage, manager: MouseHand, _case_id: UUID) -> None:
    manager.write("#country", WORDS)
    manager.write("#authority", WORDS)


def record_the_death(stage: Stage, manager: MouseHand, _case_id: UUID) -> None:
    type_date(manager, "death_on", stage.now.date() - timedelta(days=1))
    manager.write("#death_source", WORDS)


OF_GROUND = {
    "of_age": refuse_under_eighteen,
    "moved_abroad": name_the_state,
    "death": record_the_death,
}


@pytest.mark.parametrize("ground", list(OF_GROUND))
def test_closing_by_the_other_grounds(stage: Stage, ground: str) -> None:
    """Each with what it asks for. The meeting's hours and minutes are as for the main ground: they are done by operations.

    Convened on its pages where the ground makes a difference: of a child who died nobody of the family is told.
    """
    case_id = ready.case_of(stage, kinds=SEATED)
    manager, head = case.mouse(stage, "case_manager"), case.mouse(stage, "head")
    before = stage.ledger()
    write_assessment(stage, manager, case_id, ground)
    OF_GROUND[ground](stage, manager, case_id)
    manager.press(button_of("#assessment"))
    stage.see(manager, "closing-guide")
    if ground == "of_age":
        row_changed("A17.4", before, stage.ledger())
    hear_everybody(stage, manager, case_id)
    approve(stage, head, case_id)
    meeting = call(stage, manager, case_id)
    if ground == "death":
        convene(stage, manager, head, meeting)
    else:
        with clock.fixed_at(mw.NOW), work(stage.app.engine) as session:
            cw.convene(session, _ended(session, stage, meeting))
    with clock.fixed_at(hw.DURING), work(stage.app.engine) as session:
        ended = _ended(session, stage, meeting)
        assert (ended.case.family_notices_stopped_at is not None) is (ground == "death")
        told = session.scalars(select(FamilyNotice).where(FamilyNotice.meeting_id == meeting.id)).all()
        assert bool(told) is (ground != "death"), "from the death on nothing goes to the family"
        cw.hold(session, ended)
    on_the_day(stage, manager)
    decide(stage, manager, case_id)
    with clock.fixed_at(hw.DURING), work(stage.app.engine) as session:
        cw.approve_minutes(session, _ended(session, stage, meeting))
    make_form(stage, manager, case_id)
    sign_form(stage, case_id)
    end(stage, manager, case_id)
    with work(stage.app.engine) as session:
        closing = session.scalars(select(Closing).where(Closing.case_id == case_id)).one()
        assert (closing.ground, closing.state) == (ground, "closed")
    stage.worker()
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
