"""The pages of a meeting through the real application: the whole way, refusals with the text kept, statements, roles."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.world import work
from tmr_app.cases import declaring
from tmr_app.cases.models import Assessment
from tmr_app.kernel import clock, db
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask


class Desk:
    """One signed-in person's browser; the sign-in itself is tested elsewhere."""

    def __init__(self, app: TmrFlask, patch: pytest.MonkeyPatch) -> None:
        self.app, self.client, self.page = app, app.test_client(), BeautifulSoup("", "html.parser")
        self.person_id: UUID | None = None
        patch.setattr("tmr_app.web.guard.current_person", lambda: db.session().get(Person, self.person_id))
        patch.setattr("tmr_app.web.guard.current_session_ref", lambda: None)

    def be(self, person_id: UUID) -> "Desk":
        self.person_id = person_id
        return self

    def get(self, url: str) -> TestResponse:
        return self._seen(self.client.get(url))

    def post(self, url: str, **values: Any) -> TestResponse:
        token = self.page.select_one("input[name=csrf_token]")
        data = {"csrf_token": token["value"] if token else "", **values}
        return self._seen(self.client.post(url, data=data))

    def hidden(self, name: str) -> str:
        found = self.page.select_one(f"main input[name={name}]")
        assert found is not None, name
        return str(found["value"])

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            self.page = BeautifulSoup(answer.text, "html.parser")
        return answer


class Scene:
    """Ids of a committed case world."""

    def __init__(self, here: mw.CaseWorld) -> None:
        self.case_id, self.family_id = here.case.id, here.case.family_id
        self.chair, self.head = here.town.case_manager.id, here.town.head.id
        self.other, self.assistant = here.town.other_case_manager.id, here.town.assistant.id
        self.police, self.room = here.town.members["police"].id, here.town.room.id
        self.mother, self.number = here.mother.id, here.case.number
        self.base = f"/cases/{self.case_id}/meetings/"


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[TmrFlask]:
    with clock.fixed_at(mw.NOW):
        yield make_app(fresh_database_url)


@pytest.fixture
def scene(app: TmrFlask) -> Scene:
    with work(app.engine) as session:
        here = mw.case_world(session)
        declaring.seed_texts(session, mw.NOW)
        for person in (here.town.case_manager, *here.town.members.values()):
            declare(session, here, person)
        return Scene(here)


def declare(session: Any, here: mw.CaseWorld, person: Person) -> None:
    """Signed and without conflict: the order of disclosure is tested elsewhere."""
    from tmr_app.cases.table_models import Declaration, Seat

    text = declaring.newest_text(session)
    session.add(
        Declaration(
            case_id=here.case.id,
            person_id=person.id,
            text_id=text.id,
            text_sha256=text.sha256,
            language="sq",
            method="in_app",
            signed_at=mw.NOW,
        )
    )
    for seat in session.scalars(
        select(Seat).where(Seat.case_id == here.case.id, Seat.person_id == person.id)
    ):
        seat.conflict, seat.conflict_answered_at = False, mw.NOW
    session.flush()


@pytest.fixture
def desk(app: TmrFlask, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(app, monkeypatch)


@contextmanager
def reading(app: TmrFlask, scene: Scene) -> Iterator[Any]:
    with work(app.engine) as session:
        mw.vault.unlock(session, [scene.case_id, scene.family_id])
        yield session


DATE = {"meeting_on-day": "17", "meeting_on-month": "11", "meeting_on-year": "2026"}


def called(desk: Desk, scene: Scene) -> str:
    """The address of a meeting just called by the case manager."""
    desk.be(scene.chair).get(f"{scene.base}new")
    answer = desk.post(f"{scene.base}new", purpose="first", once=desk.hidden("once"))
    assert answer.status_code == 303, answer.text
    return answer.location.removesuffix("prepare")


def dated(desk: Desk, scene: Scene, address: str, **more: str) -> TestResponse:
    desk.get(f"{address}date")
    values = {"starts": "10:00", "ends": "11:30", "room": str(scene.room), "video_link": "", **DATE, **more}
    return desk.post(f"{address}date", version=desk.hidden("version"), **values)


def prepared(desk: Desk, scene: Scene) -> str:
    address = called(desk, scene)
    assert dated(desk, scene, address).status_code == 303
    assert desk.post(f"{address}ask-agreement").status_code == 303
    desk.be(scene.head).get(f"{address}agreement")
    assert desk.post(f"{address}agreement", **DATE).status_code == 303
    desk.be(scene.chair)
    for who in ("child", scene.mother):
        assert "jo e detyrueshme" not in desk.get(f"{address}family/{who}").text  # one of the two is needed
        told = {
            "notified_on-day": "2",
            "notified_on-month": "11",
            "notified_on-year": "2026",
            "how": "in_person",
        }
        answer = desk.post(
            f"{address}family/{who}", version=desk.hidden("version"), views="Dua të shkoj në shkollë", **told
        )
        assert answer.status_code == 303, answer.text
    return address


def test_from_the_call_to_the_convened_meeting(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    address = prepared(desk, scene)
    listing = desk.get(f"{address}prepare")
    assert listing.status_code == 200
    assert "TM-" in desk.page.title.string
    assert scene.number not in desk.page.title.string
    assert "Afati i raporteve" not in listing.text  # none is owed before a first meeting
    check = desk.get(f"{address}convene")
    assert check.status_code == 200
    version = desk.hidden("version")
    assert desk.post(f"{address}convene", version=version).status_code == 303
    assert desk.post(f"{address}convene", version=version).status_code == 303  # a double submission
    shown = desk.get(address)
    assert shown.status_code == 200
    assert len(desk.page.select("table tbody tr")) == 4
    with reading(app, scene) as session:
        assert session.scalars(select(Meeting)).one().status == "convened"
        mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "invitation")).all()
        assert len(mails) == 4
        tags = set(session.scalars(select(AuditEntry.tag)))
        assert {"meeting:called", "meeting:agreed", "meeting:convened"} <= tags
    desk.be(scene.police).get(f"/cases/{scene.case_id}/")
    assert desk.page.select_one(f"a[role=button][href='{address}pack']")  # what a member came for
    desk.be(scene.chair)
    for url in (f"{address}prepare", f"{address}convene"):
        assert desk.get(url).status_code == 303
    assert desk.get(f"{address}date").status_code == 409
    assert desk.get(f"{address}change").status_code == 200
    assert desk.get(f"{address}cancel").status_code == 200


