"""`tmr doctor`: each thing that can be wrong is named, with how to mend it; the other checks go on."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.fixtures.world import use_test_keys, work
from tmr_app.kernel import audit, checkpoints, clock, db, encryption, migrations
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import doctor_command

pytestmark = pytest.mark.db


@pytest.fixture
def env(fresh_database_url: str, tmp_path: Path) -> dict[str, str]:
    """Settings in which only mail, address, retention and checkpoints are still to be decided."""
    keys = tmp_path / "keys.json"
    use_test_keys().save(keys)
    return {
        "TMR_DATABASE_URL": fresh_database_url,
        "TMR_KEY_FILE": str(keys),
        "TMR_FILE_STORE": str(tmp_path / "files"),
        "TMR_PUBLIC_URL": "http://tryeza.example",
        "TMR_SMTP_URL": "smtp://127.0.0.1:9",
    }


def run(env: dict[str, str]) -> Result:
    cleared: dict[str, Any] = {"TMR_RETENTION_YEARS": None, "TMR_CHECKPOINT_TO": None, "TMR_KEY_FILE": None}
    return CliRunner().invoke(doctor_command.command, env=cleared | env)


def line(result: Result, name: str) -> str:
    return next(one for one in result.output.splitlines() if one.split()[1] == f"{name}:")


def test_it_names_what_is_wrong_and_how_to_mend_it(env: dict[str, str]) -> None:
    shown = run(env)
    assert shown.exit_code == 1
    for name in ("settings", "keys", "database", "clock", "files"):
        assert line(shown, name).startswith("ok"), line(shown, name)
    assert "check TMR_SMTP_URL; mail waits in the outbox" in line(shown, "mail")
    assert "put a TLS proxy in front" in line(shown, "address")
    assert "TMR_RETENTION_YEARS is not set" in line(shown, "retention")
    assert "TMR_CHECKPOINT_TO is not set" in line(shown, "checkpoints")


def test_what_was_mended_is_well(env: dict[str, str]) -> None:
    mended = {"TMR_PUBLIC_URL": "https://tryeza.example", "TMR_RETENTION_YEARS": "10"}
    shown = run(env | mended | {"TMR_CHECKPOINT_TO": "a@komuna.example,b@ministria.example"})
    for name in ("address", "retention", "checkpoints"):
        assert line(shown, name).startswith("ok"), line(shown, name)


def test_the_checkpoints_are_read_with_the_keys_of_the_settings(
    env: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    named = env | {"TMR_CHECKPOINT_TO": "a@komuna.example,b@ministria.example"}
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    engine = db.make_engine(env["TMR_DATABASE_URL"])
    with work(engine) as session:
        audit.note(session, "test:row", object_type="test")
    with work(engine) as session:
        checkpoints.send(session, from_environment(), clock.real_now())
    monkeypatch.setattr(encryption, "_keyring", None)  # as in a process of its own
    assert line(run(named), "checkpoints").startswith("ok    checkpoints: 1 made")


def test_without_settings_it_says_which(tmp_path: Path) -> None:
    shown = run({})
    assert (shown.exit_code, line(shown, "settings")) == (
        1,
        "WRONG settings: TMR_KEY_FILE is not set: run 'tmr keys init FILE' and set TMR_KEY_FILE=FILE.",
    )


def test_keys_others_can_read_and_keys_of_another_installation(env: dict[str, str], tmp_path: Path) -> None:
    Path(env["TMR_KEY_FILE"]).chmod(0o644)
    assert "chmod 600" in line(run(env), "keys")
    other = tmp_path / "other.json"
    encryption.Keyring.generate().save(other)
    engine = db.make_engine(env["TMR_DATABASE_URL"])
    from tests.fixtures import meeting_world as mw

    with work(engine) as session:
        mw.case_world(session)
    engine.dispose()
    assert "set TMR_KEY_FILE to the right one" in line(run(env | {"TMR_KEY_FILE": str(other)}), "database")


def test_a_database_that_is_empty_or_not_there(env: dict[str, str], tmp_path: Path) -> None:
    empty = run(env | {"TMR_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"})
    assert "run 'tmr db upgrade'" in line(empty, "database")
    assert "run 'tmr db upgrade'" in line(empty, "clock")
    away = run(env | {"TMR_DATABASE_URL": f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}"})
    assert "check TMR_DATABASE_URL" in line(away, "database")
    assert line(away, "retention").startswith("WRONG"), "the other checks go on"


def test_a_schema_that_is_behind(env: dict[str, str]) -> None:
    engine = db.make_engine(env["TMR_DATABASE_URL"])
    assert migrations.state(engine) == "newest"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert migrations.state(engine) == "older"
    engine.dispose()
    assert "then 'tmr db upgrade'" in line(run(env), "database")


def test_a_clock_behind_the_log(env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    engine = db.make_engine(env["TMR_DATABASE_URL"])
    with work(engine) as session:
        audit.note(session, "case:read", object_type="case", outcome="read")
    engine.dispose()
    yesterday = clock.real_now() - timedelta(days=1)
    monkeypatch.setattr(clock, "real_now", lambda: yesterday)
    assert "set the machine's time" in line(run(env), "clock")


def test_a_folder_for_files_that_is_none(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    shown = run(env | {"TMR_FILE_STORE": str(tmp_path / "taken")})
    assert "set TMR_FILE_STORE to another folder" in line(shown, "files")
