"""Ending seats: by the chair, with an appointment (T04), with a meeting's window; the chair's own leaving (A4.2)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion, table_notifications
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import CaseManagerTerm, Seat
from tmr_app.kernel import audit, vault
from tmr_app.kernel.clock import KOSOVO, civil_date
from tmr_app.kernel.errors import BadInput, RuleRefused
from tmr_app.members import hooks
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.articles import a4_2_one_case_manager_chairs
from tmr_app.regulation.facts import ChairFacts

END_REASONS = ("no_longer_needed", "left_post", "replaced", "other")
"""What may be chosen on screen; `handed_over`, `appointment_ended` and `meeting_over` are set by the system."""


def lock_table(session: Session, case_id: UUID) -> None:
    """One change of a case's Table at a time on PostgreSQL (SQLite's unit is alone anyway)."""
    session.execute(select(Case.id).where(Case.id == case_id).with_for_update(key_share=True))


def end_seat(
    session: Session, actor: Person | None, now: datetime, *, seat: Seat, reason: str, note: str = ""
) -> None:
    """End a seat: at once no access, unsent mail cancelled, drafts dropped, links revoked. `reason`: END_REASONS.

    The chair's seat ends only by hand-over: RuleRefused (A4.2). A seat that has ended stays as it is.
    """
    lock_table(session, seat.case_id)
    if not seat.is_live:
        return
    if reason not in END_REASONS:
        raise BadInput("no such reason")
    if seat.kind == "case_manager":
        raise RuleRefused(a4_2_one_case_manager_chairs(ChairFacts(), civil_date(now)), case_id=seat.case_id)
    close_seat(session, actor, now, seat=seat, reason=reason, note=note)


def close_seat(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    seat: Seat,
    reason: str,
    note: str = "",
    rule: str = "A4.3",
    successor_seat_id: UUID | None = None,
) -> None:
    """End a seat whatever its kind: for this room's own deeds (hand-over, ended appointment)."""
    seat.ended_at = now
    seat.end_reason = reason
    if note:
        seat.end_note = note
    exclusion.withdraw_person(session, now, seat=seat, rule=rule, successor_seat_id=successor_seat_id)
    note_seat(session, "seat:ended", seat, actor, rule)


@hooks.when_appointment_ends
def end_seats_of_appointment(
    session: Session, actor: Person | None, now: datetime, appointment: Appointment
) -> None:
    """An appointment ended (T04): its seats end with it. With a last day still to come they end at its midnight."""
    seats = list(
        session.scalars(
            select(Seat)
            .where(Seat.appointment_id == appointment.id, Seat.ended_at.is_(None), Seat.recused_at.is_(None))
            .order_by(Seat.case_id)
        )
    )
    vault.unlock(session, {seat.case_id for seat in seats})
    over = appointment.to_on is not None and appointment.to_on < civil_date(now)
    for seat in seats:
        lock_table(session, seat.case_id)
        if not over:
            seat.ends_at = _midnight_after(appointment.to_on)
            continue
        close_seat(session, actor, now, seat=seat, reason="appointment_ended", rule="A4.1")
        if seat.kind == "case_manager":
            leave_chair(session, actor, now, seat=seat)


def close_expired_seats(session: Session, now: datetime) -> int:
    """For the periodic job: seats whose window or appointment is over get their end written. Returns how many.

    Access ended by itself; this cancels what is still queued and tells the rooms above.
    """
    today = civil_date(now)
    rows = session.execute(
        select(Seat, Appointment)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .where(
            Seat.ended_at.is_(None),
            Seat.recused_at.is_(None),
            or_(Seat.ends_at <= now, Appointment.to_on < today),
        )
    ).all()
    for seat, appointment in rows:
        gone = appointment is not None and not appointment.runs_on(today)
        reason = "appointment_ended" if gone else "meeting_over"
        close_seat(session, None, now, seat=seat, reason=reason, rule="A4.1")
        if seat.kind == "case_manager":
            leave_chair(session, None, now, seat=seat)
    return len(rows)


def _midnight_after(on: date | None) -> datetime | None:
    """The instant at which the civil day after `on` begins; None for an open end."""
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=KOSOVO) if on else None


def leave_chair(session: Session, actor: Person | None, now: datetime, *, seat: Seat) -> None:
    """The case manager is gone and nobody follows yet: the term ends, the head is told to assign another (A4.2)."""
    case = session.get_one(Case, seat.case_id)
    if case.case_manager_id != seat.person_id:
        return
    case.case_manager_id = None
    end_term(session, now, case_id=case.id)
    table_notifications.tell_heads(session, now, case=case, kind="case_manager_needed", about_id=case.id)
    note_seat(session, "case:without_case_manager", seat, actor, "A4.2")


def end_term(session: Session, now: datetime, *, case_id: UUID) -> None:
    session.execute(
        update(CaseManagerTerm)
        .where(CaseManagerTerm.case_id == case_id, CaseManagerTerm.to_at.is_(None))
        .values(to_at=now)
    )


def note_seat(session: Session, tag: str, seat: Seat, actor: Person | None, rule: str) -> None:
    audit.note(
        session,
        tag,
        object_type="seat",
        object_id=seat.id,
        case_id=seat.case_id,
        rule=rule,
        actor_id=actor.id if actor else None,
    )
