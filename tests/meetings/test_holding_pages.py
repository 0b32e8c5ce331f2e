"""The running meeting through the real application: written, clashed, ended, corrected; in three languages, few statements."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from docx import Document as read_docx
from sqlalchemy import select

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import Person, work
from tmr_app.cases import declaring
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel import clock
from tmr_app.meetings import holding_queries
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.web.app import TmrFlask


class Scene:
    """Ids of a committed running meeting, and browsers of its people."""

    def __init__(self, app: TmrFlask, here: mw.CaseWorld, meeting: Meeting) -> None:
        self.app, self.code, self.number = app, meeting.code, here.case.number
        self.case_id, self.family_id, self.meeting_id = here.case.id, here.case.family_id, meeting.id
        self.mother, self.police = here.mother.id, here.town.members["police"].id
        self.chair, self.assistant = here.town.case_manager.id, here.town.assistant.id
        self.room = here.town.room.id
        self.base = f"/cases/{self.case_id}/meetings/{self.meeting_id}/"

    def browser(self, person_id: UUID) -> SignedIn:
        return SignedIn(self.app, person_id)

    @contextmanager
    def reading(self) -> Iterator[Any]:
        with work(self.app.engine) as session:
            mw.vault.unlock(session, [self.case_id, self.family_id])
            yield session

    def item(self, kind: str = "information") -> tuple[str, int]:
        """Name of the block and its version."""
        with self.reading() as session:
            held = self.held(session)
            row = next(one for one in held.items if one.kind == kind)
            return f"item-{row.id}", row.version

    def held(self, session: Any) -> holding_queries.Held:
        meeting = holding_queries.find(session, self.meeting_id, self.case_id)
        case = session.get_one(mw.Case, self.case_id)
        return holding_queries.load(session, hw.DURING, meeting=meeting, case=case)


def declare(session: Any, here: mw.CaseWorld, person: Person) -> None:
    """Signed and without conflict: the order of disclosure is tested elsewhere."""
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
    for seat in session.scalars(select(Seat).where(Seat.case_id == here.case.id)):
        seat.conflict, seat.conflict_answered_at = False, mw.NOW
    session.flush()


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[TmrFlask]:
    with clock.fixed_at(hw.DURING):
        yield make_app(fresh_database_url)


def scene_of(app: TmrFlask, *, begun: bool = True) -> Scene:
    with work(app.engine) as session:
        build = hw.running if begun else hw.convened
        here, meeting = build(session, with_family=True)
        declaring.seed_texts(session, mw.NOW)
        for person in (here.town.case_manager, *here.town.members.values()):
            declare(session, here, person)
        return Scene(app, here, meeting)


@pytest.fixture
def scene(app: TmrFlask) -> Scene:
    return scene_of(app)


def test_the_whole_way(app: TmrFlask) -> None:
    scene = scene_of(app, begun=False)
    chair = scene.browser(scene.chair)
    assert chair.get(scene.base + "running").location.endswith("/start")
    assert chair.get(scene.base + "start").status_code == 200
    assert chair.post(scene.base + "start", hidden=False).status_code == 303
    assert chair.get(scene.base + "running").status_code == 200
    block, version = scene.item()
    answer = chair.post(
        f"{scene.base}running/text/{block}",
        hidden=False,
        discussion="DiskutimKanarine",
        decision="VendimKanarine",
        version=version,
        merged="",
    )
    assert answer.status_code == 303
    assert answer.location.endswith(f"#{block}")
    chair.get(scene.base + "running")
    assert "DiskutimKanarine" in chair.one(f"#{block}-discussion").text
    assert chair.post(scene.base + "running/agenda", hidden=False, note="Njëzëri").status_code == 303
    answer = chair.post(scene.base + "running/agenda/add", hidden=False, title="Transporti")
    assert answer.status_code == 303
    names = [str(one["name"]) for one in chair.page.select("#attendance input, #attendance select")]
    values = {name: "" for name in names if name.startswith("rows-")}
    for one in chair.page.select("#attendance input[type=hidden]"):
        values[str(one["name"])] = str(one["value"])
    values = {name: value for name, value in values.items() if name.startswith("rows-")}
    answer = chair.post(scene.base + "running/attendance", hidden=False, rest_present="y", **values)
    assert answer.status_code == 303, answer.text
    views = {"views": "FjaletEFemijesKanarine", "no_views_reason": "", "considered": "Po", "merged": ""}
    for name in ("views-child", f"views-{scene.mother}"):
        field = chair.page.select_one(f"#{name}-version")
        answer = chair.post(
            f"{scene.base}running/text/{name}",
            hidden=False,
            version=str(field["value"]),
            **views,
        )
        assert answer.status_code == 303, answer.text
    answer = chair.post(scene.base + "running/risk", hidden=False, level="medium", reason="Bashkëpunim")
    assert answer.status_code == 303
    following = {
        "meeting_on-day": "15",
        "meeting_on-month": "12",
        "meeting_on-year": "2026",
        "starts": "10:00",
    }
    answer = chair.post(
        scene.base + "running/next",
        hidden=False,
        purpose="review",
        ends="11:00",
        room=str(scene.room),
        video_link="",
        **following,
    )
    assert answer.status_code == 303, answer.text
    assert chair.get(scene.base + "end").status_code == 200
    assert chair.post(scene.base + "end", hidden=False).location.endswith("/minutes")
    assert chair.get(scene.base + "running").location.endswith("/minutes")
    assert chair.get(scene.base + "minutes").status_code == 200
    assert "DiskutimKanarine" in chair.text
    member = scene.browser(scene.police)
    assert member.get(scene.base + "minutes").status_code == 200
    for name, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        link = member.page.select_one(f'a[href*="/documents/made/minutes/"][href$=".{name}"]')
        assert link is not None
        file = member.get(str(link["href"]))
        assert file.status_code == 200
        assert file.data.startswith(start)
        assert '"minutes-' in file.headers["Content-Disposition"]
        member.get(scene.base + "minutes")
    shown = read_docx(io.BytesIO(file.data))
    assert "Transporti" in "\n".join(one.text for one in shown.paragraphs)
    with scene.reading() as session:
        held = scene.held(session)
        assert {
            one.duty
            for one in holding_queries.missing(holding_queries.verdicts(session, held, mw.MEETING_ON))
        } == {
            "A10.4",
            "A6.1.5",
        }


def test_steps_out_of_order_are_409(app: TmrFlask) -> None:
    scene = scene_of(app, begun=False)
    chair = scene.browser(scene.chair)
    block, version = scene.item()
    text = {"discussion": "x", "decision": "", "version": version, "merged": ""}
    deeds: dict[str, dict[str, Any]] = {
        f"running/text/{block}": text,
        f"minutes/text/{block}": text,
        "running/agenda": {"note": ""},
        "running/agenda/add": {"title": "x"},
        "running/risk": {"level": "low", "reason": "x"},
        "running/attendance": {},
        "end": {},
    }
    for path, values in deeds.items():
        assert chair.post(scene.base + path, hidden=False, **values).status_code == 409, path
    assert chair.get(scene.base + "minutes").status_code == 409
    chair.post(scene.base + "start", hidden=False)
    chair.post(scene.base + "end", hidden=False)
    del deeds[f"minutes/text/{block}"], deeds["end"]
    for path, values in deeds.items():
        assert chair.post(scene.base + path, hidden=False, **values).status_code == 409, path
    assert chair.post(scene.base + "start", hidden=False).status_code == 409
    assert chair.post(scene.base + "end", hidden=False).status_code == 303  # a double submission
    with scene.reading() as session:
        assert session.scalars(select(Minutes.version)).all() == [1]


def test_two_writers_get_both_texts_and_finish(scene: Scene) -> None:
    block, version = scene.item()
    path = f"{scene.base}running/text/{block}"
    chair, second = scene.browser(scene.chair), scene.browser(scene.chair)
    seen = {"version": version, "merged": "", "decision": ""}
    assert chair.post(path, hidden=False, discussion="Teksti i parë", **seen).status_code == 303
    answer = second.post(path, hidden=False, discussion="Teksti i dytë", **seen)
    assert answer.status_code == 409
    shown = [one.get_text(" ", strip=True) for one in second.page.select(".tryeza-side")]
    assert any("Teksti i parë" in one for one in shown)
    assert any("Teksti i dytë" in one for one in shown)
    area = second.page.select_one("textarea[name=discussion]")
    assert area is not None
    assert {"Teksti i parë", "Teksti i dytë"} <= set(area.text.strip().splitlines())
    # left without finishing: the page offers the kept text again
    second.get(scene.base + "running")
    assert second.page.select_one(f'a[href$="text/{block}/both"]') is not None
    assert second.get(f"{path}/both").status_code == 200
    answer = second.post(path, discussion="Teksti i parë dhe i dytë", decision="")
    assert answer.status_code == 303, answer.text
    assert second.get(f"{path}/both").status_code == 303
    second.get(scene.base + "running")
    assert "dhe i dytë" in second.one(f"#{block}-discussion").text


def test_the_script_gets_one_line(scene: Scene) -> None:
    block, version = scene.item()
    path, chair = f"{scene.base}running/text/{block}", scene.browser(scene.chair)
    chair.get(scene.base + "running")
    token = chair.one("input[name=csrf_token]")["value"]

    def send(discussion: str, version: int) -> Any:
        data = {
            "csrf_token": token,
            "discussion": discussion,
            "decision": "",
            "version": version,
            "merged": "",
        }
        return chair.client.post(path, data=data, headers={"X-Autosave": "1"})

    answer = send("një", version)
    assert answer.status_code == 200
    assert f'data-version="{version + 1}"' in answer.text
    assert "<html" not in answer.text
    answer = send("dy", version)
    assert answer.status_code == 409
    assert 'data-state="both"' in answer.text
    assert f"{path}/both" in answer.text
    answer = send("x" * 20_001, version + 1)
    assert answer.status_code == 422
    assert 'data-state="refused"' in answer.text
    with scene.reading() as session:
        row = next(one for one in scene.held(session).items if one.kind == "information")
        assert row.discussion == "një"


def test_two_writers_of_the_attendance(scene: Scene) -> None:
    chair = scene.browser(scene.chair)
    with scene.reading() as session:
        one = scene.held(session).attendees()[1].invitation.id
    line = {"rows-0-invitation": str(one), "rows-0-version": "0", "rows-0-reason": ""}
    path = scene.base + "running/attendance"
    chair.get(scene.base + "running")
    assert chair.post(path, hidden=False, **line, **{"rows-0-presence": "present"}).status_code == 303
    answer = chair.post(path, hidden=False, **line, **{"rows-0-presence": "absent"})
    assert answer.status_code == 409
    answer = chair.post(path, **{"rows-0-presence": "absent", "rows-0-reason": ""})
    assert answer.status_code == 303, answer.text
    line["rows-0-version"] = "2"
    answer = chair.post(path, hidden=False, **line, **{"rows-0-presence": "absent_with_reason"})
    assert answer.status_code == 422  # the reason is missing, and said at the person's line
    assert chair.page.select_one("#rows-0-error") is not None


def test_a_correction_after_the_end_makes_a_version(scene: Scene) -> None:
    chair = scene.browser(scene.chair)
    chair.get(scene.base + "running")
    chair.post(scene.base + "end", hidden=False)
    assert chair.get(scene.base + "minutes/correct").status_code == 200
    block, version = scene.item()
    path = f"{scene.base}minutes/text/{block}"
    answer = chair.post(path, hidden=False, discussion="Korrigjuar", decision="", version=version, merged="")
    assert answer.status_code == 303
    chair.get(scene.base + "minutes")
    assert "Korrigjuar" in chair.text
    with scene.reading() as session:
        made = {row.version: row.id.hex for row in session.scalars(select(Minutes))}
        assert sorted(made) == [1, 2]
    first = chair.page.select_one(f'a[href$="-{made[1]}.docx"]')
    assert first is not None
    words = "\n".join(
        one.text for one in read_docx(io.BytesIO(chair.get(str(first["href"])).data)).paragraphs
    )
    assert "Korrigjuar" not in words


def test_who_may(scene: Scene) -> None:
    member, stranger = scene.browser(scene.police), None
    for path in ("running", "start", "end", "minutes/correct"):
        assert member.get(scene.base + path).status_code == 403, path
    assert member.post(scene.base + "end", hidden=False).status_code == 403
    with work(scene.app.engine) as session:
        stranger = mw.world.person(session, "I huaj").id
    assert scene.browser(stranger).get(scene.base + "minutes").status_code == 404


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_pages_speak_and_take_few_statements(scene: Scene, language: str) -> None:
    with scene.reading() as session:
        session.get_one(Person, scene.chair).language = language
    chair = scene.browser(scene.chair)
    chair.get(scene.base + "running")
    for path in ("running", "end"):
        with mw.counted(scene.app.engine) as statements:
            assert chair.get(scene.base + path).status_code == 200
            sent = statements()
        assert len(sent) <= 20, "\n".join(sent)
        title = chair.page.title.text if chair.page.title else ""
        assert not [one for one in (*mw.CANARIES, scene.number) if one in title]
    chair.post(scene.base + "end", hidden=False)
    for path in ("minutes", "minutes/correct"):
        with mw.counted(scene.app.engine) as statements:
            assert chair.get(scene.base + path).status_code == 200
            sent = statements()
        assert len(sent) <= 20, "\n".join(sent)


def test_the_list_to_sign_is_there_before_the_meeting(app: TmrFlask) -> None:
    scene = scene_of(app, begun=False)
    chair = scene.browser(scene.chair)
    chair.get(scene.base)
    file = chair.get(str(chair.one("a[href*='/documents/made/attendance/'][href$='.pdf']")["href"]))
    assert file.status_code == 200
    assert file.data.startswith(b"%PDF")
    assert '"attendance-' in file.headers["Content-Disposition"]
