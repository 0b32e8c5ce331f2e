"""The pages of the Table through the real application: the order of disclosure, refusals, who sees what."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.cases.table_kit import KINDS, NOW, Scene, build, inside, let_in, refusals, seat_of
from tests.fixtures.app import MakeApp
from tests.fixtures.meeting_world import CANARIES
from tests.fixtures.signed_in import SignedIn
from tmr_app.cases import chairing, declaring, family
from tmr_app.cases.table_models import BreakGlass, ConflictFlag, Declaration, Participant, Seat
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members import declaration_texts
from tmr_app.members.models import Appointment
from tmr_app.web.app import TmrFlask


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> TmrFlask:
    return make_app(fresh_database_url)


@pytest.fixture
def scene(app: TmrFlask) -> Iterator[Scene]:
    with clock.fixed_at(NOW):
        yield build(app.engine)


def _address(scene: Scene, page: str = "table") -> str:
    return f"/cases/{scene.case}/{page}"


@pytest.mark.duty("A18.2")
def test_the_order_of_disclosure(app: TmrFlask, scene: Scene) -> None:
    """Declaration, then names only, then the question, then content; each later step refused before its time."""
    police = SignedIn(app, scene.members["police"])
    for page in ("table", "conflict"):
        assert police.get(_address(scene, page)).status_code == 403
    answer = police.post(_address(scene, "conflict"), answer="no")
    assert answer.status_code == 403, "the question before the declaration"
    shown = police.get(_address(scene, "declaration")).text
    assert not any(canary in shown for canary in CANARIES)
    assert police.post(_address(scene, "declaration")).status_code == 422, "the box was not ticked"
    signed = police.post(_address(scene, "declaration"), agreed="y")
    assert signed.status_code == 303
    assert signed.location.endswith("/conflict")
    assert police.get(_address(scene)).status_code == 403, "content before the answer"
    shown = police.get(_address(scene, "conflict")).text
    assert "Kanarina Femija" in shown
    assert "Nena Kanarina" in shown
    assert not any(canary in shown for canary in CANARIES[2:]), "names only"
    assert police.post(_address(scene, "conflict"), answer="no").status_code == 303
    assert police.get(_address(scene)).status_code == 200
    with inside(app.engine, scene) as (session, _case, _manager):
        text = declaring.newest_text(session)
        row = session.scalar(select(Declaration).where(Declaration.person_id == scene.members["police"]))
        assert row is not None
        assert text is not None
        assert (row.text_sha256, row.method, row.language) == (text.sha256, "in_app", "sq")
        assert row.session_ref


@pytest.mark.duty("A18.2")
def test_a_new_text_asks_everybody_again(app: TmrFlask, scene: Scene) -> None:
    let_in(app.engine, scene, scene.members["police"])
    police = SignedIn(app, scene.members["police"])
    assert police.get(_address(scene)).status_code == 200
    page = police.get(_address(scene, "declaration"))
    with inside(app.engine, scene) as (session, _case, _manager):
        declaration_texts.publish(
            session, None, NOW, kind="case", text_sq="Tekst i ri", text_sr="Novi tekst", text_en="New text"
        )
    assert page.status_code == 200
    assert police.get(_address(scene)).status_code == 403
    old = police.post(_address(scene, "declaration"), hidden=False, text_version="1", agreed="y")
    assert old.status_code == 409, "the text seen is not the newest"
    assert "Tekst i ri" in police.get(_address(scene, "declaration")).text


@pytest.mark.duty("A10.2")
def test_recusal_acts_at_once(app: TmrFlask, scene: Scene) -> None:
    """T03: the open tab, the mail not yet sent; the institution is asked for another person."""
    let_in(app.engine, scene, scene.members["police"])
    police = SignedIn(app, scene.members["police"])
    assert police.get(_address(scene)).status_code == 200
    manager = SignedIn(app, scene.manager)
    url = _address(scene, f"table/seats/{scene.seats['police']}/recuse")
    manager.get(url)
    assert manager.post(url, reason="").status_code == 422
    assert manager.post(url, reason="kushëri i nënës").status_code == 303
    for page in ("table", "conflict"):
        assert police.get(_address(scene, page)).status_code == 403
    assert police.post(_address(scene, "declaration"), agreed="y").status_code == 403
    with inside(app.engine, scene) as (session, _case, _manager):
        mine = session.scalars(
            select(OutboxMessage).where(OutboxMessage.recipient_id == scene.members["police"])
        ).all()
        assert {mail.state for mail in mine} == {"cancelled"}
        asked = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "substitute_asked")).all()
        assert [mail.recipient_id for mail in asked] == [scene.substitutes["police"]]
        assert asked[0].case_id is None
    shown = manager.get(_address(scene)).text
    assert "kushëri i nënës" not in shown


def test_a_member_flags_and_the_right_one_decides(app: TmrFlask, scene: Scene) -> None:
    let_in(app.engine, scene, scene.members["police"], scene.members["school"])
    member = SignedIn(app, scene.members["school"])
    for seat_id in (scene.seats["police"], _chair(app, scene)):
        url = _address(scene, f"table/seats/{seat_id}/flag")
        member.get(url)
        assert member.post(url, reason="janë fqinj").status_code == 303
    with inside(app.engine, scene) as (session, _case, _manager):
        flags = {flag.seat_id: flag.id for flag in session.scalars(select(ConflictFlag))}
    of_police, of_chair = flags[scene.seats["police"]], flags[_chair(app, scene)]
    manager, head = SignedIn(app, scene.manager), SignedIn(app, scene.head)
    assert "janë fqinj" not in manager.get(_address(scene)).text
    assert manager.get(_address(scene, f"table/flags/{of_chair}")).status_code == 403
    assert head.get(_address(scene, f"table/flags/{of_police}/chair")).status_code == 403
    assert member.get(_address(scene, f"table/flags/{of_police}")).status_code == 403
    url = _address(scene, f"table/flags/{of_police}")
    manager.get(url)
    assert manager.post(url, answer="dismissed", decision="nuk ka lidhje").status_code == 303
    assert manager.post(url, answer="upheld", decision="po").status_code == 409, "decided before"
    url = _address(scene, f"table/flags/{of_chair}/chair")
    assert head.get(url).status_code == 200
    assert head.post(url, answer="upheld", decision="po").status_code == 303
    assert manager.get(_address(scene)).status_code == 403
    assert _address(scene, "table/case-manager") in head.get("/head-office").text, (
        "a case without a case manager"
    )


def _chair(app: TmrFlask, scene: Scene):
    with inside(app.engine, scene) as (session, _case, _manager):
        return seat_of(session, scene, scene.manager).id


@pytest.mark.duty("A4.5")
def test_b13_a_suspected_perpetrator_cannot_take_part(app: TmrFlask, scene: Scene) -> None:
    with inside(app.engine, scene) as (session, case, manager):
        father = family.add_relative(
            session,
            manager,
            NOW,
            case=case,
            relative=family.RelativeData(
                "Babai Kanarin", "father", is_perpetrator=True, perpetrator_reason="dyshim"
            ),
        )
        father_id = father.id
    manager = SignedIn(app, scene.manager)
    url = _address(scene, "table/participants")
    page = manager.get(url)
    assert "Babai Kanarin" in page.text
    assert not manager.page.select(f"input[value='{father_id}']"), "he is shown as barred, not offered"
    assert manager.post(url, who=str(father_id)).status_code == 422
    assert refusals(app.engine, scene, "A4.5") == 1
    with inside(app.engine, scene) as (session, _case, _manager):
        assert session.scalars(select(Participant)).all() == []


@pytest.mark.duty("A4.5")
def test_marking_later_withdraws_what_was_given(app: TmrFlask, scene: Scene) -> None:
    manager = SignedIn(app, scene.manager)
    url = _address(scene, "table/participants")
    for who in (str(scene.mother), "child"):
        manager.get(url)
        assert manager.post(url, who=who).status_code == 303
    manager.get(url)
    assert manager.post(url, who="child").status_code == 422, "twice"
    with inside(app.engine, scene) as (session, _case, person):
        relation = session.get_one(family.Relation, scene.mother)
        family.mark_perpetrator(session, person, NOW, relation=relation, reason="dëshmi")
    with inside(app.engine, scene) as (session, _case, _manager):
        rows = {one.relation_id: one for one in session.scalars(select(Participant))}
        assert rows[scene.mother].withdrawn_rule == "A4.5"
        assert rows[scene.mother].withdrawn_at is not None
        assert rows[None].withdrawn_at is None


@pytest.mark.duty("A4.3")
def test_the_seat_form_begins_with_the_reason_of_the_proposal(app: TmrFlask, scene: Scene) -> None:
    with inside(app.engine, scene) as (_session, case, _manager):
        case.is_placed = True
    manager = SignedIn(app, scene.manager)
    reason = "Fëmija është vendosur jashtë familjes."
    assert f"{reason}</textarea>" in manager.get(_address(scene, "table/add/shelter_or_foster")).text
    assert f"{reason}</textarea>" not in manager.get(_address(scene, "table/add/ngo")).text


def test_seating_by_the_page_and_b11_by_direct_post(app: TmrFlask, scene: Scene) -> None:
    foreign = build(app.engine, key="prizren")
    manager = SignedIn(app, scene.manager)
    url = _address(scene, "table/add/ngo")
    assert manager.get(url).status_code == 200
    refused = manager.post(url, person_id=str(foreign.members["ngo"]), reason="e nevojshme")
    assert refused.status_code == 422
    assert "4.4" in refused.text
    assert "e nevojshme" in refused.text, "the text is kept"
    assert manager.post(url, person_id="[]", reason="x").status_code == 400
    manager.get(url)
    assert manager.post(url, person_id=str(scene.members["ngo"]), reason="shërbime").status_code == 303
    assert manager.get(_address(scene, "table/add/judge")).status_code == 404


@pytest.mark.duty("A4.2")
def test_hand_over_is_proposed_and_decided(app: TmrFlask, scene: Scene) -> None:
    manager, head = SignedIn(app, scene.manager), SignedIn(app, scene.head)
    url = _address(scene, "table/hand-over")
    manager.get(url)
    assert manager.post(url, person_id=str(scene.other), note="Plani skadon në dhjetor").status_code == 303
    with inside(app.engine, scene) as (session, _case, _manager):
        proposal = chairing.open_proposal(session, scene.case)
        assert proposal is not None
        proposal_id = proposal.id
    decide = _address(scene, f"table/hand-over/{proposal_id}")
    assert manager.post(decide).status_code == 403, "only the head decides"
    head.get(_address(scene))
    assert "Plani skadon" in head.text
    assert head.post(decide, hidden=False).status_code == 303
    assert head.post(decide, hidden=False).status_code == 409
    assert manager.get(_address(scene)).status_code == 404, "a former member is told nothing"
    with inside(app.engine, scene) as (session, case, _manager):
        assert case.case_manager_id == scene.other
        seat = seat_of(session, scene, scene.other)
        assert (seat.kind, seat.is_live) == ("case_manager", True)


@pytest.mark.duty("A14.5")
def test_break_glass(app: TmrFlask, scene: Scene) -> None:
    """Only a named duty case manager, with reason; told at once; four hours; reviewed by a second person."""
    other = SignedIn(app, scene.other)
    glass = _address(scene, "break-glass")
    assert other.get(glass).status_code == 404
    assert other.get("/duty").status_code == 404
    head = SignedIn(app, scene.head)
    head.get("/head-office/duty")
    day = {"from_on-day": "2", "from_on-month": "11", "from_on-year": "2026"}
    day |= {"to_on-day": "8", "to_on-month": "11", "to_on-year": "2026"}
    assert head.post("/head-office/duty", person_id=str(scene.other), **day).status_code == 303
    other.get("/duty")
    with inside(app.engine, scene) as (_session, case, _manager):
        number = case.number
    assert other.post("/duty", number="X-1").status_code == 422
    with inside(app.engine, scene) as (_session, case, _manager):
        case.status = "closed"
    assert other.get(glass).status_code == 404, "a closed dossier is no emergency, also by its own address"
    with inside(app.engine, scene) as (_session, case, _manager):
        case.status = "open"
    other.get("/duty")
    assert other.post("/duty", number=number).location.endswith("/break-glass")
    page = other.get(glass)
    assert not any(canary in page.text for canary in CANARIES)
    assert other.post(glass, reason="").status_code == 422
    assert other.post(glass, reason="fëmija në rrezik").status_code == 303
    assert other.get(_address(scene)).status_code == 200
    with inside(app.engine, scene) as (session, _case, _manager):
        row = session.scalars(select(BreakGlass)).one()
        told = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "glass_broken")).all()
        assert {mail.recipient_id for mail in told} == {scene.manager, scene.head}
        assert row.until_at == NOW + timedelta(hours=4)
        glass_id = row.id
    review = _address(scene, f"break-glass/{glass_id}/review")
    assert other.get(review).status_code == 403
    assert str(glass_id) in head.get("/head-office").text
    head.get(review)
    assert head.post(review, answer="yes", text="ishte e nevojshme").status_code == 303
    assert head.post(review, answer="yes", text="prapë").status_code == 409
    with clock.fixed_at(NOW + timedelta(hours=4)):
        late = SignedIn(app, scene.other)
        assert late.get(_address(scene)).status_code == 404


def test_strangers_see_no_case(app: TmrFlask, scene: Scene) -> None:
    foreign = build(app.engine, key="prizren")
    for person_id in (foreign.manager, foreign.head, scene.members["ngo"], scene.other):
        answer = SignedIn(app, person_id).get(_address(scene))
        assert answer.status_code == 404


def test_canaries_stay_off_titles_addresses_mail_and_audit(app: TmrFlask, scene: Scene) -> None:
    manager = SignedIn(app, scene.manager)
    for page in (
        "table",
        "table/add",
        "table/add/police",
        "table/outside",
        "table/participants",
        "conflict",
        "declaration",
    ):
        answer = manager.get(_address(scene, page))
        assert answer.status_code == 200, page
        title = manager.page.title.string if manager.page.title else ""
        links = " ".join(str(one["href"]) for one in manager.page.select("a[href]"))
        assert not any(canary in f"{title} {links}" for canary in CANARIES), page
    with inside(app.engine, scene) as (session, case, _manager):
        mails = " ".join(str((one.parameters, one.kind)) for one in session.scalars(select(OutboxMessage)))
        log = " ".join(str((one.tag, one.changes)) for one in session.scalars(select(AuditEntry)))
        assert not any(canary in mails + log for canary in (*CANARIES, case.number))


def test_the_head_sees_no_case_from_which_the_head_is_excluded(app: TmrFlask, scene: Scene) -> None:
    with inside(app.engine, scene) as (session, case, _manager):
        session.add(Seat(case_id=case.id, kind="ngo", person_id=scene.head, seated_at=NOW, recused_at=NOW))
        case.case_manager_id = None
        number = case.number
    head = SignedIn(app, scene.head)
    assert number not in head.get("/head-office").text
    assert head.get(_address(scene)).status_code == 403


@pytest.mark.parametrize("seated", [("police",), KINDS])
def test_the_page_takes_the_same_statements_for_few_and_many(
    app: TmrFlask, scene: Scene, seated: int
) -> None:
    """At most 20, whatever the number of seats."""
    here = build(app.engine, seated=seated, key="prizren")
    manager, head = SignedIn(app, here.manager), SignedIn(app, here.head)
    for browser, page in ((manager, _address(here)), (head, "/head-office")):
        browser.get(page)
        count = [0]

        def counted(*_arguments: object, count: list[int] = count) -> None:
            count[0] += 1

        event.listen(app.engine, "before_cursor_execute", counted)
        try:
            assert browser.get(page).status_code == 200
        finally:
            event.remove(app.engine, "before_cursor_execute", counted)
        assert count[0] <= 20, (page, count[0])


def test_a_person_is_never_named_to_office_by_themselves(app: TmrFlask, scene: Scene) -> None:
    head = SignedIn(app, scene.head)
    head.get("/head-office/acting")
    day = {"from_on-day": "1", "from_on-month": "11", "from_on-year": "2026"}
    day |= {"to_on-day": "8", "to_on-month": "11", "to_on-year": "2026"}
    assert head.post("/head-office/acting", person_id=str(scene.other), **day).status_code == 422, (
        "in the past"
    )
    day["from_on-day"] = "2"
    assert head.post("/head-office/acting", person_id=str(scene.head), **day).status_code == 422
    assert head.post("/head-office/acting", person_id=str(scene.other), **day).status_code == 303
    acting = SignedIn(app, scene.other)
    assert acting.get(_address(scene)).status_code == 200
    acting.get("/head-office/acting")
    assert acting.post("/head-office/acting", person_id=str(scene.manager), **day).status_code == 403
    with inside(app.engine, scene) as (session, _case, _manager):
        named = session.scalars(select(Appointment).where(Appointment.office == "acting_head")).one()
        named_id = named.id
    head.get("/head-office")
    assert head.post(f"/head-office/periods/{named_id}/end", hidden=False).status_code == 303
    assert acting.get(_address(scene)).status_code == 404
