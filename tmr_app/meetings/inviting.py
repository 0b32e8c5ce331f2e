"""Who is invited: pre-selection by A8.6 and A8.11, the chair's choice, guests, and withdrawal by exclusion."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Relation
from tmr_app.cases.standing_loader import is_running
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, OutOfOrder, RuleRefused
from tmr_app.meetings.models import Invitation, Meeting, ReportRequest
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts import ActorFacts, InvitedFacts, PersonFacts
from tmr_app.regulation.verdicts import Message

REVIEWS = ("review", "reassessment")
CHAIR = "case_manager"


@dataclass
class Table:
    """A case's seats and participants as one meeting sees them. Four statements whatever the number."""

    meeting: Meeting
    seats: dict[UUID, Seat] = field(default_factory=dict)
    running: set[UUID] = field(default_factory=set)
    participants: dict[UUID, Participant] = field(default_factory=dict)
    invitations: list[Invitation] = field(default_factory=list)
    owed: list[UUID] = field(default_factory=list)
    """Seats and participants that A8.6 (or A8.11) wants invited, by id."""

    @property
    def invited(self) -> list[Invitation]:
        return [one for one in self.invitations if is_invited(one)]

    @property
    def invited_seats(self) -> list[Seat]:
        return [self.seats[one.seat_id] for one in self.invited if one.seat_id is not None]

    def candidates(self) -> list[Seat]:
        """Seats that may be invited: running, lasting or a guest's for this very meeting."""
        return [
            seat
            for seat in self.seats.values()
            if seat.id in self.running and seat.meeting_id in (None, self.meeting.id)
        ]


def is_invited(invitation: Invitation) -> bool:
    """Neither left out nor withdrawn."""
    return not invitation.left_out and invitation.withdrawn_at is None


def load(session: Session, now: datetime, *, meeting: Meeting) -> Table:
    """Everything about who may, must and does get an invitation to this meeting."""
    table = Table(meeting)
    rows = session.execute(
        select(Seat, Appointment)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .where(Seat.case_id == meeting.case_id)
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    for seat, appointment in rows:
        table.seats[seat.id] = seat
        if is_running(seat, appointment, now):
            table.running.add(seat.id)
    people = session.scalars(
        select(Participant)
        .where(Participant.case_id == meeting.case_id)
        .options(joinedload(Participant.relation).joinedload(Relation.family_member))
        .order_by(Participant.added_at, Participant.id)
    )
    table.participants = {one.id: one for one in people}
    table.invitations = list(session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)))
    table.owed = _owed(session, table)
    return table


def _owed(session: Session, table: Table) -> list[UUID]:
    if table.meeting.purpose == "closing":
        return list(table.seats)
    previous = (
        select(Meeting.id)
        .where(
            Meeting.case_id == table.meeting.case_id, Meeting.status == "held", Meeting.id != table.meeting.id
        )
        .order_by(Meeting.meeting_on.desc(), Meeting.ended_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Invitation.seat_id, Invitation.participant_id).where(
            Invitation.meeting_id == previous,
            or_(
                Invitation.attendance == "present",
                (Invitation.left_out.is_(False)) & (Invitation.withdrawn_at.is_(None)),
            ),
        )
    )
    subjects = (row[0] or row[1] for row in rows)
    return list(dict.fromkeys(one for one in subjects if one is not None))


def new_uid() -> str:
    """A calendar UID nobody can guess: a reply that names it came from its receiver."""
    return f"{uuid4().hex}@tryeza"


def _new(meeting: Meeting, *, seat: Seat | None = None, participant: Participant | None = None) -> Invitation:
    return Invitation(
        case_id=meeting.case_id,
        meeting_id=meeting.id,
        seat_id=seat.id if seat else None,
        participant_id=participant.id if participant else None,
        uid=new_uid(),
        reply_sequence=0,
    )


def add_seat(session: Session, *, meeting: Meeting, seat: Seat) -> Invitation:
    """A further seat of a meeting that sends nothing now: it is being prepared, or has begun."""
    invitation = _new(meeting, seat=seat)
    invitation.preselected = True
    session.add(invitation)
    return invitation


