"""The Table's assessment: versions, members' information and its verification, changes, comparison, the form on paper."""

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import docx
import pytest
from sqlalchemy import func, select, update

from tests.cases.conftest import Scene
from tests.cases.test_records import FIVE, assessment, desk_of, seat
from tests.fixtures import world
from tmr_app.cases import assessing, comparing
from tmr_app.cases.assessing import AssessmentData, FindingData
from tmr_app.cases.models import Assessment, Case, RiskLevel
from tmr_app.cases.monitoring_models import Information, InformationDecision
from tmr_app.kernel import clock, vault
from tmr_app.members.models import Municipality

KEY = "k" * 24
HOSTILE = "<script>alert(1)</script> =SUM(A1)"


@pytest.fixture
def assessed(fresh_scene: Scene) -> Iterator[Scene]:
    """A case with a completed initial assessment."""
    answer = desk_of(fresh_scene).post(fresh_scene.url("assessment/edit"), assessment(complete="yes"))
    assert answer.status_code == 303
    return fresh_scene


def bring(scene: Scene, kind: str = "police", **changes: Any) -> Any:
    data = {"once": KEY, "text": "Informacion nga anëtari", "source": "Ditari i shkollës"} | changes
    return seat(scene, kind).post(scene.url("assessment/information"), data)


def only(scene: Scene, model: Any) -> Any:
    with world.work(scene.app.engine) as session:
        vault.unlock(session, [scene.here.case_id])
        return session.scalars(select(model).where(model.case_id == scene.here.case_id)).one()


@pytest.mark.duty("A12.2")
def test_a12_2_the_table_goes_on_from_the_initial_one(fresh_scene: Scene) -> None:
    desk, url = desk_of(fresh_scene), fresh_scene.url("assessment/comprehensive")
    assert desk.get(url).status_code == 409
    assert desk.post(url, assessment()).status_code == 409
    assert desk.post(fresh_scene.url("assessment/edit"), assessment(complete="yes")).status_code == 303
    assert desk.get(url).status_code == 200
    assert desk.value("safety-findings").strip() == "Gjetje safety"
    assert desk.post(url, assessment(risk_level="", complete="yes")).status_code == 422
    assert "12" in desk.page.get_text()
    assert desk.value("summary").strip() == "Përmbledhje"
    assert (
        desk.post(url, assessment(risk_level="medium", summary="E Tryezës", complete="yes")).status_code
        == 303
    )
    with world.work(fresh_scene.app.engine) as session:
        vault.unlock(session, [fresh_scene.here.case_id])
        whole = assessing.newest_assessment(session, fresh_scene.here.case_id, assessing.COMPREHENSIVE)
        assert whole
        assert whole.completed_at
        assert (whole.version, whole.risk_level) == (1, "medium")
        levels = session.scalars(select(RiskLevel.level).order_by(RiskLevel.determined_at, RiskLevel.level))
        assert sorted(levels) == ["high", "medium"]


def test_the_same_level_is_determined_again_all_the_same(assessed: Scene) -> None:
    desk, url = desk_of(assessed), assessed.url("assessment/comprehensive")
    assert desk.post(url, assessment(complete="yes")).status_code == 303
    with world.work(assessed.app.engine) as session:
        assert session.scalar(select(func.count()).select_from(RiskLevel)) == 2


def test_two_writers_of_the_tables_assessment_see_both_texts(assessed: Scene) -> None:
    url = assessed.url("assessment/comprehensive")
    first = desk_of(assessed)
    assert first.post(url, assessment(summary="E para")).status_code == 303
    answer = first.post(url, assessment(summary="E dyta"))
    assert answer.status_code == 409
    assert "E para" in answer.text
    assert "E dyta" in answer.text


@pytest.mark.duty("A12.1")
def test_a12_1_a_piece_is_brought_and_decided_with_history(assessed: Scene) -> None:
    assert bring(assessed).status_code == 303
    assert bring(assessed).status_code == 303  # sent twice: one piece
    row = only(assessed, Information)
    assert (row.state, row.seat_id is not None) == ("to_verify", True)
    desk, url = desk_of(assessed), assessed.url(f"assessment/information/{row.id}")
    assert desk.get(url).status_code == 200
    decision = {"version": "1", "state": "verified", "note": "Verifikuar në shkollë"}
    assert desk.post(url, decision | {"note": " "}).status_code == 422
    assert desk.post(url, decision | {"state": "maybe"}).status_code == 422
    assert desk.post(url, decision).status_code == 303
    stale = desk.post(url, decision | {"state": "disproved", "note": "Jo e saktë"})
    assert stale.status_code == 409
    assert "Verifikuar në shkollë" in stale.text
    assert "Jo e saktë" in stale.text
    assert (
        desk.post(url, decision | {"version": "2", "state": "disproved", "note": "U rrëzua"}).status_code
        == 303
    )
    with world.work(assessed.app.engine) as session:
        states = list(
            session.scalars(select(InformationDecision.state).order_by(InformationDecision.decided_at))
        )
        assert sorted(states) == ["disproved", "verified"]
    text = desk.get(url).text
    assert "U rrëzua" in text
    assert "Verifikuar në shkollë" in text


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"source": " "},
        {"text": "a\u202eb"},
        {"source": "a\x07b"},
        {"text": "x" * 4001},
        {"once": "short"},
        {"state": "verified"},
        {"version": "1"},
    ],
)
def test_information_badly_given_is_refused(assessed: Scene, wrong: dict[str, str]) -> None:
    answer = bring(assessed, **wrong)
    assert answer.status_code == (400 if {"once", "state", "version"} & wrong.keys() else 422)
    with world.work(assessed.app.engine) as session:
        assert session.scalar(select(func.count()).select_from(Information)) == 0


