"""Incoming mail: a calendar REPLY sets a member's answer; a bounce marks the row and suspends the address (F07).

A reply is believed because it names a UID that was sent to one person only, and comes for that person's address.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import Message as Mail
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.table_models import Seat
from tmr_app.documents.calendar import Reply, UnreadableReply, parse_reply
from tmr_app.kernel import audit, outbox
from tmr_app.kernel.errors import TmrError
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import answering, general_answering
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.members.models import Person

ANSWERS = {"ACCEPTED": "yes", "DECLINED": "no"}
MOST_BYTES = 5_000_000
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,118}>")


class UnusableMail(TmrError):
    """What came is neither a calendar reply nor a bounce of ours; the text is one sentence without its content."""


@dataclass(frozen=True, slots=True)
class Received:
    """What was done: `kind` is answer, ignored or bounce; `why` a short neutral word; `meeting_ids` the meetings concerned."""

    kind: str
    why: str = ""
    meeting_ids: tuple[UUID, ...] = ()


def receive(session: Session, now: datetime, raw: bytes) -> Received:
    """Take one mail or one bare calendar entry. Raises UnusableMail for anything that cannot be used."""
    if not raw.strip():
        raise UnusableMail("Nothing came on standard input: pipe one mail into this command.")
    if len(raw) > MOST_BYTES:
        raise UnusableMail("The mail is too large: only calendar replies and bounces are received here.")
    if raw.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return answer(session, now, _parsed(raw))
    mail = message_from_bytes(raw, policy=policy.compat32)
    if _is_bounce(mail):
        return bounce(session, now, mail)
    calendar = _calendar_part(mail)
    if calendar is None:
        raise UnusableMail("This is no calendar reply and no bounce: forward it to the office's mailbox.")
    return answer(session, now, _parsed(calendar))


def _parsed(raw: bytes) -> Reply:
    try:
        return parse_reply(raw)
    except UnreadableReply as unreadable:
        raise UnusableMail(f"The calendar reply cannot be used: {unreadable}.") from unreadable


def _calendar_part(mail: Mail) -> bytes | None:
    for part in mail.walk():
        if part.get_content_type() in ("text/calendar", "application/ics"):
            content = part.get_payload(decode=True)
            return content if isinstance(content, bytes) else None
    return None


def answer(session: Session, now: datetime, reply: Reply) -> Received:
    """Set the answer of the invitation with this UID, sent to this address.

    An older SEQUENCE, a meeting that is over, or no answer yet (TENTATIVE) is ignored; a stranger's address is unusable.
    """
    rows = session.execute(
        select(Invitation, Meeting)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(or_(Invitation.uid == reply.uid, Invitation.sitting_uid == reply.uid))
        .options(
            joinedload(Invitation.seat).joinedload(Seat.person), joinedload(Invitation.substitute_person)
        )
    ).all()
    rows = [row for row in rows if _is_addressee(row[0], reply.address)]
    general = [] if rows else _general(session, reply)
    if not rows and not general:
        raise UnusableMail("The reply names no invitation that was sent to this address.")
    value = ANSWERS.get(reply.partstat)
    if value is None:
        return Received("ignored", "no answer yet")
    answered = [
        meeting.id for invitation, meeting in rows if _set(session, now, invitation, meeting, reply, value)
    ]
    answered += [
        meeting.id
        for invitee, meeting, person in general
        if general_answering.by_calendar(
            session,
            now,
            meeting=meeting,
            invitee=invitee,
            person=person,
            answer=value,
            sequence=reply.sequence,
        )
    ]
    return Received(
        "answer" if answered else "ignored", value if answered else "out of date", tuple(answered)
    )


def _general(session: Session, reply: Reply) -> list[tuple[GeneralInvitee, GeneralMeeting, Person]]:
    """The same of general meetings: an invitee's own calendar entry, or that of who was named to come instead."""
    rows = session.execute(
        select(GeneralInvitee, GeneralMeeting)
        .join(GeneralMeeting, GeneralMeeting.id == GeneralInvitee.meeting_id)
        .where(or_(GeneralInvitee.uid == reply.uid, GeneralInvitee.substitute_uid == reply.uid))
        .options(joinedload(GeneralInvitee.person), joinedload(GeneralInvitee.substitute))
    )
    found = [
        (invitee, meeting, invitee.person if invitee.uid == reply.uid else invitee.substitute)
        for invitee, meeting in rows
    ]
    return [
        (invitee, meeting, person)
        for invitee, meeting, person in found
        if person is not None and person.email.casefold() == reply.address.casefold()
    ]


