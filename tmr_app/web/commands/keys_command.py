"""`tmr keys`: the installation's keys."""

import os
from pathlib import Path

import click

from tmr_app.kernel import db, vault
from tmr_app.kernel.encryption import Keyring, use
from tmr_app.kernel.settings import from_environment


def _path(file: str | None) -> Path:
    name = file or os.environ.get("TMR_KEY_FILE")
    if not name:
        raise click.UsageError("Name the key file, or set TMR_KEY_FILE.")
    return Path(name)


@click.group("keys")
def command() -> None:
    """The installation's keys: make, rotate, show. Keep a copy apart from the backups: without it nothing can be read."""


@command.command()
@click.argument("file", required=False)
def init(file: str | None) -> None:
    """Make a new key file; refuses to overwrite one."""
    path = _path(file)
    Keyring.generate().save(path)
    click.echo(f"Made {path}. Put a copy in escrow, apart from database and backups.")


@command.command()
def rotate() -> None:
    """Make a new wrapping key and re-wrap every data key with it."""
    settings = from_environment()
    old = Keyring.load(settings.key_file)
    new = old.rotated()
    use(new)
    new.save(settings.key_file, replace=True)
    with db.unit(db.make_engine(settings.database_url)) as session:
        count = vault.rewrap_all(session, old=new, new=new)
    click.echo(f"Wrapping key {new.current} is in use; {count} data keys were re-wrapped.")


@command.command()
@click.argument("file", required=False)
def show(file: str | None) -> None:
    """Show which keys there are, never the keys themselves."""
    keyring = Keyring.load(_path(file))
    for number in sorted(keyring.wrapping):
        click.echo(f"wrapping key {number}{' (in use)' if number == keyring.current else ''}")
