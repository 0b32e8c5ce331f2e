"""The main job, whole: from a referral to a minuted meeting, and to the reports before the next one.

In Albanian, at 1280 px with JavaScript; each page reached is also looked at in 375 px and by axe.
"""

import io
from collections.abc import Iterable
from datetime import date, datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from docx import Document

from tests.fixtures.duty_rows import row_changed, row_is
from tests.journeys import calendar_text
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as hold
from tests.journeys import steps_meeting as meet
from tests.journeys import steps_member as member
from tests.journeys import steps_table as table
from tests.journeys.stage import Stage

CHILD = case.Child()
SEATED = ("police", "school", "family_medicine")
FIRST_ON, REVIEW_ON = date(2026, 11, 17), date(2026, 12, 1)
CANARIES = (
    *CHILD.canaries,
    table.WHY,
    meet.VIDEO,
    meet.VIEWS,
    hold.SAID,
    hold.DECIDED,
    member.REPORT,
    member.FOR_MANAGER,
)


def calendars(mails: Iterable[EmailMessage]) -> list[bytes]:
    """The calendar parts of these mails."""
    parts = [part for mail in mails for part in mail.walk() if part.get_content_type() == "text/calendar"]
    assert all(part.get_param("method") == "REQUEST" for part in parts)
    return [bytes(part.get_payload(decode=True)) for part in parts]


def check_entry(stage: Stage, raw: bytes, who: str, meeting: meet.Called) -> None:
    """The calendar entry as an independent reader of RFC 5545 understands it."""
    entry = calendar_text.read(raw)
    assert entry.one("METHOD").value == "REQUEST"
    assert entry.part("VTIMEZONE").one("TZID").value == "Europe/Belgrade"
    event = entry.part("VEVENT")
    assert event.one("SEQUENCE").value == "0"
    assert event.one("UID").value
    attendee = event.one("ATTENDEE")
    assert attendee.value == f"mailto:{stage.cast.emails[who]}"
    assert attendee.parameters["RSVP"] == "TRUE"
    start = event.one("DTSTART")
    assert start.parameters["TZID"] == "Europe/Belgrade"
    assert start.instant == datetime(2026, 11, 17, 10, 0, tzinfo=ZoneInfo("Europe/Belgrade"))
    assert meeting.code in event.one("SUMMARY").value
    assert event.one("LOCATION").value == "Salla 2, Rruga e Shkollës 1"


def words_of(docx: bytes) -> str:
    """Every word of a Word file: body, tables, heads of the pages."""
    document = Document(io.BytesIO(docx))
    cells = [cell.text for one in document.tables for row in one.rows for cell in row.cells]
    heads = [line.text for section in document.sections for line in section.header.paragraphs]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells, *heads])


def test_the_main_job(stage: Stage) -> None:
    case.give_account(stage, "case_manager")
    manager = case.visitor(stage)
    case.sign_in_for_real(stage, manager, "case_manager")

    before = stage.ledger()
    case_id = case.open_case(stage, manager, CHILD)
    opened = stage.ledger()
    row_changed("A8.1", before, opened)
    row_changed("A4.2", before, opened)
    row_changed("A12.3", before, opened)
    row_changed("A5.1.1", before, opened)

    compose_the_table(stage, manager, case_id)
    meeting = prepare_and_convene(stage, manager, case_id)
    answer_and_read(stage, meeting)
    hold_and_end(stage, manager, meeting)
    check_minutes(stage, manager, meeting)
    report_before_the_next(stage, manager, case_id)
    stage.nothing_leaked(CANARIES)


def compose_the_table(stage: Stage, manager: case.MouseHand, case_id: case.UUID) -> None:
    """Composed from proposals; each member signs, sees the parties' names, denies a conflict."""
    before = stage.ledger()
    assert {"police", "school"} <= set(table.proposals(stage, manager, case_id))
    for kind in SEATED:
        table.seat(stage, manager, case_id, kind)
    seated = stage.ledger()
    row_changed("A4.3", before, seated)
    stage.worker()
    for kind in SEATED:
        hand = case.mouse(stage, kind)
        refused = hand.page.context.request.get(f"{stage.url}/cases/{case_id}/")
        assert refused.status == 403
        (mail,) = stage.mail_to(kind)
        stage.go(hand, member.link_of(stage, mail))
        assert CHILD.name not in hand.page.inner_text("main")
        case.declare(stage, hand, case_id, names=(CHILD.name, CHILD.mother))
        assert CHILD.name in hand.page.inner_text("main")
    declared = stage.ledger()
    row_changed("A18.2", seated, declared)
    row_changed("A2", seated, declared)
    row_changed("A10.6", seated, declared)


