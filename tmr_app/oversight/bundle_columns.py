"""Pieces of the bundle's statements, and what one row of each is: kept apart from the list of what is read."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Uuid,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import CaseManagerTerm, Declaration, Disclosure, Participant, Seat
from tmr_app.kernel import encryption
from tmr_app.meetings.models import Meeting, MeetingRequest, PackDocument, ProgressReport, ReportRequest

WRITTEN = "\ue000"
"""Stands for a written text on record that was not decrypted."""


class Term(NamedTuple):
    """A time in the chair."""

    person_id: UUID
    from_at: datetime
    to_at: datetime | None
    meeting_id: UUID | None = None


class Asked(NamedTuple):
    """Something asked by or of a seat; `done_at`: withdrawn (a request) or filed (a report)."""

    seat_id: UUID
    asked_at: datetime
    done_at: datetime | None
    meeting_id: UUID | None


def spans_of(case_ids: BindParameter[Any]) -> CompoundSelect[Any]:
    """Three small tables of the same shape in one statement: chairs' terms, requests for meetings, asked reports."""
    term, asked, report = literal("term").label("kind"), literal("request"), literal("report")
    no_meeting = cast(null(), Uuid()).label("meeting_id")
    terms = select(
        term,
        CaseManagerTerm.case_id,
        CaseManagerTerm.person_id.label("who_id"),
        CaseManagerTerm.from_at,
        CaseManagerTerm.to_at,
        no_meeting,
    ).where(CaseManagerTerm.case_id.in_(case_ids))
    requests = select(
        asked,
        MeetingRequest.case_id,
        MeetingRequest.seat_id,
        MeetingRequest.requested_at,
        MeetingRequest.withdrawn_at,
        MeetingRequest.meeting_id,
    ).where(MeetingRequest.case_id.in_(case_ids))
    reports = (
        select(
            report,
            ReportRequest.case_id,
            ReportRequest.seat_id,
            ReportRequest.requested_at,
            ProgressReport.filed_at,
            ReportRequest.meeting_id,
        )
        .outerjoin(ProgressReport, ProgressReport.request_id == ReportRequest.id)
        .where(
            ReportRequest.case_id.in_(case_ids),
            or_(ReportRequest.withdrawn_at.is_(None), ProgressReport.filed_at.is_not(None)),
        )
    )
    return union_all(terms, requests, reports)


def opened(row: Any, model: Any, texts: tuple[str, ...]) -> SimpleNamespace:
    """The row with its written reasons in clear. The case's key must be unlocked."""
    values = row._asdict()
    for name in texts:
        place = f"{model.__tablename__}.{name}_enc:{values['id']}"
        sealed = values[name]
        values[name] = encryption.unseal(values["case_id"], place, sealed).decode() if sealed else ""
    return SimpleNamespace(**values)


def first(column: Any, meeting_id: Any) -> Any:
    return select(func.min(column)).where(meeting_id == Meeting.id).correlate(Meeting).scalar_subquery()


def packed(kind: str) -> Any:
    return exists().where(PackDocument.meeting_id == Meeting.id, PackDocument.kind == kind)


def told(column: Any, condition: Any, outer: Any) -> Any:
    """The values of a column of the rows that belong to an outer row, in one text: see `keys`."""
    told = select(func.aggregate_strings(column, ",")).where(condition).correlate(outer)
    return told.scalar_subquery()


def keys(told: str | None) -> frozenset[str]:
    """The keys in an aggregated text."""
    return frozenset(told.split(",")) if told else frozenset()


def how_many(condition: Any) -> Any:
    return select(func.count()).select_from(Disclosure).where(condition).correlate(Case).scalar_subquery()


def signed(*conditions: Any) -> Any:
    """When the declaration was first signed."""
    first = select(func.min(Declaration.signed_at)).where(*conditions)
    return first.correlate(Seat, Participant).scalar_subquery()
