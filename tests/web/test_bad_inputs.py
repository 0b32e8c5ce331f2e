"""Hostile values in every form, found from the URL map and from the pages themselves: refused as the catalogue says.

Never a 5xx; what is refused (400 to 422) stores nothing; forged input (an unknown field, a doubled one, a version that is no
number, JSON) is 400 or 415. Audit rows, throttles and drafts may change: they are what a refusal leaves.
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from bs4 import BeautifulSoup, SoupStrainer
from sqlalchemy import event, select
from werkzeug.datastructures import MultiDict
from werkzeug.routing import Rule

from tests.fixtures.signed_in import SignedIn
from tests.matrix import expected, furnished
from tests.matrix.addresses import addresses, opens, rules
from tests.matrix.endpoints import ENDPOINTS
from tmr_app.kernel import clock, schema
from tmr_app.kernel.db import Base
from tmr_app.web.app import TmrFlask

pytestmark = [pytest.mark.db, pytest.mark.weight(60)]

READERS = ("case_manager", "head", "member", "undeclared", "superior", "administrator")
LEFT_BY_A_REFUSAL = {"audit_entry", "web_session", "throttle", "draft", "known_network", "duplicate_search"}
REFUSED = {400, 403, 404, 409, 413, 415, 422, 429}
FORGED = {400, 403, 404, 409, 415}
NO_FORM = {"security", "static"}
"""The sign-in library's own forms take unknown fields: they have tests of their own in tests/members."""
HOSTILE = {
    "10,000 letters": "a" * 10_000,
    "NUL": "a\x00b",
    "other control": "a\x1bb",
    "right-to-left override": "a\u202eb",
    "zero width only": "\u200b\u200d\ufeff",
    "script": "<script>alert(1)</script><svg onload=alert(1)>",
    "formula": '=HYPERLINK("http://x.example")',
    "2^63": str(2**63),
    "negative": "-1",
    "quote": "' OR 1=1 --%_",
    "mail with a header": "a@b.example\r\nBcc: c@d.example",
}
ALWAYS_REFUSED = {"NUL", "other control", "right-to-left override"}
"""Refused in every text field, whatever it is for (B24, B25)."""
WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
ON_POSTGRESQL = ("NUL", "2^63", "10,000 letters")
"""What the two databases answer differently, in every text field: PostgreSQL takes no NUL, keeps integers and lengths to
their column's type. Every other hostile value is a string to both."""


@pytest.fixture(scope="module")
def stage(app: TmrFlask) -> Iterator[SimpleNamespace]:
    app.config["WTF_CSRF_ENABLED"] = False
    with clock.fixed_at(furnished.SEEN_AT):
        world = furnished.furnish(app)
        yield SimpleNamespace(app=app, world=world, forms=_forms(app, world))


def _browser(app: TmrFlask, world: furnished.Furnished, role: str) -> SignedIn:
    person = world.cast.people[role]
    assert isinstance(person, UUID)
    return SignedIn(app, person)


FORMS = SoupStrainer("form")
Sent = list[tuple[str, str, str]]
"""The fields of one form: name, kind, the value it shows."""


def _forms(app: TmrFlask, world: furnished.Furnished) -> dict[str, tuple[str, Sent]]:
    """By address: who may send that form, and its fields; read from the pages every reader is shown.

    Of each route the next reader looks at the first address again (another role, other buttons) and at what nobody has
    read; on PostgreSQL one reader at one address: which forms a page shows does not depend on the engine.
    """
    found: dict[str, tuple[str, Sent]] = {}
    read: set[str] = set()
    briefly = app.engine.dialect.name != "sqlite"
    for role in READERS:
        client = _browser(app, world, role).client
        for rule in rules(app, reading=True):
            if not opens(rule, role):
                continue
            for place, address in enumerate(addresses(app, rule, world.arguments, 1 if briefly else 4)):
                if address in read and (place or briefly):
                    continue
                answer = client.get(address)
                if answer.status_code == 200:
                    read.add(address)
                main = answer.data[answer.data.find(b"<main") :] if answer.mimetype == "text/html" else b""
                if answer.status_code == 200 and b'method="post"' in main:
                    page = BeautifulSoup(main, "html.parser", parse_only=FORMS)
                    for form in page.select("form[method=post]"):
                        action = urlsplit(str(form.get("action") or address)).path
                        found.setdefault(action, (role, _fields(form)))
    return found


