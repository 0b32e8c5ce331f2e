"""The pages of closing, transfer and retention: direct POSTs out of order, each ground, what the other Centre sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import cycle
from typing import Any

import pytest
from sqlalchemy import select

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.member_kit import declare
from tests.web.test_every_page_renders import missing_messages
from tmr_app.cases.models import Case
from tmr_app.cases.transfer_models import CaseTransfer
from tmr_app.closures.models import Closing
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.members.models import Person
from tmr_app.regulation.catalogue import MUNICIPALITIES
from tmr_app.web.app import TmrFlask

KEYS = cycle(one.key for one in MUNICIPALITIES)
"""Each case of this module's one database has a municipality of its own."""
AFTER = datetime(2031, 11, 18, 10, 0, tzinfo=UTC)


class Stage:
    """One case at a step, and its people's browsers."""

    def __init__(
        self, app: TmrFlask, step: str = "", ground: str = "out_of_danger", *, offered: bool = False
    ) -> None:
        self.app, self.to = app, None
        with work(app.engine) as session:
            here = mw.case_world(session, kinds=("police", "school"), key=next(KEYS))
            if offered:
                _ended, to, _transfer = cw.offered(session, next(KEYS), here=here)
                self.to = {"head": to.head.id, "manager": to.case_manager.id}
            else:
                if step:
                    cw.at_step(session, step, ground, here=here)
            for person in (here.town.case_manager, here.town.members["police"]):
                declare(session, here, person, mw.NOW)
            self.case_id, self.mother = here.case.id, here.mother.id
            self.number = here.case.number
            self.people = {
                "manager": here.town.case_manager.id,
                "head": here.town.head.id,
                "member": here.town.members["police"].id,
                "stranger": here.town.other_case_manager.id,
            }
        self.base = f"/cases/{self.case_id}/closing"

    def sit(self, who: str) -> SignedIn:
        return SignedIn(self.app, self.people[who])

    def case(self) -> Case:
        with work(self.app.engine) as session:
            return session.get_one(Case, self.case_id)


@contextmanager
def at(now: datetime = cw.LATER) -> Iterator[None]:
    with clock.fixed_at(now):
        yield


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
            assert "Neni 17" in manager.text, path
        answer = head.post(stage.base + "/approval", hidden=False, version="1", answer="approved")
        assert answer.status_code == 409
        assert "Neni 17" in head.text
        assert stage.case().status == "open"


ASKED = {"asked_on-day": "2", "asked_on-month": "11", "asked_on-year": "2026"}
WRITTEN: dict[str, dict[str, str]] = {
    "out_of_danger": {"out_of_danger": "y", "no_risk": "y", "undone": "Shërbimet u dhanë"},
    "of_age": {"services_needed": "yes", "after_eighteen": "Strehim i mbështetur"},
    "moved_abroad": {"country": "Austria", "authority": "Jugendamt"},
    "death": {
        "death_on-day": "1",
        "death_on-month": "11",
        "death_on-year": "2026",
        "death_source": "Spitali",
    },
}


@pytest.mark.duty("A17.1", "A17.2", "A17.3")
@pytest.mark.parametrize("ground", list(WRITTEN))
def test_a17_each_ground_by_its_pages(bare_app: TmrFlask, ground: str) -> None:
    with at(mw.NOW):
        stage = Stage(bare_app)
        if ground == "of_age":
            with work(bare_app.engine) as session:
                mw.unlock(session, session.get_one(Case, stage.case_id))
                one = session.scalars(select(cw.Child).where(cw.Child.case_id == stage.case_id)).one()
                one.birth_date = "2008-11-02"
        manager, head, member = stage.sit("manager"), stage.sit("head"), stage.sit("member")
        assert manager.get(stage.base).status_code == 200
        assert manager.get(f"{stage.base}/assessment").status_code == 200, "the five grounds to choose from"
        assert len(manager.page.select("main li a")) == 5
        assert manager.get(f"{stage.base}/assessment?ground={ground}").status_code == 200
        written = {"assessment": "Vlerësim", "best_interest": "Interesi", **WRITTEN[ground]}
        answer = manager.post(f"{stage.base}/assessment", **written)
        assert answer.status_code == 303, manager.text
        assert (
            manager.post(
                f"{stage.base}/assessment", hidden=False, **written, version="0", ground=ground
            ).status_code
            == 409
        )
        said = {
            "opinion": "Mendimi im",
            "asked_on-day": "2",
            "asked_on-month": "11",
            "asked_on-year": "2026",
            "how": "in_person",
        }
        for who in ["child", str(stage.mother)] if ground != "death" else [str(stage.mother)]:
            assert manager.get(f"{stage.base}/opinions/{who}").status_code == 200
            assert manager.post(f"{stage.base}/opinions/{who}", **said).status_code == 303, manager.text
        if ground == "death":
            assert (
                manager.post(f"{stage.base}/opinions/child", hidden=False, **said, version="0").status_code
                == 409
            )
        assert head.get(f"{stage.base}/approval").status_code == 200
        assert "Mendimi im" in head.text
        assert head.post(f"{stage.base}/approval", answer="returned").status_code == 422, "a note is needed"
        head.get(f"{stage.base}/approval")
        assert head.post(f"{stage.base}/approval", answer="approved").status_code == 303, head.text
        assert manager.get(stage.base).status_code == 200
        assert manager.post(f"{stage.base}/meeting").status_code == 303
        assert member.get(f"{stage.base}/assessment").status_code == 200, (
            "the recommendation goes to the Table"
        )
        assert (
            member.post(
                f"{stage.base}/assessment", hidden=False, **written, version="1", ground=ground
            ).status_code
            == 403
        )
        assert stage.sit("stranger").get(stage.base).status_code == 404


@pytest.mark.duty("A17.3")
def test_a17_3_refusals_keep_the_text_and_name_the_article(bare_app: TmrFlask) -> None:
    with at(mw.NOW):
        stage = Stage(bare_app)
        manager = stage.sit("manager")
        manager.get(f"{stage.base}/assessment?ground=of_age")
        written = {"assessment": "Ruhet", "best_interest": "Interesi", **WRITTEN["of_age"]}
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
        for name in ("form.pdf", "form.docx", "letter/child.pdf", "letter/parent.docx"):
            answer = manager.get(f"{stage.base}/{name}")
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
