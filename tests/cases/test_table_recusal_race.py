"""8.3.2, F21: readers in a loop while a recusal commits; no answer to a request that began after the commit."""

import threading
from collections.abc import Callable, Iterator
from contextvars import copy_context

import pytest

from tests.cases.table_kit import NOW, Scene, build, inside, let_in
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.cases import conflicts
from tmr_app.cases.exclusion import may_send
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock, db, outbox
from tmr_app.web.app import TmrFlask

READERS = 5


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> TmrFlask:
    return make_app(fresh_database_url)


@pytest.fixture
def scene(app: TmrFlask) -> Iterator[Scene]:
    with clock.fixed_at(NOW):
        made = build(app.engine)
        let_in(app.engine, made, made.members["police"])
        yield made


def _reader(
    browser: SignedIn, url: str, barrier: threading.Barrier, over: threading.Event, seen: list[int]
) -> None:
    barrier.wait()
    while True:
        began_after = over.is_set()
        status = browser.client.get(url).status_code
        if began_after:
            seen.append(status)
            return


@pytest.mark.duty("A10.2")
def test_no_answer_after_the_recusal(app: TmrFlask, scene: Scene, rounds: Callable[[int], int]) -> None:
    """Each round: readers loop, the case manager recuses, the seat is given back by hand for the next round."""
    url = f"/cases/{scene.case}/table"
    readers = [SignedIn(app, scene.members["police"]) for _ in range(READERS)]
    for _ in range(rounds(20)):
        barrier, over, seen = threading.Barrier(READERS + 1), threading.Event(), []
        threads = [
            threading.Thread(target=copy_context().run, args=(_reader, one, url, barrier, over, seen))
            for one in readers
        ]
        for thread in threads:
            thread.start()
        barrier.wait()
        with inside(app.engine, scene) as (session, case, manager):
            seat = session.get_one(Seat, scene.seats["police"])
            conflicts.recuse_member(session, manager, NOW, case=case, seat=seat, reason="kushëri")
        over.set()
        for thread in threads:
            thread.join(60)
        assert seen == [403] * READERS
        with db.unit(app.engine) as session:
            seat = session.get_one(Seat, scene.seats["police"])
            seat.recused_at, seat.conflict = None, False


@pytest.mark.duty("A10.2")
def test_no_mail_after_the_recusal(app: TmrFlask, scene: Scene, rounds: Callable[[int], int]) -> None:
    """A worker that holds the row asks once more: whatever asks after the commit is told no, or finds it cancelled."""
    police = scene.members["police"]
    for _ in range(rounds(20)):
        with inside(app.engine, scene) as (session, _case, _manager):
            row = outbox.enqueue(
                session,
                kind="invitation",
                to=outbox.Address(police, "p@tryeza-test.example"),
                now=NOW,
                parameters={},
                case_id=scene.case,
            )
            session.flush()
            mail_id = row.id
        barrier, over, sent = threading.Barrier(2), threading.Event(), []

        def worker(mail_id=mail_id, barrier=barrier, over=over, sent=sent) -> None:
            barrier.wait()
            while True:
                began_after = over.is_set()
                with db.unit(app.engine) as session:
                    found = session.get_one(outbox.OutboxMessage, mail_id)
                    admitted = found.state != outbox.CANCELLED and may_send(session, found, NOW)
                if began_after:
                    sent.append(admitted)
                    return

        thread = threading.Thread(target=copy_context().run, args=(worker,))
        thread.start()
        barrier.wait()
        with inside(app.engine, scene) as (session, case, manager):
            seat = session.get_one(Seat, scene.seats["police"])
            conflicts.recuse_member(session, manager, NOW, case=case, seat=seat, reason="kushëri")
        over.set()
        thread.join(60)
        assert sent == [False]
        with db.unit(app.engine) as session:
            assert session.get_one(outbox.OutboxMessage, mail_id).state == outbox.CANCELLED
            seat = session.get_one(Seat, scene.seats["police"])
            seat.recused_at, seat.conflict = None, False
