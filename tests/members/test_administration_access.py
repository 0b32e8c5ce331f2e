"""Who reaches the administration and a municipality's page; each page in three languages; nothing of a case."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import select
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, UUIDConverter

from tests.fixtures.app import MakeApp
from tests.members.roster_kit import NOW, TODAY, Country, held
from tmr_app.access.permissions import Permission
from tmr_app.access.policy import GRANTS, may
from tmr_app.access.standing import Office, Standing
from tmr_app.kernel import clock
from tmr_app.kernel.web_session import WebSession
from tmr_app.members import staff_proposals
from tmr_app.members.models import (
    Appointment,
    Institution,
    Municipality,
    Person,
)
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.db
CASE_RIGHTS = [
    permission
    for permission in Permission
    if permission
    not in {
        Permission.PUBLIC,
        Permission.OWN_ACCOUNT,
        Permission.MY_WORK,
        Permission.CALENDAR_READ,
        Permission.CASE_LIST,
        Permission.DEMONSTRATION,
        Permission.MAILBOX,
        Permission.ADMINISTRATION,
        Permission.AUDIT_VERIFY,
        Permission.MUNICIPALITY_READ,
    }
]
DAY = {"day": "2", "month": "11", "year": "2026"}


def day(name: str, on: dict[str, str] = DAY) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in on.items()}


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    yield from held()


@pytest.fixture
def country(fresh_database_url: str, make_app: MakeApp) -> Country:
    app: TmrFlask = make_app(fresh_database_url, public_url="http://localhost")
    return Country(app)


def pages(country: Country) -> list[str]:
    ids = country.ids
    own, member = f"/administration/municipalities/{ids['prishtine']}", country.appointment("member").id
    with country.unit() as session:
        police, superior = session.get(Institution, ids["police"]), session.get(Person, ids["superior"])
        staff_proposals.propose_new(
            session, superior, NOW, institution=police, office="representative", name="Ri I Ri",
            function=None, email="ri@policia.example", on=TODAY,
        )  # fmt: skip
        end = session.get(Appointment, member)
        staff_proposals.propose_end(session, superior, NOW, institution=police, appointment=end, on=TODAY)
    return [
        "/administration",
        "/administration/institutions",
        "/administration/institutions?text=poli&due=y&kind=police&page=9",
        "/administration/institutions/new",
        f"/administration/institutions/{ids['police']}",
        f"/administration/institutions/{ids['police']}/change",
        f"/administration/appoint/institution/{ids['police']}",
        f"/administration/appoint/centre/{ids['qps']}",
        f"/administration/appoint/municipality/{ids['prishtine']}",
        "/administration/appoint/installation",
        f"/administration/appointments/{member}/end",
        f"/administration/appointments/{member}/replace",
        "/administration/people",
        "/administration/people?text=menaxheri&account=none&idle=y",
        f"/administration/people/{ids['member']}",
        f"/administration/people/{ids['member']}/change",
        "/administration/proposals",
        "/administration/import",
        own,
        f"{own}/settings",
        f"{own}/centres/new",
        f"{own}/centres/{ids['qps']}",
        "/administration/holidays",
        "/administration/holidays?year=2027",
        "/administration/declarations",
        "/administration/declarations/case",
        "/municipalities",
        "/municipalities?text=prish",
        f"/municipalities/{ids['prishtine']}/",
    ]


def test_every_page_in_three_languages(country: Country) -> None:
    browser = country.browser()
    for url in pages(country):
        seen = set()
        for language, html in (("sq", "sq"), ("sr_Latn", "sr-Latn"), ("en", "en")):
            with country.unit() as session:
                session.get(Person, country.ids["administrator"]).language = language
            answer = browser.get(url)
            assert answer.status_code == 200, url
            assert browser.page.html["lang"] == html
            heading = browser.page.select_one("h1")
            assert heading is not None, url
            seen.add(browser.page.select_one("main").get_text(" ", strip=True))
        assert len(seen) == 3, f"{url} is not translated"


def test_superior_pages_in_three_languages(country: Country) -> None:
    pages(country)
    browser, member = country.browser("superior"), country.appointment("member").id
    own = f"/own-staff/{country.ids['police']}"
    for language in ("sq", "sr_Latn", "en"):
        with country.unit() as session:
            session.get(Person, country.ids["superior"]).language = language
        for url in (own, f"{own}/propose", f"{own}/end/{member}"):
            assert browser.get(url).status_code == 200, url
    assert browser.get("/own-staff").status_code == 303


def test_an_administrator_holds_no_right_of_a_case() -> None:
    """T08: neither by the policy, whatever the case standing would be."""
    administrator = Standing(person_id=None, offices=frozenset({Office.ADMINISTRATOR}))
    assert [one for one in CASE_RIGHTS if may(administrator, one)] == []
    assert len(CASE_RIGHTS) > 40
    assert set(GRANTS) == set(Permission)


def _some_value(converter: BaseConverter) -> object:
    """What an address may hold there, by what its converter is."""
    if isinstance(converter, UUIDConverter):
        return uuid4()
    if isinstance(converter, IntegerConverter):
        return 1
    return sorted(converter.items)[0] if isinstance(converter, AnyConverter) else "x"


def test_an_administrator_reaches_no_case_route(country: Country) -> None:
    """Every route of the URL map that names a case answers 404."""
    browser, tried = country.browser(), 0
    browser.get("/account")
    for rule in country.app.url_map.iter_rules():
        if "case_id" not in rule.arguments or "GET" not in (rule.methods or ()):
            continue
        parts = {name: _some_value(one) for name, one in rule._converters.items()}
        _domain, path = rule.build(parts) or ("", "")
        assert browser.client.get(path).status_code in (404, 410), path
        tried += 1
    assert tried > 0


@pytest.mark.parametrize("who", ["head", "case_manager", "officer", "member", "superior"])
def test_nobody_else_reaches_the_administration(country: Country, who: str) -> None:
    browser = country.browser(who)
    for url in pages(country):
        if url.startswith("/administration"):
            assert browser.get(url).status_code == 404, url


@pytest.mark.parametrize(
    ("who", "status"), [("head", 200), ("case_manager", 200), ("officer", 200), ("member", 404)]
)
def test_who_sees_the_municipality(country: Country, who: str, status: int) -> None:
    browser = country.browser(who)
    assert browser.get(f"/municipalities/{country.ids['prishtine']}/").status_code == status
    with country.unit() as session:
        other = session.scalar(select(Municipality.id).where(Municipality.key == "peje"))
    assert browser.get(f"/municipalities/{other}/").status_code == 404
    assert browser.get("/municipalities").status_code == (303 if status == 200 else 404)


@pytest.mark.duty("A3", "A4.1")
def test_the_page_names_the_empty_seats(country: Country) -> None:
    browser = country.browser("head")
    with country.unit() as session:
        session.get(Person, country.ids["head"]).language = "en"
    browser.get(f"/municipalities/{country.ids['prishtine']}/")
    rows = {
        row.select_one("dt").get_text(strip=True): row.select_one("dd").get_text(" ", strip=True)
        for row in browser.page.select("dl .govuk-summary-list__row")
    }
    empty = {name for name, text in rows.items() if text.startswith("empty seat")}
    assert len(empty) == 14 - 7 - 2
    assert "Kosovo Probation Service – probation officer" in empty
    assert "Anëtar police" in rows["Kosovo Police"]


def test_reading_changes_nothing(country: Country) -> None:
    browser, urls = country.browser(), pages(country)
    browser.get(urls[0])
    before = country.stored()
    sessions = country.count(WebSession)
    for url in urls:
        browser.get(url)
    assert country.stored() == before
    assert country.count(WebSession) == sessions
    assert clock.civil_today() == TODAY
