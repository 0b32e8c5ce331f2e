"""The repository's own files, as git knows them; new files not yet committed included."""

import ast
import gc
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def repository_files() -> tuple[Path, ...]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if path.is_file() and not path.is_symlink()))


def files_under(folder: str, suffix: str = ".py") -> list[Path]:
    top = ROOT / folder
    return [path for path in repository_files() if path.suffix == suffix and path.is_relative_to(top)]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return _trees()[path]


@cache
def _trees() -> dict[Path, ast.Module]:
    """All modules at once, and kept from the collector: a million nodes that stay, looked through while they were made."""
    gc.collect()  # what an earlier test left behind is not kept with them
    gc.disable()
    try:
        paths = [path for path in repository_files() if path.suffix == ".py"]
        return {path: ast.parse(path.read_text(encoding="utf-8"), filename=shown(path)) for path in paths}
    finally:
        gc.freeze()
        gc.enable()


def dotted(node: ast.AST) -> str:
    """``a.b.c`` of a name or attribute chain, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def calls(path: Path) -> list[tuple[int, str]]:
    """Line and dotted name of every call in a module."""
    found = [(node.lineno, dotted(node.func)) for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    return [(line, name) for line, name in found if name]
