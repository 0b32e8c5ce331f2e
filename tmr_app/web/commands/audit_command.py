"""`tmr audit verify`: check every link of the audit chain."""

import sys

import click

from tmr_app.kernel import audit, db
from tmr_app.kernel.settings import from_environment
from tmr_app.web.production import installation_facts


@click.group("audit")
def command() -> None:
    """The append-only audit log."""


@command.command()
def verify() -> None:
    """Check the chain. Exit status 0 fine, 2 a broken link, 4 a missing row."""
    engine = db.make_engine(from_environment().database_url)
    installation_facts(engine)
    with db.open_session(engine) as session:
        try:
            count = audit.verify(session)
        except audit.ChainBroken as broken:
            what = "row missing before" if broken.gap else "link broken at"
            click.echo(
                f"tmr: audit chain: {what} sequence {broken.sequence}; compare with the last backup.",
                err=True,
            )
            sys.exit(4 if broken.gap else 2)
    click.echo(f"{count} rows, every link holds.")
