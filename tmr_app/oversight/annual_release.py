"""From a year's counts to what may be printed of it: both copies, beside everything the municipality printed before."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.kernel import vault
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.oversight import annual_figures, disclosure_control
from tmr_app.oversight.annual_models import AnnualReport
from tmr_app.oversight.annual_spans import Span
from tmr_app.oversight.disclosure_cells import Cell, Release, Table
from tmr_app.oversight.disclosure_control import MUNICIPALITY, PUBLIC, SMALL_MUNICIPALITY

Quarters = Callable[[Session, UUID, int], Sequence[Release]]

_quarters: list[Quarters] = []


def quarterly_source(source: Quarters) -> Quarters:
    """Register who knows the figures that general meetings were shown of a year (A8.2): `source(session, municipality, year)`."""
    if source not in _quarters:
        _quarters.append(source)
    return source


@dataclass(frozen=True, slots=True)
class Figures:
    """Both copies of one report."""

    municipality: Release
    public: Release
    small: bool = False
    """Fewer than ten cases: totals only."""
    kept: bool = False
    """The figures of the version before stand: what changed since is too little to be shown."""

    def copy(self, name: str) -> Release:
        return self.public if name == PUBLIC else self.municipality

    def stored(self) -> dict[str, Any]:
        return {
            MUNICIPALITY: self.municipality.stored(),
            PUBLIC: self.public.stored(),
            "small": self.small,
            "kept": self.kept,
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Figures":
        return cls(
            Release.read(stored[MUNICIPALITY]), Release.read(stored[PUBLIC]), stored["small"], stored["kept"]
        )


def compiled(session: Session, municipality_id: UUID, year: int, now: datetime) -> Figures:
    """The year's figures as they may be printed today."""
    tables = annual_figures.of_year(session, municipality_id, year, now)
    last = adopted(session, municipality_id, year - 1)
    before = adopted(session, municipality_id, year)
    quarters = [release for source in _quarters for release in source(session, municipality_id, year)]
    return released(tables, year, last=last, before=before, quarters=quarters)


def released(
    tables: Sequence[Table],
    year: int,
    *,
    last: Figures | None = None,
    before: Figures | None = None,
    quarters: Sequence[Release] = (),
) -> Figures:
    """Both copies, given last year's report, an earlier version of this one, and the quarters."""
    small = _cases(tables, year) < SMALL_MUNICIPALITY
    shown = disclosure_control.only_totals(tables) if small else list(tables)
    sums = annual_figures.sums_of(year)
    known = [one for one in (last, before) if one is not None]
    private = disclosure_control.municipality_copy(
        shown, sums=sums, earlier=[*quarters, *(one.municipality for one in known)]
    )
    public = disclosure_control.public_copy(shown, private, sums=sums, earlier=[one.public for one in known])
    if before is None:
        return Figures(private, public, small)
    # Both copies change together or not at all: one new beside one old would tell the difference.
    stays = (
        disclosure_control.second_release(private, before.municipality) is before.municipality
        or disclosure_control.second_release(public, before.public) is before.public
    )
    return (
        Figures(before.municipality, before.public, before.small, True)
        if stays
        else Figures(private, public, small)
    )


def _cases(tables: Sequence[Table], year: int) -> int:
    treated = Cell("treated", str(year))
    return next((table.counts[treated] for table in tables if treated in table.counts), 0)


def adopted(session: Session, municipality_id: UUID, year: int) -> Figures | None:
    """The figures of the newest version that was adopted; None without one."""
    report = session.scalars(
        select(AnnualReport)
        .where(
            AnnualReport.municipality_id == municipality_id,
            AnnualReport.year == year,
            AnnualReport.status != "draft",
        )
        .order_by(AnnualReport.version.desc())
        .limit(1)
    ).first()
    return figures_of(session, report) if report is not None else None


def figures_of(session: Session, report: AnnualReport) -> Figures:
    """What this version prints; its key is unlocked here."""
    vault.unlock(session, [report.id])
    return Figures.read(report.figures)


def has_data(session: Session, municipality_id: UUID, year: int, now: datetime) -> bool:
    """Whether anything at all happened that the year could tell of: a treated case, or a general meeting."""
    span = Span.of_year(municipality_id, year, now)
    held = (
        GeneralMeeting.municipality_id == municipality_id,
        GeneralMeeting.status == "held",
        GeneralMeeting.meeting_on.between(span.first_on, span.last_on),
    )
    treated = select(Case.id).where(span.treated).exists()
    return bool(session.scalar(select(or_(treated, select(GeneralMeeting.id).where(*held).exists()))))
