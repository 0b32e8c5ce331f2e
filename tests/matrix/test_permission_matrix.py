"""Every route x every role x (own case, other case of the Centre, other town): the guard's answer against the matrix.

The views are replaced by one that only says it was reached, so that the answer is the guard's own and no address needs a
real record behind it. Twelve roles, and a visitor who has not signed in.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.routing import IntegerConverter, Rule

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix import expected
from tests.matrix.endpoints import ENDPOINTS
from tests.matrix.people import PLACES, ROLES, Cast, build
from tmr_app.web import transaction
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix

READING = {"GET", "HEAD", "OPTIONS"}
REACHED = "reached"


@pytest.fixture(scope="module")
def stage(app: TmrFlask) -> Iterator[SimpleNamespace]:
    """The app with stubbed views, the cast, and one signed-in client a role. Refusals are not drawn: 14,000 are asked for."""
    app.config["WTF_CSRF_ENABLED"] = False
    with work(app.engine) as session:
        cast = build(session)
    for endpoint, view in list(app.view_functions.items()):
        if endpoint != "static":
            app.view_functions[endpoint] = _stub(view)
    drawn = transaction.render_template
    patch = pytest.MonkeyPatch()
    patch.setattr(transaction, "render_template", lambda *_names, **_context: "")
    clients: dict[str, Any] = {
        role: SignedIn(app, person).client if person else app.test_client()
        for role, person in cast.people.items()
    }
    yield SimpleNamespace(
        app=app, cast=cast, clients=clients, drawn=drawn, sampled=app.engine.dialect.name != "sqlite"
    )
    patch.undo()


def _stub(view: Any) -> Any:
    def reached(**_arguments: object) -> str:
        return REACHED

    vars(reached).update(vars(view))
    return reached


def _rules(app: TmrFlask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def _asked(stage: SimpleNamespace) -> list[Rule]:
    """SQLite: every route. PostgreSQL: one route for each permission and kind of subject, since the guard sees no more."""
    if not stage.sampled:
        return _rules(stage.app)
    one_each = {
        (ENDPOINTS[rule.endpoint], frozenset(rule.arguments & {"case_id", "municipality_id"})): rule
        for rule in _rules(stage.app)
    }
    return list(one_each.values())


def _address(app: TmrFlask, rule: Rule, cast: Cast, place: str) -> str:
    """The rule with the place's case and municipality, and a plausible value for everything else."""
    values: dict[str, object] = {}
    for name in rule.arguments:
        converter = rule._converters[name]
        known = {
            "case_id": cast.cases[place],
            "municipality_id": cast.municipalities[place],
            "meeting_id": cast.meeting,
        }
        if name in known:
            values[name] = known[name]
        elif type(converter).__name__ == "UUIDConverter":
            values[name] = uuid4()
        elif isinstance(converter, IntegerConverter):
            values[name] = 1
        elif type(converter).__name__ == "AnyConverter":
            values[name] = sorted(converter.items)[0]  # type: ignore[attr-defined]
        else:
            values[name] = "x"
    return app.url_map.bind("localhost").build(rule.endpoint, values)


def test_every_endpoint_is_listed_with_what_it_asks_for(stage: SimpleNamespace) -> None:
    """An unlisted route, or one whose permission was changed without a look at this list, fails."""
    declared = {
        rule.endpoint: (
            str(stage.app.view_functions[rule.endpoint].permission),
            str(
                getattr(stage.app.view_functions[rule.endpoint], "posting", None)
                or stage.app.view_functions[rule.endpoint].permission
            ),
        )
        for rule in _rules(stage.app)
    }
    assert declared == ENDPOINTS


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ROLES)
def test_the_guard_answers_as_the_matrix_says(stage: SimpleNamespace, role: str, place: str) -> None:
    client, wrong, asked = stage.clients[role], [], 0
    for rule in _asked(stage):
        subject = rule.arguments & {"case_id", "municipality_id"}
        if place != "own" and not subject:
            continue
        address = _address(stage.app, rule, stage.cast, place)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            permission = ENDPOINTS[rule.endpoint][method not in READING]
            answer = client.open(address, method=method)
            reached = answer.status_code == 200 and answer.text == REACHED
            asked += 1
            if reached is not expected.may(role, permission, place, rule.arguments):
                wrong.append(f"{role} {place} {method} {address} ({permission}): {answer.status_code}")
            elif not reached:
                if place != "other_town" and expected.is_told_to_sign(role, permission):
                    if answer.status_code != 403:
                        wrong.append(f"{role} {method} {address}: not led to the declaration")
                    continue
                wrong += _odd_refusal(role, place, method, address, answer, bool(subject & {"case_id"}))
    assert asked
    assert not wrong, "\n".join(wrong[:20])


def _odd_refusal(role: str, place: str, method: str, address: str, answer: Any, in_case: bool) -> list[str]:
    """404 to whoever has no link to the case, 403 to whoever knows it, the sign-in to whoever is nobody."""
    if role == "nobody":
        right = answer.status_code in (302, 303) and "/login" in answer.headers["Location"]
    elif (
        in_case
        and place == "own"
        and role in ("case_manager", "assistant", "head", "member", "guest", "undeclared", "recused")
    ) or (in_case and place == "other_case" and role == "head"):
        right = answer.status_code == 403
    else:
        right = answer.status_code == 404
    return [] if right else [f"{role} {place} {method} {address}: refused with {answer.status_code}"]


TOKEN = re.compile(rb'(?<=name="csrf_token" value=")[^"]*')


def test_a_case_of_others_looks_exactly_like_no_case(
    stage: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 8.2.2: ids of another case, another town, and a random id give the same page."""
    monkeypatch.setattr(transaction, "render_template", stage.drawn)
    client = stage.clients["member"]

    def body(case_id: UUID) -> bytes:
        answer = client.get(f"/cases/{case_id}/")
        assert answer.status_code == 404
        # The token of the page's forms carries the second it was made in.
        return TOKEN.sub(b"-", answer.data.replace(str(case_id).encode(), b"-"))

    body(uuid4())  # a message left over from earlier requests is shown once
    bodies = {body(stage.cast.cases["other_case"]), body(stage.cast.cases["other_town"]), body(uuid4())}
    assert len(bodies) == 1
