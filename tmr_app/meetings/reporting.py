"""Filing a written progress report (A8.9): in time, as an addition to a frozen pack, or late; corrected until the meeting."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.documents.texts import translate
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, Stale
from tmr_app.meetings import calling, convening, frozen, pack_sources, packs, report_actions, report_queries
from tmr_app.meetings.models import Meeting, ProgressReport, ReportRequest, ReportVersion
from tmr_app.meetings.report_actions import ActionReport
from tmr_app.meetings.report_queries import OwnReport
from tmr_app.meetings.report_requests import NOT_ASKED
from tmr_app.members.models import Person
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation.catalogue import MEMBER_KINDS
from tmr_app.regulation.verdicts import Message, Status, Verdict

LABELS: Mapping[str, Message] = {
    "done": Message("What was done since the last meeting"),
    "obstacles": Message("Obstacles met"),
    "needed": Message("What is needed; proposals to the Table"),
    "child_wellbeing": Message("The child's well-being, as you see it"),
    "manager_part": Message("What only the case manager should know"),
}

TABLE_PART = ("done", "obstacles", "needed", "child_wellbeing")
"""What the Table reads after the pack's release; the rest is for case manager and assistant only."""


@dataclass(frozen=True, slots=True)
class ReportTexts:
    """What was typed: four texts for the Table, one for the case manager only."""

    done: str
    obstacles: str = ""
    needed: str = ""
    child_wellbeing: str = ""
    manager_part: str = ""


def texts_of(report: ProgressReport) -> ReportTexts:
    """The stored texts; the case's key must be unlocked."""
    return ReportTexts(**{name: getattr(report, name) for name in LABELS})


def owed(session: Session, meeting: Meeting, now: datetime) -> Verdict:
    """A8.9 for a report filed at this instant. Raises OutOfOrder before a date is proposed."""
    if meeting.meeting_on is None:
        raise OutOfOrder(Message("The date of the meeting is not set yet."), "A8.9")
    first = calling.what_went_before(session, meeting.case_id).is_first
    today = civil_date(now)
    return report_queries.verdict_of(meeting, today, filed_on=today, first=first)


def is_first(verdict: Verdict, meeting: Meeting) -> bool:
    """Whether nothing is owed because no meeting was held before (an extraordinary one merely does not enforce it)."""
    return verdict.status is Status.WAIVED and meeting.purpose != "extraordinary"


def has_begun(meeting: Meeting, now: datetime) -> bool:
    """From then on a filed report is not corrected any more."""
    return meeting.status not in ("preparing", "convened") or (
        meeting.starts_at is not None and now >= meeting.starts_at
    )


def may_report(place: OwnReport) -> bool:
    """Whether this person is asked, or sits as a member who may report unasked."""
    if place.request is not None:
        return True
    return place.seat is not None and place.seat.kind in MEMBER_KINDS - NOT_ASKED


def file_report(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    meeting_id: UUID,
    texts: ReportTexts,
    version: int = 0,
    actions: Mapping[UUID, ActionReport] | None = None,
) -> ProgressReport:
    """File the actor's own report, or correct it (`version` of the one shown; 0 = none yet). Same text again: no change.

    Past the limit it is accepted and marked late (B18); after the freeze it joins the pack with its hash. Raises
    FieldRefused (`done`), Stale with both texts, OutOfOrder: before a first meeting, not asked, over, begun (correction).
    """
    meeting = convening.locked(session, meeting_id, case.id)
    verdict = owed(session, meeting, now)
    place = report_queries.own(session, case_id=case.id, meeting_id=meeting.id, person_id=actor.id)
    _require_fileable(meeting, verdict, place)
    if not texts.done.strip():
        raise FieldRefused("done", Message("Write what was done."))
    given, own = actions or {}, report_actions.own_actions(session, case.id, place.seat)
    report_actions.check(given, own)
    if place.report is not None and place.report.filed_at is not None:
        report = _correct(session, actor, now, case, meeting, place, texts, version, given)
    else:
        report = _file(session, actor, now, case, meeting, place, texts, verdict, given, own)
    if place.seat is not None:
        report_actions.tell_the_plan(
            session, actor, now, case=case, seat=place.seat, given=given, actions=own
        )
    return report


