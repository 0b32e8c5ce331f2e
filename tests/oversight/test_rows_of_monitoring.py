"""The ledger's rows of assessment: what is stored, what the row says."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tests.oversight.test_rows_of_cases import after, of, rows
from tmr_app.cases import assessing, information
from tmr_app.cases.assessing import FIVE, AssessmentData, FindingData
from tmr_app.cases.models import Assessment
from tmr_app.regulation.verdicts import Status

DAY = timedelta(days=1)
LATER = mw.NOW + DAY


def complete(session: Session, here: mw.CaseWorld, now: datetime = LATER, level: str = "high") -> Assessment:
    findings = [FindingData(key, "Gjetje", "medium", "vizita") for key in FIVE]
    return assessing.save_assessment(
        session,
        here.town.case_manager,
        now,
        case=here.case,
        data=AssessmentData("Përmbledhje", "Interesi", level, findings),
        revision=0,
        complete=True,
        kind=assessing.COMPREHENSIVE,
    )


def bring(
    session: Session, here: mw.CaseWorld, now: datetime = LATER, kind: str = "police"
) -> information.Information:
    return information.add_information(
        session,
        here.town.members[kind],
        now,
        case=here.case,
        text="Informacion",
        source="Shkolla",
        seat_id=here.seats[kind].id,
    )


@pytest.mark.duty("A12.1")
def test_a12_1_row_counts_what_is_decided(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        row = of(rows(session, here, LATER), "A12.1")
        assert row.status is Status.DUE
        pieces = [bring(session, here), bring(session, here)]
        assert of(rows(session, here, LATER), "A12.1").status is Status.DUE
        for piece, state in zip(pieces, ("verified", "disproved"), strict=True):
            information.decide_information(
                session, here.town.case_manager, LATER, information=piece, state=state, note="Si", version=1
            )
        assert of(rows(session, here, LATER), "A12.1").status is Status.MET
        information.decide_information(
            session,
            here.town.case_manager,
            LATER,
            information=pieces[0],
            state="to_verify",
            note="Sërish",
            version=2,
        )
        assert of(rows(session, here, LATER), "A12.1").status is Status.DUE


@pytest.mark.duty("A12.2")
@pytest.mark.parametrize(("brought", "status"), [(False, Status.NOT_MET), (True, Status.MET)])
def test_a12_2_row_asks_for_members_information(engine: Engine, brought: bool, status: Status) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        assert of(rows(session, here, LATER), "A12.2").status is Status.DUE
        if brought:
            bring(session, here)
        complete(session, here)
        assert of(rows(session, here, LATER), "A12.2").status is status


@pytest.mark.duty("A12.2")
def test_a12_2_the_chairs_own_information_is_no_members(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        information.add_information(
            session, here.town.case_manager, LATER, case=here.case, text="x", source="y"
        )
        complete(session, here)
        assert of(rows(session, here, LATER), "A12.2").status is Status.NOT_MET


@pytest.mark.duty("A12.5")
@pytest.mark.parametrize(("days", "status"), [(6, Status.MET), (7, Status.MET), (8, Status.MET_LATE)])
def test_a12_5_row_counts_the_municipalitys_days(engine: Engine, days: int, status: Status) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        on = mw.NOW + days * DAY
        complete(session, here, on)
        row = of(rows(session, here, on), "A12.5")
        assert (row.status, row.due_on) == (status, date(2026, 11, 9))


@pytest.mark.duty("A12.5")
@pytest.mark.parametrize(("days", "status"), [(7, Status.DUE), (8, Status.OVERDUE)])
def test_a12_5_row_before_it_is_made(engine: Engine, days: int, status: Status) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        assert of(rows(session, here, mw.NOW + days * DAY), "A12.5").status is status


@pytest.mark.duty("A12.4")
def test_a12_4_row_waits_for_what_came_after_the_form(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        assert of(rows(session, here, LATER), "A12.4").status is Status.DUE
        bring(session, here)
        complete(session, here)
        assert of(rows(session, here, LATER), "A12.4").status is Status.MET
        bring(session, here, LATER + DAY)
        assert of(rows(session, here, LATER + DAY), "A12.4").status is Status.DUE
        complete(session, here, LATER + 2 * DAY)
        assert of(rows(session, here, LATER + 2 * DAY), "A12.4").status is Status.MET


@pytest.mark.duty("A5.1.2")
def test_a5_1_2_row_waits_for_a_version_after_the_change(engine: Engine) -> None:
    """Also when the change happened, or was noted, on the very day of the last version."""
    with work(engine) as session:
        here = mw.case_world(session)
        assert of(rows(session, here, LATER), "A5.1.2").status is Status.MET
        information.note_change(
            session, here.town.members["police"], after(mw.NOW.date(), 15), case=here.case,
            what="U kthye në shtëpi", changed_on=mw.NOW.date(),
        )  # fmt: skip
        row = of(rows(session, here, LATER), "A5.1.2")
        assert row.status is Status.DUE
        draft = session.scalars(select(Assessment).where(Assessment.completed_at.is_(None))).one()
        findings = [FindingData(key, "Gjetje", "medium", "vizita") for key in FIVE]
        assessing.save_assessment(
            session, here.town.case_manager, LATER, case=here.case, revision=draft.revision, complete=True,
            data=AssessmentData("Sërish", "Interesi", "high", findings),
        )  # fmt: skip
        assert of(rows(session, here, LATER), "A5.1.2").status is Status.MET
