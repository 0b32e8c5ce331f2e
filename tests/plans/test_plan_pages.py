"""The plan's pages through the real application: begun, written by two at once, adopted, told of, judged, answered."""

import io
from datetime import date, timedelta
from uuid import UUID

import pytest
from docx import Document as read_docx
from sqlalchemy import select

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_world as pw
from tests.fixtures.world import work
from tests.meetings.test_holding_pages import declare
from tests.plans.scene import Scene
from tmr_app.cases import declaring
from tmr_app.kernel import clock
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person
from tmr_app.oversight import action_tally
from tmr_app.plans import adopting, drafting, editing, queries, requesting
from tmr_app.plans.models import Action, SuperiorNotice
from tmr_app.regulation.annex1 import annex_part
from tmr_app.web.app import TmrFlask


def test_from_the_draft_to_the_adopted_plan(scene: Scene) -> None:
    chair, member = scene.browser(scene.chair), scene.browser(scene.police)
    assert "nuk ka miratuar plan" in chair.get(scene.base).text
    assert chair.get(scene.base + "/draft").status_code == 303
    assert chair.post(scene.base + "/draft/begin", hidden=False).status_code == 303
    draft = chair.get(scene.base + "/draft")
    assert "QellimKanarine" in draft.text
    action = scene.one(Action)
    address = f"{scene.base}/draft/actions/{action.id}"
    assert chair.get(address).status_code == 200
    values = scene.action_values(version=1)
    answer = chair.post(address, hidden=False, **values)
    assert answer.status_code == 303, answer.text
    assert chair.get(scene.base + "/draft/adopt").status_code == 200
    assert "Neni 6, paragrafi 1, nën-paragrafi 1.6" in chair.text
    assert chair.post(scene.base + "/draft/ask", hidden=False).status_code == 303
    said = {"kind": "proposal", "about": "", "text": "PropozimiIAnetarit", "once": "nj" * 10}
    assert member.post(scene.base + "/comments", hidden=False, **said).status_code == 303
    assert "PropozimiIAnetarit" in chair.get(scene.base + "/draft").text
    page = chair.get(scene.base + "/draft/adopt")
    assert page.status_code == 200
    answer = chair.post(scene.base + "/draft/adopt", meeting=str(scene.meeting_id))
    assert answer.status_code == 303, answer.text
    assert "versioni 1" in chair.get(scene.base).text
    shown = member.get(scene.base)
    assert "Veprimet tuaja" in shown.text
    link = member.page.select_one("main li a[href*='/plan/actions/']")
    assert link is not None
    address, _, place = str(link["href"]).partition("#")
    member.get(address)
    assert member.page.find(id=place), "the link leads to where it is told"
    assert scene.number not in str(member.page.title)


@pytest.mark.duty("A5.1.3")
def test_without_a_meeting_the_page_names_the_article_and_the_way_out(app: TmrFlask) -> None:
    with work(app.engine) as session:
        here, meeting = hw.running(session)
        declaring.seed_texts(session, mw.NOW)
        declare(session, here, here.town.case_manager)
        pw.fill(session, here, pw.draft(session, here))
        drafting.ask_comments(session, here.town.case_manager, hw.DURING, case=here.case)
        meeting.status = "convened"
        scene = Scene(app, here, meeting.id)
    chair = scene.browser(scene.chair)
    page = chair.get(scene.base + "/draft/adopt")
    assert "Neni 5, paragrafi 1, nën-paragrafi 1.3" in page.text
    assert f'href="/cases/{scene.case_id}/meetings/">Miratojeni në takim' in page.text
    assert 'name="meeting"' not in page.text
    with scene.reading() as session:
        session.get_one(Meeting, scene.meeting_id).status = "running"
    page = chair.get(scene.base + "/draft/adopt")
    assert "Neni 5, paragrafi 1, nën-paragrafi 1.3" not in page.text
    assert 'name="meeting"' in page.text


