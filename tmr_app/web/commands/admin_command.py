"""`tmr admin create`: the first administrator of an installation."""

import click

from tmr_app.kernel import clock, db, encryption
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import Group
from tmr_app.web.production import prepare


@click.group("admin", cls=Group)
def command() -> None:
    """Administrators of the installation: they manage people and institutions and never reach a case."""


@command.command()
@click.option("--name", prompt=True, help="Full name.")
@click.option("--email", prompt=True, help="Official address; the invitation goes there.")
def create(name: str, email: str) -> None:
    """Create an administrator and print the activation link and code (they are mailed too)."""
    from tmr_app.members.accounts import create_administrator

    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    with db.unit(prepare(settings)) as session:
        invitation = create_administrator(
            session, clock.now(), name=name, email=email, public_url=settings.public_url
        )
    click.echo(f"Activation link: {invitation.url}")
    click.echo(f"Code to type there: {invitation.code}")
