"""`tmr doctor`: what is wrong with settings, database, files, mail, keys, clock or backups, and how to mend it."""

import os
import smtplib
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import click
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from tmr_app.cases.models import Case, CaseFile
from tmr_app.kernel import backups, checkpoints, clock, db, encryption
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.mail import Server
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.web.production import check_keys, check_mode, check_schema, check_sound, installation_facts

Check = Callable[[Settings], str]
LATE_CHECKPOINT = timedelta(days=2)
OLD_BACKUP = timedelta(days=2)


def _keys(settings: Settings) -> str:
    keyring = encryption.Keyring.load(settings.key_file)
    if settings.key_file.stat().st_mode & 0o077:
        raise SettingsWrong(f"{settings.key_file} can be read by others: chmod 600 it.")
    return f"wrapping key {keyring.current} in use"


def _database(settings: Settings) -> str:
    check_sound(settings)
    engine = db.make_engine(settings.database_url)
    check_mode(settings, engine)
    check_schema(engine)
    check_keys(engine, encryption.Keyring.load(settings.key_file))
    if engine.dialect.name == "sqlite" and sqlite3.sqlite_version_info < db.SAFE_WAL:
        return f"answers, keys fit; SQLite {sqlite3.sqlite_version} runs with a rollback journal (older than 3.51.3)"
    return "answers, keys fit"


def _clock(settings: Settings) -> str:
    engine = db.make_engine(settings.database_url)
    installation_facts(engine)  # says so when there is no schema or no answer
    with db.looking(engine) as connection:
        last = connection.execute(select(func.max(AuditEntry.at))).scalar()
    now = clock.real_now()
    if last is not None and last > now:
        raise SettingsWrong(
            "The clock is behind the last audit row: set the machine's time (NTP) before serving."
        )
    return f"{now:%Y-%m-%d %H:%M} UTC, not behind the audit log"


def _mail(settings: Settings) -> str:
    server = Server(Flask("doctor"), settings.smtp_url)
    try:
        server.host = server.configure_host()
        server.host.noop()
    except (OSError, smtplib.SMTPException) as error:
        raise SettingsWrong(
            f"The mail server does not answer ({type(error).__name__}): check TMR_SMTP_URL; mail waits in the outbox."
        ) from error
    finally:
        server.hang_up()
    if urlsplit(settings.smtp_url).scheme == "smtp" and urlsplit(settings.smtp_url).hostname not in (
        "localhost",
        "127.0.0.1",
    ):
        raise SettingsWrong("TMR_SMTP_URL sends in clear over the network: use smtps:// or smtp+starttls://.")
    return "answers"


def _retention(settings: Settings) -> str:
    if settings.retention_years is None:
        raise SettingsWrong(
            "TMR_RETENTION_YEARS is not set: the controller decides how long closed cases are kept."
        )
    return f"{settings.retention_years} years"


def _checkpoints(settings: Settings) -> str:
    encryption.use(encryption.Keyring.load(settings.key_file))  # what is kept is signed with them
    try:
        known = checkpoints.kept(settings.checkpoint_list_path)
    except checkpoints.CheckpointForged as error:
        raise SettingsWrong(
            f"{settings.checkpoint_list_path} holds a checkpoint that is not ours: run 'tmr audit verify'."
        ) from error
    if not settings.checkpoint_to:
        raise SettingsWrong(
            "TMR_CHECKPOINT_TO is not set: name the mail addresses of two bodies that keep the audit log's checkpoints."
        )
    if known and clock.real_now() - known[-1].at > LATE_CHECKPOINT:
        raise SettingsWrong(f"The last checkpoint is of {known[-1].at:%Y-%m-%d}: does the worker run?")
    return f"{len(known)} made, mailed to {len(settings.checkpoint_to)} addresses"


def _files(settings: Settings) -> str:
    folder = settings.file_store
    standing = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK | os.X_OK):
        raise SettingsWrong(
            f"{standing} cannot be written: give it to the user Tryeza runs as, or set TMR_FILE_STORE to another folder."
        )
    return f"all {_stored_files(settings)} are in {folder}"


def _stored_files(settings: Settings) -> int:
    """How many files the database names. Raises SettingsWrong when one of them is not in the store."""
    engine, store = db.make_engine(settings.database_url), FileStore(settings.file_store)
    installation_facts(engine)
    kept = select(CaseFile.store_name).join(Case, Case.id == CaseFile.case_id).where(Case.erased_at.is_(None))
    with db.looking(engine) as connection:
        names = connection.execute(kept).scalars().all()
    missing = sum(not store.has(name) for name in names)
    if missing:
        raise SettingsWrong(
            f"{missing} of {len(names)} files are not in {settings.file_store}: set TMR_FILE_STORE, or take them from a backup."
        )
    return len(names)


def _backup(settings: Settings) -> str:
    last = backups.last_written(settings)
    if last is None:
        raise SettingsWrong("No backup was made here yet: run 'tmr backup FILE', and daily from cron.")
    if clock.real_now() - last.at > OLD_BACKUP:
        raise SettingsWrong(f"The last backup is of {last.at:%Y-%m-%d}: does the daily 'tmr backup' run?")
    return f"{last.path}, {last.at:%Y-%m-%d %H:%M} UTC"


def _address(settings: Settings) -> str:
    if not settings.secure:
        raise SettingsWrong(
            "TMR_PUBLIC_URL is not https: put a TLS proxy in front, or sessions travel in clear."
        )
    return settings.public_url


CHECKS: tuple[tuple[str, Check], ...] = (
    ("keys", _keys),
    ("database", _database),
    ("clock", _clock),
    ("files", _files),
    ("mail", _mail),
    ("address", _address),
    ("retention", _retention),
    ("checkpoints", _checkpoints),
    ("backup", _backup),
)


@click.command("doctor")
def command() -> None:
    """Check settings, database, files, mail, keys, clock, checkpoints and backups; exit status 1 when one must be mended."""
    try:
        settings = from_environment()
    except SettingsWrong as error:
        click.echo(f"WRONG settings: {error}")
        sys.exit(1)
    click.echo("ok    settings: each can be read")
    healthy = [_looked_at(name, check, settings) for name, check in CHECKS]
    sys.exit(0 if all(healthy) else 1)


def _looked_at(name: str, check: Check, settings: Settings) -> bool:
    try:
        click.echo(f"ok    {name}: {check(settings)}")
    except SettingsWrong as error:
        click.echo(f"WRONG {name}: {error}")
    except SQLAlchemyError:
        click.echo(f"WRONG {name}: The database does not answer: check TMR_DATABASE_URL.")
    else:
        return True
    return False
