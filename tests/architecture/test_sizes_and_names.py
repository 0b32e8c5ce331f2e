"""Sizes that are too many, and names that say nothing."""

import ast
import re

from tests.architecture.sources import ROOT, files_under, repository_files, shown, tree

FOLDERS = ("tmr_app", "tests", "tools", "bench")
MODULE_LIMIT = 400
LIMITS = {"tmr_app/regulation/articles.py": 900, "tests/conftest.py": 150}
TEMPLATE_LIMIT = 150
BANNED_FILES = {"utils", "util", "helpers", "helper", "common", "misc", "base"}
BANNED_CLASS = re.compile(r"(Manager|Helper|Utils?)$")
CATALOGUE_WORDS = {"CaseManager", "AssistantCaseManager", "ActingCaseManager", "DutyCaseManager"}


def _lines(text: str) -> int:
    return len(text.splitlines())


def test_no_module_is_too_long() -> None:
    found = []
    for path in [
        *files_under("tmr_app"),
        *files_under("tests"),
        *files_under("tools"),
        *files_under("bench"),
    ]:
        limit = LIMITS.get(shown(path), MODULE_LIMIT)
        lines = _lines(path.read_text(encoding="utf-8"))
        if lines > limit:
            found.append(f"{shown(path)}: {lines} lines, at most {limit}")
    assert not found, "\n".join(found)


def test_no_template_is_too_long() -> None:
    """Components are macros and may be longer."""
    found = []
    for path in files_under("templates", ".html"):
        lines = _lines(path.read_text(encoding="utf-8"))
        if lines > TEMPLATE_LIMIT and path.parent.name != "components":
            found.append(f"{shown(path)}: {lines} lines")
    assert not found, "\n".join(found)


def test_no_file_has_a_name_that_says_nothing() -> None:
    own = [path for path in repository_files() if "vendor" not in path.relative_to(ROOT).parts]
    found = [shown(path) for path in own if path.stem.lower() in BANNED_FILES and path.suffix == ".py"]
    assert not found


def test_no_class_is_a_manager_or_a_helper() -> None:
    found = [
        f"{shown(path)}: {node.name}"
        for path in [*files_under("tmr_app"), *files_under("tools"), *files_under("tests")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
        and BANNED_CLASS.search(node.name)
        and node.name not in CATALOGUE_WORDS
    ]
    assert not found, "\n".join(found)


def test_classes_have_no_tall_ancestry() -> None:
    """A class of ours inherits from at most two of ours in a row (a form, a page, an error)."""
    parents: dict[str, list[str]] = {}
    for path in files_under("tmr_app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef):
                parents[node.name] = [name for base in node.bases if (name := getattr(base, "id", ""))]

    def height(name: str, seen: frozenset[str] = frozenset()) -> int:
        ours = [parent for parent in parents.get(name, []) if parent in parents and parent not in seen]
        return 1 + max((height(parent, seen | {name}) for parent in ours), default=0)

    tall = [name for name in parents if height(name) > 3]
    assert not tall