@pytest.mark.duty("A8.7")
def test_what_is_sent_with_the_invitation_is_written_before_the_call(
    app: TmrFlask, desk: Desk, scene: Scene
) -> None:
    summary = f"/cases/{scene.case_id}/"
    desk.be(scene.chair).get(summary)
    assert desk.page.select_one(f"a[role=button][href='{scene.base}new']")
    with reading(app, scene) as session:
        for assessment in session.scalars(select(Assessment)):
            assessment.completed_at = None
    desk.get(summary)
    assert desk.page.select_one(f"a[role=button][href='{summary}assessment']")
    assert not desk.page.select_one(f"a[role=button][href='{scene.base}new']")


def test_every_page_of_the_preparation_renders_in_three_languages(
    app: TmrFlask, desk: Desk, scene: Scene
) -> None:
    address = prepared(desk, scene)
    pages = (
        "prepare",
        "date",
        "invitees",
        "guest",
        "agenda",
        "papers",
        "family",
        "family/child",
        "convene",
        "sitting",
    )
    more = ("without-assessment", "no-parent", "cancel")
    for language in ("sq", "sr_Latn", "en"):
        desk.client.set_cookie("tmr_language", language)
        for page in (*pages, *more, ""):
            answer = desk.get(f"{address}{page}")
            assert answer.status_code == 200, (page, answer.text[:600])
            assert scene.number not in desk.page.title.string
        for page in ("", "new", "new-extraordinary"):
            assert desk.get(f"{scene.base}{page}").status_code == 200
        desk.be(scene.head)
        assert desk.get(f"{address}agreement").status_code == 200
        desk.be(scene.police)
        assert desk.get(f"{scene.base}request").status_code == 200
        assert desk.get(address).status_code == 200
        desk.be(scene.chair)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"meeting_on-year": "2025"}, "meeting_on"),  # B06
        ({"meeting_on-day": "31", "meeting_on-month": "2"}, "meeting_on"),
        (
            {"meeting_on-day": "28", "meeting_on-month": "3", "meeting_on-year": "2027", "starts": "02:30"},
            "starts",
        ),  # B07
        (
            {"meeting_on-day": "31", "meeting_on-month": "10", "meeting_on-year": "2027", "starts": "02:30"},
            "starts",
        ),  # B08
        ({"ends": "09:00"}, "ends"),
        ({"room": "", "video_link": ""}, "room"),
        ({"video_link": "javascript:alert(1)"}, "video_link"),
    ],
)
def test_impossible_dates_are_refused_at_the_field(
    app: TmrFlask, desk: Desk, scene: Scene, typed: dict[str, str], field: str
) -> None:
    address = called(desk, scene)
    answer = dated(desk, scene, address, **typed)
    assert answer.status_code == 422
    assert desk.page.select_one(f"#{field}-error") is not None
    assert f'value="{typed.get("starts", "10:00")}"' in answer.text  # what was typed is kept
    with reading(app, scene) as session:
        assert session.scalars(select(Meeting)).one().meeting_on is None


