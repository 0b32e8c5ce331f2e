"""A closed dossier is read-only (A17.3): every route that writes within a case, as everyone who had a place in it.

The views are stubs that only say they were reached: what is compared is the guard's own answer, over the whole map of
addresses, with the hand-kept list of what stays lawful after the end and why.
"""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix.people import ROLES, build
from tests.matrix.test_permission_matrix import REACHED, READING, _address, _rules, _stub
from tmr_app.cases.models import Case
from tmr_app.web import transaction
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix

INSIDE = tuple(role for role in ROLES if role not in ("officer", "ministry", "administrator", "nobody"))

MINUTES = "A10.1: minutes of the last meetings are still objected to, approved, corrected"
SIGNING = "A10.1, A17.5: the closing form and the last minutes are signed and sealed after the end"
KEEPER = "A4.2: somebody answers for the closed dossier: its signatures, its time of keeping"
CONFLICT = "A10.2: a conflict that shows late shuts the reader out"
DOOR = "A18.2: whoever still reads has signed and answered first"
BY_LAW = "A18.1: a court or a prosecutor may ask after the end"
KEEPING = "A18.1: hold, erasure by two"
STAYS_LAWFUL: dict[str, str] = {
    "cases.disclosure_decision": BY_LAW,
    "cases.disclosure_made": BY_LAW,
    "cases.disclosures": BY_LAW,
    "closing.reopen": "A16: the head, with a reason",
    "minutes_course.answer": MINUTES,
    "minutes_course.approve": MINUTES,
    "minutes_course.approve_corrigendum": MINUTES,
    "minutes_course.circulate": MINUTES,
    "minutes_course.corrigendum": MINUTES,
    "minutes_course.object_": MINUTES,
    "minutes_course.take_back": MINUTES,
    "retention.erasure": KEEPING,
    "retention.hold": KEEPING,
    "retention.lift": KEEPING,
    "signing.certificate": SIGNING,
    "signing.close": SIGNING,
    "signing.decide": SIGNING,
    "signing.missing": SIGNING,
    "signing.paper": SIGNING,
    "signing.refuse": SIGNING,
    "signing.show": SIGNING,
    "table.answer_conflict": DOOR,
    "table.assign": KEEPER,
    "table.decide_chair_flag": CONFLICT,
    "table.decide_flag": CONFLICT,
    "table.decide_hand_over": KEEPER,
    "table.decline_hand_over": KEEPER,
    "table.flag": CONFLICT,
    "table.hand_over": KEEPER,
    "table.recuse": CONFLICT,
    "table.review_glass": "A16: an emergency opening is looked at afterwards",
    "table.sign_declaration": DOOR,
}
"""Every route that still writes in a closed case, and why it may: reviewed by hand like the matrix itself."""


@pytest.fixture(scope="module")
def closed(app: TmrFlask) -> Iterator[SimpleNamespace]:
    app.config["WTF_CSRF_ENABLED"] = False
    with work(app.engine) as session:
        cast = build(session)
        session.execute(update(Case).where(Case.id == cast.cases["own"]).values(status="closed"))
    for endpoint, view in list(app.view_functions.items()):
        if endpoint != "static":
            app.view_functions[endpoint] = _stub(view)
    patch = pytest.MonkeyPatch()
    patch.setattr(transaction, "render_template", lambda *_names, **_context: "")
    yield SimpleNamespace(app=app, cast=cast)
    patch.undo()


def test_a17_3_nothing_is_written_in_a_closed_dossier_but_what_the_end_itself_asks(
    closed: SimpleNamespace,
) -> None:
    reached: dict[str, set[str]] = {}
    asked = 0
    for role in INSIDE:
        client: Any = SignedIn(closed.app, closed.cast.people[role]).client
        for rule in _rules(closed.app):
            if "case_id" not in rule.arguments:
                continue
            for method in sorted((rule.methods or set()) - READING):
                asked += 1
                answer = client.open(_address(closed.app, rule, closed.cast, "own"), method=method)
                if answer.status_code == 200 and answer.text == REACHED:
                    reached.setdefault(rule.endpoint, set()).add(role)
    assert asked > 500
    assert set(reached) == set(STAYS_LAWFUL)
    inside = {role for roles in reached.values() for role in roles}
    assert not inside & {"former", "superior"}