@pytest.mark.duty("A5.1.4", "A5.1.5", "A13.3", "A14.1", "A14.2", "A19")
@pytest.mark.parametrize(("day", "late"), [(pw.PLANNED_ON, False), (pw.PLANNED_ON + timedelta(days=1), True)])
def test_the_plan_page_says_what_the_rules_say(in_force: Scene, day: date, late: bool) -> None:
    """The border is the planned date: the same words as the ledger's rows."""
    with in_force.reading() as session:
        action = pw.actions(session, queries.current_version(session, in_force.case_id))[0]
        action.others, key = "Organizatë ndërkombëtare", action.action_key
        for one in session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "plan_sent")):
            one.state, one.accepted_at = "accepted", hw.DURING
    with clock.fixed_at(pw.on(day)):
        chair = in_force.browser(in_force.chair)
        text = " ".join(chair.get(in_force.base).text.split())
        told = chair.get(f"{in_force.base}/actions/{key}").text
    words = "Me vonesë: 2 nga 2." if late else "Kryer: 0 nga 2."
    assert words in text
    for article in ("Neni 14, paragrafi 1", "Neni 5, paragrafi 1, nën-paragrafi 1.4", "nën-paragrafi 1.5"):
        assert article in text
    assert "Neni 13, paragrafi 3" in text
    assert "Neni 19" in text
    assert "Neni 14, paragrafi 2" in told
    assert ("Nuk është kryer. Afati ishte" if late else "Ende e hapur. Afati") in told


@pytest.mark.duty("A16")
def test_the_head_is_shown_the_plan_nobody_looked_at(in_force: Scene) -> None:
    """On the case's page and beside its visits, until the head has looked; the case manager is not told so."""
    head, chair = in_force.browser(in_force.here.town.head.id), in_force.browser(in_force.chair)
    case, words = f"/cases/{in_force.case_id}", "ende nuk e ka shikuar këtë plan"
    assert words in head.get(f"{case}/visits").text
    assert f'href="{case}/visits">' in head.get(f"{case}/").text
    assert "Neni 16" in head.text
    assert words not in chair.get(f"{case}/visits").text
    head.get(f"{case}/visits")
    answer = head.post(f"{case}/supervision", note="Puna ecën", kind="looked")
    assert answer.status_code == 303, answer.text
    assert words not in head.get(f"{case}/visits").text


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_a_member_opens_the_page_to_say_something(in_force: Scene, language: str) -> None:
    with in_force.reading() as session:
        session.get_one(Person, in_force.police).language = language
    page = in_force.browser(in_force.police).get(in_force.base + "/comments")
    assert page.status_code == 200
    assert f'lang="{language.replace("_", "-")}"' in page.text


def test_two_writers_meet_and_finish(scene: Scene) -> None:
    """409 with both texts and one form that holds every word; what lost is offered again until it is merged."""
    chair, assistant = scene.browser(scene.chair), scene.browser(scene.chair)
    chair.post(scene.base + "/draft/begin", hidden=False)
    address = f"{scene.base}/draft/actions/{scene.one(Action).id}"
    assert chair.post(address, hidden=False, **scene.action_values(version=1)).status_code == 303
    mine = scene.action_values(version=1, measure="Fjalët e tjetrit", notes="Shënim")
    answer = assistant.post(address, hidden=False, **mine)
    assert answer.status_code == 409
    assert "Vizitë çdo javë" in answer.text
    assert "Fjalët e tjetrit" in answer.text
    both = assistant.page.select_one("textarea[name=measure]")
    assert both is not None
    assert "Vizitë çdo javë" in both.text
    assert "Fjalët e tjetrit" in both.text
    assert "Fjalët e tjetrit" in assistant.get(address).text  # left and opened again
    field = assistant.page.select_one("input[name=version]")
    assert field is not None
    final = scene.action_values(version=str(field["value"]), measure="Të dyja", merged="yes")
    assert assistant.post(address, hidden=False, **final).status_code == 303
    assert scene.one(Action).revision == 3
    assert "Fjalët e tjetrit" not in assistant.get(address).text


