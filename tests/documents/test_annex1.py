"""A20: Annex 1 label for label, in .docx and in PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.documents import samples
from tests.documents.reading import docx_texts, pdf_pages, squeezed
from tmr_app.documents import annex1
from tmr_app.documents.content import Language
from tmr_app.documents.output import write
from tmr_app.documents.values import CaseValues, ChildValues, OfficeValues, PersonValues
from tmr_app.regulation.annex1 import annex_labels
from tmr_app.regulation.catalogue import GROUNDS, RISK_KINDS

LANGUAGES: tuple[Language, ...] = ("sq", "sr", "en")
NOBODY = PersonValues(name="")


@pytest.mark.duty("A20")
def test_a20_the_labels_are_the_annex_to_the_letter() -> None:
    """Against the annex as the gazette prints it: blanks, figures of rows and rules to write on apart."""

    def letters(text: str) -> str:
        return re.sub(r"[\s\d_]", "", text)

    printed = (Path(__file__).parent / "annex1.sq.txt").read_text(encoding="utf-8")
    assert letters("".join(annex_labels("sq"))) == letters(printed)


def empty_form(language: Language, **more: Any) -> annex1.Annex1Values:
    office = OfficeValues(name="", municipality="prishtine")
    case = CaseValues(number="", language=language, office=office, case_manager=NOBODY, **more)
    return annex1.Annex1Values(
        case=case, child=ChildValues(full_name=""), meeting_on=samples.MEETING.on, chair=""
    )


@pytest.mark.duty("A20")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a20_the_empty_docx_holds_the_annexs_labels_and_nothing_else(language: Language) -> None:
    written = docx_texts(write(annex1.build(empty_form(language)), "docx"))
    cleaned = [text.removeprefix("☐ ").strip() for text in written]
    said = [text for text in cleaned if text and not re.fullmatch(r"\d+|17\.11\.2026", text)]
    assert squeezed("".join(said)) == squeezed("".join(annex_labels(language)))


@pytest.mark.duty("A20")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a20_the_empty_pdf_holds_the_annexs_labels_in_order(language: Language) -> None:
    document = annex1.build(empty_form(language))
    pages = pdf_pages(write(document, "pdf"))
    whole = ""
    for number, page in enumerate(pages, 1):
        label = document.page_label.replace("{page}", str(number)).replace("{pages}", str(len(pages)))
        text = squeezed(page)
        for running in (document.footer, label):
            assert squeezed(running) in text
            text = text.replace(squeezed(running), "", 1)
        whole += text
    for gone in ("☐", "17.11.2026"):
        whole = whole.replace(gone, "")
    wanted = squeezed("".join(annex_labels(language)))
    without_digits = re.compile(r"\d")
    # Row numbers are the only digits beside "18"; a table's head may stand again on the next page.
    found = without_digits.sub("", whole)
    assert found == without_digits.sub("", wanted) or in_order(found, annex_labels(language))


def in_order(text: str, labels: tuple[str, ...]) -> bool:
    at = 0
    for label in labels:
        wanted = re.sub(r"\d", "", squeezed(label))
        at = text.find(wanted, at)
        if at < 0:
            return False
        at += len(wanted)
    return True


@pytest.mark.duty("A20")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a20_the_filled_form_keeps_the_labels_in_order_and_ticks_what_applies(language: Language) -> None:
    document = samples.documents(language)["annex1"]
    written = docx_texts(write(document, "docx"))
    assert in_order(re.sub(r"\d", "", squeezed("".join(written))), annex_labels(language))
    ticked = [text for text in written if text.startswith("☑")]
    assert len(ticked) == len(samples.case(language).risk_kinds) + 1
    assert any(text.endswith(": mungesë e mbikëqyrjes pas shkollës") for text in ticked)
    printed = "".join(pdf_pages(write(document, "pdf")))
    assert printed.count("☑") == len(ticked)
    assert printed.count("☐") == len(RISK_KINDS) + len(GROUNDS) - len(ticked)


def test_a20_the_printed_spelling_of_the_gazette_is_kept() -> None:
    said = "".join(docx_texts(write(annex1.build(empty_form("sq")), "docx")))
    for printed in (
        "TNMR",
        "Data takimit",
        "Data lindjes:",
        "vendqendrimi",
        "Bashkrendimi",
        "realizmit",
        "veqanta",
    ):
        assert printed in said


def test_a20_the_order_check_finds_a_swap() -> None:
    labels = annex_labels("sq")
    swapped = re.sub(r"\d", "", squeezed("".join((*labels[1:4], labels[0]))))
    assert not in_order(swapped, labels[:4])
