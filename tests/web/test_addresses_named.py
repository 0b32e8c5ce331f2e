"""Every endpoint that a template or a module names is one: a wrong name is found here, not by whoever opens the page."""

import ast
import re
from collections.abc import Iterator

from tests.architecture.sources import dotted, files_under, shown, tree
from tmr_app.web.app import TmrFlask

ASKED = re.compile(r"""url_for\(\s*['"]([a-z_]+\.[a-z_]+)['"]""")


def _named() -> Iterator[tuple[str, str]]:
    for path in files_under("templates", ".html"):
        for endpoint in ASKED.findall(path.read_text(encoding="utf-8")):
            yield shown(path), endpoint
    for path in files_under("tmr_app"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and dotted(node.func) != "ForeignKey":
                for one in (*node.args, *(keyword.value for keyword in node.keywords)):
                    if isinstance(one, ast.Constant) and isinstance(one.value, str):
                        yield f"{shown(path)}:{one.lineno}", one.value


def test_every_endpoint_that_is_named_is_one(bare_app: TmrFlask) -> None:
    """A module's word counts as an endpoint where it begins with the name of a blueprint and a dot."""
    rooms, pages = set(bare_app.blueprints), set(bare_app.view_functions)
    named = [(where, one) for where, one in _named() if re.fullmatch(r"[a-z_]+\.[a-z_]+", one)]
    wrong = [f"{where}: {one}" for where, one in named if one.split(".")[0] in rooms and one not in pages]
    assert not wrong, "\n".join(wrong)
    assert sum(one in pages for _where, one in named) > 300
