"""Every macro in three languages: right texts, labels tied to their fields, nothing the policy forbids."""

import re
from collections.abc import Callable, Iterator
from threading import Thread
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.web.kit import ROOT, create
from tools.messages import compile_all

LANGUAGES = ("sq", "sr_Latn", "en")
ERRORS = (*["400", "403", "404", "409", "413", "415", "422", "429", "500", "503", "507"], "refused", "stale")


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    compile_all()
    return create().test_client()


def read(client: FlaskClient, address: str, language: str) -> BeautifulSoup:
    client.set_cookie("tmr_language", language)
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ["/sample", "/sample/errors", *(f"/error/{name}" for name in ERRORS)])
def test_page_is_whole(client: FlaskClient, address: str, language: str) -> None:
    page = read(client, address, language)
    assert page.html["lang"] == {"sq": "sq", "sr_Latn": "sr-Latn", "en": "en"}[language]
    assert len(page.find_all("h1")) == 1
    assert page.h1.text.strip()
    ids = [element["id"] for element in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    for element in page.find_all(attrs={"aria-describedby": True}):
        assert all(one in ids for one in element["aria-describedby"].split())
    for label in page.find_all("label"):
        assert label["for"] in ids
    assert page.find(id="main-content").name == "main"


@pytest.mark.parametrize("address", ["/sample", "/sample/errors", "/error/refused"])
def test_policy_holds(client: FlaskClient, address: str) -> None:
    page = read(client, address, "sq")
    assert not page.find_all("style")
    assert not page.find_all(style=True)
    assert all(script.get("src") and not script.text for script in page.find_all("script"))
    for element in page.find_all():
        assert not [name for name in element.attrs if name.startswith("on")]
    for element in page.find_all(["script", "img", "link"]):
        assert urljoin("http://here/", element.get("src") or element.get("href")).startswith("http://here/")


def test_post_forms_carry_a_token_and_sign_out_is_a_post(client: FlaskClient) -> None:
    forms = read(client, "/sample", "sq").find_all("form", method="post")
    assert len(forms) >= 4
    assert all(form.find("input", attrs={"name": "csrf_token"})["value"] for form in forms)
    assert any(form["action"] == "/logout" for form in forms)


def test_refusals_name_their_field_and_lead_to_it(client: FlaskClient) -> None:
    page = read(client, "/sample/errors", "sq")
    links = {link["href"]: link.text for link in page.select(".govuk-error-summary a")}
    assert links["#born_on-day"] == "Data e lindjes: Kjo datë nuk ekziston."
    assert links["#risk-0"] == "Niveli i rrezikut: Zgjidhni një."
    assert all(page.find(id=href[1:]) is not None for href in links)
    assert page.title.text.startswith("Gabim: ")


def test_typed_text_comes_back_escaped(client: FlaskClient) -> None:
    page = read(client, "/sample/errors", "sq")
    assert page.find(id="born_on-day")["value"] == "31"
    assert page.find(id="starts")["value"] == "25:00"
    assert page.find(id="note").text.strip() == "Ëë çÇ <b>"


def test_case_number_stays_out_of_the_title(client: FlaskClient) -> None:
    page = read(client, "/sample", "sq")
    assert "PR-2026-0042" not in page.title.text
    assert "PR-2026-0042" in page.select_one(".tryeza-identity").text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "sq",
            [
                "e martë, 17 nëntor 2026",
                "Neni 8, paragrafi 3",
                "Afati ka kaluar",
                "sot",
                "ora 14:30 (ora lokale)",
            ],
        ),
        (
            "sr_Latn",
            ["utorak, 17. novembar 2026.", "Član 8, stav 3", "Rok je istekao", "danas", "(lokalno vreme)"],
        ),
        (
            "en",
            [
                "Tuesday 17 November 2026",
                "Article 8, paragraph 3",
                "Overdue",
                "today",
                "at 14:30 (local time)",
            ],
        ),
    ],
)
def test_words_of_each_language(client: FlaskClient, language: str, words: list[str]) -> None:
    text = read(client, "/sample", language).get_text(" ")
    assert [word for word in words if word not in text] == []


def test_every_state_has_a_word(client: FlaskClient) -> None:
    tags = read(client, "/sample", "sq").select(".tryeza-tag")
    assert len(tags) > 12
    assert all(tag.text.strip() for tag in tags)


def test_refusal_keeps_the_breach_apart(client: FlaskClient) -> None:
    page = read(client, "/error/refused", "en")
    lawful = page.select_one(".tryeza-waysout").text
    assert "extraordinary" in lawful
    assert "breach" not in lawful
    assert "breach" in page.select_one(".tryeza-breach").text
    assert page.select_one(".tryeza-waysout a")["href"] == "/e"


def test_a_refusal_gives_back_the_long_texts(client: FlaskClient) -> None:
    for name in ("refused", "409", "400"):
        page = read(client, f"/error/{name}", "sq")
        assert [side.text for side in page.select(".tryeza-side--own")] == [
            "Një shënim i gjatë me <b> brenda"
        ]


def test_stale_shows_both_texts(client: FlaskClient) -> None:
    sides = [side.text for side in read(client, "/error/stale", "sq").select(".tryeza-side")]
    assert "Teksti im" in sides[0]
    assert "Teksti tjetër" in sides[1]


def test_nothing_names_another_government() -> None:
    built = ROOT / "tmr_app" / "static" / "vendor"
    texts = [built / "tryeza.css", built / "govuk-frontend.min.js", *(ROOT / "templates").rglob("*.html")]
    for path in texts:
        assert not re.search(r"GOV\.UK|GDS Transport|crown|crest", path.read_text("utf-8"), re.I), path.name


def test_stylesheet_points_only_to_files_we_ship() -> None:
    folder = ROOT / "tmr_app" / "static" / "vendor"
    for address in re.findall(r"url\(\"?([^)\"]+)\"?\)", (folder / "tryeza.css").read_text("utf-8")):
        if not address.startswith("data:"):
            path = ROOT / "tmr_app" / address.lstrip("/") if address.startswith("/") else folder / address
            assert path.is_file(), address


@pytest.fixture
def address(client: FlaskClient) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, client.application, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_own_font_draws_both_languages(page: Page, address: str) -> None:
    page.goto(address + "/sample")
    letters = "ëçËÇšđčćžŠĐČĆŽ–„“…"
    measure = """([text, family]) => { const pen = document.createElement("canvas").getContext("2d");
      pen.font = "100px " + family; return [...text].map(letter => pen.measureText(letter).width) }"""
    page.evaluate("text => document.fonts.load('100px Inter', text)", letters)
    over_one = page.evaluate(measure, [letters, "Inter, monospace"])
    over_other = page.evaluate(measure, [letters, "Inter, serif"])
    assert over_one == over_other
    assert over_one != page.evaluate(measure, [letters, "monospace"])


def test_seen_in_a_browser(
    page: Page, address: str, axe: Callable[[Page], None], look: Callable[[Page, str], None]
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in ("/sample", "/sample/errors", "/error/refused", "/error/stale", "/error/404"):
        page.goto(address + path)
        page.wait_for_selector("body.govuk-frontend-supported")
        look(page, "kit" + path.replace("/", "-"))
        axe(page)
    page.goto(address + "/sample/errors")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    assert page.text_content("#note-info ~ .govuk-character-count__status") is not None
    assert "Mbeten edhe 1991 shenja" in page.text_content("body")
    assert said == []
