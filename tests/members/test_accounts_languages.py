"""The door speaks three languages: the library's messages too, and the mails that lead to it."""

import re
from pathlib import Path

import flask_security
import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select

from tests.members.kit import Browser, House

LIBRARY = Path(flask_security.__file__).parent / "translations" / "flask_security.pot"
PLACES = re.compile(r"%\(\w+\)[sd]|%s|<a[^>]*>")


def catalogue(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file) if message.id}


@pytest.mark.parametrize("language", ["sq", "sr_Latn"])
def test_every_message_of_the_library_is_translated_with_its_places(repository: Path, language: str) -> None:
    own = catalogue(repository / "tmr_app" / "translations" / language / "flask_security.po")
    asked = catalogue(LIBRARY)
    assert len(asked) == 260
    assert sorted(own) == sorted(asked)
    for message, text in own.items():
        assert text.strip(), message
        if "%(length) " not in message:  # a slip of the library's own
            assert sorted(PLACES.findall(message)) == sorted(PLACES.findall(text)), message


@pytest.mark.db
@pytest.mark.parametrize(
    ("language", "html", "word"),
    [("sq", "sq", "Kyçuni"), ("sr_Latn", "sr-Latn", "Prijavite se"), ("en", "en", "Sign in")],
)
def test_the_door_and_its_mails_speak_the_language(house: House, language: str, html: str, word: str) -> None:
    from tmr_app.jobs.letters import letter
    from tmr_app.kernel import db
    from tmr_app.kernel.outbox import OutboxMessage

    browser = Browser(house.app)
    browser.get("/login")
    browser.post("/language", language=language, next="/login")
    browser.get("/login")
    assert browser.page.html["lang"] == html
    assert browser.page.h1.text == word
    link, code = house.invited("arta@qps.example")
    with db.unit(house.app.engine) as session:
        message = session.scalar(select(OutboxMessage))
        message.language = language
        mail = letter(house.app, message)
        session.rollback()
    assert f"http://localhost{link}" in mail.body
    assert code in mail.body
    assert code in mail.html
    assert "Arta" not in mail.body
