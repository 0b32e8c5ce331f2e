"""Before anything is served (F25): a damaged file, other keys, another schema are one sentence with a way out."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests.fixtures import world
from tests.fixtures.smtp import SmtpServer
from tmr_app.kernel import backups, clock, db, encryption, migrations, vault
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.settings import Settings
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


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("place", ["head", "page"])
def test_a_damaged_file_names_the_last_good_backup(
    settings: Settings, engine: Engine, tmp_path: Path, place: str
) -> None:
    """PostgreSQL keeps watch over its own pages."""
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
