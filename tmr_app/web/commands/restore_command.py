"""`tmr restore FILE`."""

from pathlib import Path

import click

from tmr_app.kernel import audit, backups, checkpoints, db, encryption
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands.erasure_command import apply_to


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Restore FILE on an empty machine: the audit chain is verified, unsent mail is held, old sessions end.

    Cases that were erased after the backup was made are erased again, by the list beside the key file.
    """
    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    backups.restore(settings, file)
    engine = db.make_engine(settings.database_url)
    held = backups.settle_restored(engine)
    with db.unit(engine) as session:
        rows = audit.verify(session)
        audit.note(session, "backup:restored", object_type="installation")
    former = checkpoints.set_aside(settings.checkpoint_list_path)
    erased, _files, _added = apply_to(engine, settings)
    backups.finish(settings)
    click.echo(f"Restored; {rows} audit rows verified; {held} unsent mails are held until released.")
    if former is not None:
        click.echo(f"Checkpoints made after the backup speak of lost rows: the former list is now {former}.")
    click.echo(f"{erased} cases were erased again by {settings.erasure_list_path}.")
