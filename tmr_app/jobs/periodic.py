"""The rounds of the worker: remind, escalate, sweep. Each in a unit of its own; two workers may run them at once."""

import logging
import os
import socket
from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tmr_app.cases import break_glass, seat_ending
from tmr_app.cases.models import CaseFile
from tmr_app.closures import erasing, retention, work
from tmr_app.jobs.clock_watch import ClockWatch
from tmr_app.kernel import checkpoints, clock, db, throttle, vault, web_session
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.settings import Settings
from tmr_app.meetings import calling, general_reminding, reminding, review_reminding
from tmr_app.members import appointing, holidays
from tmr_app.oversight import annual_reminding, next_duties, tally
from tmr_app.plans import requesting, updating
from tmr_app.signing import work as signing_work

log = logging.getLogger("tmr.worker")

__all__ = ["ROUNDS", "run_all", "updating"]

CLOCK = ClockWatch()
Round = Callable[[Session, datetime], int | None]


def _remind(session: Session, now: datetime) -> int:
    return reminding.remind(session, now, calendar=holidays.calendar(session))


def _remind_general(session: Session, now: datetime) -> int:
    return general_reminding.remind(session, now, calendar=holidays.calendar(session))


def _remind_of_reviews(session: Session, now: datetime) -> int:
    return review_reminding.remind(session, now, calendar=holidays.calendar(session))


def _ask_members(session: Session, now: datetime) -> int:
    return requesting.ask(session, now, calendar=holidays.calendar(session))


ROUNDS: tuple[tuple[str, Round], ...] = (
    ("seats", seat_ending.close_expired_seats),
    ("ended appointments", appointing.end_expired_sessions),
    ("remind", _remind),
    ("remind of reviews", _remind_of_reviews),
    ("general meetings", _remind_general),
    ("actions", _ask_members),
    ("unreached", reminding.tell_unreached),
    ("requests", calling.escalate_open_requests),
    ("signatures", signing_work.remind),
    ("break-glass", break_glass.remind_reviews),
    ("annual reports", annual_reminding.remind),
    ("closings", work.remind),
    ("next duties", next_duties.refresh_open_cases),
    ("ledger", tally.refresh_stale),
)


def run_all(app: Flask, engine: Engine) -> None:
    """One round of everything; a round that fails leaves the others their turn."""
    now = clock.now()
    with app.app_context():
        _run(engine, "clock", CLOCK.look, now)
        for name, deed in ROUNDS:
            _run(engine, name, deed, now)
        _run(engine, "retention", _tell_due(app), now)
        if _run(engine, "erased", _follow_erasures(app), now):
            _scrub(engine, now)
        _run(engine, "sessions", _sweep_sessions(app), now)
        _run(engine, "files", _sweep_files(app), now)
        _run(engine, "checkpoint", _checkpoint(app, checkpoints.daily), now)


def seal(app: Flask, engine: Engine) -> int:
    """Make the sealed copies that wait (A10.1); safe in two workers by the job's lease."""
    from tmr_app.signing import sealing

    settings: Settings = app.extensions["tmr_settings"]
    with app.app_context():
        sealed = sealing.run(
            engine,
            worker=f"{socket.gethostname()[:20]}-{os.getpid()}",
            demonstration=settings.demonstration,
            timestamp_url=settings.timestamp_url,
        )
        if sealed:
            _run(engine, "checkpoint", _checkpoint(app, checkpoints.send), clock.now())
    return sealed


def _run(engine: Engine, name: str, deed: Round, now: datetime) -> int:
    """How many the round dealt with; a round that fails is logged and counts none."""
    try:
        with db.unit(engine) as session:
            count = deed(session, now)
    except IntegrityError:
        log.info("another worker was faster", extra={"job": name})
    except Exception:
        log.error("round failed", extra={"job": name}, exc_info=True)
    else:
        if count:
            log.info("round done", extra={"job": name, "count": count})
        return count or 0
    return 0


def _tell_due(app: Flask) -> Round:
    def tell(session: Session, now: datetime) -> int:
        return retention.tell_due(session, now, app.extensions["tmr_settings"].retention_years)

    return tell


def _follow_erasures(app: Flask) -> Round:
    """Files of erased cases leave the store; the list apart from the backups learns of every erasure.

    Tells whether traces are left, so that the destroyed keys are then scrubbed from the database's own files.
    """

    def follow(session: Session, _now: datetime) -> int:
        erasing.write_list(session, app.extensions["tmr_settings"].erasure_list_path)
        erasing.remove_files(session, app.extensions["tmr_files"])
        return int(erasing.leaves_traces(session))

    return follow


def _scrub(engine: Engine, now: datetime) -> None:
    """Outside any unit; where a backup holds the table, the next round tries again."""
    try:
        vault.scrub(engine)
    except Exception:
        log.error("round failed", extra={"job": "scrub"}, exc_info=True)
        return
    with db.unit(engine) as session:
        erasing.settle(session, now)


def _checkpoint(app: Flask, deed: Callable[[Session, Settings, datetime], int]) -> Round:
    """The audit log's head leaves the machine: each day, and after each seal (guarantees of the chain)."""

    def write(session: Session, now: datetime) -> int:
        return deed(session, app.extensions["tmr_settings"], now)

    return write


def _sweep_sessions(app: Flask) -> Round:
    def sweep(session: Session, _now: datetime) -> None:
        web_session.sweep(session, app.extensions["tmr_settings"], now=clock.real_now())
        throttle.sweep(session, now=clock.real_now())

    return sweep


def _sweep_files(app: Flask) -> Round:
    def sweep(session: Session, _now: datetime) -> int:
        store: FileStore = app.extensions["tmr_files"]
        return store.sweep(session.scalars(select(CaseFile.store_name)), clock.real_now().timestamp())

    return sweep