def prepare_and_convene(stage: Stage, manager: case.MouseHand, case_id: case.UUID) -> meet.Called:
    """Called, dated, agreed, prepared until nothing is open; then convened."""
    before = stage.ledger()
    meeting = meet.call(stage, manager, case_id)
    meet.set_date(stage, manager, meeting, FIRST_ON)
    meet.ask_agreement(stage, manager, meeting)
    stage.worker()
    head = case.mouse(stage, "head")
    stage.go(head, member.link_of(stage, stage.mail_to("head")[-1]))
    meet.agree(stage, head, meeting)
    meet.walk_papers(stage, manager, meeting, "Transporti në shkollë")
    meet.tell_family(stage, manager, meeting, stage.now.date())
    stage.go(manager, f"{meeting.base}/prepare")
    *tasks, last = meet.tasks(manager)
    assert set(tasks) == {"U krye"}, tasks
    assert last == "Nuk ka filluar"
    ready = stage.ledger()
    row_changed("A8.10", before, ready)
    row_changed("A6.1.5", before, ready)
    meet.convene(stage, manager, meeting)
    mails = stage.worker()
    entries = calendars(mails)
    assert len(entries) == len(SEATED) + 1
    assert len({calendar_text.read(one).part("VEVENT").one("UID").value for one in entries}) == len(entries)
    for kind in (*SEATED, "case_manager"):
        check_entry(stage, calendars(stage.mail_to(kind))[-1], kind, meeting)
    sent = stage.ledger()
    row_changed("A8.3", ready, sent)
    row_changed("A8.7", ready, sent)
    row_changed("A6.1.2", ready, sent)
    row_changed("A6.1.3", before, sent)
    row_is("A8.3", "met", sent, meeting=meeting.code)
    return meeting


def answer_and_read(stage: Stage, meeting: meet.Called) -> None:
    """From the mail to the answer, the papers on screen, the personal copy."""
    police = case.mouse(stage, "police")
    stage.go(police, member.link_of(stage, stage.invitation_to("police")))
    assert police.page.url.endswith(f"{meeting.base}/answer")
    member.answer(stage, police)
    assert len(member.read_papers(stage, police, meeting)) == 3
    copy = stage.file(police, f"{meeting.base}/pack/copy")
    pages = member.pages_of(copy)
    assert len(pages) > 2
    assert all(f"Kopje personale: {stage.cast.names['police']}" in text for text in pages)
    assert CHILD.finding in "".join(pages)
    assert CHILD.reporter not in "".join(pages)


def hold_and_end(stage: Stage, manager: case.MouseHand, meeting: meet.Called) -> None:
    """On its day: attendance, agenda, every item, the family's views, the risk, the next date, the end."""
    before = stage.ledger()
    stage.clock_to(FIRST_ON, 10, 5)
    stage.sign_in_again(manager.page, "case_manager")
    hold.begin(stage, manager, meeting)
    hold.mark_absent(manager, stage.cast.names["school"], "Sëmurë")
    hold.rest_present(stage, manager)
    hold.approve_agenda(stage, manager)
    for block in hold.blocks(manager):
        hold.discuss(stage, manager, block)
    hold.hear_family(stage, manager)
    hold.determine_risk(stage, manager, "medium")
    hold.propose_next(stage, manager, REVIEW_ON)
    stage.later(hours=1)
    stage.sign_in_again(manager.page, "case_manager")
    said = hold.end(stage, manager, meeting)
    assert "Neni 9" in said
    held = stage.ledger()
    row_changed("A6.1.4", before, held)
    row_changed("A6.1.1", before, held)
    row_changed("A8.6", before, held)
    row_changed("A9", before, held)
    row_changed("A10.1", before, held)
    row_changed("A10.3", before, held)
    row_changed("A10.4", before, held)
    row_is("A8.1", "met", held, case=row_is("A8.3", "met", held, meeting=meeting.code)["case"])


def check_minutes(stage: Stage, manager: case.MouseHand, meeting: meet.Called) -> None:
    """The draft as PDF and Word says who was there and what was decided."""
    assert manager.page.url.endswith(f"{meeting.base}/minutes")
    links = manager.page.locator("main a[href*='/documents/made/minutes/']").evaluate_all(
        "all => all.map(a => a.pathname)"
    )
    paths = {str(one).rpartition(".")[2]: str(one) for one in links}
    assert set(paths) == {"pdf", "docx"}
    pdf = "\n".join(member.pages_of(stage.file(manager, paths["pdf"])))
    docx = words_of(stage.file(manager, paths["docx"]))
    for text in (pdf, docx):
        for word in (
            meeting.code,
            stage.cast.names["police"],
            "Sëmurë",
            hold.SAID,
            hold.DECIDED,
            "10:05–11:05",
        ):
            assert word in text, word
        assert "PROJEKT" in text.upper()


def report_before_the_next(stage: Stage, manager: case.MouseHand, case_id: case.UUID) -> None:
    """With the next date each member is asked for a report (A8.9); one files it, the case manager reads it."""
    before = stage.ledger()
    review = meet.newest(stage, case_id)
    stage.worker()
    police = case.mouse(stage, "police")
    stage.go(police, member.link_of(stage, stage.mail_to("police")[-1]))
    assert police.page.url.endswith("/report")
    member.write_report(stage, police, review)
    filed = stage.ledger()
    row_changed("A8.9", before, filed)
    row_is("A8.9", "met", filed, meeting=review.code, subject="police")
    stage.go(manager, f"/cases/{case_id}/reports")
    manager.press("main table a")
    stage.see(manager)
    manager.press("main a[href*='/reports/']")
    stage.see(manager)
    said = manager.page.inner_text("main")
    assert member.REPORT in said
    assert member.FOR_MANAGER in said
    for path in ("/my-work", "/calendar", f"/cases/{case_id}/ledger", f"/cases/{case_id}/timeline"):
        stage.go(manager, path)
    head = case.mouse(stage, "head")
    stage.go(head, "/head-office")
