"""What the database counts of a year, on both engines (A5.1.6)."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tests.oversight.annual_kit import IN_MARCH, YEAR, Kept, crowd, store
from tmr_app.cases import risk
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings import convening
from tmr_app.oversight import annual_figures
from tmr_app.oversight.disclosure_cells import Cell, Table


def tables_of(session: Session, town: world.Town, year: int = YEAR) -> dict[str, Table]:
    session.flush()
    found = annual_figures.of_year(session, town.municipality.id, year, IN_MARCH)
    return {table.key: table for table in found}


def counted(table: Table, **at: str) -> int:
    return table.counts[Cell(table.population, table.period, tuple(sorted(at.items())))]


def test_the_flow_of_a_year_at_its_borders(engine: Engine) -> None:
    """Referred on the last day of the year before, on the first and the last day; closed on the first, on the last."""
    with world.work(engine) as session:
        town = world.town(session)
        store(
            session,
            town,
            [
                Kept(date(2024, 12, 31)),
                Kept(date(2025, 1, 1)),
                Kept(date(2025, 12, 31)),
                Kept(date(2026, 1, 1)),
                Kept(date(2024, 5, 5), date(2024, 12, 31), "of_age"),
                Kept(date(2024, 5, 5), date(2025, 1, 1), "of_age"),
                Kept(date(2025, 5, 5), date(2025, 12, 31), "death"),
                Kept(date(2025, 5, 5), date(2026, 1, 1), "of_age"),
            ],
        )
        found = tables_of(session, town)
    flow = {
        name: counted(found[name]) for name in ("open_start", "referred", "treated", "closed", "open_end")
    }
    assert flow == {"open_start": 2, "referred": 4, "treated": 6, "closed": 2, "open_end": 4}
    assert counted(found["grounds"], ground="of_age") == 1
    assert counted(found["grounds"], ground="death") == 1


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [(2025, "0-5"), (2020, "0-5"), (2019, "6-10"), (2008, "15-17"), (2007, "18+"), (None, "unknown")],
)
def test_ages_fall_into_bands_by_the_year_of_birth(engine: Engine, birth_year: int | None, band: str) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        store(session, town, [Kept(birth_year=birth_year, gender=None)])
        ages = tables_of(session, town)["ages"]
    assert counted(ages, age=band, gender="unknown") == 1


def test_levels_at_the_start_and_by_the_end_of_the_year(engine: Engine) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        levels = (("high", date(2025, 3, 12)), ("medium", date(2025, 12, 31)), ("low", date(2026, 1, 1)))
        store(session, town, [Kept(levels=levels), Kept()])
        found = tables_of(session, town)
    assert counted(found["level_start"], level_start="high") == 1
    assert counted(found["level_end"], level_end="medium") == 1
    assert counted(found["level_end"], level_end="unknown") == 1


def test_kinds_of_risk_may_be_several_and_a_sector_belongs_to_hazardous_work(engine: Engine) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        both = ("physical_violence", "hazardous_work")
        store(session, town, [Kept(risks=both, sector="street"), Kept(risks=("hazardous_work",)), Kept()])
        found = tables_of(session, town)
    risks, sectors = found["risks"], found["sectors"]
    assert (
        counted(risks),
        counted(risks, risk="physical_violence"),
        counted(risks, risk="hazardous_work"),
    ) == (
        3,
        2,
        2,
    )
    assert (counted(sectors), counted(sectors, sector="street"), counted(sectors, sector="unknown")) == (
        2,
        1,
        1,
    )


@pytest.mark.parametrize(
    ("days", "band"), [(90, "to_90"), (91, "to_180"), (365, "to_365"), (366, "over_365")]
)
def test_a_closing_counts_by_how_long_the_case_lasted(engine: Engine, days: int, band: str) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        referred = date(2024, 11, 1)
        store(session, town, [Kept(referred, referred + timedelta(days), "of_age", birth_year=2010)])
        durations = tables_of(session, town)["durations"]
    assert counted(durations, duration=band) == 1


@pytest.mark.parametrize(("days_before", "kind"), [(3, "in_time"), (2, "late")])
def test_a_meeting_is_called_in_time_by_the_civil_date_of_the_last_invitation(
    engine: Engine, days_before: int, kind: str
) -> None:
    """Accepted a minute before midnight of the last lawful day, or a minute after it."""
    with world.work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        session.flush()
        convening.convene(
            session,
            here.town.case_manager,
            mw.at(date(2026, 11, 3), time(9, 0)),
            meeting_id=meeting.id,
            case=here.case,
        )
        session.flush()
        limit = mw.at(mw.MEETING_ON - timedelta(days=3), time(23, 59))
        sent_at = limit if days_before == 3 else limit + timedelta(minutes=1)
        for mail in session.query(OutboxMessage):
            mail.state, mail.accepted_at = ACCEPTED, sent_at
        meeting.status = "held"
        found = tables_of(session, here.town, 2026)
    assert counted(found["meetings"], purpose="first", notice=kind) == 1
    assert counted(found["meetings"]) == 1
    assert counted(found["attendance"], attendance="not_noted") > 0


def test_another_municipality_is_not_counted(engine: Engine) -> None:
    with world.work(engine) as session:
        town, other = world.town(session), world.town(session, "prizren")
        store(session, other, [Kept()])
        found = tables_of(session, town)
        whole = annual_figures.of_year(session, None, YEAR, IN_MARCH)
    assert all(count == 0 for table in found.values() for count in table.counts.values())
    assert {table.key: counted(table) for table in whole}["treated"] == 1


def test_as_many_statements_for_two_thousand_cases_as_for_two(engine: Engine) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        store(session, town, crowd(2))
        few = statements(session, town)
        store(session, town, crowd(2000, seed=2))
        assert statements(session, town) == few
        assert few <= 20


def statements(session: Session, town: world.Town) -> int:
    session.flush()
    count = 0

    def one_more(*_: object) -> None:
        nonlocal count
        count += 1

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", one_more)
    annual_figures.of_year(session, town.municipality.id, YEAR, IN_MARCH)
    event.remove(connection, "before_cursor_execute", one_more)
    return count


def test_parts_of_one_division_add_up_to_the_whole(engine: Engine) -> None:
    with world.work(engine) as session:
        town = world.town(session)
        store(session, town, crowd(300))
        found = tables_of(session, town)
    for table in found.values():
        for whole, parts, several in table.divisions():
            assert several or table.counts[whole] == sum(table.counts[part] for part in parts)


def test_the_sector_is_kept_beside_hazardous_work_only(engine: Engine) -> None:
    with world.work(engine) as session:
        here = mw.case_world(session)
        for risks, kept in (({"hazardous_work": ""}, "street"), ({"physical_violence": ""}, None)):
            session.flush()
            risk.change_risks(
                session,
                here.town.case_manager,
                mw.NOW,
                case=here.case,
                version=here.case.version,
                risks=risks,
                labour_sector="street",
            )
            assert here.case.labour_sector == kept
