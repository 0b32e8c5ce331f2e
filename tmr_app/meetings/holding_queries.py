"""What the page of a running meeting shows, what is still missing before it ends, and what the minutes are made of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case, CaseRisk, Child, Relation, RiskLevel
from tmr_app.cases.standing_loader import is_running
from tmr_app.cases.table_models import Participant, Seat
from tmr_app.kernel.drafts import Draft
from tmr_app.kernel.errors import NotFound
from tmr_app.meetings import agenda, readiness
from tmr_app.meetings.inviting import Table, is_invited
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import AgendaItem, FamilyNotice, Invitation, Meeting
from tmr_app.members.models import Appointment, MeetingRoom, Person
from tmr_app.regulation import articles
from tmr_app.regulation.facts import (
    AgendaFacts,
    AttendanceFacts,
    AttendeeFacts,
    ChairedFacts,
    FamilyFacts,
    FamilyPersonFacts,
    InitialPlanFacts,
    OpinionFacts,
    WaiverFacts,
)
from tmr_app.regulation.verdicts import Message, Verdict


@dataclass
class Attendee:
    """One line of the attendance list. `gone_at`: took part until excluded while the meeting ran (A10.2, A4.5)."""

    invitation: Invitation
    name: str
    institution: str = ""
    function: str = ""
    kind: str = ""
    substitute: str = ""
    gone_at: datetime | None = None
    relation_id: UUID | None = None
    is_family: bool = False


@dataclass
class Held:
    """A running or held meeting with all that was written. Keys of case and family must be unlocked."""

    meeting: Meeting
    case: Case
    chair: Person | None
    table: Table
    items: list[AgendaItem]
    notices: list[FamilyNotice]
    relations: list[Relation]
    levels: list[RiskLevel]
    substitutes: dict[UUID, Person] = field(default_factory=dict)
    child_name: str = ""

    def family(self) -> list[Relation]:
        """Parents and guardians who may be heard (A4.5 apart), as while preparing."""
        parents = [one for one in self.relations if one.has_parental_care or one.kind in readiness.PARENTS]
        cared = [one for one in parents if one.has_parental_care] or parents
        return [one for one in cared if not one.is_suspected_perpetrator]

    def notice_of(self, relation_id: UUID | None) -> FamilyNotice | None:
        return next((one for one in self.notices if one.relation_id == relation_id), None)

    def risk_of_meeting(self) -> RiskLevel | None:
        """The level re-determined in this meeting, the newest."""
        return self.levels[-1] if self.levels else None

    def attendees(self) -> list[Attendee]:
        """Everyone on the list: members in the order of their seats, then the family."""
        rows = [row for row in self.table.invitations if self._counts(row)]
        places = {seat_id: place for place, seat_id in enumerate(self.table.seats)}
        rows.sort(key=lambda row: (row.seat_id is None, places.get(row.seat_id, 0) if row.seat_id else 0))
        return [self._attendee(row) for row in rows]

    def uninvited(self) -> list[tuple[str, str]]:
        """(choice, name) of those of the Table and the family who are not on the list and may have come."""
        listed = {row.seat_id or row.participant_id for row in self.table.invitations}
        seats = [
            (f"seat:{seat.id}", f"{seat.person.name}, {seat.institution.name if seat.institution else ''}")
            for seat in self.table.candidates()
            if seat.id not in listed
        ]
        family = [
            (f"participant:{one.id}", self._family_name(one.relation))
            for one in self.table.participants.values()
            if one.id not in listed
            and one.withdrawn_at is None
            and not (one.relation is not None and one.relation.is_suspected_perpetrator)
        ]
        return [*seats, *family]

    def _counts(self, row: Invitation) -> bool:
        if is_invited(row):
            return True
        started = self.meeting.started_at
        return bool(
            not row.left_out
            and row.withdrawn_at
            and started
            and row.withdrawn_at >= started
            and row.attendance
        )

    def _attendee(self, row: Invitation) -> Attendee:
        found = Attendee(row, "", gone_at=row.withdrawn_at)
        seat = self.table.seats.get(row.seat_id) if row.seat_id else None
        participant = self.table.participants.get(row.participant_id) if row.participant_id else None
        if seat is not None:
            found.name, found.function, found.kind = seat.person.name, seat.person.function or "", seat.kind
            found.institution = seat.institution.name if seat.institution else ""
        elif participant is not None:
            found.is_family, found.relation_id, found.kind = True, participant.relation_id, participant.kind
            found.name = self._family_name(participant.relation)
        if row.substitute_person_id in self.substitutes:
            found.substitute = self.substitutes[row.substitute_person_id].name
        return found

    def _family_name(self, relation: Relation | None) -> str:
        return relation.family_member.name if relation is not None else self.child_name


def find(session: Session, meeting_id: UUID, case_id: UUID) -> Meeting:
    """The meeting with its room. Raises NotFound for one of another case."""
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.case_id == case_id)
        .options(joinedload(Meeting.room))
    )
    if meeting is None:
        raise NotFound("meeting")
    return meeting


def load(session: Session, now: datetime, *, meeting: Meeting, case: Case) -> Held:
    """Everything written in this meeting: seven statements, one more when chair or substitute has no seat any more."""
    table = _people(session, now, meeting)
    child, levels = _child_and_levels(session, meeting)
    relations = readiness.relations_of(session, case.id)
    substitutes = {one.substitute_person_id for one in table.invitations} - {None}
    chair = {meeting.chaired_by_id} - {None}
    persons = _persons(session, table, {one for one in substitutes | chair if one is not None})
    return Held(
        meeting=meeting,
        case=case,
        chair=persons.get(meeting.chaired_by_id) if meeting.chaired_by_id else None,
        table=table,
        items=agenda.items_of(session, meeting),
        notices=list(session.scalars(select(FamilyNotice).where(FamilyNotice.meeting_id == meeting.id))),
        relations=relations,
        levels=levels,
        substitutes={one: persons[one] for one in substitutes if one in persons},
        child_name=child.name,
    )


def _people(session: Session, now: datetime, meeting: Meeting) -> Table:
    """Seats, family and invitations as `inviting.load` gives them, without what A8.6 owes: two statements."""
    table = Table(meeting)
    seats = session.execute(
        select(Seat, Appointment, Invitation)
        .outerjoin(Appointment, Seat.appointment_id == Appointment.id)
        .outerjoin(Invitation, (Invitation.seat_id == Seat.id) & (Invitation.meeting_id == meeting.id))
        .where(Seat.case_id == meeting.case_id)
        .options(joinedload(Seat.person), joinedload(Seat.institution))
        .order_by(Seat.seated_at, Seat.id)
    )
    for seat, appointment, invitation in seats:
        table.seats[seat.id] = seat
        if is_running(seat, appointment, now):
            table.running.add(seat.id)
        if invitation is not None:
            table.invitations.append(invitation)
    family = session.execute(
        select(Participant, Invitation)
        .outerjoin(
            Invitation, (Invitation.participant_id == Participant.id) & (Invitation.meeting_id == meeting.id)
        )
        .where(Participant.case_id == meeting.case_id)
        .options(joinedload(Participant.relation).joinedload(Relation.family_member))
        .order_by(Participant.added_at, Participant.id)
    )
    for participant, invitation in family:
        table.participants[participant.id] = participant
        if invitation is not None:
            table.invitations.append(invitation)
    return table


def _child_and_levels(session: Session, meeting: Meeting) -> tuple[Child, list[RiskLevel]]:
    """The child, and the levels of risk determined in this meeting, in order."""
    rows = session.execute(
        select(Child, RiskLevel)
        .outerjoin(RiskLevel, (RiskLevel.case_id == Child.case_id) & (RiskLevel.meeting_id == meeting.id))
        .where(Child.case_id == meeting.case_id)
        .order_by(RiskLevel.determined_at, RiskLevel.id)
    ).all()
    return rows[0][0], [row[1] for row in rows if row[1] is not None]


def _persons(session: Session, table: Table, wanted: set[UUID]) -> dict[UUID, Person]:
    found = {seat.person_id: seat.person for seat in table.seats.values() if seat.person_id in wanted}
    missing_ones = wanted - set(found)
    if missing_ones:
        found |= {one.id: one for one in session.scalars(select(Person).where(Person.id.in_(missing_ones)))}
    return found


def verdicts(session: Session, held: Held, today: date) -> list[Verdict]:
    """What the Regulation says of this meeting as it would stand if it ended now, in the order of the page."""
    meeting = held.meeting
    on = meeting.meeting_on or today
    answers = [
        articles.a6_1_4_chair_chairs(
            ChairedFacts(on, _ident(held.case.case_manager_id), _ident(meeting.chaired_by_id)), today
        ),
        articles.a9_members_take_part(attendance_facts(held, on), today),
        articles.a10_3_agenda_approved(_agenda_facts(held, on), today),
        articles.a10_4_case_presented(_agenda_facts(held, on), today),
        articles.a8_10_family_notified_and_heard(family_facts(held, on), today),
        *_opinions(held, today),
    ]
    if meeting.purpose == "first":
        presented = _presented(held)
        plan = InitialPlanFacts(on, True, on if "initial_plan" in presented else None, held=True)
        answers.append(articles.a6_1_5_initial_plan_presented(plan, today))
    if meeting.no_assessment_reason:
        waiver = WaiverFacts(
            used=True,
            risk_case=_is_risk_case(session, held.case),
            reason=meeting.no_assessment_reason,
            meeting_on=on,
            held=True,
            given_in_meeting=bool(meeting.information_given),
        )
        answers.append(articles.a8_8_information_in_meeting(waiver, today))
    return answers


def _ident(person_id: UUID | None) -> str | None:
    return str(person_id) if person_id else None


def _is_risk_case(session: Session, case: Case) -> bool:
    if case.risk_level:
        return True
    return session.scalar(select(CaseRisk.id).where(CaseRisk.case_id == case.id).limit(1)) is not None


def attendance_facts(held: Held, on: date) -> AttendanceFacts:
    """A9: everyone on the list; who was excluded while the meeting ran is not counted."""
    rows = [one for one in held.attendees() if one.gone_at is None]
    people = tuple(AttendeeFacts(str(one.invitation.id), one.invitation.attendance or "") for one in rows)
    return AttendanceFacts(on, held=True, invitees=people)


def _presented(held: Held) -> frozenset[str]:
    return frozenset(item.kind for item in held.items if item.discussion or item.decision)


def _agenda_facts(held: Held, on: date) -> AgendaFacts:
    return AgendaFacts(
        on,
        held=True,
        approved=held.meeting.agenda_approved_at is not None,
        items=frozenset(item.kind for item in held.items),
        presented=_presented(held),
    )


def family_facts(held: Held, on: date) -> FamilyFacts:
    """A8.10 at the end: who of the family was there, views, and how they were considered."""
    present = {
        one.relation_id
        for one in held.attendees()
        if one.is_family and one.invitation.attendance == "present"
    }
    people = [family_person("child", held.notice_of(None), None in present)]
    people += [
        family_person("parent_guardian", held.notice_of(one.id), one.id in present) for one in held.family()
    ]
    return FamilyFacts(on, tuple(people), no_parent_reason=held.meeting.no_parent_reason, held=True)


def family_person(kind: str, notice: Any, present: bool) -> FamilyPersonFacts:
    """What a notice says of one of the family; `notice`: the row itself, or the ledger's reading of it."""
    if notice is None:
        return FamilyPersonFacts(kind, present=present)
    return FamilyPersonFacts(
        kind,
        notified_on=notice.notified_on,
        not_notified_reason=notice.not_notified_reason,
        present=present,
        views=notice.views,
        no_views_reason=notice.no_views_reason,
        considered=notice.considered,
    )


