"""Faults of database and machine in the middle of a deed (F08-F12, F22): nothing half, nothing false, the text kept."""

import hashlib
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from alembic.runtime.migration import MigrationContext
from psycopg.errors import DiskFull
from sqlalchemy import Engine, event, func, inspect, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.cases.desk import declare
from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import use_test_keys, work
from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import Visit
from tmr_app.kernel import audit, clock, db, migrations
from tmr_app.kernel.db import Base
from tmr_app.meetings import convening
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask

TYPED = "Përmbledhja e bisedës me gjyshen"
KILLED = -signal.SIGKILL


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[TmrFlask]:
    made = make_app(fresh_database_url)
    yield made
    made.engine.dispose()


class Desk:
    """A case manager about to write a visit down."""

    def __init__(self, app: TmrFlask) -> None:
        with work(app.engine) as session:
            here = mw.case_world(session)
            self.case_id, manager = here.case.id, here.town.case_manager.id
            declare(session, here.case, here.town.case_manager)
        with clock.fixed_at(mw.NOW):
            self.browser = SignedIn(app, manager)
        self.open()

    def open(self, page: str = "visits/new") -> int:
        with clock.fixed_at(mw.NOW):
            return self.browser.get(f"/cases/{self.case_id}/{page}").status_code

    @property
    def url(self) -> str:
        return f"/cases/{self.case_id}/visits/new"

    def save(self, summary: str = TYPED) -> TestResponse:
        day = mw.NOW.date()
        with clock.fixed_at(mw.NOW):
            return self.browser.post(
                self.url, kind="home_visit", who="child", summary=summary,
                **{"visited_on-day": day.day, "visited_on-month": day.month, "visited_on-year": day.year},
            )  # fmt: skip


def visits(engine: Engine) -> int:
    with db.looking(engine) as connection:
        return connection.execute(select(func.count()).select_from(Visit)).scalar_one()


@contextmanager
def on(engine: Engine, name: str, deed: Callable[..., Any]) -> Iterator[None]:
    event.listen(engine, name, deed)
    try:
        yield
    finally:
        event.remove(engine, name, deed)


def test_a_database_held_by_somebody_else_is_503_and_the_text_is_kept(app: TmrFlask) -> None:
    """F08. The wait itself is shortened here; that there is one on both databases is the test after this."""
    desk, sqlite = Desk(app), app.engine.dialect.name == "sqlite"
    app.engine.dispose()

    def shorten(connection: Any, *_rest: object) -> None:
        if sqlite:
            connection.execute("PRAGMA busy_timeout=20")
        else:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '20ms'")

    holder = db.make_engine(app.engine.url.render_as_string(hide_password=False))
    with on(app.engine, "connect" if sqlite else "begin", shorten), holder.begin() as connection:
        if not sqlite:
            connection.execute(text("LOCK TABLE audit_entry IN ACCESS EXCLUSIVE MODE"))
        answer = desk.save()
        assert (answer.status_code, TYPED in answer.text) == (503, True)
    app.engine.dispose()
    holder.dispose()
    assert visits(app.engine) == 0
    desk.open()
    assert desk.save().status_code == 303
    assert visits(app.engine) == 1


def test_waiting_for_the_database_has_an_end(app: TmrFlask) -> None:
    with app.engine.connect() as connection:
        if app.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA busy_timeout")).scalar_one() == 10_000
        else:
            assert connection.execute(text("SHOW lock_timeout")).scalar_one() == "10s"


def test_a_full_disk_is_507_and_reading_goes_on(app: TmrFlask) -> None:
    """F10: the whole deed is gone, not half of it; what was typed comes back."""
    desk = Desk(app)
    with app.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))  # no free page is left inside the file
    app.engine.dispose()

    def full(connection: Any, *rest: Any) -> None:
        if app.engine.dialect.name == "sqlite":
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(
                f"PRAGMA max_page_count={pages + 1}"
            )  # room for a row of audit, not for the text
        elif str(rest[1]).startswith("INSERT INTO visit"):
            raise DiskFull("could not extend file: No space left on device")

    with on(app.engine, "connect" if app.engine.dialect.name == "sqlite" else "before_cursor_execute", full):
        answer = desk.save(summary=TYPED + "x" * 9_900)
        assert (answer.status_code, TYPED in answer.text) == (507, True)
        assert desk.open("") == 200
    app.engine.dispose()
    assert visits(app.engine) == 0
    desk.open()
    assert desk.save().status_code == 303


