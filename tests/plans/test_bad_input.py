"""Bad input of the plan through its own pages: refused with article or field, the text kept, nothing stored."""

import io
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from tests.fixtures import held_world as hw
from tests.plans.scene import Scene
from tmr_app.cases import seat_ending
from tmr_app.cases.models import CaseFile
from tmr_app.cases.table_models import Seat
from tmr_app.members.models import Person
from tmr_app.plans import adopting
from tmr_app.plans.models import Action, Objective, PlanVersion

WORDS = "Fjalët e mia"
BEFORE_THE_PLAN = {"planned_on-day": "1", "planned_on-month": "1", "planned_on-year": "2026"}
NO_DATE = {f"planned_on-{part}": "" for part in ("day", "month", "year")}


def open_draft(scene: Scene) -> tuple[Any, str]:
    """The chair's browser and the address of the draft's first action."""
    chair = scene.browser(scene.chair)
    chair.post(scene.base + "/draft/begin", hidden=False)
    return chair, f"{scene.base}/draft/actions/{scene.one(Action).id}"


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (BEFORE_THE_PLAN, 422),
        ({"planned_on-month": "13"}, 422),
        ({"measure": "a" * 10_001}, 422),
        ({"notes": "a" * 10_001}, 422),
        ({"service": "a\x00b"}, 422),
        ({"service": "a\u202eb"}, 422),
        ({"seat_id": str(uuid4())}, 422),  # nobody's: as a seat that ended since
        ({"risk": "no_such_risk"}, 422),
        ({"institution_ids": str(uuid4())}, 422),
        ({"seat_id": "police"}, 400),
        ({"notes": "a" * 10_000}, 303),
        ({"notes": "<script>alert(1)</script> =1+1 @SUM(A1) +1"}, 303),
    ],
)  # fmt: skip
def test_an_action_badly_given(scene: Scene, wrong: dict[str, str], status: int) -> None:
    chair, address = open_draft(scene)
    before = scene.one(Action).revision
    sent = scene.action_values(version=1, serves=WORDS) | wrong
    answer = chair.post(address, hidden=False, **sent)
    assert answer.status_code == status
    stored = scene.one(Action)
    if status == 303:
        assert stored.revision == before + 1
        assert "<script>alert" not in chair.get(scene.base + "/draft").text
        return
    assert stored.revision == before
    if status == 422:
        assert WORDS in answer.text


def test_a_member_who_left_since_the_page_was_opened(scene: Scene) -> None:
    """A13.2 by name, not a forged form: the page was right when it was drawn."""
    chair, address = open_draft(scene)
    with scene.reading() as session:
        seat = session.get_one(Seat, scene.seats["police"])
        actor = session.get_one(Person, scene.chair)
        seat_ending.end_seat(session, actor, hw.DURING, seat=seat, reason="no_longer_needed")
    answer = chair.post(address, hidden=False, **scene.action_values(version=1, serves=WORDS))
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert "Neni 13" in answer.text
    assert scene.one(Action).seat_id is None


@pytest.mark.parametrize("gap", [{"seat_id": ""}, NO_DATE])
def test_without_member_or_date_the_plan_is_not_adopted(scene: Scene, gap: dict[str, str]) -> None:
    """What is missing may follow in the draft; the adoption names the article, and the draft stays."""
    chair, address = open_draft(scene)
    texts = {
        "goal": WORDS,
        "aim": "",
        "best_interest": WORDS,
        "review_days": "",
        "version": "1",
        "merged": "",
    }
    assert chair.post(scene.base + "/draft/texts", hidden=False, **texts).status_code == 303
    assert (
        chair.post(address, hidden=False, **scene.action_values(version=1, serves=WORDS) | gap).status_code
        == 303
    )
    chair.post(scene.base + "/draft/ask", hidden=False)
    assert "Neni 13" in chair.get(scene.base + "/draft/adopt").text
    draft = scene.one(PlanVersion)
    with scene.reading() as session:
        seen = adopting.count_revisions(session, draft)
    sent = {"version": str(seen), "meeting": str(scene.meeting_id)}
    answer = chair.post(scene.base + "/draft/adopt", hidden=False, **sent)
    assert answer.status_code == 422
    assert "Neni 13" in answer.text
    assert scene.one(PlanVersion).status == "draft"


def test_an_updates_file_is_kept_once_and_with_the_word_or_not_at_all(in_force: Scene) -> None:
    """A refused word leaves no file behind, and neither does the same press of the button again."""
    scene, member = in_force, in_force.browser(in_force.police)
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    address = f"{scene.base}/actions/{own.action_key}"

    def tell(name: str, data: bytes, **more: str) -> Any:
        blank = {f"done_on-{part}": "" for part in ("day", "month", "year")}
        sent = {"status": "in_process", "note": WORDS, "once": "nj" * 10, **blank, **more}
        upload = (io.BytesIO(data), name)
        return member.post(address + "/update", hidden=False, upload=upload, **sent)

    def files() -> int:
        with scene.reading() as session:
            return session.scalar(select(func.count()).where(CaseFile.case_id == scene.case_id)) or 0

    before = files()
    for refused in (tell("a.pdf", b"MZ\x90\x00"), tell("a.txt", b"Ditari", note="", status="not_done")):
        assert refused.status_code == 422
        assert files() == before
    assert [tell("ditari.txt", b"Ditari").status_code for _press in range(2)] == [303, 303]
    assert files() == before + 1
    link = member.get(address) and member.one("main a[href*='/documents/']")
    assert member.get(str(link["href"])).status_code == 200
    school = scene.browser(scene.school)
    assert school.get(str(link["href"])).status_code == 200  # the Table reads what is told of an action


@pytest.mark.parametrize("what", ["texts", "objective"])
def test_a_stale_text_comes_back_with_both_and_is_merged(scene: Scene, what: str) -> None:
    """As an action does: 409, the stored text beside the own, one form that holds both and can be sent."""
    chair, _address = open_draft(scene)
    if what == "texts":
        address, field = scene.base + "/draft/texts", "goal"
        rest = {"aim": "", "best_interest": "", "review_days": ""}
    else:
        address, field = f"{scene.base}/draft/objectives/{scene.one(Objective).id}", "text"
        rest = {"term": "short"}

    def send(text: str, version: str, merged: str = "") -> Any:
        return chair.post(address, hidden=False, **{field: text}, version=version, merged=merged, **rest)

    first = str(chair.get(address) and chair.one("input[name=version]")["value"])
    assert send("Fjalët e tjetrit", first).status_code == 303
    stale = send(WORDS, first)
    assert stale.status_code == 409
    both = chair.one(f"textarea[name={field}]").text
    assert ("Fjalët e tjetrit" in both, WORDS in both) == (True, True)
    assert send(both, str(chair.one("input[name=version]")["value"]), "yes").status_code == 303
    assert WORDS in chair.get(scene.base + "/draft").text
