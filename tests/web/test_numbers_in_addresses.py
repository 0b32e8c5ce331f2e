"""Numbers in addresses (B32): one that no row can have is no such page, whoever asks; never an error of the database."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix.people import Cast, build
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.db
READERS = ("case_manager", "head", "officer", "ministry")
PLACE = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
"""As somebody types it: the converter would not build what it does not take."""
NUMBERS = (0, 9_999, 10_000, 2**31 - 1, 2**31, 2**63, 10**30)


def _numbered(app: TmrFlask) -> Iterator[tuple[Rule, set[str]]]:
    for rule in app.url_map.iter_rules():
        numbers = {name for name in rule.arguments if isinstance(rule._converters[name], IntegerConverter)}
        if numbers:
            yield rule, numbers


def _value(rule: Rule, name: str, cast: Cast) -> Any:
    own = {
        "case_id": cast.cases["own"],
        "municipality_id": cast.municipalities["own"],
        "meeting_id": cast.meeting,
    }
    converter = rule._converters[name]
    if name in own:
        return own[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return uuid4() if isinstance(converter, UUIDConverter) else "x"


def test_a_number_that_fits_no_column_is_no_page(bare_app: TmrFlask) -> None:
    bare_app.config["WTF_CSRF_ENABLED"] = False
    with work(bare_app.engine) as session:
        cast = build(session)
    asked, wrong = 0, []
    for role in READERS:
        person = cast.people[role]
        assert person is not None
        client = SignedIn(bare_app, person).client
        for rule, numbers in _numbered(bare_app):
            for number in NUMBERS:
                values = {
                    name: number if name in numbers else _value(rule, name, cast) for name in rule.arguments
                }
                address = PLACE.sub(lambda place: str(values[place[1]]), rule.rule)  # noqa: B023
                reading = "GET" in (rule.methods or ())
                answer = client.get(address) if reading else client.post(address)
                asked += 1
                if answer.status_code >= 500 or (number >= 2**31 and answer.status_code != 404):
                    wrong.append((role, address, answer.status_code))
    assert asked > 300
    assert not wrong
