"""Whatever people do in whatever order (drafts, adoptions, updates, reviews, recusals): no adopted version is lost or changed,
no completed review either, no action belongs to an outsider, no word goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import use_test_keys
from tmr_app.cases import conflicts, seat_ending
from tmr_app.kernel import db, encryption
from tmr_app.kernel.errors import TmrError
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.plans import adopting, drafting, editing, queries, reviewing, updating
from tmr_app.plans.reviewing import ItemData, ReviewData

KINDS = ("police", "school", "family_medicine")
KIND = st.sampled_from(KINDS)
SELDOM = st.sampled_from((False, False, False, True))
STATUS = st.sampled_from(("in_process", "done", "not_done", "done", "overdue"))


class AnyOrder(RuleBasedStateMachine):
    """One case in one unit that is rolled back; what an operation refuses leaves everything as it was."""

    session: Session
    world: tuple[Any, Any]

    @initialize()
    def begin(self) -> None:
        """Every order starts from the same adopted plan: made once, gone back to after each."""
        self.here, self.meeting = self.world
        self.start = self.session.begin_nested()
        self.at = hw.DURING
        self.told: list[tuple[Any, int, str]] = []
        self.reviewed: dict[UUID, list[Any]] = {}
        self.gone: set[str] = set()
        self.manager = self.here.town.case_manager
        adopted = queries.versions_of(self.session, self.here.case.id)
        self.prints = {one.number: str(one.sha256) for one in adopted}

    def teardown(self) -> None:
        if hasattr(self, "start"):
            self.start.rollback()
            self.session.expire_all()

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

    @rule(asked=st.booleans())
    def adopt(self, asked: bool) -> None:
        """Adopt what stands, whatever it is; mostly refused without a draft or without the members asked."""
        if asked:
            self.attempt(drafting.begin, self.manager)
            self.attempt(drafting.ask_comments, self.manager)
        draft = queries.draft_of(self.session, self.here.case.id)
        seen = adopting.count_revisions(self.session, draft) if draft else 0
        made = self.attempt(adopting.adopt, self.manager, meeting_id=self.meeting.id, revisions=seen)
        if made is not None:
            self.prints[made.number] = made.sha256

    @rule(which=st.integers(0, 5), status=STATUS, other=st.one_of(st.none(), st.none(), KIND))
    def tell(self, which: int, status: str, other: str | None) -> None:
        """The responsible member, or another who may not."""
        found = queries.actions_of(self.session, self.here.case.id)
        if found:
            chosen = found[which % len(found)]
            seat = self.here.seats[other] if other or chosen.seat is None else chosen.seat
            made = self.attempt(
                updating.update, self.session.get_one(Person, seat.person_id), action_key=chosen.key,
                status=status, note="x", seat_id=seat.id,
            )  # fmt: skip
            if made is not None:
                assert seat.kind not in self.gone
                self.told.append((made.action_key, made.number, status))

    @rule(kind=KIND, which=st.integers(0, 5))
    def give(self, kind: str, which: int) -> None:
        self.hand(kind, which)

    def hand(self, kind: str, which: int) -> None:
        """Give an action of the plan in force to this member."""
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

    def meeting_to_review_in(self) -> UUID:
        """The meeting of the last review until that is completed, then another one, as a row."""
        if not hasattr(self, "reviewing_in") or self.reviewing_in in self.reviewed:
            row = Meeting(
                case_id=self.here.case.id, code=f"T-R{len(self.reviewed)}", purpose="review", status="running",
                meeting_on=self.at.date(), called_by_id=self.manager.id, called_at=self.at, starts_at=self.at,
                started_at=self.at,
            )  # fmt: skip
            self.session.add(row)
            self.session.flush()
            self.reviewing_in = row.id
        return self.reviewing_in

    @rule(status=STATUS, complete=st.booleans(), half=SELDOM, stale=SELDOM)
    def review(self, status: str, complete: bool, half: bool, stale: bool) -> None:
        """Of every action or of some, saved or completed; a completed one is history at once."""
        meeting_id = self.meeting_to_review_in()
        found = reviewing.sheet(self.session, self.here.case.id, meeting_id)
        actions = [one.action for one in found.rows] if found else []
        items = {one.key: ItemData(status, "p") for one in (actions[1:] if half else actions)}
        revision = (found.review.revision if found and found.review else 0) + stale
        made = self.attempt(
            reviewing.save, self.manager, meeting_id=meeting_id, data=ReviewData(items, "m", "same"),
            revision=revision, held_on=self.at.date() if complete else None,
        )  # fmt: skip
        assert made is None or not stale
        if made is not None and made.reviewed_at is not None:
            self.reviewed[meeting_id] = stored(made)
            history = queries.history_of(self.session, self.here.case.id)
            self.told += [(key, max(one.number for one in history[key]), status) for key in items]

    @rule(which=st.integers(0, 5))
    def review_again(self, which: int) -> None:
        """What was completed is offered another text: it is refused or the invariant finds it changed."""
        if self.reviewed:
            meeting_id = list(self.reviewed)[which % len(self.reviewed)]
            data = ReviewData(
                {one[0]: ItemData("not_done", "q") for one in self.reviewed[meeting_id]}, "n", "worse"
            )
            row = reviewing.find(self.session, self.here.case.id, meeting_id)
            self.attempt(
                reviewing.save, self.manager, meeting_id=meeting_id, data=data, revision=row.revision if row else 0,
                held_on=self.at.date(),
            )  # fmt: skip

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
        self.nothing_is_given_to(kind)

    def nothing_is_given_to(self, kind: str) -> None:
        """At once, whatever came before: who has left gets no action of the plan in force and none of a draft."""
        for which in range(len(queries.actions_of(self.session, self.here.case.id))):
            self.hand(kind, which)
        draft = queries.draft_of(self.session, self.here.case.id)
        if draft is not None:
            made = self.attempt(
                editing.add_action, self.manager, objective_id=pw.objective(self.session, draft).id,
                data=pw.action_data(self.here, kind),
            )  # fmt: skip
            assert made is None

    @invariant()
    def no_version_is_lost_or_changed(self) -> None:
        if not hasattr(self, "start"):
            return
        self.session.flush()
        stored = {one.number: one for one in queries.versions_of(self.session, self.here.case.id)}
        assert stored.keys() == self.prints.keys()
        for number, version in stored.items():
            assert adopting.fingerprint(self.session, version) == self.prints[number] == version.sha256

    @invariant()
    def no_completed_review_is_lost_or_changed(self) -> None:
        if not hasattr(self, "start"):
            return
        self.session.flush()
        kept = reviewing.reviews_of(self.session, self.here.case.id)
        assert {one.meeting_id: stored(one) for one in kept} == self.reviewed

    @invariant()
    def nothing_told_is_lost(self) -> None:
        if not hasattr(self, "start"):
            return
        history = queries.history_of(self.session, self.here.case.id)
        kept = {(key, one.number, one.status) for key, rows in history.items() for one in rows}
        assert set(self.told) == kept

    @invariant()
    def no_action_belongs_to_an_outsider(self) -> None:
        """Whoever is shown as responsible sits at the Table, or the action says that it needs somebody."""
        if not hasattr(self, "start"):
            return
        live = {seat.id for seat in queries.live_seats(self.session, self.here.case.id, self.at)}
        for one in queries.actions_of(self.session, self.here.case.id):
            assert one.needs_responsible or (one.seat is not None and one.seat.id in live)


def stored(review: Any) -> list[Any]:
    """Everything a completed review says, by action."""
    said = (review.well_being, review.course, review.reviewed_on, review.version_id)
    items = sorted(review.items, key=lambda one: str(one.action_key))
    return [(one.action_key, one.status_before, one.status, one.progress, one.notes, *said) for one in items]


def test_no_order_of_deeds_breaks_the_plan(engine: Engine, rounds: Any) -> None:
    use_test_keys()
    chosen = settings(
        max_examples=rounds(200), stateful_step_count=25, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    with encryption.fresh_unlocks(), db.open_session(engine) as session:
        here, meeting = hw.running(session)
        pw.fill(session, here, pw.draft(session, here), KINDS)
        pw.adopt(session, here, meeting)
        AnyOrder.session, AnyOrder.world = session, (here, meeting)
        try:
            run_state_machine_as_test(AnyOrder, settings=chosen)
        finally:
            session.rollback()
