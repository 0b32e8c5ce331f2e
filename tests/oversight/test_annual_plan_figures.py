"""Plans, reviews and actions of a year counted by hand; a case that moved, counted where it was (A5.1.5, A13, A17.3.3)."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows, world
from tests.oversight.test_annual_figures import counted
from tmr_app.closures import transferring
from tmr_app.meetings.models import Meeting
from tmr_app.oversight import annual_figures
from tmr_app.oversight.disclosure_cells import Table
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.review_models import PlanReview

NEXT_SPRING = plan_rows.noon(date(2027, 3, 1))


def figures(
    session: Session, town: world.Town | None, year: int, now: datetime = NEXT_SPRING
) -> dict[str, Table]:
    session.flush()
    place = town.municipality.id if town else None
    return {table.key: table for table in annual_figures.of_year(session, place, year, now)}


def reviewed(session: Session, here: mw.CaseWorld, version: PlanVersion, *days: date) -> None:
    for on in days:
        at = plan_rows.noon(on)
        session.add(
            PlanReview(
                case_id=here.case.id,
                meeting_id=uuid4(),
                version_id=version.id,
                begun_at=at,
                saved_at=at,
                saved_by_id=here.town.case_manager.id,
                reviewed_at=at,
                reviewed_on=on,
            )
        )
    session.flush()


@pytest.mark.duty("A5.1.6")
def test_reviews_in_time_by_hand(engine: Engine) -> None:
    """Adopted on 31 January: owed by 28 February, then the same day of each next month; or every fortnight."""
    with world.work(engine) as session:
        monthly = mw.case_world(session)
        version = plan_rows.adopted(session, monthly, date(2026, 1, 31))
        reviewed(
            session,
            monthly,
            version,
            date(2026, 2, 28),  # on the last day
            date(2026, 3, 28),  # on the last day
            date(2026, 4, 29),  # a day late
            date(2026, 5, 29),  # counted from the late one: on the last day
            date(2027, 1, 2),  # another year's
        )
        often = mw.case_world(session, town=monthly.town)
        shorter = plan_rows.adopted(session, often, date(2026, 12, 1), review_days=14)
        reviewed(session, often, shorter, date(2026, 12, 15), date(2026, 12, 30))
        table = figures(session, monthly.town, 2026)["reviews"]
        assert split(table) == (7, 4, 2, 1), "the one owed in June was never held that year"
        after = figures(session, monthly.town, 2027)["reviews"]
        assert split(after) == (3, 0, 1, 2), "both plans are behind again by the first of March"
        early = figures(session, monthly.town, 2027, plan_rows.noon(date(2027, 1, 13)))["reviews"]
        assert split(early) == (1, 0, 1, 0), "on the last day nothing is missing yet"


def split(table: Table) -> tuple[int, ...]:
    return counted(table), *(counted(table, reviewed=one) for one in ("in_time", "late", "missing"))


@pytest.mark.duty("A5.1.6")
@pytest.mark.parametrize(("closed_on", "missing"), [(date(2026, 3, 2), 0), (date(2026, 3, 3), 1)])
def test_a_review_owed_before_the_case_ended_is_missing_a_later_one_is_not(
    engine: Engine, closed_on: date, missing: int
) -> None:
    """Adopted on 2 February: owed by 2 March."""
    with world.work(engine) as session:
        here = mw.case_world(session)
        plan_rows.adopted(session, here, date(2026, 2, 2))
        here.case.referred_on = date(2026, 1, 5)
        here.case.status, here.case.closed_on, here.case.closing_ground = "closed", closed_on, "of_age"
        table = figures(session, here.town, 2026)["reviews"]
        assert split(table) == (missing, 0, 0, missing)


@pytest.mark.duty("A5.1.6")
def test_plans_and_actions_by_status_and_kind_of_service_by_hand(engine: Engine) -> None:
    """What stands in the version in force at the year's end, as told by then; of an earlier version nothing."""
    with world.work(engine) as session:
        here = mw.case_world(session)
        plan_rows.adopted(session, here, date(2026, 11, 3), planned=[date(2026, 11, 5)] * 2, kind="school")
        version = plan_rows.adopted(session, here, date(2026, 12, 1), planned=[date(2026, 12, 9)] * 4)
        done, undone, later, _untold = plan_rows.actions_of(session, version)
        plan_rows.told(session, here, done, "in_process", date(2026, 12, 5))
        plan_rows.told(session, here, done, "done", date(2026, 12, 31), number=2)
        plan_rows.told(session, here, undone, "not_done", date(2026, 12, 8))
        plan_rows.told(session, here, later, "done", date(2027, 1, 1))
        sibling = mw.case_world(session, town=here.town)
        plan_rows.adopted(session, sibling, date(2026, 12, 2), planned=[date(2027, 1, 9)], kind="school")
        found = figures(session, here.town, 2026)
        plans, actions = found["plans"], found["actions"]
        assert (counted(plans, plan="first"), counted(plans, plan="updated")) == (2, 1)
        told = {
            (seat, status): counted(actions, seat=seat, action=status)
            for seat in ("police", "school", "ngo")
            for status in ("in_process", "done", "not_done")
        }
        assert {key: number for key, number in told.items() if number} == {
            ("police", "done"): 1,
            ("police", "not_done"): 1,
            ("police", "in_process"): 2,
            ("school", "in_process"): 1,
        }
        assert (counted(actions), counted(actions, seat="police")) == (5, 4)


