"""The one place that says who is excluded from a case (A4.5, A10.2, A18.2), asked at every exit and again when sending.

Professionals are excluded by recusal, by the end of their seat, by a missing declaration; people of the family by the
mark of (suspected) perpetrator. What was given is withdrawn here, and rooms above are told so that they withdraw theirs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, Relation
from tmr_app.cases.standing_loader import HEADS, is_running
from tmr_app.cases.table_models import BreakGlass, Declaration, Participant, Seat
from tmr_app.kernel import audit, drafts, links, outbox
from tmr_app.kernel.clock import civil_date, civil_today
from tmr_app.members.models import Appointment, DeclarationText, Person
from tmr_app.regulation.articles import a4_5_may_take_part, a10_2_may_take_part, a18_2_may_be_shown
from tmr_app.regulation.facts import PersonFacts
from tmr_app.regulation.verdicts import Message, Verdict


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What just lost its place in a case: a seat (with its successor, if any), or a person of the family."""

    case_id: UUID
    rule: str
    seat_id: UUID | None = None
    person_id: UUID | None = None
    successor_seat_id: UUID | None = None
    relation_id: UUID | None = None
    participant_ids: tuple[UUID, ...] = ()


Listener = Callable[[Session, datetime, Withdrawn], None]
_listeners: list[Listener] = []


