"""The audit chain: written with its cause, never changed, every tampering found, and held to by checkpoints outside."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, Engine, column, func, insert, select, table, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.fixtures.world import use_test_keys
from tmr_app.kernel import audit, checkpoints, clock, db, encryption
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.kernel.ready import Ready
from tmr_app.kernel.settings import Settings
from tmr_app.web.commands.audit_command import command

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
ROWS = 24
LOG = AuditEntry.__table__
BODIES = ("arkivi@komuna.example", "inspektori@institucioni.example")
Rounds = Callable[[int], int]
Tampering = Callable[[Connection, random.Random], None]


@pytest.fixture
def engine(fresh_database_url: str) -> Iterator[Engine]:
    use_test_keys()
    engine = db.make_engine(fresh_database_url)
    yield engine
    engine.dispose()


def append(engine: Engine, rows: int, at: datetime = AT) -> None:
    with clock.fixed_at(at), db.unit(engine) as session:
        audit.identify(session, actor_id=uuid4(), standing="case_manager", network="10.0.0.0/24")
        for number in range(rows):
            audit.note(
                session,
                ("case:read", "case:changed", "mail:accepted")[number % 3],
                object_type="case",
                object_id=uuid4(),
                case_id=uuid4(),
                changes={"level": number} if number % 2 else None,
            )


def verified(bind: Engine | Connection) -> int:
    with Session(bind) as session:
        return audit.verify(session)


@contextmanager
def as_owner(engine: Engine) -> Iterator[Connection]:
    """A transaction of somebody who owns the database and first takes the guards away; undone at the end."""
    with engine.connect() as connection:
        began = connection.begin()
        if engine.dialect.name == "sqlite":
            for name in ("audit_entry_no_update", "audit_entry_no_delete"):
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        yield connection
        began.rollback()


def flip(connection: Connection, chance: random.Random) -> None:
    row = connection.execute(select(LOG).where(LOG.c.sequence == chance.randint(1, ROWS))).mappings().one()
    name = chance.choice([*audit.HASHED, "previous_hash", "own_hash"])
    value: Any = row[name]
    if name == "sequence":
        other: Any = ROWS + 100 + chance.randint(0, 99)
    elif isinstance(value, bytes):
        at = chance.randrange(len(value))
        other = value[:at] + bytes([value[at] ^ (1 << chance.randrange(8))]) + value[at + 1 :]
    elif isinstance(value, datetime):
        other = value + timedelta(microseconds=chance.randint(1, 10**9))
    elif name in ("actor_id", "object_id", "case_id"):
        other = uuid4()
    elif name == "changes":
        other = {"level": "0" * 32}
    else:
        other = (value or "") + "x"
    connection.execute(update(LOG).where(LOG.c.sequence == row["sequence"]).values({name: other}))


def delete(connection: Connection, chance: random.Random) -> None:
    first = chance.randint(1, ROWS - 1)
    many = chance.randint(1, ROWS - first)  # never the last row: a cut tail is the checkpoints' part
    connection.execute(LOG.delete().where(LOG.c.sequence.between(first, first + many - 1)))


def swap(connection: Connection, chance: random.Random) -> None:
    one, other = chance.sample(range(1, ROWS + 1), 2)
    for old, new in ((one, 0), (other, one), (0, other)):
        connection.execute(update(LOG).where(LOG.c.sequence == old).values(sequence=new))


def slip_in(connection: Connection, chance: random.Random) -> None:
    """A copied row between two others, every later one moved up by one."""
    place = chance.randint(2, ROWS)
    copied = connection.execute(select(LOG).where(LOG.c.sequence == place)).mappings().one()
    for sequence in range(ROWS, place - 1, -1):
        connection.execute(update(LOG).where(LOG.c.sequence == sequence).values(sequence=sequence + 1))
    connection.execute(insert(LOG).values({**copied, "sequence": place}))


def cut(connection: Connection, chance: random.Random) -> None:
    connection.execute(LOG.delete().where(LOG.c.sequence > chance.randint(0, ROWS - 1)))


def write_anew(connection: Connection, chance: random.Random) -> None:
    """One row changed and every hash from there on computed again: the chain itself is whole."""
    start = chance.randint(1, ROWS)
    rows = connection.execute(select(LOG).order_by(LOG.c.sequence)).mappings().all()
    previous = audit.GENESIS if start == 1 else bytes(rows[start - 2]["own_hash"])
    for row in rows[start - 1 :]:
        entry = {**row, "outcome": "denied" if row["sequence"] == start else row["outcome"]}
        own = audit.link(previous, entry)
        connection.execute(
            update(LOG)
            .where(LOG.c.sequence == row["sequence"])
            .values(outcome=entry["outcome"], previous_hash=previous, own_hash=own)
        )
        previous = own


def test_every_tampering_is_found(engine: Engine, rounds: Rounds) -> None:
    append(engine, ROWS)
    assert verified(engine) == ROWS
    chance = random.Random(23_2023)
    kinds: tuple[Tampering, ...] = (flip, flip, delete, swap, slip_in)
    for number in range(rounds(1000)):
        with as_owner(engine) as connection:
            kinds[number % len(kinds)](connection, chance)
            with pytest.raises(audit.ChainBroken):
                verified(connection)
    assert verified(engine) == ROWS, "each was undone"


def test_a_cut_tail_and_a_chain_written_anew_are_found_by_a_checkpoint(
    engine: Engine, rounds: Rounds
) -> None:
    append(engine, ROWS)
    with db.open_session(engine) as session:
        taken = checkpoints.take(session)
    assert taken is not None
    assert taken.size == ROWS
    chance = random.Random(8_3)
    for number in range(rounds(100)):
        tamper, error = ((cut, checkpoints.ChainShorter), (write_anew, audit.ChainBroken))[number % 2]
        with as_owner(engine) as connection:
            tamper(connection, chance)
            verified(connection)  # the chain alone does not show it
            with Session(connection) as session, pytest.raises(error):
                checkpoints.compare(session, [taken])
    append(engine, 3)
    with db.open_session(engine) as session:
        assert checkpoints.compare(session, [taken]) == 1, "a chain that grew agrees"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET outcome = 'denied'",
        "DELETE FROM audit_entry WHERE sequence = 1",
        pytest.param(
            "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE sequence = 1",
            marks=pytest.mark.only("sqlite"),
        ),
        pytest.param("TRUNCATE audit_entry", marks=pytest.mark.only("postgresql")),
    ],
)
def test_the_database_itself_refuses_to_change_a_row(engine: Engine, statement: str) -> None:
    append(engine, 2)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert verified(engine) == 2


def test_a_unit_that_fails_leaves_neither_change_nor_row(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), db.unit(engine) as session:
        audit.note(session, "case:changed", object_type="case")
        session.flush()
        raise ZeroDivisionError
    append(engine, 1)
    assert verified(engine) == 1


def test_a_read_whose_row_cannot_be_written_fails(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_APPEND", Ready(insert(table("nowhere", column("sequence")))))
    with pytest.raises(DBAPIError), db.unit(engine) as session:
        audit.note(session, "case:read", object_type="case", outcome="read")


def test_writers_at_once_neither_fork_nor_leave_a_gap(engine: Engine, rounds: Rounds) -> None:
    writers, each = 6, rounds(100)
    start = threading.Barrier(writers)
    failed: list[Exception] = []

    def write() -> None:
        start.wait()
        try:
            for _ in range(each):
                append(engine, 2)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert verified(engine) == writers * each * 2


def test_a_value_leaves_only_its_keyed_hash(engine: Engine) -> None:
    with db.unit(engine) as session:
        audit.note(session, "case:changed", object_type="case", changes={"level": "EmriKanarine"})
    with db.open_session(engine) as session:
        (entry,) = session.scalars(select(AuditEntry))
        assert entry.changes == {"level": audit.hash_of("EmriKanarine")}
    encryption.use(encryption.Keyring(1, {1: b"k" * 32}, b"o" * 32))
    assert entry.changes != {"level": audit.hash_of("EmriKanarine")}, "without the key nobody tries names"


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path) -> Settings:
    path = tmp_path / "keys.json"
    use_test_keys().save(path)
    return Settings(
        fresh_database_url, path, public_url="https://tryeza.example", checkpoint_to=BODIES, testing=True
    )


def daily(engine: Engine, settings: Settings, at: datetime) -> int:
    with clock.fixed_at(at), db.unit(engine) as session:
        return checkpoints.daily(session, settings, at)


def test_one_checkpoint_a_day_goes_to_each_body(engine: Engine, settings: Settings) -> None:
    assert daily(engine, settings, AT) == 0, "an empty log has nothing to hold to"
    append(engine, 5)
    last_moment = datetime(2026, 11, 16, 22, 59, tzinfo=UTC)  # 23:59 in Kosovo
    assert [daily(engine, settings, at) for at in (AT, last_moment)] == [1, 0]
    assert daily(engine, settings, last_moment + timedelta(minutes=1)) == 1
    with db.open_session(engine) as session:
        mails = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at)).all()
        assert sorted(mail.address for mail in mails) == sorted(BODIES * 2)
        assert (
            checkpoints.read(mails[0].parameters["note"])
            == checkpoints.kept(settings.checkpoint_list_path)[:1]
        )
        assert [one.size for one in checkpoints.kept(settings.checkpoint_list_path)] == [5, 6]


def test_after_a_seal_one_more_and_without_bodies_only_kept_here(engine: Engine, settings: Settings) -> None:
    append(engine, 5)
    assert daily(engine, settings, AT) == 1
    append(engine, 1)
    with db.unit(engine) as session:
        assert checkpoints.send(session, settings, AT) == 1
    settings_without = settings.but(checkpoint_to=())
    with db.open_session(engine) as session:
        written = session.scalar(select(func.count()).select_from(OutboxMessage))
        assert checkpoints.take(session).size == checkpoints.kept(settings.checkpoint_list_path)[-1].size + 1
    assert written == 4
    assert daily(engine, settings_without, AT + timedelta(days=1)) == 1, "kept here even when nobody is named"


@pytest.mark.parametrize("place", ["size", "head", "time", "mark"])
def test_a_checkpoint_changed_anywhere_is_refused(place: str) -> None:
    use_test_keys()
    note = checkpoints.signed(checkpoints.Checkpoint(12, b"h" * 32, AT), "tryeza.example/audit")
    assert checkpoints.read(note + "\n" + note) == [checkpoints.Checkpoint(12, b"h" * 32, AT)] * 2
    lines = note.split("\n")
    number = {"size": 1, "head": 2, "time": 3, "mark": 5}[place]
    changed = {"size": "13", "head": "A" + lines[2][1:], "time": lines[3].replace("16", "17")}
    lines[number] = changed.get(place, lines[5][:-6] + "AAAAA=")
    with pytest.raises(checkpoints.CheckpointForged):
        checkpoints.read("\n".join(lines))
    encryption.use(encryption.Keyring(1, {1: b"k" * 32}, b"o" * 32))
    with pytest.raises(checkpoints.CheckpointForged):
        checkpoints.read(note)


def verify_command(settings: Settings, *arguments: str) -> Result:
    environment = {"TMR_DATABASE_URL": settings.database_url, "TMR_KEY_FILE": str(settings.key_file)}
    return CliRunner().invoke(command, ["verify", *arguments], env=environment)


def committed(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER IF EXISTS audit_entry_no_delete"))
        else:
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        connection.execute(text(statement))


def test_the_command_says_by_its_status_what_is_wrong(
    engine: Engine, settings: Settings, tmp_path: Path
) -> None:
    append(engine, 6)
    daily(engine, settings, AT)
    fine = verify_command(settings)
    assert (fine.exit_code, fine.output) == (0, "7 rows, every link holds; 1 checkpoints agree.\n")
    path, saved = settings.checkpoint_list_path, tmp_path / "mail.txt"
    saved.write_text("Ju lutemi ruajeni.\n\n" + path.read_text())
    path.rename(tmp_path / "away.txt")
    committed(engine, "DELETE FROM audit_entry WHERE sequence > 5")
    assert verify_command(settings).exit_code == 0, "the chain alone does not show a cut tail"
    shorter = verify_command(settings, "--checkpoints", str(saved))
    assert (shorter.exit_code, "at 6" in shorter.output) == (3, True)
    saved.write_text(saved.read_text().replace("\n6\n", "\n5\n"))
    assert verify_command(settings, "--checkpoints", str(saved)).exit_code == 5
    committed(engine, "DELETE FROM audit_entry WHERE sequence = 3")
    assert verify_command(settings).exit_code == 4


@pytest.mark.parametrize("way", ["text", "base64 mail", "quoted", "windows"])
def test_a_checkpoint_is_read_from_a_mail_however_it_was_saved(tmp_path: Path, way: str) -> None:
    use_test_keys()
    known = checkpoints.Checkpoint(12, b"h" * 32, AT)
    note, path = checkpoints.signed(known, "tryeza.example/audit"), tmp_path / "saved"
    mail = EmailMessage()
    mail["Message-ID"], mail["Subject"] = "<1@tryeza.example>", "Pikë kontrolli"
    mail.set_content("Ju lutemi ruajeni këtë mesazh.\n\n" + note, cte="base64")
    quoted = "".join(f"> {line}\n" for line in note.splitlines())
    saved = {
        "text": note,
        "base64 mail": mail.as_string(),
        "quoted": quoted,
        "windows": note.replace("\n", "\r\n"),
    }
    path.write_bytes(saved[way].encode())
    assert checkpoints.saved(path) == [known]


@pytest.mark.parametrize("text", ["", "Ju lutemi ruajeni.", "Message-ID: <1@a.example>\n\nnothing here"])
def test_a_file_without_a_checkpoint_never_counts_as_agreement(
    engine: Engine, settings: Settings, tmp_path: Path, text: str
) -> None:
    append(engine, 2)
    path = tmp_path / "empty.txt"
    path.write_text(text)
    answer = verify_command(settings, "--checkpoints", str(path))
    assert (answer.exit_code, "no checkpoint found" in answer.output) == (5, True)


def test_after_a_restore_the_former_list_is_set_aside(engine: Engine, settings: Settings) -> None:
    assert checkpoints.set_aside(settings.checkpoint_list_path) is None
    append(engine, 2)
    daily(engine, settings, AT)
    beside = checkpoints.set_aside(settings.checkpoint_list_path)
    assert beside is not None
    assert beside.name == "audit-checkpoints-until-2026-11-16T080000Z.txt"
    assert checkpoints.kept(settings.checkpoint_list_path) == []
    assert [one.size for one in checkpoints.kept(beside)] == [2]
