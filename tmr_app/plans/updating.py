"""What becomes of the actions (A14.1, A14.2): told by the responsible member or the case manager, added and never changed."""

from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Uuid, bindparam, exists, func, select
from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.cases.exclusion import Withdrawn
from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, Forbidden, NotFound, OutOfOrder, RuleRefused
from tmr_app.members.models import Person
from tmr_app.plans import notifications
from tmr_app.plans.actions_now import SEAT_ID, UPDATE, as_they_stand, in_force
from tmr_app.plans.adopting import action_facts
from tmr_app.plans.models import STATUSES, Action, ActionUpdate, PlanVersion, SeatChange
from tmr_app.plans.queries import ActionNow, actions_of, current_version, live_seats
from tmr_app.regulation import articles
from tmr_app.regulation.facts_procedure import ActionFacts, PlanFacts
from tmr_app.regulation.verdicts import Message


def find_action(session: Session, case_id: UUID, action_key: UUID) -> tuple[PlanVersion, ActionNow]:
    """An action of the plan in force. Raises OutOfOrder before the first adoption, NotFound."""
    version = current_version(session, case_id)
    if version is None:
        raise OutOfOrder(Message("The plan has not been adopted yet."), "A14.2")
    found = actions_of(session, case_id, version, action_key)
    if not found:
        raise NotFound("action")
    return version, found[0]


class Standing(NamedTuple):
    """What a deed needs of an action in force: its version, the seat responsible now and whether its holder still sits at
    the Table, how often something was told."""

    version_id: UUID
    seat_id: UUID | None
    is_live: bool
    updates: int


_LIVE = exists().where(Seat.id == SEAT_ID, Seat.ended_at.is_(None), Seat.recused_at.is_(None))
_STANDING = as_they_stand(PlanVersion.id, SEAT_ID, _LIVE, func.coalesce(UPDATE.number, 0)).where(
    in_force([bindparam("case_id", type_=Uuid())]), Action.action_key == bindparam("action_key")
)


def standing_of(session: Session, case_id: UUID, action_key: UUID) -> Standing:
    """One statement. Raises OutOfOrder before the first adoption, NotFound."""
    row = session.execute(_STANDING, {"case_id": case_id, "action_key": action_key}).one_or_none()
    if row is not None:
        return Standing(*row)
    if current_version(session, case_id) is None:
        raise OutOfOrder(Message("The plan has not been adopted yet."), "A14.2")
    raise NotFound("action")


def update(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    action_key: UUID,
    status: str,
    note: str = "",
    done_on: date | None = None,
    seat_id: UUID | None = None,
    source: str = "member",
    meeting_id: UUID | None = None,
    file_id: UUID | None = None,
    once: str | None = None,
) -> ActionUpdate:
    """Add what became of an action. `source`: member (an own action only), case_manager, review.

    Sent twice with the same key it is told once. Raises Forbidden for another member's action, BadInput for a status that
    is none of the law's three, FieldRefused without the words an answer needs or for a date to come.
    """
    lock_table(session, case.id)
    before = db.made_before(session, ActionUpdate, once)
    if before is not None:
        return before
    action = standing_of(session, case.id, action_key)
    if source == "member" and (
        not action.is_live or action.seat_id != seat_id
    ):  # asked again behind the lock
        raise Forbidden(Message("This action is another member's: only its own member updates it."))
    _check(case, status, note, done_on, civil_date(now))
    row = ActionUpdate(
        case_id=case.id,
        version_id=action.version_id,
        action_key=action_key,
        number=action.updates + 1,
        status=status,
        done_on=(done_on or civil_date(now)) if status == "done" else None,
        source=source,
        meeting_id=meeting_id,
        seat_id=seat_id,
        updated_at=now,
        updated_by_id=actor.id,
        file_id=file_id,
        once_key=once,
        note=note.strip(),
    )
    session.add(row)
    _note(session, row, f"action:{status}", "A14.2")
    session.flush()
    return row


