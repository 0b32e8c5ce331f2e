"""Every message of the Regulation has its Albanian and Serbian, with the same named places."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import tmr_app

PACKAGE = Path(tmr_app.__file__).parent
PLACES = re.compile(r"%\((\w+)\)s")


def _msgids() -> set[str]:
    return {
        node.args[0].value
        for path in (PACKAGE / "regulation").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message" and node.args
        if isinstance(node.args[0], ast.Constant)
    }


@pytest.mark.parametrize("locale", ["sq", "sr_Latn"])
def test_every_message_is_translated_and_none_is_left_over(locale):
    with (PACKAGE / "translations" / locale / "regulation.po").open("rb") as file:
        entries = {entry.id: entry.string for entry in read_po(file) if entry.id}
    assert set(entries) == _msgids()
    for english, text in entries.items():
        assert text.strip()
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(english)), english


def test_every_message_is_written_out_where_it_is_made():
    """A msgid put together at run time would be found by no catalogue."""
    for path in (PACKAGE / "regulation").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                first = node.args[0]
                known = isinstance(first, ast.Constant) or ast.unparse(first) == "text.msgid"
                assert known, f"{path.name}:{node.lineno}"
