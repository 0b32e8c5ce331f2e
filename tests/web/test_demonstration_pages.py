"""The demonstration's own pages, its date, and its post office."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.fixtures.apart import finished
from tests.web.conftest import FILLED_AT as NOW
from tests.web.conftest import Filled
from tmr_app.jobs.demonstration_worker import watch_date
from tmr_app.kernel import clock, db
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.web.app import TmrFlask, create_app
from tmr_app.web.demonstration import accounts, mailbox, people, places
from tmr_app.web.demonstration.places import Places

pytestmark = [pytest.mark.db, pytest.mark.together("demonstration"), pytest.mark.weight(8)]


@pytest.fixture(scope="module")
def demonstration(
    fill_demonstration: Callable[[str], Filled], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TmrFlask]:
    """The demonstration's application over a copy of what was filled (SQLite: the pages ask nothing of the engine)."""
    filled = fill_demonstration("sqlite")
    filled.engine.dispose()
    folder = tmp_path_factory.mktemp("demonstration") / "copy"
    shutil.copytree(filled.places.folder, folder)
    here = Places(folder, f"sqlite:///{folder / 'demo.sqlite3'}")
    engine = db.make_engine(here.database_url)
    with clock.fixed_at(NOW):
        settings = here.settings("http://localhost").but(demonstration=True, testing=True)
        yield create_app(settings, engine=engine, keyring=here.keyring())
    clock.shift_by(None)
    engine.dispose()


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    with clock.fixed_at(NOW):
        yield


def _post(client: FlaskClient, url: str, **values: str) -> int:
    page = BeautifulSoup(client.get("/demonstration").text, "html.parser")
    token = page.select_one("input[name=csrf_token]")
    assert token is not None
    return client.post(url, data={"csrf_token": str(token["value"]), **values}).status_code


@pytest.mark.parametrize(("language", "word"), [("sq", "Zgjidhni"), ("sr", "Izaberite"), ("en", "Choose")])
def test_the_start_page_offers_every_role(demonstration: TmrFlask, language: str, word: str) -> None:
    page = demonstration.test_client().get("/demonstration", headers={"Accept-Language": language})
    assert page.status_code == 200
    soup = BeautifulSoup(page.text, "html.parser")
    heading = soup.select_one("h1")
    assert heading is not None
    assert heading.text.startswith(word)
    with db.unit(demonstration.engine) as session:
        listed = accounts.listed_people(session)
    offered = {str(one["value"]) for one in soup.select("input[name=person_id]")}
    assert offered == {str(person_id) for _group, _role, person_id in listed}


def test_one_click_signs_in_each_of_them(demonstration: TmrFlask) -> None:
    with db.unit(demonstration.engine) as session:
        listed = accounts.listed_people(session)
    for _group, role, person_id in listed:
        client = demonstration.test_client()
        assert _post(client, "/demonstration/sign-in", person_id=str(person_id)) == 303, role
        assert client.get("/account").status_code == 200, role


def test_without_the_token_nobody_is_signed_in_and_no_day_passes(demonstration: TmrFlask) -> None:
    client = demonstration.test_client()
    with db.unit(demonstration.engine) as session:
        person_id = accounts.listed_people(session)[0][2]
    assert client.post("/demonstration/sign-in", data={"person_id": str(person_id)}).status_code == 400
    assert client.post("/demonstration/date").status_code == 400


def test_a_production_has_no_such_pages(bare_app: TmrFlask) -> None:
    assert [
        rule.rule for rule in bare_app.url_map.iter_rules() if rule.rule.startswith("/demonstration")
    ] == []


def test_the_mailbox_shows_what_was_received(demonstration: TmrFlask) -> None:
    folder = places.mail_folder(demonstration.settings.file_store)
    message = EmailMessage()
    message["To"], message["From"] = "dikush@prishtine.tryeza.example", "tryeza@demonstrim.tryeza.example"
    message["Subject"] = "Ftesë për takimin TM-22222"
    message.set_content("Hapeni http://localhost/my-work <script>")
    message.add_alternative("<p>Pamja</p>", subtype="html")
    envelope = SimpleNamespace(rcpt_tos=[], original_content=message.as_bytes())
    assert finished(mailbox.Keeper(folder).handle_DATA(None, None, envelope)).startswith("250")

    client = demonstration.test_client()
    listed = BeautifulSoup(client.get("/demonstration/mail").text, "html.parser")
    link = listed.find("a", string="Ftesë për takimin TM-22222")
    assert link is not None
    shown = client.get(str(link["href"])).text
    assert 'href="http://localhost/my-work"' in shown
    assert "<script> " not in shown.split("<main")[1]
    html = client.get(str(link["href"]).replace("/message", "/html"))
    assert "Pamja" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../keys.json", "", "%2e%2e/keys.json", "nothing.eml"])
def test_no_other_file_is_a_message(demonstration: TmrFlask, name: str) -> None:
    client = demonstration.test_client()
    for page in ("message", "html", "calendar"):
        assert client.get(f"/demonstration/mail/{page}", query_string={"name": name}).status_code == 404


def test_the_code_on_the_mailbox_page_is_one_that_works_now(demonstration: TmrFlask) -> None:
    page = BeautifulSoup(demonstration.test_client().get("/demonstration/mail").text, "html.parser")
    codes = [one.text for one in page.select("dl.govuk-summary-list strong")]
    assert len(codes) > 20
    assert all(len(code) == 6 and code.isdigit() for code in codes)


def test_the_post_office_refuses_the_unreachable_only(tmp_path: Path) -> None:
    keeper = mailbox.Keeper(tmp_path)
    envelope = SimpleNamespace(rcpt_tos=[])
    refused = finished(keeper.handle_RCPT(None, None, envelope, f"x@{people.UNREACHABLE}", []))
    taken = finished(keeper.handle_RCPT(None, None, envelope, "x@prishtine.tryeza.example", []))
    assert (refused[:3], taken[:3]) == ("550", "250")
    assert envelope.rcpt_tos == ["x@prishtine.tryeza.example"]


def test_the_next_day_makes_reminders_due(demonstration: TmrFlask) -> None:
    look = watch_date(demonstration)
    assert look() is False

    def waiting() -> int:
        with db.unit(demonstration.engine) as session:
            return session.scalar(select(func.count()).select_from(OutboxMessage)) or 0

    before, client = waiting(), demonstration.test_client()
    for number in range(1, 4):
        assert _post(client, "/demonstration/date") == 303
        assert clock.civil_today() == NOW.date() + timedelta(days=number)
    assert clock.real_now() == NOW
    assert look() is True
    assert waiting() > before
