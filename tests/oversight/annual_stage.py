"""A town whose year is reported: who acts, and the steps the tests begin with."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.fixtures import world
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.annual_kit import YEAR, Kept, crowd, store
from tmr_app.kernel import clock
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.oversight import ledger
from tmr_app.oversight.annual_models import AnnualReport

if TYPE_CHECKING:
    from tmr_app.web.app import TmrFlask

CloneDatabase = Callable[[str], AbstractContextManager[str]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A town of sixty cases in 2025, its people and a reader of the ministry; a neighbour's officer."""

    app: "TmrFlask"
    town: UUID
    head: UUID
    officer: UUID
    member: UUID
    manager: UUID
    ministry: UUID
    council: UUID
    neighbour: UUID

    @property
    def base(self) -> str:
        return f"/municipalities/{self.town}/annual-reports"

    def browser(self, person_id: UUID) -> SignedIn:
        return SignedIn(self.app, person_id)


def set_up(app: "TmrFlask", cases: int = 60) -> Stage:
    with work(app.engine) as session:
        town, other = world.town(session), world.town(session, "novoberde")
        ministry = world.person(session, "Lexues Ministrie", language="en")
        council = world.person(session, "Lexues Këshilli", language="en")
        session.flush()
        world.appoint(session, ministry, "ministry_reader")
        world.appoint(session, council, "council_reader")
        store(session, town, crowd(cases))
        for person in session.scalars(select(Person)):
            person.language = "en"
        return Stage(
            app,
            town.municipality.id,
            town.head.id,
            town.officer.id,
            town.members["police"].id,
            town.case_manager.id,
            ministry.id,
            council.id,
            other.officer.id,
        )


def store_more(session: Session, stage: Stage, kept: list[Kept]) -> None:
    """Cases found later in the same town."""
    qps = session.scalars(select(Qps).where(Qps.municipality_id == stage.town)).one()
    person = SimpleNamespace(id=stage.head)
    place = SimpleNamespace(id=stage.town)
    town: Any = SimpleNamespace(qps=qps, municipality=place, head=person, case_manager=person)
    store(session, town, kept)


def begun(stage: Stage) -> SignedIn:
    head = stage.browser(stage.head)
    head.get(stage.base)
    answer = head.post(stage.base, hidden=False, year=str(YEAR))
    assert answer.status_code == 303, head.text
    return head


def adopted(stage: Stage) -> SignedIn:
    head = begun(stage)
    answer = head.post(
        f"{stage.base}/{YEAR}/versions/1/adopt", hidden=False, **day("adopted_on", "20", "2", "2026")
    )
    assert answer.status_code == 303, head.text
    return head


def day(name: str, *parts: str) -> dict[str, str]:
    return {f"{name}-{part}": value for part, value in zip(("day", "month", "year"), parts, strict=True)}


def report(stage: Stage) -> Any:
    with work(stage.app.engine) as session:
        row = session.scalars(select(AnnualReport).order_by(AnnualReport.version.desc())).first()
        assert row is not None
        return row


def mails(stage: Stage, kind: str) -> list[Any]:
    with work(stage.app.engine) as session:
        return list(session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


def ledger_row(stage: Stage) -> ledger.Row:
    with work(stage.app.engine) as session:
        place = session.get_one(Municipality, stage.town)
        rows = ledger.rows_of_municipality(session, place, clock.now())
    return next(row for row in rows if row.duty == "A5.1.6" and row.subject == str(YEAR))
