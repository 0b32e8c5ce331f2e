"""Backups made while somebody writes, restored on an empty machine (F23, F24): whole, verified, no old mail sent again."""

import itertools
import os
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, func, select, text

from tests.fixtures.postgres import PostgresServer
from tests.fixtures.unavailable import cannot_run
from tests.fixtures.world import use_test_keys
from tmr_app.kernel import audit, backups, db, encryption, outbox, vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.kernel.settings import Settings
from tmr_app.kernel.web_session import WebSession
from tmr_app.web import production

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)
Elsewhere = Callable[[], Settings]


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path) -> Settings:
    use_test_keys()
    if not fresh_database_url.startswith("sqlite") and shutil.which("pg_dump") is None:
        cannot_run("pg_dump is not on this machine")
    return Settings(fresh_database_url, tmp_path / "keys.json", file_store=tmp_path / "files", testing=True)


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Elsewhere]:
    """Empty machines to restore to."""
    number, made = itertools.count(1), []

    def empty() -> Settings:
        folder = tmp_path / f"machine{next(number)}"
        if settings.database_url.startswith("sqlite"):
            return settings.but(database_url=f"sqlite:///{folder}/tmr.db", file_store=folder / "files")
        server: PostgresServer = request.getfixturevalue("postgresql_server")
        made.append(f"tmr_test_{os.getpid()}_restored_{len(made)}")
        server.run(f"CREATE DATABASE {made[-1]}")
        url = server.database(made[-1]).render_as_string(hide_password=False)
        return settings.but(database_url=url, file_store=folder / "files")

    yield empty
    for name in made:
        request.getfixturevalue("postgresql_server").run(f"DROP DATABASE {name} WITH (FORCE)")


def deed(engine: Engine) -> None:
    """A change and its mail, in one unit."""
    with db.unit(engine) as session:
        audit.note(session, "case:changed", object_type="case", object_id=uuid4())
        outbox.enqueue(
            session, kind="seat_given", to=outbox.Address(uuid4(), "a@b.example"), now=AT, parameters={}
        )  # fmt: skip


def whole(settings: Settings) -> tuple[int, int]:
    """(audit rows, mails) of a restored database whose chain verifies and whose file is sound."""
    engine = db.make_engine(settings.database_url)
    with db.open_session(engine) as session:
        if engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        rows, mails = audit.verify(session), session.scalar(select(func.count()).select_from(OutboxMessage))
    engine.dispose()
    return rows, mails or 0


def test_a_backup_made_while_somebody_writes_is_whole(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path, rounds: Callable[[int], int]
) -> None:
    engine, acknowledged, stop = db.make_engine(settings.database_url), [0], threading.Event()

    def write() -> None:
        while not stop.is_set():
            deed(engine)
            acknowledged[0] += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(rounds(40)):
            before, copy = acknowledged[0], tmp_path / f"{number}.tar.gz"
            backups.write(settings, copy)
            restored = elsewhere()
            backups.restore(restored, copy)
            rows, mails = whole(restored)
            assert rows == mails, "no change without its mail, none the other way"
            assert rows >= before, "nothing acknowledged before the backup is lost"
    finally:
        stop.set()
        writer.join()
        engine.dispose()


