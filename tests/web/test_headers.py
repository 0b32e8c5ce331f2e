"""What every answer carries and every request is asked, on all routes: ASVS 3.3.3, 3.4.3, 3.5.1, 14.3.2, 16.5.3."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from tests.fixtures import world
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.web import guard
from tmr_app.web.app import TmrFlask

SITE = "https://tryeza.example"


@pytest.fixture(scope="module")
def app(clone_database: Any, make_app: MakeApp) -> Iterator[TmrFlask]:
    cloned: AbstractContextManager[str] = clone_database("sqlite")
    with cloned as url:
        yield make_app(url, public_url=SITE, testing=False)


def addresses(app: TmrFlask, method: str) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            values = {name: _value(rule, name) for name in rule.arguments}
            yield app.url_map.bind("tryeza.example").build(rule.endpoint, values, method=method)


def _value(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    return UUID(int=1) if isinstance(converter, UUIDConverter) else "x"


def test_every_answer_is_strict_and_kept_by_nobody(app: TmrFlask) -> None:
    client, seen = app.test_client(), 0
    for address in (*addresses(app, "GET"), "/nowhere", "/cases/not-an-id/"):
        headers = client.get(address, base_url=SITE).headers
        policy = {
            name: values
            for name, *values in (part.split() for part in headers["Content-Security-Policy"].split(";"))
        }
        assert "unsafe" not in headers["Content-Security-Policy"], address
        if "sandbox" not in policy:
            for name in ("object-src", "base-uri", "frame-ancestors", "default-src"):
                assert policy[name] == ["'none'"], (address, name)
            assert {source for name in policy for source in policy[name]} <= {"'self'", "'none'"}, address
        assert headers["Cache-Control"] == "no-store", address
        assert headers["X-Content-Type-Options"] == "nosniff", address
        assert "max-age" in headers["Strict-Transport-Security"], address
        assert "Server" not in headers, address
        seen += 1
    assert seen > 150


def test_every_cookie_is_bound_to_the_host(app: TmrFlask) -> None:
    cookies = []
    for address in ("/login", "/login/reset", "/language", "/"):
        cookies += app.test_client().get(address, base_url=SITE).headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        name, *flags = (part.strip() for part in cookie.split(";"))
        assert name.startswith("__Host-"), cookie
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags), cookie
        assert not any(flag.startswith("Domain") for flag in flags), cookie


def test_a_post_from_another_site_or_in_another_form_is_refused_everywhere(app: TmrFlask) -> None:
    client = app.test_client()
    for address in addresses(app, "POST"):
        foreign = client.post(
            address, base_url=SITE, headers={"Sec-Fetch-Site": "cross-site"}, data={"a": "b"}
        )
        assert foreign.status_code in (400, 403), address
        assert client.post(address, base_url=SITE, json={"a": "b"}).status_code in (400, 404, 415), address
        assert client.open(address, method="PUT", base_url=SITE).status_code == 405, address


def test_a_forged_host_is_refused_and_links_keep_the_configured_name(app: TmrFlask) -> None:
    client = app.test_client()
    assert client.get("/login", base_url="https://evil.example").status_code == 400
    forwarded = client.get("/my-work", base_url=SITE, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil.example" not in forwarded.text + forwarded.headers.get("Location", "")


def test_a_policy_that_fails_opens_nothing(app: TmrFlask, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while asking who may what is a 500 without content, never a 200."""

    def broken(*_arguments: object) -> bool:
        raise ZeroDivisionError("Dosja Kanarine")

    with world.work(app.engine) as session:
        manager = world.town(session, "prishtine").case_manager.id
    browser = SignedIn(app, manager, site=SITE)
    assert browser.get("/my-work").status_code == 200
    monkeypatch.setattr(guard, "may", broken)
    answer = browser.get("/my-work")
    assert (answer.status_code, "Kanarine" in answer.text, "Traceback" in answer.text) == (500, False, False)
