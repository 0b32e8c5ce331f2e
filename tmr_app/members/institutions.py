"""Institutions of every kind of seat: register, change, close, and reconfirm their lists every 90 days (T04)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock
from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.text import fold
from tmr_app.members import appointing
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.regulation.catalogue import PARTICIPANT_KINDS, SEATS
from tmr_app.regulation.verdicts import Message

CONFIRMATION_DAYS = 90
QPS_KINDS = ("case_manager", "assistant_case_manager")
"""Seats of the Centre itself: filled by its own appointments, not by an institution."""
INSTITUTION_KINDS: tuple[str, ...] = tuple(
    seat.key for seat in SEATS if seat.key not in PARTICIPANT_KINDS and seat.key not in QPS_KINDS
)


def register_institution(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    seat_kind: str,
    name: str,
    municipality_id: UUID | None,
    address: str | None = None,
    superior_name: str | None = None,
    superior_title: str | None = None,
    superior_email: str | None = None,
) -> Institution:
    """Register an institution; `municipality_id` None serves the whole country. Raises FieldRefused (B21, doubled)."""
    _check(session, seat_kind, name, municipality_id, None)
    made = Institution(
        municipality_id=municipality_id,
        seat_kind=seat_kind,
        name=name,
        address=address or None,
        superior_name=superior_name or None,
        superior_title=superior_title or None,
        superior_email=superior_email or None,
        roster_confirmed_on=clock.civil_date(now),
    )
    session.add(made)
    session.flush()
    note(session, actor, "institution:registered", made)
    return made


def change_institution(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    institution: Institution,
    name: str,
    address: str | None,
    superior_name: str | None,
    superior_title: str | None,
    superior_email: str | None,
) -> None:
    """Change name, address, superior. The kind of seat and the municipality stay: another kind is another institution."""
    _check(session, institution.seat_kind, name, institution.municipality_id, institution.id)
    changed = {
        "name": name,
        "address": address or None,
        "superior_name": superior_name or None,
        "superior_title": superior_title or None,
        "superior_email": superior_email or None,
    }
    for field, value in changed.items():
        setattr(institution, field, value)
    note(session, actor, "institution:changed", institution, changed)


def _check(
    session: Session, seat_kind: str, name: str, municipality_id: UUID | None, own_id: UUID | None
) -> None:
    if seat_kind not in INSTITUTION_KINDS:
        raise FieldRefused("seat_kind", Message("The Regulation knows no such seat of an institution."))
    beside = select(Institution.name).where(
        Institution.seat_kind == seat_kind,
        Institution.municipality_id == municipality_id
        if municipality_id
        else Institution.municipality_id.is_(None),
        Institution.id != own_id,
    )
    if fold(name) in {fold(other) for other in session.scalars(beside)}:
        raise FieldRefused("name", Message("This institution is registered already."))


def close_institution(
    session: Session, actor: Person | None, now: datetime, *, institution: Institution
) -> int:
    """The institution sends nobody any more: its appointments end at once, with their seats. Returns how many."""
    institution.active = False
    running = _running(session, institution.id, clock.civil_date(now))
    for appointment in running:
        appointing.end_at_once(session, actor, now, appointment=appointment, reason="institution_closed")
    note(session, actor, "institution:closed", institution)
    return len(running)


def reopen_institution(
    session: Session, actor: Person | None, now: datetime, *, institution: Institution
) -> None:
    institution.active = True
    note(session, actor, "institution:reopened", institution)


def _running(session: Session, institution_id: UUID, today: date) -> list[Appointment]:
    return list(
        session.scalars(
            select(Appointment).where(
                Appointment.institution_id == institution_id,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
        )
    )


def confirm_roster(
    session: Session, actor: Person | None, now: datetime, *, institution: Institution
) -> None:
    """The list of this institution's people was looked through and is right, for the next 90 days."""
    institution.roster_confirmed_on = clock.civil_date(now)
    note(session, actor, "institution:roster_confirmed", institution)


def confirmation_due_on(institution: Institution) -> date | None:
    """The day by which the list is to be confirmed again; None when it never was: due now."""
    confirmed = institution.roster_confirmed_on
    return confirmed + timedelta(days=CONFIRMATION_DAYS) if confirmed else None


def is_confirmation_due(institution: Institution, today: date) -> bool:
    due_on = confirmation_due_on(institution)
    return institution.active and (due_on is None or due_on <= today)


def note(
    session: Session,
    actor: Person | None,
    tag: str,
    institution: Institution,
    changes: Mapping[str, object] | None = None,
) -> None:
    audit.note(
        session,
        tag,
        object_type="institution",
        object_id=institution.id,
        actor_id=actor.id if actor else None,
        changes=dict(changes) if changes else None,
    )