def when_withdrawn(listener: Listener) -> Listener:
    """Register a room's own withdrawal (invitations, notices, report requests), run in the same unit of work."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(session: Session, now: datetime, withdrawn: Withdrawn) -> None:
    """Tell the rooms above."""
    for listener in _listeners:
        listener(session, now, withdrawn)


def excluded(
    session: Session, *, case_id: UUID, person_id: UUID, now: datetime, content: bool = True
) -> Message | None:
    """Why this professional may get nothing of the case now, or None. `content=False`: a notice without content,
    for which the declaration need not be signed yet.
    """
    return excluded_among(session, case_id=case_id, person_ids=[person_id], now=now, content=content).get(
        person_id
    )


def is_excluded(session: Session, case_id: UUID, person_id: UUID, now: datetime) -> Message | None:
    """As `excluded`, for content."""
    return excluded(session, case_id=case_id, person_id=person_id, now=now)


def excluded_among(
    session: Session, *, case_id: UUID, person_ids: Iterable[UUID], now: datetime, content: bool = True
) -> dict[UUID, Message]:
    """Those of these people who are excluded, with the reason: at most six statements however many they are."""
    people = set(person_ids)
    case = session.get(Case, case_id)
    if case is None:
        return dict.fromkeys(people, Message("There is no such case."))
    seats = _seats(session, case_id, people)
    in_office = _heads(session, case, people, now) | _behind_glass(session, case_id, people, now)
    declared = _declared(session, case_id, people) if content else None
    reasons = {one: _why(one, seats.get(one, []), one in in_office, declared, now) for one in people}
    return {one: reason for one, reason in reasons.items() if reason is not None}


SeatRow = tuple[Seat, Appointment | None]


def _why(
    person_id: UUID, seats: list[SeatRow], in_office: bool, declared: set[UUID] | None, now: datetime
) -> Message | None:
    """The strongest rule first: recused, seat ended, and for content no declaration, conflict not answered."""
    today = civil_date(now)
    recused = [seat.recused_at for seat, _ in seats if seat.recused_at]
    if recused:
        return a10_2_may_take_part(PersonFacts(person_id, recused_on=civil_date(min(recused))), today).reason
    running = [seat for seat, appointment in seats if is_running(seat, appointment, now)]
    if not running:
        if in_office:
            return None
        return Message("The seat at this Table has ended.") if seats else Message("No seat at this Table.")
    if declared is None:
        return None
    if person_id not in declared:
        return a18_2_may_be_shown(PersonFacts(person_id), today).reason
    if all(seat.conflict is None for seat in running):
        return Message("The question about a conflict of interest is not answered yet.")
    return None


def _seats(session: Session, case_id: UUID, people: set[UUID]) -> dict[UUID, list[SeatRow]]:
    rows = session.execute(
        select(Seat, Appointment)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .where(Seat.case_id == case_id, Seat.person_id.in_(people))
    )
    found: dict[UUID, list[SeatRow]] = {}
    for seat, appointment in rows:
        found.setdefault(seat.person_id, []).append((seat, appointment))
    return found


def _heads(session: Session, case: Case, people: set[UUID], now: datetime) -> set[UUID]:
    """The head (or acting head) of the case's own QPS has a standing of the office (A16)."""
    today = civil_date(now)
    return set(
        session.scalars(
            select(Appointment.person_id).where(
                Appointment.person_id.in_(people),
                Appointment.office.in_(HEADS),
                Appointment.qps_id == case.qps_id,
                Appointment.from_on <= today,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
        )
    )


def _behind_glass(session: Session, case_id: UUID, people: set[UUID], now: datetime) -> set[UUID]:
    return set(
        session.scalars(
            select(BreakGlass.person_id).where(
                BreakGlass.case_id == case_id, BreakGlass.person_id.in_(people), BreakGlass.until_at > now
            )
        )
    )


def _declared(session: Session, case_id: UUID, people: set[UUID]) -> set[UUID]:
    """Who signed the newest text for this case: a new text asks again."""
    newest = (
        select(DeclarationText.id)
        .where(DeclarationText.kind == "case")
        .order_by(DeclarationText.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    return {
        person_id
        for person_id in session.scalars(
            select(Declaration.person_id).where(
                Declaration.case_id == case_id,
                Declaration.person_id.in_(people),
                Declaration.text_id == newest,
            )
        )
        if person_id is not None
    }


StillTold = Callable[[Session, outbox.OutboxMessage], bool]
_still_told: list[StillTold] = []


def still_told(source: StillTold) -> StillTold:
    """Register who knows of a mail without content that goes also to somebody whose seat has ended (a signature asked
    for, A10.1). The source itself keeps recused persons out.
    """
    if source not in _still_told:
        _still_told.append(source)
    return source


def may_send(session: Session, message: outbox.OutboxMessage, now: datetime) -> bool:
    """Asked by the worker right before SMTP: whether this mail may still leave.

    A mail about no case always may. One about a case goes to whoever is still seated and not recused, and to the head of
    that case's QPS. Mails hold no content of a case, so the declaration is not asked.
    """
    if message.case_id is None:
        return True
    reason = excluded(
        session, case_id=message.case_id, person_id=message.recipient_id, now=now, content=False
    )
    return reason is None or any(source(session, message) for source in _still_told)


def relation_excluded(relation: Relation, today: date | None = None) -> Verdict:
    """A4.5: whether this person of the family may get a notice, a document, a seat. `refuses` says no."""
    facts = PersonFacts(relation.id, perpetrator=relation.is_suspected_perpetrator)
    return a4_5_may_take_part(facts, today or civil_today())


def withdraw_excluded_relation(
    session: Session, actor: Person | None, now: datetime, *, relation: Relation
) -> int:
    """A person of the family was marked (A4.5): withdraw what was given. Returns how many participations ended.

    Call it in the unit that sets the mark. Rooms above withdraw notices and invitations by `when_withdrawn`.
    """
    rule = relation_excluded(relation, civil_date(now)).duty
    rows = session.scalars(
        select(Participant).where(
            Participant.case_id == relation.case_id,
            Participant.relation_id == relation.id,
            Participant.withdrawn_at.is_(None),
        )
    ).all()
    for participant in rows:
        participant.withdrawn_at = now
        participant.withdrawn_rule = rule
        links.revoke_about(session, subject_id=participant.id, now=now)
    links.revoke_about(session, subject_id=relation.id, now=now)
    tell(
        session,
        now,
        Withdrawn(
            relation.case_id, rule, relation_id=relation.id, participant_ids=tuple(row.id for row in rows)
        ),
    )
    audit.note(
        session,
        "relation:withdrawn",
        object_type="relation",
        object_id=relation.id,
        case_id=relation.case_id,
        rule=rule,
        actor_id=actor.id if actor else None,
    )
    return len(rows)


def withdraw_person(
    session: Session,
    now: datetime,
    *,
    seat: Seat,
    rule: str,
    successor_seat_id: UUID | None = None,
) -> None:
    """A professional's place is gone: unsent mail cancelled, drafts dropped, links revoked, rooms above told.

    What concerns the person (not the seat) is spared while another seat of theirs still lives.
    """
    tell(
        session,
        now,
        Withdrawn(
            seat.case_id,
            rule,
            seat_id=seat.id,
            person_id=seat.person_id,
            successor_seat_id=successor_seat_id,
        ),
    )
    session.flush()
    another = select(Seat.id).where(
        Seat.case_id == seat.case_id,
        Seat.person_id == seat.person_id,
        Seat.id != seat.id,
        Seat.ended_at.is_(None),
    )
    if seat.recused_at is None and session.scalar(another.limit(1)) is not None:
        return
    outbox.cancel_for(session, recipient_id=seat.person_id, case_id=seat.case_id, now=now)
    drafts.drop_case(session, person_id=seat.person_id, case_id=seat.case_id)
    links.revoke_of_person(session, person_id=seat.person_id, case_id=seat.case_id, now=now)
