"""Migrations are numbered, have both directions and one head."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files_under, shown, tree

NAME = re.compile(r"^\d{4}_[a-z0-9_]+\.py$")


@pytest.fixture(scope="module")
def versions() -> list[Path]:
    found = files_under("migrations/versions")
    assert found, "there is no migration"
    return found


def _body(path: Path, function: str) -> list[ast.stmt]:
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            return [
                s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            ]
    return []


def test_each_has_both_directions(versions: list[Path]) -> None:
    found = []
    for path in versions:
        for function in ("upgrade", "downgrade"):
            body = _body(path, function)
            if not body or all(isinstance(statement, ast.Pass | ast.Raise) for statement in body):
                found.append(f"{shown(path)}: {function} does nothing")
    assert not found, "\n".join(found)


def test_names_are_numbered_once(versions: list[Path]) -> None:
    assert not [path.name for path in versions if not NAME.match(path.name)]
    numbers = [path.name[:4] for path in versions]
    assert len(numbers) == len(set(numbers))


def test_there_is_one_head(versions: list[Path]) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.set_main_option("path_separator", "os")
    script = ScriptDirectory.from_config(config)
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1