@pytest.mark.only("postgresql")
def test_a_connection_that_dies_in_the_middle_is_503_and_the_next_request_answers(app: TmrFlask) -> None:
    """F11. SQLite has no server that could go."""
    desk, other = Desk(app), db.make_engine(app.engine.url.render_as_string(hide_password=False))

    def cut(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO visit"):
            pid = connection.connection.driver_connection.info.backend_pid
            with other.connect() as killer:
                killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    with on(app.engine, "before_cursor_execute", cut):
        answer = desk.save()
    assert (answer.status_code, TYPED in answer.text) == (503, True)
    assert visits(app.engine) == 0
    desk.open()
    assert desk.save().status_code == 303
    other.dispose()


def test_the_same_form_sent_many_times_at_once_makes_one_deed(app: TmrFlask) -> None:
    """F19: a double click or a browser that tries again, here from six threads."""
    desk, senders = Desk(app), 6
    fields = {
        str(one["name"]): str(one.get("value", ""))
        for one in desk.browser.page.select("main form input[type=hidden]")
    }
    cookie = desk.browser.client.get_cookie("tryeza")
    assert cookie is not None
    day, start = mw.NOW.date(), threading.Barrier(senders)
    fields |= {"kind": "home_visit", "who": "child", "summary": TYPED, "visited_on-day": str(day.day),
               "visited_on-month": str(day.month), "visited_on-year": str(day.year)}  # fmt: skip
    answers: list[int] = []

    def send() -> None:
        client = app.test_client()
        client.set_cookie("tryeza", cookie.value)
        start.wait()
        with clock.fixed_at(mw.NOW):
            answers.append(client.post(desk.url, data=fields).status_code)

    threads = [threading.Thread(target=send) for _ in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) <= {303, 409}
    assert (303 in answers, len(answers), visits(app.engine)) == (True, senders, 1)


def contents(engine: Engine) -> str:
    """One hash over every table."""
    told = hashlib.sha256()
    with db.looking(engine) as connection:
        for table in Base.metadata.sorted_tables:
            for row in sorted(repr(tuple(row)) for row in connection.execute(select(table))):
                told.update(row.encode())
    return told.hexdigest()


def in_a_process_killed_at(step: int, url: str, deed: Callable[[Engine], None]) -> int:
    """Run `deed` in a process of its own that kills itself before its `step`-th statement (the commit counts).

    Returns the process's end as `os.waitstatus_to_exitcode`: -9 when it was killed, 0 when the deed ended first.
    """
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    left = [step]

    def count(*_arguments: Any) -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    code = 1
    try:
        engine = db.make_engine(url)
        event.listen(engine, "before_cursor_execute", count)
        event.listen(engine, "commit", count)
        deed(engine)
        code = 0
    finally:
        os._exit(code)


def test_killed_before_any_statement_of_convening_nothing_of_it_exists(
    fresh_database_url: str, rounds: Callable[[int], int]
) -> None:
    """F12, ASVS 2.3.3: no meeting without its mails, none the other way; killed after the commit it is there whole."""
    engine = db.make_engine(fresh_database_url)
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        ids = (meeting.id, here.case.id, here.town.case_manager.id)
    before = contents(engine)
    engine.dispose()

    def convene(child: Engine) -> None:
        with clock.fixed_at(mw.NOW), db.unit(child) as session:
            _convene(session, *ids)

    with mw.counted(engine) as statements:
        with clock.fixed_at(mw.NOW), db.open_session(engine) as session:
            _convene(session, *ids)
            audit.write_queued(session)
            session.rollback()
        many = len(statements())
    engine.dispose()
    every = max(1, many // rounds(many))
    for step in (*range(1, many, every), many, many + 1):
        assert in_a_process_killed_at(step, fresh_database_url, convene) == KILLED
        assert contents(engine) == before, f"killed before statement {step} of {many}"
        engine.dispose()
    assert in_a_process_killed_at(10_000, fresh_database_url, convene) == 0
    assert contents(engine) != before
    engine.dispose()


def _convene(session: Session, meeting_id: UUID, case_id: UUID, manager_id: UUID) -> None:
    case = session.get_one(Case, case_id)
    mw.unlock(session, case)
    convening.convene(session, session.get_one(Person, manager_id), mw.NOW, meeting_id=meeting_id, case=case)
    session.flush()


def test_a_migration_killed_anywhere_is_resumed(
    empty_database_url: str, fresh_database_url: str, rounds: Callable[[int], int]
) -> None:
    """F22: each migration is there whole or not at all; the next start goes on, and the schema is the same."""
    use_test_keys()
    revisions = set()
    for step in [23, 777, 1500, 211, 60, 950, 333, 1200, 90, 480][: rounds(20)]:
        ended = in_a_process_killed_at(step, empty_database_url, lambda engine: migrations.upgrade(engine))
        engine = db.make_engine(empty_database_url)
        with engine.connect() as connection:
            revisions.add(MigrationContext.configure(connection).get_current_revision())
        engine.dispose()
        if ended == 0:
            break
    assert len(revisions) > 1, "some were killed half-way"
    migrations.upgrade(empty_database_url)
    assert schema(empty_database_url) == schema(fresh_database_url)


def schema(url: str) -> dict[str, list[str]]:
    engine = db.make_engine(url)
    found = {
        name: sorted(f"{column['name']} {column['type']} {column['nullable']}" for column in columns)
        for (_, name), columns in inspect(engine).get_multi_columns().items()
    }
    engine.dispose()
    return found
