"""Monitoring as people do it: assessment by the Table, a report through a personal link, review, version 2, comparison."""

from datetime import date

from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.duty_rows import row_changed, row_is
from tests.fixtures.world import work
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as hold
from tests.journeys.hands import MouseHand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_meeting import Called
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel import clock, vault
from tmr_app.meetings.convening import convene
from tmr_app.meetings.models import Meeting

FOUND, WORDS, PROGRESS = "GjetjeMonitorimiKanarine", "FjaletEFemijesKanarine", "VleresimProgresiKanarine"
DONE = "BereMeLidhjeKanarine"
CANARIES = (FOUND, WORDS, PROGRESS, DONE, "InformacionKanarine")


def test_monitoring(stage: Stage) -> None:
    meeting = planned(stage)
    manager, member = case.mouse(stage, "case_manager"), case.mouse(stage, "police")
    assess(stage, manager, member, meeting)
    visit_and_supervise(stage, manager, meeting)
    link_report(stage, manager, meeting)
    findings(stage, manager, meeting)
    review(stage, manager, meeting)
    stage.nothing_leaked((*ready.CANARIES, *CANARIES))


def planned(stage: Stage) -> Called:
    """A held first meeting whose plan was adopted; the review meeting is prepared, not convened yet."""
    meeting = ready.meeting_of(stage, held_before=True)
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        found = session.get_one(Case, meeting.case_id)
        vault.unlock(session, [found.id, found.family_id])
        here = mw.CaseWorld(ready.town_of(session, stage.cast), found, None)  # type: ignore[arg-type]
        for seat in session.scalars(select(Seat).where(Seat.case_id == found.id)):
            here.seats[seat.kind] = seat
        plan_rows.adopted(session, here, stage.now.date(), planned=[date(2026, 11, 12), date(2026, 12, 1)])
        school = stage.cast.ids["school"]
        for row in session.scalars(select(Declaration).where(Declaration.person_id == school)):
            row.method = "paper"
    return meeting


def assess(stage: Stage, manager: MouseHand, member: MouseHand, meeting: Called) -> None:
    """A member brings what they know, the chair verifies it, the Table's assessment is completed and compared."""
    before, url = stage.ledger(), f"/cases/{meeting.case_id}/assessment"
    stage.go(member, f"{url}/information")
    member.write("#text", "InformacionKanarine")
    member.write("#source", "Ditari i shkollës")
    member.press(button_of("#text"))
    stage.go(manager, f"{url}/information")
    manager.press("a[href*='/assessment/information/']")
    stage.see(manager)
    manager.tick("input[name=state][value=verified]")
    manager.write("#note", "Verifikuar në shkollë")
    manager.press(button_of("#note"))
    row_changed("A12.1", before, stage.ledger())
    stage.go(manager, f"{url}/comprehensive")
    manager.pick("#risk_level", "medium")
    manager.write("#summary", FOUND)
    manager.press("button[name=complete]")
    stage.see(manager)
    assert FOUND in manager.page.inner_text("main")
    after = stage.ledger()
    row_changed("A12.2", before, after)
    row_changed("A12.4", before, after)
    row_changed("A12.5", before, after)
    for duty in ("A12.2", "A12.4", "A12.5"):
        row_is(duty, "met", after, case=row_of(after, meeting))
    stage.go(manager, f"{url}/compare")
    assert FOUND in manager.page.inner_text("main")
    stage.clock_to(stage.now.date(), 10, 5)
    stage.go(manager, f"{url}/changes")
    case.type_date(manager, "changed_on", stage.now.date())
    manager.write("#what", "InformacionKanarine")
    manager.press(button_of("#what"))
    row_changed("A5.1.2", after, stage.ledger())


def row_of(rows: list[dict[str, str | None]], meeting: Called) -> str | None:
    """The case's number, read from a row of its meeting."""
    return next(row["case"] for row in rows if row["meeting"] == meeting.code)