def _file(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    meeting: Meeting,
    place: OwnReport,
    texts: ReportTexts,
    verdict: Verdict,
    given: Mapping[UUID, ActionReport],
    own: Sequence[ActionNow],
) -> ProgressReport:
    if place.seat is None:
        raise OutOfOrder(Message("No report is asked of you for this meeting."), "A8.9")
    request = place.request or _unasked(session, now, meeting, place.seat, verdict)
    report = ProgressReport(
        case_id=case.id,
        request_id=request.id,
        filed_by_id=actor.id,
        filed_at=now,
        saved_at=now,
        version=1,
        is_late=verdict.status is Status.MET_LATE,
        is_addition=meeting.pack_sha256 is not None and verdict.status is not Status.MET_LATE,
        **asdict(texts),
    )
    session.add(report)
    session.flush()
    report_actions.write(session, report, given, own)
    if meeting.pack_sha256 is not None:
        sources = pack_sources.load(session, case=case, meeting=meeting)
        packs.add_report(
            session,
            now,
            meeting=meeting,
            sources=sources,
            filed=report,
            request=request,
            seat=place.seat,
            late=report.is_late,
        )
    _note(session, actor, report, "report:late" if report.is_late else "report:filed", texts)
    return report


def _require_fileable(meeting: Meeting, verdict: Verdict, place: OwnReport) -> None:
    if is_first(verdict, meeting):
        raise OutOfOrder(verdict.reason, "A8.9")
    if meeting.status in ("held", "cancelled"):
        raise OutOfOrder(Message("The meeting is over or cancelled."), "A8.9")
    if not may_report(place):
        raise OutOfOrder(Message("No report is asked of you for this meeting."), "A8.9")


def _unasked(
    session: Session, now: datetime, meeting: Meeting, seat: Seat, verdict: Verdict
) -> ReportRequest:
    """A member seated after the requests went out, or before an extraordinary meeting, reports all the same."""
    request = ReportRequest(
        case_id=meeting.case_id,
        seat_id=seat.id,
        meeting_id=meeting.id,
        requested_at=now,
        due_on=verdict.due_on,
    )
    session.add(request)
    session.flush()
    return request


def _correct(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    meeting: Meeting,
    place: OwnReport,
    texts: ReportTexts,
    version: int,
    given: Mapping[UUID, ActionReport],
) -> ProgressReport:
    report, request, seat = place.report, place.request, place.seat
    if report is None or request is None or seat is None:
        raise ValueError("nothing to correct")
    stored = texts_of(report)
    told = report_actions.as_typed(report_actions.of_report(session, report))
    if stored == texts and told == dict(given):
        return report
    if version != report.version:
        raise Stale(mine=_changed(texts, stored), theirs=_changed(stored, texts), version=report.version)
    if has_begun(meeting, now):
        raise OutOfOrder(Message("The meeting has begun: the report stands as it was filed."), "A8.9")
    session.add(
        ReportVersion(
            case_id=case.id, report_id=report.id, version=report.version, replaced_at=now, **asdict(stored)
        )
    )
    for name, value in asdict(texts).items():
        setattr(report, name, value)
    report.version += 1
    report.saved_at = now
    report_actions.write(session, report, given, report_actions.own_actions(session, case.id, seat))
    changed = _table_part(stored) != _table_part(texts) or told != dict(given)
    if meeting.pack_sha256 is not None and changed:
        _add_correction(session, now, case, meeting, report, request, seat)
    _note(session, actor, report, "report:corrected", texts)
    return report


def _table_part(texts: ReportTexts) -> dict[str, str]:
    return {name: getattr(texts, name) for name in TABLE_PART}


def _changed(one: ReportTexts, other: ReportTexts) -> dict[str, str]:
    """The fields that differ, by their label's message id (the page translates it)."""
    ours, theirs = asdict(one), asdict(other)
    return {LABELS[name].msgid: text for name, text in ours.items() if text != theirs[name]}


def _add_correction(
    session: Session,
    now: datetime,
    case: Case,
    meeting: Meeting,
    report: ProgressReport,
    request: ReportRequest,
    seat: Seat,
) -> None:
    """What was sent stays as it was; the corrected text joins beside it, marked late when it comes past the limit."""
    sources = pack_sources.load(session, case=case, meeting=meeting)
    values = pack_sources.report_values(sources, meeting, report, request, seat)
    title = Message(
        "Progress report, corrected: %(institution)s",
        institution=seat.institution.name if seat.institution else "",
    )
    late = owed(session, meeting, now).status is Status.MET_LATE
    packs.add_document(
        session,
        now,
        meeting=meeting,
        kind="report",
        title=translate(title, sources.language),
        stored=frozen.encode(values),
        report_id=report.id,
        late=late,
    )


def _note(session: Session, actor: Person, report: ProgressReport, tag: str, texts: ReportTexts) -> None:
    audit.note(
        session,
        tag,
        object_type="report",
        object_id=report.id,
        case_id=report.case_id,
        rule="A8.9",
        changes={**asdict(texts), "version": report.version},
        actor_id=actor.id,
    )
