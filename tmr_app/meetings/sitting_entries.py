"""The one mail and calendar entry a member has for a sitting: made when it is convened, moved with its meetings.

The entry keeps its UID; each change raises its SEQUENCE. It spans the member's own slots that are left, and is cancelled
with the last of them.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import notifications
from tmr_app.meetings.models import Invitation, Meeting, Sitting
from tmr_app.members.models import MeetingRoom, Person, Qps

Rows = Sequence[tuple[Invitation, Seat]]


def write(
    session: Session,
    now: datetime,
    *,
    sitting: Sitting,
    meetings: Sequence[Meeting],
    person: Person,
    qps: Qps,
    uid: str,
    kind: str = "sitting_invitation",
    sequence: int = 0,
    gone: str = "",
) -> OutboxMessage:
    """Times and codes; the calendar entry spans the member's own slots. The row names no case: it concerns several.

    `gone`: the code of the meeting that no longer belongs to the sitting.
    """
    room = session.get(MeetingRoom, meetings[0].room_id) if meetings[0].room_id else None
    place = notifications.location(room) if len({one.room_id for one in meetings}) == 1 else ""
    times = _times([one.starts_at for one in meetings], [one.ends_at for one in meetings])
    slots = [
        {
            "code": one.code,
            "starts": notifications.clock_time(one.starts_at),
            "ends": notifications.clock_time(one.ends_at),
            **_times([one.starts_at], [one.ends_at]),
        }
        for one in meetings
    ]
    return _enqueue(
        session,
        now,
        kind=kind,
        sitting=sitting,
        person=person,
        qps=qps,
        parameters={"slots": slots, "gone": gone},
        entry={"method": "REQUEST", "uid": uid, "sequence": sequence, "location": place, **times},
    )


def follow(
    session: Session, now: datetime, *, meeting: Meeting, rows: Rows, qps: Qps, stays: bool
) -> dict[UUID, UUID | None]:
    """A meeting of a sitting was moved (`stays`: within its day) or called off: move the members' entries.

    Returns for each invitation that had a joint mail the row that now tells of it (None: nothing had left yet). Whoever
    was told of the other meetings in time stays told of them.
    """
    shared = [(one, seat) for one, seat in rows if one.sitting_uid is not None]
    sitting = session.get(Sitting, meeting.sitting_id) if meeting.sitting_id and shared else None
    if sitting is None:
        return {}
    others = _others(session, meeting, sitting, [one.sitting_uid for one, _seat in shared])
    told: dict[UUID, UUID | None] = {}
    for invitation, seat in shared:
        uid = str(invitation.sitting_uid)
        left = [one for one, _id in others.get(uid, [])] + ([meeting] if stays else [])
        mail = _move(session, now, sitting, meeting, seat.person, qps, uid, left)
        told[invitation.id] = mail.id if mail is not None else None
        _replace_withdrawn(session, mail, [one for _meeting, one in others.get(uid, [])])
        if not stays:
            invitation.sitting_uid = None
    if not stays:
        meeting.sitting_id = None
    session.flush()
    return told


def _others(
    session: Session, meeting: Meeting, sitting: Sitting, uids: Sequence[str | None]
) -> dict[str, list[tuple[Meeting, UUID]]]:
    """The convened meetings besides this one that each joint entry still holds, with the invitation's id."""
    found: dict[str, list[tuple[Meeting, UUID]]] = {}
    rows = session.execute(
        select(Invitation.sitting_uid, Meeting, Invitation.id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(
            Invitation.sitting_uid.in_([uid for uid in uids if uid]),
            Invitation.withdrawn_at.is_(None),
            Invitation.left_out.is_(False),
            Meeting.sitting_id == sitting.id,
            Meeting.id != meeting.id,
            Meeting.status == "convened",
        )
        .order_by(Meeting.starts_at)
    )
    for uid, other, invitation_id in rows:
        found.setdefault(str(uid), []).append((other, invitation_id))
    return found


def _move(
    session: Session,
    now: datetime,
    sitting: Sitting,
    meeting: Meeting,
    person: Person,
    qps: Qps,
    uid: str,
    left: list[Meeting],
) -> OutboxMessage | None:
    """A new mail with a higher SEQUENCE, or the cancellation when nothing is left; nothing when no mail had left."""
    earlier = [
        row
        for row in session.scalars(
            select(OutboxMessage).where(
                OutboxMessage.about_id == sitting.id, OutboxMessage.recipient_id == person.id
            )
        )
        if row.parameters["calendar"]["uid"] == uid
    ]
    withdrawn = notifications.withdraw_unsent(session, [row.id for row in earlier], now)
    left_house = [row for row in earlier if row.id not in withdrawn and row.state != outbox.CANCELLED]
    if person.address_suspended_at is not None or not (left or left_house):
        return None
    sequence = max([int(row.parameters["calendar"]["sequence"]) for row in earlier], default=-1) + 1
    sequence = max([sequence, *(one.sequence for one in left)])
    if not left:
        return _cancel(session, now, sitting, meeting, person, qps, left_house[-1], sequence)
    ordered = sorted(left, key=lambda one: one.starts_at or now)
    kind = "sitting_changed" if left_house else "sitting_invitation"
    gone = meeting.code if meeting not in left else ""
    return write(
        session, now, sitting=sitting, meetings=ordered, person=person, qps=qps, uid=uid, kind=kind,
        sequence=sequence, gone=gone,
    )  # fmt: skip


def _cancel(
    session: Session,
    now: datetime,
    sitting: Sitting,
    meeting: Meeting,
    person: Person,
    qps: Qps,
    last: OutboxMessage,
    sequence: int,
) -> OutboxMessage:
    entry = {**last.parameters["calendar"], "method": "CANCEL", "sequence": sequence}
    return _enqueue(
        session, now, kind="sitting_cancelled", sitting=sitting, person=person, qps=qps,
        parameters={"gone": meeting.code}, entry=entry,
    )  # fmt: skip


def _enqueue(
    session: Session,
    now: datetime,
    *,
    kind: str,
    sitting: Sitting,
    person: Person,
    qps: Qps,
    parameters: dict[str, Any],
    entry: dict[str, Any],
) -> OutboxMessage:
    times = {name: entry[name] for name in ("starts_at", "ends_at")}
    calendar = {
        **entry, "code": sitting.code, "organizer": qps.reply_address, "organizer_name": qps.name,
    }  # fmt: skip
    return outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=now,
        parameters={
            "code": sitting.code,
            "meeting_on": sitting.sitting_on.isoformat(),
            "path": "/my-work",
            "place": entry["location"],
            "reply_to": qps.reply_address,
            **times,
            **parameters,
            "calendar": calendar,
        },
        about_id=sitting.id,
    )


def _replace_withdrawn(session: Session, mail: OutboxMessage | None, invitation_ids: Sequence[UUID]) -> None:
    """The other meetings' invitations whose joint mail was taken back unsent are told of by the new one."""
    if mail is None or not invitation_ids:
        return
    session.flush()
    unsent = select(OutboxMessage.id).where(OutboxMessage.state == outbox.CANCELLED)
    session.execute(
        update(Invitation)
        .where(Invitation.id.in_(invitation_ids), Invitation.outbox_id.in_(unsent))
        .values(outbox_id=mail.id)
        .execution_options(synchronize_session="fetch")
    )


def _times(starts: Sequence[datetime | None], ends: Sequence[datetime | None]) -> dict[str, str]:
    if None in starts or None in ends:
        raise ValueError("a meeting without times")
    first, last = min(one for one in starts if one), max(one for one in ends if one)
    return {"starts_at": first.astimezone(UTC).isoformat(), "ends_at": last.astimezone(UTC).isoformat()}
