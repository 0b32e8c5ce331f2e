"""Whatever people do in whatever order: no adopted version is lost or changed, no action belongs to an outsider, no word goes."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine

from tests.fixtures import held_world as hw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import use_test_keys
from tmr_app.cases import conflicts, seat_ending
from tmr_app.kernel import db, encryption
from tmr_app.kernel.errors import TmrError
from tmr_app.plans import adopting, drafting, editing, queries, updating

KINDS = ("police", "school", "family_medicine")
KIND = st.sampled_from(KINDS)
STATUS = st.sampled_from(("in_process", "done", "not_done", "overdue"))


class AnyOrder(RuleBasedStateMachine):
    """One case in one unit that is rolled back; what an operation refuses leaves everything as it was."""

    engine: Engine

    @initialize()
    def begin(self) -> None:
        use_test_keys()
        self.unlocked = encryption.fresh_unlocks()
        self.unlocked.__enter__()
        self.session = db.open_session(self.engine)
        self.here, self.meeting = hw.running(self.session)
        self.at = hw.DURING
        self.prints: dict[int, str] = {}
        self.told: list[tuple[Any, int, str]] = []
        self.gone: set[str] = set()
        self.manager = self.here.town.case_manager
        pw.fill(self.session, self.here, pw.draft(self.session, self.here), KINDS)
        self.adopt_now()

    def adopt_now(self) -> None:
        """Ask and adopt what stands, whatever it is."""
        self.ask_now()
        draft = queries.draft_of(self.session, self.here.case.id)
        seen = adopting.count_revisions(self.session, draft) if draft else 0
        made = self.attempt(adopting.adopt, self.manager, meeting_id=self.meeting.id, revisions=seen)
        if made is not None:
            self.prints[made.number] = made.sha256

    def ask_now(self) -> None:
        self.attempt(drafting.ask_comments, self.manager)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.rollback()
            self.session.close()
            self.unlocked.__exit__(None, None, None)

    def attempt(self, deed: Any, *arguments: Any, **more: Any) -> Any:
        """Run it in a savepoint, as a request would; None when it was refused."""
        self.at += timedelta(minutes=1)
        savepoint = self.session.begin_nested()
        try:
            made = deed(self.session, *arguments, self.at, case=self.here.case, **more)
            self.session.flush()
        except TmrError:
            savepoint.rollback()
            self.session.expire_all()
            return None
        savepoint.commit()
        return made

    def actions(self) -> list[Any]:
        draft = queries.draft_of(self.session, self.here.case.id)
        return queries.actions_of(self.session, self.here.case.id, draft) if draft else []

    @rule()
    def draft(self) -> None:
        self.attempt(drafting.begin, self.manager)

    @rule(kind=KIND, planned=st.booleans())
    def add(self, kind: str, planned: bool) -> None:
        draft = queries.draft_of(self.session, self.here.case.id)
        if draft is None:
            return
        objective = pw.objective(self.session, draft)
        data = pw.action_data(self.here, kind)
        if not planned:
            data = editing.ActionData(measure="Vetëm fjalë")
        self.attempt(editing.add_action, self.manager, objective_id=objective.id, data=data)

    @rule(kind=KIND, which=st.integers(0, 5), stale=st.booleans())
    def edit(self, kind: str, which: int, stale: bool) -> None:
        found = self.actions()
        if found:
            row = found[which % len(found)].row
            data = pw.action_data(self.here, kind, measure=f"Fjalë {which}")
            revision = row.revision - (1 if stale else 0)
            self.attempt(
                editing.save_action, self.here.town.assistant, action_id=row.id, revision=revision, data=data
            )

    @rule(which=st.integers(0, 5))
    def remove(self, which: int) -> None:
        found = self.actions()
        if len(found) > 1:
            row = found[which % len(found)].row
            self.attempt(editing.remove_action, self.manager, action_id=row.id, revision=row.revision)

    @rule()
    def ask(self) -> None:
        self.attempt(drafting.ask_comments, self.manager)

    @rule()
    def adopt(self) -> None:
        draft = queries.draft_of(self.session, self.here.case.id)
        seen = adopting.count_revisions(self.session, draft) if draft else 0
        made = self.attempt(adopting.adopt, self.manager, meeting_id=self.meeting.id, revisions=seen)
        if made is not None:
            self.prints[made.number] = made.sha256

    @rule(kind=KIND, which=st.integers(0, 5), status=STATUS)
    def tell(self, kind: str, which: int, status: str) -> None:
        found = queries.actions_of(self.session, self.here.case.id)
        if found:
            made = self.attempt(
                updating.update, self.here.town.members[kind], action_key=found[which % len(found)].key,
                status=status, note="x", seat_id=self.here.seats[kind].id,
            )  # fmt: skip
            if made is not None:
                self.told.append((made.action_key, made.number, status))

    @rule(kind=KIND, which=st.integers(0, 5))
    def give(self, kind: str, which: int) -> None:
        found = queries.actions_of(self.session, self.here.case.id)
        version = queries.current_version(self.session, self.here.case.id)
        if found and version:
            key = found[which % len(found)].key
            number = updating.changes(self.session, version, key)
            made = self.attempt(
                updating.give, self.manager, action_key=key, seat_id=self.here.seats[kind].id, reason="y",
                number=number,
            )  # fmt: skip
            assert made is None or kind not in self.gone

    @rule(kind=KIND, recused=st.booleans())
    def leave(self, kind: str, recused: bool) -> None:
        if len(self.gone) >= 2 or kind in self.gone:
            return
        seat = self.here.seats[kind]
        if recused:
            conflicts.recuse_member(
                self.session, self.manager, self.at, case=self.here.case, seat=seat, reason="z"
            )
        else:
            seat_ending.end_seat(self.session, self.manager, self.at, seat=seat, reason="left_post")
        self.session.flush()
        self.gone.add(kind)

    @invariant()
    def no_version_is_lost_or_changed(self) -> None:
        if not hasattr(self, "session"):
            return
        self.session.flush()
        stored = {one.number: one for one in queries.versions_of(self.session, self.here.case.id)}
        assert stored.keys() == self.prints.keys()
        for number, version in stored.items():
            assert adopting.fingerprint(self.session, version) == self.prints[number] == version.sha256

    @invariant()
    def nothing_told_is_lost(self) -> None:
        if not hasattr(self, "session"):
            return
        history = queries.history_of(self.session, self.here.case.id)
        kept = {(key, one.number, one.status) for key, rows in history.items() for one in rows}
        assert set(self.told) == kept

    @invariant()
    def no_action_belongs_to_an_outsider(self) -> None:
        """Whoever is shown as responsible sits at the Table, or the action says that it needs somebody."""
        if not hasattr(self, "session"):
            return
        live = {seat.id for seat in queries.live_seats(self.session, self.here.case.id, self.at)}
        for one in queries.actions_of(self.session, self.here.case.id):
            assert one.needs_responsible or (one.seat is not None and one.seat.id in live)


@pytest.mark.parametrize("steps", [30])
def test_no_order_of_deeds_breaks_the_plan(engine: Engine, steps: int, rounds: Any) -> None:
    AnyOrder.engine = engine
    chosen = settings(
        max_examples=rounds(40), stateful_step_count=steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    run_state_machine_as_test(AnyOrder, settings=chosen)
