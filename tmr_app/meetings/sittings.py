"""A sitting: several cases of one day in time slots; one mail per member with times and codes only.

Each meeting keeps its own Table, pack and disclosure; what they share is the day, the place and the mail.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, outbox, vault
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import calling, convening, inviting, notifications, sitting_entries
from tmr_app.meetings.models import Invitation, Meeting, Sitting
from tmr_app.members.models import Person, Qps
from tmr_app.regulation import days
from tmr_app.regulation.verdicts import Message


def _not_ready(code: str) -> Message:
    return Message(
        "Nothing was sent: meeting %(code)s of the same sitting cannot be convened yet. Its own check says what is missing.",
        code=code,
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """The hours of one meeting within the sitting, wall times of its day."""

    meeting_id: UUID
    starts: time
    ends: time


def own_meetings_of_day(session: Session, actor: Person, *, meeting: Meeting) -> list[Meeting]:
    """The meetings of that day which this case manager prepares, in order. Codes and times only are shown."""
    return list(
        session.scalars(
            select(Meeting)
            .join(Case, Case.id == Meeting.case_id)
            .where(
                Case.case_manager_id == actor.id,
                Case.status == "open",
                Meeting.meeting_on == meeting.meeting_on,
                Meeting.status == "preparing",
            )
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )


def group(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, slots: Sequence[Slot]
) -> Sitting:
    """Put own meetings of one day into slots that follow each other; `meeting` is one of them.

    Raises FieldRefused for one slot only (`take_apart` undoes a sitting), overlapping or past hours, OutOfOrder for a
    meeting that is not the actor's or not being prepared on that day.
    """
    open_to = {one.id: one for one in own_meetings_of_day(session, actor, meeting=meeting)}
    if (
        meeting.meeting_on is None
        or meeting.id not in open_to
        or not {slot.meeting_id for slot in slots} <= set(open_to)
    ):
        raise OutOfOrder(
            Message("Only your own meetings of this day that are being prepared can be grouped."), "A8.3"
        )
    if len({slot.meeting_id for slot in slots}) < 2:
        raise FieldRefused("slots", Message("A sitting has at least two meetings."))
    ordered = sorted(slots, key=lambda one: one.starts)
    for first, second in pairwise(ordered):
        if second.starts < first.ends:
            raise FieldRefused("slots", Message("The hours of two meetings overlap."))
    case = session.get_one(Case, meeting.case_id)
    sitting = session.get(Sitting, meeting.sitting_id) if meeting.sitting_id else None
    if sitting is None:
        sitting = Sitting(
            qps_id=case.qps_id,
            code=calling.new_code("TS-"),
            sitting_on=meeting.meeting_on,
            created_by_id=actor.id,
            created_at=now,
        )
        session.add(sitting)
        session.flush()
    for other in open_to.values():
        if other.sitting_id == sitting.id:
            other.sitting_id = None
    for slot in ordered:
        _place(open_to[slot.meeting_id], sitting, slot, now)
    audit.note(session, "sitting:grouped", object_type="sitting", object_id=sitting.id)
    return sitting


def take_apart(session: Session, now: datetime, *, meeting: Meeting) -> None:
    """The meetings of this sitting that are being prepared stand alone again, at their hours."""
    for one in session.scalars(_prepared(meeting.sitting_id)):
        one.sitting_id = None
        one.version += 1
    audit.note(session, "sitting:apart", object_type="meeting", object_id=meeting.id, case_id=meeting.case_id)


def mates(session: Session, meeting: Meeting) -> list[Meeting]:
    """The other meetings that are convened with this one: codes and times only are shown."""
    if meeting.sitting_id is None:
        return []
    return [one for one in session.scalars(_prepared(meeting.sitting_id)) if one.id != meeting.id]


def _prepared(sitting_id: UUID | None) -> Select[Meeting]:
    return (
        select(Meeting)
        .where(Meeting.sitting_id == sitting_id, Meeting.status == "preparing")
        .order_by(Meeting.starts_at, Meeting.id)
    )


def _place(meeting: Meeting, sitting: Sitting, slot: Slot, now: datetime) -> None:
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date")
    try:
        starts_at = days.civil_instant(meeting.meeting_on, slot.starts, 0)
        ends_at = days.civil_instant(meeting.meeting_on, slot.ends, 0)
    except days.NonexistentTime as refused:
        raise FieldRefused("slots", refused.text) from refused
    if ends_at <= starts_at:
        raise FieldRefused("slots", Message("The meeting ends after it begins."))
    if starts_at <= now:
        raise FieldRefused("slots", Message("The date is in the past. Choose a coming one."))
    meeting.starts_at, meeting.ends_at, meeting.sitting_id = starts_at, ends_at, sitting.id
    meeting.version += 1


def convene_sitting(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    sitting: Sitting,
    asked_from: UUID | None = None,
    late_reason: str = "",
) -> list[Meeting]:
    """Convene every meeting of the sitting or none; then one mail per member in place of one per meeting.

    Raises what `convening.convene` raises for the meeting `asked_from` (by its id); FieldRefused with the code of another
    one that may not go out: its own page says why.
    """
    meetings = list(session.scalars(_prepared(sitting.id)))
    cases = {
        case.id: case
        for case in session.scalars(select(Case).where(Case.id.in_([one.case_id for one in meetings])))
    }
    if not meetings or any(case.case_manager_id != actor.id for case in cases.values()):
        raise OutOfOrder(
            Message("Only your own meetings of this day that are being prepared can be grouped."), "A8.3"
        )
    vault.unlock(session, [key for case in cases.values() for key in (case.id, case.family_id)])
    for meeting in sorted(meetings, key=lambda one: one.id != asked_from):
        try:
            convening.convene(
                session,
                actor,
                now,
                meeting_id=meeting.id,
                case=cases[meeting.case_id],
                late_reason=late_reason,
            )
        except (FieldRefused, RuleRefused) as refused:
            if meeting.id == asked_from or asked_from is None:
                raise
            raise FieldRefused("sitting", _not_ready(meeting.code)) from refused
    session.flush()
    _one_mail_each(session, now, sitting, meetings)
    audit.note(session, "sitting:convened", object_type="sitting", object_id=sitting.id, rule="A8.3")
    return meetings


def _one_mail_each(session: Session, now: datetime, sitting: Sitting, meetings: Sequence[Meeting]) -> None:
    rows = session.execute(
        select(Invitation, Seat)
        .join(Seat, Seat.id == Invitation.seat_id)
        .where(Invitation.meeting_id.in_([one.id for one in meetings]), Invitation.outbox_id.is_not(None))
        .options(joinedload(Seat.person))
    ).all()
    of_person: dict[UUID, list[Invitation]] = {}
    people: dict[UUID, Person] = {}
    for invitation, seat in rows:
        of_person.setdefault(seat.person_id, []).append(invitation)
        people[seat.person_id] = seat.person
    by_id = {one.id: one for one in meetings}
    qps = session.get_one(Qps, sitting.qps_id)
    changes: list[dict[str, object]] = []
    for person_id, invitations in of_person.items():
        if len(invitations) < 2:
            continue  # one case only: the ordinary invitation is right
        notifications.withdraw_unsent(session, [one.outbox_id for one in invitations if one.outbox_id], now)
        theirs = sorted((by_id[one.meeting_id] for one in invitations), key=lambda one: one.starts_at or now)
        uid = inviting.new_uid()
        mail = sitting_entries.write(
            session, now, sitting=sitting, meetings=theirs, person=people[person_id], qps=qps, uid=uid
        )
        changes += [{"id": one.id, "outbox_id": mail.id, "sitting_uid": uid} for one in invitations]
    session.flush()
    if changes:
        session.execute(update(Invitation), changes)


@exclusion.when_withdrawn
def shorten_unsent_mail(session: Session, now: datetime, gone: exclusion.Withdrawn) -> None:
    """Who loses a place in one case of a sitting: the unsent mail no longer names its meeting, or goes altogether."""
    if gone.seat_id is None:
        return
    rows = session.execute(
        select(OutboxMessage, Meeting.code)
        .join(Invitation, Invitation.outbox_id == OutboxMessage.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.seat_id == gone.seat_id,
            Invitation.sitting_uid.is_not(None),
            OutboxMessage.state.in_((outbox.QUEUED, outbox.CLAIMED, outbox.HELD)),
        )
    )
    for mail, code in rows:
        slots = [slot for slot in mail.parameters["slots"] if slot["code"] != code]
        if not slots:
            mail.state, mail.ended_at = outbox.CANCELLED, now
            continue
        times = {
            "starts_at": min(slot["starts_at"] for slot in slots),
            "ends_at": max(slot["ends_at"] for slot in slots),
        }
        entry = {**mail.parameters["calendar"], **times}
        mail.parameters = {**mail.parameters, **times, "slots": slots, "calendar": entry}
