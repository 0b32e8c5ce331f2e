"""Convening a general meeting: invitees fixed from the roster, figures frozen, one mail with calendar entry each (A8.2).

Article 8, paragraph 3 speaks of case meetings; its three days apply here by analogy, so a shorter notice warns and is
shown as late, but is not refused.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings import general_answering, general_calling, general_figures, general_notifications
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.general_queries import invitees_of, locked
from tmr_app.meetings.notifications import withdraw_unsent
from tmr_app.members.models import Municipality, Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts import NoticeFacts
from tmr_app.regulation.verdicts import Message, Verdict


def notice(meeting: GeneralMeeting, sent_on: date | None, today: date) -> Verdict | None:
    """What A8.3 would say, by analogy: None without a date. It warns here and refuses nothing."""
    if meeting.meeting_on is None:
        return None
    facts = NoticeFacts(
        meeting.meeting_on, sent_on=sent_on, general=True, cancelled=meeting.status == "cancelled"
    )
    return articles.a8_3_notice_in_time(facts, today)


def is_late(meeting: GeneralMeeting, today: date) -> bool:
    """Whether invitations sent today go out less than three days before the date."""
    verdict = notice(meeting, today, today)
    return verdict is not None and verdict.status not in ("met", "waived")


def sent_on(session: Session, meeting: GeneralMeeting) -> date | None:
    """The day on which the last invitee's mail was accepted; None while one is still on its way."""
    if meeting.convened_at is None:
        return None
    at = session.scalars(
        select(OutboxMessage.accepted_at)
        .join(GeneralInvitee, GeneralInvitee.outbox_id == OutboxMessage.id)
        .where(GeneralInvitee.meeting_id == meeting.id, OutboxMessage.state == ACCEPTED)
    ).all()
    latest = max((one for one in at if one is not None), default=meeting.convened_at)
    return civil_date(latest)


def convene(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    municipality: Municipality,
    general_id: UUID,
    late_reason: str = "",
    version: int | None = None,
) -> GeneralMeeting:
    """Send the invitations. A second submission changes nothing.

    Raises OutOfOrder without a date, FieldRefused for a past one, without invitees, or late without a reason, Stale.
    """
    meeting = locked(session, municipality.id, general_id)
    if meeting.status == "convened":
        return meeting
    general_calling.require_preparing(meeting)
    general_calling.check_version(meeting, version)
    today = civil_date(now)
    _check(meeting, now, today, late_reason)
    rows, gone = general_calling.invite_standing(
        session, meeting=meeting, municipality=municipality, today=today
    )
    for row in gone:
        general_answering.release(session, now, meeting=meeting, invitee=row)
        session.delete(row)
    if not rows:
        raise FieldRefused(
            "version", Message("Nobody is on the roster for the 14 kinds of seat: fill it first.")
        )
    centre = general_notifications.centre_of(session, municipality.id)
    if centre is None:
        raise OutOfOrder(Message("The Centre for Social Work or its head of services is not named."), "A3")
    quarter = general_figures.last_quarter(today)
    meeting.figures = general_figures.stored(
        quarter, general_figures.count(session, municipality.id, quarter)
    )
    if is_late(meeting, today):
        meeting.late_reason = late_reason.strip()
    again = meeting.convened_at is not None
    meeting.sequence += again
    meeting.status, meeting.convened_at, meeting.convened_by_id = "convened", now, actor.id
    meeting.version += 1
    mails = {
        row.id: general_notifications.invitation(
            session,
            kind="general_changed" if again else "general_invitation",
            meeting=meeting,
            invitee=row,
            centre=centre,
            now=now,
        )
        for row in rows
        if row.person.address_suspended_at is None
    }
    session.flush()
    for row in rows:
        mail = mails.get(row.id)
        row.outbox_id = mail.id if mail else None
        mine = row.person_id == actor.id
        general_answering.release(session, now, meeting=meeting, invitee=row)
        row.answer, row.answered_at = ("yes", now) if mine else (None, None)
    general_calling.note(session, actor, "general:convened", meeting)
    return meeting


def _check(meeting: GeneralMeeting, now: datetime, today: date, late_reason: str) -> None:
    if meeting.meeting_on is None or meeting.starts_at is None:
        raise OutOfOrder(Message("Choose date and place first."), "A8.2")
    if meeting.starts_at <= now:
        raise FieldRefused("late_reason", Message("The date is in the past. Choose a coming one."))
    if is_late(meeting, today) and not late_reason.strip():
        raise FieldRefused(
            "late_reason", Message("Write why the invitations go out less than three days before.")
        )


def put_off(
    session: Session, actor: Person, now: datetime, *, municipality_id: UUID, general_id: UUID
) -> GeneralMeeting:
    """Prepare a convened meeting anew, to choose another date: it goes out again under the same calendar UIDs."""
    meeting = locked(session, municipality_id, general_id)
    if meeting.status == "preparing":
        return meeting
    if meeting.status != "convened":
        raise OutOfOrder(Message("Only a convened meeting is changed."), "A8.2")
    meeting.status = "preparing"
    meeting.version += 1
    meeting.late_reason = None
    general_calling.note(session, actor, "general:put-off", meeting)
    return meeting


def cancel(
    session: Session, actor: Person, now: datetime, *, municipality_id: UUID, general_id: UUID, reason: str
) -> GeneralMeeting:
    """Call it off: METHOD:CANCEL to everyone whose invitation left. The quarter's duty stays open (A8.2)."""
    meeting = locked(session, municipality_id, general_id)
    if meeting.status == "cancelled":
        return meeting
    if meeting.status not in ("preparing", "convened"):
        raise OutOfOrder(Message("The meeting is over or cancelled."), "A8.2")
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    rows = invitees_of(session, meeting.id)
    unsent = withdraw_unsent(session, [one.outbox_id for one in rows if one.outbox_id], now)
    centre = general_notifications.centre_of(session, municipality_id)
    meeting.sequence += 1
    for row in rows:
        general_answering.release(session, now, meeting=meeting, invitee=row, kind="general_cancelled")
        reached = row.outbox_id is not None and row.outbox_id not in unsent
        if centre is not None and reached and row.person.address_suspended_at is None:
            general_notifications.invitation(
                session, kind="general_cancelled", meeting=meeting, invitee=row, centre=centre, now=now
            )
    meeting.status, meeting.cancelled_at, meeting.cancel_reason = "cancelled", now, reason.strip()
    meeting.version += 1
    general_calling.note(session, actor, "general:cancelled", meeting)
    return meeting
