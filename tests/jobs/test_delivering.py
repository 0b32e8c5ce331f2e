"""The outbox and its worker: what the mail server says, what a death leaves, who is asked before each mail leaves."""

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.fixtures.smtp import SmtpServer
from tests.fixtures.world import NOW, work
from tmr_app.jobs.delivering import LEASE, MaySend, Postman
from tmr_app.kernel import clock, mail, outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.web.app import TmrFlask

MakeApp = Callable[..., TmrFlask]


def _write(app: TmrFlask, count: int, *, prefix: str = "p") -> list[str]:
    addresses = [f"{prefix}{number}@tryeza-test.example" for number in range(count)]
    with work(app.engine) as session:
        for address in addresses:
            outbox.enqueue(
                session,
                kind="substitute_asked",
                to=outbox.Address(uuid4(), address),
                now=clock.now(),
                parameters={"path": "/"},
            )
    return addresses


def _postman(app: TmrFlask, worker: str = "w1", may_send: MaySend | None = None) -> Postman:
    return Postman(app, app.engine, worker=worker, may_send=may_send or (lambda *_: True))


def _rows(app: TmrFlask) -> list[OutboxMessage]:
    with work(app.engine) as session:
        return list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.address)))


@pytest.fixture
def app(fresh_database_url: str, smtp: SmtpServer, make_app: MakeApp) -> TmrFlask:
    return make_app(fresh_database_url, smtp_url=smtp.url)


def test_a_mail_is_sent_once_in_the_recipients_language(app: TmrFlask, smtp: SmtpServer) -> None:
    (address,) = _write(app, 1)
    assert _postman(app).drain() == 1
    (mail,) = smtp.sent_to(address)
    assert mail["Subject"] == "Në një Tryezë nevojitet një person tjetër"
    assert mail["Message-ID"] == _rows(app)[0].message_id
    assert [mail["To"]] == [address]
    assert _postman(app).drain() == 0
    assert len(smtp.received) == 1


def test_a_mail_goes_where_its_reader_is_by_now(app: TmrFlask, smtp: SmtpServer) -> None:
    """The address was put right after the worker had taken the mail, before it spoke with the mail server."""
    _write(app, 1)

    def moved(session: Session, message: OutboxMessage, _now: datetime) -> bool:
        outbox.readdress(session, recipient_id=message.recipient_id, address="right@tryeza-test.example")
        return True

    assert _postman(app, may_send=moved).drain() == 1
    assert [len(smtp.sent_to(one)) for one in ("p0@tryeza-test.example", "right@tryeza-test.example")] == [
        0,
        1,
    ]


def test_greylisting_is_tried_again_after_its_wait(app: TmrFlask, smtp: SmtpServer) -> None:
    _write(app, 1)
    smtp.put_off(2)
    for minutes in (0, 2, 10):
        with clock.fixed_at(clock.real_now() + timedelta(minutes=minutes)):
            _postman(app).drain()
    assert [row.state for row in _rows(app)] == [outbox.ACCEPTED]
    assert _rows(app)[0].attempts == 3


def test_before_its_wait_is_over_a_deferred_mail_stays(app: TmrFlask, smtp: SmtpServer) -> None:
    _write(app, 1)
    smtp.put_off(1)
    assert _postman(app).drain() == 0
    with clock.fixed_at(clock.real_now() + timedelta(seconds=50)):
        assert _postman(app).drain() == 0
    with clock.fixed_at(clock.real_now() + timedelta(seconds=70)):
        assert _postman(app).drain() == 1


def test_an_unknown_recipient_is_dead_at_once_and_the_others_get_theirs(
    app: TmrFlask, smtp: SmtpServer
) -> None:
    addresses = _write(app, 12)
    smtp.refuse(addresses[3])
    heard: list[str] = []
    postman = _postman(app)
    postman.after_reply = lambda _session, row, _now: heard.append(row.state)
    assert postman.drain() == 11
    states = {row.address: row.state for row in _rows(app)}
    assert states.pop(addresses[3]) == outbox.DEAD
    assert set(states.values()) == {outbox.ACCEPTED}
    assert heard.count(outbox.DEAD) == 1


def test_a_server_that_is_down_loses_nothing(app: TmrFlask, smtp: SmtpServer, make_app: MakeApp) -> None:
    _write(app, 3)
    gone = make_app(app.settings.database_url, smtp_url="smtp://127.0.0.1:1")
    assert _postman(gone).drain() == 0
    assert {row.state for row in _rows(app)} == {outbox.QUEUED}
    with clock.fixed_at(clock.real_now() + timedelta(hours=2)):
        assert _postman(app).drain() == 3


