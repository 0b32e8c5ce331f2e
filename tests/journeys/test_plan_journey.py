"""The unified plan lived through: drafted, adopted, sent, carried out; two requests in vain, then the superior's letter."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.fixtures.duty_rows import row_changed
from tests.fixtures.world import work
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as hold
from tests.journeys.hands import Hand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_case import type_date
from tests.journeys.steps_meeting import Called
from tmr_app.cases.table_models import Seat
from tmr_app.plans.models import Action, SuperiorNotice

PLANNED_ON = date(2026, 12, 1)
CANARIES = (*ready.CANARIES, "VeprimKanarinë", "ShoqataKanarinë", "ShenimiKanarinë", "KundershtimKanarinë")


def test_the_plan_is_lived_through(stage: Stage) -> None:
    meeting = ready.meeting_of(stage, convened=True)
    base = f"/cases/{meeting.case_id}/plan"
    stage.clock_to(date(2026, 11, 17))
    chair = case.mouse(stage, "case_manager")
    hold.begin(stage, chair, meeting)
    before = stage.ledger()
    write_draft(stage, chair, base, meeting)
    stage.go(chair, f"{base}/draft/adopt")
    chair.press("form:has(select[name=meeting]) button")
    stage.see(chair)
    stage.worker()
    adopted = stage.ledger()
    row_changed("A5.1.3", before, adopted)
    row_changed("A5.1.4", before, adopted)
    row_changed("A6.1.6", before, adopted)
    row_changed("A6.1.7", before, adopted)
    row_changed("A13.1", before, adopted)
    row_changed("A13.2", before, adopted)
    row_changed("A13.3", before, adopted)
    row_changed("A14.1", before, adopted)
    row_changed("A19", before, adopted)
    assert any("plani" in str(one["subject"]).lower() for one in stage.mail_to("police"))

    member = case.mouse(stage, "school")
    stage.go(member, "/own-actions")
    member.page.locator("main a.govuk-button").first.click()
    stage.see(member)
    object_to(stage, member)
    row_changed("A7", adopted, stage.ledger())
    tell(stage, member)
    row_changed("A14.2", adopted, stage.ledger())

    for days in (-7, -1, 1):
        stage.clock_to(PLANNED_ON + timedelta(days=days), 9)
        stage.worker()
    asked = [one for one in stage.mail_to("police") if "veprimet tuaja" in str(one["subject"]).lower()]
    assert len(asked) == 3
    silent = stage.ledger()
    row_changed("A14.3.1", adopted, silent)
    row_changed("A14.3.3", adopted, silent)

    stage.sign_in_again(chair.page, "case_manager")
    write_letter(stage, chair, base, meeting)
    row_changed("A14.3.2", silent, stage.ledger())
    stage.nothing_leaked(CANARIES)


def write_draft(stage: Stage, chair: Hand, base: str, meeting: Called) -> None:
    """From the initial plan: its action completed, another added; then before the members."""
    stage.go(chair, base)
    chair.press("form[action$='/draft/begin'] button")
    stage.see(chair)
    complete_action(stage, chair, "police", others="ShoqataKanarinë")
    chair.page.locator("summary").first.click()
    chair.write("textarea[name=measure]", "VeprimKanarinë dy")
    chair.press(button_of("textarea[name=measure]"))
    stage.see(chair)
    fill_action(stage, chair, "school")
    stage.see(chair)
    chair.press("form[action$='/draft/ask'] button")
    stage.see(chair)


def complete_action(stage: Stage, chair: Hand, kind: str, others: str = "") -> None:
    chair.page.locator("section[id^=action-] h3 a").first.click()
    stage.see(chair)
    fill_action(stage, chair, kind, others)


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


def write_letter(stage: Stage, chair: Hand, base: str, meeting: Called) -> None:
    """Offered, written on paper, taken as a file without a word of the case."""
    stage.go(chair, f"{base}/cooperation")
    chair.page.locator("main a.govuk-button").first.click()
    stage.see(chair)
    chair.tick("input[name=way][value=paper]")
    chair.press(button_of("input[name=way]"))
    stage.see(chair)
    with work(stage.app.engine) as session:
        notice = session.scalars(
            select(SuperiorNotice).where(SuperiorNotice.case_id == meeting.case_id)
        ).one()
        assert session.scalars(select(Action).where(Action.case_id == meeting.case_id)).first()
    letter = stage.file(chair, f"{base}/cooperation/notices/{notice.id}/letter.pdf")
    assert letter.startswith(b"%PDF")
