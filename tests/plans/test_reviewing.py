"""The review of the plan (A15): prepared, completed in the meeting, never changed; the next version; the monitoring pack."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.oversight.pages_kit import sign
from tmr_app.access.standing import Standing
from tmr_app.cases import papers
from tmr_app.cases.models import RiskLevel
from tmr_app.cases.table_models import Seat
from tmr_app.documents.annex1 import Annex1Values
from tmr_app.documents.content import Table
from tmr_app.documents.values import ChildValues
from tmr_app.kernel import clock
from tmr_app.kernel.errors import BadInput, OutOfOrder, RuleRefused, Stale
from tmr_app.meetings import annex_plan, pack_sources, packs, review_papers
from tmr_app.meetings.models import Meeting
from tmr_app.plans import reviewing, updating
from tmr_app.plans.models import ActionUpdate, PlanVersion
from tmr_app.plans.queries import actions_of, current_version, draft_of
from tmr_app.plans.reviewing import ItemData, ReviewData
from tmr_app.regulation.course import CourseFacts, PathFacts, asks_reassessment, phase_reached

SECOND_ON = date(2026, 12, 15)
SECOND = pw.on(SECOND_ON)


def second(session: Session, here: mw.CaseWorld, on: date = SECOND_ON) -> Meeting:
    """A running review meeting, as a row."""
    row = Meeting(
        case_id=here.case.id, code=f"T-{on:%m%d}", purpose="review", status="running", meeting_on=on,
        called_by_id=here.town.case_manager.id, called_at=pw.on(on), starts_at=pw.on(on), started_at=pw.on(on),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def filled(session: Session, here: mw.CaseWorld, **more: Any) -> ReviewData:
    actions = actions_of(session, here.case.id)
    items = {one.key: ItemData("done", "VleresimKanarine", "Shënim") for one in actions}
    return replace(ReviewData(items, "MireqenieKanarine", "better"), **more)


def save(session: Session, here: mw.CaseWorld, meeting: Meeting, data: ReviewData, **more: Any) -> Any:
    given: dict[str, Any] = {"revision": 0, "held_on": None} | more
    return reviewing.save(
        session, here.town.case_manager, SECOND, case=here.case, meeting_id=meeting.id, data=data, **given
    )


@pytest.mark.duty("A15")
def test_a15_a_review_is_completed_and_opens_the_next_version(engine: Any) -> None:
    with work(engine) as session:
        here, _first, version = pw.adopted(session)
        meeting = second(session, here)
        review = save(session, here, meeting, filled(session, here), held_on=SECOND_ON)
        assert (review.reviewed_on, review.version_id) == (SECOND_ON, version.id)
        draft = draft_of(session, here.case.id)
        assert draft is not None
        assert (draft.number, draft.id) == (2, review.next_version_id)
        assert current_version(session, here.case.id).id == version.id  # type: ignore[union-attr]
        updates = list(session.scalars(select(ActionUpdate).where(ActionUpdate.source == "review")))
        assert [(one.status, one.done_on, one.meeting_id) for one in updates] == [
            ("done", SECOND_ON, meeting.id)
        ] * 2
        assert [one.status for one in actions_of(session, here.case.id)] == ["done", "done"]


@pytest.mark.duty("A15")
@pytest.mark.parametrize("wrong", ["progress", "finding", "course", "one_missing"])
def test_a15_refused_without_progress_or_finding(engine: Any, wrong: str) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        data = filled(session, here)
        if wrong == "progress":
            data = replace(data, items={key: ItemData("done", " ") for key in data.items})
        elif wrong == "one_missing":
            data = replace(data, items=dict(list(data.items.items())[:1]))
        else:
            data = replace(data, **{"finding": {"well_being": " "}, "course": {"course": None}}[wrong])
        with pytest.raises(RuleRefused) as refused:
            save(session, here, second(session, here), data, held_on=SECOND_ON)
        assert [one.duty for one in refused.value.verdicts] == ["A15"]


def test_a_review_prepared_is_gone_on_with_and_completed_once(engine: Any) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        meeting, data = second(session, here), filled(session, here)
        first = save(session, here, meeting, replace(data, well_being="E para"))
        assert (first.revision, first.reviewed_at) == (1, None)
        with pytest.raises(Stale) as stale:
            save(session, here, meeting, replace(data, well_being="E dyta"))
        assert (stale.value.theirs["well_being"], stale.value.version) == ("E para", 1)
        save(session, here, meeting, data, revision=1, held_on=SECOND_ON)
        with pytest.raises(OutOfOrder):
            save(session, here, meeting, replace(data, well_being="E tretë"), revision=2)
        assert session.scalar(select(func.count()).select_from(PlanVersion)) == 2


def test_a_review_needs_an_adopted_plan(engine: Any) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        with pytest.raises(OutOfOrder):
            save(session, here, second(session, here), ReviewData({}))
        assert reviewing.sheet(session, here.case.id, uuid4()) is None


@pytest.mark.parametrize("wrong", [{"status": "finished"}, {"key": True}, {"course": "fine"}])
def test_forged_reviews_are_refused(engine: Any, wrong: dict[str, Any]) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        data = filled(session, here)
        items: dict[UUID, ItemData] = dict(data.items)
        if "status" in wrong:
            items = {key: ItemData("finished", "x") for key in items}
        if "key" in wrong:
            items[uuid4()] = ItemData("done", "x")
        data = replace(data, items=items, course=wrong.get("course", "same"))
        with pytest.raises(BadInput):
            save(session, here, second(session, here), data)


def test_the_sheet_shows_the_last_review_beside_the_new_one(engine: Any) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        data = filled(session, here)
        save(session, here, second(session, here), data, held_on=SECOND_ON)
        third = second(session, here, SECOND_ON + timedelta(days=20))
        sheet = reviewing.sheet(session, here.case.id, third.id)
        assert sheet is not None
        assert sheet.last is not None
        assert [row.last.progress for row in sheet.rows if row.last] == ["VleresimKanarine"] * 2
        assert [row.item for row in sheet.rows] == [None, None]
        assert [row.action.update.note for row in sheet.rows if row.action.update] == ["VleresimKanarine"] * 2


def test_monitoring_findings_keep_two_writers_apart(engine: Any) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        meeting, manager = second(session, here), here.town.case_manager
        write = {"case": here.case, "meeting_id": meeting.id}
        reviewing.write_monitoring(session, manager, SECOND, text="GjetjeMonitorimi", revision=0, **write)  # type: ignore[arg-type]
        with pytest.raises(Stale):
            reviewing.write_monitoring(session, manager, SECOND, text="Tjetër", revision=0, **write)  # type: ignore[arg-type]


@pytest.mark.duty("A14.4")
@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        (CourseFacts(("in_process",), ("done",), 0, "high", "high", "same"), False),
        (CourseFacts(("in_process",), ("in_process",), 0, "high", "high", "same"), False),
        (CourseFacts(("in_process",), ("in_process",), 1, "high", "high", "same"), True),
        (CourseFacts(("in_process",), ("not_done",), 0, "high", "high", "same"), True),
        (CourseFacts(("in_process", "in_process"), ("not_done", "done"), 1, "low", "low", "same"), False),
        (CourseFacts(("done",), ("done",), 0, "low", "medium", "better"), True),
        (CourseFacts(("done",), ("done",), 0, "high", "medium", "better"), False),
        (CourseFacts(("done",), ("done",), 0, "", "high", "better"), False),
        (CourseFacts((), (), 0, "low", "low", "worse"), True),
        (CourseFacts(), False),
    ],
)
def test_a14_4_when_a_new_assessment_is_offered(facts: CourseFacts, asked: bool) -> None:
    assert (asks_reassessment(facts) is not None) is asked


@pytest.mark.duty("A11")
@pytest.mark.parametrize(
    ("facts", "phase"),
    [
        (PathFacts(), "assessment"),
        (PathFacts(has_draft=True), "plan"),
        (PathFacts(adopted_at=SECOND), "implementation"),
        (PathFacts(adopted_at=SECOND, reviewed_at=SECOND - timedelta(seconds=1)), "implementation"),
        (PathFacts(adopted_at=SECOND, reviewed_at=SECOND), "review"),
        (PathFacts(phase="closure", adopted_at=SECOND), "closure"),
        (PathFacts(is_closed=True), "closure"),
    ],
)
def test_a11_the_phase_by_what_happened(facts: PathFacts, phase: str) -> None:
    assert phase_reached(facts) == phase


def reviewed_form(session: Session, here: mw.CaseWorld, **more: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    data: dict[str, Any] = {"version": "0", "course": "same", "well_being": "MireqenieKanarine"}
    for place, one in enumerate(actions_of(session, here.case.id)):
        data |= {
            f"items-{place}-key": str(one.key),
            f"items-{place}-status": "in_process",
            f"items-{place}-progress": "VleresimKanarine",
            f"items-{place}-notes": "",
        }
    return data | more


@pytest.mark.duty("A15")
def test_a15_the_pages(fresh_database_url: str, make_app: MakeApp) -> None:
    app = make_app(fresh_database_url)
    with clock.fixed_at(SECOND):
        with work(app.engine) as session:
            here, _first, _version = pw.adopted(session)
            case_id, meeting_id = here.case.id, second(session, here).id
            convened = second(session, here, SECOND_ON + timedelta(days=9))
            convened.status = "convened"
            later_id = convened.id
            manager, police = here.town.case_manager.id, here.town.members["police"].id
            for seat in session.query(Seat).filter_by(case_id=case_id):
                sign(session, seat)
            form = reviewed_form(session, here)
        url = f"/cases/{case_id}/meetings/{meeting_id}"
        desk, member = SignedIn(app, manager), SignedIn(app, police)
        page = desk.get(f"{url}/review")
        assert page.status_code == 200
        assert "VeprimKanarine" in page.text
        assert member.get(f"{url}/review").status_code == 200
        assert member.post(f"{url}/review", **form).status_code == 403
        refused = desk.post(f"{url}/review", **form | {"well_being": "", "complete": "yes"})
        assert refused.status_code == 422
        assert "VleresimKanarine" in refused.text
        for forged in (
            {"items-0-key": "x"},
            {"items-0-key": form["items-1-key"]},
            {"other": "1"},
            {"version": "-1"},
        ):
            assert desk.post(f"{url}/review", hidden=False, **form | forged).status_code == 400
        assert desk.post(f"{url}/review", **form | {"items-0-status": "late"}).status_code == 422
        later = f"/cases/{case_id}/meetings/{later_id}"
        assert desk.post(f"{later}/review", **form | {"complete": "yes"}).status_code == 400  # not begun
        assert desk.get(f"{later}/monitoring").status_code == 200
        assert desk.post(f"{later}/monitoring", version="0", monitoring="GjetjeMonitorimi").status_code == 303
        assert desk.post(f"{later}/monitoring", version="0", monitoring="Tjetër").status_code == 409
        assert member.get(f"{later}/monitoring").status_code == 403
        assert desk.post(f"{url}/review", **form).status_code == 303
        stale = desk.post(f"{url}/review", **form | {"well_being": "Tjetër"})
        assert stale.status_code == 409
        assert "MireqenieKanarine" in stale.text
        done = desk.post(f"{url}/review", **form | {"version": "1", "complete": "yes"})
        assert done.status_code == 303
        assert desk.post(f"{url}/review", **form | {"version": "2"}).status_code == 409
        assert "MireqenieKanarine" in member.get(f"{url}/review").text


@pytest.mark.duty("A15")
def test_the_paper_of_a_review_stays_as_its_day_was(engine: Any) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        meeting, manager = second(session, here), here.town.case_manager
        session.refresh(meeting, ["room"])
        review = save(session, here, meeting, filled(session, here), held_on=SECOND_ON)

        def told() -> str:
            session.flush()
            reader = papers.Reader(manager, Standing(), SECOND, SECOND, "en")
            return repr(
                review_papers.review_paper(session, here.case, reader, papers.key_of(review.id)).blocks
            )

        for level, on in (("medium", SECOND), ("high", SECOND + timedelta(days=1))):
            session.add(
                RiskLevel(
                    case_id=here.case.id,
                    level=level,
                    determined_at=on,
                    determined_by_id=manager.id,
                    reason="",
                )
            )
            here.case.risk_level = level
        draft = draft_of(session, here.case.id)
        assert draft is not None
        draft.changes = "NdryshimKanarine"
        after_review = "label='Risk level after the review', text='medium'"
        assert after_review in told()
        assert "('Risk level', 'medium')" in told()  # at its head too
        assert "NdryshimKanarine" not in told()  # a draft is not what the Table decided
        draft.adopted_at, draft.adopted_on = SECOND, SECOND_ON
        assert "NdryshimKanarine" in told()


@pytest.mark.duty("A15")
def test_the_paper_of_a_review_names_who_was_responsible_on_its_day(engine: Any) -> None:
    """An action given to another before the review stands with them; what is given the day after changes no old paper."""
    with work(engine) as session:
        here, _first, version = pw.adopted(session, ("police",))
        key, manager = pw.key_of(session, version, "police", here), here.town.case_manager
        names = {kind: here.seats[kind].person.name for kind in ("police", "school", "family_medicine")}

        def give(kind: str, number: int, on: date) -> None:
            updating.give(
                session, manager, pw.on(on), case=here.case, action_key=key, seat_id=here.seats[kind].id,
                reason="Mungesë", number=number,
            )  # fmt: skip

        give("school", 0, SECOND_ON)
        meeting = second(session, here)
        session.refresh(meeting, ["room"])
        review = save(session, here, meeting, filled(session, here), held_on=SECOND_ON)
        give("family_medicine", 1, SECOND_ON + timedelta(days=1))
        session.flush()

        def named(text: str) -> set[str]:
            return {kind for kind, name in names.items() if name in text}

        reader = papers.Reader(manager, Standing(), SECOND, SECOND, "en")
        paper = review_papers.review_paper(session, here.case, reader, papers.key_of(review.id))
        (table,) = [one for one in paper.blocks if isinstance(one, Table) and "member" in str(one.columns)]
        assert named(repr(table.rows)) == {"school"}
        sources = pack_sources.load(session, case=here.case, meeting=meeting)
        empty = Annex1Values(
            case=pack_sources.case_values(sources),
            child=ChildValues(full_name=""),
            meeting_on=SECOND_ON,
            chair="",
        )
        annex = annex_plan.plan_and_review(session, here.case, meeting, empty)
        assert named(repr(annex.reviewed)) == {"school"}
        (now,) = actions_of(session, here.case.id)
        assert now.person is not None
        assert now.person.name == names["family_medicine"]


@pytest.mark.duty("A14.3.4")
def test_a14_3_4_the_summary_joins_the_pack(engine: Any) -> None:
    with work(engine) as session:
        here, _first, _version = pw.adopted(session)
        meeting = second(session, here)
        reviewing.write_monitoring(
            session,
            here.town.case_manager,
            SECOND,
            case=here.case,
            meeting_id=meeting.id,
            text="GjetjeMonitorimi",
            revision=0,
        )
        meeting.status = "preparing"
        session.refresh(meeting, ["room"])
        sources = pack_sources.load(session, case=here.case, meeting=meeting)
        assert "monitoring" in [kind for kind, _title in packs.contents(sources, meeting)]
        rows = packs.freeze(session, SECOND, meeting=meeting, sources=sources, items=[], reports_due=False)
        session.flush()
        row = next(one for one in rows if one.kind == "monitoring")
        document = packs.rendered(row)
        assert document is not None
        told = repr(document.blocks)
        for text in ("GjetjeMonitorimi", "VeprimKanarine", "SherbimKanarine"):
            assert text in told
