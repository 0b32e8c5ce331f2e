"""The pack: frozen when the meeting is convened, added to later, rendered on demand for one reader (A8.3, A8.7, A8.9)."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.table_models import Seat
from tmr_app.documents import assessment, invitation, minutes, monitoring, pack, plan, report
from tmr_app.documents.content import Document, Language
from tmr_app.documents.invitation import InvitationValues
from tmr_app.documents.texts import translate
from tmr_app.documents.values import AgendaItemValues, PersonValues, SeatValues
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings import agenda, frozen, pack_sources, review_papers
from tmr_app.meetings.models import AgendaItem, Meeting, PackDocument, ProgressReport, ReportRequest
from tmr_app.meetings.pack_sources import Sources
from tmr_app.regulation.days import report_limit
from tmr_app.regulation.verdicts import Message

TITLES = {
    "invitation": Message("Invitation with the agenda"),
    "minutes": Message("Minutes of the last meeting"),
    "assessment": Message("Assessment of the case"),
    "initial-plan": Message("Initial individual plan"),
    "plan": Message("Unified individual plan"),
    "monitoring": Message("Monitoring summary for the Table"),
    "report": Message("Progress report: %(institution)s"),
}
NOBODY = SeatValues(person=PersonValues(name=""), kind="")


def contents(sources: Sources, meeting: Meeting) -> list[tuple[str, Message | str]]:
    """What the pack will hold, in order, as (kind, title): for the page of papers and the invitation itself."""
    found: list[tuple[str, Message | str]] = [("invitation", TITLES["invitation"])]
    if sources.minutes is not None:
        found.append(("minutes", TITLES["minutes"]))
    if sources.assessment is not None:
        found.append(("assessment", TITLES["assessment"]))
    if (
        sources.unified is not None
    ):  # once there is one, the current plan goes, not the first sketch (A8.7, reading)
        found.append(("plan", TITLES["plan"]))
    elif sources.plan is not None:
        found.append(("initial-plan", TITLES["initial-plan"]))
    if sources.unified is not None:
        found.append(("monitoring", TITLES["monitoring"]))
    found += [("report", _report_title(seat)) for _, _, seat in sources.reports]
    found += [("file", one.title) for one in sources.files]
    return found


def _report_title(seat: Seat) -> Message:
    return Message(
        "Progress report: %(institution)s", institution=seat.institution.name if seat.institution else ""
    )


def invitation_values(
    sources: Sources, meeting: Meeting, items: list[AgendaItem], now: datetime, *, reports_due: bool
) -> InvitationValues:
    """The invitation without its addressee, who is put in when it is printed."""
    values = pack_sources.meeting_values(sources, meeting)
    return InvitationValues(
        case=pack_sources.case_values(sources),
        meeting=values,
        recipient=NOBODY,
        agenda=tuple(AgendaItemValues(title=agenda.title_of(item)) for item in items),
        papers=tuple(title for _, title in contents(sources, meeting)[1:]),
        issued_on=civil_date(now),
        report_due_on=report_limit(values.on) if reports_due else None,
    )


def freeze(
    session: Session,
    now: datetime,
    *,
    meeting: Meeting,
    sources: Sources,
    items: list[AgendaItem],
    reports_due: bool,
) -> list[PackDocument]:
    """Write the pack's documents with their fingerprints and the pack's own. Rows are added, not flushed.

    A meeting convened anew (its date has changed) keeps what was sent and gets a new invitation as an addition.
    """
    invite = frozen.encode(invitation_values(sources, meeting, items, now, reports_due=reports_due))
    if meeting.pack_sha256 is not None:
        return [
            add_document(
                session,
                now,
                meeting=meeting,
                kind="invitation",
                title=_title(sources, "invitation"),
                stored=invite,
            )
        ]
    rows = [_row(meeting, now, 1, "invitation", _title(sources, "invitation"), invite)]
    if sources.minutes is not None:
        rows.append(_row(meeting, now, 2, "minutes", _title(sources, "minutes"), sources.minutes.content))
    for kind, values in (
        ("assessment", pack_sources.assessment_values(sources)),
        ("plan", sources.unified_values),
        ("initial-plan", None if sources.unified_values else pack_sources.plan_values(sources)),
        ("monitoring", review_papers.monitoring_values(sources, meeting, now)),
    ):
        if values is not None:
            rows.append(_row(meeting, now, len(rows) + 1, kind, _title(sources, kind), frozen.encode(values)))
    for filed, request, seat in sources.reports:
        rows.append(_report_row(meeting, now, len(rows) + 1, sources, filed, request, seat))
    for file in sources.files:
        rows.append(
            PackDocument(
                case_id=meeting.case_id,
                meeting_id=meeting.id,
                position=len(rows) + 1,
                kind="file",
                file_id=file.id,
                sha256=file.sha256,
                frozen_at=now,
                title=file.title,
            )
        )
    session.add_all(rows)
    meeting.pack_sha256 = frozen.pack_fingerprint([row.sha256 for row in rows])
    return rows


def _title(sources: Sources, kind: str) -> str:
    return translate(TITLES[kind], sources.language)


def _row(meeting: Meeting, now: datetime, position: int, kind: str, title: str, stored: Any) -> PackDocument:
    return PackDocument(
        case_id=meeting.case_id,
        meeting_id=meeting.id,
        position=position,
        kind=kind,
        sha256=frozen.fingerprint(kind, stored),
        frozen_at=now,
        title=title,
        values=stored,
    )


def _report_row(
    meeting: Meeting,
    now: datetime,
    position: int,
    sources: Sources,
    filed: ProgressReport,
    request: ReportRequest,
    seat: Seat,
) -> PackDocument:
    values = pack_sources.report_values(sources, meeting, filed, request, seat)
    title = translate(_report_title(seat), sources.language)
    row = _row(meeting, now, position, "report", title, frozen.encode(values))
    row.report_id = filed.id
    return row


def add_document(
    session: Session,
    now: datetime,
    *,
    meeting: Meeting,
    kind: str,
    title: str,
    stored: Any,
    report_id: Any = None,
    late: bool = False,
) -> PackDocument:
    """Something that joins a frozen pack (A8.9): an addition within the limit, `late` past it."""
    last = (
        session.scalar(select(func.max(PackDocument.position)).where(PackDocument.meeting_id == meeting.id))
        or 0
    )
    row = _row(meeting, now, last + 1, kind, title, stored)
    row.addition, row.late, row.report_id = True, late, report_id
    session.add(row)
    return row


def add_report(
    session: Session,
    now: datetime,
    *,
    meeting: Meeting,
    sources: Sources,
    filed: ProgressReport,
    request: ReportRequest,
    seat: Seat,
    late: bool,
) -> PackDocument:
    """A report filed after the freeze joins the pack; `seat` with person and institution loaded."""
    values = pack_sources.report_values(sources, meeting, filed, request, seat)
    return add_document(
        session,
        now,
        meeting=meeting,
        kind="report",
        title=translate(_report_title(seat), sources.language),
        stored=frozen.encode(values),
        report_id=filed.id,
        late=late,
    )


def documents_of(session: Session, meeting: Meeting) -> list[PackDocument]:
    """The pack in order: what was frozen, then what was added."""
    return list(
        session.scalars(
            select(PackDocument).where(PackDocument.meeting_id == meeting.id).order_by(PackDocument.position)
        )
    )


def rendered(
    row: PackDocument, recipient: SeatValues | None = None, language: Language | None = None
) -> Document | None:
    """The document of one row, or None for a file. `recipient` is put into the invitation; `language`: of the product's
    own words, the case's unless another is asked for.
    """
    values = frozen.decode(row.values) if row.kind != "file" else None
    if values is None:
        return None
    if language is not None:
        values = replace(values, case=replace(values.case, language=language))
    if row.kind == "invitation":
        return invitation.build(replace(values, recipient=recipient or NOBODY))
    builders: dict[str, Any] = {
        "assessment": assessment.build,
        "initial-plan": plan.build_initial,
        "plan": plan.build_unified,
        "monitoring": monitoring.build,
        "report": report.build,
        "minutes": minutes.build,
    }
    document: Document = builders[row.kind](values)
    return document


def whole(rows: list[PackDocument], recipient: SeatValues, language: Language | None = None) -> Document:
    """The pack as one document for one reader; the invitation's values give its head. Raises ValueError without one."""
    first = next((row for row in reversed(rows) if row.kind == "invitation"), None)
    if first is None:
        raise ValueError("a pack without its invitation")
    head: InvitationValues = frozen.decode(first.values)
    entries = tuple(
        pack.PackEntry(
            title=row.title, dated_on=civil_date(row.frozen_at), sha256=row.sha256, arrival=_arrival(row)
        )
        for row in rows
    )
    values = pack.PackValues(
        case=replace(head.case, language=language or head.case.language),
        meeting=head.meeting,
        entries=entries,
        frozen_on=frozen_on(rows),
        reader=recipient,
    )
    parts = tuple(made for row in rows if (made := rendered(row, recipient, language)) is not None)
    return pack.build(values, parts)


def frozen_on(rows: list[PackDocument]) -> date:
    """The civil date of the newest document."""
    return civil_date(max(row.frozen_at for row in rows))


def _arrival(row: PackDocument) -> str:
    if row.late:
        return "late"
    return "addition" if row.addition else "frozen"
