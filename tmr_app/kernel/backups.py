"""Consistent backups: the database by its own online means (never a copied file), the sealed files beside it.

A backup holds no keys: without the key file, kept apart, it cannot be read.
"""

import gzip
import json
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from tmr_app.kernel import clock, outbox
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.settings import Settings

SQLITE_PART, POSTGRESQL_PART, FILES_PART = "database.sqlite3", "database.dump", "files"


def write(settings: Settings, target: Path) -> None:
    """Write a backup to `target` (a .tar.gz), whole or not at all. Raises SettingsWrong when a tool is missing."""
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        inside = Path(folder)
        _dump(settings.database_url, inside)
        beside = inside / "backup.tar.gz"
        with tarfile.open(beside, "w:gz") as archive:
            for part in (SQLITE_PART, POSTGRESQL_PART):
                if (inside / part).exists():
                    archive.add(inside / part, part)
            _add_files(archive, settings.file_store)
        beside.replace(target)
    note = {"path": str(target.resolve()), "at": clock.real_now().isoformat()}
    _note_path(settings).parent.mkdir(parents=True, exist_ok=True)
    _note_path(settings).write_text(json.dumps(note) + "\n")


def _add_files(archive: tarfile.TarFile, store: Path) -> None:
    """The sealed files one by one: one that is erased meanwhile is no more, and does not end the backup."""
    for path in (store, *sorted(store.rglob("*"))) if store.exists() else ():
        with suppress(FileNotFoundError):
            archive.add(path, Path(FILES_PART) / path.relative_to(store), recursive=False)


@dataclass(frozen=True, slots=True)
class Written:
    """The last backup made here; `at` in UTC."""

    path: Path
    at: datetime


def last_written(settings: Settings) -> Written | None:
    """What `write` noted beside the key file; None when no backup was made or the note cannot be read."""
    try:
        note = json.loads(_note_path(settings).read_text())
        return Written(Path(note["path"]), datetime.fromisoformat(note["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _note_path(settings: Settings) -> Path:
    return settings.key_file.with_name("last-backup.json")


def restore(settings: Settings, source: Path) -> None:
    """Put a backup back on an empty machine. Nothing is served from it before `finish`: until unsent mail is held, old
    sessions are void (F24) and erased cases are erased again, it holds what must not come back.
    """
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database and Path(url.database).exists():
        raise SettingsWrong(f"{url.database} exists already: restore only onto an empty machine.")
    with tempfile.TemporaryDirectory() as folder:
        inside = Path(folder)
        _unpack(source, inside)
        _mark_path(settings).parent.mkdir(parents=True, exist_ok=True)
        _mark_path(settings).write_text(f"{source.resolve()}\n")
        try:
            _load(settings.database_url, inside)
        except SettingsWrong:
            finish(settings)  # what was there stands as it was
            raise
        if (inside / FILES_PART).exists():
            shutil.copytree(inside / FILES_PART, settings.file_store, dirs_exist_ok=True)


def finish(settings: Settings) -> None:
    """All that belongs to a restore is done: it may be served."""
    _mark_path(settings).unlink(missing_ok=True)


def is_unfinished(settings: Settings) -> bool:
    """Whether a restore was begun here and did not come to its end."""
    return _mark_path(settings).exists()


def _mark_path(settings: Settings) -> Path:
    return settings.key_file.with_name("restore-unfinished")


def _unpack(source: Path, folder: Path) -> None:
    """Read the archive to its very end first: only there stands the sum that shows a damaged byte."""
    unpacked = folder / "unpacked.tar"
    try:
        with gzip.open(source) as packed, unpacked.open("wb") as file:
            shutil.copyfileobj(packed, file)
        with tarfile.open(unpacked) as archive:
            archive.extractall(folder, filter="data")
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise SettingsWrong(
            f"{source} is damaged or no backup: nothing was restored; use the last good one."
        ) from error
    unpacked.unlink()


def settle_restored(engine: Engine) -> int:
    """Hold unsent mail until a person releases it, end every session. Returns how many mails are held."""
    with engine.begin() as connection:
        held = connection.execute(
            text(
                "UPDATE outbox_message SET state = :held, lease_until = NULL WHERE state IN (:queued, :claimed)"
            ),
            {"held": outbox.HELD, "queued": outbox.QUEUED, "claimed": outbox.CLAIMED},
        )
        connection.execute(text("DELETE FROM web_session"))
    return int(held.rowcount)


def _dump(database_url: str, folder: Path) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        with (
            closing(sqlite3.connect(f"file:{url.database}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(folder / SQLITE_PART)) as copy,
        ):
            source.backup(copy)
        return
    _run("pg_dump", ["--format=custom", f"--file={folder / POSTGRESQL_PART}"], database_url)


def _load(database_url: str, folder: Path) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if not (folder / SQLITE_PART).exists():
            raise SettingsWrong("This backup is of a PostgreSQL database: set TMR_DATABASE_URL to one.")
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / SQLITE_PART, str(url.database))
        return
    _run("pg_restore", ["--single-transaction", "--no-owner", str(folder / POSTGRESQL_PART)], database_url)


def _run(tool: str, arguments: list[str], database_url: str) -> None:
    if shutil.which(tool) is None:
        raise SettingsWrong(
            f"{tool} is missing: install the PostgreSQL client tools of the server's version."
        )
    plain = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    done = subprocess.run(
        [tool, f"--dbname={plain}", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SettingsWrong(
            f"{tool} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'unknown'}"
        )
