"""A wheel carries every file the product reads: pages, database versions, catalogues, fonts, the papers' layout."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tmr_app.kernel import migrations
from tmr_app.kernel.settings import ROOT, shipped

LEFT_OUT = (".po", ".pyc")
INSIDE = {"tmr_app": "tmr_app", "templates": "tmr_app/templates", "migrations": "tmr_app/migrations"}
"""Where each folder of the tree lies in the wheel."""


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """What is in a wheel built from this tree; nothing is fetched."""
    pytest.importorskip("hatchling", reason="hatchling is not installed: run 'make setup'")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(next(folder.glob("*.whl"))) as wheel:
        return set(wheel.namelist())


def _needed() -> Iterator[str]:
    for folder, inside in INSIDE.items():
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and path.suffix not in LEFT_OUT and "__pycache__" not in path.parts:
                yield f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"


def test_the_product_looks_for_its_folders_where_a_wheel_has_them() -> None:
    assert shipped("migrations") == migrations.SCRIPTS
    assert shipped("translations") == ROOT / "tmr_app" / "translations", "inside the package before beside it"


def test_nothing_the_product_reads_is_missing(names: set[str]) -> None:
    assert sorted(set(_needed()) - names) == []


@pytest.mark.parametrize("language", ["sq", "sr_Latn"])
def test_the_languages_are_compiled(names: set[str], language: str) -> None:
    assert f"tmr_app/translations/{language}/LC_MESSAGES/messages.mo" in names


def test_nothing_else_is_in_it(names: set[str]) -> None:
    """No tests, no tools, no documents, no keys."""
    foreign = [one for one in names if not one.startswith(("tmr_app/", "tmr_app-"))]
    assert foreign == []
    assert not any(Path(one).name in {"keys.json", ".env"} or "var" in Path(one).parts for one in names)
