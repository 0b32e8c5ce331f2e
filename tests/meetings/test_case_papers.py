"""Documents of a case taken as Word and PDF: who may have which, whose copy it is, and Annex 1 made by version."""

import hashlib
import io
import re
from collections.abc import Iterator
from datetime import timedelta

import docx
import pytest
from pypdf import PdfReader, PdfWriter
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from tests.documents.reading import docx_texts, pdf_pages, squeezed
from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.meetings.test_holding_pages import Scene, declare
from tmr_app.access.permissions import Permission
from tmr_app.cases import case_files, declaring, papers
from tmr_app.cases.models import Case, Child
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry, hash_of
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.meetings import annex_forms
from tmr_app.meetings.annex_models import AnnexForm
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.verdicts import Status
from tmr_app.web.app import TmrFlask

LATER = hw.DURING + timedelta(hours=3)
MEETINGS_KINDS = {"annex1", "attendance", "minutes", "pack", "invitation"}


@pytest.fixture(scope="module")
def held(database_url: str, make_app: MakeApp) -> Iterator[Scene]:
    """A first meeting held with everything written; nobody changes it but by new versions."""
    with clock.fixed_at(LATER):
        app = make_app(database_url)
        with work(app.engine) as session:
            here, meeting = hw.running(session, with_family=True)
            declaring.seed_texts(session, mw.NOW)
            for person in (here.town.case_manager, *here.town.members.values()):
                declare(session, here, person)
            hw.write_all(session, here, meeting)
            hw.end(session, here, meeting)
            scene = Scene(app, here, meeting)
            scene.head = here.town.head.id  # type: ignore[attr-defined]
        yield scene


def links(browser: SignedIn, scene: Scene, language: str = "") -> dict[str, list[str]]:
    """The addresses offered, by kind."""
    asked = f"?language={language}" if language else ""
    assert browser.get(f"/cases/{scene.case_id}/documents{asked}").status_code == 200
    found: dict[str, list[str]] = {}
    for one in browser.page.select("main a[href*='/documents/made/']"):
        kind = str(one["href"]).split("/documents/made/")[1].split("/")[0]
        found.setdefault(kind, []).append(str(one["href"]))
    return found


def test_the_page_offers_each_document_in_both_formats_and_each_opens(held: Scene) -> None:
    chair = held.browser(held.chair)
    offered = links(chair, held)
    assert MEETINGS_KINDS | {"assessment", "initial-plan"} <= set(offered)
    for address in (one for several in offered.values() for one in several[:2]):
        answer = chair.get(address)
        assert answer.status_code == 200, address
        name = re.search(r'filename="?([^";]+)', answer.headers["Content-Disposition"])
        assert name
        assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{8}\.(pdf|docx)", name[1])
        assert answer.data[:4] == (b"%PDF" if ".pdf" in address else b"PK\x03\x04")


@pytest.mark.parametrize(
    ("language", "word"), [("sq", "Procesverbali"), ("sr", "Zapisnik"), ("en", "Minutes")]
)
def test_labels_follow_the_language_asked_for_and_text_stays(held: Scene, language: str, word: str) -> None:
    chair = held.browser(held.chair)
    address = links(chair, held, language)["minutes"][0]
    assert f"language={language}" in address
    data = chair.get(address).data
    text = squeezed("".join(pdf_pages(data)))
    assert squeezed(word) in text
    assert "DiskutimKanarine" in text
    assert str(PdfReader(io.BytesIO(data)).trailer["/Root"]["/Lang"]).startswith(language)


def test_a_copy_names_its_reader_on_every_page_and_the_audit_holds_its_fingerprint(held: Scene) -> None:
    reader = held.browser(held.police)
    offered = links(reader, held)
    data = reader.get(offered["assessment"][0]).data
    pages = pdf_pages(data)
    with held.reading() as session:
        person = session.get_one(mw.Person, held.police)
        name = person.name
        case = session.get_one(Case, held.case_id)
        row = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.tag == "paper:taken", AuditEntry.actor_id == held.police)
            .order_by(AuditEntry.sequence.desc())
        ).first()
        made = papers.Reader(person, _standing(session, held), LATER, LATER, "sq")
        key = offered["assessment"][0].split("/")[-1].split(".")[0]
        document = papers.take(session, case, made, "assessment", key)
        assert row.changes["copy"] == hash_of(papers.copies.fingerprint(document))
    assert all(squeezed(f"{name}, 17.11.2026") in squeezed(page) for page in pages)
    again = reader.get(offered["assessment"][0]).data
    assert again == data
    word = docx.Document(io.BytesIO(reader.get(offered["assessment"][1]).data))
    assert name in " ".join(one.text for one in word.sections[0].header.paragraphs)


def _standing(session: Session, held: Scene) -> papers.Standing:
    from tmr_app.cases import standing_loader

    return standing_loader.in_case(session, held.police, held.case_id, LATER)[0]


def test_a_member_is_offered_the_own_invitation_only_and_no_sheet_for_the_family(held: Scene) -> None:
    member, chair = held.browser(held.police), held.browser(held.chair)
    own, all_of_them = links(member, held), links(chair, held)
    assert len(own["invitation"]) == 2
    assert len(all_of_them["invitation"]) > 2
    other = next(one for one in all_of_them["invitation"] if one not in own["invitation"])
    assert chair.get(other).status_code == 200
    assert member.get(other).status_code == 404
    assert "family-notice" not in own
    assert not member.page.select("form[action$='/annex1']")


