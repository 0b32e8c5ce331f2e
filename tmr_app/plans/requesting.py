"""Asking the members for word about their actions, by itself, before and after each planned date (A14.3.1, A14.3.3).

Everything that is asked of one person on one day leaves in one mail, over all cases: its key is the person and the day, so
two workers write it once. A request is kept per action; a request followed by no update counts as unanswered.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Person
from tmr_app.plans import facts, notifications
from tmr_app.plans.actions_now import CHANGE, SEAT_ID, STILL_OPEN, UPDATE, as_they_stand, in_force
from tmr_app.plans.models import Action, InformationRequest, PlanVersion
from tmr_app.regulation import articles, reminders
from tmr_app.regulation.days import Calendar
from tmr_app.regulation.reminders import Reminder
from tmr_app.regulation.verdicts import Status

ESCALATION = "action:escalate"


@dataclass(frozen=True, slots=True)
class Open:
    """An action that is not done, with the seat responsible today."""

    case_id: UUID
    action_key: UUID
    planned_on: date
    adopted_on: date
    seat_id: UUID
    person_id: UUID
    seat_kind: str
    updated_at: datetime | None

    status = "in_process"
    done_on = None
    """To the rules that look at an action: one that is not done."""

    @property
    def updated_on(self) -> date | None:
        return civil_date(self.updated_at) if self.updated_at else None


class Asked(NamedTuple):
    """A request for word on an action, made of one member on one day."""

    action_key: UUID
    planned_on: date
    seat_id: UUID
    moment: str
    requested_on: date
    requested_at: datetime


def ask(session: Session, now: datetime, *, calendar: Calendar | None = None) -> int:
    """Write today's requests and tell case managers of members who do not answer. Returns how many mails."""
    today = civil_date(now)
    found = list(open_actions(session, case_ids=None))
    asked = requests_of(session, {one.case_id for one in found})
    days = days_asked(asked)
    wanted: dict[UUID, list[tuple[Open, Reminder]]] = defaultdict(list)
    silent: dict[UUID, list[Open]] = defaultdict(list)
    for one in found:
        before = asked.get((one.action_key, one.planned_on, one.seat_id), [])
        sent = frozenset(row.moment for row in before)
        silent_since = next((row.requested_on for row in unanswered(one, before)), None)
        schedule = reminders.action_reminders(one.planned_on, one.adopted_on, calendar, silent_since)
        for due in reminders.due_today(schedule, today, sent):
            if not due.escalates and (_says_nothing_since(one, due) or _must_be_asked(one, days, today)):
                wanted[one.person_id].append((one, due))
            if due.escalates and is_silent(
                one.planned_on, one.seat_kind, len(unanswered(one, before)), today
            ):
                silent[one.case_id].append(one)
    return _ask_people(session, now, wanted) + _tell_managers(session, now, silent)


def _says_nothing_since(one: Open, due: Reminder) -> bool:
    return one.updated_on is None or one.updated_on < due.on


def _must_be_asked(one: Open, days: Mapping[tuple[UUID, date], list[date]], today: date) -> bool:
    """On the plan's own date at the latest, also whoever told something before: the plan's time limits ask (A14.3.3)."""
    asked = days.get((one.action_key, one.planned_on), ())
    answer = articles.a14_3_3_asked_by_plan_dates(
        facts.information_of(one, one.planned_on, one.adopted_on, asked), today
    )
    return answer.status in (Status.DUE, Status.OVERDUE) and one.planned_on <= today


def is_silent(planned_on: date, seat_kind: str, requests: int, today: date) -> bool:
    """The rule leaves it to the case manager to write to the superior, or why not (A14.3.2)."""
    silence = facts.silence_of(planned_on, seat_kind, requests)
    return articles.a14_3_2_superior_notified(silence, today).status is Status.DUE


def _ask_people(session: Session, now: datetime, wanted: dict[UUID, list[tuple[Open, Reminder]]]) -> int:
    today, count = civil_date(now), 0
    keys = {f"actions:{person_id}:{today.isoformat()}": person_id for person_id in wanted}
    written = {keys[key] for key in outbox.already_written(session, list(keys))}
    people = {
        one.id: one for one in session.scalars(select(Person).where(Person.id.in_(wanted.keys() - written)))
    }
    for person_id, person in people.items():
        pieces = _admitted(session, now, person_id, wanted[person_id])
        if not pieces or person.address_suspended_at is not None:
            continue
        cases = {one.case_id for one, _due in pieces}
        outbox_id = notifications.information_asked(
            session,
            now,
            person=person,
            count=len(pieces),
            first_on=min(one.planned_on for one, _due in pieces),
            on=today,
            case_id=cases.pop() if len(cases) == 1 else None,
        )
        session.add_all(_request(one, due, now, outbox_id) for one, due in pieces)
        count += 1
    session.flush()
    return count


def _admitted(
    session: Session, now: datetime, person_id: UUID, pieces: list[tuple[Open, Reminder]]
) -> list[tuple[Open, Reminder]]:
    """Without the cases from which this person is excluded."""
    barred = {
        case_id
        for case_id in {one.case_id for one, _due in pieces}
        if exclusion.excluded(session, case_id=case_id, person_id=person_id, now=now, content=False)
    }
    return [piece for piece in pieces if piece[0].case_id not in barred]


