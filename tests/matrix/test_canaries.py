"""One marker in each sealed column, looked for in everything that leaves the house and on every page of every role.

Nowhere at all: mail, calendar, logs, addresses, titles, file names, audit, error pages, `tmr ledger`. On pages: only for
those who sit at this Table, and there by the field matrix (reporter, address of the shelter, the case manager's part).
"""

import json
from functools import wraps
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.fixtures.signed_in import SignedIn
from tests.matrix import furnished
from tests.matrix.people import ROLES
from tests.matrix.walking import Harvest, Walked
from tmr_app.jobs import periodic
from tmr_app.jobs.letters import letter
from tmr_app.kernel import clock, vault
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.db import Base
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.web.app import TmrFlask
from tmr_app.web.commands.ledger_command import command

pytestmark = [pytest.mark.matrix, pytest.mark.together("walk")]

AT_THE_TABLE = ("case_manager", "assistant", "head", "member", "other_member", "guest")
STRANGERS = ("undeclared", "recused", "former", "officer", "ministry", "superior", "administrator", "nobody")
OTHERS = ("other_case_manager", "elsewhere")
MANAGER_PART = {
    "progress_report.manager_part_enc",
    "report_version.manager_part_enc",
    "report_link.manager_part_enc",
}
MANAGERS_FILE = {"case_document.title_enc (case manager only)"}
REPORTER = {"referral.reporter_enc"}
SHELTER = {"child.placement_enc"}
HIDDEN = {
    "head": REPORTER | SHELTER | MANAGER_PART,
    "member": REPORTER | SHELTER | MANAGERS_FILE,
    "other_member": REPORTER | SHELTER | MANAGER_PART | MANAGERS_FILE,
    "guest": REPORTER | SHELTER | MANAGER_PART | MANAGERS_FILE,
}
"""The field matrix: what these roles never read. The report is the member's own: who wrote it may read all of it."""
ANNUAL_SUBJECTS = {"annual_report": "id", "annual_section": "report_id", "national_figures": "id"}
ANNUAL_TEXT = {"annual_section.text_enc", "annual_report.adoption_note_enc"}
"""Written for the municipality and for everybody, of no child: read by whoever may read the report, not by strangers to it."""
NO_TEXT = {
    "general_meeting.figures_enc": "numbers, and keys of the catalogue",
    "annual_report.figures_enc": "counts",
    "national_figures.figures_enc": "counts",
    "meeting.next_plan_enc": "a date, times, a room",
    "pack_document.title_enc": "the kind of the document in words, or the file's own title, looked for as that",
}


@pytest.fixture(scope="module")
def stage(walked: Walked) -> SimpleNamespace:
    """What the walk over every page gave, and what leaves the house by other ways."""
    app, world, harvest, lines = walked.app, walked.world, walked.harvest, walked.lines
    with lines.of("", "tmr"), clock.fixed_at(furnished.SEEN_AT):
        _mail(app, harvest)
        with lines.of("sqlalchemy.engine"):
            _failing(app, world, harvest)
            periodic.run_all(app, app.engine)
    harvest.sinks["log"] = lines.lines
    return SimpleNamespace(app=app, world=world, harvest=harvest, words=_words())


def _words() -> dict[str, tuple[str, ...]]:
    """What to look for, by the column it was planted in."""
    found = {name: (furnished.marker(*name.split(".")).casefold(),) for name in furnished.sealed_columns()}
    found["child.birth_date_enc"] = tuple(one.casefold() for one in furnished.BIRTH_SHOWN)
    found["case_document.title_enc"] = (furnished.TABLE_FILE.casefold(),)
    found["case_document.title_enc (case manager only)"] = (furnished.MANAGER_ONLY.casefold(),)
    return found


def _failing(app: TmrFlask, world: furnished.Furnished, harvest: Harvest) -> None:
    """A view that breaks with the child's name in its mouth: neither the page nor the log repeats it."""
    endpoint, seen = "cases.show", app.view_functions["cases.show"]

    @wraps(seen)
    def broken(**_arguments: object) -> str:
        raise RuntimeError(furnished.marker("child", "name_enc"))

    app.view_functions[endpoint] = broken
    app.config["PROPAGATE_EXCEPTIONS"] = False
    try:
        client = SignedIn(app, _person(world, "case_manager")).client
        answer = client.get(f"/cases/{world.cast.cases['own']}/")
    finally:
        app.view_functions[endpoint] = seen
    assert answer.status_code == 500
    harvest.sinks["error page"].append(answer.text)


def _person(world: furnished.Furnished, role: str) -> UUID:
    found = world.cast.people[role]
    assert found
    return found


def _mail(app: TmrFlask, harvest: Harvest) -> None:
    from tmr_app.kernel import db

    with db.unit(app.engine) as session:
        for row in session.scalars(select(OutboxMessage)):
            mail = letter(app, row)
            harvest.sinks["mail"] += [str(mail.subject), str(mail.body), str(mail.html), repr(row.parameters)]
            if mail.calendar:
                harvest.sinks["mail"].append(mail.calendar.decode().replace("\r\n ", ""))
                harvest.sinks["calendar"].append(mail.calendar.decode().replace("\r\n ", ""))
        for entry in session.execute(select(AuditEntry.__table__)):
            harvest.sinks["audit"].append(repr(tuple(entry)))


