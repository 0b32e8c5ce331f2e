"""Two people write the same plan at once, round after round: no word is lost; what both adopt or tell stands once (F18, F20)."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import Person, work
from tmr_app.cases.models import Case
from tmr_app.kernel import db, two_writers
from tmr_app.kernel.errors import OutOfOrder, Stale
from tmr_app.plans import adopting, drafting, editing, requesting, updating
from tmr_app.plans.models import Action, ActionUpdate, InformationRequest, PlanVersion


def at_once(*deeds: Callable[[int], None], rounds: int) -> None:
    """Each deed in a thread of its own, all beginning every round together."""
    barrier = threading.Barrier(len(deeds), timeout=60)
    failed: list[BaseException] = []

    def go_on(deed: Callable[[int], None]) -> None:
        try:
            for turn in range(rounds):
                barrier.wait()
                deed(turn)
        except BaseException as error:
            failed.append(error)
            barrier.abort()

    threads = [threading.Thread(target=go_on, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not failed, failed


class Writer:
    """Somebody at the page of an action: writes over what it shows; on a clash merges and saves again."""

    def __init__(self, engine: Engine, ids: dict[str, UUID], person_id: UUID, name: str) -> None:
        self.engine, self.ids, self.person_id, self.name = engine, ids, person_id, name
        self.shown, self.revision, self.clashes = "", 1, 0

    def write(self, turn: int) -> None:
        mine = f"{self.shown} {self.name}{turn}.".strip()
        while not self.save(mine):
            self.clashes += 1
            mine = two_writers.merged(mine, self.shown)
        self.shown = mine

    def save(self, text: str) -> bool:
        """One request: its own unit of work, as the web layer does it."""
        with db.unit(self.engine) as session:
            mw.vault.unlock(session, [self.ids["case"]])
            case = session.get_one(Case, self.ids["case"])
            actor = session.get_one(Person, self.person_id)
            try:
                row = editing.save_action(
                    session, actor, hw.DURING, case=case, action_id=self.ids["action"],
                    revision=self.revision, data=editing.ActionData(measure=text),
                )  # fmt: skip
            except Stale as stale:
                self.shown, self.revision = stale.theirs["measure"], stale.version
                return False
            self.revision = row.revision
            return True


def test_two_writers_of_one_action_lose_no_word(engine: Engine, rounds: Callable[[int], int]) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        row = pw.actions(session, pw.draft(session, here))[0]
        ids = {"case": here.case.id, "action": row.id}
        people = [here.town.case_manager.id, here.town.assistant.id]
    number = rounds(200)
    writers = [Writer(engine, ids, person, name) for person, name in zip(people, "AB", strict=True)]
    at_once(*[writer.write for writer in writers], rounds=number)
    with work(engine) as session:
        mw.vault.unlock(session, [ids["case"]])
        stored = session.get_one(Action, ids["action"]).measure.split()
        lost = [f"{who}{turn}." for who in "AB" for turn in range(number) if f"{who}{turn}." not in stored]
        assert lost == []
    assert sum(writer.clashes for writer in writers) >= number // 2  # they did meet


def _unit(engine: Engine, case_id: UUID, deed: Callable[[Any, Case], object]) -> None:
    with db.unit(engine) as session:
        mw.vault.unlock(session, [case_id])
        deed(session, session.get_one(Case, case_id))


def test_updates_at_once_are_all_kept_in_order(engine: Engine, rounds: Callable[[int], int]) -> None:
    """The member and the case manager tell at the same instant: both stand, numbered one after the other."""
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police",))
        case_id, key, seat = (
            here.case.id,
            pw.key_of(session, version, "police", here),
            here.seats["police"].id,
        )
        member, manager = here.town.members["police"].id, here.town.case_manager.id

    def tell(person_id: UUID, source: str) -> Callable[[int], None]:
        def deed(_turn: int) -> None:
            _unit(
                engine,
                case_id,
                lambda session, case: updating.update(
                    session, session.get_one(Person, person_id), hw.DURING, case=case, action_key=key,
                    status="in_process", note="x", seat_id=seat, source=source,
                ),
            )  # fmt: skip

        return deed

    number = rounds(50)
    at_once(tell(member, "member"), tell(manager, "case_manager"), rounds=number)
    with work(engine) as session:
        numbers = list(session.scalars(select(ActionUpdate.number).order_by(ActionUpdate.number)))
        assert numbers == list(range(1, 2 * number + 1))


def test_begun_and_adopted_at_once_there_is_one(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        case_id, meeting_id = here.case.id, meeting.id
        manager = here.town.case_manager.id

    def begin(_turn: int) -> None:
        _unit(
            engine,
            case_id,
            lambda session, case: drafting.begin(
                session, session.get_one(Person, manager), hw.DURING, case=case
            ),
        )

    at_once(begin, begin, rounds=1)
    with work(engine) as session:
        mw.vault.unlock(session, [case_id])
        (version,) = session.scalars(select(PlanVersion))
        here.case = session.get_one(Case, case_id)
        pw.fill(session, here, version)
        drafting.ask_comments(session, session.get_one(Person, manager), hw.DURING, case=here.case)
        session.flush()
        seen = adopting.count_revisions(session, version)
    refused: list[OutOfOrder] = []

    def adopt(_turn: int) -> None:
        try:
            _unit(
                engine,
                case_id,
                lambda session, case: adopting.adopt(
                    session, session.get_one(Person, manager), hw.DURING, case=case, meeting_id=meeting_id,
                    revisions=seen,
                ),
            )  # fmt: skip
        except OutOfOrder as error:
            refused.append(error)

    at_once(adopt, adopt, rounds=1)
    assert len(refused) == 1
    with work(engine) as session:
        assert list(session.scalars(select(PlanVersion.status))) == ["adopted"]


def test_two_workers_ask_once(engine: Engine) -> None:
    with work(engine) as session:
        pw.adopted(session, ("police", "school"))
    day = pw.PLANNED_ON.replace(day=24, month=11)
    counts: list[int] = []

    def ask(_turn: int) -> None:
        try:
            with db.unit(engine) as session:
                counts.append(requesting.ask(session, pw.on(day)))
        except IntegrityError:
            counts.append(0)  # as the worker: another was faster

    at_once(ask, ask, rounds=1)
    assert sorted(counts) == [0, 2]
    with work(engine) as session:
        assert len(list(session.scalars(select(InformationRequest.id)))) == 2
