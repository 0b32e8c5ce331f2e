"""F14: a jump of the machine's date is told from time that passed, and written down once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from tests.fixtures.world import work
from tmr_app.jobs.clock_watch import ClockWatch
from tmr_app.kernel import clock, db
from tmr_app.kernel.audit import AuditEntry

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "by_date", "jumped"),
    [
        (60, timedelta(seconds=60), False),
        (60, timedelta(seconds=120), False),
        (60, timedelta(seconds=121), True),
        (60, timedelta(days=1), True),
        (60, timedelta(hours=-1), True),
        (60, timedelta(seconds=0), False),
        (60, timedelta(seconds=-1), True),
        (3 * 3600, timedelta(hours=3), False),
    ],
)
def test_a_jump_is_told_from_time_that_passed(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, passed: float, by_date: timedelta, jumped: bool
) -> None:
    engine, watch = db.make_engine(fresh_database_url), ClockWatch()
    assert _look(engine, watch, monkeypatch, AT, 1000.0) == 0, "the first look has nothing to compare with"
    assert _look(engine, watch, monkeypatch, AT + by_date, 1000.0 + passed) == int(jumped)
    assert _look(engine, watch, monkeypatch, AT + by_date, 1000.0 + passed) == 0, "one jump, one row"
    with work(engine) as session:
        found = session.scalars(select(AuditEntry.tag)).all()
    assert found == ["clock:jumped"] * int(jumped)
    engine.dispose()


def _look(engine: Engine, watch: ClockWatch, patch: pytest.MonkeyPatch, at: datetime, elapsed: float) -> int:
    patch.setattr(clock, "elapsed", lambda: elapsed)
    with clock.fixed_at(at), work(engine) as session:
        return watch.look(session, at)
