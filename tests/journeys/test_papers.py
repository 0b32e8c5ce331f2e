"""A declaration signed by hand is recorded with its scan; the form of Annex 1 is taken after the meeting."""

import io
from pathlib import Path

from pypdf import PdfWriter

from tests.documents.reading import pdf_pages, squeezed
from tests.fixtures.duty_rows import row_changed
from tests.fixtures.meeting_world import MEETING_ON
from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_holding as hold
from tests.journeys.hands import button_of
from tests.journeys.stage import Stage
from tmr_app.regulation.annex1 import annex_labels


def test_signed_by_hand_and_the_form_of_the_annex(stage: Stage, tmp_path: Path) -> None:
    meeting = ready.meeting_of(stage, convened=True)
    hand = case.mouse(stage, "case_manager")
    page = hand.page
    stage.go(hand, f"/cases/{meeting.case_id}/table/participants")
    hand.tick("input[name=who][value=child]")
    hand.press(button_of("input[name=who]"))
    before = stage.ledger()

    stage.go(hand, f"/cases/{meeting.case_id}/table/declarations")
    stage.see(hand, "declarations")
    hand.press("main a[href*='/participants/'][href$='/declaration']")
    stage.see(hand, "paper-declaration")
    sheet = page.get_attribute("main a[href*='/made/declaration/'][href*='language=sq']", "href") or ""
    printed = squeezed("".join(pdf_pages(stage.file(hand, sheet))))
    assert "KanarinaFemija" in printed
    scan = tmp_path / "skanim.pdf"
    writer, data = PdfWriter(), io.BytesIO()
    writer.add_blank_page(595, 842)
    writer.write(data)
    scan.write_bytes(data.getvalue())
    for part, value in (("day", "2"), ("month", "11"), ("year", "2026")):
        hand.write(f"input[name=signed_on-{part}]", value)
    hand.tick("input[name=language][value=sq]")
    hand.tick("input[name=guardian] >> nth=1")
    page.set_input_files("input[name=upload]", scan)
    hand.tick("input[name=attested]")
    hand.press(button_of("input[name=attested]"))
    assert page.url.endswith("/declarations")
    row_changed("A18.2", before, stage.ledger())

    stage.clock_to(MEETING_ON)
    hand = case.mouse(stage, "case_manager")
    hold.begin(stage, hand, meeting)
    before = stage.ledger()
    hold.end(stage, hand, meeting)
    row_changed("A20", before, stage.ledger())
    stage.go(hand, f"/cases/{meeting.case_id}/documents")
    stage.see(hand, "documents")
    address = hand.page.get_attribute("main a[href*='/made/annex1/'][href*='.pdf']", "href") or ""
    form = squeezed("".join(pdf_pages(stage.file(hand, address))))
    for label in annex_labels("sq"):
        assert squeezed(label)[:40] in form, label
    assert "KanarinaFemija" in form
    stage.nothing_leaked(ready.CANARIES)
