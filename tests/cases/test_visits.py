"""Contacts and visits, the head's monitoring visits and remarks, the timeline's filter: by their pages."""

import io
from typing import Any

import docx
import pytest
from sqlalchemy import func, select

from tests.cases.conftest import Scene
from tests.cases.test_records import desk_of, seat
from tests.fixtures import world
from tmr_app.cases.monitoring_models import SupervisionNote, Visit, VisitVersion

KEY = "k" * 24
DAY = {"visited_on-day": "2", "visited_on-month": "11", "visited_on-year": "2026"}


def contact(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "once": KEY, "version": "0", "kind": "home_visit", "who": ["child", "family"], "minutes": "40", "place": "Në shtëpi",
        "present": "Nëna", "purpose": "Qëllimi", "summary": "Përmbledhja e bisedës", "child_words": "Dua te gjyshja",
        "observations": "Vëzhgimi", "agreed": "Pajtimi", "next_step": "Hapi tjetër",
        "next_on-day": "", "next_on-month": "", "next_on-year": "",
    }  # fmt: skip
    return data | DAY | changes


def monitoring(**changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {
        "once": KEY, "version": "0", "kind": "home_visit", "who": ["family"], "minutes": "", "place": "", "present": "",
        "purpose": "", "summary": "", "child_words": "", "findings": "Gjetja e udhëheqësit", "follow_up": "Thirrni shkollën",
        "follow_up_on-day": "10", "follow_up_on-month": "11", "follow_up_on-year": "2026",
    }  # fmt: skip
    return data | DAY | changes


def count(scene: Scene, model: Any) -> int:
    with world.work(scene.app.engine) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def visit_id(scene: Scene) -> Any:
    with world.work(scene.app.engine) as session:
        return session.scalars(select(Visit.id)).one()


def test_a_visit_is_written_down_once_and_read(fresh_scene: Scene) -> None:
    desk = desk_of(fresh_scene)
    assert desk.get(fresh_scene.url("visits")).status_code == 200
    for _ in range(2):
        assert desk.post(fresh_scene.url("visits/new"), contact()).status_code == 303
    assert count(fresh_scene, Visit) == 1
    text = desk.get(fresh_scene.url(f"visits/{visit_id(fresh_scene)}")).text
    for said in ("Dua te gjyshja", "Përmbledhja e bisedës", "Pajtimi", "40"):
        assert said in text
    assert "Përmbledhja e bisedës" in desk.get(fresh_scene.url("timeline")).text


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"visited_on-day": "3"}, 422),  # tomorrow
        ({"visited_on-day": "31", "visited_on-month": "11"}, 422),
        ({"who": []}, 422),
        ({"who": ["neighbour"]}, 422),
        ({"kind": "party"}, 422),
        ({"minutes": "0"}, 422),
        ({"minutes": "1441"}, 422),
        ({"minutes": "abc"}, 422),
        ({"summary": " "}, 422),
        ({"summary": "x" * 10_001}, 422),
        ({"next_on-day": "1", "next_on-month": "11", "next_on-year": "2026"}, 422),
        ({"findings": "x"}, 400),
        ({"version": "x"}, 400),
        ({"once": ""}, 400),
    ],
)
def test_a_visit_badly_given_is_refused_and_the_text_kept(
    scene: Scene, wrong: dict[str, Any], status: int
) -> None:
    desk = desk_of(scene)
    assert desk.post(scene.url("visits/new"), contact(**wrong)).status_code == status
    if status == 422:
        assert desk.value("observations").strip() == "Vëzhgimi"
        assert desk.errors()


def test_a_long_note_is_taken_whole(fresh_scene: Scene) -> None:
    desk = desk_of(fresh_scene)
    long = "ë" * 10_000
    assert desk.post(fresh_scene.url("visits/new"), contact(summary=long)).status_code == 303
    assert long in desk.get(fresh_scene.url(f"visits/{visit_id(fresh_scene)}")).text


def test_a_correction_keeps_what_stood(fresh_scene: Scene) -> None:
    desk = desk_of(fresh_scene)
    desk.post(fresh_scene.url("visits/new"), contact())
    url = fresh_scene.url(f"visits/{visit_id(fresh_scene)}")
    assert desk.get(f"{url}/edit").status_code == 200
    assert desk.post(f"{url}/edit", contact(version="1")).status_code == 303
    assert count(fresh_scene, VisitVersion) == 0  # the same again
    assert desk.post(f"{url}/edit", contact(version="1", summary="E korrigjuar")).status_code == 303
    stale = desk.post(f"{url}/edit", contact(version="1", summary="E tretë"))
    assert stale.status_code == 409
    assert "E korrigjuar" in stale.text
    assert "E tretë" in stale.text
    text = desk.get(url).text
    assert "E korrigjuar" in text
    assert "Përmbledhja e bisedës" in text
    assert count(fresh_scene, VisitVersion) == 1


def test_the_contact_sheet_holds_the_childs_words(fresh_scene: Scene) -> None:
    desk = desk_of(fresh_scene)
    desk.post(fresh_scene.url("visits/new"), contact())
    key = visit_id(fresh_scene).hex
    made = docx.Document(io.BytesIO(desk.get(fresh_scene.url(f"documents/made/form-e-6/{key}.docx")).data))
    whole = "\n".join(node.text or "" for node in made.element.iter() if node.text)
    for said in ("Dua te gjyshja", "02.11.2026", "Nëna", "Qëllimi", "Vëzhgimi", "Pajtimi", "Hapi tjetër"):
        assert said in whole, said
    assert desk.get(fresh_scene.url(f"documents/made/form-e-6/{key}.pdf")).data.startswith(b"%PDF")


