"""`tmr keys`: the installation's keys."""

import os
from pathlib import Path

import click

from tmr_app.kernel import db, vault
from tmr_app.kernel.encryption import Keyring, use
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import Group


def _path(file: str | None) -> Path:
    name = file or os.environ.get("TMR_KEY_FILE")
    if not name:
        raise click.UsageError("Name the key file, or set TMR_KEY_FILE.")
    return Path(name)


@click.group("keys", cls=Group)
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
@click.option("--seal", is_flag=True, help="Make a new seal key instead; earlier certificates still verify.")
def rotate(seal: bool) -> None:
    """Make a new wrapping key and re-wrap every data key with it, or a new seal key."""
    if seal:
        return _new_seal_key()
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
@click.option("--certificate", is_flag=True, help="Print the certificate of the seal key in use (PEM).")
def show(file: str | None, certificate: bool) -> None:
    """Show which keys there are, never the keys themselves: wrapping keys, and with a database the seal keys."""
    from tmr_app.signing import seal_keys

    if not certificate:
        keyring = Keyring.load(_path(file))
        for number in sorted(keyring.wrapping):
            click.echo(f"wrapping key {number}{' (in use)' if number == keyring.current else ''}")
        if not os.environ.get("TMR_DATABASE_URL"):
            return
    with db.unit(db.make_engine(from_environment().database_url)) as session:
        key = seal_keys.current(session)
        if certificate:
            if key is None:
                raise click.ClickException("There is no seal key yet: run 'tmr keys rotate --seal'.")
            click.echo(key.certificate, nl=False)
            return
        for one in seal_keys.all_keys(session):
            click.echo(
                f"seal key {one.number}{' (in use)' if one.retired_at is None else ''} {one.fingerprint}"
            )


def _new_seal_key() -> None:
    """A new seal key, its private part wrapped under the key file."""
    from tmr_app.kernel import clock
    from tmr_app.signing import seal_keys

    settings = from_environment()
    use(Keyring.load(settings.key_file))
    with db.unit(db.make_engine(settings.database_url)) as session:
        made = seal_keys.make(session, clock.real_now())
        click.echo(f"Seal key {made.number} is in use, fingerprint {made.fingerprint}.")