def visit_and_supervise(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """The case manager's visit with the child's words; the head's look at the work."""
    stage.go(manager, f"/cases/{meeting.case_id}/visits/new")
    case.type_date(manager, "visited_on", stage.now.date())
    manager.tick("input[name=who][value=child]")
    manager.write("#summary", "Biseda")
    manager.write("#child_words", WORDS)
    manager.press(button_of("#child_words"))
    stage.see(manager)
    assert WORDS in manager.page.inner_text("main")
    before, head = stage.ledger(), case.mouse(stage, "head")
    stage.go(head, "/head-office/supervision")
    stage.go(head, f"/cases/{meeting.case_id}/visits")
    head.write("#note", "Puna ecën")
    head.press("button[name=kind][value=looked]")
    row_changed("A16", before, stage.ledger())


def link_report(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """A member without an account files through the link, with the code told apart; the chair confirms."""
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        found = session.get_one(Case, meeting.case_id)
        vault.unlock(session, [found.id, found.family_id])
        row = session.get_one(Meeting, meeting.id)
        assert row.status == "preparing"
    before = stage.ledger()
    stage.go(manager, f"{meeting.base}/reports")
    manager.press("form[action*='/reports/links/'] button")
    shown = manager.page.locator("dd.govuk-summary-list__value").all_inner_texts()
    address, code = shown[0].strip(), shown[1].strip()
    visitor = MouseHand(stage.browser_of())
    visitor.page.goto(address)
    stage.see(visitor, "report-links-enter")
    visitor.write("#code", code)
    visitor.press(button_of("#code"))
    visitor.write("#done", DONE)
    visitor.press(button_of("#done"))
    assert "arriti" in visitor.page.inner_text("main")
    stage.go(manager, f"{meeting.base}/reports")
    manager.press("a[href*='/reports/received/']")
    stage.see(manager)
    assert DONE in manager.page.inner_text("main")
    manager.press("button[value=confirm]")
    row_changed("A8.9", before, stage.ledger())


def findings(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """The findings join the pack when the meeting is convened (A14.3.4)."""
    before = stage.ledger()
    stage.go(manager, f"{meeting.base}/monitoring")
    manager.write("#monitoring", FOUND)
    manager.press(button_of("#monitoring"))
    with clock.fixed_at(stage.now), work(stage.app.engine) as session:
        found = session.get_one(Case, meeting.case_id)
        vault.unlock(session, [found.id, found.family_id])
        chair = ready.town_of(session, stage.cast).case_manager
        convene(session, chair, stage.now, meeting_id=meeting.id, case=found)
    row_changed("A14.3.4", before, stage.ledger())


def review(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """Progress of each action and the finding, in the running meeting; version 2 is adopted and compared."""
    stage.clock_to(mw.MEETING_ON, 10, 5)
    stage.sign_in_again(manager.page, "case_manager")
    before = stage.ledger()
    row_is("A5.1.5", "due", before, meeting=None, case=row_of(before, meeting))
    hold.begin(stage, manager, meeting)
    stage.go(manager, f"{meeting.base}/review")
    for place in (0, 1):
        manager.write(f"#items-{place}-progress", f"{PROGRESS} {place}")
    manager.pick("#items-0-status", "done")
    manager.tick("input[name=course][value=worse]")
    manager.write("#well_being", FOUND)
    manager.press("button[name=complete]")
    stage.see(manager, "reviews-completed")
    assert PROGRESS in manager.page.inner_text("main")
    reviewed = stage.ledger()
    row_changed("A14.4", before, reviewed)
    row_is("A14.4", "due", reviewed, case=row_of(before, meeting))
    row_changed("A15", before, reviewed)
    row_changed("A5.1.5", before, reviewed)
    row_changed("A14.6", before, reviewed)
    row_changed("A11", before, reviewed)
    plan = f"/cases/{meeting.case_id}/plan"
    stage.go(manager, f"{plan}/draft/texts")
    manager.write("#aim", "SynimiIRi")
    manager.press(button_of("#aim"))
    stage.go(manager, f"{plan}/draft")
    manager.press("form[action$='/draft/ask'] button")
    stage.go(manager, f"{plan}/draft/adopt")
    manager.press("form:has(input[name=csrf_token]):has(button.govuk-button) button.govuk-button")
    stage.go(manager, f"{plan}/versions/compare")
    assert "SynimiIRi" in manager.page.inner_text("main")
