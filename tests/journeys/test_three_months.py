"""Three months of one plan, 17 November to 17 February: every step of it seen by its people, its mails and the ledger."""

from datetime import date, timedelta

from tests.fixtures import meeting_world as mw
from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as hold
from tests.journeys import steps_meeting as meet
from tests.journeys import steps_monitoring as monitor
from tests.journeys import steps_plan as plan
from tests.journeys.hands import MouseHand
from tests.journeys.stage import Stage
from tests.journeys.steps_meeting import Called

REVIEW_ON = date(2026, 12, 17)
"""A month from the adoption (A5.1.5)."""
MISSED_ON, LAST_DAY = date(2027, 1, 18), date(2027, 2, 17)


def test_three_months(stage: Stage) -> None:
    meeting = ready.meeting_of(stage, convened=True)
    base = f"/cases/{meeting.case_id}/plan"
    chair, police = case.mouse(stage, "case_manager"), case.mouse(stage, "police")
    monitor.assess(stage, chair, police, meeting)
    adopt_first(stage, chair, base, meeting)
    end_first(stage, chair, meeting)
    members_tell(stage)
    ask_in_vain(stage)
    stage.sign_in_again(chair.page, "case_manager")
    escalate(stage, chair, base)
    monitor.visit(stage, chair, meeting)
    second = prepare_second(stage, chair, meeting)
    monitor.declared_on_paper(stage, "family_medicine")
    monitor.link_report(stage, chair, second)
    monitor.findings(stage, chair, second)
    stage.clock_to(REVIEW_ON, 10, 5)
    stage.sign_in_again(chair.page, "case_manager")
    review_and_adopt(stage, chair, base, second)
    nobody_reviews(stage, second)
    stage.nothing_leaked((*ready.CANARIES, *plan.CANARIES, *monitor.CANARIES))


def adopt_first(stage: Stage, chair: MouseHand, base: str, meeting: Called) -> None:
    """Drafted, put before the members, adopted in the meeting, sent to all by the worker."""
    stage.clock_to(mw.MEETING_ON)
    stage.sign_in_again(chair.page, "case_manager")
    hold.begin(stage, chair, meeting)
    before = stage.ledger()
    plan.write_draft(stage, chair, base)
    plan.adopt(stage, chair, base)
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


def end_first(stage: Stage, chair: MouseHand, meeting: Called) -> None:
    """Who was there, the agenda, the date of the review; then the first meeting is over."""
    stage.go(chair, f"{meeting.base}/running")
    hold.rest_present(stage, chair)
    hold.approve_agenda(stage, chair)
    hold.propose_next(stage, chair, REVIEW_ON)
    stage.later(hours=1)
    stage.sign_in_again(chair.page, "case_manager")
    before = stage.ledger()
    hold.end(stage, chair, meeting)
    row_changed("A9", before, stage.ledger())


def prepare_second(stage: Stage, chair: MouseHand, first: Called) -> Called:
    """The date proposed in the first meeting is agreed; invitees, agenda, papers, the family told."""
    second = meet.newest(stage, first.case_id)
    meet.ask_agreement(stage, chair, second)
    meet.agree(stage, case.mouse(stage, "head"), second)
    meet.walk_papers(stage, chair, second)
    meet.tell_family(stage, chair, second, stage.now.date())
    return second


def members_tell(stage: Stage) -> None:
    """The school objects to its action (A7), and tells all the same what became of it."""
    member, before = case.mouse(stage, "school"), stage.ledger()
    stage.go(member, "/own-actions")
    member.page.locator("main a.govuk-button").first.click()
    stage.see(member)
    plan.object_to(stage, member)
    plan.tell(stage, member)
    told = stage.ledger()
    row_changed("A7", before, told)
    row_changed("A14.2", before, told)


def ask_in_vain(stage: Stage) -> None:
    """Before and after the planned day the worker asks the police three times; no word comes back."""
    before = stage.ledger()
    for days in (-7, -1, 1):
        stage.clock_to(plan.PLANNED_ON + timedelta(days=days), 9)
        stage.worker()
    asked = [one for one in stage.mail_to("police") if "veprimet tuaja" in str(one["subject"]).lower()]
    assert len(asked) == 3
    silent = stage.ledger()
    row_changed("A14.3.1", before, silent)
    row_changed("A14.3.3", before, silent)


def escalate(stage: Stage, chair: MouseHand, base: str) -> None:
    """The letter to the superior of the institution that does not answer."""
    before = stage.ledger()
    plan.write_letter(stage, chair, base)
    row_changed("A14.3.2", before, stage.ledger())


def review_and_adopt(stage: Stage, chair: MouseHand, base: str, meeting: Called) -> None:
    """The monthly review in the running meeting; version 2 carries its words on and stands beside version 1."""
    before = stage.ledger()
    here = monitor.row_of(before, meeting)
    row_is("A5.1.5", "due", before, meeting=None, case=here)
    hold.begin(stage, chair, meeting)
    monitor.review(stage, chair, meeting)
    reviewed = stage.ledger()
    row_changed("A14.4", before, reviewed)
    row_is("A14.4", "due", reviewed, case=here)
    row_changed("A15", before, reviewed)
    row_changed("A5.1.5", before, reviewed)
    row_changed("A14.6", before, reviewed)
    row_changed("A11", before, reviewed)
    stage.go(chair, f"{base}/draft/texts")
    chair.write("#aim", "SynimiKanarinë")
    chair.press("form:has(#aim) button[type=submit]")
    plan.adopt(stage, chair, base)
    stage.go(chair, f"{base}/versions/compare")
    assert "SynimiKanarinë" in chair.page.inner_text("main")


def nobody_reviews(stage: Stage, meeting: Called) -> None:
    """A month on nobody met again: the review is overdue, and the head who looks at the work sees it (A16)."""
    stage.clock_to(MISSED_ON)
    stage.worker()
    before = stage.ledger()
    row_is("A5.1.5", "overdue", before, meeting=None, case=monitor.row_of(before, meeting))
    stage.clock_to(LAST_DAY)
    head = case.mouse(stage, "head")
    stage.go(head, "/head-office/supervision")
    assert monitor.row_of(before, meeting) in head.page.inner_text("main")
    stage.go(head, f"/cases/{meeting.case_id}/visits")
    head.write("#note", "Puna ecën")
    head.press("button[name=kind][value=looked]")
    row_changed("A16", before, stage.ledger())