def test_other_cases_kinds_and_languages_are_refused(held: Scene) -> None:
    chair = held.browser(held.chair)
    address = links(chair, held)["annex1"][0]
    assert chair.get(address.replace("annex1", "diary")).status_code == 404
    assert chair.get(re.sub(r"[0-9a-f]{32}", "0" * 32, address)).status_code == 404
    assert chair.get(re.sub(r"[0-9a-f]{32}", "zz", address)).status_code == 404
    assert chair.get(address.split("?")[0] + "?language=de").status_code == 400


def test_every_kind_asks_for_a_right_of_its_own(held: Scene) -> None:
    assert {one.permission for one in papers._kinds.values()} >= {
        Permission.MINUTES_DRAFT_READ,
        Permission.REPORT_READ,
        Permission.PLAN_READ,
    }


@pytest.mark.duty("A20")
def test_a20_the_form_is_made_at_the_end_and_filled_from_the_case(held: Scene) -> None:
    chair = held.browser(held.chair)
    address = links(chair, held)["annex1"][1]
    said = squeezed("".join(docx_texts(chair.get(address).data)))
    for label in annex_labels("sq"):
        assert squeezed(label) in said
    for typed in ("Kanarina Femija", "GjetjeKanarine", "QellimKanarine", "DiskutimKanarine"):
        assert squeezed(typed) in said
    assert "RaportuesKanarine" not in said  # T19: the source's kind, never the reporter
    assert "Shkolla" in said


@pytest.mark.duty("A20")
def test_a20_making_it_again_adds_a_version_only_when_something_changed(held: Scene) -> None:
    chair = held.browser(held.chair)
    chair.get(f"/cases/{held.case_id}/documents")
    assert chair.post(held.base + "annex1", hidden=False).status_code == 303
    with held.reading() as session:
        assert [one.version for one in _forms(session, held)] == [1]
        case, meeting = session.get_one(Case, held.case_id), session.get_one(Meeting, held.meeting_id)
        session.scalars(select(Child).where(Child.case_id == case.id)).one().health = "Astmë"
        form = annex_forms.make(session, None, LATER, case=case, meeting=meeting)
        assert form.version == 2
        assert annex_forms.make(session, None, LATER, case=case, meeting=meeting) is form
        form.labels_sha256 = "0" * 64  # of another annex: the rule refuses it, so it is made anew
        assert annex_forms.verdict(case, meeting, [form], LATER.date()).status is Status.NOT_MET
        anew = annex_forms.make(session, None, LATER, case=case, meeting=meeting)
        assert anew.version == 3
        assert annex_forms.verdict(case, meeting, [form, anew], LATER.date()).status is Status.MET
        assert annex_forms.verdict(case, meeting, [], LATER.date()).status is Status.DUE
        session.rollback()


@pytest.mark.duty("A20")
def test_a20_a_meeting_without_a_date_has_no_form(held: Scene) -> None:
    with held.reading() as session:
        case, meeting = session.get_one(Case, held.case_id), session.get_one(Meeting, held.meeting_id)
        meeting.meeting_on = None
        with pytest.raises(OutOfOrder):
            annex_forms.make(session, None, LATER, case=case, meeting=meeting)
        session.rollback()


def _forms(session: Session, held: Scene) -> list[AnnexForm]:
    return list(session.scalars(select(AnnexForm).where(AnnexForm.meeting_id == held.meeting_id)))


@pytest.fixture
def coming(fresh_database_url: str, make_app: MakeApp) -> Iterator[tuple[TmrFlask, Scene]]:
    with clock.fixed_at(mw.NOW):
        app = make_app(fresh_database_url)
        with work(app.engine) as session:
            here, meeting = hw.convened(session, with_family=True)
            declaring.seed_texts(session, mw.NOW)
            declare(session, here, here.town.case_manager)
            scene = Scene(app, here, meeting)
        yield app, scene


@pytest.mark.duty("A8.10")
@pytest.mark.duty("A4.5")
def test_a8_10_the_family_gets_a_sheet_each_and_a_marked_perpetrator_none(
    coming: tuple[TmrFlask, Scene],
) -> None:
    _app, scene = coming
    chair = scene.browser(scene.chair)
    sheets = links(chair, scene)["family-notice"]
    assert len(sheets) == 4  # child and mother, twice a format
    said = [squeezed("".join(pdf_pages(chair.get(one).data))) for one in sheets[::2]]
    assert any("NenaKanarina" in one for one in said)
    assert all("RreziqeKanarine" not in one for one in said)
    with scene.reading() as session:
        relation = session.get_one(mw.Relation, scene.mother)
        relation.is_suspected_perpetrator = True
    assert chair.get(sheets[2]).status_code == 404
    assert len(links(chair, scene)["family-notice"]) == 2


def test_a_file_is_the_members_copy_and_the_keepers_original(held: Scene) -> None:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    data = io.BytesIO()
    writer.write(data)
    with held.reading() as session:
        case, chair = session.get_one(Case, held.case_id), session.get_one(mw.Person, held.chair)
        kept, _warnings = case_files.add_file(
            session, chair, LATER, case=case, store=held.app.extensions["tmr_files"], title="Raport",
            upload=FileStorage(io.BytesIO(data.getvalue()), filename="a.pdf"), audience="table", largest=10**6,
        )  # fmt: skip
        name, digest = session.get_one(mw.Person, held.police).name, kept.sha256
    address = f"/cases/{held.case_id}/documents/{kept.id}"
    copy = held.browser(held.police).get(address).data
    assert squeezed(f"{name}, 17.11.2026") in squeezed("".join(pdf_pages(copy)))
    original = held.browser(held.chair).get(address).data
    assert hashlib.sha256(original).hexdigest() == digest
