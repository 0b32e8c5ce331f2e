"""Before anything is served (F25): a damaged file, other keys, another schema are one sentence with a way out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from tests.fixtures import world
from tests.fixtures.smtp import SmtpServer
from tmr_app.kernel import audit, backups, checkpoints, clock, db, encryption, migrations, vault
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.settings import Settings
from tmr_app.web.commands.doctor_command import command as doctor
from tmr_app.web.production import check_production

AT = datetime(2026, 11, 16, 8, 0, tzinfo=UTC)


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path, smtp: SmtpServer) -> Settings:
    world.use_test_keys().save(tmp_path / "keys.json")
    return Settings(
        fresh_database_url,
        tmp_path / "keys.json",
        public_url="https://tryeza.example",
        smtp_url=smtp.url,
        file_store=tmp_path / "files",
        retention_years=10,
        checkpoint_to=("a@b.example",),
    )


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = db.make_engine(settings.database_url)
    with world.work(made) as session:
        vault.create_key(session, uuid4(), AT)
    yield made
    made.dispose()


def test_what_fits_is_served(settings: Settings, engine: Engine) -> None:
    check_production(settings)


def _other_keys(settings: Settings, engine: Engine) -> None:
    encryption.Keyring.generate().save(settings.key_file, replace=True)


def _older(settings: Settings, engine: Engine) -> None:
    migrations.downgrade(engine, "-1")


def _newer(settings: Settings, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (_other_keys, "does not fit this database: set TMR_KEY_FILE"),
        (_older, "older than the program: run 'tmr backup FILE', then 'tmr db upgrade'"),
        (_newer, "newer than the program"),
    ],
)
def test_what_does_not_fit_is_named_with_a_way_out(
    settings: Settings, engine: Engine, fault: Callable[[Settings, Engine], None], says: str
) -> None:
    fault(settings, engine)
    with pytest.raises(SettingsWrong, match=says):
        check_production(settings)
    answer = ask_doctor(settings)
    assert (answer.exit_code, says in answer.output) == (1, True), answer.output


@pytest.mark.parametrize("place", ["head", "page"])
def test_a_damaged_file_names_the_last_good_backup(
    settings: Settings, engine: Engine, tmp_path: Path, place: str
) -> None:
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL keeps watch over its own pages
    with clock.fixed_at(AT):
        backups.write(settings, tmp_path / "good.tar.gz")
    engine.dispose()
    path = Path(str(engine.url.database))
    whole = path.read_bytes()
    start = 0 if place == "head" else 4096 * 3
    path.write_bytes(whole[:start] + bytes(200) + whole[start + 200 :])
    with pytest.raises(
        SettingsWrong, match=r"is damaged: .*tmr restore.*good\.tar\.gz of 2026-11-16 08:00 UTC"
    ):
        check_production(settings)


def ask_doctor(settings: Settings, **changes: str) -> Result:
    environment = {
        "TMR_DATABASE_URL": settings.database_url,
        "TMR_KEY_FILE": str(settings.key_file),
        "TMR_PUBLIC_URL": settings.public_url,
        "TMR_SMTP_URL": settings.smtp_url,
        "TMR_FILE_STORE": str(settings.file_store),
        "TMR_RETENTION_YEARS": "10",
        "TMR_CHECKPOINT_TO": "a@b.example",
    }
    return CliRunner().invoke(doctor, [], env=environment | changes)


def test_the_doctor_finds_nothing_where_nothing_is_wrong(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    never = ask_doctor(settings)
    assert "WRONG backup: No backup was made here yet" in never.output
    backups.write(settings, tmp_path / "good.tar.gz")
    answer = ask_doctor(settings)
    assert (answer.exit_code, "WRONG" in answer.output) == (0, False), answer.output
    assert [line.split(":")[0].split()[1] for line in answer.output.splitlines()] == [
        "settings", "keys", "database", "clock", "files", "mail", "address", "retention", "checkpoints", "backup",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"TMR_SMTP_URL": "smtp://127.0.0.1:1"}, "WRONG mail: The mail server does not answer"),
        ({"TMR_PUBLIC_URL": "http://tryeza.example"}, "WRONG address: TMR_PUBLIC_URL is not https"),
        ({"TMR_RETENTION_YEARS": ""}, "WRONG retention: TMR_RETENTION_YEARS is not set"),
        ({"TMR_CHECKPOINT_TO": ""}, "WRONG checkpoints: TMR_CHECKPOINT_TO is not set"),
    ],
)
def test_the_doctor_names_each_ill_and_how_to_mend_it(
    settings: Settings, engine: Engine, changes: dict[str, str], says: str
) -> None:
    answer = ask_doctor(settings, **changes)
    assert (answer.exit_code, says in answer.output) == (1, True), answer.output


def test_the_doctor_sees_age_of_backup_and_checkpoint_and_a_clock_behind(
    settings: Settings, engine: Engine, tmp_path: Path
) -> None:
    with clock.fixed_at(AT):
        backups.write(settings, tmp_path / "good.tar.gz")
        with world.work(engine) as session:
            audit.note(session, "case:read", object_type="case")
        with world.work(engine) as session:
            checkpoints.daily(session, settings, AT)
    for after, ill in ((timedelta(days=2), False), (timedelta(days=2, seconds=1), True)):
        with clock.fixed_at(AT + after):
            output = ask_doctor(settings).output
        assert ("WRONG backup: The last backup is of 2026-11-16" in output) is ill
        assert ("WRONG checkpoints: The last checkpoint is of 2026-11-16" in output) is ill
    with clock.fixed_at(AT - timedelta(seconds=1)):
        assert "WRONG clock: The clock is behind the last audit row" in ask_doctor(settings).output
