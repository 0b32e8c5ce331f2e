"""General meetings as people see them: who may, what stands before and behind the declaration, a meeting from call to minutes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.fixtures import general_world as gw
from tests.fixtures import world
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tmr_app.kernel import clock
from tmr_app.meetings.general_minutes_kind import GENERAL_MINUTES
from tmr_app.meetings.general_models import GeneralInvitee, GeneralItem, GeneralMeeting, GeneralTask
from tmr_app.members.models import Person
from tmr_app.signing import queries

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp
    from tmr_app.web.app import TmrFlask

WORDS = "KanarinaEPergjithshme"


@dataclass(frozen=True)
class Scene:
    municipality: UUID
    other: UUID
    people: dict[str, UUID]
    room: UUID
    held: UUID
    base: str


@pytest.fixture
def app(fresh_database_url: str, make_app: "MakeApp") -> Iterator["TmrFlask"]:
    with clock.fixed_at(gw.NOW):
        yield make_app(fresh_database_url)


def scene(app: "TmrFlask") -> Scene:
    """Registered in July, one meeting held in September with a task for the police; the next is owed by 15 December."""
    with work(app.engine) as session:
        here = gw.general_world(session, registered_on=date(2026, 7, 1), now=gw.at(date(2026, 8, 1)))
        held = gw.held(session, here, date(2026, 9, 15), task_for=here.town.members["police"], words=WORDS)
        other = world.town(session, "gjilan")
        stranger = world.person(session, "Askush Këtu")
        session.flush()
        town = here.town
        people = {
            "chair": here.chair.id,
            "head": town.head.id,
            "officer": town.officer.id,
            "police": town.members["police"].id,
            "school": town.members["school"].id,
            "assistant": town.assistant.id,
            "elsewhere": other.case_manager.id,
            "stranger": stranger.id,
        }
        base = f"/municipalities/{here.id}/general-meetings"
        return Scene(here.id, other.municipality.id, people, town.room.id, held.id, base)


def test_who_may_know_of_general_meetings(app: "TmrFlask") -> None:
    here = scene(app)
    for who, index, minutes in (
        ("chair", 200, 200),
        ("police", 200, 200),
        ("head", 200, 403),
        ("officer", 200, 403),
        ("school", 200, 403),
        ("assistant", 200, 403),
        ("elsewhere", 404, 404),
        ("stranger", 404, 404),
    ):
        browser = SignedIn(app, here.people[who])
        assert browser.get(f"{here.base}/").status_code == index, who
        assert browser.get(f"{here.base}/{here.held}/").status_code == index, who
        answer = browser.get(f"{here.base}/{here.held}/minutes")
        assert answer.status_code == minutes, who
        assert (WORDS in answer.text) is (minutes == 200)
        if minutes == 403:
            assert f"{here.base}/declaration" in answer.text
        for page in ("papers", "minutes.pdf"):
            assert browser.get(f"{here.base}/{here.held}/{page}").status_code == minutes, (who, page)


def test_nothing_said_or_counted_before_the_declaration(app: "TmrFlask") -> None:
    here = scene(app)
    browser = SignedIn(app, here.people["school"])
    for page in ("/", f"/{here.held}/", "/declaration"):
        assert WORDS not in browser.get(f"{here.base}{page}").text
    assert browser.post(f"{here.base}/declaration").status_code == 422  # the box is not ticked
    answer = browser.post(f"{here.base}/declaration", agreed="y")
    assert answer.status_code == 303
    assert WORDS in browser.get(f"{here.base}/{here.held}/minutes").text
    assert browser.get(f"/municipalities/{here.other}/general-meetings/{here.held}/").status_code == 404


def test_signing_asks_for_a_fresh_sign_in(app: "TmrFlask") -> None:
    here = scene(app)
    browser = SignedIn(app, here.people["school"], fresh=False)
    browser.get(f"{here.base}/declaration")
    answer = browser.post(f"{here.base}/declaration", agreed="y")
    assert answer.status_code in (302, 303)
    assert here.base not in answer.headers["Location"].split("?")[0]


def test_the_head_names_the_chair(app: "TmrFlask") -> None:
    here = scene(app)
    for who in ("chair", "officer", "police"):
        assert SignedIn(app, here.people[who]).get(f"{here.base}/chair").status_code == 404
    browser = SignedIn(app, here.people["head"])
    assert browser.get(f"{here.base}/chair").status_code == 200
    assert browser.post(f"{here.base}/chair", person=str(here.people["police"])).status_code == 422
    with work(app.engine) as session:
        other = session.scalars(select(Person).where(Person.name == "Tjetri Menaxheri")).first()
        assert other
        other_id = other.id
    assert browser.post(f"{here.base}/chair", person=str(other_id)).status_code == 303
    assert "Tjetri Menaxheri" in browser.get(f"{here.base}/").text


def test_from_the_call_to_the_approved_minutes(app: "TmrFlask") -> None:
    """The chair's whole way on the pages, with what is refused on it; the member answers and does a task."""
    here = scene(app)
    chair, police = SignedIn(app, here.people["chair"]), SignedIn(app, here.people["police"])
    chair.get(f"{here.base}/")
    at = chair.post(f"{here.base}/call").headers["Location"].removesuffix("/date")
    assert SignedIn(app, here.people["police"]).get(f"{at}/prepare").status_code == 404
    chair.get(f"{at}/date")
    past = {"meeting_on-day": "1", "meeting_on-month": "10", "meeting_on-year": "2026"}
    when = {"meeting_on-day": "17", "meeting_on-month": "11", "meeting_on-year": "2026"}
    rest = {"starts": "10:00", "ends": "12:00", "room": str(here.room)}
    assert chair.post(f"{at}/date", **past, **rest).status_code == 422
    assert chair.post(f"{at}/date", **when, **rest).status_code == 303
    chair.get(f"{at}/prepare")
    assert chair.post(f"{at}/agenda", hidden=False, title="").status_code == 422
    assert chair.post(f"{at}/agenda", hidden=False, title="Transporti i nxënësve").status_code == 303
    assert "Transporti i nxënësve" in chair.get(f"{at}/prepare").text
    assert chair.post(f"{at}/convene", hidden=False, version="999").status_code == 409
    version = chair.get(f"{at}/prepare") and chair.page.select("input[name=version]")[0]["value"]
    assert chair.post(f"{at}/convene", hidden=False, version=str(version)).status_code == 303
    assert police.get(f"{at}/").status_code == 200
    assert police.post(f"{at}/answer", answer="yes").status_code == 303
    assert police.post(f"{at}/answer", answer="perhaps").status_code == 422
    with work(app.engine) as session:
        meeting = session.scalars(select(GeneralMeeting).where(GeneralMeeting.status == "convened")).one()
        mine = session.scalars(
            select(GeneralInvitee).where(
                GeneralInvitee.person_id == here.people["police"], GeneralInvitee.meeting_id == meeting.id
            )
        ).one()
        assert mine.answer == "yes"
        items = session.scalars(
            select(GeneralItem).where(GeneralItem.meeting_id == meeting.id).order_by(GeneralItem.position)
        ).all()
        invitees = session.scalars(
            select(GeneralInvitee.id).where(GeneralInvitee.meeting_id == meeting.id)
        ).all()
        item, first = items[3].id, items[0].id
    assert chair.post(f"{at}/start", hidden=False).status_code == 409  # not its day
    with clock.fixed_at(gw.at(gw.ON)):
        chair, police = SignedIn(app, here.people["chair"]), SignedIn(app, here.people["police"])
        chair.get(f"{at}/")
        answer = chair.post(f"{at}/start", hidden=False)
        assert answer.status_code == 303, answer.text
        page = chair.get(f"{at}/hold")
        assert page.status_code == 200
        assert chair.post(f"{at}/end", hidden=False).status_code == 422
        texts = {"version": "1", "discussion": "Gjendja", "decision": "Vendim"}
        chair.get(f"{at}/hold")
        assert chair.post(f"{at}/items/{item}", hidden=False, **texts).status_code == 303
        texts["discussion"] = "Tjetër tekst"
        answer = chair.post(f"{at}/items/{item}", hidden=False, **texts)
        assert answer.status_code == 409
        assert "Tjetër tekst" in answer.text
        chair.get(f"{at}/hold")
        broken = {"version": "1", "discussion": "x" * 10_001, "decision": "mbetet"}
        answer = chair.post(f"{at}/items/{first}", hidden=False, **broken)
        assert answer.status_code == 422
        assert "mbetet" in answer.text
        presence = {f"presence_{one.hex}": "" for one in invitees}
        presence[f"presence_{invitees[0].hex}"] = "absent_with_reason"
        chair.get(f"{at}/hold")
        assert chair.post(f"{at}/attendance", hidden=False, rest_present="y", **presence).status_code == 303
        due = {"due_on-day": "30", "due_on-month": "11", "due_on-year": "2026"}
        chair.get(f"{at}/hold")
        once = str(chair.one("input[name=once]")["value"])
        tasks = {"once": once, "owner": str(here.people["police"]), "text": "Shikoni rrugët"}
        assert (
            chair.post(f"{at}/tasks", hidden=False, **tasks, **{**due, "due_on-year": "2025"}).status_code
            == 422
        )
        chair.get(f"{at}/hold")
        assert chair.post(f"{at}/tasks", hidden=False, **tasks, **due).status_code == 303
        chair.get(f"{at}/hold")
        assert chair.post(f"{at}/approve-minutes", hidden=False).status_code == 303
        sign = signing_page(app, here)
        assert police.get(sign).status_code == 200
        answer = SignedIn(app, here.people["school"]).get(sign)
        assert answer.status_code == 403, "a place to sign opens nothing before the declaration (A18.2)"
        assert f"{here.base}/declaration" in answer.text
        assert sign in police.get(f"{here.base}/{here.held}/minutes").text
        chair.get(f"{at}/hold")
        assert chair.post(f"{at}/end", hidden=False).status_code == 303
        assert "Shikoni rrugët" in chair.get(f"{at}/minutes").text
        assert chair.post(f"{at}/items/{item}", hidden=False, **texts).status_code == 409
        assert "Shikoni rrugët" in police.get(f"{here.base}/").text
        with work(app.engine) as session:
            task = session.scalars(select(GeneralTask).order_by(GeneralTask.due_on)).all()
            mine_task = next(one.id for one in task if one.meeting_id == meeting.id)
        assert "general-meetings/tasks" in police.get("/my-work").text
        url = f"{here.base}/tasks/{mine_task}"
        assert SignedIn(app, here.people["school"]).get(url).status_code == 403
        assert police.get(url).status_code == 200
        assert police.post(url, outcome="").status_code == 422
        assert police.post(url, outcome="Rrugët u panë.").status_code == 303
        assert "Rrugët u panë." in police.get(url).text
        assert "Neni 8, paragrafi 2" in chair.get(f"/municipalities/{here.municipality}/ledger").text


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_pages_in_three_languages(app: "TmrFlask", language: str) -> None:
    here = scene(app)
    with work(app.engine) as session:
        session.get_one(Person, here.people["chair"]).language = language
    chair = SignedIn(app, here.people["chair"])
    chair.get(f"{here.base}/")
    at = chair.post(f"{here.base}/call").headers["Location"].removesuffix("/date")
    for url in (
        f"{here.base}/",
        f"{here.base}/declaration",
        f"{at}/",
        f"{at}/date",
        f"{at}/prepare",
        f"{at}/papers",
        f"{at}/cancel",
        f"{here.base}/{here.held}/minutes",
    ):
        assert chair.get(url).status_code == 200, url
    assert chair.client.get(f"{here.base}/{here.held}/minutes.docx").data.startswith(b"PK")


