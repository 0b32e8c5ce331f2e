"""Calling and preparing a general meeting: date and place, agenda, who is invited (A8.2)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder, Stale
from tmr_app.meetings.calling import new_code
from tmr_app.meetings.general_models import GeneralInvitee, GeneralItem, GeneralMeeting
from tmr_app.meetings.general_queries import invitees_of, items_of
from tmr_app.meetings.inviting import new_uid
from tmr_app.members import roster as rosters
from tmr_app.members.models import MeetingRoom, Municipality, Person
from tmr_app.members.roster import KINDS_4_1, Roster
from tmr_app.regulation import days
from tmr_app.regulation.verdicts import Message

ITEMS: dict[str, Message] = {
    "minutes": Message("Minutes of the last general meeting: approval"),
    "tasks": Message("What became of the tasks of the last meeting"),
    "figures": Message("The quarter's figures"),
    "risk": Message("The general situation of risk to children's well-being in the municipality"),
    "needs": Message("Obstacles, needs and proposals to the municipality"),
    "next": Message("Date of the next general meeting"),
}
"""The agenda of every general meeting; what the chair adds is of kind "free"."""
REPORT = "report"
"""The annual report put on the agenda (A5.1.6); the item's title is the year reported on."""


def item_title(kind: str, title: str) -> Message:
    """The words of an agenda item, on the pages and in the minutes."""
    if kind == REPORT:
        return Message("Annual report %(year)s: discussion and adoption", year=title)
    return ITEMS.get(kind) or Message("%(title)s", title=title)


@dataclass(frozen=True, slots=True)
class GeneralWhen:
    """Date, times and room as typed; `fold`: the first or second of a doubled hour."""

    on: date
    starts: time
    ends: time
    room_id: UUID | None
    fold: int | None = None


def call(
    session: Session, actor: Person, now: datetime, *, municipality: Municipality, once: str | None = None
) -> GeneralMeeting:
    """Open the preparation of the next general meeting, its agenda laid out. The same `once` gives the same meeting.

    Raises OutOfOrder without a Table, or while another one is being prepared.
    """
    called = session.scalar(select(GeneralMeeting).where(GeneralMeeting.once == once)) if once else None
    if called is not None and called.municipality_id == municipality.id:
        return called
    if municipality.table_registered_on is None:
        raise OutOfOrder(Message("The municipality has not established its Table."), "A3")
    session.execute(select(Municipality.id).where(Municipality.id == municipality.id).with_for_update())
    ahead = session.scalar(
        select(GeneralMeeting.code).where(
            GeneralMeeting.municipality_id == municipality.id,
            GeneralMeeting.status.in_(("preparing", "convened", "running")),
        )
    )
    if ahead is not None:
        raise OutOfOrder(
            Message("General meeting %(code)s is still ahead: hold or cancel it first.", code=ahead), "A8.2"
        )
    meeting = GeneralMeeting(
        municipality_id=municipality.id,
        code=_free_code(session),
        status="preparing",
        language=actor.language,
        called_by_id=actor.id,
        called_at=now,
        once=once,
        sequence=0,
        version=1,
    )
    session.add(meeting)
    session.flush()
    for position, kind in enumerate(ITEMS, 1):
        session.add(
            GeneralItem(
                municipality_id=municipality.id,
                meeting_id=meeting.id,
                position=position,
                kind=kind,
                version=1,
            )
        )
    note(session, actor, "general:called", meeting)
    return meeting


def _free_code(session: Session) -> str:
    code = new_code("TP-")
    while session.scalar(select(GeneralMeeting.id).where(GeneralMeeting.code == code)) is not None:
        code = new_code("TP-")
    return code


def require_preparing(meeting: GeneralMeeting) -> None:
    if meeting.status != "preparing":
        raise OutOfOrder(Message("This general meeting is no longer being prepared."), "A8.2")


def check_version(meeting: GeneralMeeting, version: int | None) -> None:
    """Raises Stale when somebody else changed the preparation since the page was shown."""
    if version is not None and version != meeting.version:
        raise Stale(mine={}, theirs={}, version=meeting.version)


