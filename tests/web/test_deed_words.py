"""The log speaks in words, not in tags."""

from tmr_app.cases.panels import words_of
from tmr_app.web import presentation
from tmr_app.web.app import TmrFlask
from tmr_app.web.deed_words import DEEDS


def test_every_tag_has_words_and_an_unknown_one_stays_itself(app: TmrFlask) -> None:
    with app.test_request_context("/"):
        for tag in (*DEEDS, "seat:given", "meeting:convened"):
            assert words_of(tag), tag
            assert ":" not in presentation.deed(tag), tag
        assert presentation.deed("nobody:knows") == "nobody:knows"


def test_no_read_of_the_own_account_shows_its_tag(app: TmrFlask) -> None:
    pages = (
        "my_work:show",
        "my_work:record",
        "calendar:month",
        "head_office:dashboard",
        "pack:show",
        "reports:index",
    )
    assert all(words_of(f"read:{page}") for page in pages)