def test_calling_off_and_choosing_anew(app: "TmrFlask") -> None:
    here = scene(app)
    chair = SignedIn(app, here.people["chair"])
    chair.get(f"{here.base}/")
    at = chair.post(f"{here.base}/call").headers["Location"].removesuffix("/date")
    chair.get(f"{here.base}/")
    assert chair.post(f"{here.base}/call", once="k" * 24, hidden=False).status_code == 409
    chair.get(f"{at}/cancel")
    assert chair.post(f"{at}/cancel", reason="").status_code == 422
    assert chair.post(f"{at}/cancel", reason="Mungon salla").status_code == 303
    chair.get(f"{at}/")
    assert chair.post(f"{at}/put-off", hidden=False).status_code == 409
    assert chair.post(f"{at}/start", hidden=False).status_code == 409


def test_overdue_stands_before_officer_and_head(app: "TmrFlask") -> None:
    here = scene(app)
    with clock.fixed_at(gw.at(date(2026, 12, 16) + timedelta(days=1))):
        for who in ("officer", "head", "chair"):
            page = SignedIn(app, here.people[who]).get(f"{here.base}/").text
            assert "tryeza-panel--overdue" in page or "overdue" in page, who
        assert "/general-meetings/" in SignedIn(app, here.people["head"]).get("/head-office").text
        assert "general-meetings" in SignedIn(app, here.people["chair"]).get("/my-work").text


def signing_page(app: "TmrFlask", here: Scene) -> str:
    """The sign page of the minutes that were just approved."""
    with work(app.engine) as session:
        version = queries.newest(session, GENERAL_MINUTES, here.held)
        assert version
        return f"/municipalities/{here.municipality}/sign/{version.id}"
