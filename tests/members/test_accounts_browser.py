"""The way in as a person walks it: a real browser, a passkey, no violation of accessibility on any page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from passlib.totp import TOTP
from playwright.sync_api import Page

from tests.members.kit import PASSWORD, Hand, House
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.settings import Settings
from tmr_app.web.app import TmrFlask, create_app

ARTA = "arta@qps.example"


@pytest.fixture
def live(
    clone_database: Callable[[str], object], tmp_path: Path, serve: Callable[[TmrFlask], str]
) -> Iterator[tuple[House, str]]:
    with clone_database("sqlite") as url:  # type: ignore[attr-defined]
        settings = Settings(
            database_url=url,
            key_file=tmp_path / "keys",
            file_store=tmp_path / "files",
            public_url="http://localhost",
            testing=True,
        )
        app = create_app(settings, keyring=Keyring.generate())
        # A passkey belongs to a name, so the browser asks for "localhost", not for the number.
        yield House(app, Hand.__new__(Hand)), serve(app).replace("127.0.0.1", "localhost")
        app.engine.dispose()


def virtual_key(page: Page) -> None:
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_from_the_invitation_to_a_passkey(
    live: tuple[House, str], page: Page, axe: Callable[[Page], None], look: Callable[[Page, str], None]
) -> None:
    house, site = live
    link, code = house.invited(ARTA)
    page.goto(site + link)
    axe(page)
    look(page, "account-activate")
    page.fill("#code", code)
    page.fill("#password", PASSWORD)
    page.fill("#password_again", PASSWORD)
    page.click("main button[type=submit]:not(.govuk-password-input__toggle)")
    axe(page)
    page.click("main button[type=submit]")
    axe(page)
    look(page, "account-second-factor")
    assert page.locator(".tryeza-qr svg").bounding_box()["width"] > 100  # type: ignore[index]
    key = page.inner_text("main .tryeza-key")
    page.fill("#code", TOTP(key=key).generate().token)
    page.click("main button[type=submit]")
    page.wait_for_url("**/account/recovery-codes")
    page.click("main button[type=submit]")
    axe(page)
    look(page, "account-recovery-codes")
    assert page.locator("main .tryeza-key li").count() == 10

    virtual_key(page)
    page.goto(f"{site}/account/passkeys")
    axe(page)
    page.fill("#name", "laptopi")
    page.locator("main form").nth(0).locator("button").click()
    page.wait_for_url("**/account")
    axe(page)
    look(page, "account-show")
    assert "laptopi" in page.inner_text("main")
    for path in ("sessions", "accesses", "password"):
        page.goto(f"{site}/account/{path}")
        axe(page)
        look(page, f"account-{path}")

    page.click("header form[action='/logout'] button")
    page.wait_for_url("**/login")
    axe(page)
    look(page, "account-login")
    page.fill("#email", ARTA)
    page.fill("#password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/login/way**")
    axe(page)
    page.locator("main form").nth(1).locator("button").click()
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/login"))
    page.goto(f"{site}/account")
    assert "laptopi" in page.inner_text("main")


def test_a_refused_sign_in_says_so_at_the_top(
    live: tuple[House, str], page: Page, axe: Callable[[Page], None]
) -> None:
    _house, site = live
    page.goto(f"{site}/login")
    page.fill("#email", ARTA)
    page.fill("#password", "gabim")
    page.click("main button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    axe(page)
    assert page.input_value("#email") == ARTA
