"""The main job where life is harder: sent late, a member recused mid-way, a suspected perpetrator, an asylum seeker."""

from datetime import date

from sqlalchemy import select

from tests.fixtures.duty_rows import row_changed, row_is
from tests.fixtures.world import work
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_meeting as meet
from tests.journeys import steps_table as table
from tests.journeys.hands import button_of
from tests.journeys.stage import Stage
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.outbox import OutboxMessage

REASON = "ArsyejaEVonesësKanarinë"


def test_convened_late(stage: Stage) -> None:
    """Past the last lawful day: refused with the article, lawful ways out first, the breach apart from them."""
    meeting = ready.meeting_of(stage)
    stage.clock_to(date(2026, 11, 15))
    before = stage.ledger()
    row_is("A8.3", "overdue", before, meeting=meeting.code)
    hand = case.mouse(stage, "case_manager")
    stage.go(hand, f"{meeting.base}/convene")
    stage.see(hand, "meetings-check-late")
    page = hand.page
    refusal = page.locator(".tryeza-panel--refused:has(.tryeza-article:text-is('Neni 8, paragrafi 3'))")
    assert refusal.count() == 1
    assert refusal.locator("ul.tryeza-waysout a").count() >= 1, refusal.inner_text()
    breach = page.locator(".tryeza-breach:has(form)")
    assert refusal.locator(".tryeza-waysout .tryeza-breach, form").count() == 0
    assert not stage.smtp.received

    hand.press(".tryeza-breach button")
    assert page.locator("#late_reason-error").count() + page.locator(".tryeza-panel--refused").count() > 0
    stage.worker()
    assert not [one for one in stage.smtp.received if b"text/calendar" in one.raw]

    hand.write("#late_reason", REASON)
    hand.press(".tryeza-breach button")
    assert breach.count() == 0
    assert REASON in page.inner_text("main")
    stage.worker()
    assert any(b"text/calendar" in one.raw for one in stage.smtp.received)
    after = stage.ledger()
    row_changed("A8.3", before, after)
    sent = [row["status"] for row in after if row["duty"] == "A8.3" and row["meeting"] == meeting.code]
    assert set(sent) == {"met_late"}, sent
    stage.go(hand, f"/cases/{meeting.case_id}/ledger")
    assert "Neni 8, paragrafi 3" in page.inner_text("main")
    stage.nothing_leaked((*ready.CANARIES, REASON))


def test_recused_mid_way(stage: Stage) -> None:
    """A member reads the papers in one tab and says yes to a conflict in another: everything shuts at once."""
    meeting = ready.meeting_of(stage, convened=True)
    hand = case.mouse(stage, "police")
    page = hand.page
    stage.go(hand, f"{meeting.base}/pack")
    open_tab = page.context.new_page()
    open_tab.goto(stage.url + f"{meeting.base}/pack")
    first_paper = open_tab.locator("main .tryeza-papers h3 a").first
    assert first_paper.count() == 1
    before = stage.ledger()

    stage.go(hand, f"/cases/{meeting.case_id}/conflict")
    hand.tick("input[name=answer][value=yes]")
    hand.press(button_of("input[name=answer]"))
    stage.see(hand)
    row_changed("A10.2", before, stage.ledger())

    first_paper.click()
    open_tab.wait_for_load_state()
    assert "GjetjeKanarine" not in open_tab.content()
    assert page.context.request.get(open_tab.url).status == 403
    for path in ("pack", "pack/copy", "report", ""):
        answer = page.context.request.get(f"{stage.url}{meeting.base}/{path}")
        assert answer.status == 403, path
    stage.go(hand, "/my-work")
    assert meeting.code not in page.inner_text("main")

    stage.worker()
    assert not stage.mail_to("police"), "the invitation was waiting in the outbox"
    assert stage.mail_to("school")
    with work(stage.app.engine) as session:
        states = session.scalars(
            select(OutboxMessage.state).where(
                OutboxMessage.recipient_id == stage.cast.ids["police"], OutboxMessage.kind == "invitation"
            )
        ).all()
    assert states == ["cancelled"]
    stage.nothing_leaked(ready.CANARIES)


