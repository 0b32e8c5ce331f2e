"""In a browser: what is typed saves itself; who comes second is told, keeps the text, and finishes; no page too wide."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.fixtures.app import MakeApp
from tests.meetings.test_holding_pages import scene_of
from tmr_app.web.app import TmrFlask


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> TmrFlask:
    return make_app(fresh_database_url)  # the server's threads have the real clock


@pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)
def test_typing_saves_itself_and_loses_nothing(
    app: TmrFlask,
    serve: Callable[[TmrFlask], str],
    page: Page,
    axe: Callable[[Page], None],
    look: Callable[[Page, str], None],
) -> None:
    scene, url = scene_of(app), serve(app)
    other: Any = scene.browser(scene.chair)
    page.context.add_cookies(
        [{"name": "tryeza", "value": other.client.get_cookie("tryeza").value, "url": url}]
    )
    page.goto(url + scene.base + "running")
    axe(page)
    look(page, "meeting-running")
    block, _version = scene.item()
    text, version = page.locator(f"#{block}-discussion"), page.locator(f"#{block}-version")
    text.fill("Fjalët e para")
    expect(version).to_have_value("2", timeout=10_000)
    text.fill("Fjalët e para, dhe më tej")
    expect(version).to_have_value("3", timeout=10_000)
    other.get(scene.base + "running")
    values = {"discussion": "Teksti i tjetrit", "decision": "", "version": "3", "merged": ""}
    assert other.post(f"{scene.base}running/text/{block}", hidden=False, **values).status_code == 303
    text.fill("Fjalë që erdhën të dytat")
    page.locator(f"#{block} [data-state=both] a").click(timeout=10_000)
    axe(page)
    look(page, "meeting-both-texts")
    together = page.locator("textarea[name=discussion]").input_value()
    assert "Teksti i tjetrit" in together
    assert "Fjalë që erdhën të dytat" in together
    page.locator("main form button[type=submit]").click()
    assert together in page.locator(f"#{block}-discussion").input_value()
    page.goto(url + scene.base + "end")
    axe(page)
    look(page, "meeting-end")
