"""The worker's clockwork: APScheduler in a process of its own, jobs defined in code, no job store.

APScheduler has no leader, so every job is safe to run in two workers at once: the outbox by its claim, reminders by a
unique key each.
"""

import logging
import os
import signal
import socket
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from tmr_app.jobs import periodic
from tmr_app.jobs.delivering import Postman
from tmr_app.web.app import TmrFlask

log = logging.getLogger("tmr.worker")

DRAIN_SECONDS = 2
ROUND_SECONDS = 60
SEAL_SECONDS = 5


def run(app: TmrFlask, also: Sequence[tuple[str, Callable[[], object], float]] = ()) -> None:
    """Run until SIGTERM or SIGINT; a mail under way is finished first. `also`: further (name, job, seconds between)."""
    scheduler = BackgroundScheduler(timezone="UTC")
    postman = postman_of(app)
    options: dict[str, Any] = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
    scheduler.add_job(_guarded("drain", postman.drain), "interval", seconds=DRAIN_SECONDS, **options)
    scheduler.add_job(
        _guarded("round", lambda: periodic.run_all(app, app.engine)),
        "interval",
        seconds=ROUND_SECONDS,
        **options,
    )
    scheduler.add_job(
        _guarded("seal", lambda: periodic.seal(app, app.engine)), "interval", seconds=SEAL_SECONDS, **options
    )
    for name, job, seconds in also:
        scheduler.add_job(_guarded(name, job), "interval", seconds=seconds, **options)
    scheduler.add_job(_guarded("first round", lambda: periodic.run_all(app, app.engine)), **options)

    # A handler interrupts any line, also one that holds a lock: it only notes the signal. A second one changes nothing
    # (Ctrl+C reaches the worker from the terminal and from the process that started it).
    told: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _frame: told.put(number))
    log.info("worker starts", extra={"worker": postman.worker})
    scheduler.start()
    log.info("worker stops", extra={"signal": told.get()})
    scheduler.shutdown(wait=True)


def postman_of(app: TmrFlask) -> Postman:
    """The postman of this process, with the rooms' answers to "may it still go" and "it went"."""
    from tmr_app.cases.exclusion import may_send
    from tmr_app.meetings.delivery import after_reply

    name = f"{socket.gethostname()[:20]}-{os.getpid()}"
    return Postman(app, app.engine, worker=name, may_send=may_send, after_reply=after_reply)


def _guarded(name: str, job: Callable[[], object]) -> Callable[[], None]:
    """One failing round is logged and the next one tries again: the worker never dies of a job."""

    def once() -> None:
        try:
            job()
        except Exception:
            log.error("job failed", extra={"job": name}, exc_info=True)

    return once
