"""`tmr ledger`: what each duty of the Regulation came to, per municipality, case and meeting; without personal data."""

import json
import os
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.members.models import Municipality
from tmr_app.oversight import ledger, ledger_files, tally
from tmr_app.oversight.ledger import Row
from tmr_app.regulation.duties import duty as duty_of
from tmr_app.regulation.verdicts import Status, article_label
from tmr_app.web.production import DEMONSTRATION_FACT, installation_facts
from tmr_app.web.shift import follow_demonstration_clock


@click.command("ledger")
@click.option("--municipality", metavar="M", help="Only this municipality (its key, for example prishtine).")
@click.option("--case", "number", metavar="N", help="Only the case with this number.")
@click.option("--duty", metavar="D", help="Only this duty (for example A8.3).")
@click.option(
    "--status", type=click.Choice([one.value for one in Status]), help="Only rows with this status."
)
@click.option("--period", metavar="Q", help="Only this quarter (for example 2026-Q4).")
@click.option("--institution", metavar="K", help="Only this kind of seat (its key, for example police).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write a file: .xlsx, .csv or .json."
)
def command(
    municipality: str | None,
    number: str | None,
    duty: str | None,
    status: str | None,
    period: str | None,
    institution: str | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """The compliance ledger. Prints case numbers, seats and reasons of rules; never a name or a written text."""
    fits = _filter(duty, status, period, institution)
    if out is not None and out.suffix.lstrip(".") not in ledger_files.FORMATS:
        raise click.ClickException(f"{out.name}: use a name that ends in .xlsx, .csv or .json.")
    engine = db.make_engine(_settings().database_url)
    if DEMONSTRATION_FACT in installation_facts(engine):
        follow_demonstration_clock(engine)
    with db.unit(engine) as session:
        rows = (row for row in _rows(session, clock.now(), municipality, number) if fits(row))
        if out is not None:
            out.write_bytes(_file(rows, out.suffix.lstrip(".")))
        elif as_json:
            _print_json(rows)
        else:
            _print_lines(rows)
    engine.dispose()


def _filter(
    duty: str | None, status: str | None, period: str | None, institution: str | None
) -> Callable[[Row], bool]:
    """Whether a row is asked for. Raises ClickException for a duty, period or kind that is none."""
    if duty is not None and duty not in ledger.ORDER:
        raise click.ClickException(f"There is no duty {duty!r}: 'tmr duties' lists them.")
    if period is not None and not re.fullmatch(r"\d{4}-Q[1-4]", period):
        raise click.ClickException(f"{period!r} is no quarter: write it as 2026-Q4.")
    if institution is not None and institution not in tally.SEAT_KINDS:
        raise click.ClickException(
            f"There is no kind of seat {institution!r}: use its key, for example police."
        )

    def fits(row: Row) -> bool:
        return (
            (duty is None or row.duty == duty)
            and (status is None or row.status.value == status)
            and (period is None or tally.quarter_of(tally.date_of(row)) == period)
            and (institution is None or tally.kind_of(row) == institution)
        )

    return fits


def _file(rows: Iterator[Row], file_format: str) -> bytes:
    """The rows as a file, its words in English as the command's."""

    def words(row: Row) -> dict[str, str]:
        return {
            "article": article_label(row.duty, "en"),
            "title": str(duty_of(row.duty).title),
            "counted": str(row.counted) if row.counted else "",
        }

    return ledger_files.rendered(list(ledger_files.records(rows, words)), file_format, "Compliance ledger")


def _settings() -> Settings:
    # Nothing sealed is read here, so no key file is asked for.
    return from_environment({"TMR_KEY_FILE": "none", **os.environ})


def _rows(session: Session, now: datetime, key: str | None, number: str | None) -> Iterator[Row]:
    """The rows asked for, and one row of the audit saying that they were read. Raises ClickException."""
    audit.identify(session, actor_id=None, standing="command line")
    places = select(Municipality).order_by(Municipality.key)
    if key is not None:
        places = places.where(Municipality.key == key.strip().lower())
    found = list(session.scalars(places))
    if key is not None and not found:
        raise click.ClickException(
            f"No municipality {key!r} is registered: use its key, for example prishtine."
        )
    cases = select(Case.id).where(Case.municipality_id.in_([one.id for one in found])).order_by(Case.number)
    if number is not None:
        cases = cases.where(Case.number == number.strip())
    ids = list(session.scalars(cases))
    if number is not None and not ids:
        raise click.ClickException(f"There is no case {number!r}: use the number as it stands on the case.")
    audit.note(
        session,
        "ledger:printed",
        object_type="case" if number is not None else "ledger",
        object_id=ids[0] if number is not None else None,
        case_id=ids[0] if number is not None else None,
        outcome="read",
    )
    return _each(session, now, found if number is None else [], ids)


def _each(session: Session, now: datetime, places: list[Municipality], ids: list[UUID]) -> Iterator[Row]:
    for place in places:
        yield from ledger.rows_of_municipality(session, place, now)
    yield from ledger.rows_of_cases(session, ids, now)


def _print_json(rows: Iterator[Row]) -> None:
    """One array, a row a line, written as it comes: a large installation has millions of rows."""
    first = True
    for row in rows:
        click.echo(("[" if first else ",\n") + json.dumps(ledger.plain(row), ensure_ascii=False), nl=False)
        first = False
    click.echo("[]" if first else "]")


def _print_lines(rows: Iterator[Row]) -> None:
    for row in rows:
        values = ledger.plain(row)
        where = " ".join(values[name] or "-" for name in ("municipality", "case", "meeting", "subject"))
        when = row.met_on if row.status.value.startswith("met") else row.due_on
        day = when.isoformat() if when else ""
        click.echo(f"{row.duty:<8} {row.status.value:<9} {day:<11}{where}  {values['reason'] or ''}")