def _tell_managers(session: Session, now: datetime, silent: dict[UUID, list[Open]]) -> int:
    count = 0
    for case_id, actions in silent.items():
        case = session.get_one(Case, case_id)
        manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
        if manager is None:
            continue
        outbox_id = notifications.no_answer(session, now, case=case, manager=manager, on=civil_date(now))
        if outbox_id is None:
            continue
        for one in actions:
            on = Reminder(ESCALATION, civil_date(now), one.planned_on, escalates=True)
            session.add(_request(one, on, now, outbox_id))
        count += 1
    session.flush()
    return count


def _request(one: Open, due: Reminder, now: datetime, outbox_id: UUID) -> InformationRequest:
    return InformationRequest(
        case_id=one.case_id,
        action_key=one.action_key,
        seat_id=one.seat_id,
        person_id=one.person_id,
        moment=due.key,
        planned_on=one.planned_on,
        requested_on=civil_date(now),
        requested_at=now,
        outbox_id=outbox_id,
    )


def unanswered(one: Open, requests: Iterable[Asked]) -> list[Asked]:
    """The requests to the member that no update followed, in order."""
    return [
        row
        for row in requests
        if row.moment != ESCALATION and (one.updated_at is None or row.requested_at > one.updated_at)
    ]


UNANSWERED = (
    select(func.count(InformationRequest.id))
    .where(
        InformationRequest.case_id == Action.case_id,
        InformationRequest.action_key == Action.action_key,
        InformationRequest.planned_on == Action.planned_on,
        InformationRequest.seat_id == SEAT_ID,
        InformationRequest.moment != ESCALATION,
        or_(UPDATE.updated_at.is_(None), InformationRequest.requested_at > UPDATE.updated_at),
    )
    .correlate(Action, CHANGE, UPDATE)
    .scalar_subquery()
)
"""How many there are, beside an action of a statement about `as_they_stand`."""


def days_asked(
    requests: Mapping[tuple[UUID, date, UUID], Iterable[Asked]],
) -> dict[tuple[UUID, date], list[date]]:
    """By action and planned date: the days on which its members were asked for word."""
    found: dict[tuple[UUID, date], list[date]] = defaultdict(list)
    for (action_key, planned_on, _seat_id), rows in requests.items():
        found[action_key, planned_on] += [row.requested_on for row in rows if row.moment != ESCALATION]
    return found


_REQUESTS = (
    select(
        InformationRequest.action_key,
        InformationRequest.planned_on,
        InformationRequest.seat_id,
        InformationRequest.moment,
        InformationRequest.requested_on,
        InformationRequest.requested_at,
    )
    .where(InformationRequest.case_id.in_(bindparam("case_ids", expanding=True)))
    .order_by(InformationRequest.requested_at, InformationRequest.id)
)


def requests_of(session: Session, case_ids: Iterable[UUID]) -> dict[tuple[UUID, date, UUID], list[Asked]]:
    """Every request of these cases, by action, planned date and seat, in order."""
    found: dict[tuple[UUID, date, UUID], list[Asked]] = defaultdict(list)
    for row in session.execute(_REQUESTS, {"case_ids": list(case_ids)}):
        asked = Asked(*row)
        found[asked.action_key, asked.planned_on, asked.seat_id].append(asked)
    return found


_OWN = aliased(Seat)
_OPEN = (
    as_they_stand(
        Action.case_id,
        Action.action_key,
        Action.planned_on,
        PlanVersion.adopted_on,
        Seat.id,
        Seat.person_id,
        Seat.kind,
        UPDATE.updated_at,
    )
    .join(Case, Case.id == Action.case_id)
    .join(Seat, Seat.id == SEAT_ID)
    .where(
        *STILL_OPEN,
        Seat.ended_at.is_(None),
        Seat.recused_at.is_(None),
    )
    .order_by(Action.planned_on, Action.action_key)
)
_PERSON: BindParameter[Any] = bindparam("person_id")
_OF_ALL = _OPEN.where(in_force())
_OF_CASES = _OPEN.where(in_force(bindparam("case_ids", expanding=True)))
_OF_PERSON = _OPEN.where(
    Seat.person_id == _PERSON,
    in_force(select(_OWN.case_id).where(_OWN.person_id == _PERSON)),
)


def open_actions(
    session: Session, *, case_ids: Iterable[UUID] | None = None, person_id: UUID | None = None
) -> Iterator[Open]:
    """Actions not done of the plans in force, in open cases, whose member still sits at the Table. One statement.

    `person_id`: those of this person; else `case_ids`: only these, all open cases when None.
    """
    if person_id is not None:
        rows = session.execute(_OF_PERSON, {"person_id": person_id})
    elif case_ids is not None:
        rows = session.execute(_OF_CASES, {"case_ids": list(case_ids)})
    else:
        rows = session.execute(_OF_ALL)
    for row in rows:
        yield Open(*row)