def test_the_script_hears_what_became_of_it(scene: Scene) -> None:
    chair = scene.browser(scene.chair)
    chair.post(scene.base + "/draft/begin", hidden=False)
    address = f"{scene.base}/draft/actions/{scene.one(Action).id}"
    chair.get(address)
    token = chair.page.select_one("input[name=csrf_token]")
    assert token is not None
    sent = {"csrf_token": token["value"], **scene.action_values(version=1)}
    header = {"X-Autosave": "1"}
    answer = chair.client.post(address, data=sent, headers=header)
    assert (answer.status_code, 'data-version="2"' in answer.text) == (200, True)
    stale = chair.client.post(address, data={**sent, "measure": "tjetër"}, headers=header)
    assert (stale.status_code, 'data-state="both"' in stale.text) == (409, True)
    late = {**sent, "version": "2", "planned_on-year": "2025"}
    assert chair.client.post(address, data=late, headers=header).status_code == 422


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"status": "done", "note": ""}, 303),
        ({"status": "in_process", "note": "Takim me nënën të enjten."}, 303),
        ({"status": "not_done", "note": ""}, 422),
        ({"status": "", "note": "x"}, 422),
        ({"status": "overdue", "note": "x"}, 400),
        ({"status": "done", "note": "<script>alert(1)</script>=1+1"}, 303),
        ({"status": "in_process", "note": "a" * 10_000}, 303),
        ({"status": "in_process", "note": "a" * 10_001}, 422),
    ],
)
def test_a_member_updates_an_own_action(in_force: Scene, sent: dict[str, str], status: int) -> None:
    scene, member = in_force, in_force.browser(in_force.police)
    assert "VeprimKanarine" in member.get("/own-actions").text
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    other = scene.one(Action, Action.seat_id == scene.seats["school"])
    address = f"{scene.base}/actions/{own.action_key}"
    assert member.get(address).status_code == 200
    assert member.page.select_one("label[for=note]").get_text(strip=True) == "Çfarë është bërë, çfarë mungon"
    assert "nuk është kryer" in member.page.select_one("#note-hint").get_text()
    blank = {f"done_on-{part}": "" for part in ("day", "month", "year")}
    answer = member.post(address + "/update", hidden=False, once="nj" * 10, **blank, **sent)
    assert answer.status_code == status
    if status == 422 and len(sent["note"]) < 100:
        assert sent["note"] in answer.text
    if status == 303:
        assert answer.headers["Location"].endswith("#main-content"), (
            "where the answer stands, not at the form"
        )
        shown = member.get(address).text
        assert "<script>alert" not in shown
        refused = member.post(
            f"{scene.base}/actions/{other.action_key}/update", hidden=False, once="tj" * 10, **blank, **sent
        )
        assert refused.status_code == 403


def test_the_case_manager_records_for_a_member(in_force: Scene) -> None:
    scene, chair = in_force, in_force.browser(in_force.chair)
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    address = f"{scene.base}/actions/{own.action_key}"
    blank = {f"done_on-{part}": "" for part in ("day", "month", "year")}
    sent = {"status": "in_process", "note": "Me telefon", "once": "nj" * 10, **blank}
    assert chair.post(address + "/update", hidden=False, **sent).status_code == 303
    assert "e shënoi menaxheri i rastit" in chair.get(address).text


def test_an_objection_is_answered(in_force: Scene) -> None:
    scene, member, chair = in_force, in_force.browser(in_force.police), in_force.browser(in_force.chair)
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    address = f"{scene.base}/actions/{own.action_key}/object"
    answer = member.post(address, hidden=False, text="Jashtë mandatit tonë", once="nj" * 10)
    assert answer.status_code == 303
    assert "Jashtë mandatit tonë" in chair.get(scene.base).text
    block = chair.page.select_one("section[id^=comment-]")
    assert block is not None
    comment_id = str(block["id"]).removeprefix("comment-")
    answered = chair.post(
        f"{scene.base}/comments/{comment_id}/answer", hidden=False, text="Ia japim shkollës"
    )
    assert answered.status_code == 303
    assert "Ia japim shkollës" in member.get(scene.base).text


