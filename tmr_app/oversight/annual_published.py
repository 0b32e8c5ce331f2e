"""The public copies that anybody may read."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel.errors import NotFound
from tmr_app.oversight.annual_models import AnnualReport


def all_of_them(session: Session) -> list[AnnualReport]:
    """Of each municipality and year the newest published version, the newest year first."""
    rows = session.scalars(
        select(AnnualReport)
        .where(AnnualReport.published_at.is_not(None))
        .options(joinedload(AnnualReport.municipality))
        .order_by(AnnualReport.year.desc(), AnnualReport.municipality_id, AnnualReport.version.desc())
        .limit(1000)
    )
    newest: dict[tuple[UUID, int], AnnualReport] = {}
    for row in rows:
        newest.setdefault((row.municipality_id, row.year), row)
    return sorted(newest.values(), key=lambda one: (-one.year, one.municipality.key))


def find(session: Session, report_id: UUID) -> AnnualReport:
    """A published report. Raises NotFound for any other."""
    report = session.scalars(
        select(AnnualReport)
        .where(AnnualReport.id == report_id, AnnualReport.published_at.is_not(None))
        .options(joinedload(AnnualReport.municipality))
    ).first()
    if report is None:
        raise NotFound("annual report")
    return report