def _opinions(held: Held, today: date) -> list[Verdict]:
    """A10.5: one verdict for those of the family who were invited; the worst of them."""
    answers = []
    for one in held.attendees():
        if not one.is_family:
            continue
        notice = held.notice_of(one.relation_id)
        relation = next((each for each in held.relations if each.id == one.relation_id), None)
        facts = OpinionFacts(
            one.kind,
            perpetrator=relation is not None and exclusion.relation_excluded(relation, today).refuses,
            invited=one.gone_at is None,
            attended=one.invitation.attendance == "present",
            opinion=notice.views if notice else "",
            held=True,
        )
        answers.append(articles.a10_5_opinion_heard(facts, today))
    worst = next((one for one in answers if one.refuses), answers[0] if answers else None)
    return [worst] if worst is not None else []


def rooms_of(session: Session, municipality_id: UUID) -> list[MeetingRoom]:
    """Rooms where the next meeting may be."""
    return list(
        session.scalars(
            select(MeetingRoom)
            .where(MeetingRoom.municipality_id == municipality_id, MeetingRoom.active.is_(True))
            .order_by(MeetingRoom.name)
        )
    )


def kept_drafts(session: Session, person_id: UUID, case_id: UUID, prefix: str) -> set[str]:
    """Places of this meeting where a text of this person lost and waits to be merged."""
    return set(
        session.scalars(
            select(Draft.place).where(
                Draft.person_id == person_id,
                Draft.case_id == case_id,
                Draft.place.startswith(prefix, autoescape=True),
            )
        )
    )


def versions_of(session: Session, meeting_id: UUID) -> list[tuple[Minutes, str]]:
    """The versions of a meeting's minutes, the newest first, each with who made it. For the meeting's page."""
    rows = session.execute(
        select(Minutes, Person.name)
        .join(Person, Person.id == Minutes.made_by_id)
        .where(Minutes.meeting_id == meeting_id, Minutes.corrects_id.is_(None))
        .order_by(Minutes.version.desc())
    )
    return [(row[0], row[1]) for row in rows]


def missing(answers: list[Verdict]) -> list[Verdict]:
    """Those that would not be met: shown before the end, none of them blocks it."""
    return [one for one in answers if one.refuses or one.status.value == "not_met"]


PRESENCE_WORDS: dict[str, Message] = {
    "present": Message("present"),
    "absent_with_reason": Message("absent, with reason"),
    "absent": Message("absent, without reason"),
    "substitute": Message("represented by a substitute"),
}
