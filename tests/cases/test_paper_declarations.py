"""Declarations on paper and the list of who signed which text when (A18.2); a new text asks again and says so kindly."""

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy import Engine, select

from tests.cases.table_kit import NOW, Scene, build, inside, let_in
from tests.documents.reading import pdf_pages, squeezed
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.cases import declaring, paper_declarations, participants, seating
from tmr_app.cases.models import CaseFile, Relation
from tmr_app.cases.paper_declarations import Sheet
from tmr_app.cases.table_models import Declaration, Participant
from tmr_app.kernel import clock
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.members import declaration_texts

TODAY = date(2026, 11, 2)
SHEET = Sheet(signed_on=TODAY, language="sq", text_version=1)
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp) -> Iterator[Any]:
    with clock.fixed_at(LATER):
        yield make_app(fresh_database_url)


@pytest.fixture
def engine(app: Any) -> Engine:
    made: Engine = app.engine
    return made


@pytest.fixture
def scene(engine: Engine) -> Scene:
    return build(engine)


def scan() -> tuple[io.BytesIO, str]:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    data = io.BytesIO()
    writer.write(data)
    return io.BytesIO(data.getvalue()), "Kanarina Femija.pdf"


def add(engine: Engine, scene: Scene, relation_id: Any = None) -> Participant:
    with inside(engine, scene) as (session, case, manager):
        return participants.add_participant(session, manager, NOW, case=case, relation_id=relation_id)


def record(engine: Engine, scene: Scene, signer: Any, sheet: Sheet = SHEET) -> Declaration:
    with inside(engine, scene) as (session, case, manager):
        found = session.get_one(type(signer), signer.id)
        return paper_declarations.record(
            session, manager, LATER, case=case, signer=found, sheet=sheet, scan=None
        )


@pytest.mark.duty("A18.2")
def test_a18_2_child_and_mother_sign_on_paper_once_each(engine: Engine, scene: Scene) -> None:
    child, mother = add(engine, scene), add(engine, scene, scene.mother)
    rows = [record(engine, scene, one) for one in (child, mother, child)]
    assert rows[0].id == rows[2].id
    assert [(row.for_child, row.relation_id, row.method) for row in rows[:2]] == [
        (True, None, "paper"),
        (False, scene.mother, "paper"),
    ]
    assert {row.attested_by_id for row in rows} == {scene.manager}
    with inside(engine, scene) as (session, case, _manager):
        family = [line for line in paper_declarations.lines(session, case) if line.participant]
        assert [line.missing for line in family] == [False, False]


@pytest.mark.duty("A18.2")
def test_a18_2_a_small_childs_is_signed_by_the_guardian_and_is_not_the_guardians_own(
    engine: Engine, scene: Scene
) -> None:
    child, mother = add(engine, scene), add(engine, scene, scene.mother)
    row = record(engine, scene, child, Sheet(TODAY, "sq", 1, guardian_id=scene.mother))
    assert (row.method, row.guardian_id, row.for_child) == ("paper_guardian", scene.mother, True)
    with inside(engine, scene) as (session, case, _manager):
        lines = {
            line.participant.id: line for line in paper_declarations.lines(session, case) if line.participant
        }
        assert not lines[child.id].missing
        assert lines[mother.id].missing


@pytest.mark.duty("A18.2")
@pytest.mark.parametrize(
    ("sheet", "field"),
    [
        (Sheet(TODAY + timedelta(days=1), "sq", 1), "signed_on"),
        (Sheet(TODAY - timedelta(days=1), "sq", 1), "signed_on"),
        (Sheet(TODAY, "de", 1), "language"),
        (Sheet(TODAY, "sq", 1, guardian_id=None), None),
    ],
    ids=["tomorrow", "before the text", "no such language", "today"],
)
def test_a18_2_the_day_and_the_language_of_the_sheet(
    engine: Engine, scene: Scene, sheet: Sheet, field: str | None
) -> None:
    child = add(engine, scene)
    if field is None:
        record(engine, scene, child, sheet)
        return
    with pytest.raises(FieldRefused) as refused:
        record(engine, scene, child, sheet)
    assert refused.value.field == field


@pytest.mark.duty("A4.5")
def test_a4_5_a_marked_guardian_signs_for_nobody(engine: Engine, scene: Scene) -> None:
    child = add(engine, scene)
    with inside(engine, scene) as (session, _case, _manager):
        session.get_one(Relation, scene.mother).is_suspected_perpetrator = True
    with pytest.raises(RuleRefused):
        record(engine, scene, child, Sheet(TODAY, "sq", 1, guardian_id=scene.mother))


@pytest.mark.duty("A18.2")
def test_a18_2_a_sheet_with_an_old_text_or_of_somebody_gone_is_refused(engine: Engine, scene: Scene) -> None:
    child = add(engine, scene)
    with inside(engine, scene) as (session, _case, manager):
        declaration_texts.publish(session, None, NOW, kind="case", text_sq="a", text_sr="b", text_en="c")
    with pytest.raises(OutOfOrder):
        record(engine, scene, child)
    record(engine, scene, child, Sheet(TODAY, "sq", 2))
    with inside(engine, scene) as (session, _case, manager):
        participants.remove_participant(
            session, manager, NOW, participant=session.get_one(Participant, child.id)
        )
    with pytest.raises(OutOfOrder):
        record(engine, scene, child, Sheet(TODAY, "sq", 2))


