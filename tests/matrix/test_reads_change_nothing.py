"""GET and HEAD of every route as every role, over a furnished world, leave every table as it was (ASVS 3.5.1).

On SQLite it is the walk whose answers are searched for markers; on PostgreSQL each role asks at one address a route: what a
view writes does not depend on the engine.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.fixtures.signed_in import SignedIn
from tests.matrix import furnished
from tests.matrix.addresses import opens
from tests.matrix.people import ROLES
from tests.matrix.visiting import Visit, contents, visit
from tmr_app.kernel import clock
from tmr_app.kernel.db import Base
from tmr_app.web.app import TmrFlask

pytestmark = [pytest.mark.matrix, pytest.mark.together("walk")]


@pytest.fixture(scope="module")
def stage(engine_name: str, request: pytest.FixtureRequest) -> SimpleNamespace:
    if engine_name == "sqlite":
        walked = request.getfixturevalue("walked")
        return SimpleNamespace(app=walked.app, visit=walked.visits.__getitem__)
    app: TmrFlask = request.getfixturevalue("app")
    with clock.fixed_at(furnished.SEEN_AT):
        world = furnished.furnish(app)
        people = world.cast.people
        clients: dict[str, Any] = {
            role: SignedIn(app, person).client if person else app.test_client()
            for role, person in people.items()
        }

    def walk(role: str) -> Visit:
        return visit(app, world, clients[role], lambda rule: opens(rule, role))

    return SimpleNamespace(app=app, visit=walk)


@pytest.mark.parametrize("role", ROLES)
def test_reading_changes_nothing(stage: SimpleNamespace, role: str) -> None:
    made = stage.visit(role)
    assert made.asked > 150
    assert made.answered > (9 if role != "nobody" else 3), (
        "hardly any page was reached: the world or the roles are wrong"
    )
    assert not made.failed, "\n".join(made.failed)
    assert not made.changed, f"{made.changed}\n" + "\n".join(made.writing[:20])


def test_the_hash_sees_a_change(stage: SimpleNamespace) -> None:
    """The proof can fail: one changed letter in one table is another hash."""
    before = contents(stage.app.engine)
    table = Base.metadata.tables["meeting_room"]
    with stage.app.engine.begin() as connection:
        connection.execute(table.update().values(name=table.c.name + "x"))
    after = contents(stage.app.engine)
    assert [name for name in before if before[name] != after[name]] == ["meeting_room"]
