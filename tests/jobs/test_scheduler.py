"""The worker stops once, however often it is told to."""

import os
import signal
from collections.abc import Iterator

import pytest

from tmr_app.jobs import scheduler
from tmr_app.web.app import TmrFlask


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_a_worker_told_twice_to_stop_ends_without_a_trace(app: TmrFlask) -> None:
    """Ctrl+C in a terminal: SIGINT to the whole group, then SIGTERM by the process that started the worker."""

    def told_twice() -> None:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)

    scheduler.run(app, also=[("stop", told_twice, 0.01)])
