"""`tmr audit`: check the audit log's chain against itself and against its checkpoints; make a checkpoint now."""

import sys
from pathlib import Path

import click

from tmr_app.kernel import audit, checkpoints, db, encryption
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.web.commands import Group
from tmr_app.web.production import installation_facts

BROKEN, SHORTER, GAP, FORGED = 2, 3, 4, 5
"""Exit statuses of `verify`."""


@click.group("audit", cls=Group)
def command() -> None:
    """The append-only audit log."""


@command.command()
@click.option(
    "--checkpoints",
    "notes",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Checkpoints kept elsewhere (a saved mail); without it the installation's own list is used.",
)
def verify(notes: Path | None) -> None:
    """Check the chain and hold it against its checkpoints.

    Exit status 0 fine, 2 a broken link or a row written anew, 3 shorter than a checkpoint, 4 a missing row, 5 a checkpoint
    that is not of this installation's key.
    """
    settings = _settings()
    engine = db.make_engine(settings.database_url)
    installation_facts(engine)
    with db.open_session(engine) as session:
        try:
            count = audit.verify(session)
            known = checkpoints.saved(notes) if notes else checkpoints.kept(settings.checkpoint_list_path)
            held = checkpoints.compare(session, known)
        except audit.ChainBroken as broken:
            what = "row missing before" if broken.gap else "link broken at"
            _end(GAP if broken.gap else BROKEN, f"{what} sequence {broken.sequence}")
        except checkpoints.ChainShorter as shorter:
            _end(SHORTER, f"{shorter.size} rows, but a checkpoint was made at {shorter.checkpoint}")
        except checkpoints.CheckpointForged as forged:
            _end(FORGED, f"a checkpoint is missing, changed or not of this installation's key ({forged})")
    click.echo(f"{count} rows, every link holds; {held} checkpoints agree.")


@command.command()
def checkpoint() -> None:
    """Print a signed checkpoint of the chain as it stands now: to be kept outside, on paper if need be."""
    settings = _settings()
    with db.open_session(db.make_engine(settings.database_url)) as session:
        taken = checkpoints.take(session)
    if taken is None:
        raise click.ClickException("The audit log is still empty: nothing to sign.")
    click.echo(checkpoints.signed(taken, checkpoints.origin(settings)), nl=False)


def _settings() -> Settings:
    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    return settings


def _end(status: int, what: str) -> None:
    click.echo(f"tmr: audit chain: {what}; compare with the last backup.", err=True)
    sys.exit(status)
