"""Break-glass: a duty case manager named beforehand opens one case for four hours (A8.8, A14.5 readings; T26)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases import table_notifications
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import BreakGlass
from tmr_app.kernel import audit, outbox, vault
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, Forbidden, NotFound, OutOfOrder
from tmr_app.members.models import Appointment, Person
from tmr_app.regulation.verdicts import Message

LASTS = timedelta(hours=4)
REVIEW_WITHIN = timedelta(days=2)


def duty_centres(session: Session, person_id: UUID, now: datetime) -> list[UUID]:
    """The QPS whose named duty case manager this person is today."""
    today = civil_date(now)
    return list(
        session.scalars(
            select(Appointment.qps_id).where(
                Appointment.person_id == person_id,
                Appointment.office == "duty_case_manager",
                Appointment.from_on <= today,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
        )
    )


def find_case(session: Session, actor: Person, now: datetime, *, number: str) -> Case:
    """The open case of this number in a QPS where the actor is on duty; FieldRefused looks the same for all others."""
    centres = duty_centres(session, actor.id, now)
    if not centres:
        raise NotFound("no duty")
    case = session.scalar(
        select(Case).where(Case.number == number.strip(), Case.qps_id.in_(centres), Case.status == "open")
    )
    if case is None:
        raise FieldRefused("number", Message("Your Centre has no open case of this number."))
    return case


def break_glass(session: Session, actor: Person, now: datetime, *, case: Case, reason: str) -> BreakGlass:
    """Open the case for four hours: reading, and calling an extraordinary meeting. Case manager and head are told at once.

    The caller has asked for password and second factor. Forbidden to whoever is not on duty for this QPS today.
    """
    if case.qps_id not in duty_centres(session, actor.id, now):
        raise Forbidden(Message("Only a duty case manager named by the head of services may do this."))
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why the case must be opened now."))
    glass = session.scalar(
        select(BreakGlass).where(
            BreakGlass.case_id == case.id, BreakGlass.person_id == actor.id, BreakGlass.until_at > now
        )
    )
    if glass is not None:
        return glass
    vault.unlock(session, [case.id])
    glass = BreakGlass(
        case_id=case.id, person_id=actor.id, opened_at=now, until_at=now + LASTS, reason=reason.strip()
    )
    session.add(glass)
    session.flush()
    table_notifications.tell_heads(session, now, case=case, kind="glass_broken", about_id=glass.id)
    table_notifications.tell_case_manager(
        session, now, case=case, kind="glass_broken", path=f"/cases/{case.id}", about_id=glass.id
    )
    _note(session, "glass:broken", glass, actor)
    return glass


def review(
    session: Session, actor: Person, now: datetime, *, glass: BreakGlass, justified: bool, text: str
) -> None:
    """The review by a second person. Forbidden to the one who opened it, OutOfOrder when reviewed before."""
    if glass.person_id == actor.id:
        raise Forbidden(Message("A second person reviews this, not the one who opened the case."))
    session.refresh(glass, with_for_update=True)
    if glass.reviewed_at is not None:
        raise OutOfOrder(Message("This has been reviewed already."))
    if not text.strip():
        raise FieldRefused("text", Message("Write what the review found."))
    vault.unlock(session, [glass.case_id])
    glass.reviewed_at, glass.reviewed_by_id, glass.justified = now, actor.id, justified
    glass.review = text.strip()
    _note(session, "glass:reviewed", glass, actor)


def _note(session: Session, tag: str, glass: BreakGlass, actor: Person) -> None:
    audit.note(
        session,
        tag,
        object_type="break_glass",
        object_id=glass.id,
        case_id=glass.case_id,
        rule="A14.5",
        actor_id=actor.id,
    )


def remind_reviews(session: Session, now: datetime) -> int:
    """For the worker: two days after it was opened and not reviewed, the head is told again, once. Returns how many."""
    waiting = session.execute(
        select(BreakGlass, Case)
        .join(Case, Case.id == BreakGlass.case_id)
        .where(BreakGlass.reviewed_at.is_(None), BreakGlass.opened_at <= now - REVIEW_WITHIN)
    ).all()
    keys = {glass.id: f"glass-review:{glass.id}" for glass, _ in waiting}
    written = outbox.already_written(session, list(keys.values()))
    told = [(glass, case) for glass, case in waiting if keys[glass.id] not in written]
    for glass, case in told:
        head = next(iter(table_notifications.heads_of(session, case.qps_id, now)), None)
        if head is not None:
            outbox.enqueue(
                session,
                kind="glass_review_due",
                to=head,
                now=now,
                parameters={"path": "/head-office"},
                case_id=case.id,
                about_id=glass.id,
                once_key=keys[glass.id],
            )
    return len(told)
