"""The kept sums of the ledger: counted as the rules say, counted again after a deed, summed for a head in few statements."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import openpyxl
import pytest
from sqlalchemy import select

from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.pages_kit import scene
from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock
from tmr_app.oversight import ledger, ledger_files, tally, tally_queries
from tmr_app.oversight.ledger import Row
from tmr_app.oversight.tally_models import LedgerTally, TallyState
from tmr_app.regulation.verdicts import Message, Status

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp
    from tmr_app.web.app import TmrFlask


@pytest.fixture
def app(fresh_database_url: str, make_app: "MakeApp") -> Iterator["TmrFlask"]:
    with clock.fixed_at(mw.NOW):
        yield make_app(fresh_database_url)


def count(app: "TmrFlask") -> int:
    with work(app.engine) as session:
        return tally.refresh_stale(session, mw.NOW)


@pytest.mark.parametrize(
    ("on", "quarter"),
    [
        (None, ""),
        (date(2026, 1, 1), "2026-Q1"),
        (date(2026, 3, 31), "2026-Q1"),
        (date(2026, 4, 1), "2026-Q2"),
        (date(2026, 12, 31), "2026-Q4"),
    ],
)
def test_quarters(on: date | None, quarter: str) -> None:
    assert tally.quarter_of(on) == quarter


def test_the_tally_is_what_the_rules_say(app: "TmrFlask") -> None:
    here = scene(app.engine)
    assert count(app) == 1
    assert count(app) == 0, "counted today already"
    with work(app.engine) as session:
        said = Counter(
            (row.duty, row.status.value) for row in ledger.rows_of_cases(session, [here.case_id], mw.NOW)
        )
        kept: Counter[tuple[str, str]] = Counter()
        for row in session.scalars(select(LedgerTally)):
            kept[row.duty, row.status] += row.number
    assert kept == said


def test_a_deed_and_a_new_day_ask_for_counting(app: "TmrFlask") -> None:
    here = scene(app.engine)
    count(app)
    manager = SignedIn(app, here.case_manager)
    url = f"/cases/{here.case_id}/meetings/new"
    manager.get(url)
    assert manager.post(url, purpose="first").status_code == 303
    with work(app.engine) as session:
        assert session.get_one(TallyState, here.case_id).counted_on is None
    assert "being counted" in _english(app, here.head, "/ledger?status=open") or count(app) == 1
    with work(app.engine) as session:
        assert tally.refresh_stale(session, mw.NOW + timedelta(days=1)) == 1


def _english(app: "TmrFlask", person_id: UUID, url: str) -> str:
    return str(SignedIn(app, person_id).get(url).text)


def test_the_head_sums_filters_and_opens_a_duty(app: "TmrFlask") -> None:
    here = scene(app.engine)
    with work(app.engine) as session:
        other = mw.case_world(session, key="gjakove")
        foreign = other.case.number
    assert count(app) == 2
    head = SignedIn(app, here.head)
    page = head.get("/ledger?status=open").text
    assert here.number in page
    assert foreign not in page
    assert "duty=A12.5" in page
    chosen = head.get("/ledger?duty=A12.5&status=open").text
    assert 'id="A12-5-1"' in chosen  # the rule's own row, with reason and evidence
    assert here.number not in head.get("/ledger?duty=A17.4&status=not_met").text
    assert here.number not in head.get("/ledger?quarter=2026-Q1&status=overdue").text
    assert head.get("/ledger?quarter=nonsense&institution=x&status=y").status_code == 200
    assert head.get("/ledger/course").status_code == 200
    for who in (here.police, here.officer):
        for page in ("/ledger", "/ledger.csv", "/ledger/course"):
            assert SignedIn(app, who).get(page).status_code == 404


def test_a_case_manager_sees_the_own_cases_and_their_course_only(app: "TmrFlask") -> None:
    """A6.1.1: the same pages as the head's, over the cases one manages: not a colleague's, not one recused from."""
    here = scene(app.engine)
    with work(app.engine) as session:
        place = session.get_one(Case, here.case_id)
        town = mw.case_world(session, key="gjakove").town
        colleague = mw.case_world(session, town=town)
        colleague.case.qps_id, number = place.qps_id, colleague.case.number
    count(app)
    manager = SignedIn(app, here.case_manager)
    for page in ("/ledger?status=open", "/ledger?status=open&duty=A12.5", "/ledger.csv"):
        answer = manager.get(page)
        assert answer.status_code == 200
        assert here.number in answer.text
        assert number not in answer.text
    assert number in SignedIn(app, here.head).get("/ledger?status=open").text
    with work(app.engine) as session:
        session.add(
            LedgerTally(
                case_id=here.case_id,
                duty="A8.9",
                status="met_late",
                quarter="2026-Q3",
                seat_kind="police",
                number=3,
            )
        )
    course = manager.get("/ledger/course")
    assert course.status_code == 200
    assert "2026-Q3" in course.text
    with work(app.engine) as session:
        seats = session.scalars(select(Seat).where(Seat.person_id == here.case_manager)).all()
        for seat in seats:
            seat.recused_at = mw.NOW
    assert here.number not in manager.get("/ledger?status=open").text


def test_the_course_of_a_municipality_is_made_of_its_own_rows() -> None:
    def row(status: Status, due_on: date | None, subject: str | None = None) -> Row:
        return Row("A9", "prishtine", status, subject=subject, due_on=due_on)

    rows = [
        row(Status.MET, date(2026, 3, 31), "police"),
        row(Status.MET_LATE, date(2026, 4, 1), "police"),
        row(Status.OVERDUE, date(2026, 4, 2), "school"),
        row(Status.NOT_MET, date(2026, 5, 2)),
        row(Status.DUE, date(2026, 6, 2), "school"),
        row(Status.MET, None, "child"),
    ]
    quarters = tally_queries.latest_quarters(
        tally_queries.courses_of(rows, lambda one: tally.quarter_of(tally.date_of(one)))
    )
    assert [(one.key, one.kept, one.late, one.broken) for one in quarters] == [
        ("2026-Q1", 1, 0, 0),
        ("2026-Q2", 0, 1, 2),
    ]
    kinds = tally_queries.weakest_first(tally_queries.courses_of(rows, tally.kind_of))
    assert [(one.key, one.share) for one in kinds] == [("school", 0), ("police", 50)]


def test_few_statements_however_many_cases(app: "TmrFlask") -> None:
    here = scene(app.engine)
    with work(app.engine) as session:
        town = mw.case_world(session, key="gjakove").town
        for _number in range(4):
            mw.case_world(session, town=town)
    count(app)
    head = SignedIn(app, here.head)
    for url in ("/ledger", "/ledger?duty=A12.5", "/ledger/course"):
        with mw.counted(app.engine) as seen:
            assert head.get(url).status_code == 200
        told = [one for one in seen() if not one.startswith(("BEGIN", "SAVEPOINT", "PRAGMA"))]
        assert len(told) < 20, f"{url}: {len(told)}"


@pytest.mark.parametrize("file_format", ledger_files.FORMATS)
def test_files_hold_the_filtered_rows(app: "TmrFlask", file_format: str) -> None:
    here = scene(app.engine)
    count(app)
    manager, officer = SignedIn(app, here.case_manager), SignedIn(app, here.officer)
    answer = manager.get(f"/cases/{here.case_id}/ledger.{file_format}?duty=A8.3")
    assert answer.status_code == 200
    assert here.number not in answer.headers["Content-Disposition"]
    found = _read(answer.data, file_format)
    assert found
    assert {one["duty"] for one in found} == {"A8.3"}
    assert {one["case"] for one in found} == {here.number}
    assert "canari" not in str(found).lower()
    whole = _read(SignedIn(app, here.head).get(f"/ledger.{file_format}").data, file_format)
    assert here.number in {one["case"] for one in whole}
    general = officer.get(f"/municipalities/{here.municipality_id}/ledger.{file_format}")
    assert {one["duty"] for one in _read(general.data, file_format)} >= {"A3", "A4.1", "A8.2"}
    assert here.number not in str(_read(general.data, file_format))
    assert officer.get(f"/cases/{here.case_id}/ledger.{file_format}").status_code == 404
    assert officer.get(f"/ledger.{file_format}").status_code == 404


def _read(data: bytes, file_format: str) -> list[dict[str, str]]:
    if file_format == "json":
        return list(json.loads(data))
    if file_format == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    head, *rows = page.iter_rows(values_only=True)
    return [{str(name): str(value or "") for name, value in zip(head, row, strict=True)} for row in rows]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("word", ["=1+1", "+383 44", "-2", "@SUM(A1)", "\t=1", "＝1"])
def test_cells_are_no_formulas(word: str, file_format: str) -> None:
    """T14: whatever a reason holds, no program takes it for a formula."""
    row = Row("A8.3", "prishtine", Status.MET, case=word, reason=Message("%(x)s", x=word))
    (record,) = ledger_files.records([row], lambda one: {"reason": str(one.reason)})
    data = ledger_files.rendered([record], file_format, "Ledger")
    (found,) = _read(data, file_format)
    assert found["case"].startswith("'")
    assert found["reason"].startswith("'")
    if file_format == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
        assert "f" not in {cell.data_type for line in page.iter_rows() for cell in line}
