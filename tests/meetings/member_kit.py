"""A review meeting on its way, with members who have declared: what a member does before a meeting."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tmr_app.cases import declaring
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.meetings import convening
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask

ON = mw.MEETING_ON
"""Tuesday 17 November 2026; the last day for reports is Saturday the 14th."""


@dataclass
class Story:
    """Ids only: each step opens its own unit of work."""

    case_id: UUID
    family_id: UUID
    meeting_id: UUID
    people: dict[str, UUID]
    substitutes: dict[str, UUID]

    @property
    def base(self) -> str:
        return f"/cases/{self.case_id}/meetings/{self.meeting_id}"

    def open(self, session: Session) -> tuple[Case, Meeting]:
        mw.vault.unlock(session, [self.case_id, self.family_id])
        return session.get_one(Case, self.case_id), session.get_one(Meeting, self.meeting_id)

    def person(self, session: Session, who: str) -> Person:
        return session.get_one(Person, self.people[who])

    def seat(self, session: Session, who: str) -> Seat:
        return session.scalars(
            select(Seat).where(Seat.case_id == self.case_id, Seat.person_id == self.people[who])
        ).first()

    def browser(self, app: TmrFlask, who: str) -> SignedIn:
        return SignedIn(app, self.people[who])


def declare(session: Session, here: mw.CaseWorld, person: Person, now: datetime) -> None:
    """Sign the declaration, answer the conflict question with no."""
    declaring.seed_texts(session, now)
    text = declaring.newest_text(session)
    assert text is not None
    declaring.sign_declaration(
        session, person, now, case=here.case, text_version=text.version, language="sq", session_ref=None
    )
    for seat in session.scalars(
        select(Seat).where(Seat.case_id == here.case.id, Seat.person_id == person.id)
    ):
        seat.conflict = False


def story(
    engine: Engine, *, convened: bool = True, purpose: str = "review", held_first: bool = True, on: date = ON
) -> Story:
    """A case whose first meeting was held; the next one prepared, agreed and, if asked, convened at `mw.NOW`."""
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police", "school"))
        manager = here.town.case_manager
        for person in (manager, *here.town.members.values()):
            declare(session, here, person, mw.NOW)
        if held_first:
            mw.hold(session, mw.prepare(session, here, mw.call(session, here)), date(2026, 11, 2))
        more = {"stated_risk": "RreziqeKanarine"} if purpose == "extraordinary" else {}
        meeting = mw.prepare(session, here, mw.call(session, here, purpose, **more), on)
        if convened:
            convening.convene(session, manager, mw.NOW, meeting_id=meeting.id, case=here.case)
        people = {"case_manager": manager, "head": here.town.head, "stranger": here.town.other_case_manager}
        ids = {name: person.id for name, person in {**people, **here.town.members}.items()}
        return Story(
            here.case.id,
            here.case.family_id,
            meeting.id,
            ids,
            {kind: person.id for kind, person in here.town.substitutes.items()},
        )
