"""Ids of two cases mixed in one address or one form: whoever runs a case reaches nothing of another through it.

Every form that the furnished case's pages show is filled in and sent to the *other* case of the same Centre, by that
case's own manager, who may do all of it there; every page that names a thing of the case is asked for in the same way.
"""

import hashlib
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from bs4 import BeautifulSoup, Tag
from sqlalchemy import Engine, select, update

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.signed_in import SignedIn
from tests.fixtures.world import work
from tests.matrix import furnished
from tests.matrix.addresses import addresses, opens, rules
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import clock, vault
from tmr_app.kernel.db import Base
from tmr_app.web.app import TmrFlask

pytestmark = pytest.mark.matrix

ABOUT_NO_ROW = {"block", "position", "version", "number", "who", "deed", "kind", "file_format"}
"""Arguments that name no row of their own: every case has such a thing."""
NO_ROW_LOOKED_FOR = {"holding.both", "plans.judge"}
"""The first leads back to the meeting's page when no text of one's own lost; the second is refused when no seat of this
case is offered."""
READERS = ("case_manager", "head", "member")


@pytest.fixture(scope="module")
def stage(bare_app: TmrFlask) -> SimpleNamespace:
    bare_app.config["WTF_CSRF_ENABLED"] = False
    with clock.fixed_at(furnished.SEEN_AT):
        world = furnished.furnish(bare_app)
        readers = {role: SignedIn(bare_app, person) for role, person in world.cast.people.items() if person}
        with work(bare_app.engine) as session:
            seats = update(Seat).where(Seat.case_id == world.cast.cases["other_case"])
            session.execute(seats.values(conflict=False))
        plan_of(bare_app, world.cast.cases["other_case"], world.others["other_case_manager"])
        stranger = SignedIn(bare_app, world.others["other_case_manager"])
        own, other = str(world.cast.cases["own"]), str(world.cast.cases["other_case"])
        assert stranger.get(f"/cases/{other}/").status_code == 200
        assert stranger.get(f"/cases/{own}/").status_code == 404
    return SimpleNamespace(
        app=bare_app, world=world, readers=readers, stranger=stranger, own=own, other=other
    )


def plan_of(app: TmrFlask, case_id: UUID, manager_id: UUID) -> None:
    """The other case has a plan in force and a draft, so that no page is refused for want of one."""
    with work(app.engine) as session:
        vault.unlock(session, [case_id])
        town = SimpleNamespace(case_manager=SimpleNamespace(id=manager_id))
        here: Any = SimpleNamespace(case=SimpleNamespace(id=case_id), town=town, seats={})
        first = plan_rows.adopted(session, here, mw.MEETING_ON)
        plan_rows.adopted(session, here, mw.MEETING_ON).status = "draft"
        assert first.number == 1


def test_no_page_shows_a_thing_of_another_case(stage: SimpleNamespace) -> None:
    mixed, reached, asked = stage.world.arguments | {"case_id": (UUID(stage.other),)}, [], 0
    with clock.fixed_at(furnished.SEEN_AT):
        for rule in rules(stage.app, reading=True):
            if "case_id" not in rule.arguments or not rule.arguments - {"case_id"} - ABOUT_NO_ROW:
                continue
            for address in addresses(stage.app, rule, mixed, 3):
                asked += 1
                answer = stage.stranger.client.get(address)
                if answer.status_code not in (403, 404) and rule.endpoint not in NO_ROW_LOOKED_FOR:
                    reached.append(f"{rule.endpoint} {address}: {answer.status_code}")
    assert asked > 50
    assert not reached, "\n".join(reached)


def forms(stage: SimpleNamespace) -> Iterator[tuple[str, dict[str, Any]]]:
    """Address and filled-in values of every form on the own case's pages."""
    seen, read = set(), set()
    for role in READERS:
        for rule in rules(stage.app, reading=True):
            if "case_id" not in rule.arguments or rule.endpoint in read or not opens(rule, role):
                continue
            read.add(rule.endpoint)
            for address in addresses(stage.app, rule, stage.world.arguments, 3):
                answer = stage.readers[role].client.get(address)
                if answer.mimetype != "text/html" or answer.status_code != 200:
                    continue
                for form in BeautifulSoup(answer.text, "html.parser").select("main form[method=post]"):
                    action = str(form.get("action") or address)
                    values = dict(_values(form))
                    key = (action, *sorted(values))
                    if stage.own in action and key not in seen:
                        seen.add(key)
                        yield action, values


def _values(form: Tag) -> Iterator[tuple[str, Any]]:
    for field in form.select("[name]"):
        name, kind = str(field["name"]), str(field.get("type", field.name))
        if name == "csrf_token" or kind in ("file", "submit", "button"):
            continue
        if field.name == "select":
            chosen = [str(one["value"]) for one in field.select("option[value]") if one["value"]]
            yield name, chosen[-1] if chosen else ""
        elif kind in ("radio", "checkbox"):
            yield name, str(field.get("value", "y"))
        elif field.name == "textarea":
            yield name, field.get_text().strip() or "E përzier"
        else:
            yield (
                name,
                str(field.get("value") or "") or ("09.12.2026" if name.endswith("on") else "E përzier"),
            )


def rows_of(engine: Engine, case_id: str) -> dict[str, str]:
    """A hash of what each table holds of this case."""
    found = {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            owner = table.c.get("case_id", table.c.get("owner_id"))
            owner = table.c.id if table.name == "case" else owner
            if owner is None or table.name in ("audit_entry", "web_session"):
                continue
            rows = connection.execute(select(table).where(owner == UUID(case_id)))
            found[table.name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
    return found


def strays(engine: Engine, case_id: str) -> list[str]:
    """Rows of this case that point at a row of another one."""
    found = []
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            if "case_id" not in table.c or table.name == "audit_entry":
                continue
            for key in table.foreign_keys:
                there = key.column.table
                if "case_id" not in there.c or there.name == table.name:
                    continue
                rows = connection.execute(
                    select(table.c.id if "id" in table.c else key.parent)
                    .join(there, key.parent == key.column)
                    .where(table.c.case_id == UUID(case_id), there.c.case_id != table.c.case_id)
                )
                found += [f"{table.name}.{key.parent.name}: {row[0]}" for row in rows]
    return found


def test_no_form_changes_another_case(stage: SimpleNamespace) -> None:
    before, failed, asked = rows_of(stage.app.engine, stage.own), [], 0
    with clock.fixed_at(furnished.SEEN_AT):
        for action, values in list(forms(stage)):
            asked += 1
            address = action.replace(stage.own, stage.other)
            answer = stage.stranger.client.post(address, data=values)
            if answer.status_code >= 500:
                failed.append(f"{address} {sorted(values)}: {answer.status_code}")
    assert asked > 60
    assert not failed, "\n".join(failed)
    after = rows_of(stage.app.engine, stage.own)
    assert [name for name in before if before[name] != after[name]] == []
    assert strays(stage.app.engine, stage.other) == []
