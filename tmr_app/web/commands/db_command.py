"""`tmr db upgrade`: bring the database to the newest schema and furnish what every installation has."""

import click

from tmr_app.kernel import clock, db, encryption, migrations
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import Group


@click.group("db", cls=Group)
def command() -> None:
    """The database of TMR_DATABASE_URL."""


@command.command()
def upgrade() -> None:
    """Bring the database to the newest schema (make a backup first: 'tmr backup FILE')."""
    from tmr_app.cases.declaring import seed_texts
    from tmr_app.members.registering import register_municipalities

    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    engine = db.make_engine(settings.database_url)
    click.echo(db.settle_journal(engine))
    migrations.upgrade(engine)
    with db.unit(engine) as session:
        now = clock.real_now()
        new = register_municipalities(session, now)
        seed_texts(session, now)
    click.echo(f"The database has the newest schema; {new} municipalities were registered.")
