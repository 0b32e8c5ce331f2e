"""On a phone and at a desk: the member's pages are accessible and do not scroll sideways; typing is kept by itself."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.world import work
from tests.meetings.member_kit import Story, story
from tests.meetings.test_reporting import LATER, TEXTS, file
from tmr_app.kernel import clock, drafts
from tmr_app.meetings.models import PackDocument
from tmr_app.web.app import TmrFlask

Look = Callable[[Page, str], None]


def held(app: TmrFlask, at: datetime) -> TmrFlask:
    """The application with both clocks still in every request of the server."""
    inner = app.wsgi_app

    def wsgi(environ: Any, start_response: Any) -> Any:
        with clock.fixed_at(at):
            return inner(environ, start_response)

    app.wsgi_app = wsgi  # type: ignore[method-assign]
    return app


def sign_in(page: Page, told: Story, app: TmrFlask, who: str, url: str) -> None:
    with clock.fixed_at(LATER):
        cookie = told.browser(app, who).client.get_cookie("tryeza")
    assert cookie is not None
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "tryeza", "value": cookie.value, "url": url}])


def test_the_members_pages_and_the_draft(
    engine: Engine,
    fresh_database_url: str,
    make_app: MakeApp,
    serve: Callable[[TmrFlask], str],
    page: Page,
    axe: Callable[[Page], None],
    look: Look,
) -> None:
    told = story(engine)
    app = held(make_app(fresh_database_url, public_url="http://localhost"), LATER)
    url = serve(app)
    sign_in(page, told, app, "police", url)
    with work(engine) as session:
        first = session.scalar(select(PackDocument.id).where(PackDocument.kind == "assessment"))
    for name, path in {
        "pack": "pack",
        "paper": f"pack/{first}",
        "answer": "answer",
        "report": "report",
    }.items():
        page.goto(f"{url}{told.base}/{path}")
        axe(page)
        look(page, f"member-{name}")
    with page.expect_response(lambda answer: urlsplit(answer.url).path.endswith("/report/draft")) as kept:
        page.fill("#done", "Shkruar pa e ruajtur ë Š")
    assert kept.value.status == 204
    expect(page.locator("[data-autosave-said]")).not_to_have_text("")
    with work(engine) as session:
        values = drafts.find(session, person_id=told.people["police"], place=f"{told.base}/report")
        assert values is not None
        assert values["done"] == "Shkruar pa e ruajtur ë Š"
    page.reload()
    assert page.input_value("#done") == "Shkruar pa e ruajtur ë Š"
    look(page, "member-report-draft")


def test_the_case_managers_pages(
    engine: Engine,
    fresh_database_url: str,
    make_app: MakeApp,
    serve: Callable[[TmrFlask], str],
    page: Page,
    axe: Callable[[Page], None],
    look: Look,
) -> None:
    told = story(engine)
    report = file(engine, told, mw.NOW + timedelta(days=13), TEXTS)
    app = held(make_app(fresh_database_url, public_url="http://localhost"), LATER)
    url = serve(app)
    sign_in(page, told, app, "case_manager", url)
    for name, path in {
        "list": "reports",
        "one": f"reports/{report.id}",
        "substitutes": "substitutes",
        "room": "pack",
    }.items():
        page.goto(f"{url}{told.base}/{path}")
        axe(page)
        look(page, f"reports-{name}")
