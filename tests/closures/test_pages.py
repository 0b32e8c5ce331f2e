"""The pages of closing, transfer and retention: direct POSTs out of order, each ground, what the other Centre sees."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from tests.closures.stage import Stage, at
from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.web.test_every_page_renders import missing_messages
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures.models import Closing
from tmr_app.kernel.audit import AuditEntry
from tmr_app.members.models import Person
from tmr_app.web.app import TmrFlask

AFTER = datetime(2031, 11, 18, 10, 0, tzinfo=UTC)


A17_3 = "eni 17, paragrafi 3"
"""As it begins a line or stands in a sentence."""
POSTS: dict[str, dict[str, Any]] = {
    "/opinions/child": {"version": "0", "no_opinion_reason": "x"},
    "/meeting": {"once": "k" * 20},
    "/decision": {"answer": "closes"},
    "/form": {},
    "/end": {},
    "/transfer": {"reason": "x", "once": "k" * 20},
}  # fmt: skip


@pytest.mark.duty("A17.3")
@pytest.mark.parametrize("step", ["", "recommended"])
def test_a17_3_a_direct_post_out_of_order_is_409_and_names_the_article(bare_app: TmrFlask, step: str) -> None:
    with at():
        stage = Stage(bare_app, step)
        manager, head = stage.sit("manager"), stage.sit("head")
        for path, values in POSTS.items():
            if step and path.startswith("/opinions"):
                continue
            answer = manager.post(stage.base + path, hidden=False, **values)
            assert answer.status_code == 409, path
            assert A17_3 in manager.text, path
        answer = head.post(stage.base + "/approval", hidden=False, version="1", answer="approved")
        assert answer.status_code == 409
        assert A17_3 in head.text
        assert stage.case().status == "open"


LATER_POSTS = {
    "heard": ("/meeting", "/decision", "/form", "/end"),
    "approved": ("/decision", "/form", "/end"),
    "called": ("/decision", "/form", "/end"),
    "convened": ("/decision", "/form", "/end"),
    "held": ("/form", "/end"),
    "decided": ("/form", "/end"),
    "minutes": ("/end",),
    "form": ("/end",),
}
"""After each step, what must not be done yet."""


@pytest.mark.duty("A17.3")
def test_a17_3_no_later_step_can_be_posted_before_its_time(bare_app: TmrFlask) -> None:
    """One case is brought forward step by step; at each the later ones are tried."""
    with at():
        stage = Stage(bare_app, "recommended")
        manager = stage.sit("manager")
        for step, later in LATER_POSTS.items():
            with work(bare_app.engine) as session:
                cw.WAY[step](session, stage.ending(session))
            for path in later:
                answer = manager.post(stage.base + path, hidden=False, **POSTS[path])
                assert answer.status_code == 409, (step, path)
                assert A17_3 in manager.text, (step, path)
            assert stage.case().status == "open"


WRITTEN_OF_AGE = {"services_needed": "yes", "after_eighteen": "Strehim i mbështetur"}


@pytest.mark.duty("A17.3")
def test_a17_3_refusals_keep_the_text_and_name_the_article(bare_app: TmrFlask) -> None:
    with at(mw.NOW):
        stage = Stage(bare_app)
        manager = stage.sit("manager")
        manager.get(f"{stage.base}/assessment?ground=of_age")
        written = {"assessment": "Ruhet", "best_interest": "Interesi", **WRITTEN_OF_AGE}
        answer = manager.post(f"{stage.base}/assessment", **written)
        assert answer.status_code == 422
        assert "Neni 17, paragrafi 3" in manager.text
        assert manager.page.select_one("textarea[name=assessment]").get_text(strip=True) == "Ruhet"
        forged = {**written, "version": "0", "ground": "other_circumstances"}
        assert manager.post(f"{stage.base}/assessment", hidden=False, **forged).status_code == 400
        forged = {**written, "version": "0", "ground": "of_age", "approved_at": "2026-11-02"}
        assert manager.post(f"{stage.base}/assessment", hidden=False, **forged).status_code == 400
        with work(bare_app.engine) as session:
            assert session.scalar(select(Closing.id).where(Closing.case_id == stage.case_id)) is None


@pytest.mark.duty("A17.3", "A17.5")
def test_a17_3_from_the_decision_to_a_read_only_dossier(bare_app: TmrFlask) -> None:
    with at():
        stage = Stage(bare_app, "signed")
        manager = stage.sit("manager")
        for page in ("", "/form", "/end", "/assessment", "/opinions"):
            assert manager.get(stage.base + page).status_code == 200, page
        manager.get(stage.base)
        files = {
            str(one["href"]) for one in manager.page.select("main a[href$='.pdf'], main a[href$='.docx']")
        }
        assert len(files) == 6, "the form and two notices, each in two formats"
        for address in files:
            answer = manager.get(address)
            assert answer.status_code == 200
            assert "Kanar" not in answer.headers["Content-Disposition"]
        manager.get(stage.base + "/end")
        assert manager.post(stage.base + "/end").status_code == 303
        assert stage.case().status == "closed"
        assert manager.get(stage.base).status_code == 200
        assert manager.get(f"/cases/{stage.case_id}/child").status_code == 403, "read-only"
        assert manager.get(f"/cases/{stage.case_id}/").status_code == 200
        head = stage.sit("head")
        assert head.get(stage.base + "/reopen").status_code == 200
        assert head.post(stage.base + "/reopen", reason="Rrezik i ri").status_code == 303
        assert stage.case().status == "open"


@pytest.mark.duty("A17.3")
def test_a17_3_3_the_other_head_sees_the_offer_and_nothing_else(bare_app: TmrFlask) -> None:
    with at():
        stage = Stage(bare_app, offered=True)
        assert stage.to
        other = SignedIn(bare_app, stage.to["head"])
        assert other.get("/transfers").status_code == 200
        assert stage.number in other.text
        offer = f"/cases/{stage.case_id}/transfer-offer"
        assert other.get(offer).status_code == 200
        assert "ArsyeBartjeKanarine" in other.text
        seen = other.text
        assert not [
            word for word in (*cw.CANARIES, *mw.CANARIES) if word in seen and word != "ArsyeBartjeKanarine"
        ]
        for page in (
            "/",
            "/closing",
            "/table",
            "/assessment",
            "/timeline",
            "/closing/assessment",
            "/retention",
        ):
            assert other.get(f"/cases/{stage.case_id}{page}").status_code == 404, page
        assert other.get("/").status_code in (200, 303)
        other.get(offer)
        assert other.post(f"{offer}/refuse", answer="").status_code == 422
        other.get(offer)
        assert other.post(f"{offer}/refuse", answer="PergjigjeKanarine").status_code == 303
        assert other.get(offer).status_code == 404
        manager = stage.sit("manager")
        assert manager.get(stage.base).status_code == 200
        assert "PergjigjeKanarine" in manager.text


@pytest.mark.duty("A17.3")
def test_a17_3_3_accepted_the_old_table_is_outside_at_once(bare_app: TmrFlask) -> None:
    with at():
        stage = Stage(bare_app, offered=True)
        assert stage.to
        other, manager, head = SignedIn(bare_app, stage.to["head"]), stage.sit("manager"), stage.sit("head")
        assert manager.get(stage.base + "/transfer").status_code == 200
        offer = f"/cases/{stage.case_id}/transfer-offer"
        other.get(offer)
        assert (
            other.post(
                f"{offer}/accept", hidden=False, case_manager_id=str(stage.people["manager"])
            ).status_code
            == 422
        )
        other.get(offer)
        assert other.post(f"{offer}/accept", case_manager_id=str(stage.to["manager"])).status_code == 303
        for old in (manager, head, stage.sit("member")):
            assert old.get(stage.base).status_code == 404
            assert old.get(f"/cases/{stage.case_id}/").status_code == 404
        assert other.get(f"/cases/{stage.case_id}/").status_code == 200
        assert other.post(f"{offer}/refuse", hidden=False, answer="x").status_code in (403, 404)
        with work(bare_app.engine) as session:
            reads = session.scalars(select(AuditEntry.tag).where(AuditEntry.case_id == stage.case_id))
            assert "read:transfers:answer" in set(reads)
            assert session.scalar(select(CaseTransfer.state)) is not None


def test_two_persons_erase_and_the_case_is_gone(bare_app: TmrFlask) -> None:
    app = bare_app
    app.extensions["tmr_settings"] = app.extensions["tmr_settings"].but(retention_years=5)
    with at():
        stage = Stage(app, "end")
    page = f"/cases/{stage.case_id}/retention"
    with at(AFTER):
        manager, head = stage.sit("manager"), stage.sit("head")
        assert manager.get(page).status_code == 200
        assert manager.post(f"{page}/hold", reason="Gjykata").status_code == 303
        manager.get(page)
        assert manager.post(f"{page}/erasure", deed="propose").status_code == 409
        manager.get(page)
        assert manager.post(f"{page}/lift").status_code == 303
        manager.get(page)
        assert manager.post(f"{page}/erasure", deed="propose").status_code == 303
        manager.get(page)
        assert manager.post(f"{page}/erasure", deed="confirm").status_code == 409
        assert manager.post(f"{page}/erasure", deed="vanish").status_code == 400
        head.get(page)
        assert head.post(f"{page}/erasure", deed="confirm").status_code == 303
        for person in (manager, head):
            assert person.get(f"/cases/{stage.case_id}/").status_code == 404
            assert person.get("/cases?status=closed").status_code == 200
            assert stage.number not in person.text


@pytest.mark.parametrize("language", ["sq", "sr_Latn", "en"])
def test_the_pages_of_later_steps_speak_the_readers_language(bare_app: TmrFlask, language: str) -> None:
    app = bare_app
    found: set[str] = set()
    with at(), missing_messages(found):
        held, decided, closed = Stage(app, "held"), Stage(app, "minutes"), Stage(app, "end")
        moved = Stage(app, offered=True)
        assert moved.to
        with work(app.engine) as session:
            for person in session.scalars(select(Person)):
                person.language = language
        wanted = [
            (held.sit("manager"), f"{held.base}/decision"),
            (decided.sit("manager"), f"{decided.base}/form"),
            (closed.sit("head"), f"{closed.base}/reopen"),
            (closed.sit("head"), f"/cases/{closed.case_id}/retention"),
            (moved.sit("manager"), f"{moved.base}/transfer"),
            (moved.sit("manager"), moved.base),
            (SignedIn(app, moved.to["head"]), f"/cases/{moved.case_id}/transfer-offer"),
            (closed.sit("manager"), f"{closed.base}/letter/child.docx"),
            (moved.sit("manager"), f"/cases/{moved.case_id}/timeline"),
        ]
        for browser, address in wanted:
            assert browser.get(address).status_code == 200, address
    if language != "en":
        assert found - {"Once"} == set()


def test_before_the_assessment_nothing_leads_a_member_to_it(bare_app: TmrFlask) -> None:
    with at():
        stage = Stage(bare_app, "")
        for who, shown in (("manager", True), ("member", False)):
            page = stage.sit(who).get(stage.base)
            assert page.status_code == 200
            assert (f"{stage.base}/assessment" in page.get_data(as_text=True)) is shown, who
