"""`tmr doctor`: what is wrong with settings, database, mail, keys or clock, and how to mend it."""

import os
import smtplib
import sqlite3
import sys
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import click
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from tmr_app.kernel import checkpoints, clock, db, encryption, migrations
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.mail import Server
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.web.production import check_mode, installation_facts

Check = Callable[[Settings], str]
LATE_CHECKPOINT = timedelta(days=2)


def _keys(settings: Settings) -> str:
    keyring = encryption.Keyring.load(settings.key_file)
    if settings.key_file.stat().st_mode & 0o077:
        raise SettingsWrong(f"{settings.key_file} can be read by others: chmod 600 it.")
    return f"wrapping key {keyring.current} in use"


def _database(settings: Settings) -> str:
    engine = db.make_engine(settings.database_url)
    check_mode(settings, engine)
    if not migrations.is_newest(engine):
        raise SettingsWrong(
            "The schema is not the newest: make a backup with 'tmr backup', then run 'tmr db upgrade'."
        )
    with engine.connect() as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM data_key LIMIT 1")).scalar()
    if wrapped is not None:
        encryption.Keyring.load(settings.key_file).unwrap(bytes(wrapped))
    if engine.dialect.name == "sqlite" and sqlite3.sqlite_version_info < db.SAFE_WAL:
        return f"answers, keys fit; SQLite {sqlite3.sqlite_version} runs with a rollback journal (older than 3.51.3)"
    return "answers, keys fit"


def _clock(settings: Settings) -> str:
    engine = db.make_engine(settings.database_url)
    installation_facts(engine)  # says so when there is no schema or no answer
    with engine.connect() as connection:
        last = connection.execute(text("SELECT max(at) FROM audit_entry")).scalar()
    now = clock.real_now()
    if last is not None and str(last)[:19] > now.strftime("%Y-%m-%d %H:%M:%S"):
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
    return str(folder)


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
)


@click.command("doctor")
def command() -> None:
    """Check settings, database, mail, keys and clock; exit status 1 when something must be mended."""
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
