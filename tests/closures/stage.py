"""A case at a step of its closing, and the browsers of its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from itertools import cycle
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.member_kit import declare
from tmr_app.cases.models import Case, Relation
from tmr_app.closures.models import Closing
from tmr_app.kernel import clock
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.catalogue import MUNICIPALITIES
from tmr_app.web.app import TmrFlask

KEYS = cycle(one.key for one in MUNICIPALITIES)
"""Each case of this module's one database has a municipality of its own."""


class Stage:
    """One case at a step, and its people's browsers."""

    def __init__(
        self, app: TmrFlask, step: str = "", ground: str = "out_of_danger", *, offered: bool = False
    ) -> None:
        self.app, self.to = app, None
        with work(app.engine) as session:
            here = mw.case_world(session, kinds=("police", "school"), key=next(KEYS))
            if offered:
                _ended, to, _transfer = cw.offered(session, next(KEYS), here=here)
                self.to = {"head": to.head.id, "manager": to.case_manager.id}
            else:
                if step:
                    cw.at_step(session, step, ground, here=here)
            for person in (here.town.case_manager, *here.town.members.values()):
                declare(session, here, person, mw.NOW)
            self.case_id, self.mother = here.case.id, here.mother.id
            self.number = here.case.number
            self.town = _kept(here.town)
            self.people = {
                "manager": here.town.case_manager.id,
                "head": here.town.head.id,
                "member": here.town.members["police"].id,
                "stranger": here.town.other_case_manager.id,
            }
        self.base = f"/cases/{self.case_id}/closing"

    def sit(self, who: str) -> SignedIn:
        return SignedIn(self.app, self.people[who])

    def ending(self, session: Session) -> cw.Ending:
        """What the pages have made of this case so far, for the fixtures' operations."""
        case = session.get_one(Case, self.case_id)
        mw.unlock(session, case)
        here = mw.CaseWorld(_town(session, self.town), case, session.get_one(Relation, self.mother))
        closing = session.scalars(select(Closing).where(Closing.case_id == self.case_id)).one()
        closings = select(Meeting).where(Meeting.case_id == self.case_id, Meeting.purpose == "closing")
        meeting = session.scalars(closings).one_or_none()
        return cw.Ending(here, closing, meeting)

    def case(self) -> Case:
        with work(self.app.engine) as session:
            return session.get_one(Case, self.case_id)


@contextmanager
def at(now: datetime = cw.LATER) -> Iterator[None]:
    with clock.fixed_at(now):
        yield


def _kept(town: world.Town) -> dict[str, Any]:
    """The town's records by field as (class, id), whole dictionaries of them too: for another unit of work."""

    def key(one: Any) -> Any:
        return (
            {name: key(value) for name, value in one.items()}
            if isinstance(one, dict)
            else (type(one), one.id)
        )

    return {field.name: key(getattr(town, field.name)) for field in fields(town)}


def _town(session: Session, kept: dict[str, Any]) -> world.Town:
    def found(one: Any) -> Any:
        return (
            {name: found(value) for name, value in one.items()}
            if isinstance(one, dict)
            else session.get_one(*one)
        )

    return world.Town(**found(kept))