FLOW = ("open_start", "referred", "treated", "closed", "open_end")


def flow(found: dict[str, Table]) -> tuple[int, ...]:
    return tuple(counted(found[name]) for name in FLOW)


@pytest.mark.duty("A5.1.6", "A17.3")
def test_a_case_that_moved_counts_where_it_was(engine: Engine) -> None:
    """Left in November: closed there on that ground with all that was done; taken over, referred by a Centre, elsewhere."""
    with world.work(engine) as session:
        ended, to, transfer = cw.offered(session)
        left = ended.here.town
        plan_rows.adopted(session, ended.here, date(2026, 11, 3), planned=[date(2026, 11, 9)])
        before = flow(figures(session, left, 2026))
        transferring.accept(
            session, to.head, cw.LATER, transfer_id=transfer.id, case_manager_id=to.case_manager.id
        )
        old, new = figures(session, left, 2026), figures(session, to, 2026)
        assert (before, flow(old), flow(new)) == ((0, 1, 1, 0, 1), (0, 1, 1, 1, 0), (0, 1, 1, 0, 1))
        assert counted(old["grounds"], ground="moved_within") == 1
        assert (counted(new["sources"], source="institution"), counted(new["sources"])) == (1, 1)
        assert (counted(old["sources"], source="school"), counted(old["ages"])) == (1, 1)
        assert (counted(old["meetings"], purpose="closing"), counted(new["meetings"])) == (1, 0)
        assert (counted(old["plans"]), counted(new["plans"])) == (1, 0)
        assert (counted(old["actions"]), counted(new["actions"])) == (1, 1)
        assert flow(figures(session, left, 2027)) == (0, 0, 0, 0, 0)
        assert flow(figures(session, to, 2027)) == (1, 0, 1, 0, 1)
        assert flow(figures(session, None, 2026)) == (0, 1, 1, 0, 1), (
            "in the country one child is counted once"
        )

        session.add(
            Meeting(
                case_id=ended.case.id,
                code="T-LATER",
                purpose="first",
                status="held",
                meeting_on=cw.LATER.date() + timedelta(days=1),
                called_by_id=to.case_manager.id,
                called_at=cw.LATER,
                lead_days=3,
            )
        )
        assert counted(figures(session, left, 2026)["meetings"]) == 1
        assert counted(figures(session, to, 2026)["meetings"]) == 1
