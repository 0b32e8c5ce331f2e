"""The case assessment form of one version (A12.4): what it found, with the information and the levels known by then."""

from datetime import datetime

from tmr_app.cases.assessing import FIVE
from tmr_app.cases.information import CHAIRS, Piece
from tmr_app.cases.models import Finding
from tmr_app.documents.assessment import (
    ContributionValues,
    InformationValues,
)
from tmr_app.documents.values import FindingValues, PersonValues
from tmr_app.kernel.clock import civil_date


def information_values(pieces: list[Piece], until: datetime) -> tuple[InformationValues, ...]:
    """Each piece with the state it had by then (A12.1), the oldest first."""
    return tuple(
        InformationValues(text=one.row.text, source=one.row.source, state=one.state_at(until))
        for one in sorted(pieces, key=lambda piece: piece.row.added_at)
    )


def contribution_values(pieces: list[Piece]) -> tuple[ContributionValues, ...]:
    """What members added, by name (A12.2)."""
    return tuple(
        ContributionValues(
            person=PersonValues(name=one.name, institution=one.institution),
            on=civil_date(one.row.added_at),
            text=one.row.text,
        )
        for one in sorted(pieces, key=lambda piece: piece.row.added_at)
        if one.kind and one.kind not in CHAIRS
    )


def finding_values(one: Finding) -> FindingValues:
    return FindingValues(
        indicator=one.indicator if one.indicator in FIVE else "",
        title=one.title,
        finding=one.findings,
        risk_level=one.level or "",
        sources=one.source,
    )
