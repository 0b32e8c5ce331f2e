from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import docx
import pytest
from babel.messages.pofile import read_po
from pypdf import PdfReader

from tests.documents import samples
from tests.documents.reading import docx_texts, missing_from, pdf_pages, squeezed, strings
from tmr_app.documents import family_notice, minutes, texts
from tmr_app.documents.content import Language, PageBreak, Watermark
from tmr_app.documents.output import KINDS, write
from tmr_app.documents.texts import translate, written_day
from tmr_app.regulation.verdicts import Message

LANGUAGES: tuple[Language, ...] = ("sq", "sr", "en")
NAMES = tuple(samples.documents("en"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_both_formats_say_everything_the_description_says(name: str, language: Language) -> None:
    made = samples.documents(language)[name]
    wanted = [part for block in made.blocks for part in strings(block)] + [made.title, made.subtitle]
    assert missing_from("\n".join(docx_texts(write(made, "docx"))), iter(wanted)) == []
    assert (
        missing_from("".join(pdf_pages(write(made, "pdf"))), iter([*wanted, made.office, made.reference]))
        == []
    )


def test_every_kind_has_a_builder_and_says_its_name() -> None:
    made = samples.documents("sq")
    assert {document.kind for document in made.values()} == set(KINDS)


@pytest.mark.parametrize("name", NAMES)
def test_languages_differ_in_labels_and_agree_in_what_people_wrote(name: str) -> None:
    spoken = {language: samples.documents(language)[name] for language in LANGUAGES}
    assert len({document.title for document in spoken.values()}) == 3
    assert len({document.page_label for document in spoken.values()}) == 3
    shapes = {tuple(type(block) for block in document.blocks) for document in spoken.values()}
    assert len(shapes) == 1


@pytest.mark.parametrize("name", NAMES)
def test_file_properties_and_running_heads_name_no_child(name: str) -> None:
    made = samples.documents("sq")[name]
    private = ("Ëndrra", "Shembulli", "Valbona")
    properties = PdfReader(io.BytesIO(write(made, "pdf"))).metadata
    core = docx.Document(io.BytesIO(write(made, "docx"))).core_properties
    shown = f"{properties} {core.title} {core.subject} {core.author} {made.footer} {made.reference}"
    assert [word for word in private if word in shown] == []


@pytest.mark.duty("A14.3.2")
def test_a14_3_2_the_letter_to_a_superior_names_what_was_owed_and_never_the_case() -> None:
    made = samples.documents("sq")["superior-letter"]
    said = "\n".join(part for block in made.blocks for part in strings(block))
    assert "Driton Berisha" in said
    assert "e shtunë, 14 nëntor 2026" in said
    for private in ("QPS-PR-2026-0143", "TMR-7K4F-02", samples.CHILD.full_name, "Ëndrra"):
        assert private not in f"{said} {made.title} {made.reference} {made.footer}"


@pytest.mark.duty("A8.10")
def test_a8_10_a_family_that_is_not_invited_is_not_told_to_come() -> None:
    values = family_notice.FamilyNoticeValues(
        language="en",
        office=samples.OFFICE,
        sender=samples.MANAGER,
        recipient="V.",
        reader="child",
        meeting=samples.MEETING,
        issued_on=samples.MEETING.on,
    )
    for reader in ("child", "parent"):
        asked = family_notice.build(replace(values, reader=reader))
        told = family_notice.build(replace(values, reader=reader, invited=False))
        assert "You may come" in "".join(strings(asked.blocks))
        assert "You may come" not in "".join(strings(told.blocks))
        assert told.large


def test_draft_minutes_bear_the_mark_and_final_ones_do_not() -> None:
    made = samples.documents("sr")
    assert made["minutes-draft"].mark == "NACRT"
    assert made["minutes"].mark == ""
    assert all("NACRT" in page for page in pdf_pages(write(made["minutes-draft"], "pdf")))


def test_a_corrigendum_cites_the_sealed_fingerprint() -> None:
    values = minutes.MinutesValues(
        case=samples.case("en"),
        meeting=samples.MEETING,
        version=1,
        made_on=samples.MEETING.on,
        attendance=(),
        items=(),
        corrects="c0ffee" * 10,
    )
    assert "c0ffee" * 10 in "".join(strings(minutes.build(values).blocks))


def test_the_pack_holds_its_parts_and_every_page_names_the_reader() -> None:
    made = samples.documents("sq")
    copy = made["pack"].for_reader(Watermark("Driton Berisha", "Kopje personale: Driton Berisha, 12:00:05"))
    pages = pdf_pages(write(copy, "pdf"))
    assert all("Driton Berisha, 12:00:05" in page for page in pages)
    whole = "".join(pages)
    for part in ("invitation", "assessment", "plan", "report"):
        assert missing_from(whole, strings(made[part].blocks)) == []
    assert "1" * 64 in squeezed(whole)
    assert not any(isinstance(block, PageBreak) for block in made["pack"].blocks)


def test_a_message_is_put_into_the_documents_language() -> None:
    message = Message("Version %(number)s, %(day)s", number=3, day=samples.MEETING.on)
    assert translate(message, "sq") == "Versioni 3, e martë, 17 nëntor 2026"
    assert translate(message, "sr_Latn") == "Verzija 3, utorak, 17. novembar 2026."
    assert translate(message, "en") == f"Version 3, {written_day(samples.MEETING.on, 'en')}"
    assert translate(Message("A text no catalogue has"), "sq") == "A text no catalogue has"


@pytest.mark.parametrize("locale", ["sq", "sr_Latn"])
def test_every_text_of_a_document_is_in_a_fragment(locale: str) -> None:
    from babel.messages.extract import extract_from_dir

    room = texts.Path(texts.__file__).parent
    spoken: dict[object, object] = {}
    for fragment in (room.parent / "translations" / locale).glob("*.po"):
        with fragment.open("rb") as source:
            spoken |= {one.id: one.string for one in read_po(source, locale=locale) if one.id}
    used = {found[2] for found in extract_from_dir(room, keywords={"_": None, "Message": None})}
    assert {text for text in used if not spoken.get(text)} == set()


def test_the_room_is_pure() -> None:
    """No web, no database, no keys; of the kernel only what it says about text."""
    script = (
        "import pkgutil, importlib, sys, tmr_app.documents as room\n"
        "names = [one.name for one in pkgutil.iter_modules(room.__path__)]\n"
        "[importlib.import_module(f'tmr_app.documents.{name}') for name in names if name != 'docx_blocks']\n"
        "banned = ('flask', 'sqlalchemy', 'docx', 'typst', 'icalendar')\n"
        "kernel = {name for name in sys.modules if name.startswith('tmr_app.kernel.')} - {'tmr_app.kernel.text'}\n"
        "print([name for name in banned if name in sys.modules] + sorted(kernel), len(names))"
    )
    made = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert made.stdout.startswith("[] ")


@pytest.mark.duty("A14.5")
def test_a14_5_an_invitation_claims_the_heads_agreement_only_when_there_is_one() -> None:
    from tmr_app.documents import invitation
    from tmr_app.documents.values import SeatValues

    values = invitation.InvitationValues(
        case=samples.case("en"),
        meeting=replace(samples.MEETING, purpose="extraordinary"),
        recipient=SeatValues(person=samples.POLICE, kind="police"),
        agenda=(),
        papers=(),
        issued_on=samples.MEETING.on,
    )
    assert "agreed with the head" in "".join(strings(invitation.build(values).blocks))
    told = invitation.build(replace(values, date_agreed=False))
    assert "agreed with the head" not in "".join(strings(told.blocks))
    assert "progress report" not in "".join(strings(told.blocks))