def preselect(session: Session, now: datetime, *, meeting: Meeting) -> Table:
    """The members of the Table, and the actors of the meeting before (A8.6) or of the whole case (A8.11)."""
    table = load(session, now, meeting=meeting)
    owed = set(table.owed)
    for seat in table.candidates():
        invitation = _new(meeting, seat=seat)
        invitation.preselected = seat.id in owed
        table.invitations.append(invitation)
    for participant in table.participants.values():
        if participant.id in owed and participant.withdrawn_at is None and _barred(participant, now) is None:
            invitation = _new(meeting, participant=participant)
            invitation.preselected = True
            table.invitations.append(invitation)
    session.add_all(table.invitations)
    return table


def _barred(participant: Participant, now: datetime) -> object | None:
    if participant.relation is None:
        return None
    verdict = exclusion.relation_excluded(participant.relation, civil_date(now))
    return verdict if verdict.refuses else None


def set_invitees(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    seat_ids: Iterable[UUID],
    participant_ids: Iterable[UUID] = (),
    reasons: Mapping[UUID, str] | None = None,
) -> Table:
    """The chair's choice while preparing. `reasons`: by seat or participant id, why one owed by A8.6 is left out.

    The case manager's own seat is always invited. Raises RuleRefused for a recused person (A10.2) or a suspected
    perpetrator (A4.5), FieldRefused for an ended seat, BadInput for a seat of another case, OutOfOrder when convened.
    """
    if meeting.status != "preparing":
        raise OutOfOrder(Message("The meeting is not being prepared any more."), "A8.3")
    table = load(session, now, meeting=meeting)
    chosen_seats, chosen_people = set(seat_ids), set(participant_ids)
    _check_seats(table, chosen_seats, now)
    _check_participants(table, chosen_people, now)
    chosen_seats |= {one.id for one in table.candidates() if one.kind == CHAIR}
    rows: dict[UUID, Invitation] = {}
    for row in table.invitations:
        subject = row.seat_id or row.participant_id
        if subject is not None:
            rows[subject] = row
    for subject in chosen_seats | chosen_people | set(table.owed):
        row = rows.get(subject) or _made(session, table, subject, rows)
        _choose(
            row,
            subject in chosen_seats | chosen_people,
            subject in table.owed,
            (reasons or {}).get(subject, ""),
        )
    for subject, row in rows.items():
        if subject not in chosen_seats | chosen_people and subject not in table.owed:
            _drop(session, table, row, now)
    meeting.version += 1
    audit.note(
        session,
        "invitees:changed",
        object_type="meeting",
        object_id=meeting.id,
        case_id=meeting.case_id,
        rule="A8.6",
    )
    return table


def _made(session: Session, table: Table, subject: UUID, rows: dict[UUID, Invitation]) -> Invitation:
    row = _new(table.meeting, seat=table.seats.get(subject), participant=table.participants.get(subject))
    session.add(row)
    table.invitations.append(row)
    rows[subject] = row
    return row


def _choose(row: Invitation, invited: bool, owed: bool, reason: str) -> None:
    row.preselected = owed
    row.left_out = not invited
    row.left_out_reason = "" if invited else reason.strip()
    if invited:
        row.withdrawn_at = None


def _drop(session: Session, table: Table, row: Invitation, now: datetime) -> None:
    """One that nobody was told of simply goes; one that was sent before stays as withdrawn."""
    if row.outbox_id is None and row.handed_over_at is None:
        table.invitations.remove(row)
        session.delete(row)
    elif row.withdrawn_at is None:
        row.withdrawn_at = now


def _check_seats(table: Table, seat_ids: set[UUID], now: datetime) -> None:
    today = civil_date(now)
    open_to_choice = {seat.id for seat in table.candidates()}
    for seat_id in seat_ids:
        seat = table.seats.get(seat_id)
        if seat is None:
            raise BadInput("no such seat")
        recused_on = civil_date(seat.recused_at) if seat.recused_at else None
        verdict = articles.a10_2_may_take_part(PersonFacts(str(seat.person_id), recused_on=recused_on), today)
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=seat.case_id)
        if seat_id not in open_to_choice:
            raise FieldRefused(
                "seats", Message("%(name)s: the seat at this Table has ended.", name=seat.person.name)
            )


