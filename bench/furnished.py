"""A case as it stands in life, through the real operations: family, assessment, plan, Table, meetings, mail, papers."""

from dataclasses import dataclass
from datetime import date, time
from itertools import count
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from bench.moment import MEETING_ON, NOW
from bench.places import Centre, Post
from tmr_app.cases import assessing, conflicts, declaring, family, opening, seating
from tmr_app.cases.models import Case, Relation
from tmr_app.kernel import db, vault
from tmr_app.meetings import calling, convening, family_notices, preparing
from tmr_app.meetings.family_notices import Notice
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.meetings.preparing import When
from tmr_app.members.models import Appointment, Institution, MeetingRoom, Person

KINDS = (
    "police", "school", "victim_advocate", "family_medicine", "mental_health", "education_directorate", "ngo",
)  # fmt: skip
NAMES = ("Arta", "Besnik", "Dafina", "Enver", "Flaka", "Gëzim", "Hana", "Kushtrim", "Lirie", "Naim")
TEXT = "Fëmija jeton me nënën; shkolla njofton për mungesa të shpeshta. Vizita në shtëpi është bërë. "
_number = count(1)


@dataclass(frozen=True)
class Furnished:
    """One case with one meeting, and who works with them."""

    case_id: UUID
    meeting_id: UUID
    manager_id: UUID
    member_ids: tuple[UUID, ...]

    def page(self, end: str = "") -> str:
        return f"/cases/{self.case_id}/{end}"

    def meeting_page(self, end: str = "") -> str:
        return f"/cases/{self.case_id}/meetings/{self.meeting_id}/{end}"


def furnish(engine: Engine, centre: Centre, manager: Post, *, members: int, send: bool) -> Furnished:
    """A case whose review meeting is ready to be convened, or (`send`) convened; a first meeting has been held."""
    with db.unit(engine) as session:
        actor = session.get_one(Person, manager.person_id)
        case = _open(session, actor, centre)
        mother = _mother(session, actor, case)
        _assess(session, actor, case)
        seated = [_seat(session, actor, case, place) for place in range(members)]
        _at_the_table(session, actor, case, seated)
        first = _prepare(session, actor, centre, case, mother, "first", date(2026, 11, 10))
        _hold(session, first)
        meeting = _prepare(session, actor, centre, case, mother, "review", MEETING_ON)
        if send:
            convening.convene(session, actor, NOW, meeting_id=meeting.id, case=case)
        return Furnished(case.id, meeting.id, actor.id, tuple(one.id for one in seated))


def _open(session: Session, actor: Person, centre: Centre) -> Case:
    return opening.open_case(
        session,
        actor,
        NOW,
        qps_id=centre.qps_id,
        referral=opening.ReferralData(date(2026, 10, 30), "school", TEXT, reporter="Drejtoria e shkollës"),
        child=opening.ChildData(
            "Era Kelmendi",
            date(2015, 5, 14),
            gender="female",
            residence="Rruga e Shkollës 7",
            school="Dardania",
        ),
        risks={"physical_violence": ""},
        risk_level="high",
    )


def _mother(session: Session, actor: Person, case: Case) -> Relation:
    relatives = (("Lirije Kelmendi", "mother", True), ("Agim Kelmendi", "household", False))
    made = [
        family.add_relative(
            session,
            actor,
            NOW,
            case=case,
            relative=family.RelativeData(name=name, kind=kind, has_parental_care=cares),
        )
        for name, kind, cares in relatives
    ]
    return made[0]


def _assess(session: Session, actor: Person, case: Case) -> None:
    findings = [assessing.FindingData(key, TEXT, "medium", "vizita") for key in assessing.FIVE]
    data = assessing.AssessmentData(TEXT * 3, TEXT, "high", findings)
    assessing.save_assessment(session, actor, NOW, case=case, data=data, revision=0, complete=True)
    plan = assessing.PlanData(TEXT, TEXT, TEXT)
    assessing.save_initial_plan(session, actor, NOW, case=case, data=plan, version=0)


def _seat(session: Session, actor: Person, case: Case, place: int) -> Person:
    """A member from an institution of their own, by seat kind in turn."""
    number = next(_number)
    kind = KINDS[place % len(KINDS)] if place < len(KINDS) else "ngo"
    institution = Institution(
        municipality_id=case.municipality_id, seat_kind=kind, name=f"Institucioni {number}"
    )
    person = Person(
        name=f"{NAMES[place % 10]} Berisha {number}",
        function="zyrtar",
        email=f"m{number}@bench.example",
        created_at=NOW,
    )
    session.add_all([institution, person])
    vault.create_key(session, person.id, NOW)
    session.flush()
    session.add(
        Appointment(
            person_id=person.id,
            office="representative",
            institution_id=institution.id,
            from_on=date(2025, 1, 1),
            created_at=NOW,
        )
    )
    session.flush()
    seating.seat_member(
        session, actor, NOW, case=case, kind=kind, person_id=person.id, reason="Njeh fëmijën dhe familjen."
    )
    return person


def _at_the_table(session: Session, actor: Person, case: Case, seated: list[Person]) -> None:
    """Everybody signs the declaration and answers the question about a conflict of interest."""
    text = declaring.newest_text(session)
    assert text is not None
    for person in (actor, *seated):
        declaring.sign_declaration(
            session, person, NOW, case=case, text_version=text.version, language="sq", session_ref=None
        )
        conflicts.answer_conflict(session, person, NOW, case=case, has_conflict=False)


def _prepare(
    session: Session, actor: Person, centre: Centre, case: Case, mother: Relation, purpose: str, on: date
) -> Meeting:
    """Called, dated, agreed by the head, child and mother told."""
    meeting = calling.call_meeting(session, actor, NOW, case=case, purpose=purpose)
    room_id = session.scalar(
        select(MeetingRoom.id).where(MeetingRoom.municipality_id == case.municipality_id)
    )
    when = When(on=on, starts=time(10, 0), ends=time(11, 30), room_id=room_id)
    preparing.set_date(session, actor, NOW, meeting=meeting, case=case, when=when)
    head = session.get_one(Person, centre.head.person_id)
    preparing.agree(session, head, NOW, meeting=meeting, case=case, seen_on=on)
    told = Notice(notified_on=date(2026, 11, 2), how="in_person", views="Dëshiron të mbetet në shkollë.")
    for relation_id in (None, mother.id):
        family_notices.record_family_notice(
            session, actor, NOW, meeting=meeting, relation_id=relation_id, notice=told
        )
    session.flush()
    return meeting


def _hold(session: Session, meeting: Meeting) -> None:
    """The first meeting is over, everybody was there."""
    meeting.status, meeting.meeting_on = "held", date(2026, 11, 2)
    meeting.started_at = meeting.ended_at = NOW
    session.flush()
    for row in session.scalars(select(Invitation).where(Invitation.meeting_id == meeting.id)):
        row.attendance = "present"
    session.flush()
