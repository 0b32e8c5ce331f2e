"""National figures for the Ministry and the Council: counted by the database, printed by the public copy's rule.

Set beside every report that a municipality has adopted, so that the country less all the others tells of none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel import audit, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members.models import Person
from tmr_app.oversight import annual_figures, disclosure_control
from tmr_app.oversight.annual_models import AnnualReport, NationalFigures
from tmr_app.oversight.annual_release import Figures
from tmr_app.oversight.annual_reports import DUTY, FIRST_YEAR
from tmr_app.oversight.disclosure_cells import Cell, Release, Sum, Table
from tmr_app.regulation.verdicts import Message

REST = "rest"


def find(session: Session, year: int) -> NationalFigures | None:
    return session.scalars(select(NationalFigures).where(NationalFigures.year == year)).first()


def release_of(session: Session, row: NationalFigures) -> Release:
    vault.unlock(session, [row.id])
    return Release.read(row.figures)


def compile_year(session: Session, actor: Person, now: datetime, *, year: int) -> NationalFigures:
    """Compile a finished year, or compile it again as a second release. Raises FieldRefused for another year."""
    if year >= civil_date(now).year:
        raise FieldRefused(
            "year", Message("%(year)s is not over: there are no national figures yet.", year=year)
        )
    if year < FIRST_YEAR:
        raise FieldRefused("year", Message("The Regulation is not older than %(year)s.", year=FIRST_YEAR))
    row = find(session, year)
    tables = annual_figures.of_year(session, None, year, now)
    if not any(count for table in tables for count in table.counts.values()):
        raise FieldRefused(
            "year", Message("Nothing is on record for %(year)s. Choose another year.", year=year)
        )
    before = release_of(session, row) if row is not None else None
    made = released(tables, year, _reports(session, year), before)
    if row is None:
        row = NationalFigures(year=year, compiled_by_id=actor.id, compiled_at=now)
        session.add(row)
        vault.create_key(session, row.id, now)
    row.figures, row.compiled_by_id, row.compiled_at = made.stored(), actor.id, now
    audit.note(
        session, "national_figures:compiled", object_type="national_figures", object_id=row.id, rule=DUTY
    )
    return row


def released(
    tables: Sequence[Table],
    year: int,
    reports: Iterable[tuple[str, Release]],
    before: Release | None = None,
) -> Release:
    """The country's figures beside the municipalities' copies (`reports`: key and municipality copy)."""
    local = [within(key, release) for key, release in reports]
    sums = annual_figures.sums_of(year) + _of_the_country(tables, local)
    earlier = [*local, *([before] if before is not None else [])]
    new = disclosure_control.national_copy(tables, sums=sums, earlier=earlier)
    return disclosure_control.second_release(new, before) if before is not None else new


def within(place: str, release: Release) -> Release:
    """The release with its populations named by the place: its cells are no cells of the country."""

    def moved(cell: Cell) -> Cell:
        return replace(cell, population=f"{place}:{cell.population}")

    return Release(
        release.copy,
        {moved(cell): value for cell, value in release.printed.items()},
        {moved(cell): value for cell, value in release.truth.items()},
        tuple(replace(shape, population=f"{place}:{shape.population}") for shape in release.shapes),
    )


def _of_the_country(tables: Sequence[Table], local: Sequence[Release]) -> list[Sum]:
    """Each count of the country is the municipalities' together; what no report tells is one rest."""
    named: dict[Cell, list[Cell]] = {}
    for release in local:
        for cell in release.truth:
            own = replace(cell, population=cell.population.split(":", 1)[1])
            named.setdefault(own, []).append(cell)
    found = []
    for cell in {cell for table in tables for cell in table.counts}:
        rest = replace(cell, population=f"{REST}:{cell.population}")
        found.append(Sum(cell, (*named.get(cell, []), rest)))
    return sorted(found, key=lambda one: one.whole)


def _reports(session: Session, year: int) -> list[tuple[str, Release]]:
    """Of each municipality the newest adopted version: two statements and one for the keys."""
    rows = session.scalars(
        select(AnnualReport)
        .where(AnnualReport.year == year, AnnualReport.status != "draft")
        .options(joinedload(AnnualReport.municipality))
        .order_by(AnnualReport.municipality_id, AnnualReport.version)
    )
    newest: dict[UUID, AnnualReport] = {row.municipality_id: row for row in rows}
    vault.unlock(session, [row.id for row in newest.values()])
    return [(row.municipality.key, Figures.read(row.figures).municipality) for row in newest.values()]
