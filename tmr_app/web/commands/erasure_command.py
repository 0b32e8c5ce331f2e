"""`tmr erasure`: cases whose time of retention is over, the list of erased cases, and erasing again after a restore."""

import click
from sqlalchemy import Engine

from tmr_app.closures import erasing, retention
from tmr_app.kernel import audit, clock, db, encryption, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.web.commands import Group


@click.group("erasure", cls=Group)
def command() -> None:
    """Erasure of closed cases: who erases are two persons on the page of the case; here is what belongs to the machine."""


@command.command("due")
def due() -> None:
    """Print the numbers of closed cases whose time of retention is over, with the day they were closed."""
    settings = from_environment()
    if settings.retention_years is None:
        raise click.ClickException(
            "TMR_RETENTION_YEARS is not set: decide how many years closed cases are kept."
        )
    engine = db.make_engine(settings.database_url)
    with db.unit(engine) as session:
        audit.identify(session, actor_id=None, standing="command line")
        cases = retention.due_cases(session, civil_date(clock.now()), settings.retention_years)
        for case in cases:
            audit.note(
                session,
                "erasure:listed",
                object_type="case",
                object_id=case.id,
                case_id=case.id,
                outcome="read",
            )
            click.echo(f"{case.number}  closed {case.closed_on}")
        if not cases:
            click.echo("No case is due.")
    engine.dispose()


@command.command("list")
def show_list() -> None:
    """Print the list of erased cases kept apart from the backups: internal ids and days, no personal data."""
    listed = erasing.read_list(from_environment().erasure_list_path)
    for case_id, on in listed:
        click.echo(f"{case_id}  {on.isoformat()}")
    click.echo(f"{len(listed)} erased cases are listed.")


@command.command("apply")
def apply() -> None:
    """Erase again every listed case that is not erased here, remove the files of erased cases, and complete the list."""
    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    engine = db.make_engine(settings.database_url)
    again, files, added = apply_to(engine, settings)
    click.echo(f"{again} cases erased again; {files} files removed; {added} cases added to the list.")
    engine.dispose()


def apply_to(engine: Engine, settings: Settings) -> tuple[int, int, int]:
    """(cases erased again, files removed, cases listed). Each part in a unit of its own; run twice, it does nothing."""
    now = clock.now()
    with db.unit(engine) as session:
        again = erasing.apply_list(
            session, now, [one for one, _on in erasing.read_list(settings.erasure_list_path)]
        )
    with db.unit(engine) as session:
        files = erasing.remove_files(session, FileStore(settings.file_store))
        added = erasing.write_list(session, settings.erasure_list_path)
    vault.scrub(engine)
    with db.unit(engine) as session:
        erasing.settle(session, now)
    return again, files, added
