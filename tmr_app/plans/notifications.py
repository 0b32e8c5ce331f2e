"""Who is told what about a plan: neutral mail with a link and a date, never a word of the plan or of the case (T06)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.members.models import Institution, Person
from tmr_app.plans.models import PlanVersion


def _write(
    session: Session,
    now: datetime,
    kind: str,
    person: Person,
    parameters: dict[str, Any],
    *,
    case_id: UUID | None = None,
    about_id: UUID | None = None,
    once_key: str | None = None,
) -> UUID:
    message = outbox.enqueue(
        session,
        kind=kind,
        to=person,
        now=now,
        parameters=parameters,
        case_id=case_id,
        about_id=about_id,
        once_key=once_key,
    )
    session.flush()
    return message.id


def plan_sent(session: Session, now: datetime, *, seat: Seat, version: PlanVersion) -> UUID:
    """The adopted plan waits behind the sign-in (A13.3). `seat` with its person loaded."""
    parameters = {"path": f"/cases/{version.case_id}/plan"}
    return _write(
        session, now, "plan_sent", seat.person, parameters, case_id=version.case_id, about_id=version.id
    )


def comments_asked(session: Session, now: datetime, *, seats: Sequence[Seat], version: PlanVersion) -> None:
    """The members are asked what they say on the draft (A6.1.6)."""
    for seat in seats:
        _write(
            session,
            now,
            "plan_comments_asked",
            seat.person,
            {"path": f"/cases/{version.case_id}/plan/draft"},
            case_id=version.case_id,
            about_id=version.id,
            once_key=f"plan-comments:{version.id}:{seat.id}",
        )


def objected(session: Session, now: datetime, *, case: Case, comment_id: UUID) -> None:
    """A member sees an action outside the institution's mandate (A7): the case manager is told."""
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    if manager is not None:
        parameters = {"path": f"/cases/{case.id}/plan"}
        _write(session, now, "plan_objected", manager, parameters, case_id=case.id, about_id=comment_id)


def information_asked(
    session: Session,
    now: datetime,
    *,
    person: Person,
    count: int,
    first_on: date,
    on: date,
    case_id: UUID | None,
) -> UUID:
    """One mail a day, over all cases: how many actions wait for word, and the earliest date (A14.3.1, A14.3.3).

    `case_id` where all are of one case: losing the seat there then withdraws the mail.
    """
    return _write(
        session,
        now,
        "action_information_asked",
        person,
        {"path": "/own-actions", "count": count, "first_on": first_on.isoformat()},
        case_id=case_id,
        once_key=f"actions:{person.id}:{on.isoformat()}",
    )


def no_answer(session: Session, now: datetime, *, case: Case, manager: Person, on: date) -> UUID | None:
    """Members did not answer after reminders: the case manager may write to the superior (A14.3.2). Once a day a case."""
    once_key = f"superior-offered:{case.id}:{on.isoformat()}"
    if outbox.already_written(session, [once_key]):
        return None
    return _write(
        session,
        now,
        "superior_offered",
        manager,
        {"path": f"/cases/{case.id}/plan/cooperation"},
        case_id=case.id,
        once_key=once_key,
    )


def responsible_needed(session: Session, now: datetime, *, case: Case, seat_id: UUID) -> None:
    """A member left who has open actions: somebody else of the Table must take them (A13.2.2)."""
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    once_key = f"plan-responsible:{seat_id}"
    if manager is not None and not outbox.already_written(session, [once_key]):
        _write(
            session,
            now,
            "plan_responsible_needed",
            manager,
            {"path": f"/cases/{case.id}/plan"},
            case_id=case.id,
            about_id=seat_id,
            once_key=once_key,
        )


def letter_sent(
    session: Session,
    now: datetime,
    *,
    superior: Person | None,
    institution: Institution,
    notice_id: UUID,
    language: str,
) -> UUID:
    """The superior finds the letter behind the sign-in; the mail names nobody and no case (A14.3.2).

    A superior without an account is written to at the institution's address and asked for an answer by telephone.
    """
    path = f"/own-staff/{institution.id}/letters/{notice_id}"
    if superior is not None:
        return _write(session, now, "superior_letter", superior, {"path": path}, about_id=notice_id)
    message = outbox.enqueue(
        session,
        kind="superior_letter",
        to=outbox.Address(institution.id, institution.superior_email or "", language),
        now=now,
        parameters={"path": path},
        about_id=notice_id,
    )
    session.flush()
    return message.id
