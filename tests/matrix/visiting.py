"""One walk of one reader over every route that is read: what was answered, and whether anything was changed by it."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event, select
from werkzeug.routing import Rule
from werkzeug.test import Client, TestResponse

from tests.matrix import furnished
from tests.matrix.addresses import addresses, rules
from tmr_app.kernel import clock
from tmr_app.kernel.db import Base
from tmr_app.web.app import TmrFlask

MAY_CHANGE = {"audit_entry", "web_session"}
"""A read is logged before its body is sent; a session was last seen. The throttle counts tries: asking for a page is none."""


@dataclass
class Visit:
    """`asked` requests, `answered` with 200; `failed` with a 5xx; `changed`: tables; `writing`: the statements that did it."""

    asked: int = 0
    answered: int = 0
    failed: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    writing: list[str] = field(default_factory=list)


def contents(engine: Engine) -> dict[str, str]:
    """One hash for each table that a read may not change."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in MAY_CHANGE:
                continue
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def visit(
    app: TmrFlask,
    world: furnished.Furnished,
    client: Client,
    let_in: Callable[[Rule], bool],
    most: int = 1,
    seen: Callable[[TestResponse], None] = lambda _answer: None,
) -> Visit:
    """GET of every route, of what lets the reader in at up to `most` addresses and HEAD, which runs the same view, at one.

    A refusal is one page whatever the address names.
    """
    made = Visit()
    before = contents(app.engine)
    where = [""]

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        verb, *rest = statement.split(None, 3)
        if verb.upper() in ("INSERT", "UPDATE", "DELETE") and not any(name in rest for name in MAY_CHANGE):
            made.writing.append(f"{where[0]}: {statement[:80]}")

    event.listen(app.engine, "before_cursor_execute", watch)
    try:
        with clock.fixed_at(furnished.SEEN_AT):
            for rule in rules(app, reading=True):
                inside = let_in(rule)
                for place, address in enumerate(addresses(app, rule, world.arguments, most if inside else 1)):
                    for method in ("GET", "HEAD") if inside and place == 0 else ("GET",):
                        where[0] = f"{method} {address} ({rule.endpoint})"
                        answer = client.open(address, method=method)
                        made.asked += 1
                        made.answered += answer.status_code == 200
                        if answer.status_code >= 500:
                            made.failed.append(f"{where[0]}: {answer.status_code}")
                        if method == "GET":
                            seen(answer)
    finally:
        event.remove(app.engine, "before_cursor_execute", watch)
    after = contents(app.engine)
    made.changed = sorted(name for name in before if before[name] != after[name])
    return made
