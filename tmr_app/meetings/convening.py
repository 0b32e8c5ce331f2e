"""Convening: all rules at once, the pack frozen, the mail written, in one transaction; then changes and cancellation."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder, RuleRefused, Stale
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import notifications, packs, preparing, readiness, report_requests, sitting_entries
from tmr_app.meetings.inviting import CHAIR, is_invited
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.meetings.preparing import When
from tmr_app.meetings.readiness import Preparation
from tmr_app.members.models import MeetingRoom, Person, Qps
from tmr_app.regulation.verdicts import Message


def locked(session: Session, meeting_id: UUID, case_id: UUID) -> Meeting:
    """The meeting with its room, held against a second writer. Raises NotFound for one of another case."""
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.case_id == case_id)
        .options(joinedload(Meeting.room))
        .with_for_update(of=Meeting)
        .execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotFound("meeting")
    return meeting


def convene(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case: Case,
    late_reason: str = "",
    version: int | None = None,
) -> Meeting:
    """Send the invitations: freeze the pack, write report requests and one mail per invitee, or refuse.

    A second submission of the same deed changes nothing. `late_reason`: a recorded breach of A8.3, shown as late.
    Raises RuleRefused with every refusing verdict, FieldRefused (past date B06, nobody invited B09), OutOfOrder without
    a date or after the meeting, Stale when the preparation has changed since the page was shown.
    """
    meeting = locked(session, meeting_id, case.id)
    if meeting.status == "convened":
        return meeting
    if meeting.status != "preparing" or meeting.meeting_on is None:
        message = (
            "Choose date and place first."
            if meeting.status == "preparing"
            else "The meeting is over or cancelled."
        )
        raise OutOfOrder(Message(message), "A8.3")
    if version is not None and version != meeting.version:
        raise Stale(mine={}, theirs={}, version=meeting.version)
    prepared = readiness.load(session, now, meeting=meeting, case=case)
    _refuse(prepared, now, late_reason)
    if late_reason.strip() and _is_late(prepared, now):
        meeting.late_reason = late_reason.strip()
    kind = "invitation" if meeting.convened_at is None else "invitation_changed"
    _send(session, actor, now, prepared, kind)
    return meeting


def _refuse(prepared: Preparation, now: datetime, late_reason: str) -> None:
    answer = readiness.check(prepared, now, late_reason=late_reason)
    for field, message in answer.problems:
        raise FieldRefused(field, message)
    if answer.refused:
        raise RuleRefused(*answer.refused, case_id=prepared.case.id)


def _is_late(prepared: Preparation, now: datetime) -> bool:
    """Whether the reason is needed: without it the rules refuse."""
    return bool(readiness.check(prepared, now).refused)


def _send(session: Session, actor: Person, now: datetime, prepared: Preparation, kind: str) -> None:
    meeting = prepared.meeting
    if kind == "invitation_changed":
        meeting.sequence += 1
    packs.freeze(
        session,
        now,
        meeting=meeting,
        sources=prepared.sources,
        items=prepared.items,
        reports_due=prepared.reports_due,
    )
    meeting.status = "convened"
    meeting.convened_at, meeting.convened_by_id = now, actor.id
    meeting.version += 1
    if prepared.reports_due:
        report_requests.write_requests(session, now, meeting=meeting, seats=prepared.table.invited_seats)
    rows = [
        (one, prepared.table.seats[one.seat_id]) for one in prepared.table.invited if one.seat_id is not None
    ]
    _mail(session, now, meeting=meeting, qps=prepared.sources.qps, rows=rows, kind=kind)
    tag = "meeting:convened" if kind == "invitation" else "meeting:convened-anew"
    audit.note(
        session, tag, object_type="meeting", object_id=meeting.id, case_id=meeting.case_id, rule="A8.3"
    )


def _mail(
    session: Session,
    now: datetime,
    *,
    meeting: Meeting,
    qps: Qps,
    rows: Sequence[tuple[Invitation, Seat]],
    kind: str,
) -> None:
    """One mail per invitee with a working address; earlier unsent ones are withdrawn. Answers start anew."""
    joint = sitting_entries.follow(session, now, meeting=meeting, rows=rows, qps=qps, stays=True)
    alone = [one.outbox_id for one, _ in rows if one.outbox_id and one.id not in joint]
    notifications.withdraw_unsent(session, alone, now)
    changes = []
    for invitation, seat in rows:
        mail: OutboxMessage | None = None
        if invitation.id not in joint and seat.person.address_suspended_at is None:
            mail = notifications.invitation_mail(
                session,
                kind=kind,
                meeting=meeting,
                invitation=invitation,
                person=seat.person,
                room=meeting.room,
                qps=qps,
                now=now,
            )
        is_chair = seat.kind == CHAIR
        changes.append(
            {
                "id": invitation.id,
                "outbox_id": mail.id if mail else joint.get(invitation.id),
                "handed_over_at": None,
                "handed_over_by_id": None,
                "answer": "yes" if is_chair else None,
                "answered_at": now if is_chair else None,
                "answered_by": "chair" if is_chair else None,
                "reply_sequence": meeting.sequence,
            }
        )
    session.flush()
    if changes:
        session.execute(update(Invitation), changes)
    for (invitation, _), change in zip(rows, changes, strict=True):
        session.expire(invitation, [name for name in change if name != "id"])


def _loaded_rows(session: Session, meeting: Meeting) -> list[tuple[Invitation, Seat]]:
    rows = session.execute(
        select(Invitation, Seat)
        .join(Seat, Seat.id == Invitation.seat_id)
        .where(Invitation.meeting_id == meeting.id)
        .options(joinedload(Seat.person))
        .order_by(Seat.seated_at, Seat.id)
    )
    return [(row[0], row[1]) for row in rows if is_invited(row[0]) and row[1].is_live]


def change(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case: Case,
    when: When,
    version: int | None = None,
) -> Meeting:
    """Another hour, place or date of a convened meeting: the same calendar UID, a higher SEQUENCE, a new mail.

    On the same date the mail goes at once. Another date needs the head's agreement again (A8.3): the meeting is being
    prepared anew until it is convened for that date. Raises FieldRefused, OutOfOrder, Stale.
    """
    meeting = locked(session, meeting_id, case.id)
    if meeting.status != "convened":
        raise OutOfOrder(Message("Only a convened meeting is changed."), "A8.3")
    preparing.check_version(meeting, version)
    starts_at, ends_at, room = preparing.place_in_time(session, now, case=case, when=when)
    if when.on != meeting.meeting_on:
        return _reschedule(session, now, meeting, case, when, starts_at, ends_at, room)
    same = (starts_at, ends_at, when.room_id) == (meeting.starts_at, meeting.ends_at, meeting.room_id)
    preparing.put_date(session, meeting, when.on, starts_at, ends_at, room, when.video_link)
    if not same:
        meeting.sequence += 1
        qps = session.get_one(Qps, case.qps_id)
        _mail(
            session,
            now,
            meeting=meeting,
            qps=qps,
            rows=_loaded_rows(session, meeting),
            kind="invitation_changed",
        )
    audit.note(
        session,
        "meeting:changed",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.3",
    )
    return meeting


def _reschedule(
    session: Session,
    now: datetime,
    meeting: Meeting,
    case: Case,
    when: When,
    starts_at: datetime,
    ends_at: datetime,
    room: MeetingRoom | None,
) -> Meeting:
    rows = _loaded_rows(session, meeting)
    sitting_entries.follow(
        session, now, meeting=meeting, rows=rows, qps=session.get_one(Qps, case.qps_id), stays=False
    )
    preparing.put_date(session, meeting, when.on, starts_at, ends_at, room, when.video_link)
    meeting.status = "preparing"
    meeting.late_reason = ""
    preparing.ask_for_reports(session, now, meeting=meeting)
    audit.note(
        session,
        "meeting:rescheduled",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.3",
    )
    return meeting


def cancel(
    session: Session, actor: Person, now: datetime, *, meeting_id: UUID, case: Case, reason: str
) -> Meeting:
    """Call a meeting off: METHOD:CANCEL to everyone whose invitation left, unsent mail withdrawn, requests taken back.

    Raises FieldRefused without a reason, OutOfOrder once the meeting runs or was held.
    """
    meeting = locked(session, meeting_id, case.id)
    if meeting.status == "cancelled":
        return meeting
    if meeting.status not in ("preparing", "convened"):
        raise OutOfOrder(Message("The meeting is over or cancelled."), "A8.3")
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    rows = _loaded_rows(session, meeting)
    sent = [(one, seat) for one, seat in rows if one.outbox_id or one.handed_over_at]
    qps = session.get_one(Qps, case.qps_id)
    joint = sitting_entries.follow(session, now, meeting=meeting, rows=sent, qps=qps, stays=False)
    sent = [(one, seat) for one, seat in sent if one.id not in joint]
    unsent = notifications.withdraw_unsent(session, [one.outbox_id for one, _ in sent if one.outbox_id], now)
    if meeting.convened_at is not None:
        meeting.sequence += 1
        for invitation, seat in sent:
            if invitation.outbox_id not in unsent and seat.person.address_suspended_at is None:
                notifications.invitation_mail(
                    session,
                    kind="invitation_cancelled",
                    meeting=meeting,
                    invitation=invitation,
                    person=seat.person,
                    room=meeting.room,
                    qps=qps,
                    now=now,
                )
    report_requests.withdraw_requests(session, now, meeting=meeting)
    meeting.status, meeting.cancelled_at, meeting.cancel_reason = "cancelled", now, reason.strip()
    meeting.version += 1
    audit.note(
        session,
        "meeting:cancelled",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.3",
    )
    return meeting


def invite_late(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, case: Case, seats: Iterable[Seat]
) -> list[Invitation]:
    """Invite further seats to a convened meeting (a substitute, a guest): they get their mail at once.

    `meeting` with its room, `seats` with their people. Raises OutOfOrder when the meeting is not convened.
    """
    from tmr_app.meetings.inviting import new_uid

    if meeting.status != "convened":
        raise OutOfOrder(Message("The meeting is not convened."), "A8.3")
    known = {
        row.seat_id: row
        for row in session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id))
    }
    rows = []
    for seat in seats:
        row = known.get(seat.id)
        if row is not None and is_invited(row):
            continue
        if row is None:
            row = Invitation(
                case_id=case.id, meeting_id=meeting.id, seat_id=seat.id, uid=new_uid(), reply_sequence=0
            )
            session.add(row)
        row.left_out, row.withdrawn_at = False, None
        rows.append((row, seat))
    qps = session.get_one(Qps, case.qps_id)
    _mail(session, now, meeting=meeting, qps=qps, rows=rows, kind="invitation")
    for row, _ in rows:
        audit.note(
            session,
            "invitation:added",
            object_type="invitation",
            object_id=row.id,
            case_id=case.id,
            rule="A8.5",
        )
    return [row for row, _ in rows]


def hand_over(
    session: Session, actor: Person, now: datetime, *, invitation: Invitation, note: str = ""
) -> Invitation:
    """Record that invitation and pack were handed over on paper: it counts as sent (A8.3). The time is the system's."""
    if invitation.handed_over_at is None:
        invitation.handed_over_at, invitation.handed_over_by_id = now, actor.id
        invitation.handover_note = note.strip()
        audit.note(
            session,
            "invitation:handed-over",
            object_type="invitation",
            object_id=invitation.id,
            case_id=invitation.case_id,
            rule="A8.3",
        )
    return invitation