def _is_addressee(invitation: Invitation, address: str) -> bool:
    people = [invitation.seat.person if invitation.seat else None, invitation.substitute_person]
    return any(person is not None and person.email.casefold() == address.casefold() for person in people)


def _set(
    session: Session, now: datetime, invitation: Invitation, meeting: Meeting, reply: Reply, value: str
) -> bool:
    gone = invitation.withdrawn_at is not None or invitation.left_out
    if (
        gone
        or meeting.status != "convened"
        or reply.sequence < max(meeting.sequence, invitation.reply_sequence)
    ):
        return False
    member = invitation.seat.person if invitation.seat else None
    from_member = member is not None and member.email.casefold() == reply.address.casefold()
    if from_member:
        invitation.answer = value
    elif value == "yes":
        invitation.answer = "substitute"
    else:
        return False  # the substitute cannot answer for the member
    if from_member and member is not None and value == "yes":
        answering.release_substitute(session, member, now, invitation=invitation)
    invitation.answered_at, invitation.answered_by = now, "calendar"
    invitation.reply_sequence = reply.sequence
    audit.note(
        session,
        "invitation:answered",
        object_type="invitation",
        object_id=invitation.id,
        case_id=invitation.case_id,
        actor_id=member.id if from_member and member else invitation.substitute_person_id,
    )
    return True


def _is_bounce(mail: Mail) -> bool:
    return mail.get_content_type() == "multipart/report" and any(
        part.get_content_type() == "message/delivery-status" for part in mail.walk()
    )


def bounce(session: Session, now: datetime, mail: Mail) -> Received:
    """A delivery status notice (RFC 3464): a failed delivery makes the row `bounced` and suspends the address.

    The row is found by the Message-ID of the returned mail. A delay is no failure. Raises UnusableMail when it is not ours.
    """
    actions = _actions(mail)
    if not actions:
        raise UnusableMail("The bounce says nothing about a delivery: forward it to the office's mailbox.")
    if "failed" not in actions:
        return Received("ignored", "delivery goes on")
    row = session.scalar(
        select(OutboxMessage).where(OutboxMessage.message_id.in_(_returned_ids(mail))).limit(1)
    )
    if row is None:
        raise UnusableMail("The bounce names no mail of this installation.")
    if row.state == outbox.BOUNCED:
        return Received("ignored", "known already")
    row.state, row.ended_at, row.last_reply = outbox.BOUNCED, now, _status(mail)
    person = session.get(Person, row.recipient_id)
    if person is not None and person.email.casefold() == row.address.casefold():
        person.address_suspended_at = person.address_suspended_at or now
    audit.note(
        session,
        "invitation:bounced",
        object_type="outbox_message",
        object_id=row.id,
        case_id=row.case_id,
        outcome="bounced",
    )
    return Received("bounce", row.kind, (row.about_id,) if row.about_id else ())


def _groups(mail: Mail) -> list[Mail]:
    """The groups of fields of the delivery status: per message, then per recipient."""
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            payload = part.get_payload()
            return [one for one in payload if isinstance(one, Mail)] if isinstance(payload, list) else []
    return []


def _actions(mail: Mail) -> set[str]:
    return {str(one.get("Action", "")).strip().lower() for one in _groups(mail)} - {""}


def _status(mail: Mail) -> str:
    codes = [str(one.get("Status", "")).strip() for one in _groups(mail)]
    known = next((code for code in codes if re.fullmatch(r"[245]\.\d{1,3}\.\d{1,3}", code)), "5.0.0")
    return f"bounced {known}"


def _returned_ids(mail: Mail) -> list[str]:
    """The Message-ID of the mail that came back, from its headers wherever the notice carries them."""
    found: list[str] = []
    for part in mail.walk():
        if part is mail:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            lines = text.decode("latin-1") if isinstance(text, bytes) else ""
            found += [str(message_from_bytes(lines.encode(), policy=policy.compat32).get("Message-ID", ""))]
        elif part.get_content_maintype() != "message" and part.get("Message-ID"):
            found.append(str(part["Message-ID"]))
        elif part.get_content_type() == "message/rfc822":
            payload = part.get_payload()
            if isinstance(payload, list) and payload and isinstance(payload[0], Mail):
                found.append(str(payload[0].get("Message-ID", "")))
    return [one for value in found for one in _MESSAGE_ID.findall(value)]
