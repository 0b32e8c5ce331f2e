"""The only place that reads the time.

Two clocks: the *domain* clock, by which duties are counted (a demonstration may move its civil date forward),
and the *real* clock, for sessions, codes, leases and the audit log.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

KOSOVO = ZoneInfo("Europe/Belgrade")

_fixed: ContextVar[datetime | None] = ContextVar("fixed_instant", default=None)
_shift_source: Callable[[], timedelta] | None = None


def real_now() -> datetime:
    """The present instant, aware UTC. Never shifted, except by a test's `fixed_at`."""
    return _fixed.get() or datetime.now(UTC)


def elapsed() -> float:
    """Seconds that only ever grow (monotonic), from an arbitrary start: for durations, whatever the date says."""
    return time.monotonic()


def now() -> datetime:
    """The domain instant, aware UTC: real time plus the demonstration's shift of whole days."""
    return real_now() + (_shift_source() if _shift_source else timedelta())


def civil_today() -> date:
    """Today's civil date in Kosovo (Europe/Belgrade), by the domain clock."""
    return civil_date(now())


def civil_date(instant: datetime) -> date:
    """The civil date in Kosovo of an aware instant."""
    return instant.astimezone(KOSOVO).date()


def shift_by(source: Callable[[], timedelta] | None) -> None:
    """Register where the demonstration's shift comes from; None removes it."""
    global _shift_source
    _shift_source = source


@contextmanager
def fixed_at(instant: datetime) -> Iterator[None]:
    """Hold both clocks still (tests and reproducible documents)."""
    token = _fixed.set(instant)
    try:
        yield
    finally:
        _fixed.reset(token)
