"""A new case by its pages: look-up, referral and child, family, risk, done; nothing typed is lost, nothing leaks."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.cases.conftest import Scene
from tests.cases.desk import Desk
from tests.fixtures import world
from tmr_app.cases.models import Case, Child, FamilyMember, LinkedCase, Referral, Relation
from tmr_app.cases.table_models import CaseManagerTerm, DuplicateSearch, Seat
from tmr_app.kernel import vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage

LOOK_UP = {
    "name": "Arbër Gashi",
    "birth_on-day": "14",
    "birth_on-month": "5",
    "birth_on-year": "2015",
    "birth_year": "",
    "personal_number": "",
}
REFERRAL = LOOK_UP | {
    "received_on-day": "1",
    "received_on-month": "11",
    "received_on-year": "2026",
    "source": "school",
    "reporter": "Mësuesja",
    "facts": "Mungon në shkollë.",
    "gender": "male",
    "flags": ["asylum_seeker", "migrant"],
    "language": "sr_Latn",
}
MOTHER = {"name": "Mimoza Gashi", "kind": "mother", "has_parental_care": "y", "contact": "Rruga B 2"}
FATHER = {
    "name": "Besnik Gashi",
    "kind": "father",
    "is_perpetrator": "y",
    "perpetrator_reason": "Raport i policisë",
}
RISK = {"group_maltreatment": ["physical_violence"], "level": "high"}


def once(desk: Desk) -> dict[str, str]:
    return {"once": desk.value("once")}


def look_up(desk: Desk, qps_id: UUID, **changes: str) -> Any:
    return desk.post("/cases/new", LOOK_UP | {"qps": str(qps_id)} | changes)


def walk(desk: Desk, qps_id: UUID, **changes: str) -> dict[str, Any]:
    """Through all pages to the risk page; returns what the last form sends."""
    assert look_up(desk, qps_id, **changes).status_code == 303
    assert desk.post("/cases/new/referral", REFERRAL | changes).status_code == 303
    for person in (MOTHER, FATHER):
        desk.get("/cases/new/family")
        assert desk.post("/cases/new/family", person | once(desk)).status_code == 303
    desk.get("/cases/new/risk")
    return RISK | once(desk)


def test_the_whole_way(scene: Scene) -> None:
    town = scene.here.town
    desk = scene.sit(town.case_manager)
    last = walk(desk, town.qps.id, name="Arbër Gashi Njëshi")
    answer = desk.post("/cases/new/risk", last)
    assert answer.headers["Location"].endswith("/cases/new/done")
    page = desk.get("/cases/new/done").text
    with world.work(scene.app.engine) as session:
        case = session.scalars(
            select(Case).order_by(Case.number.desc()).where(Case.qps_id == town.qps.id)
        ).first()
        assert case is not None
        assert case.number in page
        vault.unlock(session, [case.id, case.family_id])
        child = session.scalars(select(Child).where(Child.case_id == case.id)).one()
        assert (child.name, child.birth_date, case.birth_year) == ("Arbër Gashi Njëshi", "2015-05-14", 2015)
        assert case.flags() == {"asylum_seeker", "migrant"}
        assert case.language == "sr_Latn"
        referral = session.scalars(select(Referral).where(Referral.case_id == case.id)).one()
        assert (referral.reporter, referral.facts) == ("Mësuesja", "Mungon në shkollë.")
        marks = dict(
            session.execute(
                select(Relation.kind, Relation.is_suspected_perpetrator).where(Relation.case_id == case.id)
            ).all()
        )
        assert marks == {"mother": False, "father": True}
        seat = session.scalars(select(Seat).where(Seat.case_id == case.id)).one()
        assert (seat.kind, seat.person_id, seat.conflict) == ("case_manager", town.case_manager.id, None)
        assert session.scalars(select(CaseManagerTerm).where(CaseManagerTerm.case_id == case.id)).one()
    assert f"/cases/{case.id}/" in page  # the declaration comes next
    assert desk.get(f"/cases/{case.id}/").status_code == 403  # nothing before it is signed
    # the same form again opens no second case
    assert desk.post("/cases/new/risk", last).headers["Location"].endswith("/cases/new/done")
    with world.work(scene.app.engine) as session:
        same = select(func.count()).select_from(Case).where(Case.once_key == last["once"])
        assert session.scalar(same) == 1


def test_steps_are_taken_in_order(scene: Scene) -> None:
    desk = scene.sit(scene.here.town.other_case_manager)
    assert desk.get("/cases/new/referral").status_code == 409
    assert desk.post("/cases/new/risk", RISK | {"once": "a" * 24}).status_code == 409


def test_a_draft_is_offered_again_and_thrown_away(scene: Scene) -> None:
    town = scene.there.town
    desk = scene.sit(town.other_case_manager)
    look_up(desk, town.qps.id)
    again = scene.sit(town.other_case_manager)
    again.get("/cases/new")
    assert again.value("name") == "Arbër Gashi"
    assert again.post("/cases/new/discard").status_code == 303
    again.get("/cases/new")
    assert again.value("name") == ""


def test_a_match_here_shows_number_and_case_manager(scene: Scene) -> None:
    town = scene.here.town
    desk = scene.sit(town.other_case_manager)
    unknown_date = {"birth_on-day": "", "birth_on-month": "", "birth_on-year": "", "birth_year": "2014"}
    answer = look_up(desk, town.qps.id, name="krasniqi CLIRIM", **unknown_date)
    assert answer.status_code == 200
    text = desk.page.get_text()
    assert scene.here.number in text
    assert town.case_manager.name in text
    assert "FaktKanarine" not in answer.text


def test_a_match_elsewhere_tells_the_searcher_nothing(fresh_scene: Scene) -> None:
    """The same child is known at both centres: the answer is the one of no match, both heads are told neutrally."""
    scene = fresh_scene
    with world.work(scene.app.engine) as session:
        from tests.cases.desk import opened

        known = opened(session, scene.there.town, "Nora Elsewhere", language="sq")
        number = known.number
        before = session.scalar(select(func.count()).select_from(OutboxMessage))
    desk = scene.sit(scene.here.town.case_manager)
    born = {"birth_on-day": "", "birth_on-month": "", "birth_on-year": "", "birth_year": "2014"}
    known_answer = look_up(desk, scene.here.town.qps.id, name="Nora Elsewhere", **born)
    unknown = look_up(desk, scene.here.town.qps.id, name="Nobody Atall", **born)
    assert (known_answer.status_code, known_answer.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    assert known_answer.text == unknown.text
    with world.work(scene.app.engine) as session:
        mails = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "duplicate_notice")).all()
        assert {mail.recipient_id for mail in mails} == {scene.here.town.head.id, scene.there.town.head.id}
        for mail in mails:
            assert mail.case_id is None
            said = str(mail.parameters) + mail.kind
            assert "Nora" not in said
            assert number not in said
            assert "2014" not in said
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == (before or 0) + 2
        found = [
            (one.matches_here, one.matches_elsewhere)
            for one in session.scalars(select(DuplicateSearch)).all()
        ]
        assert sorted(found) == [(0, 0), (0, 1)]
        tags = select(AuditEntry.case_id).where(AuditEntry.tag == "duplicate:matched")
        assert session.scalars(tags).all() == [known.id]
    # the same look-up on the same day writes no second mail
    look_up(desk, scene.here.town.qps.id, name="Nora Elsewhere", **born)
    with world.work(scene.app.engine) as session:
        again = (
            select(func.count()).select_from(OutboxMessage).where(OutboxMessage.kind == "duplicate_notice")
        )
        assert session.scalar(again) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"birth_on-day": "31", "birth_on-month": "2"}, "31", id="B01"),
        pytest.param({"birth_on-day": "3", "birth_on-month": "11", "birth_on-year": "2026"}, "3", id="B02"),
        pytest.param({"birth_on-year": "2005"}, "2005", id="B03"),
        pytest.param({"birth_on-year": "15"}, "15", id="B04"),
        pytest.param({"name": "A" * 10_000}, None, id="B22"),
        pytest.param({"name": "\u200b \u2060"}, None, id="B23"),
        pytest.param({"name": "Arb\x00ër"}, None, id="B24"),
        pytest.param({"name": "Arb\u202eër"}, None, id="B25-direction"),
        pytest.param({"name": "Аrbër Gashi"}, None, id="B25-two-alphabets"),
        pytest.param({"received_on-day": "3"}, None, id="referral-tomorrow"),
        pytest.param({"gender": "x"}, None, id="choice"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(
    scene: Scene, changes: dict[str, str], field: str | None
) -> None:
    town = scene.here.town
    desk = scene.sit(town.case_manager)
    look_up(desk, town.qps.id, name="Arbër Gashi Dytë")
    with world.work(scene.app.engine) as session:
        before = session.scalar(select(func.count()).select_from(Case))
    answer = desk.post("/cases/new/referral", REFERRAL | changes)
    assert answer.status_code == 422
    assert desk.errors()
    assert "Mungon në shkollë." in desk.value("facts")
    if field:
        assert field in [box["value"] for box in desk.page.select("[name^=birth_on-]")]
    with world.work(scene.app.engine) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == before


def test_a_grown_up_is_opened_with_a_reason(scene: Scene) -> None:
    town = scene.there.town
    desk = scene.sit(town.case_manager)
    look_up(desk, town.qps.id)
    grown = REFERRAL | {"birth_on-year": "2005", "adult_reason": "Mbrojtje e vazhduar"}
    assert desk.post("/cases/new/referral", grown).status_code == 303
    desk.get("/cases/new/risk")
    assert desk.post("/cases/new/risk", RISK | once(desk)).status_code == 303
    with world.work(scene.app.engine) as session:
        case = session.scalars(select(Case).where(Case.birth_year == 2005)).one()
        vault.unlock(session, [case.id])
        assert case.adult_reason == "Mbrojtje e vazhduar"


@pytest.mark.duty("A5.1.1")
@pytest.mark.parametrize(
    "risks",
    [{}, {"group_neglect": ["neglect_other"], "neglect_other": " "}],
    ids=["none", "other-without-text"],
)
def test_a_case_carries_a_kind_of_risk(scene: Scene, risks: dict[str, Any]) -> None:
    town = scene.here.town
    desk = scene.sit(town.case_manager)
    last = walk(desk, town.qps.id, name="Pa Rrezik")
    with world.work(scene.app.engine) as session:
        before = session.scalar(select(func.count()).select_from(Case))
    answer = desk.post("/cases/new/risk", {"level": "low", "once": last["once"]} | risks)
    assert answer.status_code == 422
    assert desk.page.select(".tryeza-panel--refused")
    assert desk.one("[name=level][value=low]").has_attr("checked")
    with world.work(scene.app.engine) as session:
        assert session.scalar(select(func.count()).select_from(Case)) == before
        refused = select(AuditEntry).where(AuditEntry.tag == "rule:refused", AuditEntry.rule == "A5.1.1")
        assert session.scalars(refused).first()


def test_script_in_a_name_is_text(scene: Scene) -> None:
    """B27, B29: stored as typed, shown escaped."""
    town = scene.there.town
    desk = scene.sit(town.case_manager)
    look_up(desk, town.qps.id)
    desk.post("/cases/new/referral", REFERRAL)
    desk.get("/cases/new/family")
    bad = "<script>alert(1)</script>"
    desk.post("/cases/new/family", {"name": bad, "kind": "other"} | once(desk))
    page = desk.get("/cases/new/family")
    assert "<script>alert" not in page.text
    assert bad in desk.page.get_text()
    desk.get("/cases/new/family")
    formula = '=HYPERLINK("x")'
    assert desk.post("/cases/new/family", {"name": formula, "kind": "other"} | once(desk)).status_code == 303


def test_the_head_names_a_case_manager(scene: Scene) -> None:
    town = scene.there.town
    desk = scene.sit(town.head)
    look_up(desk, town.qps.id, name="Rasti Shefes")
    missing = REFERRAL | {"name": "Rasti Shefes"}
    assert desk.post("/cases/new/referral", missing).status_code == 422
    strange = missing | {"case_manager": str(scene.here.town.case_manager.id)}
    assert desk.post("/cases/new/referral", strange).status_code == 422
    named = missing | {"case_manager": str(town.other_case_manager.id)}
    assert desk.post("/cases/new/referral", named).status_code == 303
    desk.get("/cases/new/risk")
    assert desk.post("/cases/new/risk", RISK | once(desk)).status_code == 303
    with world.work(scene.app.engine) as session:
        case = session.scalars(select(Case).where(Case.case_manager_id == town.other_case_manager.id)).one()
        seats = session.scalars(select(Seat).where(Seat.case_id == case.id)).all()
        assert [seat.person_id for seat in seats] == [town.other_case_manager.id]
        told = select(OutboxMessage).where(OutboxMessage.recipient_id == town.other_case_manager.id)
        assert session.scalars(told).first()


def test_siblings_share_the_family_record(scene: Scene) -> None:
    town = scene.here.town
    desk = scene.sit(town.case_manager)
    desk.post("/cases/new/risk", walk(desk, town.qps.id, name="Motra E Parë"))
    assert desk.post("/cases/new/sibling").status_code == 303
    look_up(desk, town.qps.id, name="Vëllai I Dytë")
    desk.get("/cases/new/referral")
    assert desk.value("facts").strip() == "Mungon në shkollë."
    desk.post("/cases/new/referral", REFERRAL | {"name": "Vëllai I Dytë"})
    desk.get("/cases/new/risk")
    assert desk.post("/cases/new/risk", RISK | once(desk)).status_code == 303
    with world.work(scene.app.engine) as session:
        second, first = session.scalars(
            select(Case).where(Case.qps_id == town.qps.id).order_by(Case.number.desc()).limit(2)
        ).all()
        assert second.family_id == first.family_id
        assert second.id != first.id
        pairs = session.execute(select(LinkedCase.case_id, LinkedCase.other_id)).all()
        assert {(first.id, second.id), (second.id, first.id)} <= {(one[0], one[1]) for one in pairs}
        members = (
            select(func.count()).select_from(FamilyMember).where(FamilyMember.family_id == first.family_id)
        )
        assert session.scalar(members) == 2
        marked = select(Relation.case_id).where(Relation.is_suspected_perpetrator)
        assert {first.id, second.id} <= set(session.scalars(marked))


@pytest.mark.parametrize("role", ["assistant", "police"])
def test_only_case_managers_and_heads_open_cases(scene: Scene, role: str) -> None:
    town = scene.here.town
    person = town.assistant if role == "assistant" else town.members[role]
    assert scene.sit(person).get("/cases/new").status_code == 404


def test_forged_fields_are_refused(scene: Scene) -> None:
    """B32, B33."""
    town = scene.here.town
    desk = scene.sit(town.case_manager)
    assert look_up(desk, town.qps.id, role="administrator").status_code == 400
    assert desk.post("/cases/new", LOOK_UP | {"qps": [str(town.qps.id), "x"]}).status_code == 400
    assert look_up(desk, scene.there.town.qps.id).status_code == 422
    assert desk.post("/cases/new/family/9223372036854775808/remove").status_code in (303, 404, 409)
    desk.get("/cases/new/risk")
    assert desk.post("/cases/new/risk", RISK | {"once": "x"}).status_code == 400


BLANK_DATE = {f"birth_on-{part}": "" for part in ("day", "month", "year")}


@pytest.mark.parametrize(
    "changes",
    [
        {"birth_on-year": "2030"},
        {"birth_year": "2014"},
        BLANK_DATE,
        BLANK_DATE | {"personal_number": "- - - -"},
    ],
    ids=["tomorrow", "two years", "a name alone", "no figures"],
)
def test_a_look_up_that_can_find_nobody_is_refused(fresh_scene: Scene, changes: dict[str, str]) -> None:
    """Going on would read as "no case": a second one of the same child is opened that way."""
    desk = fresh_scene.sit(fresh_scene.here.town.case_manager)
    assert look_up(desk, fresh_scene.here.town.qps.id, **changes).status_code == 422
    with world.work(fresh_scene.app.engine) as session:
        assert not session.scalar(select(func.count()).select_from(DuplicateSearch))