def test_hostile_text_is_shown_as_text(assessed: Scene) -> None:
    bring(assessed, text=HOSTILE, source="=HYPERLINK(1)")
    text = desk_of(assessed).get(assessed.url("assessment")).text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_who_brings_and_who_decides(assessed: Scene) -> None:
    """Members bring, the chair alone decides, the head reads."""
    bring(assessed)
    row = only(assessed, Information)
    member, url = seat(assessed, "police"), assessed.url(f"assessment/information/{row.id}")
    decision = {"version": "1", "state": "verified", "note": "x"}
    assert member.get(url).status_code == 200
    assert member.post(url, decision).status_code == 403
    head = assessed.sit(assessed.here.town.head)
    assert head.get(assessed.url("assessment/information")).status_code == 200
    assert (
        head.post(
            assessed.url("assessment/information"), {"once": KEY, "text": "x", "source": "y"}
        ).status_code
        == 403
    )
    stranger = assessed.sit(assessed.there.town.case_manager)
    assert stranger.get(url).status_code == 404
    other = f"/cases/{assessed.there.case_id}/assessment/information/{row.id}"
    assert stranger.get(other).status_code == 404


@pytest.mark.duty("A5.1.2")
def test_a5_1_2_a_change_opens_a_new_version(assessed: Scene) -> None:
    desk, member = desk_of(assessed), seat(assessed, "police")
    day = {"changed_on-day": "2", "changed_on-month": "11", "changed_on-year": "2026"}
    change = {"once": KEY, "what": "Fëmija u kthye te nëna"} | day
    late = change | {"changed_on-day": "3"}
    assert member.post(assessed.url("assessment/changes"), late).status_code == 422  # tomorrow
    assert member.post(assessed.url("assessment/changes"), change).status_code == 303
    with world.work(assessed.app.engine) as session:
        vault.unlock(session, [assessed.here.case_id])
        versions = list(session.scalars(select(Assessment).order_by(Assessment.version)))
        assert [(one.kind, one.version, one.completed_at is None) for one in versions] == [
            ("initial", 1, False),
            ("initial", 2, True),
        ]
        assert versions[1].summary == "Përmbledhje"
    assert "Fëmija u kthye te nëna" in desk.get(assessed.url("assessment/edit")).text
    assert "Rrethanat kanë ndryshuar" not in desk.get(assessed.url("assessment")).text, (
        "noted in the same instant"
    )
    # a second change while that version is being written opens no third one
    assert (
        member.post(assessed.url("assessment/changes"), change | {"once": KEY[::-1] + "2"}).status_code == 303
    )
    with world.work(assessed.app.engine) as session:
        assert session.scalar(select(func.count()).select_from(Assessment)) == 2


@pytest.mark.duty("A5.1.2")
@pytest.mark.duty("A12.1")
@pytest.mark.duty("A12.4")
def test_the_page_of_the_assessment_says_what_the_rules_say(assessed: Scene) -> None:
    """Nothing brought; brought and not verified; verified; written into the form; then the circumstances change."""
    desk, member = desk_of(assessed), seat(assessed, "police")

    def said() -> str:
        return " ".join(desk.get(assessed.url("assessment")).text.split())

    assert "Ende nuk është shënuar asgjë." in said()
    bring(assessed)
    assert "Kryer: 0 nga 1." in said()
    assert "Kryer: 0 nga 1." in desk.get(assessed.url("assessment/information")).text
    url = assessed.url(f"assessment/information/{only(assessed, Information).id}")
    assert desk.post(url, {"version": "1", "state": "verified", "note": "U pa"}).status_code == 303
    assert "Kryer: 1 nga 1." in said()
    in_form = "Vlerësimi gjithëpërfshirës ende nuk ka përfunduar."
    assert in_form in said()
    assert desk.post(assessed.url("assessment/comprehensive"), assessment(complete="yes")).status_code == 303
    assert in_form not in said()
    with world.work(assessed.app.engine) as session:
        session.execute(update(Assessment).values(completed_at=Assessment.created_at))
        session.execute(update(Information).values(added_at=clock.now() + timedelta(days=1)))
    assert "nuk është hartuar nga të dhënat e tashme" in said()
    day = {"changed_on-day": "2", "changed_on-month": "11", "changed_on-year": "2026"}
    change = {"once": KEY, "what": "Fëmija u kthye te nëna"} | day
    with clock.fixed_at(clock.now() + timedelta(minutes=1)):
        assert member.post(assessed.url("assessment/changes"), change).status_code == 303
        assert "Rrethanat kanë ndryshuar" in said()
        assert "Rrethanat kanë ndryshuar" in desk.get(assessed.url("assessment/changes")).text


