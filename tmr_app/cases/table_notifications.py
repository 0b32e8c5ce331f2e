"""Who is told what about a Table: neutral mail, a link and nothing of the case (T06)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.standing_loader import HEADS
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, Institution, Person


def _write(
    session: Session,
    now: datetime,
    kind: str,
    person: Person,
    path: str,
    *,
    case_id: UUID | None = None,
    about_id: UUID | None = None,
    once_key: str | None = None,
) -> None:
    outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=now,
        parameters={"path": path},
        case_id=case_id,
        about_id=about_id,
        once_key=once_key,
    )


def seat_given(session: Session, now: datetime, *, seat: Seat, person: Person) -> None:
    """The person is seated: the link leads through the sign-in to the declaration (A18.2)."""
    _write(
        session,
        now,
        "seat_given",
        person,
        f"/cases/{seat.case_id}/declaration",
        case_id=seat.case_id,
        about_id=seat.id,
    )
    seat.informed_at = now


def substitute_asked(session: Session, now: datetime, *, seat: Seat) -> bool:
    """Ask the institution for another person (A10.2): its superior, else its other representative.

    The mail names no case and no person; its row carries no case either, since its reader has no seat. False when
    there is nobody to write to: the case manager asks by telephone.
    """
    if seat.institution_id is None:
        return False
    other = _superior(session, seat.institution_id, now) or _colleague(session, seat, now)
    if other is not None:
        _write(session, now, "substitute_asked", other, "/", about_id=seat.id)
        seat.substitute_asked_at = now
        return True
    institution = session.get_one(Institution, seat.institution_id)
    if not institution.superior_email:
        return False
    outbox.enqueue(
        session,
        kind="substitute_asked",
        to=outbox.Address(institution.id, institution.superior_email),
        now=now,
        parameters={"path": "/"},
        about_id=seat.id,
    )
    seat.substitute_asked_at = now
    return True


def _running(session: Session, institution_id: UUID, offices: tuple[str, ...], now: datetime) -> list[Person]:
    today = civil_date(now)
    return list(
        session.scalars(
            select(Person)
            .where(
                Person.id.in_(
                    select(Appointment.person_id).where(
                        Appointment.institution_id == institution_id,
                        Appointment.office.in_(offices),
                        Appointment.from_on <= today,
                        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
                    )
                )
            )
            .order_by(Person.name)
        )
    )


def _superior(session: Session, institution_id: UUID, now: datetime) -> Person | None:
    return next(iter(_running(session, institution_id, ("superior",), now)), None)


def _colleague(session: Session, seat: Seat, now: datetime) -> Person | None:
    """Another rostered person, never one who was recused from the same case."""
    if seat.institution_id is None:
        return None
    barred = set(
        session.scalars(
            select(Seat.person_id).where(Seat.case_id == seat.case_id, Seat.recused_at.is_not(None))
        )
    ) | {seat.person_id}
    people = _running(session, seat.institution_id, ("representative", "substitute"), now)
    return next((person for person in people if person.id not in barred), None)


def heads_of(session: Session, qps_id: UUID, now: datetime) -> list[Person]:
    """The head of services and whoever acts for the head today."""
    today = civil_date(now)
    return list(
        session.scalars(
            select(Person).where(
                Person.id.in_(
                    select(Appointment.person_id).where(
                        Appointment.qps_id == qps_id,
                        Appointment.office.in_(HEADS),
                        Appointment.from_on <= today,
                        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
                    )
                )
            )
        )
    )


def tell_heads(
    session: Session, now: datetime, *, case: Case, kind: str, about_id: UUID | None = None
) -> None:
    """`case_manager_needed`, `hand_over_proposed`, `conflict_flagged`, `glass_broken`: the link leads to the office."""
    for head in heads_of(session, case.qps_id, now):
        _write(session, now, kind, head, "/head-office", case_id=case.id, about_id=about_id)


def tell_case_manager(
    session: Session, now: datetime, *, case: Case, kind: str, path: str, about_id: UUID | None = None
) -> None:
    """`glass_broken`, `conflict_flagged`: to the case manager, when there is one."""
    if case.case_manager_id is None:
        return
    person = session.get_one(Person, case.case_manager_id)
    _write(session, now, kind, person, path, case_id=case.id, about_id=about_id)


def many_cases_opened(session: Session, now: datetime, *, centres: Iterable[UUID], person_id: UUID) -> None:
    """Tell the heads of these Centres, once a day and person, that somebody else reached the ceiling on opening cases."""
    heads = {head.id: head for qps_id in centres for head in heads_of(session, qps_id, now)}
    heads.pop(person_id, None)
    day = civil_date(now).isoformat()
    once = {key: f"many-cases:{person_id.hex}:{key.hex}:{day}" for key in heads}
    told = outbox.already_written(session, list(once.values()))
    for key, head in heads.items():
        if once[key] not in told:
            _write(
                session,
                now,
                "many_cases_opened",
                head,
                "/head-office",
                about_id=person_id,
                once_key=once[key],
            )
