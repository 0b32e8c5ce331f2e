"""The walk over every page, made once for all that is asked of it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.matrix import furnished
from tests.matrix.walking import Lines, Walked
from tmr_app.kernel import clock


@pytest.fixture(scope="session")
def walked(
    clone_database: Callable[[str], AbstractContextManager[str]], make_app: MakeApp
) -> Iterator[Walked]:
    """On SQLite alone: what a page shows does not depend on the engine."""
    with clone_database("sqlite") as url:
        app, lines = make_app(url), Lines()
        with lines.of("", "tmr"), clock.fixed_at(furnished.SEEN_AT):
            with lines.of("sqlalchemy.engine"):
                world = furnished.furnish(app)
            made = Walked(app, world, lines)
            for role, person in {**world.cast.people, **world.others}.items():
                made.walk(role, SignedIn(app, person).client if person else app.test_client())
        yield made
