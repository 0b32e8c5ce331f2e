"""`tmr report annual`: each format, a draft marked so, and refusals in one sentence with a way out."""

import csv
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import select

from tests.fixtures.world import use_test_keys, work
from tests.oversight.annual_kit import IN_MARCH, YEAR
from tests.oversight.annual_stage import Stage, adopted
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.web.commands.report_command import command


@pytest.fixture
def run(light: Stage, tmp_path: Path) -> Any:
    """The command over the stage's database; the file it was to write lies under `out`."""
    keys = tmp_path / "keys.json"
    use_test_keys().save(keys)
    url = light.app.settings.database_url

    def call(out: Path, file_format: str, *more: str, town: str = "prishtine", year: int = YEAR) -> Any:
        arguments = [
            "annual",
            "--municipality",
            town,
            "--year",
            str(year),
            "--format",
            file_format,
            "--out",
            str(out),
        ]
        with clock.fixed_at(IN_MARCH):
            return CliRunner().invoke(
                command, [*arguments, *more], env={"TMR_DATABASE_URL": url, "TMR_KEY_FILE": str(keys)}
            )

    return call


def test_an_unadopted_year_prints_a_draft_in_every_format(light: Stage, run: Any, tmp_path: Path) -> None:
    for file_format in ("docx", "pdf", "xlsx", "json", "csv"):
        out = tmp_path / f"report.{file_format}"
        done = run(out, file_format, "--language", "en")
        assert done.exit_code == 0, done.output
        assert "DRAFT" in done.output
        assert out.stat().st_size > 500
    pages = PdfReader(tmp_path / "report.pdf").pages
    assert all("DRAFT" in page.extract_text() for page in pages)
    made = docx.Document(str(tmp_path / "report.docx"))
    assert "DRAFT" in "".join(one.text for one in made.sections[0].header.paragraphs)
    assert len(made.tables) > 8
    assert json.loads((tmp_path / "report.json").read_text())["draft"] is True
    with (tmp_path / "report-dictionary.csv").open(encoding="utf-8-sig") as file:
        assert {row["kind"] for row in csv.DictReader(file)} == {
            "column",
            "table",
            "dimension",
            "category",
            "figure",
        }
    with work(light.app.engine) as session:
        assert "annual_report:printed" in set(session.scalars(select(AuditEntry.tag)))


def test_an_adopted_year_prints_what_was_adopted(light: Stage, run: Any, tmp_path: Path) -> None:
    head = adopted(light)
    head.post(f"{light.base}/{YEAR}/compile", hidden=False)  # a new version is begun: it is not printed
    out = tmp_path / "report.json"
    done = run(out, "json", "--copy", "public")
    assert "DRAFT" not in done.output
    told = json.loads(out.read_text())
    assert (told["version"], told["draft"], told["copy"], told["language"]) == (1, False, "public", "sq")


@pytest.mark.parametrize(
    ("town", "year", "said"),
    [
        ("prishtine", 2027, "2027 has not begun"),
        ("prishtine", 2023, "not older than 2024"),
        ("novoberde", YEAR, "Nothing is on record for 2025"),
        ("atlantis", YEAR, "use its key"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(
    light: Stage, run: Any, tmp_path: Path, town: str, year: int, said: str
) -> None:
    out = tmp_path / "none.pdf"
    done = run(out, "pdf", town=town, year=year)
    assert done.exit_code == 1
    assert said in done.output
    assert not out.exists()


def test_a_file_that_cannot_be_written_says_where(light: Stage, run: Any, tmp_path: Path) -> None:
    done = run(tmp_path / "missing" / "report.csv", "csv")
    assert done.exit_code == 1
    assert "Choose another --out" in done.output