def test_the_letter_from_the_offer_to_the_answer(in_force: Scene) -> None:
    """Offered after two reminders; printed without a word of the case; answered by the superior on an own page."""
    scene = in_force
    late = pw.PLANNED_ON + timedelta(days=5)
    with scene.reading() as session:
        for days in (-7, -1, 1, 4):
            requesting.ask(session, pw.on(pw.PLANNED_ON + timedelta(days=days)))
            session.flush()
    with clock.fixed_at(pw.on(late)):
        chair = scene.browser(scene.chair)
        listed = chair.get(scene.base + "/cooperation")
        assert listed.status_code == 200
        judge = f"{scene.base}/cooperation/{scene.seats['police']}"
        assert chair.get(judge).status_code == 200
        until = {"answer_by_on-day": "31", "answer_by_on-month": "12", "answer_by_on-year": "2026"}
        letter = {"way": "paper", "language": "sr", "once": "nj" * 10, **until}
        assert chair.post(judge + "/letter", hidden=False, **letter).status_code == 303
        notice = scene.one(SuperiorNotice)
        chair.get(scene.base + "/cooperation")
        made = chair.client.get(str(chair.one("main a[href$='docx']")["href"]))
        text = "\n".join(one.text for one in read_docx(io.BytesIO(made.data)).paragraphs)
        for secret in (scene.number, scene.child, "VeprimKanarine", "SherbimKanarine"):
            assert secret not in text
        assert "14" in text
        answer = chair.post(
            f"{scene.base}/cooperation/notices/{notice.id}/answer", hidden=False, answer="Me telefon: po."
        )
        assert answer.status_code == 303
        assert "Me telefon: po." in chair.get(scene.base + "/cooperation").text


@pytest.mark.parametrize("language", ["sq", "sr", "en"])
def test_the_paper_has_the_annexs_columns(in_force: Scene, language: str) -> None:
    scene, chair = in_force, in_force.browser(in_force.chair)
    with scene.reading() as session:
        version = queries.current_version(session, scene.case_id)
        assert version
        key = version.id.hex
    address = f"/cases/{scene.case_id}/documents/made/unified-plan/{key}.docx?language={language}"
    made = chair.client.get(address)
    assert made.status_code == 200
    paper = read_docx(io.BytesIO(made.data))
    heads = [cell.text for table in paper.tables for cell in table.rows[0].cells]
    words = " ".join(heads).lower()
    for label in annex_part(7):
        if label.kind == "column" and label.key in ("services", "institutions", "planned_on", "notes"):
            stem = label.text(language).lower().split()[0][:5]
            assert stem in words, (label.key, heads)
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    assert "VeprimKanarine" in cells


def test_versions_side_by_side(in_force: Scene) -> None:
    scene, chair = in_force, in_force.browser(in_force.chair)
    nothing = chair.get(scene.base + "/versions/compare")
    assert nothing.status_code == 200
    assert "Nevojiten dy" in nothing.text  # one version is no fault of the reader's
    with scene.reading() as session:
        here = scene.here
        case = session.get_one(mw.Case, scene.case_id)
        manager = session.get_one(mw.Person, scene.chair)
        draft = drafting.next_version(session, manager, hw.DURING, case=case)
        row = pw.actions(session, draft)[0]
        editing.save_action(
            session, manager, hw.DURING, case=case, action_id=row.id, revision=row.revision,
            data=pw.action_data(here, measure="Fjalë të reja"),
        )  # fmt: skip
        draft.changes = "Pse ndryshoi"
        drafting.ask_comments(session, manager, hw.DURING, case=case)
        session.flush()
        adopting.adopt(
            session, manager, hw.DURING, case=case, meeting_id=scene.meeting_id,
            revisions=adopting.count_revisions(session, draft),
        )  # fmt: skip
    page = chair.get(scene.base + "/versions/compare").text
    assert "Pse ndryshoi" in page
    (changed,) = chair.page.select(
        "main section.tryeza-panel table tbody tr"
    )  # only what differs, side by side
    assert "VeprimKanarine" in changed.select("td")[0].get_text()
    assert "Fjalë të reja" in changed.select("td")[1].get_text()
    folded = chair.page.select_one("main details")
    assert folded is not None
    assert "Fjalë të reja" not in folded.get_text()  # what differs is read first, the rest is one step away
    assert folded.select("section.tryeza-panel")
    assert chair.get(scene.base + "/versions/1").status_code == 200
    assert "i pandryshuar që atëherë" in chair.text
    assert chair.get(scene.base + "/versions/9").status_code == 404
    assert chair.get(scene.base + "/versions/compare?left=x&right=2").status_code == 200


