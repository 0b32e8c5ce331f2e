"""Closing by each of the five grounds, from the first page to the read-only dossier or the other Centre (A17)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from tests.closures.stage import KEYS, Stage, at
from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures import world
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tmr_app.cases.models import Case, Child
from tmr_app.meetings.models import Invitation
from tmr_app.signing.models import SignatureSlot
from tmr_app.web.app import TmrFlask

ASKED = {"asked_on-day": "2", "asked_on-month": "11", "asked_on-year": "2026", "how": "in_person"}
WRITTEN: dict[str, dict[str, str]] = {
    "out_of_danger": {"out_of_danger": "y", "no_risk": "y", "undone": "Shërbimet u dhanë"},
    "of_age": {"services_needed": "yes", "after_eighteen": "Strehim i mbështetur"},
    "moved_within": {},
    "moved_abroad": {"country": "Austria", "authority": "Jugendamt"},
    "death": {
        "death_on-day": "1",
        "death_on-month": "11",
        "death_on-year": "2026",
        "death_source": "Spitali",
    },
}


@pytest.mark.duty("A17.1", "A17.2", "A17.3", "A17.4", "A17.5", "A5.2")
@pytest.mark.parametrize("ground", list(WRITTEN))
def test_a17_each_ground_from_the_assessment_to_the_end_by_its_pages(bare_app: TmrFlask, ground: str) -> None:
    """Only the meeting and its minutes, which have journeys of their own, are done by their operations."""
    with at(mw.NOW):
        stage = Stage(bare_app)
        to = furnish(stage, ground)
        recommend(stage, ground, to)
        hear(stage, ground)
        approve(stage)
        called(stage, ground)
    with at():
        with work(bare_app.engine) as session:
            ended = stage.ending(session)
            cw.convene(session, ended)
            cw.hold(session, ended)
        manager = stage.sit("manager")
        assert manager.get(f"{stage.base}/decision").status_code == 200
        assert "VendimKanarine" in manager.text, "the words of the minutes stand beside the question"
        assert manager.post(f"{stage.base}/decision", answer="closes").status_code == 303, manager.text
        with work(bare_app.engine) as session:
            cw.approve_minutes(session, stage.ending(session))
        made_and_signed(stage)
        assert manager.get(f"{stage.base}/end").status_code == (409 if ground == "moved_within" else 200)
        if ground == "moved_within":
            assert to
            moved(stage, to)
            return
        assert manager.post(f"{stage.base}/end").status_code == 303, manager.text
        assert stage.case().status == "closed"
        assert manager.get(f"/cases/{stage.case_id}/child").status_code == 403, "read-only"
        assert manager.get(stage.base).status_code == 200
        with work(bare_app.engine) as session:
            one = stage.ending(session).closing
            assert (one.ground, one.state) == (ground, "closed")
            assert one.other == "Rrethana të tjera", "a remark beside the one ground"


def furnish(stage: Stage, ground: str) -> world.Town | None:
    """What the ground needs to be true: a birthday, another Centre."""
    with work(stage.app.engine) as session:
        if ground == "of_age":
            mw.unlock(session, session.get_one(Case, stage.case_id))
            session.scalars(
                select(Child).where(Child.case_id == stage.case_id)
            ).one().birth_date = "2008-11-02"
        if ground != "moved_within":
            return None
        town = cw.other_town(session, next(KEYS))
        session.flush()
        stage.people |= {"other_head": town.head.id, "other_manager": town.case_manager.id}
        stage.people["other_centre"] = town.qps.id
        return town


def recommend(stage: Stage, ground: str, to: object) -> None:
    manager = stage.sit("manager")
    assert manager.get(stage.base).status_code == 200
    assert manager.get(f"{stage.base}/assessment").status_code == 200, "the five grounds to choose from"
    assert len(manager.page.select("main li a")) == 5
    assert manager.get(f"{stage.base}/assessment?ground={ground}").status_code == 200
    written = {
        "assessment": "Vlerësim",
        "best_interest": "Interesi",
        "other": "Rrethana të tjera",
        **WRITTEN[ground],
    }
    if to:
        written["to_qps_id"] = str(stage.people["other_centre"])
    assert manager.post(f"{stage.base}/assessment", **written).status_code == 303, manager.text
    twice = {**written, "version": "0", "ground": ground}
    assert manager.post(f"{stage.base}/assessment", hidden=False, **twice).status_code == 409
    member = stage.sit("member")
    assert member.get(f"{stage.base}/assessment").status_code == 200, "the recommendation goes to the Table"
    twice["version"] = "1"
    assert member.post(f"{stage.base}/assessment", hidden=False, **twice).status_code == 403
    assert stage.sit("stranger").get(stage.base).status_code == 404


def hear(stage: Stage, ground: str) -> None:
    manager, said = stage.sit("manager"), {"opinion": "Mendimi im", **ASKED}
    for who in ["child", str(stage.mother)] if ground != "death" else [str(stage.mother)]:
        assert manager.get(f"{stage.base}/opinions/{who}").status_code == 200
        assert manager.post(f"{stage.base}/opinions/{who}", **said).status_code == 303, manager.text
    if ground == "death":
        late = manager.post(f"{stage.base}/opinions/child", hidden=False, **said, version="0")
        assert late.status_code == 409


def approve(stage: Stage) -> None:
    head = stage.sit("head")
    assert head.get(f"{stage.base}/approval").status_code == 200
    assert "Mendimi im" in head.text
    assert head.post(f"{stage.base}/approval", answer="returned").status_code == 422, "a note is needed"
    head.get(f"{stage.base}/approval")
    assert head.post(f"{stage.base}/approval", answer="approved").status_code == 303, head.text


def called(stage: Stage, ground: str) -> None:
    manager = stage.sit("manager")
    assert manager.get(stage.base).status_code == 200
    answer = manager.post(f"{stage.base}/meeting")
    assert answer.status_code == 303
    assert manager.get(answer.headers["Location"]).status_code == 200
    with work(stage.app.engine) as session:
        meeting = stage.ending(session).meeting
        assert meeting
        family = session.scalars(
            select(Invitation).where(
                Invitation.meeting_id == meeting.id, Invitation.participant_id.is_not(None)
            )
        ).all()
        if ground == "death":
            assert not family, "nothing more goes to the family"


def made_and_signed(stage: Stage) -> None:
    """The form is made, shown as a file, and signed by each person of it on the page."""
    manager = stage.sit("manager")
    assert manager.get(f"{stage.base}/form").status_code == 200
    links = {str(one["href"]) for one in manager.page.select("main a[href]")}
    with work(stage.app.engine) as session:
        closing = stage.ending(session).closing
        assert closing is not None
        made_at = f"/cases/{stage.case_id}/documents/made/closing/{closing.id.hex}"
    assert {f"{made_at}.pdf", f"{made_at}.docx"} <= links
    assert manager.get(f"{made_at}.docx").status_code == 200
    made = manager.post(f"{stage.base}/form")
    assert made.status_code == 303, manager.text
    address = made.headers["Location"]
    with work(stage.app.engine) as session:
        version_id = UUID(address.rstrip("/").split("/")[-1])
        people = session.scalars(
            select(SignatureSlot.person_id).where(SignatureSlot.version_id == version_id)
        ).all()
    assert len(people) == 3, "the case manager and both members"
    assert manager.get(f"{made_at}.docx").status_code == 404, "a form that stands is not made up once more"
    assert manager.get(made_at.replace(closing.id.hex, f"{version_id.hex}.docx")).status_code == 200
    for person_id in people:
        signer = SignedIn(stage.app, person_id)
        assert signer.get(address).status_code == 200
        assert signer.post(address, agreed="y").status_code == 303, signer.text


def moved(stage: Stage, to: object) -> None:
    """Offered with a reason, accepted by the other head: the case is theirs, this Table is outside."""
    manager, head = stage.sit("manager"), stage.sit("other_head")
    assert manager.get(f"{stage.base}/transfer").status_code == 200
    assert manager.post(f"{stage.base}/transfer", reason="Banon tani atje").status_code == 303, manager.text
    offer = f"/cases/{stage.case_id}/transfer-offer"
    assert head.get(offer).status_code == 200
    taken = head.post(f"{offer}/accept", case_manager_id=str(stage.people["other_manager"]))
    assert taken.status_code == 303, head.text
    assert stage.case().qps_id == stage.people["other_centre"]
    assert manager.get(stage.base).status_code == 404
