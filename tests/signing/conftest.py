"""A database of its own for each test of an operation, on both engines; the sign page through the real application."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from types import SimpleNamespace

import pytest

from tests.fixtures import meeting_world as mw
from tests.fixtures import minutes_world as mins
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.test_holding_pages import declare
from tmr_app.cases import declaring
from tmr_app.kernel import clock
from tmr_app.signing import queries

WHEN = mins.AFTER_SECOND


@pytest.fixture
def scene(
    clone_database: Callable[[str], AbstractContextManager[str]], make_app: MakeApp
) -> Iterator[SimpleNamespace]:
    """Minutes open for signatures; everybody declared. The clock stands still after the second meeting."""
    with clone_database("sqlite") as url, clock.fixed_at(WHEN):
        app = make_app(url)
        with work(app.engine) as session:
            declaring.seed_texts(session, mw.NOW)
            here, meeting = mins.first_held(session, kinds=("police", "school", "family_medicine", "ngo"))
            for person in mins.signers(here):
                declare(session, here, person)
            row = mins.approved(session, here, meeting)
            version = queries.find(session, row.frozen_id, case_id=here.case.id)
        made = SimpleNamespace(
            app=app, here=here, version=version, meeting=meeting,
            url=f"/cases/{here.case.id}/sign/{version.id}",
            base=f"/cases/{here.case.id}/meetings/{meeting.id}/",
        )  # fmt: skip
        made.browser = lambda person, **more: SignedIn(app, person.id, **more)
        yield made
