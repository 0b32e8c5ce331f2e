"""What a network and a browser are called, and what an anonymous cookie can carry."""

import pytest
from flask import Flask

from tmr_app.kernel import encryption
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.settings import Settings
from tmr_app.kernel.web_session import ServerSessions, browser_of, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:aa:bb::1", "2001:db8:aa::/48"),
        (None, "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_addresses_are_shortened_to_networks(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_browsers_are_told_apart_by_kind_and_system() -> None:
    assert browser_of("Mozilla/5.0 (Windows NT 10.0) Gecko Firefox/140.0") == "Firefox, Windows"
    assert browser_of("Mozilla/5.0 (Linux; Android 15) Chrome/140 Mobile Safari/537") == "Chrome, Android"
    assert browser_of("") == "?, ?"


def app_with(settings: Settings) -> Flask:
    encryption.use(Keyring.generate())
    app = Flask(__name__)

    def no_database() -> None:
        raise AssertionError("an anonymous visitor needs no database")

    app.session_interface = ServerSessions(no_database, settings)  # type: ignore[arg-type]
    return app


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [("https://tryeza.example", "__Host-tryeza", True), ("http://localhost:8000", "tryeza", False)],
)
def test_the_cookie_is_bound_to_the_host_where_there_is_tls(
    tmp_path, url: str, name: str, secure: bool
) -> None:
    """ASVS 3.3.3."""
    from flask import session

    app = app_with(Settings(database_url="sqlite://", key_file=tmp_path / "k", public_url=url))

    @app.get("/")
    def page() -> str:
        session["csrf_token"] = "x"
        session["smuggled"] = "never stored in the browser"
        return "ok"

    line = app.test_client().get("/").headers["Set-Cookie"]
    assert line.startswith(f"{name}=a.")
    assert ("Secure" in line) is secure
    assert "HttpOnly" in line
    assert "SameSite=Lax" in line
    assert "Path=/" in line
    assert "Domain" not in line


def test_an_anonymous_cookie_carries_the_token_only_and_cannot_be_forged(tmp_path) -> None:
    from flask import session

    app = app_with(Settings(database_url="sqlite://", key_file=tmp_path / "k"))

    @app.get("/set")
    def write() -> str:
        session["csrf_token"] = "x"
        session["person_id"] = "somebody"
        return "ok"

    @app.get("/get")
    def read() -> dict[str, str]:
        return dict(session)

    client = app.test_client()
    client.get("/set")
    assert client.get("/get").json == {"csrf_token": "x"}
    cookie = client.get_cookie("tryeza")
    assert cookie is not None
    # Not the last letter: four of its six bits count, so "A" and "B" there are one signature.
    forged = cookie.value[:-2] + ("A" if cookie.value[-2] != "A" else "B") + cookie.value[-1]
    client.set_cookie("tryeza", forged)
    assert client.get("/get").json == {}
