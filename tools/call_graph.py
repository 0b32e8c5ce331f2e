"""Which function of the application leads to which, read from the source without running it.

A node is ``module:function`` (or ``module:NAME`` for an assignment of a module). An edge says that one names the other:
as a call, an argument or an entry of a list. So a view leads to its operation, and the operation to the rule it asks.
What a room above registers (`@case_panels`) is reached from the list that holds it.
"""

import ast
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Graph:
    """The nodes and edges of all modules below some folders of a package."""

    def __init__(self, root: Path, package: str) -> None:
        self.root = root
        self.trees = {name: tree for name, tree in _modules(root, package)}
        self.names: dict[str, dict[str, str]] = {
            name: _imported(tree, set(self.trees)) for name, tree in self.trees.items()
        }
        self.nodes: dict[str, list[ast.AST]] = defaultdict(list)
        for name, tree in self.trees.items():
            for place, part in _parts(tree):
                self.nodes[f"{name}:{place}"].append(part)
        self.edges = {node: self._edges(node) for node in list(self.nodes)}
        self._follow_registries()

    def decorated(self) -> Iterator[tuple[str, Function]]:
        """Every top-level function with its node."""
        for name, tree in self.trees.items():
            for part in tree.body:
                if isinstance(part, Function):
                    yield f"{name}:{part.name}", part

    def reached(self, start: str) -> dict[str, int]:
        """Every node that can be reached, with the number of steps."""
        steps, waiting = {start: 0}, deque([start])
        while waiting:
            node = waiting.popleft()
            for following in self.edges.get(node, ()):
                if following not in steps:
                    steps[following] = steps[node] + 1
                    waiting.append(following)
        return steps

    def _edges(self, node: str) -> set[str]:
        module = node.partition(":")[0]
        found = set()
        for part in self.nodes[node]:
            own = _own_names(part)
            for one in ast.walk(part):
                if isinstance(one, ast.Name) and one.id in own:
                    continue
                target = self._target(module, one)
                if target is not None and target != node:
                    found.add(target)
        return found

    def _follow_registries(self) -> None:
        """A list of a module leads to the functions that a bare decorator of that module puts into it."""
        for node, function in self.decorated():
            for one in function.decorator_list:
                register = None if isinstance(one, ast.Call) else self._target(node.partition(":")[0], one)
                for held in self.edges.get(register or "", ()):
                    if held.partition(":")[0] == (register or "").partition(":")[0] and self._is_list(held):
                        self.edges[held].add(node)

    def _is_list(self, node: str) -> bool:
        return all(isinstance(part, ast.List) for part in self.nodes[node])

    def _target(self, module: str, one: ast.AST) -> str | None:
        if isinstance(one, ast.Name):
            return self._resolved(module, one.id)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name):
            owner = self.names[module].get(one.value.id)
            return self._resolved(owner, one.attr) if owner in self.trees else None
        return None

    def _resolved(self, module: str | None, name: str, depth: int = 0) -> str | None:
        """The node of a name as a module sees it, through re-exports."""
        if module is None or depth > 5:
            return None
        if f"{module}:{name}" in self.nodes:
            return f"{module}:{name}"
        source = self.names.get(module, {}).get(name)
        if source is None or ":" not in source:
            return None
        owner, _, original = source.partition(":")
        return self._resolved(owner, original, depth + 1)


def _modules(root: Path, package: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((root / package).rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def _imported(tree: ast.Module, modules: set[str]) -> dict[str, str]:
    """What each imported name stands for: a module, or ``module:name``."""
    found: dict[str, str] = {}
    for one in ast.walk(tree):
        if isinstance(one, ast.ImportFrom) and one.module:
            for alias in one.names:
                whole = f"{one.module}.{alias.name}"
                found[alias.asname or alias.name] = (
                    whole if whole in modules else f"{one.module}:{alias.name}"
                )
        elif isinstance(one, ast.Import):
            for alias in one.names:
                found[alias.asname or alias.name] = alias.name
    return found


def _own_names(part: ast.AST) -> set[str]:
    """What a function calls by a name of its own: its arguments and variables are no functions of the module."""
    if not isinstance(part, Function):
        return set()
    arguments = {one.arg for one in ast.walk(part) if isinstance(one, ast.arg)}
    return arguments | {
        one.id for one in ast.walk(part) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


def _parts(tree: ast.Module) -> Iterable[tuple[str, ast.AST]]:
    """Top-level functions, classes and assignments by name."""
    for part in tree.body:
        if isinstance(part, Function | ast.ClassDef):
            yield part.name, part
        elif isinstance(part, ast.Assign):
            for target in part.targets:
                if isinstance(target, ast.Name):
                    yield target.id, part.value
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name) and part.value:
            yield part.target.id, part.value
