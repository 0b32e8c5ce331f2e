"""The annual report's files: every format, both copies, what is never printed."""

import io
import json
from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.oversight.annual_kit import YEAR
from tests.oversight.annual_stage import (
    Stage,
    begun,
    set_up,
)

if TYPE_CHECKING:
    from tmr_app.web.app import TmrFlask


@pytest.mark.parametrize("copy", ["municipality", "public"])
def test_every_format_says_the_same_and_marks_a_draft(light: Stage, copy: str) -> None:
    head = begun(light)
    at = f"{light.base}/{YEAR}/versions/1/{copy}"
    pdf = PdfReader(io.BytesIO(head.get(f"{at}.pdf").data))
    told = " ".join(page.extract_text() for page in pdf.pages)
    assert "DRAFT" in told
    assert "Cases by kind of risk" in told
    assert pdf.metadata is not None
    assert head.get(f"{at}.docx").data[:2] == b"PK"
    book = load_workbook(io.BytesIO(head.get(f"{at}.xlsx").data))
    lines = json.loads(head.get(f"{at}.json").data)["figures"]
    rows = list(book["Data"].iter_rows(values_only=True))
    assert len(rows) == len(lines) + 1
    assert [row[12] for row in rows[1:]] == [line["figure"] for line in lines]
    csv = head.get(f"{at}.csv").data.decode("utf-8-sig").splitlines()
    assert len(csv) == len(lines) + 1
    keys = {line["category_1"] for line in lines} - {""}
    dictionary = head.get(f"{at}-dictionary.csv").data.decode("utf-8-sig")
    assert all(key in dictionary for key in keys)


def test_no_small_count_leaves_in_the_municipalitys_copy(light: Stage) -> None:
    head = begun(light)
    figures = json.loads(head.get(f"{light.base}/{YEAR}/versions/1/municipality.json").data)["figures"]
    assert not [line for line in figures if line["figure"] in (1, 2, 3, 4)]
    assert any(line["hidden"] for line in figures)


def test_a_small_town_prints_totals_only(light_app: "TmrFlask") -> None:
    stage = set_up(light_app, 9)
    head = begun(stage)
    figures = json.loads(head.get(f"{stage.base}/{YEAR}/versions/1/municipality.json").data)["figures"]
    assert "only totals are printed" in head.get(f"{stage.base}/{YEAR}").text
    assert all(line["category_1"] == "" for line in figures)