def _fields(form: Any) -> Sent:
    sent: Sent = []
    for one in form.select("input[name], textarea[name], select[name]"):
        kind = str(one.get("type", "text")) if one.name == "input" else str(one.name)
        if kind in ("submit", "button") or one["name"] == "csrf_token":
            continue
        sent.append(
            (str(one["name"]), kind, str(one.get("value", "")) if one.name == "input" else one.get_text())
        )
    return sent


def _posts(stage: SimpleNamespace) -> Iterator[tuple[Rule, str, str, Sent]]:
    """Every route that takes a form: with a form some page shows, or else bare, as somebody who may post there."""
    adapter = stage.app.url_map.bind("localhost")
    seen: set[str] = set()
    shapes: set[tuple[Any, ...]] = set()
    for address, (role, fields) in stage.forms.items():
        rule, _values = adapter.match(address, method="POST", return_rule=True)
        shape = (rule.endpoint, *[(name, kind) for name, kind, _value in fields])
        if rule.endpoint.split(".")[0] not in NO_FORM and shape not in shapes:
            shapes.add(shape)
            seen.add(rule.endpoint)
            yield rule, address, role, fields
    for rule in rules(stage.app, reading=False):
        if rule.endpoint in seen or rule.endpoint.split(".")[0] in NO_FORM:
            continue
        posting = ENDPOINTS.get(rule.endpoint, ("", ""))[1]
        may = [role for role in READERS if posting and expected.may(role, posting, "own", rule.arguments)]
        for address in addresses(stage.app, rule, stage.world.arguments, 1):
            yield rule, address, (may or ["member"])[0], []


def _contents(stage: SimpleNamespace, tables: set[str]) -> dict[str, int]:
    with stage.app.engine.connect() as connection:
        return {
            name: hash(
                tuple(
                    sorted(repr(tuple(row)) for row in connection.execute(select(Base.metadata.tables[name])))
                )
            )
            for name in tables
        }


def _whole(fields: Sent, **instead: str) -> MultiDict[str, str]:
    """The form as the page shows it (of a choice the first), with some values put instead."""
    data: MultiDict[str, str] = MultiDict()
    for name, kind, value in fields:
        if kind in ("radio", "checkbox", "file") and name not in instead:
            continue
        if name not in data:
            data[name] = instead.get(name, value)
    return data


def _texts(fields: Sent) -> list[str]:
    return sorted(
        {name for name, kind, _value in fields if kind in ("text", "email", "search", "tel", "textarea")}
    )


schema.load_all()
KEPT = {table.name for table in Base.metadata.sorted_tables} - LEFT_BY_A_REFUSAL