def test_on_an_empty_machine_files_are_read_mail_is_held_and_sessions_end(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    engine, subject = db.make_engine(settings.database_url), uuid4()
    for _ in range(4):
        deed(engine)
    with db.unit(engine) as session:
        vault.create_key(session, subject, AT)
        name = FileStore(settings.file_store).put(subject, b"SkedarKanarine")
        states = (outbox.QUEUED, outbox.CLAIMED, outbox.ACCEPTED, outbox.DEAD)
        for mail, state in zip(session.scalars(select(OutboxMessage)), states, strict=True):
            mail.state = state
        session.add(
            WebSession(token_hash=b"t" * 32, created_at=AT, last_seen_at=AT, network="127.0.0.0/24", browser="?", data={})
        )  # fmt: skip
    copy = tmp_path / "backup.tar.gz"
    backups.write(settings, copy)
    assert sorted(path.name for path in tmp_path.iterdir() if "tmp" in path.name) == [], (
        "no part is left beside"
    )
    with tarfile.open(copy) as archive:
        assert not any("keys" in one for one in archive.getnames()), "a backup holds no keys"

    restored = elsewhere()
    backups.restore(restored, copy)
    there = db.make_engine(restored.database_url)
    assert backups.settle_restored(there) == 2
    with db.unit(there) as session:
        found = session.scalars(select(OutboxMessage.state)).all()
        assert sorted(found) == sorted([outbox.HELD, outbox.HELD, outbox.ACCEPTED, outbox.DEAD])
        assert outbox.claim(session, worker="w", now=AT.replace(year=2030), lease=AT - AT) == []
        assert session.scalar(select(func.count()).select_from(WebSession)) == 0
        vault.unlock(session, [subject])
        assert FileStore(restored.file_store).get(subject, name) == b"SkedarKanarine"
    assert whole(restored)[0] == 4
    for one in (engine, there):
        one.dispose()


def test_a_restore_never_overwrites_and_names_a_file_that_is_none(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    copy, broken = tmp_path / "backup.tar.gz", tmp_path / "broken.tar.gz"
    backups.write(settings, copy)
    good = copy.read_bytes()
    middle = len(good) // 2
    for bad in (
        b"",
        b"x" * 100,
        good[:middle],
        good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :],
    ):
        broken.write_bytes(bad)
        target = elsewhere()
        with pytest.raises(SettingsWrong, match="is damaged or no backup"):
            backups.restore(target, broken)
        assert not target.file_store.exists()
    with pytest.raises(SettingsWrong, match=r"exists already|failed"):
        backups.restore(settings, copy)
    with db.open_session(db.make_engine(settings.database_url)) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0, "what was there stands"


def test_with_other_keys_a_backup_tells_nothing(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, subject = db.make_engine(settings.database_url), uuid4()
    with db.unit(engine) as session:
        vault.create_key(session, subject, AT)
    backups.write(settings, tmp_path / "backup.tar.gz")
    restored = elsewhere()
    backups.restore(restored, tmp_path / "backup.tar.gz")
    monkeypatch.setattr(encryption, "_keyring", encryption.Keyring.generate())
    there = db.make_engine(restored.database_url)
    with pytest.raises(SettingsWrong, match="does not fit this database"), db.unit(there) as session:
        vault.unlock(session, [subject])
    for one in (engine, there):
        one.dispose()


def test_a_file_erased_while_the_backup_is_written_does_not_end_it(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, subject = FileStore(settings.file_store), uuid4()
    engine = db.make_engine(settings.database_url)
    with db.unit(engine) as session:
        vault.create_key(session, subject, AT)
        names = sorted(store.put(subject, text) for text in (b"i pari", b"i dyti"))
    kept, gone = names
    add = tarfile.TarFile.add

    def erasing(self: tarfile.TarFile, name: Path, *more: object, **options: object) -> None:
        for path in settings.file_store.rglob(f"*{gone}*"):
            path.unlink()
        add(self, name, *more, **options)

    monkeypatch.setattr(tarfile.TarFile, "add", erasing)
    backups.write(settings, tmp_path / "backup.tar.gz")
    restored = elsewhere()
    backups.restore(restored, tmp_path / "backup.tar.gz")
    with db.unit(engine) as session:
        vault.unlock(session, [subject])
        assert FileStore(restored.file_store).get(subject, kept).startswith(b"i ")
    engine.dispose()


def test_a_restore_that_was_killed_is_not_served(
    settings: Settings, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    """Between the database and the end of the restore erased cases and mail that left long ago are back."""
    backups.write(settings, tmp_path / "backup.tar.gz")
    restored = elsewhere().but(key_file=tmp_path / "there" / "keys.json")
    backups.restore(restored, tmp_path / "backup.tar.gz")
    with pytest.raises(SettingsWrong, match="did not come to its end"):
        production.prepare(restored)
    backups.finish(restored)
    production.prepare(restored).dispose()
    with pytest.raises(SettingsWrong):
        backups.restore(restored, tmp_path / "backup.tar.gz")
    production.prepare(restored).dispose()
