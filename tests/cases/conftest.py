"""Two towns with accounts, one open case each, and the app over them, on each engine in turn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from tests.cases.desk import Desk, declare, give_account, open_door, opened
from tests.fixtures import world
from tests.fixtures.app import MakeApp
from tmr_app.kernel import clock
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask


@pytest.fixture(autouse=True)
def held_clock() -> Iterator[None]:
    with clock.fixed_at(world.NOW):
        yield


@dataclass
class Place:
    """Ids of one town and its case, to be used outside the session that made them."""

    town: world.Town
    case_id: UUID
    number: str


@dataclass
class Scene:
    """The app with two towns; `sit(person)` gives a signed-in desk."""

    app: TmrFlask
    here: Place
    there: Place

    def sit(self, person: Person, language: str = "sq") -> Desk:
        return Desk(self.app, person.id, language)

    def url(self, path: str = "") -> str:
        return f"/cases/{self.here.case_id}/{path}"


def _place(session: Session, key: str) -> Place:
    town = world.town(session, key)
    for person in (
        town.head,
        town.case_manager,
        town.other_case_manager,
        town.assistant,
        *town.members.values(),
    ):
        give_account(session, person)
    case = opened(session, town)
    declare(session, case, town.case_manager)
    return Place(town, case.id, case.number)


@pytest.fixture(scope="module")
def scene(database_url: str, make_app: MakeApp) -> Scene:
    app = make_app(database_url)
    open_door(app)
    with clock.fixed_at(world.NOW), world.work(app.engine) as session:
        here, there = _place(session, "prishtine"), _place(session, "prizren")
    return Scene(app, here, there)


@pytest.fixture
def fresh_scene(fresh_database_url: str, make_app: MakeApp) -> Scene:
    """As `scene`, for a test that counts rows."""
    app = make_app(fresh_database_url)
    open_door(app)
    with world.work(app.engine) as session:
        here, there = _place(session, "prishtine"), _place(session, "prizren")
    return Scene(app, here, there)


@pytest.fixture
def count_rows() -> Callable[[str, str], int]:
    """``count_rows(url, table)``."""
    from sqlalchemy import MetaData, Table, func, select

    def count(url: str, table: str) -> int:
        engine = create_engine(url)
        with engine.connect() as connection:
            found = Table(table, MetaData(), autoload_with=connection)
            return int(connection.execute(select(func.count()).select_from(found)).scalar_one())

    return count