@pytest.mark.duty("A18.2")
def test_a18_2_a_guest_without_account_signs_on_paper_one_with_account_in_the_product(
    engine: Engine, scene: Scene, app: Any
) -> None:
    with inside(engine, scene) as (session, case, manager):
        seat = seating.seat_outside_professional(
            session, manager, NOW, case=case, name="Mysafire Pa Llogari", email="mysafire@shembull.example",
            function="Psikologe", institution_name="OJQ", reason="Njeh fëmijën", works_for_child_protection=True,
            language="sq",
        )  # fmt: skip
    assert record(engine, scene, seat).person_id == seat.person_id
    SignedIn(app, scene.members["police"])
    with inside(engine, scene) as (session, _case, _manager):
        police = session.get_one(paper_declarations.Seat, scene.seats["police"])
    with pytest.raises(OutOfOrder):
        record(engine, scene, police)


@pytest.mark.duty("A18.2")
def test_a18_2_the_page_asks_for_a_scan_and_attestation_and_the_list_shows_it(
    app: Any, scene: Scene, engine: Engine
) -> None:
    child = add(engine, scene)
    chair = SignedIn(app, scene.manager)
    base = f"/cases/{scene.case}/table"
    address = f"{base}/participants/{child.id}/declaration"
    page = chair.get(address)
    assert page.status_code == 200
    assert "Kanarina Femija" in page.text
    sheet = str(chair.one("main a[href*='/made/declaration/']")["href"])
    printed = squeezed("".join(pdf_pages(chair.get(sheet).data)))
    assert "KanarinaFemija" in printed
    chair.get(address)
    sheet_of_today = {
        "signed_on-day": "2",
        "signed_on-month": "11",
        "signed_on-year": "2026",
        "language": "sq",
        "guardian": "",
    }
    assert chair.post(address, **sheet_of_today).status_code == 422
    refused = chair.post(address, **sheet_of_today, upload=(io.BytesIO(b"x"), "a.txt"), attested="y")
    assert refused.status_code == 422
    assert chair.page.select("[id*=upload][id*=error]")
    kept = chair.post(address, **sheet_of_today, upload=scan(), attested="y")
    assert kept.status_code == 303, kept.text
    with inside(engine, scene) as (session, _case, _manager):
        row = session.scalars(select(Declaration).where(Declaration.for_child)).one()
        assert row.scan_id
        file = session.get_one(CaseFile, row.scan_id)
        assert file.audience == "case_manager"
        assert "Kanarina" not in file.title
    listed = chair.get(f"{base}/declarations")
    assert listed.status_code == 200
    assert str(row.scan_id) in listed.text
    let_in(engine, scene, scene.members["police"])
    member = SignedIn(app, scene.members["police"])
    assert member.get(f"{base}/declarations").status_code == 200
    assert str(row.scan_id) not in str(member.page)
    assert member.get(address).status_code == 403


@pytest.mark.duty("A18.2")
def test_a18_2_a_new_text_says_kindly_what_happened_and_opens_again(
    app: Any, scene: Scene, engine: Engine
) -> None:
    let_in(engine, scene, scene.members["police"])
    member = SignedIn(app, scene.members["police"])
    with inside(engine, scene) as (session, _case, _manager):
        declaration_texts.publish(
            session, None, NOW, kind="case", text_sq="Ri", text_sr="Novo", text_en="New"
        )
    refused = member.get(f"/cases/{scene.case}/")
    assert refused.status_code == 403
    assert f"/cases/{scene.case}/declaration" in refused.text
    assert "ka ndryshuar" in refused.text
    member.get(f"/cases/{scene.case}/declaration")
    assert "Teksti ka ndryshuar" in member.text
    member.post(f"/cases/{scene.case}/declaration", agreed="y")
    assert member.get(f"/cases/{scene.case}/").status_code == 200
    with inside(engine, scene) as (session, case, _manager):
        line = next(
            one for one in paper_declarations.lines(session, case) if one.seat and one.seat.kind == "police"
        )
        assert [one.text.version for one in line.signed] == [2, 1]
        manager = next(
            one
            for one in paper_declarations.lines(session, case)
            if one.seat and one.seat.kind == "case_manager"
        )
        assert manager.is_outdated


@pytest.mark.duty("A18.2")
def test_a18_2_ones_own_declaration_as_a_file_before_and_after_signing(app: Any, scene: Scene) -> None:
    member = SignedIn(app, scene.members["police"])
    blank = squeezed("".join(pdf_pages(member.get(f"/cases/{scene.case}/declaration.pdf").data)))
    assert "Kanarina" not in blank
    member.get(f"/cases/{scene.case}/declaration")
    member.post(f"/cases/{scene.case}/declaration", agreed="y")
    data = member.get(f"/cases/{scene.case}/declaration.pdf?language=sq").data
    assert squeezed("Nënshkruar në Tryeza") in squeezed("".join(pdf_pages(data)))
    assert PdfReader(io.BytesIO(data)).metadata.title  # type: ignore[union-attr]
    stranger = SignedIn(app, scene.other)
    assert stranger.get(f"/cases/{scene.case}/declaration.pdf").status_code == 404


def test_texts_are_published_in_three_languages_by_version_never_in_place(
    engine: Engine, scene: Scene
) -> None:
    with inside(engine, scene) as (session, _case, _manager):
        with pytest.raises(FieldRefused):
            declaration_texts.publish(session, None, NOW, kind="case", text_sq="a", text_sr="b", text_en=" ")
        text = declaration_texts.publish(
            session, None, NOW, kind="case", text_sq="a", text_sr="b", text_en="c"
        )
        assert (text.version, len(text.sha256)) == (2, 64)
        assert declaring.text_in(text, "sr_Latn") == "b"
        declaring.seed_texts(session, NOW)
        newest = declaring.newest_text(session)
        assert newest is not None
        assert newest.id == text.id