def set_date(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    when: GeneralWhen,
    version: int | None = None,
) -> GeneralMeeting:
    """Date, times and a room of the municipality's list. Raises FieldRefused (past, no such hour, no room), Stale, OutOfOrder."""
    require_preparing(meeting)
    check_version(meeting, version)
    starts_at = _instant(when.on, when.starts, when.fold, "starts")
    ends_at = _instant(when.on, when.ends, when.fold, "ends")
    if ends_at <= starts_at:
        raise FieldRefused("ends", Message("The meeting ends after it begins."))
    if starts_at <= now:
        raise FieldRefused("meeting_on", Message("The date is in the past. Choose a coming one."))
    last = session.scalar(
        select(GeneralMeeting.meeting_on)
        .where(GeneralMeeting.municipality_id == meeting.municipality_id, GeneralMeeting.status == "held")
        .order_by(GeneralMeeting.meeting_on.desc())
        .limit(1)
    )
    if last is not None and when.on <= last:
        raise FieldRefused(
            "meeting_on", Message("The last general meeting was on %(on)s: choose a later day.", on=last)
        )
    room = session.get(MeetingRoom, when.room_id) if when.room_id is not None else None
    if room is None or room.municipality_id != meeting.municipality_id or not room.active:
        raise FieldRefused("room", Message("Choose a room of the municipality's list."))
    meeting.meeting_on, meeting.starts_at, meeting.ends_at = when.on, starts_at, ends_at
    meeting.room_id, meeting.room = room.id, room
    meeting.version += 1
    note(session, actor, "general:date", meeting)
    return meeting


def _instant(on: date, at: time, fold: int | None, field: str) -> datetime:
    try:
        return days.civil_instant(on, at, fold)
    except (days.NonexistentTime, days.AmbiguousTime) as refused:
        raise FieldRefused(field, refused.text) from refused


def require_open_agenda(meeting: GeneralMeeting) -> None:
    """Raises OutOfOrder (409) once the agenda stands."""
    if meeting.status not in ("preparing", "running"):
        raise OutOfOrder(Message("The agenda can no longer be changed."), "A10.3")


def add_item(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    title: str,
    kind: str = "free",
) -> GeneralItem:
    """Add an item of the chair's own, or the annual report, before the date of the next meeting.

    While preparing, or in the meeting itself: OutOfOrder else.
    """
    require_open_agenda(meeting)
    items = items_of(session, meeting.id)
    last = next((one for one in items if one.kind == "next"), None)
    position = last.position if last else len(items) + 1
    if last is not None:
        last.position += 1
    made = GeneralItem(
        id=uuid4(),
        municipality_id=meeting.municipality_id,
        meeting_id=meeting.id,
        position=position,
        kind=kind,
        version=1,
    )
    made.title = title.strip()
    session.add(made)
    session.flush()
    note(session, actor, "general:item-added", meeting)
    return made


def drop_item(
    session: Session, actor: Person, now: datetime, *, meeting: GeneralMeeting, item_id: UUID
) -> None:
    """Take an own item off again; those of every general meeting stay. Raises NotFound, OutOfOrder."""
    require_preparing(meeting)
    item = session.get(GeneralItem, item_id)
    if item is None or item.meeting_id != meeting.id:
        raise NotFound("item")
    if item.kind in ITEMS:
        raise OutOfOrder(Message("This item belongs to every general meeting."), "A8.2")
    session.delete(item)
    note(session, actor, "general:item-dropped", meeting)


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is invited by standing: person, seat kind, institution; and the kinds of A4.1 with nobody to invite."""

    rows: tuple[tuple[Person, str, UUID | None], ...]
    empty_kinds: tuple[str, ...]


def standing_invitees(session: Session, municipality: Municipality, on: date) -> Standing:
    """Everybody rostered for the 14 kinds of A4.1 on the meeting's day; substitutes come when a member sends them."""
    roster: Roster = rosters.roster_of(session, municipality, on)
    rows = [
        (place.person, kind, place.institution.id if place.institution else None)
        for kind in KINDS_4_1
        for place in roster.seats[kind]
        if place.appointment.office != "substitute"
    ]
    once = {(person.id, kind): (person, kind, institution) for person, kind, institution in rows}
    return Standing(tuple(once.values()), roster.empty_kinds)


def invite_standing(
    session: Session, *, meeting: GeneralMeeting, municipality: Municipality, today: date
) -> tuple[list[GeneralInvitee], list[GeneralInvitee]]:
    """Write the invitees from the roster of the meeting's day; those already there keep their calendar UID.

    Returns them, and those who were invited and are not on the roster any more: the caller lets them go.
    """
    known = {(one.person_id, one.seat_kind): one for one in invitees_of(session, meeting.id)}
    wanted = standing_invitees(session, municipality, meeting.meeting_on or today)
    kept: list[GeneralInvitee] = []
    for person, kind, institution_id in wanted.rows:
        row = known.pop((person.id, kind), None)
        if row is None:
            row = GeneralInvitee(
                municipality_id=municipality.id,
                meeting_id=meeting.id,
                person_id=person.id,
                institution_id=institution_id,
                seat_kind=kind,
                uid=new_uid(),
            )
            row.person = person
            session.add(row)
        kept.append(row)
    session.flush()
    return kept, list(known.values())


def note(
    session: Session, actor: Person | None, tag: str, meeting: GeneralMeeting, rule: str = "A8.2"
) -> None:
    audit.note(
        session,
        tag,
        object_type="general_meeting",
        object_id=meeting.id,
        rule=rule,
        actor_id=actor.id if actor else None,
    )
