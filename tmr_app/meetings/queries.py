"""Reads of meetings; every read inside a case filters by the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tmr_app.access.policy import only_own_meetings, opens_meeting
from tmr_app.access.standing import Standing
from tmr_app.cases.models import Case, CaseFile
from tmr_app.cases.office_panels import OWN_OF_WAITING, Panel, PanelRow, asking
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import db
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings.inviting import Table
from tmr_app.meetings.models import FamilyNotice, Invitation, Meeting, MeetingRequest, Paper
from tmr_app.members.models import MeetingRoom, Person
from tmr_app.regulation.verdicts import Message

PAGE_SIZE = 50


_MEETING, _ROOM = Meeting.__table__.c, MeetingRoom.__table__.c
_FIND = (
    select(*_MEETING, *_ROOM)
    .outerjoin(MeetingRoom, MeetingRoom.id == Meeting.room_id)
    .where(Meeting.id == bindparam("meeting_id"), Meeting.case_id == bindparam("case_id"))
)


def find(session: Session, standing: Standing, *, case_id: UUID, meeting_id: UUID) -> Meeting:
    """The meeting of this case with its room. A guest sees the own meetings only; NotFound otherwise."""
    session.flush()
    row: Any = session.connection().execute(_FIND, {"meeting_id": meeting_id, "case_id": case_id}).first()
    if row is None or not opens_meeting(standing, meeting_id):
        raise NotFound("meeting")
    meeting, room = db.loaded(session, Meeting, row[: len(_MEETING)]), row[len(_MEETING) :]
    set_committed_value(
        meeting, "room", db.loaded(session, MeetingRoom, room) if room[0] is not None else None
    )
    return meeting


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting in the list of a case: how many are invited and have answered yes."""

    meeting: Meeting
    invited: int
    coming: int


def of_case(session: Session, standing: Standing, case_id: UUID) -> list[Listed]:
    """The meetings of a case, the newest first; a guest's own only. One statement."""
    invited = (
        select(
            Invitation.meeting_id,
            func.count().label("invited"),
            func.count().filter(Invitation.answer.in_(("yes", "substitute"))).label("coming"),
        )
        .where(
            Invitation.case_id == case_id, Invitation.left_out.is_(False), Invitation.withdrawn_at.is_(None)
        )
        .group_by(Invitation.meeting_id)
        .subquery()
    )
    query = (
        select(Meeting, invited.c.invited, invited.c.coming)
        .outerjoin(invited, invited.c.meeting_id == Meeting.id)
        .where(Meeting.case_id == case_id)
        .order_by(Meeting.called_at.desc(), Meeting.id)
        .limit(200)
    )
    if only_own_meetings(standing):
        query = query.where(Meeting.id.in_(standing.meeting_ids))
    return [Listed(row[0], row[1] or 0, row[2] or 0) for row in session.execute(query)]


@dataclass(frozen=True, slots=True)
class Asked:
    """An open request for a meeting (A8.4): who asked, since when, why."""

    request: MeetingRequest
    person: Person


def requests_of(session: Session, case_id: UUID) -> list[Asked]:
    """Open requests of a case, the oldest first."""
    rows = session.execute(
        select(MeetingRequest, Person)
        .join(Seat, Seat.id == MeetingRequest.seat_id)
        .join(Person, Person.id == Seat.person_id)
        .where(
            MeetingRequest.case_id == case_id,
            MeetingRequest.withdrawn_at.is_(None),
            MeetingRequest.meeting_id.is_(None),
        )
        .order_by(MeetingRequest.requested_at)
    )
    return [Asked(row[0], row[1]) for row in rows]


def rooms(session: Session, municipality_id: UUID) -> list[MeetingRoom]:
    """The rooms of the municipality's list."""
    return list(
        session.scalars(
            select(MeetingRoom)
            .where(MeetingRoom.municipality_id == municipality_id, MeetingRoom.active.is_(True))
            .order_by(MeetingRoom.name)
        )
    )


def table_files(session: Session, case_id: UUID, meeting_id: UUID) -> list[tuple[CaseFile, bool]]:
    """The case's files for the Table, each with whether it is chosen for this meeting's pack; chosen ones first."""
    rows = session.execute(
        select(CaseFile, Paper.position)
        .outerjoin(Paper, (Paper.file_id == CaseFile.id) & (Paper.meeting_id == meeting_id))
        .where(CaseFile.case_id == case_id, CaseFile.audience == "table", CaseFile.withdrawn_at.is_(None))
        .order_by(Paper.position.is_(None), Paper.position, CaseFile.added_at)
    )
    return [(row[0], row[1] is not None) for row in rows]


