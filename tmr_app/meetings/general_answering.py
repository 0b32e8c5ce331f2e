"""An invitee's answer to a general meeting: yes, no, or a substitute; on the page or as a calendar reply (A8.2, A9).

A substitute is rostered for the same institution and so belongs to the municipality's Table already: nobody confirms, the
person is invited at once and signs an own declaration before anything is shown (A18.2).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder
from tmr_app.meetings import general_calling, general_notifications
from tmr_app.meetings.answering import ANSWERS
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting
from tmr_app.meetings.general_queries import invitees_of, locked, substitutes_of
from tmr_app.meetings.inviting import new_uid
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


def candidates(
    session: Session, invitees: Sequence[GeneralInvitee], person_id: UUID, now: datetime
) -> list[Person]:
    """Who could come in this invitee's place: rostered for the same institution, not invited themselves."""
    mine = {one.institution_id for one in invitees if one.person_id == person_id}
    found = substitutes_of(session, invitees, civil_date(now))
    return [person for key, people in found.items() if key in mine for person in people]


def answer(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    municipality_id: UUID,
    general_id: UUID,
    answer: str,
    substitute_id: UUID | None = None,
) -> None:
    """The invitee's own answer; the last word counts.

    Raises NotFound for somebody not invited, OutOfOrder unless the meeting is convened, FieldRefused (`substitute`) for
    nobody or a stranger.
    """
    if answer not in ANSWERS:
        raise BadInput("no such answer")
    meeting = locked(session, municipality_id, general_id)
    invitees = invitees_of(
        session, meeting.id, fresh=True
    )  # somebody may have answered while the lock was awaited
    mine = [one for one in invitees if one.person_id == actor.id]
    if not mine:
        raise NotFound("invitation")
    if meeting.status != "convened":
        raise OutOfOrder(Message("This meeting is not waiting for answers."), "A8.2")
    stand_in = None
    if answer == "substitute":
        stand_in = _chosen(candidates(session, invitees, actor.id, now), substitute_id)
    offered = substitutes_of(session, invitees, civil_date(now))
    for row in mine:
        comes = stand_in if stand_in in offered.get(row.institution_id, ()) else None
        # Another institution's seat is not taken by somebody it did not roster: there the answer is no.
        _set(session, now, meeting, row, "no" if stand_in and not comes else answer, comes)
        row.reply_sequence = meeting.sequence
    general_calling.note(session, actor, "general:answered", meeting)


def _chosen(offered: Sequence[Person], substitute_id: UUID | None) -> Person:
    if substitute_id is None:
        raise FieldRefused("substitute", Message("Choose who shall come in your place."))
    for person in offered:
        if person.id == substitute_id:
            return person
    raise FieldRefused(
        "substitute", Message("A substitute is another rostered person of the same institution.")
    )


def _set(
    session: Session,
    now: datetime,
    meeting: GeneralMeeting,
    row: GeneralInvitee,
    answer: str,
    stand_in: Person | None,
) -> None:
    if row.substitute_id != (stand_in.id if stand_in else None):
        release(session, now, meeting=meeting, invitee=row)
        if stand_in is not None:
            _invite(session, now, meeting, row, stand_in)
    row.answer, row.answered_at = answer, now


def _invite(
    session: Session, now: datetime, meeting: GeneralMeeting, row: GeneralInvitee, stand_in: Person
) -> None:
    row.substitute_id, row.substitute, row.substitute_uid = stand_in.id, stand_in, new_uid()
    _tell(session, now, meeting, row, stand_in, "general_stand_in")


def release(
    session: Session,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    invitee: GeneralInvitee,
    kind: str = "general_not_needed",
) -> None:
    """Whoever was named to come instead is not needed any more: told, the calendar entry taken back. Else nothing."""
    named = session.get(Person, invitee.substitute_id) if invitee.substitute_id else None
    if named is None:
        return
    if invitee.substitute_uid is not None:
        _tell(session, now, meeting, invitee, named, kind)
    invitee.substitute_id = invitee.substitute = invitee.substitute_uid = None


def _tell(
    session: Session,
    now: datetime,
    meeting: GeneralMeeting,
    row: GeneralInvitee,
    stand_in: Person,
    kind: str,
) -> None:
    centre = general_notifications.centre_of(session, meeting.municipality_id)
    if centre is not None and stand_in.address_suspended_at is None:
        general_notifications.invitation(
            session, kind=kind, meeting=meeting, invitee=row, centre=centre, now=now, stand_in=stand_in
        )


def by_calendar(
    session: Session,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    invitee: GeneralInvitee,
    person: Person,
    answer: str,
    sequence: int,
) -> bool:
    """A calendar reply of the invitee, or of who was named to come instead. False where it says nothing any more.

    A substitute's no leaves the invitee's own answer open again: the invitee looks for somebody else.
    """
    meeting = locked(session, meeting.municipality_id, meeting.id)
    session.refresh(invitee)
    if meeting.status != "convened" or sequence < max(meeting.sequence, invitee.reply_sequence):
        return False
    if person.id == invitee.person_id:
        _set(session, now, meeting, invitee, answer, None)
    elif answer == "no":
        release(session, now, meeting=meeting, invitee=invitee)
        invitee.answer = invitee.answered_at = None
    else:
        invitee.answer, invitee.answered_at = "substitute", now
    invitee.reply_sequence = sequence
    general_calling.note(session, person, "general:answered", meeting)
    return True
