"""Preparing a meeting: its date and place, the head's agreement, papers and the exceptions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, CaseFile
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import KOSOVO, civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, OutOfOrder, Stale
from tmr_app.meetings import calling, inviting, notifications, report_requests
from tmr_app.meetings.models import Meeting, Paper, window_after
from tmr_app.members.models import MeetingRoom, Person
from tmr_app.regulation import days
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class When:
    """Date, times and place as typed. `fold`: 0 or 1 = the first or second of a doubled hour (B08)."""

    on: date
    starts: time
    ends: time
    room_id: UUID | None = None
    video_link: str = ""
    fold: int | None = None


def require_preparing(meeting: Meeting) -> None:
    """Raises OutOfOrder (409) once the meeting is convened, held or cancelled."""
    if meeting.status != "preparing":
        raise OutOfOrder(Message("The meeting is not being prepared any more."), "A8.3")


def check_version(meeting: Meeting, version: int | None, mine: dict[str, str] | None = None) -> None:
    """Raises Stale when somebody changed the preparation since the page was shown."""
    if version is not None and version != meeting.version:
        raise Stale(mine=mine or {}, theirs={}, version=meeting.version)


def place_in_time(
    session: Session, now: datetime, *, case: Case, when: When
) -> tuple[datetime, datetime, MeetingRoom | None]:
    """The UTC instants and the room. Raises FieldRefused: past (B06), no such hour (B07), which of two (B08), no place."""
    starts_at = _instant(when.on, when.starts, when.fold, "starts")
    ends_at = _instant(when.on, when.ends, when.fold, "ends")
    if ends_at <= starts_at:
        raise FieldRefused("ends", Message("The meeting ends after it begins."))
    if starts_at <= now:
        raise FieldRefused("meeting_on", Message("The date is in the past. Choose a coming one."))
    room = None
    if when.room_id is not None:
        room = session.get(MeetingRoom, when.room_id)
        if room is None or room.municipality_id != case.municipality_id or not room.active:
            raise FieldRefused("room", Message("Choose a room of the municipality's list."))
    link = when.video_link.strip()
    if link and not link.startswith("https://"):
        raise FieldRefused("video_link", Message("A video link begins with https://."))
    if room is None and not link:
        raise FieldRefused("room", Message("Choose a room, or write a video link."))
    return starts_at, ends_at, room


def _instant(on: date, at: time, fold: int | None, field: str) -> datetime:
    try:
        return days.civil_instant(on, at, fold)
    except (days.NonexistentTime, days.AmbiguousTime) as refused:
        raise FieldRefused(field, refused.text) from refused


def set_date(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    case: Case,
    when: When,
    version: int | None = None,
) -> Meeting:
    """Propose date, time and place while preparing. Another date voids the head's agreement (A8.3) and leaves the sitting.

    The members' reports are requested as soon as a next date stands (A8.9). Raises FieldRefused, OutOfOrder, Stale.
    """
    require_preparing(meeting)
    check_version(meeting, version, {"meeting_on": when.on.isoformat(), "starts": f"{when.starts:%H:%M}"})
    starts_at, ends_at, room = place_in_time(session, now, case=case, when=when)
    if when.on != meeting.meeting_on:
        meeting.sitting_id = None  # a sitting is of one day
    put_date(session, meeting, when.on, starts_at, ends_at, room, when.video_link)
    audit.note(
        session, "meeting:date-set", object_type="meeting", object_id=meeting.id, case_id=case.id, rule="A8.3"
    )
    ask_for_reports(session, now, meeting=meeting)
    return meeting


def put_date(
    session: Session,
    meeting: Meeting,
    on: date,
    starts_at: datetime,
    ends_at: datetime,
    room: MeetingRoom | None,
    video_link: str,
) -> None:
    """Write the values; an agreement to another date falls."""
    if meeting.agreed_on is not None and meeting.agreed_on != on:
        void_agreement(session, meeting)
    elif meeting.meeting_on != on:
        meeting.agreement_asked_at = None
    if meeting.proposed_on == on:
        meeting.proposed_on = None
        meeting.agreement_note = ""
    meeting.meeting_on, meeting.starts_at, meeting.ends_at = on, starts_at, ends_at
    meeting.room_id = room.id if room else None
    meeting.room = room
    meeting.video_link = video_link.strip()
    meeting.version += 1
    session.execute(  # the window of guests and substitutes moves with the meeting
        update(Seat).where(Seat.meeting_id == meeting.id).values(ends_at=window_after(ends_at))
    )


def void_agreement(session: Session, meeting: Meeting) -> None:
    """The head agreed to one date only."""
    meeting.agreed_on = meeting.agreed_at = meeting.agreed_by_id = meeting.agreement_asked_at = None
    audit.note(
        session,
        "meeting:agreement-void",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.3",
    )


def ask_for_reports(session: Session, now: datetime, *, meeting: Meeting) -> int:
    """Write the report requests this meeting owes its invited members (A8.9). Returns how many were told."""
    first = calling.what_went_before(session, meeting.case_id).is_first
    if not report_requests.reports_owed(meeting, first=first):
        return 0
    table = inviting.load(session, now, meeting=meeting)
    return report_requests.write_requests(session, now, meeting=meeting, seats=table.invited_seats)


def ask_agreement(session: Session, actor: Person, now: datetime, *, meeting: Meeting, case: Case) -> None:
    """Ask the head of services to agree to this date (A8.3). Raises OutOfOrder without a date."""
    require_preparing(meeting)
    if meeting.meeting_on is None:
        raise OutOfOrder(Message("Choose date and place first."), "A8.3")
    if meeting.agreed_on == meeting.meeting_on or meeting.agreement_asked_at is not None:
        return
    heads = notifications.heads_of(session, case.qps_id, now)
    if not heads:
        raise OutOfOrder(
            Message("This Centre has no head of services at present: one must be appointed."), "A8.3"
        )
    _tell(session, heads, "date_agreement_asked", now, meeting)
    meeting.agreement_asked_at = now
    audit.note(
        session,
        "meeting:agreement-asked",
        object_type="meeting",
        object_id=meeting.id,
        case_id=case.id,
        rule="A8.3",
    )


def agree(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, case: Case, seen_on: date
) -> None:
    """The head agrees to the date seen. Raises OutOfOrder when the date has changed since, or is past."""
    require_preparing(meeting)
    if meeting.meeting_on is None or meeting.meeting_on != seen_on:
        raise OutOfOrder(Message("The date was changed meanwhile. Look at it again."), "A8.3")
    if meeting.meeting_on < civil_date(now):
        raise OutOfOrder(Message("The date is in the past. Choose a coming one."), "A8.3")
    meeting.agreed_on, meeting.agreed_at, meeting.agreed_by_id = seen_on, now, actor.id
    meeting.proposed_on, meeting.agreement_note = None, ""
    meeting.version += 1
    _tell(session, [_chair(session, case)], "date_agreed", now, meeting)
    audit.note(
        session, "meeting:agreed", object_type="meeting", object_id=meeting.id, case_id=case.id, rule="A8.3"
    )


def propose_other_date(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    case: Case,
    proposed_on: date,
    note: str = "",
) -> None:
    """The head proposes another date; the case manager sets it. Raises FieldRefused for a past or the same date."""
    require_preparing(meeting)
    if proposed_on <= civil_date(now):
        raise FieldRefused("proposed_on", Message("The date is in the past. Choose a coming one."))
    if proposed_on == meeting.meeting_on:
        raise FieldRefused(
            "proposed_on", Message("This is the date you were asked about: agree to it instead.")
        )
    if meeting.agreed_on is not None:
        void_agreement(session, meeting)
    meeting.proposed_on, meeting.agreement_note = proposed_on, note.strip()
    meeting.agreement_asked_at = None
    meeting.version += 1
    _tell(session, [_chair(session, case)], "date_proposed", now, meeting)
    audit.note(
        session,
        "meeting:date-proposed",
        object_type="meeting",
        object_id=meeting.id,
        case_id=case.id,
        rule="A8.3",
    )


def _chair(session: Session, case: Case) -> Person | None:
    return session.get(Person, case.case_manager_id) if case.case_manager_id else None


def _tell(
    session: Session, people: Iterable[Person | None], kind: str, now: datetime, meeting: Meeting
) -> None:
    notifications.tell(
        session,
        people,
        kind=kind,
        now=now,
        parameters=notifications.about(meeting, "agreement" if kind == "date_agreement_asked" else ""),
        case_id=meeting.case_id,
        about_id=meeting.id,
    )


def choose_files(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, file_ids: Iterable[UUID]
) -> None:
    """Case files that join the pack, in the order given. Raises BadInput for a file of another case or audience."""
    require_preparing(meeting)
    chosen = list(dict.fromkeys(file_ids))
    known = set(
        session.scalars(
            select(CaseFile.id).where(
                CaseFile.case_id == meeting.case_id,
                CaseFile.audience == "table",
                CaseFile.withdrawn_at.is_(None),
            )
        )
    )
    if not set(chosen) <= known:
        raise BadInput("a file that is not the Table's")
    rows = {row.file_id: row for row in session.scalars(select(Paper).where(Paper.meeting_id == meeting.id))}
    for file_id, row in rows.items():
        if file_id not in chosen:
            session.delete(row)
    for place, file_id in enumerate(chosen, 1):
        row = rows.get(file_id) or Paper(
            case_id=meeting.case_id,
            meeting_id=meeting.id,
            kind="file",
            file_id=file_id,
            position=place,
            added_by_id=actor.id,
            added_at=now,
        )
        row.position = place
        session.add(row)
    meeting.version += 1
    audit.note(
        session,
        "papers:changed",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.7",
    )


def waive_papers(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, case: Case, reason: str
) -> None:
    """Risk case without prior assessment: the information is given in the meeting (A8.8). Empty text takes it back."""
    require_preparing(meeting)
    if reason.strip() and not calling.is_risk_case(session, case):
        raise FieldRefused("reason", Message("The exception is for a case with risk only."))
    meeting.no_assessment_reason = reason.strip()
    meeting.version += 1
    audit.note(
        session,
        "meeting:papers-waived",
        object_type="meeting",
        object_id=meeting.id,
        case_id=case.id,
        rule="A8.8",
    )


def allow_without_representative(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, reason: str
) -> None:
    """The head's written reason for convening without a representative of A4.6: the ledger shows *not met*."""
    require_preparing(meeting)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    meeting.asylum_override_reason = reason.strip()
    meeting.asylum_override_by_id = actor.id
    meeting.version += 1
    audit.note(
        session,
        "meeting:without-representative",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A4.6",
    )


def local_time(at: datetime | None) -> time | None:
    """The wall time of an instant in Kosovo."""
    return at.astimezone(KOSOVO).time().replace(tzinfo=None) if at else None
