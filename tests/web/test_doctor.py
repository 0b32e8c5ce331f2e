"""`tmr doctor`: each thing that can be wrong is named, with how to mend it; the other checks go on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tests.fixtures.smtp import SmtpServer
from tests.fixtures.world import use_test_keys, work
from tmr_app.kernel import audit, backups, checkpoints, clock, db, encryption, migrations
from tmr_app.kernel.settings import from_environment
from tmr_app.web.commands import doctor_command

pytestmark = pytest.mark.db

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


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
    for name, ill, mend in (
        ("mail", "The mail server does not answer", "check TMR_SMTP_URL; mail waits in the outbox"),
        ("address", "TMR_PUBLIC_URL is not https", "put a TLS proxy in front"),
        ("retention", "TMR_RETENTION_YEARS is not set", ""),
        ("checkpoints", "TMR_CHECKPOINT_TO is not set", ""),
    ):
        assert line(shown, name).startswith(f"WRONG {name}: {ill}"), line(shown, name)
        assert mend in line(shown, name)


@pytest.fixture
def mended(env: dict[str, str], smtp: SmtpServer) -> dict[str, str]:
    return env | {
        "TMR_PUBLIC_URL": "https://tryeza.example",
        "TMR_SMTP_URL": smtp.url,
        "TMR_RETENTION_YEARS": "10",
        "TMR_CHECKPOINT_TO": "a@komuna.example,b@ministria.example",
    }


def test_what_was_mended_is_well(mended: dict[str, str], tmp_path: Path) -> None:
    assert "WRONG backup: No backup was made here yet" in run(mended).output
    backups.write(from_environment(mended), tmp_path / "good.tar.gz")
    shown = run(mended)
    assert (shown.exit_code, "WRONG" in shown.output) == (0, False), shown.output
    assert [one.split(":")[0].split()[1] for one in shown.output.splitlines()] == [
        "settings", "keys", "database", "clock", "files", "mail", "address", "retention", "checkpoints", "backup",
    ]  # fmt: skip


def test_it_sees_the_age_of_backup_and_checkpoint_and_a_clock_behind(
    mended: dict[str, str], tmp_path: Path
) -> None:
    settings = from_environment(mended)
    engine = db.make_engine(settings.database_url)
    with clock.fixed_at(AT):
        backups.write(settings, tmp_path / "good.tar.gz")
        with work(engine) as session:
            audit.note(session, "case:read", object_type="case")
        with work(engine) as session:
            checkpoints.daily(session, settings, AT)
    engine.dispose()
    for after, ill in ((timedelta(days=2), False), (timedelta(days=2, seconds=1), True)):
        with clock.fixed_at(AT + after):
            output = run(mended).output
        assert ("WRONG backup: The last backup is of 2026-11-16" in output) is ill
        assert ("WRONG checkpoints: The last checkpoint is of 2026-11-16" in output) is ill
    with clock.fixed_at(AT - timedelta(seconds=1)):
        behind = line(run(mended), "clock")
    assert behind.startswith("WRONG clock: The clock is behind the last audit row: set the machine's time")


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
    said = line(run(env | {"TMR_KEY_FILE": str(other)}), "database")
    assert "does not fit this database: set TMR_KEY_FILE to the right one" in said


def test_a_database_that_is_empty_or_not_there(env: dict[str, str], tmp_path: Path) -> None:
    empty = run(env | {"TMR_DATABASE_URL": f"sqlite:///{tmp_path / 'empty.sqlite3'}"})
    assert "run 'tmr db upgrade'" in line(empty, "database")
    assert "run 'tmr db upgrade'" in line(empty, "clock")
    away = run(env | {"TMR_DATABASE_URL": f"sqlite:///{tmp_path / 'no' / 'such.sqlite3'}"})
    assert "check TMR_DATABASE_URL" in line(away, "database")
    assert line(away, "retention").startswith("WRONG"), "the other checks go on"


@pytest.mark.parametrize(
    ("version", "state", "says"),
    [
        ("0001", "older", "older than the program: run 'tmr backup FILE', then 'tmr db upgrade'"),
        ("9999", "newer", "newer than the program"),
    ],
)
def test_another_schema(env: dict[str, str], version: str, state: str, says: str) -> None:
    engine = db.make_engine(env["TMR_DATABASE_URL"])
    assert migrations.state(engine) == "newest"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    assert migrations.state(engine) == state
    engine.dispose()
    shown = run(env)
    assert (shown.exit_code, says in line(shown, "database")) == (1, True), shown.output


def test_a_folder_for_files_that_is_none(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    shown = run(env | {"TMR_FILE_STORE": str(tmp_path / "taken")})
    assert "set TMR_FILE_STORE to another folder" in line(shown, "files")
