"""`tmr erasure`, `tmr backup`, `tmr restore` as one types them; and the worker that follows an erasure on the page."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, text

from tests.closures.test_erasure import FILE, THEN, closed, erase, readable
from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import use_test_keys, work
from tmr_app.cases.models import Case
from tmr_app.jobs import periodic
from tmr_app.kernel import clock, db, vault
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.vault import DataKey
from tmr_app.web.commands import audit_command, backup_command, erasure_command, restore_command

if TYPE_CHECKING:
    from tests.fixtures.app import MakeApp


class Machine:
    """An installation's settings on disk: database, files, keys with the list of erased cases beside them."""

    def __init__(self, folder: Path, name: str) -> None:
        self.database = folder / name / "tryeza.db"
        self.database.parent.mkdir(parents=True)
        keys = folder / "keys" / "keys.json"
        keys.parent.mkdir(exist_ok=True)
        use_test_keys().save(keys, replace=True)
        self.env = {
            "TMR_DATABASE_URL": f"sqlite:///{self.database}",
            "TMR_KEY_FILE": str(keys),
            "TMR_FILE_STORE": str(folder / name / "files"),
        }

    def run(self, command: click.Command, *arguments: str, **more: str) -> Result:
        with clock.fixed_at(THEN):
            return CliRunner().invoke(command, list(arguments), env={**self.env, **more})

    def work(self) -> Any:
        return work(db.make_engine(self.env["TMR_DATABASE_URL"]))


def test_a_case_is_due_erased_listed_and_erased_again_after_a_restore(
    tmp_path: Path, sqlite_template: Path
) -> None:
    here, there = Machine(tmp_path, "here"), Machine(tmp_path, "there")
    here.database.write_bytes(sqlite_template.read_bytes())
    with here.work() as session:
        ended = closed(session, FileStore(Path(here.env["TMR_FILE_STORE"])))
        case_id, family_id, number = ended.case.id, ended.case.family_id, ended.case.number

    undecided = here.run(erasure_command.command, "due")
    assert undecided.exit_code == 1
    assert "TMR_RETENTION_YEARS is not set" in undecided.output, "there is no default"
    assert here.run(erasure_command.command, "due", TMR_RETENTION_YEARS="6").output == "No case is due.\n"
    assert number in here.run(erasure_command.command, "due", TMR_RETENTION_YEARS="5").output

    backup = tmp_path / "backup.tar.gz"
    assert here.run(backup_command.command, str(backup)).exit_code == 0
    with here.work() as session:
        vault.unlock(session, [case_id, family_id])
        ended.here.case = session.get_one(Case, case_id)
        erase(session, ended)
    first = here.run(erasure_command.command, "apply")
    assert first.output == "0 cases erased again; 1 files removed; 1 cases added to the list.\n"
    assert here.run(erasure_command.command, "apply").output.startswith("0 cases erased again; 0 files")
    listed = here.run(erasure_command.command, "list").output
    assert str(case_id) in listed
    assert number not in listed

    restored = there.run(restore_command.command, str(backup))
    assert restored.exit_code == 0, restored.output
    assert "1 cases were erased again" in restored.output
    with there.work() as session:
        assert (
            session.scalars(select(DataKey).where(DataKey.subject_id.in_([case_id, family_id]))).all() == []
        )
        assert session.get_one(Case, case_id).erased_at is not None
    assert there.run(erasure_command.command, "apply").output.startswith("0 cases erased again; 0 files")
    assert there.run(audit_command.command, "verify").exit_code == 0
    files = list(Path(there.env["TMR_FILE_STORE"]).glob("??/*"))
    assert files == []
    engine = db.make_engine(there.env["TMR_DATABASE_URL"])
    assert readable(engine, (*cw.CANARIES, *mw.CANARIES, FILE), []) == []
    engine.dispose()


def test_the_worker_follows_an_erasure_on_the_page(
    fresh_database_url: str, make_app: "MakeApp", tmp_path: Path
) -> None:
    """Files, the list, and the destroyed keys in the database's own file: PostgreSQL keeps a deleted row until vacuumed."""
    app = make_app(fresh_database_url)
    with work(app.engine) as session:
        ended = closed(session, app.extensions["tmr_files"])
        case_id, family_id = ended.case.id, ended.case.family_id
        key = bytes(session.get_one(DataKey, case_id).wrapped)
    assert key in _file_of_keys(app.engine)
    with work(app.engine) as session:
        vault.unlock(session, [case_id, family_id])
        ended.here.case = session.get_one(Case, case_id)
        erase(session, ended)
    with clock.fixed_at(THEN):
        periodic.run_all(app, app.engine)
    assert key not in _file_of_keys(app.engine)
    assert str(case_id) in app.settings.erasure_list_path.read_text()
    assert list(app.extensions["tmr_files"].folder.glob("??/*")) == []


def _file_of_keys(engine: Engine) -> bytes:
    """The bytes in which the keys' table lies on disk."""
    if engine.dialect.name == "sqlite":
        return Path(str(engine.url.database)).read_bytes()
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        return bytes(
            connection.scalar(text("SELECT pg_read_binary_file(pg_relation_filepath('data_key'))")) or b""
        )
