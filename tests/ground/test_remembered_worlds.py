"""A world that is copied is the one that was built: the same rows, the same records at hand, keys open, the chain whole."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import remembered
from tests.fixtures.world import work
from tmr_app.cases.models import Case
from tmr_app.kernel import audit, db
from tmr_app.kernel.db import Base

CloneDatabase = Callable[[str], AbstractContextManager[str]]
OF_ITS_TIME = {"audit_entry": ("at", "previous_hash", "own_hash")}
"""A note says when it was made, and the chain is hashed over it."""


@pytest.fixture
def nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_kept", {})


def rows(session: Session) -> dict[str, list[str]]:
    found = {}
    for name in remembered.tables():
        table = Base.metadata.tables[name]
        chosen = [column for column in table.c if column.name not in OF_ITS_TIME.get(name, ())]
        found[name] = sorted(repr(tuple(row)) for row in session.execute(select(*chosen)))
    return found


@pytest.mark.usefixtures("nothing_is_kept")
def test_the_copy_is_what_was_built(engine_name: str, clone_database: CloneDatabase) -> None:
    seen = []
    for _turn in ("built", "copied"):
        with clone_database(engine_name) as url:
            engine = db.make_engine(url)
            with work(engine) as session:
                here, meeting = hw.running(session)
                at_hand = (
                    here.mother.kind,
                    meeting.status,
                    sorted(here.seats),
                    here.seats["police"].person.name,
                )
            with work(engine) as session:
                count = audit.verify(session)
                mw.unlock(session, session.get_one(Case, here.case.id))
                seen.append((at_hand, count, rows(session)))
            engine.dispose()
    assert seen[0] == seen[1]
    assert len(remembered._kept) >= 1
    assert seen[0][1] > 5


@pytest.mark.usefixtures("nothing_is_kept")
def test_where_something_is_already_it_is_built(fresh_database_url: str) -> None:
    engine = db.make_engine(fresh_database_url)
    for _turn in range(2):
        with work(engine) as session:
            mw.case_world(session, key="prishtine" if not _turn else "prizren")
    with work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 2
    engine.dispose()
