"""Who was there (A9): one mark per invitee; absence is recorded and never blocks, the text knows no quorum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Relation
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, RuleRefused
from tmr_app.meetings.inviting import new_uid
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts import PersonFacts
from tmr_app.regulation.verdicts import Message

PRESENCE = ("present", "absent_with_reason", "absent", "substitute")


@dataclass(frozen=True, slots=True)
class Mark:
    """What was noted for one invitee: presence ("" = nothing yet), reason, and the version the writer saw."""

    presence: str
    reason: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Clash:
    """Somebody else marked this invitee otherwise meanwhile: both marks; the stored one stands."""

    invitation_id: UUID
    mine: Mark
    theirs: Mark


def record(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, marks: Mapping[UUID, Mark]
) -> list[Clash]:
    """Write the marks that nobody else changed; the others come back as clashes, nothing is overwritten.

    `meeting` comes from `discussing.writable`. Raises BadInput for an invitation of another meeting, FieldRefused
    (`presence:<id>`: a substitute who is not confirmed; `reason:<id>`: an absence with reason lacks it),
    RuleRefused (A4.5, A10.2).
    """
    rows = _rows(session, meeting, set(marks))
    clashes, written = [], 0
    for invitation_id, mark in marks.items():
        row = rows[invitation_id]
        reason = mark.reason.strip()
        stored = Mark(row.attendance or "", row.attendance_reason, row.attendance_version or 0)
        if (mark.presence, reason) == (stored.presence, stored.reason):
            continue
        if mark.version != stored.version:
            clashes.append(Clash(invitation_id, mark, stored))
            continue
        _check(row, mark.presence, reason, now)
        row.attendance, row.attendance_reason = mark.presence or None, reason
        row.attendance_noted_at, row.attendance_version = now, stored.version + 1
        written += 1
    if written:
        _note(session, meeting, "attendance:recorded")
    return clashes


def mark_rest_present(session: Session, actor: Person, now: datetime, *, meeting: Meeting) -> int:
    """Everybody with no mark yet was there. Returns how many."""
    rows = [one for one in _rows(session, meeting, None).values() if not one.attendance]
    for row in rows:
        _check(row, "present", "", now)
        row.attendance, row.attendance_noted_at = "present", now
        row.attendance_version = (row.attendance_version or 0) + 1
    if rows:
        _note(session, meeting, "attendance:recorded")
    return len(rows)


def note_who_came(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    seat_id: UUID | None = None,
    participant_id: UUID | None = None,
) -> Invitation:
    """Somebody of the Table, or of the family taking part, came without being invited: they join the list as present.

    Raises NotFound, FieldRefused on `who` (not declared, seat ended), RuleRefused (A4.5, A10.2).
    """
    row = Invitation(
        case_id=meeting.case_id, meeting_id=meeting.id, uid=new_uid(), reply_sequence=0, attendance_version=1
    )
    if seat_id is not None:
        seat = session.get(Seat, seat_id)
        if seat is None or seat.case_id != meeting.case_id or seat.meeting_id not in (None, meeting.id):
            raise NotFound("seat")
        recused_on = civil_date(seat.recused_at) if seat.recused_at else None
        verdict = articles.a10_2_may_take_part(
            PersonFacts(str(seat.person_id), recused_on=recused_on), civil_date(now)
        )
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=meeting.case_id)
        refused = exclusion.is_excluded(session, meeting.case_id, seat.person_id, now)
        if refused is not None:
            raise FieldRefused("who", refused)
        row.seat_id = seat.id
    else:
        participant = _participant(session, meeting, participant_id)
        _check_family(participant, now)
        row.participant_id = participant.id
    if _listed(session, meeting, row):
        raise FieldRefused("who", Message("This person is on the list already."))
    row.attendance, row.attendance_noted_at = "present", now
    session.add(row)
    _note(session, meeting, "attendance:came")
    return row


def _listed(session: Session, meeting: Meeting, row: Invitation) -> bool:
    """Whether the person has a row already; one left out or withdrawn before stays as it is."""
    same = (
        Invitation.seat_id == row.seat_id if row.seat_id else Invitation.participant_id == row.participant_id
    )
    found = session.scalar(select(Invitation.id).where(Invitation.meeting_id == meeting.id, same))
    return found is not None


def _participant(session: Session, meeting: Meeting, participant_id: UUID | None) -> Participant:
    found = session.scalar(
        select(Participant)
        .where(
            Participant.id == participant_id,
            Participant.case_id == meeting.case_id,
            Participant.withdrawn_at.is_(None),
        )
        .options(joinedload(Participant.relation).joinedload(Relation.family_member))
    )
    if found is None:
        raise NotFound("participant")
    return found


def _rows(session: Session, meeting: Meeting, wanted: set[UUID] | None) -> dict[UUID, Invitation]:
    query = (
        select(Invitation)
        .where(
            Invitation.meeting_id == meeting.id,
            Invitation.left_out.is_(False),
            Invitation.withdrawn_at.is_(None),
        )
        .options(
            joinedload(Invitation.participant)
            .joinedload(Participant.relation)
            .joinedload(Relation.family_member),
            joinedload(Invitation.seat),
        )
        .order_by(Invitation.id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    )
    rows = {row.id: row for row in session.scalars(query)}
    if wanted is not None and not wanted <= set(rows):
        raise BadInput("an invitation that is not on the list")
    return rows


def _check(row: Invitation, presence: str, reason: str, now: datetime) -> None:
    if presence and presence not in PRESENCE:
        raise BadInput("no such presence")
    if presence == "absent_with_reason" and not reason:
        raise FieldRefused(
            f"reason:{row.id}", Message("Write the reason of the absence, or choose “absent”.")
        )
    if presence == "substitute" and row.substitute_seat_id is None:
        raise FieldRefused(f"presence:{row.id}", Message("No substitute is confirmed for this member."))
    if presence == "present" and row.participant is not None:
        _check_family(row.participant, now)


def _check_family(participant: Participant, now: datetime) -> None:
    if participant.relation is None:
        return
    verdict = exclusion.relation_excluded(participant.relation, civil_date(now))
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=participant.case_id)


def _note(session: Session, meeting: Meeting, tag: str) -> None:
    audit.note(session, tag, object_type="meeting", object_id=meeting.id, case_id=meeting.case_id, rule="A9")
