"""`tmr db upgrade`: bring the database to the newest schema."""

import click

from tmr_app.kernel import db, migrations
from tmr_app.kernel.settings import from_environment


@click.group("db")
def command() -> None:
    """The database of TMR_DATABASE_URL."""


@command.command()
def upgrade() -> None:
    """Bring the database to the newest schema (make a backup first: 'tmr backup FILE')."""
    engine = db.make_engine(from_environment().database_url)
    click.echo(db.settle_journal(engine))
    migrations.upgrade(engine)
    click.echo("The database has the newest schema.")
