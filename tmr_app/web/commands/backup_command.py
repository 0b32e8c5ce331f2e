"""`tmr backup FILE`."""

from pathlib import Path

import click

from tmr_app.kernel import backups
from tmr_app.kernel.settings import from_environment


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write a consistent backup of database and files to FILE (.tar.gz) while the system runs. Keys are not in it."""
    backups.write(from_environment(), file)
    click.echo(f"Wrote {file}. Keep the key file apart from it.")
