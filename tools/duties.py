"""Write the register of duties from what the source shows: ``python -m tools.duties [--check]`` (``make duties``).

A duty is *kept* when all six are found, else *planned*, with what is missing:

1. the rule: a function of ``regulation.articles`` marked ``@keeps``;
2. its situation table: a test in ``tests/regulation`` marked ``duty`` with at least three situations;
3. an operation outside ``regulation`` and the ledger's builders that asks that rule, or the guard (see KEPT_BY_GUARD);
4. the ledger's builder, marked ``@builds``;
5. an endpoint: a view from which the call graph leads to that operation;
6. a journey in ``tests/journeys`` that saw the duty's row change: ``row_changed("A8.3", ...)`` of ``tests.fixtures.duty_rows``,
   or a test marked ``duty_journey("A8.3")``.
"""

import ast
import json
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tmr_app.oversight import ledger
from tmr_app.regulation.duties import DUTIES, Duty, rules_of
from tools.call_graph import Graph

ROOT = Path(__file__).resolve().parent.parent
REGISTER = ROOT / "tmr_app" / "regulation" / "register.json"
PAGE = ROOT / "docs" / "duties.md"
GUARD = "tmr_app.web.guard:check"
HOOK = "tmr_app.web.panels:keep_next_duties"
"""Runs with every deed in a case, whatever view it came from."""
KEPT_BY_GUARD = frozenset({"A2", "A10.6", "A18.1"})
"""Standing duties of everybody towards everything: kept at the door by the guard, which must lead to ``policy.may``."""
SITUATIONS = 3
NOT_OPERATIONS = ("tmr_app.regulation", "tmr_app.oversight.rows_", "tmr_app.oversight.ledger")
SHOWN = 3


@dataclass
class Found:
    """What was found for one duty, as ``(words, path)`` pairs."""

    duty: Duty
    rule: list[tuple[str, str]] = field(default_factory=list)
    table: list[tuple[str, str]] = field(default_factory=list)
    operation: list[tuple[str, str]] = field(default_factory=list)
    row: list[tuple[str, str]] = field(default_factory=list)
    screen: list[tuple[str, str]] = field(default_factory=list)
    journey: list[tuple[str, str]] = field(default_factory=list)

    PARTS = ("rule", "table", "operation", "row", "screen", "journey")

    @property
    def missing(self) -> list[str]:
        return [part for part in self.PARTS if not getattr(self, part)]

    @property
    def state(self) -> str:
        return "planned" if self.missing else "kept"


def find(root: Path = ROOT) -> list[Found]:
    """Every duty in the Regulation's order, with what the source shows of it."""
    graph = Graph(root, "tmr_app")
    tables, journeys = _tables(root), _journeys(root)
    screens, hooked = _screens(graph), graph.reached(HOOK)
    builders = ledger.builders()
    found = []
    for duty in DUTIES:
        one = Found(duty, table=tables[duty.id], journey=journeys[duty.id])
        rules = [rule for rule in rules_of(duty.id) if rule.__module__.startswith("tmr_app.regulation")]
        one.rule = [(rule.__name__, _path(rule.__module__)) for rule in rules]
        nodes = {f"{rule.__module__}:{rule.__name__}" for rule in rules}
        operations = _operations(graph, duty.id, nodes)
        # What runs with every deed is named last: a deed of its own says more.
        operations.sort(key=lambda node: (node in hooked, node))
        one.operation = [(_words(node), _path(node.partition(":")[0])) for node in operations]
        one.screen = _leading_to(screens, hooked, operations)
        if duty.id in builders:
            builder = builders[duty.id]
            one.row = [(builder.__name__, _path(builder.__module__))]
        found.append(one)
    return found


def _path(module: str) -> str:
    return module.replace(".", "/") + ".py"


def _words(node: str) -> str:
    module, _, name = node.partition(":")
    return f"{module.removeprefix('tmr_app.')}.{name}"


def _operations(graph: Graph, duty: str, rules: set[str]) -> list[str]:
    """The functions that ask one of these rules."""
    if duty in KEPT_BY_GUARD:
        return [GUARD] if "tmr_app.access.policy:may" in graph.reached(GUARD) else []
    return sorted(
        node
        for node, targets in graph.edges.items()
        if targets & rules and not node.startswith(NOT_OPERATIONS)
    )


@dataclass(frozen=True, slots=True)
class Screen:
    """An endpoint (a function under a route of a blueprint) with the nodes it reaches; a page can be opened by GET."""

    view: str
    is_page: bool
    reached: dict[str, int]


def _screens(graph: Graph) -> list[Screen]:
    found = []
    for node, function in graph.decorated():
        ways = {
            one.func.attr
            for one in function.decorator_list
            if isinstance(one, ast.Call)
            and isinstance(one.func, ast.Attribute)
            and isinstance(one.func.value, ast.Name)
        } & {"get", "post", "route"}
        if ways:
            found.append(Screen(node, ways != {"post"}, graph.reached(node)))
    return found


