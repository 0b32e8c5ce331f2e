"""A member who does not answer (A14.3.2): the letter to the institution's superior, or a reason why none is written.

What is no cooperation is the case manager's judgement; the product offers, and shows the duty open until one of both is
done. The letter names the member, what was owed and when, and a random reference: nothing of the case.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy import case as when
from sqlalchemy.orm import Session, joinedload, selectinload

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, db, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder
from tmr_app.members.models import Appointment, Person
from tmr_app.plans import notifications
from tmr_app.plans.actions_now import SEAT_ID
from tmr_app.plans.models import Action, OwedItem, SuperiorNotice
from tmr_app.plans.requesting import UNANSWERED, is_silent, open_actions, requests_of, unanswered
from tmr_app.regulation.verdicts import Message

ANSWER_DAYS = 14
WAYS = ("mail", "paper")


@dataclass(frozen=True, slots=True)
class Owed:
    """One overdue action and the days on which its member was asked in vain."""

    action_key: UUID
    owed_on: date
    reminded_on: tuple[date, ...]


@dataclass(slots=True)
class Offer:
    """A member with overdue actions that nobody judged yet."""

    seat: Seat
    owed: list[Owed] = field(default_factory=list)

    @property
    def since_on(self) -> date:
        return min(one.owed_on for one in self.owed)


_JUDGED = (
    select(OwedItem.about_key, OwedItem.owed_on, SuperiorNotice.seat_id)
    .join(SuperiorNotice, SuperiorNotice.id == OwedItem.notice_id)
    .where(OwedItem.case_id == bindparam("case_id"))
)
_SEATS = (
    select(Seat)
    .where(Seat.id.in_(bindparam("seat_ids", expanding=True)))
    .options(joinedload(Seat.person), joinedload(Seat.institution))
)


TO_JUDGE = when(
    (
        and_(
            Action.planned_on < bindparam("today"),
            ~exists().where(
                SuperiorNotice.id == OwedItem.notice_id,
                SuperiorNotice.seat_id == SEAT_ID,
                OwedItem.case_id == Action.case_id,
                OwedItem.about_key == Action.action_key,
                OwedItem.owed_on == Action.planned_on,
            ),
        ),
        UNANSWERED,
    ),
    else_=0,
)
"""Beside an action of a statement about `as_they_stand`: the requests in vain about it, 0 once they were judged."""


def is_offered(planned_on: date, seat_kind: str, in_vain: int, today: date) -> bool:
    """The rule leaves it to the case manager to write to the superior, or why not: `in_vain` as `TO_JUDGE` counts."""
    return in_vain > 0 and is_silent(planned_on, seat_kind, in_vain, today)


def offers(session: Session, case: Case, now: datetime) -> list[Offer]:
    """Members whose action is overdue after two unanswered requests, without letter or reason: the longest owed first."""
    today = civil_date(now)
    asked = requests_of(session, [case.id])
    judged = {tuple(row) for row in session.execute(_JUDGED, {"case_id": case.id})}
    owed: dict[UUID, list[Owed]] = {}
    for one in open_actions(session, case_ids=[case.id]):
        silent = unanswered(one, asked.get((one.action_key, one.planned_on, one.seat_id), []))
        if (one.action_key, one.planned_on, one.seat_id) in judged or not is_silent(
            one.planned_on, one.seat_kind, len(silent), today
        ):
            continue
        days = tuple(dict.fromkeys(row.requested_on for row in silent))
        owed.setdefault(one.seat_id, []).append(Owed(one.action_key, one.planned_on, days))
    if not owed:
        return []
    seats = session.scalars(_SEATS, {"seat_ids": list(owed)})
    return sorted((Offer(seat, owed[seat.id]) for seat in seats), key=lambda one: one.since_on)


def find_offer(session: Session, case: Case, now: datetime, seat_id: UUID) -> Offer:
    """The offer about this seat. Raises OutOfOrder when nothing is owed (any more), or it was judged already."""
    for one in offers(session, case, now):
        if one.seat.id == seat_id:
            return one
    raise OutOfOrder(Message("Nothing is owed by this member after two reminders."), "A14.3.2")


def write_letter(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    seat_id: UUID,
    way: str,
    language: str,
    answer_by_on: date | None,
    once: str,
) -> SuperiorNotice:
    """The letter to the superior of the member's institution: by mail as a link, or printed and handed over.

    Raises FieldRefused when no mail can be sent (no address of a superior), OutOfOrder when nothing is owed, BadInput for an
    unknown way. Sent twice with the same key it is written once.
    """
    lock_table(session, case.id)
    before = db.made_before(session, SuperiorNotice, once)
    if before is not None:
        return before
    if way not in WAYS:
        raise BadInput("unknown way")
    offer = find_offer(session, case, now, seat_id)
    if answer_by_on is not None and answer_by_on < civil_date(now):
        raise FieldRefused("answer_by_on", Message("Give the institution until today or later."))
    row = _notice(session, actor, now, case, offer, "letter", language, once)
    row.way, row.answer_by_on = way, answer_by_on
    if way == "mail":
        _mail(session, now, offer, row)
    row.sent_at = now
    _note(session, row, "superior:written")
    session.flush()
    return row


def _mail(session: Session, now: datetime, offer: Offer, row: SuperiorNotice) -> None:
    institution = offer.seat.institution
    superior = superior_of(session, institution.id, now) if institution else None
    if institution is None or (superior is None and not institution.superior_email):
        raise FieldRefused(
            "way", Message("The roster has no superior with a mail address: print the letter instead.")
        )
    session.flush()
    row.outbox_id = notifications.letter_sent(
        session,
        now,
        superior=superior,
        institution=institution,
        notice_id=row.id,
        language=row.language,
    )


def superior_of(session: Session, institution_id: UUID, now: datetime) -> Person | None:
    """The superior of an institution who has an office here today."""
    today = civil_date(now)
    return session.scalar(
        select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.institution_id == institution_id,
            Appointment.office == "superior",
            Appointment.from_on <= today,
            (Appointment.to_on.is_(None)) | (Appointment.to_on >= today),
        )
        .order_by(Appointment.from_on)
        .limit(1)
    )


def give_reason(
    session: Session, actor: Person, now: datetime, *, case: Case, seat_id: UUID, reason: str, once: str
) -> SuperiorNotice:
    """It is no lack of cooperation: why. Raises FieldRefused without words, OutOfOrder when nothing is owed."""
    lock_table(session, case.id)
    before = db.made_before(session, SuperiorNotice, once)
    if before is not None:
        return before
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why it is no lack of cooperation."))
    offer = find_offer(session, case, now, seat_id)
    row = _notice(session, actor, now, case, offer, "reason", case.language, once)
    row.reason = reason.strip()
    _note(session, row, "superior:reason")
    session.flush()
    return row


def _notice(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    offer: Offer,
    deed: str,
    language: str,
    once: str,
) -> SuperiorNotice:
    seat = offer.seat
    row = SuperiorNotice(
        case_id=case.id,
        seat_id=seat.id,
        person_id=seat.person_id,
        institution_id=seat.institution_id,
        deed=deed,
        reference=f"TL-{secrets.token_hex(4).upper()}",
        language=language,
        decided_at=now,
        decided_by_id=actor.id,
        once_key=once,
    )
    session.add(row)
    session.flush()
    for one in offer.owed:
        session.add(
            OwedItem(
                case_id=case.id,
                notice_id=row.id,
                kind="action",
                about_key=one.action_key,
                owed_on=one.owed_on,
                reminded_on=[on.isoformat() for on in one.reminded_on],
            )
        )
    return row


def record_answer(
    session: Session, actor: Person, now: datetime, *, case_id: UUID, notice_id: UUID, answer: str
) -> SuperiorNotice:
    """What the superior answered: written by the case manager, or by the superior; the first answer stays.

    Raises OutOfOrder once it is answered, NotFound for what is no letter of this case.
    """
    lock_table(session, case_id)
    row = find_notice(session, case_id, notice_id)
    if row.deed != "letter":
        raise NotFound("letter")
    if row.answered_at is not None:
        raise OutOfOrder(Message("The answer is recorded already."), "A14.3.2")
    row.answered_at, row.answered_by_id, row.answer = now, actor.id, answer.strip()
    _note(session, row, "superior:answered")
    return row


def find_notice(session: Session, case_id: UUID, notice_id: UUID) -> SuperiorNotice:
    """One letter or reason of this case, as stored now. Raises NotFound."""
    row = session.scalar(
        _loaded()
        .where(SuperiorNotice.id == notice_id, SuperiorNotice.case_id == case_id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("letter")
    return row


def notices_of(session: Session, case_id: UUID) -> list[SuperiorNotice]:
    """Letters and reasons of a case, the newest first."""
    query = _loaded().where(SuperiorNotice.case_id == case_id)
    return list(session.scalars(query.order_by(SuperiorNotice.decided_at.desc(), SuperiorNotice.id)))


def letters_to(session: Session, institution_ids: Iterable[UUID]) -> list[SuperiorNotice]:
    """Letters written to the superior of these institutions, the newest first: nothing of a case in them."""
    query = _loaded().where(
        SuperiorNotice.institution_id.in_(set(institution_ids)), SuperiorNotice.deed == "letter"
    )
    return list(session.scalars(query.order_by(SuperiorNotice.decided_at.desc()).limit(50)))


def letter_to(session: Session, institution_id: UUID, notice_id: UUID) -> SuperiorNotice:
    """One letter to this institution's superior; unlocks the key under which the answer is kept. Raises NotFound."""
    row = session.scalar(
        _loaded().where(
            SuperiorNotice.id == notice_id,
            SuperiorNotice.institution_id == institution_id,
            SuperiorNotice.deed == "letter",
        )
    )
    if row is None:
        raise NotFound("letter")
    vault.unlock(session, [row.case_id])
    return row


def answer_until(now: datetime) -> date:
    """The day proposed for the institution's answer."""
    return civil_date(now) + timedelta(days=ANSWER_DAYS)


def _loaded() -> Select[SuperiorNotice]:
    return select(SuperiorNotice).options(
        joinedload(SuperiorNotice.person),
        joinedload(SuperiorNotice.decided_by),
        joinedload(SuperiorNotice.institution),
        selectinload(SuperiorNotice.owed),
    )


def _note(session: Session, row: SuperiorNotice, tag: str) -> None:
    audit.note(
        session,
        tag,
        object_type="superior_notice",
        object_id=row.id,
        case_id=row.case_id,
        rule="A14.3.2",
    )
