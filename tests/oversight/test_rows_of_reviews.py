"""The ledger's rows of review, monitoring, phases and supervision: what is stored, what the row says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.plan_rows import noon
from tests.fixtures.world import work
from tests.oversight.test_rows_of_cases import of, rows
from tmr_app.cases import visiting
from tmr_app.cases.models import Assessment, Case, RiskLevel, TakeOver
from tmr_app.meetings import review_verdicts
from tmr_app.meetings.models import Meeting, PackDocument
from tmr_app.oversight import next_duties
from tmr_app.plans import reviewing, supervision
from tmr_app.plans.review_models import PlanReview, ReviewItem
from tmr_app.regulation.verdicts import Status, Verdict

DAY = timedelta(days=1)
ADOPTED = date(2026, 11, 10)


def meeting(
    session: Session, here: mw.CaseWorld, on: date, purpose: str = "review", state: str = "held"
) -> Meeting:
    row = Meeting(
        case_id=here.case.id, code=f"T-{on:%m%d}",
        purpose=purpose, status=state, meeting_on=on, called_by_id=here.town.case_manager.id,
        called_at=noon(on - 5 * DAY), starts_at=noon(on), started_at=noon(on), ended_at=noon(on) if state == "held" else None,
        chaired_by_id=here.town.case_manager.id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def review(
    session: Session,
    here: mw.CaseWorld,
    held: Meeting,
    version: object,
    *,
    progress: bool = True,
    asks: bool = False,
) -> PlanReview:
    on = held.meeting_on
    assert on
    row = PlanReview(
        case_id=here.case.id, meeting_id=held.id, version_id=version.id, begun_at=noon(on), saved_at=noon(on),  # type: ignore[attr-defined]
        saved_by_id=here.town.case_manager.id, reviewed_at=noon(on), reviewed_on=on, course="same", well_being="Mirë",
        asks_reassessment=asks,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for action in plan_rows.actions_of(session, version):  # type: ignore[arg-type]
        session.add(
            ReviewItem(
                case_id=here.case.id,
                review_id=row.id,
                action_key=action.action_key,
                status_before="in_process",
                status="done",
                progress="Ecën" if progress else "",
                notes="",
            )
        )
    session.flush()
    return row


@pytest.mark.duty("A5.1.5")
@pytest.mark.parametrize(
    ("adopted", "days", "limit"),
    [
        (date(2026, 1, 31), None, date(2026, 2, 28)),
        (date(2027, 12, 31), None, date(2028, 1, 31)),
        (date(2028, 1, 31), None, date(2028, 2, 29)),  # leap year
        (date(2028, 2, 29), None, date(2028, 3, 29)),
        (date(2026, 2, 28), None, date(2026, 3, 28)),  # the clock goes forward on the 29th
        (date(2026, 10, 1), None, date(2026, 11, 1)),  # and back on 25 October
        (date(2026, 11, 28), None, date(2026, 12, 28)),  # Flag Day, a holiday: the limit is in calendar days
        (date(2026, 12, 1), 14, date(2026, 12, 15)),
        (date(2026, 1, 31), 31, date(2026, 2, 28)),  # never later than a month
    ],
)
def test_a5_1_5_row_by_the_calendar(engine: Engine, adopted: date, days: int | None, limit: date) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        plan_rows.adopted(session, here, adopted, planned=[limit], review_days=days)
        on_time, late = rows(session, here, noon(limit)), rows(session, here, noon(limit + DAY))
        assert (of(on_time, "A5.1.5").status, of(on_time, "A5.1.5").due_on) == (Status.DUE, limit)
        assert of(late, "A5.1.5").status is Status.OVERDUE


@pytest.mark.duty("A5.1.5")
@pytest.mark.parametrize(
    ("on", "status"), [(date(2026, 12, 10), Status.MET), (date(2026, 12, 11), Status.MET_LATE)]
)
def test_a5_1_5_one_row_a_review_and_the_next(engine: Engine, on: date, status: Status) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        version = plan_rows.adopted(session, here, ADOPTED, planned=[on])
        review(session, here, meeting(session, here, on), version)
        found = [row for row in rows(session, here, noon(on)) if row.duty == "A5.1.5"]
        assert [row.status for row in found] == [status, Status.DUE]
        assert found[1].due_on == (date(2027, 1, 10) if on.day == 10 else date(2027, 1, 11))


def test_a5_1_5_counts_from_the_paper_files_plan(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        session.add(
            TakeOver(
                case_id=here.case.id,
                taken_over_on=mw.NOW.date(),
                plan_adopted_on=date(2026, 9, 1),
                last_review_on=date(2026, 10, 20),
            )
        )
        here.case.taken_over_on = mw.NOW.date()
        found = [row for row in rows(session, here, mw.NOW) if row.duty == "A5.1.5"]
        assert found[-1].due_on == date(2026, 11, 20)


@pytest.mark.duty("A15")
@pytest.mark.parametrize(
    ("state", "reviewed", "progress", "status"),
    [
        ("convened", False, False, Status.DUE),
        ("held", False, False, Status.NOT_MET),
        ("held", True, False, Status.NOT_MET),
        ("held", True, True, Status.MET),
    ],
)
def test_a15_row_of_a_review_meeting(
    engine: Engine, state: str, reviewed: bool, progress: bool, status: Status
) -> None:
    on = date(2026, 12, 1)
    with work(engine) as session:
        here = mw.case_world(session)
        version = plan_rows.adopted(session, here, ADOPTED, planned=[on, on])
        held = meeting(session, here, on, state=state)
        if reviewed:
            review(session, here, held, version, progress=progress)
        found = rows(session, here, noon(on))
        assert of(found, "A15").status is status
        assert of(found, "A14.6").status is (
            Status.DUE if state != "held" else Status.MET if reviewed else Status.NOT_MET
        )


@pytest.mark.duty("A14.4")
def test_a14_4_row_when_a_review_asks_and_a_meeting_answers(engine: Engine) -> None:
    on = date(2026, 12, 1)
    with work(engine) as session:
        here = mw.case_world(session)
        version = plan_rows.adopted(session, here, ADOPTED, planned=[on])
        assert of(rows(session, here, noon(on)), "A14.4").status is Status.WAIVED
        assert review_verdicts.reassessment(session, None, on).status is Status.WAIVED
        asking = review(session, here, meeting(session, here, on), version, asks=True)

        def page() -> Verdict:
            return review_verdicts.reassessment(session, asking, on + 9 * DAY)

        assert of(rows(session, here, noon(on)), "A14.4").status is Status.DUE
        assert [way.key for way in page().ways_out] == ["call_meeting"]
        called = meeting(session, here, on + 9 * DAY, "reassessment", "preparing")
        called.called_at = noon(on) + DAY
        session.flush()
        row = of(rows(session, here, noon(on)), "A14.4")
        assert (row.status, row.due_on) == (Status.DUE, on + 9 * DAY)
        assert (page().status, page().due_on, page().ways_out) == (Status.DUE, on + 9 * DAY, ())
        called.status = "held"
        session.flush()
        assert page().status is of(rows(session, here, noon(on + 9 * DAY)), "A14.4").status is Status.NOT_MET
        session.add(
            RiskLevel(
                case_id=here.case.id, level="low", determined_at=noon(on + 9 * DAY), meeting_id=called.id,
                determined_by_id=here.town.case_manager.id, reason="",
            )
        )  # fmt: skip
        session.flush()
        assert page().status is of(rows(session, here, noon(on + 9 * DAY)), "A14.4").status is Status.MET


@pytest.mark.duty("A14.6", "A15")
@pytest.mark.parametrize(
    ("state", "reviewed", "said"),
    [("running", False, "due"), ("held", False, "not_met"), ("held", True, "met")],
)
def test_a14_6_the_page_of_a_review_says_what_its_rows_say(
    engine: Engine, state: str, reviewed: bool, said: str
) -> None:
    on = date(2026, 12, 1)
    with work(engine) as session:
        here = mw.case_world(session)
        version = plan_rows.adopted(session, here, ADOPTED, planned=[on])
        held = meeting(session, here, on, state=state)
        if reviewed:
            review(session, here, held, version)
        sheet = reviewing.sheet(session, here.case.id, held.id)
        assert sheet is not None
        answers = review_verdicts.of_review(held, sheet, on)
        assert [(one.duty, one.status.value) for one in answers] == [("A15", said), ("A14.6", said)]
        assert [of(rows(session, here, noon(on)), one.duty).status for one in answers] == [said, said]


@pytest.mark.duty("A14.3.4", "A6.1.7")
def test_a14_3_4_the_page_of_monitoring_says_what_the_rows_say(engine: Engine) -> None:
    """Overdue from the day after the planned date; informed once the summary is among the papers."""
    on = date(2026, 12, 1)
    with work(engine) as session:
        here = mw.case_world(session)
        plan_rows.adopted(session, here, ADOPTED, planned=[on])
        coming = meeting(session, here, on + DAY, state="convened")
        sheet = reviewing.sheet(session, here.case.id, coming.id)
        assert sheet is not None

        def page(day: date) -> list[str]:
            answers = review_verdicts.of_monitoring(session, coming, sheet, day)
            found = rows(session, here, noon(day))
            assert [one.status for one in answers] == [of(found, one.duty).status for one in answers]
            return [one.status.value for one in answers]

        assert page(on) == ["due", "due"]
        assert page(on + DAY) == ["overdue", "due"]
        session.add(
            PackDocument(
                case_id=here.case.id, meeting_id=coming.id, position=1, kind=review_verdicts.SUMMARY,
                title="Monitorimi", frozen_at=noon(on), sha256="0" * 64,
            )
        )  # fmt: skip
        session.flush()
        assert page(on) == ["due", "met"]


@pytest.mark.duty("A16")
def test_a16_row_follows_the_heads_looks_and_visits(engine: Engine) -> None:
    on = ADOPTED + DAY
    with work(engine) as session:
        here = mw.case_world(session)

        def said() -> Status:
            """The ledger's row and the line of the head's page: one answer."""
            row = of(rows(session, here, noon(on)), "A16")
            assert supervision.verdict(session, here.case.id, on).status is row.status
            return row.status

        assert said() is Status.WAIVED
        plan_rows.adopted(session, here, ADOPTED, planned=[on])
        assert said() is Status.DUE
        head = here.town.head
        visiting.note_supervision(
            session, head, noon(ADOPTED - DAY), case=here.case, kind="looked", note="Më herët"
        )
        assert said() is Status.DUE, "before this plan"
        visiting.note_supervision(session, head, noon(ADOPTED), case=here.case, kind="looked", note="Mirë")
        assert said() is Status.MET
        visiting.note_supervision(session, head, noon(on), case=here.case, kind="visit_needed", note="Pse")
        assert said() is Status.DUE
        data = visiting.VisitData("home_visit", on, {"findings": "Gjetje"}, with_child=True)
        visiting.record_visit(session, head, noon(on), case=here.case, data=data, monitoring=True)
        assert said() is Status.MET
        assert supervision.facts_of(ADOPTED, {}, 1, on).monitored_on == on, "a visit is a look"


@pytest.mark.duty("A11")
def test_a11_the_phase_follows_what_happened(engine: Engine) -> None:
    on = date(2026, 12, 1)
    with work(engine) as session:
        here = mw.case_world(session)

        def phase() -> str:
            session.flush()
            next_duties.refresh(session, [here.case.id], noon(on))
            session.expire(here.case)
            return session.get_one(Case, here.case.id).phase

        assert phase() == "assessment"
        version = plan_rows.adopted(session, here, ADOPTED, planned=[on])
        version.status = "draft"
        adopted_at, version.adopted_at, version.adopted_on = version.adopted_at, None, None
        assert phase() == "plan"
        session.execute(update(Assessment).values(completed_at=None))
        assert phase() == "assessment", "a draft without any assessment rests on nothing"
        session.execute(update(Assessment).values(completed_at=noon(ADOPTED)))
        assert phase() == "plan"
        version.status, version.adopted_at, version.adopted_on = "adopted", adopted_at, ADOPTED
        assert phase() == "implementation"
        assert here.case.review_due_on == date(2026, 12, 10)
        review(session, here, meeting(session, here, on), version)
        assert phase() == "review"
        assert here.case.review_due_on == date(2027, 1, 1)
        plan_rows.adopted(session, here, on + DAY, planned=[on])
        assert phase() == "implementation"
        assert of(rows(session, here, noon(on)), "A11").status is Status.DUE