def _leading_to(
    screens: list[Screen], hooked: dict[str, int], operations: list[str]
) -> list[tuple[str, str]]:
    """The endpoints that lead to one of these operations: those of its own room if there are any, pages before bare
    deeds, the nearest first. Every view stands behind the guard.
    """
    if operations == [GUARD]:
        return [("every view", _path(GUARD.partition(":")[0]))]
    if any(one in hooked for one in operations):
        return [("every deed in a case", _path(HOOK.partition(":")[0]))]
    leading = [one for one in screens if one.reached.keys() & set(operations)]
    rooms = {_room(one) for one in operations}
    own = [one for one in leading if _room(one.view) in rooms]

    def rank(one: Screen) -> tuple[bool, int, str]:
        return not one.is_page, min(one.reached[node] for node in operations if node in one.reached), one.view

    nearest = [one.view for one in sorted(own or leading, key=rank)]
    return [(_words(view), _path(view.partition(":")[0])) for view in nearest[:SHOWN]]


def _room(node: str) -> str:
    """`tmr_app.plans.views:show` -> `plans`."""
    return node.split(".")[1].partition(":")[0]


def _tables(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Marked situation tables of the rules."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((root / "tests" / "regulation").glob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        lists = {
            part.targets[0].id: len(part.value.elts)
            for part in tree.body
            if isinstance(part, ast.Assign)
            and isinstance(part.targets[0], ast.Name)
            and isinstance(part.value, ast.List)
        }
        for function in [part for part in tree.body if isinstance(part, ast.FunctionDef)]:
            if _situations(function, lists) >= SITUATIONS:
                for duty in _marks(function, "duty"):
                    found[duty].append((function.name, str(path.relative_to(root))))
    return found


def _situations(function: ast.FunctionDef, lists: dict[str, int]) -> int:
    count = 0
    for one in function.decorator_list:
        if isinstance(one, ast.Call) and ast.unparse(one.func) == "pytest.mark.parametrize":
            table = one.args[1]
            if isinstance(table, ast.Name):
                count += lists.get(table.id, 0)
            elif isinstance(table, ast.List | ast.Tuple):
                count += len(table.elts)
    return count


def _marks(function: ast.FunctionDef, name: str) -> list[str]:
    return [
        str(one.args[0].value)
        for one in function.decorator_list
        if isinstance(one, ast.Call)
        and ast.unparse(one.func) == f"pytest.mark.{name}"
        and isinstance(one.args[0], ast.Constant)
    ]


def _journeys(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Journeys that saw a duty's row change."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for path in sorted((root / "tests" / "journeys").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in [part for part in ast.walk(tree) if isinstance(part, ast.FunctionDef)]:
            duties = _marks(function, "duty_journey") + _row_changes(function)
            for duty in dict.fromkeys(duties):
                found[duty].append((function.name, str(path.relative_to(root))))
    return found


def _row_changes(function: ast.FunctionDef) -> list[str]:
    return [
        str(argument.value)
        for one in ast.walk(function)
        if isinstance(one, ast.Call) and ast.unparse(one.func).split(".")[-1] == "row_changed"
        for argument in one.args[:1]
        if isinstance(argument, ast.Constant)
    ]


def register_text(found: list[Found]) -> str:
    """The register as `tmr duties --json` prints it."""
    rows = [{"duty": one.duty.id, "title": str(one.duty.title), "state": one.state} for one in found]
    return "[\n" + ",\n".join("  " + json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def page_text(found: list[Found]) -> str:
    """`docs/duties.md`: for each duty where it lives, and what is missing."""
    kept = sum(one.state == "kept" for one in found)
    head = (
        "# The duties of Regulation 23/2023\n\n"
        "Written by `make duties` from the source; do not edit. A duty is *kept* when its rule, its situation table, the\n"
        "operation or guard that asks the rule, its ledger row, a screen that leads to the operation and a browser journey\n"
        "in which its row changed are all found; else it is *planned*, and the empty cells say what is missing.\n\n"
        f"Kept: {kept} of {len(found)}.\n\n"
        "| duty | title | state | rule | situations | operation | ledger row | screen | journey |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    return head + "".join(_page_row(one) for one in found)


def _page_row(one: Found) -> str:
    cells = [one.duty.id, str(one.duty.title), one.state]
    cells += [_links(getattr(one, part)) for part in Found.PARTS]
    return "| " + " | ".join(cells) + " |\n"


def _links(pairs: list[tuple[str, str]]) -> str:
    shown = [f"[{words}](../{path})" for words, path in pairs[:SHOWN]]
    return "<br>".join(shown)


def main(arguments: list[str]) -> int:
    """Write both files; with ``--check`` only say whether they are stale (exit status 1)."""
    found = find()
    texts = {REGISTER: register_text(found), PAGE: page_text(found)}
    stale = [path for path, text in texts.items() if not path.exists() or path.read_text() != text]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run make duties", file=sys.stderr)
        return 1 if stale else 0
    PAGE.parent.mkdir(exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    planned = [one for one in found if one.state == "planned"]
    print(f"{len(found) - len(planned)} kept, {len(planned)} planned")
    for one in planned:
        print(f"  {one.duty.id:<8} missing: {', '.join(one.missing)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
