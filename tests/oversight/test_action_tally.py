"""What the head's dashboard counts is kept with each deed: always what a full count gives, also after the migration."""

from datetime import date, timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.world import work
from tmr_app.cases import visiting
from tmr_app.kernel import migrations
from tmr_app.oversight import action_tally, next_duties
from tmr_app.oversight.tally_models import ActionTally

TODAY = mw.NOW.date()
DAY = timedelta(days=1)


def kept(session: Session) -> list[tuple[date, int]]:
    return sorted((row.planned_on, row.number) for row in session.scalars(select(ActionTally)))


def visit(session: Session, here: mw.CaseWorld, on: date) -> visiting.Visit:
    data = visiting.VisitData("office", on, {"summary": "Bisedë"}, with_child=True)
    return visiting.record_visit(session, here.town.case_manager, mw.NOW, case=here.case, data=data)


def test_open_actions_follow_word_and_version(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        first = plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[TODAY, TODAY, TODAY + DAY])
        assert action_tally.stale(session) == [here.case.id]
        next_duties.refresh(session, [here.case.id], mw.NOW)
        assert kept(session) == [(TODAY, 2), (TODAY + DAY, 1)]
        plan_rows.told(session, here, plan_rows.actions_of(session, first)[0], "done", TODAY - DAY)
        assert action_tally.stale(session) == [here.case.id]
        assert action_tally.refresh(session, [here.case.id]) == 1
        assert kept(session) == [(TODAY, 1), (TODAY + DAY, 1)]
        plan_rows.adopted(session, here, TODAY - 2 * DAY, planned=[TODAY + 5 * DAY])
        assert action_tally.refresh(session, [here.case.id]) == 1
        assert kept(session) == [(TODAY + 5 * DAY, 1)]
        assert action_tally.refresh(session, [here.case.id]) == 0, "nothing changed, nothing is written"


def test_a_kept_figure_that_is_wrong_is_found_and_put_right(engine: Engine) -> None:
    with work(engine) as session:
        here, there = mw.case_world(session), mw.case_world(session, key="prizren")
        plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[TODAY])
        action_tally.refresh(session, [here.case.id, there.case.id])
        assert action_tally.stale(session) == []
        row = session.scalars(select(ActionTally)).one()
        row.number = 2
        assert action_tally.stale(session) == [here.case.id]
        session.delete(row)
        assert action_tally.stale(session) == [here.case.id]
        institution_id = there.seats["police"].institution_id
        assert institution_id
        session.add(
            ActionTally(case_id=there.case.id, planned_on=TODAY, institution_id=institution_id, number=1)
        )
        assert set(action_tally.stale(session)) == {here.case.id, there.case.id}
        assert action_tally.refresh(session, [here.case.id, there.case.id]) == 2
        assert action_tally.stale(session) == []


def test_the_latest_visit_is_kept(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        visit(session, here, TODAY - 3 * DAY)
        wrong = visit(session, here, TODAY)
        action_tally.refresh(session, [here.case.id])
        session.refresh(here.case)
        assert here.case.last_visit_on == TODAY
        data = visiting.VisitData("office", TODAY - 5 * DAY, {"summary": "Bisedë"}, with_child=True)
        visiting.correct_visit(session, here.town.case_manager, mw.NOW, visit=wrong, data=data, version=1)
        action_tally.refresh(session, [here.case.id])
        session.refresh(here.case)
        assert here.case.last_visit_on == TODAY - 3 * DAY


def test_the_migration_counts_what_is_there(engine: Engine) -> None:
    with work(engine) as session:
        here, there = mw.case_world(session), mw.case_world(session, key="prizren")
        plan_rows.adopted(session, here, TODAY - 20 * DAY, planned=[TODAY])
        version = plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[TODAY, TODAY, TODAY + DAY])
        done, open_again, _last = plan_rows.actions_of(session, version)
        plan_rows.told(session, here, done, "done", TODAY)
        plan_rows.told(session, here, open_again, "done", TODAY)
        plan_rows.told(session, here, open_again, "not_done", TODAY, number=2)
        visit(session, there, TODAY - DAY)
    migrations.downgrade(engine, "0013")
    migrations.upgrade(engine)
    with work(engine) as session:
        assert action_tally.stale(session) == []
        assert kept(session) == [(TODAY, 1), (TODAY + DAY, 1)]
        rows = session.execute(text("SELECT number, last_visit_on FROM case_file"))
        visited = {row.number: str(row.last_visit_on) for row in rows}
        assert visited == {here.case.number: "None", there.case.number: str(TODAY - DAY)}
    migrations.check(engine)