def _check_participants(table: Table, participant_ids: set[UUID], now: datetime) -> None:
    for participant_id in participant_ids:
        participant = table.participants.get(participant_id)
        if participant is None:
            raise BadInput("no such participant")
        if participant.relation is not None:
            verdict = exclusion.relation_excluded(participant.relation, civil_date(now))
            if verdict.refuses:
                raise RuleRefused(verdict, case_id=participant.case_id)
        if participant.withdrawn_at is not None:
            raise FieldRefused("participants", Message("This person takes no part any more."))


def invited_facts(table: Table, *, held_on: bool = False) -> InvitedFacts:
    """The facts of A8.6 and A8.11: each actor owed an invitation, and whether this meeting invites them."""
    meeting = table.meeting
    rows = {one.seat_id or one.participant_id: one for one in table.invitations}
    invited = {one.seat_id or one.participant_id for one in table.invited}
    people = {seat.person_id for seat in table.invited_seats}
    places = {(seat.kind, seat.institution_id) for seat in table.invited_seats}
    closing = meeting.purpose == "closing"
    actors = []
    for subject in table.owed:
        row = rows.get(subject)
        reason = row.left_out_reason if row is not None else ""
        seat = table.seats.get(subject)
        if seat is None:
            participant = table.participants.get(subject)
            if participant is not None and participant.withdrawn_at is None:
                actors.append(_family_actor(participant, subject in invited, reason))
            continue
        guest = seat.meeting_id is not None
        ended = subject not in table.running and seat.recused_at is None and not guest
        if ended and not closing:  # A8.6: an ended seat is no actor any more; A8.11 asks for the successor
            continue
        actors.append(
            ActorFacts(
                str(subject),
                invited=subject in invited or seat.person_id in people,
                recused=seat.recused_at is not None,
                ended=ended,
                successor_invited=(seat.kind, seat.institution_id) in places,
                reason=reason,
            )
        )
    if meeting.meeting_on is None:
        raise ValueError("a meeting without a date")
    convened_on = civil_date(meeting.convened_at) if meeting.convened_at else None
    return InvitedFacts(
        meeting.meeting_on, tuple(actors), review=meeting.purpose in REVIEWS, convened_on=convened_on
    )


def _family_actor(participant: Participant, invited: bool, reason: str) -> ActorFacts:
    relation = participant.relation
    barred = relation is not None and relation.is_suspected_perpetrator
    return ActorFacts(str(participant.id), invited=invited, perpetrator=barred, reason=reason)


@exclusion.when_withdrawn
def withdraw_invitations(session: Session, now: datetime, gone: exclusion.Withdrawn) -> None:
    """Who lost the place loses the open invitations and the report requests, in the same unit (A4.5, A10.2)."""
    ahead = select(Meeting.id).where(
        Meeting.case_id == gone.case_id, Meeting.status.in_(("preparing", "convened", "running"))
    )
    subjects = []
    if gone.seat_id is not None:
        subjects.append(Invitation.seat_id == gone.seat_id)
    if gone.participant_ids:
        subjects.append(Invitation.participant_id.in_(gone.participant_ids))
    if not subjects:
        return
    session.execute(
        update(Invitation)
        .where(Invitation.meeting_id.in_(ahead), Invitation.withdrawn_at.is_(None), or_(*subjects))
        .values(withdrawn_at=now)
    )
    if gone.seat_id is not None:
        session.execute(
            update(ReportRequest)
            .where(
                ReportRequest.seat_id == gone.seat_id,
                ReportRequest.withdrawn_at.is_(None),
                or_(ReportRequest.meeting_id.is_(None), ReportRequest.meeting_id.in_(ahead)),
            )
            .values(withdrawn_at=now)
        )
