"""One short journey in Serbian and one in English: the member's way from the mail to the personal copy and the answer."""

from collections.abc import Callable

import pytest

from tests.journeys import ready
from tests.journeys import steps_case as case
from tests.journeys import steps_meeting as meet
from tests.journeys import steps_member as member
from tests.journeys.stage import Stage

ALBANIAN = ("Takimi", "Kyçuni", "Ftesë", "Rasti", "Përgjigj", "Materialet")


@pytest.mark.parametrize(
    ("language", "html", "words"),
    [
        ("sr_Latn", "sr-Latn", {"mail": "Poziv", "day": "utorak, 17. novembar 2026", "copy": "Lična kopija"}),
        ("en", "en", {"mail": "Invitation", "day": "Tuesday 17 November 2026", "copy": "Personal copy"}),
    ],
)
def test_convened_answered_and_read(
    make_stage: Callable[..., Stage], language: str, html: str, words: dict[str, str]
) -> None:
    stage = make_stage(language)
    meeting = ready.meeting_of(stage)
    manager = case.mouse(stage, "case_manager")
    meet.convene(stage, manager, meeting)
    assert manager.page.get_attribute("html", "lang") == html
    stage.worker()
    mail = stage.invitation_to("police")
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert words["mail"] in mail["subject"]
    assert words["day"].casefold() in text.casefold()
    assert not [one for one in ALBANIAN if one in text]

    police = case.mouse(stage, "police")
    page = police.page
    stage.go(police, member.link_of(stage, mail))
    for path in ("answer", "pack"):
        stage.go(police, f"{meeting.base}/{path}")
        assert page.get_attribute("html", "lang") == html
        assert words["day"].casefold() in page.inner_text("main").casefold()
        assert not [one for one in ALBANIAN if one in page.inner_text("main")]
    stage.go(police, f"{meeting.base}/answer")
    member.answer(stage, police)
    pages = member.pages_of(stage.file(police, f"{meeting.base}/pack/copy"))
    assert all(stage.cast.names["police"] in one for one in pages)
    stage.nothing_leaked(ready.CANARIES)
