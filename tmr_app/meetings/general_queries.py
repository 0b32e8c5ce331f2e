"""Reads of a municipality's general meetings: each filters by the municipality of the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings.general_models import (
    GeneralInvitee,
    GeneralItem,
    GeneralMeeting,
    GeneralMinutes,
    GeneralTask,
)
from tmr_app.members.models import Institution, Municipality, Person
from tmr_app.members.roster import sent_by
from tmr_app.regulation import articles
from tmr_app.regulation.facts import GeneralMeetingFacts
from tmr_app.regulation.verdicts import Verdict

AHEAD = ("preparing", "convened", "running")


def find(session: Session, municipality_id: UUID, general_id: UUID) -> GeneralMeeting:
    """The meeting with its room. Raises NotFound for one of another municipality."""
    meeting = session.scalar(
        select(GeneralMeeting)
        .where(GeneralMeeting.id == general_id, GeneralMeeting.municipality_id == municipality_id)
        .options(joinedload(GeneralMeeting.room))
    )
    if meeting is None:
        raise NotFound("general meeting")
    return meeting


def locked(session: Session, municipality_id: UUID, general_id: UUID) -> GeneralMeeting:
    """The meeting held against a second writer."""
    meeting = session.scalar(
        select(GeneralMeeting)
        .where(GeneralMeeting.id == general_id, GeneralMeeting.municipality_id == municipality_id)
        .options(joinedload(GeneralMeeting.room))
        .with_for_update(of=GeneralMeeting)
        .execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotFound("general meeting")
    return meeting


def meetings_of(session: Session, municipality_id: UUID) -> list[GeneralMeeting]:
    """All of them, those without a date first, then the newest first."""
    found = session.scalars(
        select(GeneralMeeting)
        .where(GeneralMeeting.municipality_id == municipality_id)
        .options(joinedload(GeneralMeeting.room))
        .order_by(GeneralMeeting.meeting_on.desc(), GeneralMeeting.called_at.desc())
    ).all()
    return sorted(found, key=lambda one: one.meeting_on is not None)


def items_of(session: Session, meeting_id: UUID) -> list[GeneralItem]:
    return list(
        session.scalars(
            select(GeneralItem)
            .where(GeneralItem.meeting_id == meeting_id)
            .order_by(GeneralItem.position, GeneralItem.id)
        )
    )


def invitees_of(session: Session, meeting_id: UUID, *, fresh: bool = False) -> list[GeneralInvitee]:
    """With person, substitute and institution, in the order they were invited. `fresh`: read again what is known."""
    return list(
        session.scalars(
            select(GeneralInvitee)
            .where(GeneralInvitee.meeting_id == meeting_id)
            .options(
                joinedload(GeneralInvitee.person),
                joinedload(GeneralInvitee.substitute),
                joinedload(GeneralInvitee.institution),
            )
            .order_by(GeneralInvitee.seat_kind, GeneralInvitee.id)
            .execution_options(populate_existing=fresh)
        )
    )


def tasks_of(
    session: Session, municipality_id: UUID, *, meeting_id: UUID | None = None, open_only: bool = False
) -> list[GeneralTask]:
    """Follow-up tasks with their owners, the earliest date first."""
    query = (
        select(GeneralTask)
        .where(GeneralTask.municipality_id == municipality_id, GeneralTask.dropped_at.is_(None))
        .options(joinedload(GeneralTask.owner))
        .order_by(GeneralTask.due_on, GeneralTask.id)
    )
    if meeting_id is not None:
        query = query.where(GeneralTask.meeting_id == meeting_id)
    if open_only:
        query = query.where(GeneralTask.done_at.is_(None))
    return list(session.scalars(query))


def minutes_of(session: Session, meeting_ids: Sequence[UUID]) -> dict[UUID, GeneralMinutes]:
    """The latest version of each meeting's minutes."""
    rows = session.scalars(
        select(GeneralMinutes)
        .where(GeneralMinutes.meeting_id.in_(meeting_ids))
        .order_by(GeneralMinutes.version)
    )
    return {one.meeting_id: one for one in rows}


def last_held(
    session: Session, municipality_id: UUID, *, before: date | None = None
) -> GeneralMeeting | None:
    """The general meeting held last (before a day)."""
    query = select(GeneralMeeting).where(
        GeneralMeeting.municipality_id == municipality_id, GeneralMeeting.status == "held"
    )
    if before is not None:
        query = query.where(GeneralMeeting.meeting_on < before)
    return session.scalar(query.order_by(GeneralMeeting.meeting_on.desc()).limit(1))


@dataclass(frozen=True, slots=True)
class Schedule:
    """What A8.2 says of a municipality today: the facts and the verdict on the meeting owed now."""

    facts: GeneralMeetingFacts
    owed: Verdict
    past: tuple[Verdict, ...]


def schedule(session: Session, municipality: Municipality, now: datetime) -> Schedule | None:
    """None for a municipality without a Table: it owes no general meeting yet."""
    found = schedules(session, Municipality.id == municipality.id, now)
    return found[0][1] if found else None


def schedules(
    session: Session, places: ColumnElement[bool], now: datetime
) -> list[tuple[Municipality, Schedule]]:
    """For the municipalities that `places` picks, in one statement; those without a Table are left out."""
    today = civil_date(now)
    dated = and_(GeneralMeeting.municipality_id == Municipality.id, GeneralMeeting.meeting_on.is_not(None))
    rows = session.execute(
        select(Municipality, GeneralMeeting.status, GeneralMeeting.meeting_on)
        .outerjoin(GeneralMeeting, dated)
        .where(places, Municipality.table_registered_on.is_not(None))
        .order_by(Municipality.key)
    )
    meetings: dict[Municipality, list[tuple[str, date]]] = {}
    for place, status, on in rows:
        known = meetings.setdefault(place, [])
        if on is not None:
            known.append((status, on))
    return [
        (place, _schedule(place.table_registered_on, known, today))
        for place, known in meetings.items()
        if place.table_registered_on is not None
    ]


def _schedule(registered_on: date, meetings: Sequence[tuple[str, date]], today: date) -> Schedule:
    held = tuple(sorted(on for status, on in meetings if status == "held"))
    planned = [on for status, on in meetings if status in AHEAD and on >= today]
    facts = GeneralMeetingFacts(registered_on, held, min(planned, default=None))
    return Schedule(
        facts,
        articles.a8_2_general_meeting_quarterly(facts, today),
        articles.a8_2_past_general_meetings(facts, today),
    )


def institution_names(session: Session, ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of institutions by id, in one statement."""
    wanted = {one for one in ids if one is not None}
    rows = session.execute(select(Institution.id, Institution.name).where(Institution.id.in_(wanted)))
    return {row.id: row.name for row in rows}


def substitutes_of(
    session: Session, invitees: Sequence[GeneralInvitee], on: date
) -> dict[UUID | None, list[Person]]:
    """Who of the same institution may come instead, by institution: those rostered on that day and not invited themselves."""
    asked = {one.person_id for one in invitees}
    wanted = {one.institution_id for one in invitees if one.institution_id is not None}
    return {
        key: [person for person in people if person.id not in asked]
        for key, people in sent_by(session, wanted, on).items()
    }
