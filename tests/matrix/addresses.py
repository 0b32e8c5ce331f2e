"""Addresses of every route with real ids behind them: what the sweeps of the matrix ask for."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from werkzeug.routing import AnyConverter, Rule

from tests.matrix import expected
from tests.matrix.endpoints import ENDPOINTS
from tmr_app.web.app import TmrFlask

READING = {"GET", "HEAD", "OPTIONS"}

KINDS: dict[str, tuple[str, ...]] = {
    "administration.appoint": ("institution", "centre", "nonsense"),
    "administration.new_declaration": ("case", "general", "nonsense"),
    "administration.template": ("csv", "xlsx"),
    "table.add": ("police", "ngo", "nonsense"),
}
WORDS: dict[str, tuple[Any, ...]] = {
    "who": ("child", "nonsense"),
    "block": ("notes", "nonsense"),
    "position": (0, 9),
    "version": (1, 9),
    "number": (1, 2, 9),
    "deed": ("invite",),
    "answer": ("confirm",),
    "session_id": ("00000000-0000-0000-0000-000000000001",),
}
OUTSIDE_A_CASE = {"proposal_id": "staff_proposal_id", "upload_id": "roster_upload_id"}
"""The same argument means another thing where the address is not a case's."""
MOST = 12
"""At most so many addresses for one route: the first of each argument's values, then the others in turn."""


def rules(app: TmrFlask, *, reading: bool) -> list[Rule]:
    """The routes that answer GET, or those that take something."""
    found = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    if reading:
        return [rule for rule in found if "GET" in (rule.methods or set())]
    return [rule for rule in found if (rule.methods or set()) - READING]


def opens(rule: Rule, role: str) -> bool:
    """Whether this role is let into the view, reading, in its own case or town; of a route not listed yet we do not know."""
    listed = ENDPOINTS.get(rule.endpoint)
    return listed is None or expected.may(role, listed[0], "own", rule.arguments)


def addresses(
    app: TmrFlask, rule: Rule, arguments: Mapping[str, tuple[Any, ...]], most: int = MOST
) -> Iterator[str]:
    """The rule's address for each value of each argument, at most `most` of them."""
    names = sorted(rule.arguments)
    if rule.endpoint == "cases.made":
        (case_id,) = arguments["case_id"][:1]
        whole = [
            (case_id, ("pdf", "docx")[place % 2], key, kind)
            for place, (kind, key) in enumerate(arguments["made"])
        ]
    else:
        whole = list(product(*[_values(rule, name, arguments) for name in names]))
    step = max(1, -(-len(whole) // most))
    for values in whole[::step]:
        yield app.url_map.bind("localhost").build(rule.endpoint, dict(zip(names, values, strict=True)))


def _values(rule: Rule, name: str, arguments: Mapping[str, tuple[Any, ...]]) -> tuple[Any, ...]:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return tuple(sorted(converter.items))
    if name == "kind":
        return KINDS[rule.endpoint]
    if name in OUTSIDE_A_CASE and not {"case_id", "version_id"} & rule.arguments:
        return arguments[OUTSIDE_A_CASE[name]]
    if name == "block" and arguments.get("item_id"):
        return (f"item-{arguments['item_id'][0]}", "views-child", "notes", "nonsense")
    if name == "who":
        return (*WORDS["who"], *arguments["relation_id"])
    return WORDS[name] if name in WORDS else arguments[name]