@pytest.mark.parametrize("days", [1, 7, 60])
def test_a12_5_the_limit_is_the_municipalitys_own(assessed: Scene, days: int) -> None:
    """Its last day is due, the next one overdue; every municipality sets its days itself (the guide: 7)."""
    with world.work(assessed.app.engine) as session:
        case = session.get_one(Case, assessed.here.case_id)
        session.get_one(Municipality, case.municipality_id).assessment_days = days
        session.flush()
        last = case.opened_on + timedelta(days=days)
        for today, status in ((last, "due"), (last + timedelta(days=1), "overdue")):
            verdict = assessing.deadline(session, case, today)
            assert (verdict.due_on, verdict.status.value) == (last, status)


def test_two_versions_compared(assessed: Scene) -> None:
    desk = desk_of(assessed)
    assert "Ende nuk ka dy versione" in desk.get(assessed.url("assessment/compare")).text
    changed = assessment(**{"safety-findings": "Më mirë", "safety-level": "low", "complete": "yes"})
    assert desk.post(assessed.url("assessment/comprehensive"), changed).status_code == 303
    text = desk.get(assessed.url("assessment/compare")).text
    assert "Gjetje safety" in text
    assert "Më mirë" in text
    assert desk.get(assessed.url("assessment/compare?before=nonsense&after=%00")).status_code == 200


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        (FindingData("safety", "a", "low"), FindingData("safety", "a", "low"), "same"),
        (FindingData("safety", "a", "low"), FindingData("safety", "a", "high"), "changed"),
        (FindingData("safety", "", None), FindingData("safety", "a", None), "added"),
        (FindingData("safety", "a", "low"), FindingData("safety", "", None), "removed"),
        (FindingData("other", "a", None, "", "Feja"), FindingData("other", "a", None, "", "Gjuha"), None),
    ],
)
def test_comparison(before: FindingData, after: FindingData, changes: str | None) -> None:
    rows = comparing.compare(
        AssessmentData("s", "b", "low", [before]), AssessmentData("s", "b", "low", [after])
    )
    assert [one.key for one in rows[1:6]] == list(FIVE)
    if changes is None:
        assert [(one.title, one.change) for one in rows[6:8]] == [("Feja", "removed"), ("Gjuha", "added")]
    else:
        assert rows[1].change == changes
    assert rows[0].change == rows[-1].change == "same"


@pytest.mark.duty("A12.4")
def test_a12_4_the_form_says_what_was_known_by_then(assessed: Scene) -> None:
    bring(assessed)
    desk = desk_of(assessed)
    assert desk.post(assessed.url("assessment/comprehensive"), assessment(complete="yes")).status_code == 303
    with world.work(assessed.app.engine) as session:
        found = session.scalars(select(Assessment).where(Assessment.kind == "comprehensive")).one()
        vault.unlock(session, [found.case_id])
        assert found.completed_at is not None
        session.add(
            RiskLevel(
                case_id=found.case_id,
                level="low",
                reason="Ulur më vonë",
                determined_by_id=assessed.here.town.case_manager.id,
                determined_at=found.completed_at + timedelta(days=1),
            )
        )
    answer = desk.get(assessed.url(f"documents/made/assessment/{found.id.hex}.docx"))
    assert answer.status_code == 200
    made = docx.Document(io.BytesIO(answer.data))
    whole = "\n".join(node.text or "" for node in made.element.iter() if node.text)
    for text in (
        "Informacion nga anëtari",
        "Ditari i shkollës",
        "për verifikim",
        "Gjetje safety",
        "Çlirim Krasniqi",
    ):
        assert text in whole, text
    assert "Ulur më vonë" not in whole
    pdf = desk.get(assessed.url(f"documents/made/assessment/{found.id.hex}.pdf"))
    assert pdf.data.startswith(b"%PDF")
    assert "Krasniqi" not in pdf.headers["Content-Disposition"]
    assert desk.get(assessed.url(f"documents/made/assessment/{found.id.hex}.exe")).status_code == 404
    stranger = assessed.sit(assessed.there.town.case_manager)
    assert stranger.get(assessed.url(f"documents/made/assessment/{found.id.hex}.pdf")).status_code == 404
