"""Appointments from day to day: appoint, end, replace. With an appointment its seats and sessions end (T04)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock
from tmr_app.kernel.errors import FieldRefused
from tmr_app.members import accounts, hooks
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.verdicts import Message

QPS_OFFICES = ("head", "case_manager", "assistant_case_manager")
INSTITUTION_OFFICES = ("representative", "substitute", "superior")
MUNICIPALITY_OFFICES = ("municipality_officer", "general_chair")
INSTALLATION_OFFICES = ("ministry_reader", "council_reader", "administrator")
OFFICES = QPS_OFFICES + INSTITUTION_OFFICES + MUNICIPALITY_OFFICES + INSTALLATION_OFFICES
CASE_OFFICES = frozenset(
    (
        *QPS_OFFICES,
        "representative",
        "substitute",
        "acting_head",
        "duty_case_manager",
    )
)
"""From these one comes to sit in cases; an administrator holds none of them (T08)."""
END_REASONS = ("left_post", "replaced", "institution_closed", "mistake", "other")

UNIT_OF_OFFICE = {
    **dict.fromkeys(QPS_OFFICES, "qps_id"),
    **dict.fromkeys(INSTITUTION_OFFICES, "institution_id"),
    **dict.fromkeys(MUNICIPALITY_OFFICES, "municipality_id"),
}
APART = Message("Administration and work on cases stay apart: an administrator takes no office in cases.")


def running(person_id: UUID, today: date) -> tuple[ColumnElement[bool], ...]:
    """Conditions for the person's appointments that are not over on `today` (coming ones included)."""
    return (
        Appointment.person_id == person_id,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )


def appoint(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    person: Person,
    office: str,
    from_on: date,
    to_on: date | None = None,
    qps_id: UUID | None = None,
    institution_id: UUID | None = None,
    municipality_id: UUID | None = None,
) -> Appointment:
    """Appoint from `from_on` to `to_on`, both days included; exactly the unit the office belongs to is given.

    Raises FieldRefused: unknown office, dates in the wrong order or over, appointed there already, oneself,
    administration mixed with cases.
    """
    given = {"qps_id": qps_id, "institution_id": institution_id, "municipality_id": municipality_id}
    wanted = UNIT_OF_OFFICE.get(office)
    if office not in OFFICES or {name for name, value in given.items() if value} != {wanted} - {None}:
        raise FieldRefused("office", Message("Choose an office and what it belongs to."))
    today = clock.civil_date(now)
    _check_dates(from_on, to_on, today)
    if actor is not None and actor.id == person.id:
        raise FieldRefused("office", Message("Nobody appoints themselves: ask another administrator."))
    present = list(session.scalars(select(Appointment).where(*running(person.id, today))))
    _check_apart(office, {one.office for one in present})
    for one in present:
        same = one.office == office and all(getattr(one, name) == value for name, value in given.items())
        if same and _overlap(one, from_on, to_on):
            raise FieldRefused("from_on", Message("This person is appointed there already in that time."))
    made = Appointment(
        person_id=person.id,
        office=office,
        from_on=from_on,
        to_on=to_on,
        named_by_id=actor.id if actor else None,
        created_at=now,
        **given,
    )
    session.add(made)
    session.flush()
    note(session, actor, "appointment:made", made)
    return made


def _overlap(one: Appointment, from_on: date, to_on: date | None) -> bool:
    return (to_on is None or one.from_on <= to_on) and (one.to_on is None or from_on <= one.to_on)


def _check_dates(from_on: date, to_on: date | None, today: date) -> None:
    if to_on is not None and to_on < from_on:
        raise FieldRefused("to_on", Message("The last day lies before the first."))
    if to_on is not None and to_on < today:
        raise FieldRefused("to_on", Message("This appointment would be over already."))


def _check_apart(office: str, held: set[str]) -> None:
    if (office == "administrator" and held & CASE_OFFICES) or (
        office in CASE_OFFICES and "administrator" in held
    ):
        raise FieldRefused("office", APART)


