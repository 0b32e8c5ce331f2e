"""The stage of each journey: one served application and database a module, a municipality of its own a test."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.fixtures.app import MakeApp
from tests.fixtures.smtp import SmtpServer
from tests.journeys.stage import Stage, build_cast, hold_clock
from tmr_app.regulation.municipalities import MUNICIPALITIES
from tmr_app.web.app import TmrFlask

_place = count()


@pytest.fixture(scope="module")
def journey_engine() -> str:
    """Journeys play on SQLite; a module that plays on PostgreSQL overrides this."""
    return "sqlite"


class House:
    """The served application and whose clock it shows."""

    def __init__(self, app: TmrFlask, url: str, database_url: str) -> None:
        self.app, self.url, self.database_url = app, url, database_url
        self.stage: Stage | None = None


@pytest.fixture(scope="module")
def house(
    journey_engine: str,
    clone_database: Callable[[str], AbstractContextManager[str]],
    make_app: MakeApp,
    serve: Callable[[TmrFlask], str],
) -> Iterator[House]:
    with clone_database(journey_engine) as database_url:
        app = make_app(database_url)
        house = House(app, serve(app), database_url)
        hold_clock(app, lambda: house.stage.now)  # type: ignore[union-attr]
        yield house
        app.engine.dispose()


@pytest.fixture(scope="session")
def seen_templates() -> set[str]:
    """Pages looked at already in this run: each once at both widths and by axe."""
    return set()


@pytest.fixture
def make_stage(
    house: House,
    smtp: SmtpServer,
    browser: Browser,
    browser_context_args: dict[str, Any],
    axe: Callable[[Page], None],
    look: Callable[[Page, str], None],
    seen_templates: set[str],
) -> Iterator[Callable[..., Stage]]:
    """``make_stage(language="sq")``: a stage in a municipality of its own."""
    made: list[Stage] = []

    def make(language: str = "sq") -> Stage:
        settings = house.app.settings.but(public_url=house.url, smtp_url=smtp.url)
        house.app.settings = house.app.extensions["tmr_settings"] = settings
        place = MUNICIPALITIES[next(_place) % len(MUNICIPALITIES)].key
        house.stage = Stage(
            app=house.app,
            url=house.url,
            database_url=house.database_url,
            smtp=smtp,
            browser=browser,
            options=browser_context_args,
            axe=axe,
            look=look,
            cast=build_cast(house.app, place, language),
            seen=seen_templates,
        )
        made.append(house.stage)
        return house.stage

    yield make
    for one in made:
        one.close()


@pytest.fixture
def stage(make_stage: Callable[..., Stage]) -> Stage:
    return make_stage()
