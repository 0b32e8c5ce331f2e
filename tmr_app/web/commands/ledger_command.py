"""`tmr ledger`: what each duty of the Regulation came to, per municipality, case and meeting; without personal data."""

import json
import os
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.settings import Settings, from_environment
from tmr_app.members.models import Municipality
from tmr_app.oversight import ledger
from tmr_app.oversight.ledger import Row
from tmr_app.web.production import DEMONSTRATION_FACT, installation_facts
from tmr_app.web.shift import follow_demonstration_clock


@click.command("ledger")
@click.option("--municipality", metavar="M", help="Only this municipality (its key, for example prishtine).")
@click.option("--case", "number", metavar="N", help="Only the case with this number.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(municipality: str | None, number: str | None, as_json: bool) -> None:
    """The compliance ledger. Prints case numbers, seats and reasons of rules; never a name or a written text."""
    engine = db.make_engine(_settings().database_url)
    if DEMONSTRATION_FACT in installation_facts(engine):
        follow_demonstration_clock(engine)
    with db.unit(engine) as session:
        rows = _rows(session, clock.now(), municipality, number)
        _print_json(rows) if as_json else _print_lines(rows)
    engine.dispose()


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
        when = values["met_at"] or values["due_on"] or ""
        click.echo(f"{row.duty:<8} {row.status.value:<9} {when[:10]:<11}{where}  {values['reason'] or ''}")
