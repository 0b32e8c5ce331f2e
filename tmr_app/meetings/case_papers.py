"""The documents of a case that come from its meetings and its record: who may take which, and how each is filled.

Listing costs five statements however many meetings there are; a document is read when it is taken.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import assessing, papers
from tmr_app.cases.models import Assessment, Case, InitialPlan
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.cases.table_models import Seat
from tmr_app.documents import assessment, invitation, minutes, plan, report
from tmr_app.documents.content import Document
from tmr_app.documents.values import SeatValues
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings import annex_forms, frozen, holding_queries, pack_sources, packs, personal_copy
from tmr_app.meetings.annex_models import AnnexForm
from tmr_app.meetings.minutes import attendance_list
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import (
    Invitation,
    Meeting,
    PackDocument,
    ProgressReport,
    ReportRequest,
)
from tmr_app.regulation.verdicts import Message

INVITED = Message("Invitation with the agenda")
CONVENED = ("convened", "running", "held")


@papers.source
def of_the_record(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """Completed assessments and initial plans, the newest first. Two statements."""
    done = (
        select(Assessment.id, Assessment.kind, Assessment.version, Assessment.made_on)
        .where(Assessment.case_id == case.id, Assessment.completed_at.is_not(None))
        .order_by(Assessment.made_on.desc(), Assessment.version.desc())
    )
    for row in session.execute(done):
        title = assessment.KINDS[row.kind]
        yield Offer("assessment", key_of(row.id), _version(title, row.version), row.made_on)
    plans = (
        select(InitialPlan.id, InitialPlan.version, InitialPlan.made_on)
        .where(InitialPlan.case_id == case.id)
        .order_by(InitialPlan.version.desc())
    )
    for made in session.execute(plans):
        title = Message("Initial individual plan")
        yield Offer("initial-plan", key_of(made.id), _version(title, made.version), made.made_on)


def _version(title: Message, version: int) -> Message:
    return Message("%(title)s, version %(version)s", title=title, version=version) if version > 1 else title


@papers.source
def of_the_meetings(session: Session, case: Case, reader: Reader) -> Iterator[Offer]:
    """What each meeting has, the newest meeting first. Three statements."""
    meetings = session.scalars(
        select(Meeting)
        .where(Meeting.case_id == case.id, Meeting.meeting_on.is_not(None), Meeting.status != "cancelled")
        .order_by(Meeting.meeting_on.desc(), Meeting.id)
        .limit(100)
    ).all()
    written = _newest(session, Minutes, case.id)
    forms = _newest(session, AnnexForm, case.id)
    prepares = may(reader.standing, Permission.MEETING_PREPARE)
    holds = may(reader.standing, Permission.MEETING_HOLD)
    for one in meetings:
        key, about, on = key_of(one.id), one.code, one.meeting_on
        if one.status == "held":
            if one.id in written:
                yield Offer("minutes", key, Message("Minutes of the meeting"), on, about)
            yield Offer("attendance", key, Message("Attendance list"), on, about)
        elif holds and one.status in CONVENED:
            yield Offer("attendance", key, Message("Attendance list, to sign in the meeting"), on, about)
        remake = f"/cases/{case.id}/meetings/{one.id}/annex1" if prepares else ""
        if one.id in forms or remake:
            title = Message("Work form of the Table (Annex 1)")
            yield Offer("annex1", key if one.id in forms else "", title, on, about, remake=remake)
        if one.pack_sha256 is not None:
            yield Offer("pack", key, Message("The pack of the meeting"), on, about)


def _newest(session: Session, model: Any, case_id: UUID) -> set[UUID]:
    return set(session.scalars(select(model.meeting_id).where(model.case_id == case_id)))


@papers.source
def of_the_invitations(session: Session, case: Case, reader: Reader) -> Iterator[Offer]:
    """The reader's own invitations; for the Centre those of all, to hand over on paper (A8.3). One statement."""
    query = (
        select(Invitation, Meeting, Seat)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Seat, Seat.id == Invitation.seat_id)
        .where(
            Invitation.case_id == case.id,
            Invitation.left_out.is_(False),
            Invitation.withdrawn_at.is_(None),
            Meeting.status.in_(CONVENED),
            Meeting.pack_sha256.is_not(None),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Meeting.meeting_on.desc(), Seat.seated_at, Seat.id)
        .limit(600)
    )
    everybody = may(reader.standing, Permission.DELIVERY_READ)
    if not everybody:
        query = query.where(Seat.person_id == reader.person.id)
    for row, meeting, seat in session.execute(query):
        if seat.person_id == case.case_manager_id:
            continue  # who calls the meeting is not invited to it
        to = "" if seat.person_id == reader.person.id else seat.person.name
        yield Offer("invitation", key_of(row.id), INVITED, meeting.meeting_on, meeting.code, to)


