"""A case whose plan is worked on in the browser: its ids, its people's browsers, what a form sends."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tmr_app.plans.models import Objective
from tmr_app.web.app import TmrFlask


class Scene:
    """Ids of a committed world with a running meeting, and browsers of its people."""

    def __init__(self, app: TmrFlask, here: mw.CaseWorld, meeting_id: UUID) -> None:
        self.app, self.case_id, self.meeting_id = app, here.case.id, meeting_id
        self.chair, self.assistant = here.town.case_manager.id, here.town.assistant.id
        self.police, self.school = here.town.members["police"].id, here.town.members["school"].id
        self.seats = {kind: seat.id for kind, seat in here.seats.items()}
        self.institution = here.town.institutions["police"].id
        self.number, self.child = here.case.number, "Kanarina Femija"
        self.base = f"/cases/{self.case_id}/plan"
        self.here = here

    def browser(self, person_id: UUID) -> SignedIn:
        return SignedIn(self.app, person_id)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with work(self.app.engine) as session:
            mw.vault.unlock(session, [self.case_id])
            yield session

    def one(self, model: Any, *conditions: Any) -> Any:
        with self.reading() as session:
            return session.scalars(select(model).where(model.case_id == self.case_id, *conditions)).first()

    def action_values(self, **more: Any) -> dict[str, Any]:
        on = {"day": "1", "month": "12", "year": "2026"}
        objective = self.one(Objective)
        values = {
            "measure": "Vizitë çdo javë", "service": "Këshillim", "seat_id": str(self.seats["police"]),
            "institution_ids": str(self.institution), "others": "", "risk": "physical_violence", "serves": "",
            "notes": "", "objective": str(objective.id), "merged": "",
            **{f"planned_on-{part}": value for part, value in on.items()},
            **{f"review_on-{part}": "" for part in on},
        }  # fmt: skip
        return {**values, **more}