def _check(case: Case, status: str, note: str, done_on: date | None, today: date) -> None:
    if status not in STATUSES:
        raise BadInput("unknown status")
    if status != "done" and not note.strip():
        raise FieldRefused("note", Message("Write what was done and what is missing."))
    if status != "done" and done_on is not None:
        raise FieldRefused("done_on", Message("Only an action that is done has this date."))
    if done_on is not None and done_on > today:
        raise FieldRefused("done_on", Message("This date is still to come."))
    if done_on is not None and done_on < case.opened_on:
        raise FieldRefused("done_on", Message("This date lies before the case was opened."))


def _note(session: Session, row: ActionUpdate | SeatChange, tag: str, rule: str) -> None:
    audit.note(
        session, tag, object_type="plan_action", object_id=row.action_key, case_id=row.case_id, rule=rule
    )


def give(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    action_key: UUID,
    seat_id: UUID,
    reason: str,
    number: int,
) -> SeatChange:
    """Another member becomes responsible between two versions: the Table hears of it at its next meeting (A14.6, A15).

    `number`: how many changes the page showed. Raises RuleRefused for somebody who does not sit at the Table (A13.2),
    OutOfOrder when it was changed since, FieldRefused without a reason or for the same member.
    """
    lock_table(session, case.id)
    version, action = find_action(session, case.id, action_key)
    seats = {seat.id: seat for seat in live_seats(session, case.id, now)}
    if number != changes(session, version, action_key):
        raise OutOfOrder(Message("Somebody else gave this action to a member meanwhile."), "A13.2")
    if seat_id not in seats:
        facts = action_facts(action, set())
        verdict = articles.a13_2_plan_complete(_alone(facts, civil_date(now)), civil_date(now))
        raise RuleRefused(verdict, case_id=case.id)
    if action.seat is not None and action.seat.id == seat_id:
        raise FieldRefused("seat_id", Message("This member is responsible already."))
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why another member takes the action."))
    row = _change(session, now, version, action, actor.id, seat_id, number + 1)
    row.reason = reason.strip()
    if seats[seat_id].person_id != actor.id:
        notifications.plan_sent(session, now, seat=seats[seat_id], version=version)
    _note(session, row, "action:given", "A13.2")
    session.flush()
    return row


def _alone(facts: ActionFacts, on: date) -> PlanFacts:
    whole = replace(
        facts, responsible=facts.action, responsible_at_table=False, planned_on=facts.planned_on or on
    )
    return PlanFacts((whole,), objectives=1, adopted_on=on)


def changes(session: Session, version: PlanVersion, action_key: UUID) -> int:
    """How often the responsible member of an action changed since the version was adopted."""
    found = session.scalar(
        select(func.max(SeatChange.number)).where(
            SeatChange.version_id == version.id, SeatChange.action_key == action_key
        )
    )
    return int(found or 0)


def _change(
    session: Session,
    now: datetime,
    version: PlanVersion,
    action: ActionNow,
    by_id: UUID,
    seat_id: UUID,
    number: int,
) -> SeatChange:
    row = SeatChange(
        case_id=version.case_id,
        version_id=version.id,
        action_key=action.key,
        number=number,
        from_seat_id=action.seat.id if action.seat else None,
        seat_id=seat_id,
        changed_at=now,
        changed_by_id=by_id,
    )
    session.add(row)
    return row


@exclusion.when_withdrawn
def after_withdrawal(session: Session, now: datetime, withdrawn: Withdrawn) -> None:
    """A seat ended or its holder is recused: a successor takes the open actions over; without one the case manager is told."""
    if withdrawn.seat_id is None:
        return
    version = current_version(session, withdrawn.case_id)
    if version is None:
        return
    mine = [
        one
        for one in actions_of(session, withdrawn.case_id, version)
        if one.seat is not None and one.seat.id == withdrawn.seat_id and one.is_open()
    ]
    if not mine:
        return
    successor = withdrawn.successor_seat_id
    if successor is None:
        case = session.get_one(Case, withdrawn.case_id)
        notifications.responsible_needed(session, now, case=case, seat_id=withdrawn.seat_id)
        return
    by_id = session.scalars(select(Seat.person_id).where(Seat.id == successor)).one()
    for one in mine:
        _change(session, now, version, one, by_id, successor, changes(session, version, one.key) + 1)
