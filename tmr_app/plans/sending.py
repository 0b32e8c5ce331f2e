"""The version in force goes to the members (A13.3): by mail as a link, or on paper; kept for each of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case as when
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, NotFound
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.members.models import Person
from tmr_app.plans import facts, notifications
from tmr_app.plans.drafting import note
from tmr_app.plans.models import PlanSending, PlanVersion
from tmr_app.plans.queries import live_seats
from tmr_app.regulation import articles
from tmr_app.regulation.facts_procedure import PlanFacts
from tmr_app.regulation.verdicts import Verdict

REACHED_AT = when(
    (PlanSending.handed_over_at.is_not(None), PlanSending.handed_over_at),
    (OutboxMessage.state == ACCEPTED, OutboxMessage.accepted_at),
)
"""When the mail server took a member's copy, or when it was handed over; a query joins the outbox for it."""


def send(
    session: Session, actor: Person, now: datetime, *, case: Case, version: PlanVersion
) -> list[PlanSending]:
    """The version goes to every member: a mail with a link and nothing of the case, logged per member (A13.3).

    Only to those who have not got it; whoever is excluded gets nothing. May be called again for members seated later.
    """
    if version.is_draft:
        raise BadInput("a draft is not sent as the plan")
    done = set(session.scalars(select(PlanSending.seat_id).where(PlanSending.version_id == version.id)))
    seats = [one for one in live_seats(session, case.id, now) if one.id not in done]
    barred = exclusion.excluded_among(
        session, case_id=case.id, person_ids=[one.person_id for one in seats], now=now, content=False
    )
    found = []
    for seat in seats:
        if seat.person_id in barred:
            continue
        own = seat.person_id == actor.id
        row = PlanSending(
            case_id=case.id, version_id=version.id, seat_id=seat.id, person_id=seat.person_id, sent_at=now
        )
        if own:
            row.handed_over_at, row.handed_over_by_id = now, actor.id
        else:
            row.outbox_id = notifications.plan_sent(session, now, seat=seat, version=version)
        session.add(row)
        found.append(row)
    if found:
        note(session, "plan:sent", version, "A13.3")
    return found


def hand_over(session: Session, actor: Person, now: datetime, *, case: Case, sending_id: UUID) -> None:
    """The plan was given to a member on paper: recorded, for whom no mail reached. Raises NotFound."""
    row = session.scalar(
        select(PlanSending).where(PlanSending.id == sending_id, PlanSending.case_id == case.id)
    )
    if row is None:
        raise NotFound("sending")
    if row.handed_over_at is None:
        row.handed_over_at, row.handed_over_by_id = now, actor.id
        version = session.get_one(PlanVersion, row.version_id)
        note(session, "plan:handed-over", version, "A13.3")


@dataclass(frozen=True, slots=True)
class Sent:
    """To whom a version went, in which seat, and when it reached that member."""

    row: PlanSending
    seat: Seat
    reached_at: datetime | None


def sent_facts(version: Any, seats: Collection[UUID], reached: Mapping[UUID, datetime | None]) -> PlanFacts:
    """A13.3: `seats` of today's members, `reached` by seat. The ledger asks with the same."""
    days = {seat_id: civil_date(at) for seat_id, at in reached.items() if at is not None}
    return PlanFacts(
        adopted_on=version.adopted_on,
        members=len(seats),
        sent_to=len(days.keys() & seats),
        sent_on=max(days.values(), default=None),
    )


def sent(
    version: facts.Adoption, seats: Collection[UUID], reached: Mapping[UUID, datetime | None], today: date
) -> Verdict:
    """Whether the version in force has reached every member (A13.3): `seats` of today, `reached` by seat."""
    return articles.a13_3_plan_sent(sent_facts(version, seats, reached), today)


def sendings_of(session: Session, version: PlanVersion) -> list[Sent]:
    """To whom a version went. One statement."""
    rows = session.execute(
        select(PlanSending, Seat, REACHED_AT)
        .join(Seat, Seat.id == PlanSending.seat_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == PlanSending.outbox_id)
        .where(PlanSending.version_id == version.id)
        .options(joinedload(PlanSending.person), joinedload(Seat.institution))
        .order_by(PlanSending.sent_at, PlanSending.id)
    )
    return [Sent(*row) for row in rows]
