"""A database of its own for each test of an operation, and a case in the browser for those of pages, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.app import MakeApp
from tests.fixtures.world import work
from tests.meetings.test_holding_pages import declare
from tests.plans.scene import Scene
from tmr_app.cases import declaring
from tmr_app.kernel import clock
from tmr_app.oversight import action_tally
from tmr_app.web.app import TmrFlask


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[TmrFlask]:
    with clock.fixed_at(hw.DURING):
        yield make_app(fresh_database_url)


@contextmanager
def keeping(app: TmrFlask, case_id: UUID) -> Iterator[None]:
    """What the head's dashboard counts is kept with each deed: whatever a test does by the pages, it is a full count's."""
    with work(app.engine) as session:
        action_tally.refresh(session, [case_id])
    yield
    with work(app.engine) as session:
        assert action_tally.stale(session) == []


@pytest.fixture
def scene(app: TmrFlask) -> Iterator[Scene]:
    with work(app.engine) as session:
        here, meeting = hw.running(session)
        declaring.seed_texts(session, mw.NOW)
        for person in (here.town.case_manager, *here.town.members.values()):
            declare(session, here, person)
        made = Scene(app, here, meeting.id)
    with keeping(app, made.case_id):
        yield made


@pytest.fixture
def in_force(app: TmrFlask) -> Iterator[Scene]:
    """The same with an adopted plan of two actions."""
    with work(app.engine) as session:
        here, meeting, _version = pw.adopted(session)
        declaring.seed_texts(session, mw.NOW)
        for person in (here.town.case_manager, here.town.head, *here.town.members.values()):
            declare(session, here, person)
        made = Scene(app, here, meeting.id)
    with keeping(app, made.case_id):
        yield made