def leaks(texts: list[str], words: dict[str, tuple[str, ...]]) -> set[str]:
    """The columns of which something is found in these texts."""
    whole = "\x00".join(texts).casefold()
    return {name for name, spelt in words.items() if any(word in whole for word in spelt)}


def test_every_sealed_column_carries_its_marker(stage: SimpleNamespace) -> None:
    """By reflection: a new encrypted column without a row in this world fails here."""
    from tmr_app.kernel import db, encryption

    empty = []
    with db.unit(stage.app.engine) as session:
        tables = Base.metadata.tables
        subjects = list(session.scalars(select(tables["data_key"].c.subject_id)))
        vault.unlock(session, subjects)
        for name in furnished.sealed_columns():
            table, column = tables[name.split(".")[0]], name.split(".")[1]
            rows = session.execute(select(table).where(table.c[column].is_not(None))).mappings().all()
            clear = [_opened(encryption, table.name, column, dict(row)) for row in rows]
            words = [word for one, spelt in stage.words.items() if one.startswith(name) for word in spelt]
            if name in NO_TEXT:
                words = [""]
            elif column in ("values_enc", "content_enc", "agenda_changes_enc"):
                words = ["kanar"]  # JSON made by the operations from the other columns
            if not any(word in text.casefold() for text in clear for word in words):
                empty.append(name)
    assert not empty, "\n".join(empty)
    assert len(stage.words) > 75


def _opened(encryption: Any, table: str, column: str, row: dict[str, Any]) -> str:
    if table.startswith("general_"):
        return str(
            encryption.unseal(row["municipality_id"], f"{table}.{column}:{row['id']}", row[column]).decode()
        )
    subject = {
        "case_file": "id",
        "case_transfer": "id",
        "family_member": "family_id",
        "draft": "person_id",
        **ANNUAL_SUBJECTS,
    }.get(table, "case_id")
    subject = "owner_id" if "owner_id" in row else subject
    clear = encryption.unseal(row[subject], f"{table}.{column}:{row['id']}", row[column])
    return str(clear.decode(errors="replace"))


@pytest.mark.parametrize(
    "sink", ["mail", "calendar", "log", "address", "title", "file name", "audit", "error page"]
)
def test_nothing_personal_leaves_the_page(stage: SimpleNamespace, sink: str) -> None:
    texts = stage.harvest.sinks[sink]
    assert len([one for one in texts if one]) >= 3, "nothing was caught: the proof is empty"
    words = dict(stage.words)
    if sink != "error page":
        words["the case's number"] = (stage.world.number.casefold(),)
    found = leaks(texts, words)
    print(f"{len(words)} fields x {sink} ({len(texts)} texts): {len(found)} found")
    assert not found


def test_the_ledger_command_prints_nothing_personal(stage: SimpleNamespace) -> None:
    url = stage.app.settings.database_url
    with clock.fixed_at(furnished.SEEN_AT):
        told = [CliRunner().invoke(command, one, env={"TMR_DATABASE_URL": url}) for one in ([], ["--json"])]
    assert all(one.exit_code == 0 for one in told)
    assert len(json.loads(told[1].output)) > 30
    assert not leaks([one.output for one in told], stage.words)


def _general(words: dict[str, tuple[str, ...]], *, wanted: bool) -> dict[str, tuple[str, ...]]:
    """The fields of general meetings, or all the others: those are a municipality's and not the case's."""
    return {name: spelt for name, spelt in words.items() if name.startswith("general_") is wanted}


@pytest.mark.parametrize("role", [*AT_THE_TABLE, *STRANGERS, *OTHERS])
def test_general_meetings_are_told_to_who_has_declared(stage: SimpleNamespace, role: str) -> None:
    """Figures, texts and tasks: nobody without the declaration for general meetings, of this municipality (A18.2)."""
    found = leaks(stage.harvest.pages[role], _general(stage.words, wanted=True))
    print(f"{role}: {len(found)} fields of general meetings found")
    assert bool(found) is (role in ("case_manager", "member", "officer"))


@pytest.mark.parametrize("role", STRANGERS + OTHERS)
def test_strangers_see_nothing_of_the_case(stage: SimpleNamespace, role: str) -> None:
    words = _general(stage.words, wanted=False)
    found = leaks(stage.harvest.pages[role], words) - ANNUAL_TEXT
    print(f"{role}: {len(found)} of {len(words)} fields found")
    assert not found


@pytest.mark.parametrize("role", AT_THE_TABLE)
def test_members_see_what_the_field_matrix_gives_them(stage: SimpleNamespace, role: str) -> None:
    found = leaks(stage.harvest.pages[role], stage.words)
    print(f"{role}: {len(found)} of {len(stage.words)} fields found")
    assert found, "nothing was seen at all: the pages were not reached"
    assert not found & HIDDEN.get(role, set())


def test_the_case_manager_sees_what_is_hidden_from_others(stage: SimpleNamespace) -> None:
    """So that the absence elsewhere is the permission's doing, not an empty page's."""
    hidden = REPORTER | SHELTER | MANAGER_PART - {"report_version.manager_part_enc"} | MANAGERS_FILE
    assert hidden <= leaks(stage.harvest.pages["case_manager"], stage.words)


def test_all_roles_are_asked() -> None:
    assert {*AT_THE_TABLE, *STRANGERS} - {"other_member"} == set(ROLES)