@papers.source
def of_the_reports(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """Filed progress reports, without their text. One statement."""
    rows = session.execute(
        select(ProgressReport, ReportRequest, Meeting, Seat)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Meeting, Meeting.id == ReportRequest.meeting_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(
            ProgressReport.case_id == case.id,
            ProgressReport.filed_at.is_not(None),
            Meeting.meeting_on.is_not(None),
        )
        .options(
            joinedload(Seat.institution),
            *(defer(getattr(ProgressReport, f"{name}_enc")) for name in ("done", "obstacles", "needed")),
        )
        .order_by(Meeting.meeting_on.desc(), ProgressReport.filed_at)
        .limit(600)
    )
    for filed, _request, meeting, seat in rows:
        name = seat.institution.name if seat.institution else ""
        title = Message("Progress report: %(institution)s", institution=name)
        yield Offer(
            "report",
            key_of(filed.id),
            title,
            civil_date(filed.filed_at) if filed.filed_at else None,
            meeting.code,
        )


def _sources(session: Session, case: Case, meeting: Meeting | None, reader: Reader) -> pack_sources.Sources:
    found = pack_sources.load(session, case=case, meeting=meeting)
    found.language = reader.language
    return found


def _meeting(session: Session, case: Case, key: str) -> Meeting:
    return holding_queries.find(session, papers.ids(key)[0], case.id)


@papers.kind("assessment", Permission.ASSESSMENT_READ)
def assessment_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    sources = _sources(session, case, None, reader)
    sources.assessment = assessing.find_assessment(session, case.id, papers.ids(key)[0])
    values = pack_sources.assessment_values(sources)
    if values is None:
        raise NotFound("assessment")
    return assessment.build(values)


@papers.kind("initial-plan", Permission.PLAN_READ)
def initial_plan_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    sources = _sources(session, case, None, reader)
    sources.plan = session.scalar(
        select(InitialPlan).where(InitialPlan.id == papers.ids(key)[0], InitialPlan.case_id == case.id)
    )
    values = pack_sources.plan_values(sources)
    if values is None:
        raise NotFound("plan")
    return plan.build_initial(values)


@papers.kind("minutes", Permission.MINUTES_DRAFT_READ)
def minutes_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """The newest version of this meeting, or the one the key names beside it."""
    meeting_id, *version_id = papers.ids(key)
    wanted = select(Minutes).where(Minutes.meeting_id == meeting_id, Minutes.case_id == case.id)
    if version_id:
        wanted = wanted.where(Minutes.id.in_(version_id))
    row = session.scalar(wanted.order_by(Minutes.version.desc()).limit(1))
    if row is None:
        raise NotFound("minutes")
    return minutes.build(_spoken(row.content, reader))


def _spoken(content: Any, reader: Reader) -> Any:
    """Frozen values with the product's own words in the reader's language; what people wrote stays as they wrote it."""
    values = frozen.decode(content)
    return replace(values, case=replace(values.case, language=reader.language))


@papers.kind("attendance", Permission.MINUTES_DRAFT_READ, personal=False)
def attendance_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """As it was noted; before the end, for whoever holds the meeting, the sheet to sign."""
    meeting = _meeting(session, case, key)
    if meeting.status != "held" and not (
        meeting.status in CONVENED and may(reader.standing, Permission.MEETING_HOLD)
    ):
        raise NotFound("attendance list")
    held = holding_queries.load(session, reader.now, meeting=meeting, case=case)
    return attendance_list(held, _sources(session, case, meeting, reader))


@papers.kind("annex1", Permission.CASE_READ)
def annex1_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """The newest version made for this meeting."""
    form = session.scalar(
        select(AnnexForm)
        .where(AnnexForm.meeting_id == papers.ids(key)[0], AnnexForm.case_id == case.id)
        .order_by(AnnexForm.version.desc())
        .limit(1)
    )
    if form is None:
        raise NotFound("form")
    return annex_forms.document_of(form.content, reader.language)


@papers.kind("pack", Permission.PACK_READ)
def pack_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    meeting = _meeting(session, case, key)
    if meeting.pack_sha256 is None:
        raise NotFound("pack")
    return packs.whole(packs.documents_of(session, meeting), _seat(session, case, reader), reader.language)


def _seat(session: Session, case: Case, reader: Reader) -> SeatValues:
    return personal_copy.reader_values(session, case=case, person=reader.person, standing=reader.standing)


@papers.kind("invitation", Permission.PACK_READ, personal=False)
def invitation_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """The invitation as it was frozen, addressed to whom it was meant; another's only for the Centre."""
    row = session.execute(
        select(Invitation, Seat)
        .join(Seat, Seat.id == Invitation.seat_id)
        .where(Invitation.id == papers.ids(key)[0], Invitation.case_id == case.id)
        .where(Invitation.left_out.is_(False), Invitation.withdrawn_at.is_(None))
        .options(joinedload(Seat.person), joinedload(Seat.institution))
    ).first()
    if row is None or (
        row[1].person_id != reader.person.id and not may(reader.standing, Permission.DELIVERY_READ)
    ):
        raise NotFound("invitation")
    sent = session.scalar(
        select(PackDocument)
        .where(PackDocument.meeting_id == row[0].meeting_id, PackDocument.kind == "invitation")
        .order_by(PackDocument.position.desc())
        .limit(1)
    )
    if sent is None:
        raise NotFound("invitation")
    return invitation.build(replace(_spoken(sent.values, reader), recipient=pack_sources.seat_values(row[1])))


@papers.kind("report", Permission.REPORT_READ)
def report_paper(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """The part for the Table; the part for the case manager is on no paper."""
    row = session.execute(
        select(ProgressReport, ReportRequest, Seat)
        .join(ReportRequest, ReportRequest.id == ProgressReport.request_id)
        .join(Seat, Seat.id == ReportRequest.seat_id)
        .where(
            ProgressReport.id == papers.ids(key)[0],
            ProgressReport.case_id == case.id,
            ProgressReport.filed_at.is_not(None),
            ReportRequest.meeting_id.is_not(None),
        )
        .options(joinedload(Seat.person), joinedload(Seat.institution))
    ).first()
    if row is None or row[1].meeting_id is None:
        raise NotFound("report")
    meeting = holding_queries.find(session, row[1].meeting_id, case.id)
    sources = _sources(session, case, meeting, reader)
    return report.build(pack_sources.report_values(sources, meeting, row[0], row[1], row[2]))
