"""Who is told what about closing and transfer: neutral mail, a link and nothing of the case (T06)."""

from collections.abc import Container, Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.cases.table_notifications import heads_of
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures.models import Closing
from tmr_app.kernel import outbox
from tmr_app.members.models import Person


def _tell(
    session: Session,
    people: Iterable[Person | None],
    now: datetime,
    kind: str,
    path: str,
    *,
    case_id: UUID | None = None,
    about_id: UUID | None = None,
    once_key: str | None = None,
) -> int:
    """One mail each. A mail to somebody without a seat names no case in its row either: the sender would hold it back."""
    written = 0
    for person in people:
        if person is None or person.address_suspended_at is not None:
            continue
        outbox.enqueue(
            session,
            kind=kind,
            to=person,
            now=now,
            parameters={"path": path},
            case_id=case_id,
            about_id=about_id,
            once_key=f"{once_key}:{person.id}" if once_key else None,
        )
        written += 1
    return written


def ask_approval(session: Session, now: datetime, *, case: Case, closing: Closing) -> None:
    """The head reads the assessment and approves it, or returns it (A17.3)."""
    heads = heads_of(session, case.qps_id, now)
    path = f"/cases/{case.id}/closing/approval"
    _tell(session, heads, now, "closing_to_approve", path, case_id=case.id, about_id=closing.id)


def remind_approval(session: Session, now: datetime, *, case: Case, closing: Closing) -> int:
    heads = heads_of(session, case.qps_id, now)
    path = f"/cases/{case.id}/closing/approval"
    key = f"closing-approval:{closing.id}:{closing.version}"
    return _tell(
        session, heads, now, "closing_to_approve", path, case_id=case.id, about_id=closing.id, once_key=key
    )


def tell_decided(session: Session, now: datetime, *, case: Case, closing: Closing, accepted: bool) -> None:
    """The case manager learns what the head decided."""
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    kind = "closing_approved" if accepted else "closing_returned"
    _tell(session, [manager], now, kind, f"/cases/{case.id}/closing", case_id=case.id, about_id=closing.id)


def tell_reopened(session: Session, now: datetime, *, case: Case, closing_id: UUID) -> None:
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    _tell(
        session, [manager], now, "case_reopened", f"/cases/{case.id}/", case_id=case.id, about_id=closing_id
    )


def offer_transfer(
    session: Session, now: datetime, *, transfer: CaseTransfer, once_key: str | None = None
) -> int:
    """The heads of the receiving Centre: a transfer waits in their list."""
    heads = heads_of(session, transfer.to_qps_id, now)
    return _tell(
        session, heads, now, "transfer_offered", "/transfers", about_id=transfer.id, once_key=once_key
    )


def tell_answer(
    session: Session,
    now: datetime,
    *,
    transfer: CaseTransfer,
    people: Iterable[Person | None],
    accepted: bool,
) -> None:
    """Who offered the case, and the heads of that Centre: accepted (they have no access any more), or refused."""
    told = {
        one.id: one for one in [*people, *heads_of(session, transfer.from_qps_id, now)] if one is not None
    }
    kind, path = (
        ("transfer_accepted", "/") if accepted else ("transfer_refused", f"/cases/{transfer.case_id}/closing")
    )
    _tell(session, told.values(), now, kind, path, about_id=transfer.id)


def ask_erasure(
    session: Session, now: datetime, *, case: Case, once_key: str, known: Container[str] = ()
) -> int:
    """The heads of the Centre who were not told yet: the time of retention of a case is over."""
    heads = [one for one in heads_of(session, case.qps_id, now) if f"{once_key}:{one.id}" not in known]
    return _tell(session, heads, now, "retention_over", "/head-office", case_id=case.id, once_key=once_key)


def tell_closed(session: Session, now: datetime, *, case: Case, closing: Closing) -> None:
    """The members learn that the work of this Table has ended."""
    people = session.scalars(
        select(Person).where(
            Person.id.in_(
                select(Seat.person_id).where(
                    Seat.case_id == case.id,
                    Seat.meeting_id.is_(None),
                    Seat.ended_at.is_(None),
                    Seat.recused_at.is_(None),
                    Seat.kind != "case_manager",
                )
            )
        )
    )
    _tell(
        session, people, now, "case_closed", f"/cases/{case.id}/closing", case_id=case.id, about_id=closing.id
    )