def test_a_server_that_hangs_is_left_after_its_time_and_nothing_waits_for_it(
    app: TmrFlask, smtp: SmtpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F06: no transaction is open while the server is spoken to, no other worker takes the row, the mail goes later."""
    assert mail.TIMEOUT_SECONDS == 30
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.3)
    (address,) = _write(app, 1)
    smtp.hang()
    meanwhile: list[int] = []
    speak = Postman._speak

    def speak_and_look(postman: Postman, server: mail.Server, message: OutboxMessage) -> mail.ServerReply:
        meanwhile.append(
            len(_postman(app, "w2")._claim())
        )  # another unit writes: the database's lock is free
        return speak(postman, server, message)

    monkeypatch.setattr(Postman, "_speak", speak_and_look)
    assert _postman(app).drain() == 0
    assert meanwhile == [0]
    (row,) = _rows(app)
    assert (row.state, row.attempts, smtp.sent_to(address)) == (outbox.QUEUED, 1, [])
    smtp.clear()
    with clock.fixed_at(clock.real_now() + timedelta(minutes=2)):
        assert _postman(app).drain() == 1


def test_without_starttls_nothing_leaves_in_clear(app: TmrFlask, smtp: SmtpServer, make_app: MakeApp) -> None:
    _write(app, 1)
    secure = make_app(app.settings.database_url, smtp_url=smtp.url.replace("smtp://", "smtp+starttls://"))
    assert _postman(secure).drain() == 0
    assert [row.state for row in _rows(app)] == [outbox.QUEUED]
    assert not smtp.received


def test_a_line_cut_before_the_reply_repeats_with_the_same_message_id(
    app: TmrFlask, smtp: SmtpServer
) -> None:
    (address,) = _write(app, 1)
    smtp.drop_after_data()
    _postman(app).drain()
    with clock.fixed_at(clock.real_now() + timedelta(minutes=2)):
        _postman(app).drain()
    sent = smtp.sent_to(address)
    assert len(sent) == 2
    assert len({mail["Message-ID"] for mail in sent}) == 1
    assert [row.state for row in _rows(app)] == [outbox.ACCEPTED]


def test_whoever_was_excluded_meanwhile_gets_nothing(app: TmrFlask, smtp: SmtpServer) -> None:
    addresses = _write(app, 2)
    postman = _postman(app, may_send=lambda _session, row, _now: row.address != addresses[0])
    assert postman.drain() == 1
    assert {row.address: row.state for row in _rows(app)}[addresses[0]] == outbox.CANCELLED
    assert not smtp.sent_to(addresses[0])


def test_a_row_cancelled_after_the_claim_is_not_sent(app: TmrFlask, smtp: SmtpServer) -> None:
    _write(app, 1)
    postman = _postman(app)
    batch = postman._claim()
    with work(app.engine) as session:
        session.execute(update(OutboxMessage).values(state=outbox.CANCELLED))
    assert postman._turn(None, batch[0]) is False


def test_a_dead_workers_lease_runs_out_and_another_sends(app: TmrFlask, smtp: SmtpServer) -> None:
    _write(app, 3)
    assert len(_postman(app, "dead")._claim()) == 3
    assert _postman(app, "alive").drain() == 0
    with clock.fixed_at(clock.real_now() + LEASE + timedelta(seconds=1)):
        assert _postman(app, "alive").drain() == 3
    assert len(smtp.received) == 3


def test_two_workers_never_send_twice(app: TmrFlask, smtp: SmtpServer, rounds: Callable[[int], int]) -> None:
    count = rounds(2000)
    _write(app, count)
    start = threading.Barrier(2)
    failures: list[BaseException] = []

    def work_through(name: str) -> None:
        try:
            start.wait()
            _postman(app, name).drain()
        except BaseException as error:
            failures.append(error)

    workers = [threading.Thread(target=work_through, args=(name,)) for name in ("w1", "w2")]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not failures
    recipients = [received.recipients[0] for received in smtp.received]
    assert len(recipients) == count
    assert len(set(recipients)) == count
    with work(app.engine) as session:
        assert session.scalar(select(func.count()).where(OutboxMessage.state == outbox.ACCEPTED)) == count


KILLED = """
import os, sys
from tests.fixtures.world import use_test_keys
from tmr_app.kernel.settings import Settings
from tmr_app.web.app import create_app
from tmr_app.jobs.delivering import MaySend, Postman
from pathlib import Path
settings = Settings(database_url=sys.argv[1], key_file=Path("unused"), smtp_url=sys.argv[2], testing=True)
app = create_app(settings, keyring=use_test_keys())
sent = 0
class Dying(Postman):
    def _speak(self, server, message):
        global sent
        reply = super()._speak(server, message)
        sent += 1
        if sent == int(sys.argv[3]):
            os.kill(os.getpid(), 9)
        return reply
Dying(app, app.engine, worker="dying", may_send=lambda *_: True).drain()
"""


def test_a_killed_worker_loses_none(
    app: TmrFlask, smtp: SmtpServer, rounds: Callable[[int], int], repository: Path
) -> None:
    """F02: killed after the server's 250 and before the commit; at most one mail per death is sent twice."""
    count, deaths = 60, rounds(10)
    _write(app, count)
    for death in range(1, deaths + 1):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, app.settings.database_url, smtp.url, str(death)],
            cwd=repository,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
        with work(app.engine) as session:  # the dead worker's lease has run out
            session.execute(
                update(OutboxMessage).where(OutboxMessage.state == outbox.CLAIMED).values(lease_until=NOW)
            )
    _postman(app).drain()
    recipients = [received.recipients[0] for received in smtp.received]
    ids = {received.message["Message-ID"] for received in smtp.received}
    assert len(set(recipients)) == count
    assert len(recipients) <= count + deaths
    assert len(ids) == count
    assert {row.state for row in _rows(app)} == {outbox.ACCEPTED}