def test_the_doubled_hour_is_asked_for(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    """B08: 31 October 2027, 02:30 comes twice; once chosen it is taken."""
    address = called(desk, scene)
    twice = {"meeting_on-day": "31", "meeting_on-month": "10", "meeting_on-year": "2027", "starts": "02:30"}
    assert dated(desk, scene, address, **(twice | {"starts": ""})).status_code == 422
    assert desk.page.select_one("input[name=fold]") is None  # a missing hour is not a doubled one
    assert dated(desk, scene, address, **twice).status_code == 422
    assert desk.page.select_one("input[name=fold]") is not None
    assert dated(desk, scene, address, fold="1", **twice).status_code == 303
    with reading(app, scene) as session:
        assert session.scalars(select(Meeting)).one().starts_at.hour == 1  # 01:30 UTC is the second 02:30


def test_refusal_shows_article_ways_out_and_apart_the_breach(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    address = prepared(desk, scene)
    with clock.fixed_at(mw.at(date(2026, 11, 15), mw.time(9, 0))):
        desk.get(f"{address}convene")
        assert len(desk.page.select(".tryeza-panel--refused")) == 2
        assert desk.page.select_one("section.tryeza-breach textarea") is not None
        version = desk.hidden("version")
        assert desk.post(f"{address}convene", version=version, late_reason="").status_code == 422
        assert desk.page.select("#late_reason-error"), "at the field"
        with reading(app, scene) as session:
            refused = session.scalars(select(AuditEntry.rule).where(AuditEntry.tag == "rule:refused")).all()
            assert set(refused) == {"A8.3", "A8.7"}
        desk.get(f"{address}convene")
        late = desk.post(
            f"{address}convene", version=desk.hidden("version"), late_reason="Rrezik i menjëhershëm"
        )
        assert late.status_code == 303


def test_direct_post_out_of_order_is_409(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    address = called(desk, scene)
    desk.get(f"{address}date")
    answer = desk.post(f"{address}convene", version=desk.hidden("version"))
    assert answer.status_code == 409
    assert desk.post(f"{address}convene", version="-1").status_code == 400
    assert desk.post(f"{address}ask-agreement").status_code == 409


def test_only_the_case_manager_convenes_and_strangers_see_nothing(
    app: TmrFlask, desk: Desk, scene: Scene
) -> None:
    address = prepared(desk, scene)
    desk.be(scene.police)
    assert desk.get(f"{address}convene").status_code == 403
    assert desk.post(f"{address}convene", version="1").status_code == 403
    assert desk.get(address).status_code == 200
    assert not desk.page.select("table")  # no delivery for members
    desk.be(scene.head)
    assert desk.post(f"{address}convene", version="1").status_code == 403
    desk.be(scene.other)
    for page in ("", "prepare", "convene", "agreement", "family/child"):
        assert desk.get(f"{address}{page}").status_code == 404
    assert desk.get(scene.base).status_code == 404


def test_a_members_request_is_answered_by_the_call(app: TmrFlask, desk: Desk, scene: Scene) -> None:
    desk.be(scene.police).get(f"{scene.base}request")
    once = desk.hidden("once")
    for _ in range(2):
        assert desk.post(f"{scene.base}request", reason="Rrezik i ri", once=once).status_code == 303
    desk.get(scene.base)
    assert len(desk.page.select(".tryeza-panel--due")) == 1
    called(desk, scene)
    desk.get(scene.base)
    assert not desk.page.select(".tryeza-panel--due")


@pytest.mark.parametrize("further", [0, 40])
def test_convening_and_the_meeting_page_take_few_statements(
    app: TmrFlask, desk: Desk, scene: Scene, further: int
) -> None:
    with reading(app, scene) as session:
        mw.crowd_for(session, scene.case_id, further)
    address = prepared(desk, scene)
    desk.get(f"{address}convene")
    with mw.counted(app.engine) as statements:
        assert desk.post(f"{address}convene", version=desk.hidden("version")).status_code == 303
        sent = statements()
    assert len(sent) <= 40, "\n\n".join(sent)
    with mw.counted(app.engine) as statements:
        assert desk.get(address).status_code == 200
        sent = [one for one in statements() if not re.match(r"(BEGIN|COMMIT|SAVEPOINT|RELEASE)", one)]
    assert len(desk.page.select("table tbody tr")) == 4 + further
    assert len(sent) <= 20, "\n\n".join(sent)


@pytest.mark.parametrize(("more", "is_offered"), [((), True), (("asylum_centre",), False)])
def test_going_without_a_representative_is_offered_only_while_none_sits_at_the_table(
    app: TmrFlask, desk: Desk, more: tuple[str, ...], is_offered: bool
) -> None:
    with work(app.engine) as session:
        here = mw.case_world(session, kinds=("police", *more), flags=frozenset({"asylum_seeker"}))
        declaring.seed_texts(session, mw.NOW)
        declare(session, here, here.town.case_manager)
        scene = Scene(here)
    address = called(desk, scene)
    assert desk.be(scene.head).get(address).status_code == 200
    assert bool(desk.page.select("main a[href$='/without-representative']")) is is_offered
    code = desk.page.select_one("h1 .tryeza-whole")
    assert code is not None
    assert code.text in desk.page.select("title")[0].text