def past_guests(table: Table) -> list[Seat]:
    """Guests of the meeting before who are owed an invitation (A8.6) and have no seat for this one yet."""
    here = {seat.person_id for seat in table.candidates()}
    seats = (table.seats[one] for one in table.owed if one in table.seats)
    return [
        one
        for one in seats
        if one.meeting_id is not None and one.recused_at is None and one.person_id not in here
    ]


_TO_AGREE = (
    select(Meeting.id, Meeting.case_id, Meeting.code, Meeting.meeting_on, Meeting.agreement_asked_at)
    .join(Case, Case.id == Meeting.case_id)
    .where(
        OWN_OF_WAITING,
        Meeting.status == "preparing",
        Meeting.agreement_asked_at.is_not(None),
        Meeting.agreed_on.is_(None),
    )
    .order_by(Meeting.meeting_on, Meeting.id)
    .limit(PAGE_SIZE)
)


def waiting_for_agreement(
    session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime
) -> Panel | None:
    """For the head's office: dates the head was asked about and has not answered (A8.3). One statement."""
    rows = session.connection().execute(_TO_AGREE, asking(person_id, qps_ids))
    lines = [
        PanelRow(
            row.code,
            "meetings.agreement",
            {"case_id": row.case_id, "meeting_id": row.id},
            at=row.agreement_asked_at,
            note=Message("Proposed date: %(on)s", on=row.meeting_on),
        )
        for row in rows
    ]
    return Panel(Message("Dates waiting for your agreement"), lines, look="due", position=10)


_ESCALATED = (
    select(MeetingRequest.case_id, MeetingRequest.requested_at, Case.number)
    .join(Case, Case.id == MeetingRequest.case_id)
    .where(
        OWN_OF_WAITING,
        MeetingRequest.escalated_at.is_not(None),
        MeetingRequest.withdrawn_at.is_(None),
        MeetingRequest.meeting_id.is_(None),
    )
    .order_by(MeetingRequest.requested_at)
    .limit(PAGE_SIZE)
)


def open_requests_panel(
    session: Session, person_id: UUID, qps_ids: Sequence[UUID], now: datetime
) -> Panel | None:
    """For the head's office: members' requests that were escalated and are still open (A8.4). One statement."""
    rows = session.connection().execute(_ESCALATED, asking(person_id, qps_ids))
    lines = [
        PanelRow(row.number, "meetings.index", {"case_id": row.case_id}, at=row.requested_at) for row in rows
    ]
    return Panel(Message("A member asked for a meeting; none was called"), lines, look="overdue", position=15)


def of_day(session: Session, qps_id: UUID, on: date) -> list[Meeting]:
    """Other meetings of the Centre on a day, for choosing hours: codes and times only."""
    return list(
        session.scalars(
            select(Meeting)
            .join(Case, Case.id == Meeting.case_id)
            .where(
                Case.qps_id == qps_id, Meeting.meeting_on == on, Meeting.status.in_(("preparing", "convened"))
            )
            .order_by(Meeting.starts_at)
        )
    )


def invitee(session: Session, invitation: Invitation) -> Person:
    """Whose invitation it is."""
    return session.scalars(
        select(Person).join(Seat, Seat.person_id == Person.id).where(Seat.id == invitation.seat_id)
    ).one()


def own_of_day(session: Session, person_id: UUID, meeting: Meeting) -> list[UUID]:
    """Other meetings of that day this case manager prepares: they may be grouped in a sitting."""
    return list(
        session.scalars(
            select(Meeting.id)
            .join(Case, Case.id == Meeting.case_id)
            .where(
                Case.case_manager_id == person_id,
                Meeting.meeting_on == meeting.meeting_on,
                Meeting.status == "preparing",
                Meeting.id != meeting.id,
            )
        )
    )


def family_notice(session: Session, meeting_id: UUID, relation_id: UUID | None) -> FamilyNotice | None:
    """The notice of one of the family for a meeting; `relation_id` None is the child's."""
    whose = (
        FamilyNotice.relation_id.is_(None) if relation_id is None else FamilyNotice.relation_id == relation_id
    )
    return session.scalar(select(FamilyNotice).where(FamilyNotice.meeting_id == meeting_id, whose))
