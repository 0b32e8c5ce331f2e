"""F20: two people sign at the same moment: both signatures are kept, one seal job is made. On both engines."""

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.signing import kit
from tmr_app.kernel import db, vault
from tmr_app.members.models import Person
from tmr_app.signing.models import FrozenVersion, SealJob, Signature


@pytest.mark.duty("A10.1")
def test_two_last_signatures_at_once(fresh_database_url: str, rounds: Callable[[int], int]) -> None:
    count = rounds(200)
    engine = db.make_engine(fresh_database_url)
    with work(engine) as session:
        here = mw.case_world(session)
        pair = kit.people(session, here)[:2]
        versions = [kit.opened(session, here, pair) for _ in range(count)]
        case_id, family_id = here.case.id, here.case.family_id
        ids = [one.id for one in versions]
        people = [one.id for one in pair]
    failed: list[BaseException] = []
    gate = threading.Barrier(2)

    def sign_all(person_id: UUID) -> None:
        try:
            for version_id in ids:
                gate.wait(30)
                _sign(engine, version_id, person_id, case_id, family_id)
        except BaseException as error:
            failed.append(error)
            gate.abort()

    threads = [threading.Thread(target=sign_all, args=(one,)) for one in people]
    for one in threads:
        one.start()
    for one in threads:
        one.join(120)
    assert not failed, failed
    with work(engine) as session:
        assert session.scalar(select(func.count()).select_from(Signature)) == 2 * count
        assert session.scalar(select(func.count()).select_from(SealJob)) == count
        done = select(func.count()).select_from(FrozenVersion).where(FrozenVersion.completed_at.is_not(None))
        assert session.scalar(done) == count
    engine.dispose()


def _sign(engine, version_id, person_id, case_id, family_id) -> None:
    for _try in range(5):
        try:
            with work(engine) as session:
                vault.unlock(session, [case_id, family_id])
                version = session.get_one(FrozenVersion, version_id)
                kit.sign(session, version, session.get_one(Person, person_id))
            return
        except OperationalError:  # SQLite was busy: the person presses the button again
            continue
    raise AssertionError("never got through")