def test_the_list_is_filtered(fresh_scene: Scene) -> None:
    desk = desk_of(fresh_scene)
    desk.post(fresh_scene.url("visits/new"), contact())
    other = contact(once="o" * 24, kind="telephone", who=["services"], summary="Me shkollën")
    desk.post(fresh_scene.url("visits/new"), other)
    for query, seen, hidden in (
        ("kind=telephone", "Me shkollën", "Përmbledhja e bisedës"),
        ("who=child", "Përmbledhja e bisedës", "Me shkollën"),
        ("kind=monitoring", "", "Me shkollën"),
        ("from_on-day=3&from_on-month=11&from_on-year=2026", "", "Me shkollën"),
        ("kind=nonsense&who=%00", "Me shkollën", "<script"),
    ):
        text = desk.get(fresh_scene.url(f"visits?{query}")).text.replace('<script type="module"', "")
        assert seen in text, query
        assert hidden not in text, query


@pytest.mark.duty("A16")
def test_a16_the_heads_visit_asks_and_the_case_manager_answers(fresh_scene: Scene) -> None:
    head, desk = fresh_scene.sit(fresh_scene.here.town.head), desk_of(fresh_scene)
    assert head.post(fresh_scene.url("monitoring-visits/new"), monitoring(findings=" ")).status_code == 422
    assert head.post(fresh_scene.url("monitoring-visits/new"), monitoring(follow_up="")).status_code == 422
    assert head.post(fresh_scene.url("monitoring-visits/new"), monitoring()).status_code == 303
    url = fresh_scene.url(f"visits/{visit_id(fresh_scene)}")
    assert "Thirrni shkollën" in desk.get(url).text
    assert fresh_scene.here.number in desk.get("/my-work").text
    assert (
        desk.post(fresh_scene.url(f"monitoring-visits/{visit_id(fresh_scene)}"), monitoring()).status_code
        == 403
    )
    assert desk.get(f"{url}/edit").status_code == 404
    assert head.post(f"{url}/follow-up", {"followed_up": "x"}).status_code == 403
    assert desk.post(f"{url}/follow-up", {"followed_up": " "}).status_code == 422
    assert desk.post(f"{url}/follow-up", {"followed_up": "E thirra shkollën"}).status_code == 303
    assert desk.post(f"{url}/follow-up", {"followed_up": "Sërish"}).status_code == 409
    assert "E thirra shkollën" in head.get(url).text


@pytest.mark.duty("A16")
def test_a16_the_heads_remarks(fresh_scene: Scene) -> None:
    head, url = fresh_scene.sit(fresh_scene.here.town.head), fresh_scene.url("supervision")
    remark = {"once": KEY, "note": "Plani ecën", "kind": "looked"}
    assert head.post(url, remark | {"kind": "approved"}).status_code == 400
    assert head.post(url, remark | {"note": ""}).status_code == 422
    for _ in range(2):
        assert head.post(url, remark).status_code == 303
    assert head.post(url, remark | {"once": "n" * 24, "kind": "visit_needed"}).status_code == 303
    assert count(fresh_scene, SupervisionNote) == 2
    assert "Plani ecën" in desk_of(fresh_scene).get(fresh_scene.url("visits")).text


def test_who_reads_visits(fresh_scene: Scene) -> None:
    """The Centre alone; a member of the Table reads none."""
    desk_of(fresh_scene).post(fresh_scene.url("visits/new"), contact())
    url = fresh_scene.url(f"visits/{visit_id(fresh_scene)}")
    member, stranger = seat(fresh_scene, "police"), fresh_scene.sit(fresh_scene.there.town.head)
    head = fresh_scene.sit(fresh_scene.here.town.head)
    sheet = fresh_scene.url(f"documents/made/form-e-6/{visit_id(fresh_scene).hex}.pdf")
    assert (member.get(sheet).status_code, head.get(sheet).status_code) == (404, 200)
    for address in (url, fresh_scene.url("visits")):
        assert member.get(address).status_code == 403
        assert stranger.get(address).status_code == 404
        assert head.get(address).status_code == 200
    assert head.post(fresh_scene.url("visits/new"), contact()).status_code == 403
    crossed = f"/cases/{fresh_scene.there.case_id}/visits/{visit_id(fresh_scene)}"
    assert stranger.get(crossed).status_code == 404


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", True),
        ("kind=assessment", True),
        ("kind=visits", False),
        ("kind=nonsense", True),
        ("kind=assessment&from_on-day=3&from_on-month=11&from_on-year=2026", False),
        ("to_on-day=1&to_on-month=11&to_on-year=2026", False),
    ],
)
def test_the_timeline_is_filtered(scene: Scene, query: str, seen: bool) -> None:
    desk = desk_of(scene)
    if not desk.get(scene.url("timeline?kind=assessment")).text.count("Rrethana që ndryshuan"):
        change = {"once": KEY, "what": "Rrethana që ndryshuan"}
        change |= {name.replace("visited", "changed"): value for name, value in DAY.items()}
        desk.post(scene.url("assessment/changes"), change)
    assert ("Rrethana që ndryshuan" in desk.get(scene.url(f"timeline?{query}")).text) is seen
