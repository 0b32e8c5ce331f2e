"""`tmr import roster FILE`: institutions and their people from a spreadsheet."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tmr_app.kernel import clock, db, encryption
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import Group

if TYPE_CHECKING:
    from tmr_app.members.roster_import import Outcome
    from tmr_app.members.roster_rows import BadCell
    from tmr_app.regulation.verdicts import Message

LANGUAGES = ("sq", "sr_Latn", "en")
SHOWN_BAD = 200


@click.group("import", cls=Group)
def command() -> None:
    """Import from spreadsheets."""


@command.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Store nothing; only say what would be done.")
@click.option("--skip-bad", is_flag=True, help="Import the good rows although some are bad.")
@click.option(
    "--language", type=click.Choice(LANGUAGES), help="Language of the reasons (default: from LANG)."
)
def roster(file: Path, dry_run: bool, skip_bad: bool, language: str | None) -> None:
    """Import a roster from FILE (.xlsx or .csv; columns as in the template). Nothing is stored if any row is bad.

    Importing the same file again doubles nothing. Exit status 1 when a row is bad.
    """
    from tmr_app.kernel.content_kinds import FileRefused
    from tmr_app.members import roster_import
    from tmr_app.members.roster_files import LARGEST, read_table
    from tmr_app.web.production import prepare

    speak = _Speaker(language or _own_language())
    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    engine = prepare(settings)
    try:
        if file.stat().st_size > LARGEST:
            raise click.ClickException(f"The file is too big: at most {LARGEST // 1024 // 1024} MB.")
        table = read_table(file.read_bytes(), file.name)
    except FileRefused as refused:
        raise click.ClickException(speak(refused.message)) from refused
    with db.unit(engine) as session:
        outcome = roster_import.run(
            session, None, clock.now(), table=table, dry_run=dry_run, skip_bad=skip_bad, progress=_progress
        )
    _report(outcome, speak, dry_run)
    if outcome.bad and not (skip_bad and outcome.imported):
        sys.exit(1)


def _own_language() -> str:
    own = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return {"sq": "sq", "sr": "sr_Latn"}.get(own[:2], "en")


class _Speaker:
    """Messages in one language, from our own catalogues."""

    def __init__(self, language: str) -> None:
        from babel.support import Translations

        from tmr_app.web.languages import TRANSLATIONS

        self.language = language
        self.catalogue = Translations.load(TRANSLATIONS, [language])

    def __call__(self, message: "Message") -> str:
        return message.render(self.catalogue.gettext, self.language)

    def bad(self, one: "BadCell") -> str:
        """Number, column and reason; never what was typed there."""
        from tmr_app.members.roster_columns import BY_KEY

        column = f", {BY_KEY[one.column].label(self.language)}" if one.column else ""
        return f"{one.row}{column}: {self(one.reason)}"


def _progress(done: int, total: int) -> None:
    if done % 100 == 0 or done == total:
        click.echo(f"{done}/{total}", err=True)


def _report(outcome: "Outcome", speak: _Speaker, dry_run: bool) -> None:
    for one in outcome.bad[:SHOWN_BAD]:
        click.echo(speak.bad(one))
    if len(outcome.bad) > SHOWN_BAD:
        click.echo(f"... {len(outcome.bad) - SHOWN_BAD} more")
    counted = (
        f"rows {outcome.rows}, good {outcome.good}, bad {outcome.bad_rows}; people: {outcome.new_people} new, "
        f"{outcome.changed_people} changed; institutions: {outcome.new_institutions} new; appointments: "
        f"{outcome.new_appointments} new, {outcome.changed_appointments} changed; {outcome.unchanged} as before"
    )
    click.echo(counted)
    if dry_run:
        click.echo("Dry run: nothing was stored.")
    elif not outcome.imported:
        click.echo(
            "Nothing was stored. Mend the rows above, or import the good ones with --skip-bad.", err=True
        )
    else:
        click.echo("Imported.")
