"""The case assessment form of one version (A12.4): what it found, with the information and the levels known by then."""

from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.cases import case_record
from tmr_app.cases.assessing import FIVE
from tmr_app.cases.information import CHAIRS, Piece, pieces_of
from tmr_app.cases.models import Assessment, Case, Finding
from tmr_app.cases.paper_values import case_values, child_values
from tmr_app.documents.assessment import (
    AssessmentValues,
    ContributionValues,
    InformationValues,
    RiskLevelValues,
)
from tmr_app.documents.values import FindingValues, PersonValues
from tmr_app.kernel.clock import civil_date


def values_of(session: Session, case: Case, found: Assessment, now: datetime) -> AssessmentValues:
    """A version with its findings loaded; a version being written is shown as it stands `now`."""
    until = found.completed_at or now
    pieces = pieces_of(session, case.id, before=until)
    levels = [one for one, _name in case_record.levels_of(session, case.id) if one.determined_at <= until]
    return AssessmentValues(
        case=case_values(session, case),
        child=child_values(session, case),
        kind=found.kind,
        version=found.version,
        made_on=found.made_on,
        findings=tuple(finding_values(one) for one in found.findings),
        situation=found.summary,
        information=information_values(pieces, until),
        contributions=contribution_values(pieces),
        risk_history=tuple(
            RiskLevelValues(on=civil_date(one.determined_at), level=one.level, reason=one.reason)
            for one in reversed(levels)
        ),
        best_interest=found.best_interest,
    )


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
