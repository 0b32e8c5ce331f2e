"""GET and HEAD of every route as every role, over a furnished world, leave every table as it was (ASVS 3.5.1).

Left out of the hash: `audit_entry` (a read is logged before its body is sent) and `web_session` (last seen). The throttle
is in it: it counts tries, and asking for a page is none. On PostgreSQL a few roles ask everything, at one address a route:
what a view writes does not depend on the engine.
"""

import hashlib
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from tests.fixtures.signed_in import SignedIn
from tests.matrix import furnished
from tests.matrix.addresses import addresses, opens, rules
from tests.matrix.people import ROLES
from tmr_app.kernel import clock
from tmr_app.kernel.db import Base
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix

MAY_CHANGE = {"audit_entry", "web_session"}
MOST = 6
WHOLE = ("case_manager", "head", "member", "administrator")
"""Asked on SQLite at up to six addresses of each route that opens to them; the others at one address a route.
HEAD runs the same view as GET: it is asked where the view is reached at all."""
SAMPLED = ("case_manager", "administrator", "nobody")
"""Asked everything on PostgreSQL; the others only the pages without a subject."""


@pytest.fixture(scope="module")
def stage(app: TmrFlask) -> SimpleNamespace:
    with clock.fixed_at(furnished.SEEN_AT):
        made = furnished.furnish(app)
        clients: dict[str, Any] = {
            role: SignedIn(app, person).client if person else app.test_client()
            for role, person in made.cast.people.items()
        }
    return SimpleNamespace(app=app, world=made, clients=clients, sampled=app.engine.dialect.name != "sqlite")


def contents(engine: Engine) -> dict[str, str]:
    """One hash for each table that a read may not change."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in MAY_CHANGE:
                continue
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


@pytest.mark.parametrize("role", ROLES)
def test_reading_changes_nothing(stage: SimpleNamespace, role: str) -> None:
    asks_all = not stage.sampled or role in SAMPLED
    app, client = stage.app, stage.clients[role]
    writing: list[str] = []
    failed: list[str] = []
    asked = answered = 0
    before = contents(app.engine)
    where = [""]

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb, *rest = statement.split(None, 3)
        if verb.upper() in ("INSERT", "UPDATE", "DELETE") and not any(name in rest for name in MAY_CHANGE):
            writing.append(f"{where[0]}: {statement[:80]}")

    event.listen(app.engine, "before_cursor_execute", watch)
    whole = role in WHOLE and not stage.sampled
    try:
        with clock.fixed_at(furnished.SEEN_AT):
            for rule in rules(app, reading=True):
                let_in = opens(rule, role)
                most = MOST if whole and let_in else 1
                for place, address in enumerate(addresses(app, rule, stage.world.arguments, most)):
                    for method in ("GET", "HEAD") if place == 0 and let_in else ("GET",):
                        where[0] = f"{method} {address} ({rule.endpoint})"
                        answer = client.open(address, method=method)
                        asked += 1
                        answered += answer.status_code == 200
                        if answer.status_code >= 500:
                            failed.append(f"{where[0]}: {answer.status_code}")
    finally:
        event.remove(app.engine, "before_cursor_execute", watch)
    assert asked > (150 if asks_all else 50)
    assert answered > (9 if role != "nobody" else 3), (
        "hardly any page was reached: the world or the roles are wrong"
    )
    assert not failed, "\n".join(failed)
    after = contents(app.engine)
    changed = sorted(name for name in before if before[name] != after[name])
    assert not changed, f"{changed}\n" + "\n".join(writing[:20])


def test_the_hash_sees_a_change(stage: SimpleNamespace) -> None:
    """The proof can fail: one changed letter in one table is another hash."""
    before = contents(stage.app.engine)
    table = Base.metadata.tables["meeting_room"]
    with stage.app.engine.begin() as connection:
        connection.execute(table.update().values(name=table.c.name + "x"))
    after = contents(stage.app.engine)
    assert [name for name in before if before[name] != after[name]] == ["meeting_room"]
