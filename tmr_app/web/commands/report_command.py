"""`tmr report annual`: the Table's yearly report as a file, after disclosure control; a draft where the Table has not adopted."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.documents.content import Language
from tmr_app.kernel import audit, clock, db, encryption
from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.settings import from_environment
from tmr_app.members.models import Municipality
from tmr_app.oversight import annual_papers, annual_reports
from tmr_app.oversight.annual_papers import Prepared
from tmr_app.oversight.disclosure_control import MUNICIPALITY
from tmr_app.web.commands import Group
from tmr_app.web.production import DEMONSTRATION_FACT, installation_facts
from tmr_app.web.shift import follow_demonstration_clock

LANGUAGES: dict[str, Language] = {"sq": "sq", "sr": "sr", "en": "en"}


@click.group("report", cls=Group)
def command() -> None:
    """Reports as files."""


@command.command("annual")
@click.option("--municipality", "key", metavar="M", required=True, help="Its key, for example prishtine.")
@click.option("--year", type=int, metavar="Y", required=True, help="The calendar year reported on.")
@click.option(
    "--format",
    "file_format",
    type=click.Choice(annual_papers.FORMATS),
    required=True,
    help="What kind of file it is.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="F",
    required=True,
    help="The file to write.",
)
@click.option(
    "--copy",
    type=click.Choice(annual_papers.COPIES),
    default=MUNICIPALITY,
    show_default=True,
    help="Small counts hidden for the municipality; rounded and hidden below ten for the public.",
)
@click.option(
    "--language",
    type=click.Choice(tuple(LANGUAGES)),
    default="sq",
    show_default=True,
    help="Language of the report's own words.",
)
def annual(key: str, year: int, file_format: str, out: Path, copy: str, language: str) -> None:
    """The annual report of a municipality (A5.1.6). With csv, the data dictionary is written beside it."""
    settings = from_environment()
    encryption.use(encryption.Keyring.load(settings.key_file))
    engine = db.make_engine(settings.database_url)
    if DEMONSTRATION_FACT in installation_facts(engine):
        follow_demonstration_clock(engine)
    with db.unit(engine) as session:
        prepared = _prepared(session, clock.now(), key, year, copy, language)
    engine.dispose()
    _write(out, lambda: prepared.render(file_format))
    click.echo(f"{out}: {year}, version {prepared.values.version or '-'}{_state(prepared)}")
    if file_format == "csv":
        beside = out.with_name(f"{out.stem}-dictionary.csv")
        _write(beside, prepared.dictionary)
        click.echo(f"{beside}: what the columns and keys mean")


def _state(prepared: Prepared) -> str:
    return ", DRAFT: the Table has not adopted it" if prepared.values.is_draft else ""


def _prepared(session: Session, now: datetime, key: str, year: int, copy: str, language: str) -> Prepared:
    """The newest version, or a draft counted today. Raises ClickException with a way out."""
    audit.identify(session, actor_id=None, standing="command line")
    place = session.scalars(select(Municipality).where(Municipality.key == key.strip().lower())).first()
    if place is None:
        raise click.ClickException(
            f"No municipality {key!r} is registered: use its key, for example prishtine."
        )
    found = annual_reports.versions_of(session, place.id, year)
    # What the Table adopted, else the newest draft, else a draft counted now.
    report = next((one for one in found if one.status != "draft"), found[0] if found else None)
    if report is None:
        _check(session, place, year, now)
    audit.note(
        session,
        "annual_report:printed",
        object_type="annual_report",
        object_id=report.id if report is not None else None,
        outcome="read",
    )
    spoken = LANGUAGES[language]
    if report is not None:
        return annual_papers.prepare(
            session, municipality=place, report=report, copy=copy, language=spoken, now=now
        )
    return annual_papers.prepare_unwritten(
        session, municipality=place, year=year, copy=copy, language=spoken, now=now
    )


def _check(session: Session, place: Municipality, year: int, now: datetime) -> None:
    try:
        annual_reports.check_year(session, place, year, now)
    except FieldRefused as refused:
        raise click.ClickException(f"{refused.message} Name another with --year.") from refused


def _write(path: Path, render: Callable[[], bytes]) -> None:
    try:
        path.write_bytes(render())
    except OSError as error:
        raise click.ClickException(
            f"{path} cannot be written: {error.strerror}. Choose another --out."
        ) from error
