"""The head's dashboard (A16): what it counts, whom it shows it to, at how many statements."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, Select, bindparam, event, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tmr_app.cases import office_queries, opening, visiting
from tmr_app.cases.models import Case
from tmr_app.cases.own_standings import LIVE_SEAT
from tmr_app.cases.table_models import Seat
from tmr_app.closures import work as work_of_closing
from tmr_app.kernel import clock, db, migrations
from tmr_app.meetings import queries
from tmr_app.meetings.models import MeetingRequest
from tmr_app.oversight import action_tally, dashboard

TODAY = mw.NOW.date()
DAY = timedelta(days=1)


def load(session: Session, here: mw.CaseWorld, now: datetime = mw.NOW) -> dashboard.Dashboard:
    action_tally.refresh(session, [here.case.id])
    return dashboard.load(session, here.town.head.id, [here.town.qps.id], now)


@pytest.mark.duty("A16")
def test_a16_counts_dates_that_are_past(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        here.case.next_duty, here.case.next_duty_on = "A8.3", TODAY
        here.case.review_due_on = TODAY
        found = load(session, here)
        assert (found.duties.count, found.reviews.count) == (0, 0)  # due today is not late
        found = load(session, here, mw.NOW + DAY)
        assert (found.duties.count, found.reviews.count) == (1, 1)
        (line,) = found.duties.lines
        assert (line.number, line.about, line.on) == (here.case.number, "A8.3", TODAY)
        (one,) = found.loads
        assert (one.cases, one.high, one.overdue, one.reviews, one.silent) == (1, 1, 1, 1, 1)


@pytest.mark.duty("A16")
def test_a16_a_late_review_is_listed_once(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        here.case.next_duty, here.case.next_duty_on = "A5.1.5", TODAY - DAY
        here.case.review_due_on = TODAY - DAY
        found = load(session, here)
        assert (found.duties.count, found.duties.lines, found.reviews.count) == (0, [], 1)
        assert found.loads[0].overdue == 1, "the manager's case is late all the same"


@pytest.mark.duty("A16")
@pytest.mark.parametrize(("ago", "silent"), [(None, 1), (31, 0), (32, 1)])
def test_a16_cases_without_a_contact(engine: Engine, ago: int | None, silent: int) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        if ago is not None:
            data = visiting.VisitData("office", TODAY - ago * DAY, {"summary": "Bisedë"}, with_child=True)
            visiting.record_visit(session, here.town.case_manager, mw.NOW, case=here.case, data=data)
        assert load(session, here).loads[0].silent == silent


@pytest.mark.duty("A16")
@pytest.mark.parametrize(
    ("status", "planned", "late"),
    [
        (None, TODAY - DAY, True),
        (None, TODAY, False),
        ("done", TODAY - DAY, False),
        ("not_done", TODAY - DAY, True),
        ("in_process", TODAY - DAY, True),
    ],
)
def test_a16_actions_late_by_institution(
    engine: Engine, status: str | None, planned: date, late: bool
) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        version = plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[planned])
        if status:
            plan_rows.told(session, here, plan_rows.actions_of(session, version)[0], status, TODAY - DAY)
        found = load(session, here)
        assert len(found.institutions) == late
        if late:
            (one,) = found.institutions
            assert (one.actions, one.cases, one.oldest_on) == (1, 1, planned)


def test_an_earlier_versions_actions_do_not_count(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[TODAY - 5 * DAY])
        plan_rows.adopted(session, here, TODAY - 2 * DAY, planned=[TODAY + 5 * DAY])
        assert load(session, here).institutions == []


def test_other_centres_closed_cases_and_own_exclusions_are_not_shown(engine: Engine) -> None:
    with work(engine) as session:
        here, there = mw.case_world(session), mw.case_world(session, key="prizren")
        for one in (here, there):
            one.case.next_duty, one.case.next_duty_on = "A8.3", TODAY - DAY
        assert load(session, here).duties.count == 1
        here.case.status = "closed"
        assert load(session, here).duties.count == 0
        here.case.status = "open"
        here.seats["police"].person_id = here.town.head.id
        here.seats["police"].recused_at = mw.NOW
        found = load(session, here)
        assert (found.duties.count, found.loads) == (0, [])


def test_statements_do_not_grow(engine: Engine) -> None:
    counts = []
    with work(engine) as session:
        here = mw.case_world(session)
        for wanted in (1, 40):
            for number in range(wanted):
                case = opening.open_case(
                    session, here.town.case_manager, mw.NOW, qps_id=here.town.qps.id,
                    referral=opening.ReferralData(TODAY, "school", "Fakte"),
                    child=opening.ChildData(f"Fëmijë {number}", None, birth_year=2014), risks={"lack_of_care": ""},
                )  # fmt: skip
                case.next_duty, case.next_duty_on = "A8.3", TODAY - DAY
            session.flush()
            with mw.counted(engine) as seen:
                found = load(session, here)
                counts.append(len(seen()))
        assert found.duties.count == 41
        assert len(found.duties.lines) == dashboard.SHOWN
    assert counts[0] == counts[1] <= 6


@pytest.mark.duty("A16")
def test_a16_the_page(fresh_database_url: str, make_app: MakeApp) -> None:
    app = make_app(fresh_database_url)
    with clock.fixed_at(mw.NOW):
        with work(app.engine) as session:
            here = mw.case_world(session)
            here.case.next_duty, here.case.next_duty_on = "A8.3", TODAY - DAY
            plan_rows.adopted(session, here, TODAY - 10 * DAY, planned=[TODAY - DAY])
            institution = here.seats["police"].institution_id
            number, head, manager = here.case.number, here.town.head.id, here.town.case_manager.id
            assert institution
        office = SignedIn(app, head)
        for query in ("", f"?manager={manager}", "?manager=nonsense"):
            answer = office.get(f"/head-office/supervision{query}")
            assert answer.status_code == 200
            assert number in answer.text
        assert SignedIn(app, manager).get("/head-office/supervision").status_code in (403, 404)
        assert "/head-office/supervision" in office.get("/head-office").text


def test_cases_are_listed_by_their_next_duty(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        later = session.get_one(Case, here.case.id)
        later.next_duty, later.next_duty_on = "A8.3", TODAY
        rows = dashboard.cases_of(session, here.town.head.id, [here.town.qps.id], mw.NOW, None)
        assert [row.number for row in rows] == [here.case.number]
        assert not dashboard.cases_of(
            session, here.town.head.id, [here.town.qps.id], mw.NOW, here.town.head.id
        )


@pytest.mark.duty("A10.2")
def test_a10_2_the_office_names_no_request_of_a_case_its_head_is_excluded_from(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        seat_id, head, place = here.seats["school"].id, here.town.head.id, [here.town.qps.id]
        session.add(
            MeetingRequest(case_id=here.case.id, seat_id=seat_id, requested_at=mw.NOW, escalated_at=mw.NOW)
        )

        def named() -> list[str]:
            session.flush()
            panel = queries.open_requests_panel(session, head, place, mw.NOW)
            return [row.text for row in panel.rows] if panel else []

        assert here.case.number in named()
        here.seats["police"].person_id = head
        here.seats["police"].recused_at = mw.NOW
        assert here.case.number not in named()


def test_counting_reads_indexes_and_no_cases(fresh_database_url: str) -> None:
    """SQLite: the workload from one index alone; a person's live seats by the person, not by "no meeting"."""
    engine = db.make_engine(fresh_database_url)
    migrations.upgrade(engine)
    asked = {"centre": uuid4(), "person_id": uuid4(), "today": TODAY, "since": TODAY, "now": mw.NOW}
    seats = select(Seat.case_id).where(LIVE_SEAT)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            workload = dashboard._workload(dashboard._own(several=False))
            assert "COVERING INDEX ix_case_workload" in plan(connection, workload, asked)
            assert "ix_seat_person" in plan(connection, seats, asked)
            guests = plan(connection, select(Seat.id).where(Seat.meeting_id == bindparam("centre")), asked)
            assert "ix_seat_meeting_id" in guests
    engine.dispose()


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (office_queries._FLAGGED, "ix_conflict_flag_waiting"),
        (office_queries._HANDED, "ix_hand_over_waiting"),
        (office_queries._PROPOSED, "ix_disclosure_waiting"),
        (office_queries._OPENED, "ix_break_glass_waiting"),
        (queries._TO_AGREE, "ix_meeting_to_agree"),
        (queries._ESCALATED, "ix_meeting_request_waiting"),
        (work_of_closing._TO_APPROVE, "uq_closing_open"),
    ],
)
def test_what_waits_is_found_first(
    clone_database: Callable[[str], AbstractContextManager[str]], query: Select[*tuple[Any, ...]], index: str
) -> None:
    """SQLite, which knows no numbers of rows: not by going through all cases of the Centre."""
    asked = {"headed": [uuid4()], "person_id": uuid4()}
    with clone_database("sqlite") as url, db.make_engine(url).connect() as connection:
        found = plan(connection, query, asked)
    assert f"USING INDEX {index}" in found
    assert "sqlite_autoindex_case_file" in found
    assert "ix_case_" not in found


def plan(connection: Connection, query: Select[*tuple[Any, ...]], asked: dict[str, Any]) -> str:
    """How SQLite would find the rows."""
    explained: list[str] = []

    def explain(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any
    ) -> tuple[str, Any]:
        explained.append(statement)
        return f"EXPLAIN QUERY PLAN {statement}", parameters

    event.listen(connection, "before_cursor_execute", explain, retval=True)
    names = set(query.compile().params)
    rows = connection.execute(query, {name: value for name, value in asked.items() if name in names})
    lines = "\n".join(str(row) for row in rows.cursor.fetchall()) if rows.cursor else ""
    event.remove(connection, "before_cursor_execute", explain)
    return lines
