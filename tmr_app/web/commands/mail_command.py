"""`tmr mail receive`: one incoming mail on standard input."""

import sys

import click

from tmr_app.kernel import clock, db, encryption
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import Group


@click.group("mail", cls=Group)
def command() -> None:
    """Incoming mail."""


@command.command()
def receive() -> None:
    """Read one mail from standard input: a calendar reply sets the member's answer, a bounce marks the address.

    For the mail server's pipe, for example in /etc/aliases:  tryeza: "|/path/to/tmr mail receive".
    """
    from tmr_app.meetings import replies

    settings = from_environment()
    encryption.use(Keyring.load(settings.key_file))
    engine = db.make_engine(settings.database_url)
    try:
        with db.unit(engine) as session:
            done = replies.receive(session, clock.now(), sys.stdin.buffer.read())
    finally:
        engine.dispose()
    words = {"answer": "Answer recorded", "bounce": "Bounce recorded", "ignored": "Nothing changed"}
    click.echo(f"{words[done.kind]}{f': {done.why}' if done.why else ''}.")
