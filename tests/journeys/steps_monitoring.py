"""Steps of monitoring: assessment by the Table, a visit, a report through a personal link, findings, the monthly review."""

from sqlalchemy import select

from tests.fixtures.duty_rows import row_changed, row_is
from tests.fixtures.world import work
from tests.journeys import steps_case as case
from tests.journeys import steps_meeting as meet
from tests.journeys.hands import MouseHand, button_of
from tests.journeys.stage import Stage
from tests.journeys.steps_meeting import Called
from tmr_app.cases.table_models import Declaration

FOUND, WORDS, PROGRESS = "GjetjeMonitorimiKanarine", "FjaletEFemijesKanarine", "VleresimProgresiKanarine"
DONE = "BereMeLidhjeKanarine"
CANARIES = (FOUND, WORDS, PROGRESS, DONE, "InformacionKanarine")


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


def visit(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """The case manager's visit, with the child's own words."""
    stage.go(manager, f"/cases/{meeting.case_id}/visits/new")
    case.type_date(manager, "visited_on", stage.now.date())
    manager.tick("input[name=who][value=child]")
    manager.write("#summary", "Biseda")
    manager.write("#child_words", WORDS)
    manager.press(button_of("#child_words"))
    stage.see(manager)
    assert WORDS in manager.page.inner_text("main")


def declared_on_paper(stage: Stage, who: str) -> None:
    """This member has no account and signed the declaration on paper (its own pages have their own steps)."""
    with work(stage.app.engine) as session:
        for row in session.scalars(select(Declaration).where(Declaration.person_id == stage.cast.ids[who])):
            row.method = "paper"


def link_report(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """A member without an account files through the link, with the code told apart; the chair confirms."""
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
    meet.convene(stage, manager, meeting)
    row_changed("A14.3.4", before, stage.ledger())


def review(stage: Stage, manager: MouseHand, meeting: Called) -> None:
    """Progress of each action and the finding on the child's well-being, in the running meeting."""
    stage.go(manager, f"{meeting.base}/review")
    for place in (0, 1):
        manager.write(f"#items-{place}-progress", f"{PROGRESS} {place}")
    manager.pick("#items-0-status", "done")
    manager.tick("input[name=course][value=worse]")
    manager.write("#well_being", FOUND)
    manager.press("button[name=complete]")
    stage.see(manager, "reviews-completed")
    assert PROGRESS in manager.page.inner_text("main")
