"""What must be true before anything is served: the file is sound, keys fit, the schema is the newest, the mode fits."""

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DatabaseError, OperationalError, SQLAlchemyError

from tmr_app.kernel import backups, db, migrations
from tmr_app.kernel.encryption import Keyring
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.kernel.settings import Settings

DEMONSTRATION_FACT = "demonstration"


def installation_facts(engine: Engine) -> dict[str, str]:
    """All facts of this database. Raises SettingsWrong when it has no schema or does not answer."""
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("installation_fact"):
                raise SettingsWrong("The database has no schema yet: run 'tmr db upgrade'.")
            return {
                row[0]: row[1]
                for row in connection.execute(text("SELECT name, value FROM installation_fact"))
            }
    except SQLAlchemyError as error:
        raise SettingsWrong(
            "The database does not answer: check TMR_DATABASE_URL, then run 'tmr doctor'."
        ) from error


def check_mode(settings: Settings, engine: Engine) -> None:
    """A demonstration's database is served by `tmr demo` only, and `tmr demo` serves no other. Raises SettingsWrong."""
    marked = DEMONSTRATION_FACT in installation_facts(engine)
    if marked and not settings.demonstration:
        raise SettingsWrong(
            "This database is a demonstration: serve it with 'tmr demo', or set another TMR_DATABASE_URL."
        )
    if settings.demonstration and not marked:
        raise SettingsWrong(
            "This database is not a demonstration: 'tmr demo' never touches it. Set another TMR_DATABASE_URL."
        )


def prepare(settings: Settings) -> Engine:
    """The engine of a process about to serve: mode checked, journal settled."""
    if backups.is_unfinished(settings):
        raise SettingsWrong(
            "A restore did not come to its end: erased cases, old sessions and mail that was sent already may be back. Put "
            "the database and the file store aside and run 'tmr restore FILE' again."
        )
    engine = db.make_engine(settings.database_url)
    check_mode(settings, engine)
    db.settle_journal(engine)
    return engine


def check_production(settings: Settings) -> None:
    """Before serving for real: file sound, mode, schema and keys fit, retention was decided. Raises SettingsWrong."""
    keyring = Keyring.load(settings.key_file)
    check_sound(settings)
    engine = prepare(settings)
    check_schema(engine)
    check_keys(engine, keyring)
    engine.dispose()
    if settings.retention_years is None:
        raise SettingsWrong(
            "TMR_RETENTION_YEARS is not set: the Regulation gives no retention time, so the controller must decide how many "
            "years closed cases are kept."
        )


def check_sound(settings: Settings) -> None:
    """Raises SettingsWrong when SQLite finds its file damaged, naming the last good backup (F25)."""
    engine = db.make_engine(settings.database_url)
    if engine.dialect.name != "sqlite":
        return
    try:
        with db.looking(engine) as connection:
            found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    except OperationalError:
        return  # it does not answer at all: `installation_facts` says so
    except DatabaseError as error:
        found = str(error.orig)
    finally:
        engine.dispose()
    if found != "ok":
        last = backups.last_written(settings)
        known = (
            f"the last good one known here is {last.path} of {last.at:%Y-%m-%d %H:%M} UTC"
            if last
            else "none is known here"
        )
        raise SettingsWrong(
            f"The database file {engine.url.database} is damaged: put it aside and run 'tmr restore BACKUP' ({known})."
        )


def check_schema(engine: Engine) -> None:
    """Raises SettingsWrong when the database is older or newer than the program."""
    state = migrations.state(engine)
    if state == "older":
        raise SettingsWrong(
            "The database is older than the program: run 'tmr backup FILE', then 'tmr db upgrade'."
        )
    if state == "newer":
        raise SettingsWrong("The database is newer than the program: install the version that upgraded it.")


def check_keys(engine: Engine, keyring: Keyring) -> None:
    """Raises SettingsWrong when the key file is not the one the data were sealed with."""
    with db.looking(engine) as connection:
        wrapped = connection.execute(text("SELECT wrapped FROM data_key LIMIT 1")).scalar()
    if wrapped is not None:
        keyring.unwrap(bytes(wrapped))