class Sweep:
    """Sends, and keeps what was wrong. A table is read again where a statement wrote to it; all of them at the end."""

    def __init__(self, stage: SimpleNamespace) -> None:
        self.stage = stage
        self.wrong: list[str] = []
        self.sent = 0
        self.known = _contents(stage, KEPT)
        self.written: set[str] = set()
        self.clients: dict[str, Any] = {}

    def __enter__(self) -> "Sweep":
        event.listen(self.stage.app.engine, "before_cursor_execute", self._watch)
        return self

    def __exit__(self, *_raised: object) -> None:
        event.remove(self.stage.app.engine, "before_cursor_execute", self._watch)

    def _watch(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if written := WRITES.match(statement):
            self.written.add(written.group(1))

    def send(self, what: str, address: str, role: str, expect: set[int] | None = None, **body: Any) -> int:
        answer = self._client(role).post(address, **body)
        if answer.status_code in (302, 303) and urlsplit(answer.headers["Location"]).path == "/login":
            del self.clients[role]  # the last deed ended this session
            answer = self._client(role).post(address, **body)
        self.sent += 1
        said = f"{what} -> {address} as {role}: {answer.status_code}"
        if answer.status_code >= 500 or (expect and answer.status_code not in expect):
            self.wrong.append(said)
        after = _contents(self.stage, self.written & KEPT)
        changed = sorted(name for name in after if after[name] != self.known[name])
        if answer.status_code in REFUSED and changed:
            self.wrong.append(f"{said}, and yet stored: {changed}")
        self.known |= after
        self.written.clear()
        return int(answer.status_code)

    def _client(self, role: str) -> Any:
        if role not in self.clients:
            self.clients[role] = _browser(self.stage.app, self.stage.world, role).client
            self.written.clear()
            self.known |= _contents(self.stage, {"user_account"})
        return self.clients[role]

    def nothing_was_missed(self) -> None:
        now = _contents(self.stage, KEPT)
        assert not sorted(name for name in now if now[name] != self.known[name])


def test_forged_input_is_refused_everywhere(stage: SimpleNamespace) -> None:
    """B31, B32, B33, B34: unknown and doubled fields, a version in words, JSON.

    On PostgreSQL a tenth as many: of each form its version, in words, below nothing and past the column's type. That is the
    one forged value that can reach a statement; JSON, an unknown and a doubled field are refused before a database is asked
    anything of the deed, by the same code on both (`kernel.forms`), which the sweep on SQLite shows for each form.
    """
    with Sweep(stage) as sweep:
        _send_forged(sweep)
    print(f"{sweep.sent} forged submissions")
    assert sweep.sent > (150 if stage.app.engine.dialect.name == "sqlite" else 10)
    assert not sweep.wrong, "\n".join(sweep.wrong)
    sweep.nothing_was_missed()


def _send_forged(sweep: Sweep) -> None:
    for rule, address, role, fields in list(_posts(sweep.stage)):
        data = _whole(fields)
        where = rule.endpoint
        names = [name for name, _kind, _value in fields if name in data]
        if "version" in names:
            for text in ("two", "-1", str(2**63)):
                sweep.send(
                    f"{where}: version {text}", address, role, FORGED, data=_whole(fields, version=text)
                )
        if sweep.stage.app.engine.dialect.name != "sqlite":
            continue
        sweep.send(f"{where}: JSON", address, role, {404, 409, 415}, json={"role": "administrator"})
        forged = MultiDict([*data.items(multi=True), ("role", "administrator")])
        sweep.send(f"{where}: unknown field", address, role, FORGED, data=forged)
        if names:
            doubled = MultiDict([*data.items(multi=True), (names[0], data[names[0]])])
            many = {name for name, kind, _value in fields if kind == "checkbox"}
            if names[0] not in many:
                sweep.send(f"{where}: {names[0]} twice", address, role, FORGED, data=doubled)


def test_hostile_values_are_refused_or_kept_as_text(stage: SimpleNamespace) -> None:
    """B22-B30 in all text fields of a form at once, then nothing at all."""
    chosen = (
        HOSTILE if stage.app.engine.dialect.name == "sqlite" else {one: HOSTILE[one] for one in ON_POSTGRESQL}
    )
    with Sweep(stage) as sweep:
        for rule, address, role, fields in list(_posts(stage)):
            texts = _texts(fields)
            for what, value in chosen.items() if texts else ():
                expect = REFUSED if what in ALWAYS_REFUSED else None
                data = _whole(fields, **dict.fromkeys(texts, value))
                sweep.send(f"{rule.endpoint}: {what}", address, role, expect, data=data)
            if texts:
                sweep.send(f"{rule.endpoint}: nothing", address, role, data={})
    print(f"{sweep.sent} hostile submissions")
    assert sweep.sent > 100
    assert not sweep.wrong, "\n".join(sweep.wrong)
    sweep.nothing_was_missed()