def test_suspected_perpetrator(stage: Stage) -> None:
    """The father is marked: no notice, no seat, and his namesake on the roster is refused by name of the article."""
    hand = case.mouse(stage, "case_manager")
    child = case.Child(name="Kanarina Etërore", father=stage.cast.names["police"])
    before = stage.ledger()
    case_id = case.open_case(stage, hand, child, father_is_perpetrator=True, whole=False)
    page = hand.page
    row_changed("A4.5", before, stage.ledger())

    opened = stage.ledger()
    stage.go(hand, f"/cases/{case_id}/table/participants")
    panel = page.locator(".tryeza-panel--refused")
    assert child.father in panel.inner_text()
    assert "Neni 4, paragrafi 5" in panel.inner_text()
    assert child.father not in page.inner_text("form:has(input[name=who])")

    stage.go(hand, f"/cases/{case_id}/table/add/police")
    table.choose(stage, hand, "police")
    assert page.locator(".tryeza-panel--refused", has_text="Neni 4, paragrafi 5").count() == 1
    stage.see(hand, "table-add-refused")
    with work(stage.app.engine) as session:
        assert (
            stage.cast.ids["police"]
            not in session.scalars(select(Seat.person_id).where(Seat.case_id == case_id)).all()
        )
    stage.worker()
    assert not stage.mail_to("police")
    row_changed("A4.5", opened, stage.ledger())

    meeting = meet.call(stage, hand, case_id)
    stage.go(hand, f"{meeting.base}/family")
    assert child.father not in page.inner_text("main .govuk-task-list")
    assert child.father in page.inner_text(".tryeza-panel--refused")
    stage.nothing_leaked(tuple(word for word in child.canaries if word != child.father))


def test_asylum_seeking_child(stage: Stage) -> None:
    """A4.6 blocks until a representative sits at the Table."""
    meeting = ready.meeting_of(stage, flags=frozenset({"asylum_seeker"}))
    hand = case.mouse(stage, "case_manager")
    page = hand.page
    before = stage.ledger()
    stage.go(hand, f"{meeting.base}/convene")
    panel = page.locator(".tryeza-panel--refused", has_text="Neni 4, paragrafi 6")
    assert panel.count() == 1
    assert page.locator("main form[method=post] button", has_text="Thirr").count() == 0
    assert page.locator("input[type=hidden][name=version]").count() == 0, "there is nothing to press"

    table.seat(stage, hand, meeting.case_id, "asylum_centre")
    stage.worker()
    centre = case.mouse(stage, "asylum_centre")
    case.declare(stage, centre, meeting.case_id)
    stage.go(hand, f"{meeting.base}/invitees")
    hand.tick(f"label:has-text('{stage.cast.names['asylum_centre']}')")
    hand.press(button_of("input[name=seats]"))
    meet.convene(stage, hand, meeting)
    stage.worker()
    assert any(b"text/calendar" in one.as_bytes() for one in stage.mail_to("asylum_centre"))
    after = stage.ledger()
    row_changed("A4.6", before, after)
    row_is("A4.6", "met", after)


def test_asylum_seeking_child_with_the_heads_reason(stage: Stage) -> None:
    """Without a seat only the head's written reason lets it pass, and the ledger says not met."""
    meeting = ready.meeting_of(stage, flags=frozenset({"asylum_seeker"}))
    manager, head = case.mouse(stage, "case_manager"), case.mouse(stage, "head")
    refused = manager.page.context.request.get(f"{stage.url}{meeting.base}/without-representative")
    assert refused.status == 403
    stage.go(head, f"{meeting.base}/")
    head.press("main a[href$='/without-representative']")
    stage.see(head)
    head.write("#reason", REASON)
    head.press(button_of("#reason"))
    stage.see(head)
    meet.convene(stage, manager, meeting)
    stage.worker()
    assert stage.mail_to("police")
    row_is("A4.6", "not_met", stage.ledger())
    stage.nothing_leaked((*ready.CANARIES, REASON))
