"""Filling a database with the demonstration, once: migrate, mark, fill. Another's database is never touched."""

import gc
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from tmr_app.kernel import clock, db, encryption, migrations, schema
from tmr_app.kernel.db import Base
from tmr_app.kernel.errors import SettingsWrong
from tmr_app.members.models import InstallationFact
from tmr_app.web.demonstration.places import Places
from tmr_app.web.production import DEMONSTRATION_FACT, installation_facts

SEEDED_FACT = "demonstration_filled_on"


def is_wanted(engine: Engine, *, fresh: bool = False) -> bool:
    """Whether the database has to be filled: it is empty, its filling was cut off, or `fresh` asks for a new one.

    Raises SettingsWrong for a database that holds anything else.
    """
    state = _state(engine)
    if state == "foreign":
        raise SettingsWrong(
            "TMR_DATABASE_URL names a database that is not a demonstration: 'tmr demo' never touches it. "
            "Unset TMR_DATABASE_URL, or name an empty database."
        )
    return fresh or state != "filled"


def bring_up(places: Places, engine: Engine) -> None:
    """Bring a demonstration that an earlier program filled to this one's schema.

    Raises SettingsWrong for one that a newer program filled, and for one whose keys are gone.
    """
    if not places.key_file.exists():
        raise SettingsWrong(
            f"The keys of this demonstration are not in {places.folder}: 'tmr demo --fresh' makes it anew."
        )
    state = migrations.state(engine)
    if state == "newer":
        raise SettingsWrong("This demonstration is of a newer program: 'tmr demo --fresh' makes it anew.")
    if state == "older":
        migrations.upgrade(engine)


def make(places: Places, engine: Engine) -> None:
    """Clear what an earlier demonstration left, migrate, mark, fill. Ask `is_wanted` first."""
    if _state(engine) != "empty" and places.own_database is None:
        _clear(engine)
    engine.dispose()  # no pooled connection may hold a file that is deleted
    places.forget_files()
    encryption.use(places.keyring())
    db.settle_journal(engine)
    migrations.upgrade(engine)
    with db.unit(engine) as session:
        session.add(InstallationFact(name=DEMONSTRATION_FACT, value="tmr demo"))
    gc.disable()  # hundreds of thousands of objects live until the end: nothing is gained by looking through them
    try:
        fill(places, engine, clock.real_now())
    finally:
        gc.enable()


def _state(engine: Engine) -> str:
    """empty | filled | half (marked, but the filling was cut off) | foreign."""
    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if not tables:
        return "empty"
    facts = installation_facts(engine) if "installation_fact" in tables else {}
    if DEMONSTRATION_FACT not in facts:
        return "foreign"
    return "filled" if SEEDED_FACT in facts else "half"


def _clear(engine: Engine) -> None:
    """Drop every table of a database marked as a demonstration."""
    schema.load_all()
    Base.metadata.drop_all(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS alembic_version"))


def fill(places: Places, engine: Engine, now: datetime) -> None:
    """Everything invented, in one unit of work; `now` is the instant from which all dates are counted."""
    from tmr_app.cases.declaring import seed_texts
    from tmr_app.web.app import create_app
    from tmr_app.web.demonstration import accounts, stories, timeline, towns

    app = create_app(places.settings("http://127.0.0.1"), engine=engine, keyring=encryption.keyring())
    since = now.replace(year=now.year - 1, month=1, day=1)
    start = timeline.at(since.date(), 8)
    with db.unit(engine) as session:
        with clock.fixed_at(start):
            world = towns.found(session, start, start.date())
            accounts.open_accounts(session, app, world, start)
            accounts.remember_people(session, world)
            seed_texts(session, start)
        stories.tell_all(session, world, now)
        session.add(InstallationFact(name=SEEDED_FACT, value=clock.civil_date(now).isoformat()))
    _refresh_duties(engine, now)


def _refresh_duties(engine: Engine, now: datetime) -> None:
    from tmr_app.oversight import next_duties, tally

    with db.unit(engine) as session:
        next_duties.refresh_open_cases(session, now)
        tally.refresh_stale(session, now)


def bytes_taken(places: Places, engine: Engine) -> int:
    """What the demonstration takes on the disk: its folder, and its database wherever that lies."""
    paths = {one.resolve() for one in places.folder.rglob("*")}
    total = 0
    if engine.dialect.name == "sqlite":
        paths.add(Path(engine.url.database or "").resolve())
    else:
        with engine.connect() as connection:
            total = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
    return total + sum(one.stat().st_size for one in paths if one.is_file())


def age_in_days(engine: Engine, now: datetime) -> int:
    """How many days ago this demonstration was filled, by the real clock."""
    value = installation_facts(engine).get(SEEDED_FACT, "")
    return (clock.civil_date(now) - datetime.fromisoformat(value).date()) // timedelta(days=1) if value else 0
