"""What must be true before anything is served: keys fit, the schema is the newest, the mode fits the database."""

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from tmr_app.kernel import db
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
    engine = db.make_engine(settings.database_url)
    check_mode(settings, engine)
    db.settle_journal(engine)
    return engine


def check_production(settings: Settings) -> None:
    """Before serving for real: the mode fits, the keys fit the data, retention was decided. Raises SettingsWrong."""
    Keyring.load(settings.key_file)
    prepare(settings).dispose()
    if settings.retention_years is None:
        raise SettingsWrong(
            "TMR_RETENTION_YEARS is not set: the Regulation gives no retention time, so the controller must decide how many "
            "years closed cases are kept."
        )
