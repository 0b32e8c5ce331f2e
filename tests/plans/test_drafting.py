"""The draft: begun from the initial plan or the version in force, written by several people, refused by article (A13, A6.1.6)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import work
from tmr_app.cases import seat_ending
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder, RuleRefused, Stale
from tmr_app.plans import adopting, drafting, editing, queries


def test_begins_from_the_initial_plan_once(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        version = pw.draft(session, here)
        assert (version.number, version.status, version.goal) == (1, "draft", "QellimKanarine")
        assert version.best_interest == "Interesi më i mirë"
        assert [(one.measure, one.service) for one in pw.actions(session, version)] == [("Masa", "Shërbime")]
        assert pw.draft(session, here).id == version.id
        assert queries.current_version(session, here.case.id) is None


def test_a_stale_action_comes_back_with_both_and_the_same_text_is_no_clash(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        version = pw.draft(session, here)
        pw.fill(session, here, version, ("police",))
        row = pw.actions(session, version)[0]
        seen = row.revision
        deed = {"case": here.case, "action_id": row.id, "revision": seen}
        first = pw.action_data(here, measure="Teksti i parë")
        editing.save_action(session, here.town.case_manager, hw.DURING, data=first, **deed)
        with pytest.raises(Stale) as stale:
            second = pw.action_data(here, measure="Teksti i dytë")
            editing.save_action(session, here.town.assistant, hw.DURING, data=second, **deed)
        assert stale.value.mine["measure"] == "Teksti i dytë"
        assert stale.value.theirs["measure"] == "Teksti i parë"
        assert stale.value.version == row.revision == seen + 1
        editing.save_action(session, here.town.case_manager, hw.DURING, data=first, **deed)
        assert row.revision == seen + 1


def test_texts_and_objectives_stand_under_their_own_revision(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        version = pw.draft(session, here)
        manager = here.town.case_manager
        texts = {"goal": "a", "aim": "", "best_interest": "b", "changes": ""}
        deed = {"case": here.case, "review_days": 14}
        editing.save_texts(session, manager, hw.DURING, revision=1, texts=texts, **deed)
        assert (version.revision, version.review_days) == (2, 14)
        with pytest.raises(Stale):
            editing.save_texts(session, manager, hw.DURING, revision=1, texts=texts | {"goal": "c"}, **deed)
        objective = editing.add_objective(
            session, manager, hw.DURING, case=here.case, text="Afatmesëm", term="medium"
        )
        with pytest.raises(Stale):
            editing.save_objective(
                session,
                manager,
                hw.DURING,
                case=here.case,
                objective_id=objective.id,
                revision=7,
                text="x",
                term="long",
            )
        with pytest.raises(BadInput):
            editing.add_objective(session, manager, hw.DURING, case=here.case, text="x", term="weekly")


@pytest.mark.parametrize("days", [0, 32, -1])
def test_the_interval_is_a_month_at_most(engine: Engine, days: int) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        pw.draft(session, here)
        with pytest.raises(FieldRefused):
            editing.save_texts(
                session,
                here.town.case_manager,
                hw.DURING,
                case=here.case,
                revision=1,
                texts={"goal": "a"},
                review_days=days,
            )


def test_bad_actions_are_refused(engine: Engine) -> None:
    """A member not on the Table, a date before the plan, foreign ids, another risk than the case carries."""
    with work(engine) as session:
        here, _meeting = hw.running(session)
        version = pw.draft(session, here)
        objective = pw.objective(session, version)
        good = pw.action_data(here)

        def add(objective_id: UUID = objective.id, **more: Any) -> None:
            editing.add_action(
                session,
                here.town.case_manager,
                hw.DURING,
                case=here.case,
                objective_id=objective_id,
                data=replace(good, **more),
            )

        with pytest.raises(RuleRefused) as refused:
            add(seat_id=uuid4())
        assert refused.value.verdicts[0].duty == "A13.2"
        assert "does not sit at the Table" in str(refused.value.verdicts[0].reason)
        with pytest.raises(FieldRefused, match="planned_on"):
            add(planned_on=mw.MEETING_ON - timedelta(days=1))
        with pytest.raises(FieldRefused, match="review_on"):
            add(review_on=mw.MEETING_ON - timedelta(days=1))
        add(planned_on=mw.MEETING_ON)
        with pytest.raises(BadInput):
            add(institution_ids=(uuid4(),))
        with pytest.raises(BadInput):
            add(risk="domestic_violence_witness_nobody_has")
        with pytest.raises(NotFound):
            add(uuid4())


def test_a_gone_member_is_no_outsider_with_an_action(engine: Engine) -> None:
    """The seat ended while the draft was open: saving again with that member is refused, adoption too."""
    with work(engine) as session:
        here, meeting = hw.running(session)
        version = pw.draft(session, here)
        pw.fill(session, here, version)
        drafting.ask_comments(session, here.town.case_manager, hw.DURING, case=here.case)
        seat_ending.end_seat(
            session,
            here.town.case_manager,
            hw.DURING,
            seat=here.seats["police"],
            reason="no_longer_needed",
        )
        session.flush()
        row = pw.actions(session, version)[0]
        with pytest.raises(RuleRefused):
            editing.save_action(
                session,
                here.town.case_manager,
                hw.DURING,
                case=here.case,
                action_id=row.id,
                revision=row.revision,
                data=pw.action_data(here, measure="tjetër"),
            )
        with pytest.raises(RuleRefused) as refused:
            pw.adopt(session, here, meeting)
        assert [one.duty for one in refused.value.verdicts] == ["A13.2"]


def test_nothing_is_taken_off_that_somebody_else_wrote_meanwhile(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        version = pw.draft(session, here)
        pw.fill(session, here, version, ("police",))
        manager, row = here.town.case_manager, pw.actions(session, version)[0]
        objective = pw.objective(session, version)
        with pytest.raises(Stale):
            editing.remove_action(session, manager, hw.DURING, case=here.case, action_id=row.id, revision=9)
        with pytest.raises(FieldRefused):
            editing.remove_objective(
                session,
                manager,
                hw.DURING,
                case=here.case,
                objective_id=objective.id,
                revision=objective.revision,
            )
        editing.remove_action(
            session, manager, hw.DURING, case=here.case, action_id=row.id, revision=row.revision
        )
        assert queries.actions_of(session, here.case.id, version) == []
        assert row.measure == "VeprimKanarine"


REFUSED = [
    ("no risk assessed", "A13.1"),
    ("no need named", "A13.1"),
    ("no member", "A13.2"),
    ("no date", "A13.2"),
    ("no institution", "A13.2"),
    ("not asked", "A6.1.6"),
    ("no best interest", "A5.1.1"),
    ("objection", "A7"),
]


@pytest.mark.duty("A13.1", "A13.2", "A6.1.6", "A7")
@pytest.mark.parametrize(("missing", "article"), REFUSED)
def test_adoption_is_refused_by_article(engine: Engine, missing: str, article: str) -> None:
    from tmr_app.cases.models import Assessment
    from tmr_app.plans import commenting

    with work(engine) as session:
        here, meeting = hw.running(session)
        manager = here.town.case_manager
        version = pw.draft(session, here)
        more: dict[str, object] = {
            "no need named": {"risk": None, "serves": ""},
            "no member": {"seat_id": None},
            "no date": {"planned_on": None},
            "no institution": {"institution_ids": ()},
        }.get(missing, {})
        pw.fill(session, here, version, ("police",), **more)
        if missing == "no risk assessed":
            for one in session.query(Assessment):
                one.risk_level = None
        if missing == "no best interest":
            texts = {"best_interest": ""}
            editing.save_texts(
                session,
                manager,
                hw.DURING,
                case=here.case,
                revision=version.revision,
                texts=texts,
                review_days=None,
            )
        if missing != "not asked":
            drafting.ask_comments(session, manager, hw.DURING, case=here.case)
        if missing == "objection":
            commenting.say(
                session,
                here.town.members["police"],
                hw.DURING,
                case=here.case,
                seat_id=here.seats["police"].id,
                kind="objection",
                text="jashtë mandatit",
                action_key=pw.actions(session, version)[0].action_key,
            )
        session.flush()
        with pytest.raises(RuleRefused) as refused:
            adopting.adopt(
                session,
                manager,
                hw.DURING,
                case=here.case,
                meeting_id=meeting.id,
                revisions=adopting.count_revisions(session, version),
            )
        assert article in {one.duty for one in refused.value.verdicts}
        assert version.status == "draft"


def test_adopted_only_as_seen_and_in_a_meeting(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        version = pw.draft(session, here)
        pw.fill(session, here, version)
        deed = {"case": here.case, "meeting_id": meeting.id}
        seen = adopting.count_revisions(session, version)
        drafting.ask_comments(session, here.town.case_manager, hw.DURING, case=here.case)
        editing.add_objective(
            session, here.town.assistant, hw.DURING, case=here.case, text="Tjetër", term="long"
        )
        with pytest.raises(OutOfOrder, match="changed while this page was open"):
            adopting.adopt(session, here.town.case_manager, hw.DURING, revisions=seen, **deed)
        with pytest.raises(NotFound):
            adopting.adopt(
                session,
                here.town.case_manager,
                hw.DURING,
                revisions=adopting.count_revisions(session, version),
                case=here.case,
                meeting_id=uuid4(),
            )
        adopted = pw.adopt(session, here, meeting)
        assert (adopted.status, adopted.adopted_on, adopted.meeting_id) == (
            "adopted",
            date(2026, 11, 17),
            meeting.id,
        )
        assert here.case.phase == "implementation"
        assert adopted.sha256 == adopting.fingerprint(session, adopted)
        with pytest.raises(OutOfOrder):
            pw.adopt(session, here, meeting)


def test_the_next_version_goes_on_from_the_last_and_leaves_it(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting, first = pw.adopted(session)
        before = adopting.fingerprint(session, first)
        second = drafting.next_version(session, here.town.case_manager, hw.DURING, case=here.case)
        assert (second.number, second.based_on_id, second.changes) == (2, first.id, "")
        keys = [one.action_key for one in pw.actions(session, first)]
        assert [one.action_key for one in pw.actions(session, second)] == keys
        pw.fill(session, here, second, ("family_medicine",))
        assert adopting.fingerprint(session, first) == before == first.sha256
        current = queries.current_version(session, here.case.id)
        assert current is not None
        assert current.id == first.id