def change_dates(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    appointment: Appointment,
    from_on: date,
    to_on: date | None,
) -> None:
    """Set both days anew (a repeated import). A last day that is over ends seats and sessions at once."""
    if to_on is not None and to_on < from_on:
        raise FieldRefused("to_on", Message("The last day lies before the first."))
    before = appointment.to_on
    appointment.from_on, appointment.to_on = from_on, to_on
    note(session, actor, "appointment:dates", appointment)
    if to_on is not None and to_on != before:
        _after_end(session, actor, now, appointment)


def end_appointment(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    appointment: Appointment,
    to_on: date,
    reason: str = "left_post",
) -> None:
    """Set the last day. A day that is over ends seats, unsent mail and sessions at once; else at its midnight.

    Raises FieldRefused for a day before the first, or when the appointment ends earlier already.
    """
    if reason not in END_REASONS:
        raise FieldRefused("reason", Message("Choose a reason."))
    if to_on < appointment.from_on:
        raise FieldRefused("to_on", Message("The last day lies before the first."))
    if appointment.to_on is not None and appointment.to_on < to_on:
        raise FieldRefused("to_on", Message("This appointment ends earlier already."))
    appointment.to_on = to_on
    appointment.ended_reason = reason
    note(session, actor, "appointment:ended", appointment)
    _after_end(session, actor, now, appointment)


def end_at_once(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    appointment: Appointment,
    reason: str = "left_post",
) -> None:
    """From now on nothing is open by this appointment: its last day was yesterday.

    One that began today or later is taken back: both its days become yesterday, so that it never ran.
    """
    yesterday = clock.civil_date(now) - timedelta(days=1)
    if appointment.from_on > yesterday:
        appointment.from_on = yesterday
        appointment.to_on = None
    end_appointment(session, actor, now, appointment=appointment, to_on=yesterday, reason=reason)


def replace(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    appointment: Appointment,
    successor: Person,
    from_on: date,
) -> Appointment:
    """Another person takes the same office of the same unit from `from_on`; the present one's last day is the day before.

    Seats at Tables do not pass on by themselves: each case manager decides (A4.3).
    """
    if successor.id == appointment.person_id:
        raise FieldRefused("successor", Message("Choose another person."))
    made = appoint(
        session,
        actor,
        now,
        person=successor,
        office=appointment.office,
        from_on=from_on,
        qps_id=appointment.qps_id,
        institution_id=appointment.institution_id,
        municipality_id=appointment.municipality_id,
    )
    last_day = from_on - timedelta(days=1)
    if appointment.from_on > last_day:
        raise FieldRefused("from_on", Message("The present appointment begins only on that day or later."))
    end_appointment(session, actor, now, appointment=appointment, to_on=last_day, reason="replaced")
    return made


def _after_end(session: Session, actor: Person | None, now: datetime, appointment: Appointment) -> None:
    session.flush()
    hooks.appointment_ended(session, actor, now, appointment)
    if appointment.to_on is not None and appointment.to_on < clock.civil_date(now):
        _end_sessions(session, actor, appointment.person_id)


def _end_sessions(
    session: Session, actor: Person | None, person_id: UUID, begun_before: datetime | None = None
) -> int:
    account = accounts.of_person(session, person_id)
    if account is None:
        return 0
    return accounts.end_sessions(session, actor, account=account, begun_before=begun_before)


def end_expired_sessions(session: Session, now: datetime) -> int:
    """For the worker's rounds: sessions of those whose appointment's last day was yesterday. Returns how many ended.

    Only what was begun before today: whoever has another appointment signs in anew, once, and is then left alone.
    """
    today = clock.civil_date(now)
    shift = now - clock.real_now()  # sessions keep real time, appointments the demonstration's
    midnight = datetime.combine(today, time(), clock.KOSOVO) - shift
    yesterday = today - timedelta(days=1)
    people = session.scalars(select(Appointment.person_id).where(Appointment.to_on == yesterday).distinct())
    return sum(_end_sessions(session, None, person_id, midnight) for person_id in list(people))


def note(session: Session, actor: Person | None, tag: str, appointment: Appointment) -> None:
    audit.note(
        session,
        tag,
        object_type="appointment",
        object_id=appointment.id,
        actor_id=actor.id if actor else None,
        changes={
            "office": appointment.office,
            "from_on": appointment.from_on,
            "to_on": appointment.to_on,
            "person": appointment.person_id,
        },
    )