def test_statements_do_not_grow_with_the_plan(in_force: Scene) -> None:
    scene, chair = in_force, in_force.browser(in_force.chair)
    counts = []
    chair.get(scene.base)
    for size in (2, 20):
        with scene.reading() as session:
            version = queries.current_version(session, scene.case_id)
            rows = pw.actions(session, version) if version else []
            for number in range(len(rows), size):
                first = rows[0]
                session.add(
                    Action(
                        case_id=first.case_id, version_id=first.version_id, objective_id=first.objective_id,
                        action_key=UUID(int=number + 1), position=number, seat_id=first.seat_id,
                        planned_on=date(2026, 12, 1), edited_at=hw.DURING, edited_by_id=scene.chair,
                        measure="x", service="y",
                    )
                )  # fmt: skip
            action_tally.refresh(session, [scene.case_id])
        with mw.counted(scene.app.engine) as seen:
            assert chair.get(scene.base).status_code == 200
            counts.append(len(seen()))
    assert counts[0] == counts[1] <= 20


def test_a_members_word_costs_the_deed_and_its_case_no_more(in_force: Scene) -> None:
    scene, member = in_force, in_force.browser(in_force.police)
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    blank = {f"done_on-{part}": "" for part in ("day", "month", "year")}
    told = {"status": "in_process", "note": "Takim.", "once": "nj" * 10, **blank}
    member.get(f"{scene.base}/actions/{own.action_key}")
    with mw.counted(scene.app.engine) as seen:
        answer = member.post(f"{scene.base}/actions/{own.action_key}/update", hidden=False, **told)
    assert answer.status_code == 303
    sent = [one for one in seen() if not one.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA"))]
    assert len(sent) <= 25, "\n".join(one[:90] for one in sent)


def test_the_plan_is_one_line_an_action(in_force: Scene) -> None:
    """Number, measure, service; whose; until when; how it stands. The rest is one step away."""
    scene, chair = in_force, in_force.browser(in_force.chair)
    chair.get(scene.base)
    rows = chair.page.select("main table tbody tr")
    assert len(rows) == 2
    own = scene.one(Action, Action.seat_id == scene.seats["police"])
    (link,) = [one for one in chair.page.select("main table th a") if str(own.action_key) in str(one["href"])]
    line = link.find_parent("tr")
    assert line is not None
    text = line.get_text(" ", strip=True)
    for part in ("VeprimKanarine", "SherbimKanarine", "në proces"):
        assert part in text
    assert chair.get(str(link["href"])).status_code == 200


def test_who_got_the_plan_has_a_page_and_so_has_the_word_on_it(in_force: Scene) -> None:
    scene, chair, member = in_force, in_force.browser(in_force.chair), in_force.browser(in_force.police)
    assert chair.get(scene.base + "/sent").status_code == 200
    assert member.get(scene.base + "/sent").status_code in (403, 404)
    assert member.get(scene.base + "/comments").status_code == 200
    words = {"kind": "proposal", "about": "", "once": "nj" * 10}
    assert member.post(scene.base + "/comments", hidden=False, text="", **words).status_code == 422
    assert member.post(scene.base + "/comments", hidden=False, text="FjalaIme", **words).status_code == 303
    assert "FjalaIme" in chair.get(scene.base).text
