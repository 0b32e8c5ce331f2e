"""Rooms import only from the rooms below them, and the law needs no framework."""

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT, files_under, shown

FRAMEWORKS = ("flask", "werkzeug", "jinja2", "sqlalchemy", "alembic", "flask_babel", "wtforms", "psycopg")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
SLOW = ("docx", "typst", "pyhanko", "holidays", "openpyxl", "icalendar", "apscheduler")


def test_import_contracts_hold() -> None:
    result = subprocess.run(
        [
            sys.executable,
            "-c",
            LINT_IMPORTS,
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("room", ["regulation", "access"])
def test_pure_rooms_load_no_framework(room: str) -> None:
    """In a fresh interpreter: import every module of the room, then look at what came along."""
    paths = [shown(path) for path in files_under(f"tmr_app/{room}")]
    assert paths, f"{room} has no module"
    names = [path[:-3].replace("/", ".").removesuffix(".__init__") for path in paths]
    assert _in_fresh_interpreter(names, FRAMEWORKS) == []


def test_starting_the_web_loads_no_slow_library() -> None:
    """Each would cost every start of web and worker up to three seconds: they are imported where used."""
    assert _in_fresh_interpreter(["tmr_app.web.app"], SLOW) == []


def _in_fresh_interpreter(modules: list[str], looked_for: tuple[str, ...]) -> list[str]:
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        f"print(*sorted(set({looked_for!r}) & loaded))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.split()
