"""Tries counted in the database: windows, forgiveness, and one count for all worker processes."""

import multiprocessing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select

from tmr_app.kernel import db, encryption, throttle
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.throttle import Limit, ThrottleCount

pytestmark = pytest.mark.db
LIMIT = Limit("test", 10, 300)
AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
KEYS = Keyring(1, {1: b"w" * 32}, b"r" * 32)


@pytest.fixture
def engine(fresh_database_url: str) -> Engine:
    encryption.use(KEYS)
    return db.make_engine(fresh_database_url)


def try_once(engine: Engine, at: datetime, key: str = "arta") -> bool:
    with db.unit(engine) as session:
        return throttle.count(session, LIMIT, key, now=at)


def test_the_ceiling_holds_until_the_window_ends(engine: Engine) -> None:
    assert [try_once(engine, AT + timedelta(seconds=n)) for n in range(11)] == [True] * 10 + [False]
    assert not try_once(engine, AT + timedelta(seconds=299))
    assert try_once(engine, AT + timedelta(seconds=300))
    assert try_once(engine, AT, key="drita"), "another key has its own count"


def test_a_right_try_is_forgiven(engine: Engine) -> None:
    for _ in range(30):
        assert try_once(engine, AT)
        with db.unit(engine) as session:
            throttle.forgive(session, [(LIMIT, "arta")], now=AT)


def test_keys_are_not_readable_and_old_windows_are_swept(engine: Engine) -> None:
    try_once(engine, AT, key="arta@qps.example")
    with db.unit(engine) as session:
        row = session.scalar(select(ThrottleCount))
        assert b"arta" not in row.bucket
        throttle.sweep(session, now=AT + timedelta(days=2))
        assert session.scalar(select(func.count()).select_from(ThrottleCount)) == 0


def _worker(url: str, times: int, results: "multiprocessing.Queue[int]") -> None:
    encryption.use(KEYS)
    engine = db.make_engine(url)
    results.put(sum(try_once(engine, AT) for _ in range(times)))
    engine.dispose()


def test_four_worker_processes_share_one_count(fresh_database_url: str) -> None:
    """ASVS 6.3.1: of 4 x 10 tries at the same time, ten are judged."""
    context = multiprocessing.get_context("fork")
    results: multiprocessing.Queue[int] = context.Queue()
    workers = [context.Process(target=_worker, args=(fresh_database_url, 10, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    judged = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join(timeout=60)
    assert sum(judged) == 10
