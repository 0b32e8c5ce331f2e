"""`tmr ledger`: exact keys, no personal data, a row of audit; and as many statements for many cases as for one."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows, world
from tests.fixtures.world import work
from tmr_app.cases import opening
from tmr_app.cases.models import Case
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.oversight import ledger, next_duties
from tmr_app.oversight.bundle import Bundle
from tmr_app.web.commands.ledger_command import command

KEYS = ["duty", "municipality", "case", "meeting", "subject", "status", "due_on", "met_at", "reason"]
STATUSES = {"met", "met_late", "not_met", "due", "overdue", "waived"}


def run(url: str, *arguments: str) -> Any:
    with clock.fixed_at(mw.NOW):
        return CliRunner().invoke(command, list(arguments), env={"TMR_DATABASE_URL": url})


def filled(engine: Engine) -> str:
    """A case with a meeting being prepared; its number."""
    with work(engine) as session:
        here = mw.case_world(session)
        mw.prepare(session, here, mw.call(session, here))
        return here.case.number


def test_json_rows_have_the_agreed_keys(engine: Engine, fresh_database_url: str) -> None:
    number = filled(engine)
    done = run(fresh_database_url, "--json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.output)
    assert all(list(row) == KEYS for row in rows)
    assert {row["status"] for row in rows} <= STATUSES
    assert {row["municipality"] for row in rows} == {"prishtine"}
    assert {row["case"] for row in rows} == {None, number}
    assert {"A3", "A4.1", "A5.1.6", "A8.2"} == {row["duty"] for row in rows if row["case"] is None}
    for row in rows:
        for name in ("due_on", "met_at"):
            assert row[name] is None or datetime.fromisoformat(row[name])
    assert [canary for canary in mw.CANARIES if canary in done.output] == []
    with work(engine) as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.tag == "ledger:printed"))
        assert (entry.outcome, entry.standing) == ("read", "command line")


def test_one_case_one_municipality_and_what_does_not_exist(engine: Engine, fresh_database_url: str) -> None:
    number = filled(engine)
    rows = json.loads(run(fresh_database_url, "--case", number, "--json").output)
    assert {row["case"] for row in rows} == {number}
    assert json.loads(run(fresh_database_url, "--municipality", "PRISHTINE", "--json").output)
    assert run(fresh_database_url, "--municipality", "atlantis").exit_code == 1
    assert run(fresh_database_url, "--case", "X-1").exit_code == 1
    lines = [one.split() for one in run(fresh_database_url, "--case", number).output.splitlines()]
    (presented,) = [line for line in lines if line[0] == "A6.1.5"]
    assert "prishtine" in presented
    assert presented[1] == "due"  # it stands on the agenda of a coming meeting: not presented yet


MOST = {"rows_of_cases": 30, "together": 1, "refresh": 5}
"""A deed's refresh: the phase, the tables in one, what is kept; of the dashboard's counts the actions and the dates."""


@pytest.mark.parametrize("function", list(MOST))
def test_statements_do_not_grow_with_the_cases(engine: Engine, function: str) -> None:
    counts = []
    with work(engine) as session:
        here = mw.case_world(session)
        mw.prepare(session, here, mw.call(session, here))
        for wanted in (1, 10, 100):
            more(session, here, wanted)
            ids = list(session.scalars(select(Case.id)))
            assert len(ids) == wanted
            session.flush()
            if function == "refresh":
                next_duties.refresh(session, ids, mw.NOW)
            with mw.counted(engine) as seen:
                if function == "refresh":
                    assert next_duties.refresh(session, ids, mw.NOW) == 0
                else:
                    tables = ledger.tables() if function == "together" else ()
                    found = list(ledger.rows_of_cases(session, ids, mw.NOW, together=tables))
                    assert len({row.case for row in found}) == wanted
                counts.append(len(seen()))
    assert counts[0] == counts[1] == counts[2]
    assert counts[0] <= MOST[function]


def test_tables_read_together_say_what_they_say_alone(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.call(session, here)
        mw.prepare(session, here, meeting)
        plan_rows.adopted(session, here, mw.NOW.date(), planned=[mw.NOW.date()] * 3)
        more(session, here, 4)
        ids = list(session.scalars(select(Case.id)))
        session.flush()
        for narratives in (False, True):
            mw.vault.unlock(session, ids)
            together, alone = (Bundle(session, ids, mw.NOW, narratives=narratives) for _ in range(2))
            together.read_together(ledger.tables())
            for name in ledger.tables():
                one, other = _plain(getattr(together, name)), _plain(getattr(alone, name))
                assert {key: sorted(rows) for key, rows in one.items()} == {
                    key: sorted(rows) for key, rows in other.items()
                }, name
                if name in IN_FULL_ORDER:
                    assert one == other, name


IN_FULL_ORDER = ("seats", "invitations", "plan_versions", "plan_actions")
"""Their order leaves nothing open, so it is the same on both databases."""


def _plain(found: Any) -> dict[Any, list[str]]:
    rows = {
        key: [row._asdict() if hasattr(row, "_asdict") else vars(row) for row in one]
        for key, one in found.items()
    }
    return {key: [repr(sorted(row.items())) for row in one] for key, one in rows.items() if one}


def more(session: Session, here: mw.CaseWorld, wanted: int) -> None:
    """Further cases of the same town, until there are so many."""
    town: world.Town = here.town
    while len(list(session.scalars(select(Case.id)))) < wanted:
        opening.open_case(
            session,
            town.case_manager,
            mw.NOW,
            qps_id=town.qps.id,
            referral=opening.ReferralData(mw.NOW.date(), "school", "Fakte"),
            child=opening.ChildData("Fëmijë Tjetër", None, birth_year=2014),
            risks={"lack_of_care": ""},
        )


def test_filters_and_files(engine: Engine, fresh_database_url: str, tmp_path: Path) -> None:
    """Duty, status, period and kind of institution narrow the rows; a file holds the same rows."""
    with work(engine) as session:
        mw.case_world(session)
    rows = json.loads(run(fresh_database_url, "--json", "--duty", "A4.2", "--status", "met").output)
    assert {(row["duty"], row["status"]) for row in rows} == {("A4.2", "met")}
    assert json.loads(run(fresh_database_url, "--json", "--period", "1999-Q1").output) == []
    kinds = json.loads(run(fresh_database_url, "--json", "--institution", "police").output)
    assert {row["subject"] for row in kinds} == {"police"}
    for wrong in (("--duty", "A99"), ("--period", "2026"), ("--institution", "circus"), ("--status", "late")):
        assert run(fresh_database_url, *wrong).exit_code != 0
    for name in ("ledger.csv", "ledger.xlsx", "ledger.json"):
        assert run(fresh_database_url, "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).stat().st_size > 100
    refused = run(fresh_database_url, "--out", str(tmp_path / "ledger.pdf"))
    assert refused.exit_code != 0
    assert ".xlsx" in refused.output
