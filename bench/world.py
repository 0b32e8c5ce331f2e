"""The two databases everything is read from: a hundred thousand cases, and a hundred; both migrated, with own keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from sqlalchemy import Engine

from bench.filling import fill
from bench.furnished import Furnished, furnish
from bench.measuring import say
from bench.places import Centre
from bench.reader import Reader
from tmr_app.kernel import db, encryption, migrations
from tmr_app.kernel.settings import Settings
from tmr_app.web.app import TmrFlask, create_app

HEADS = 2_600
OTHERS = 37
MEMBERS = {15: 14, 60: 59}
"""Members at the Table with the case manager, and those to seat beside them."""
CONVENED = {15: 5, 60: 3}


@dataclass
class Installation:
    """One database with its web application."""

    engine: Engine
    app: TmrFlask
    settings: Settings
    centres: list[Centre]

    @property
    def head(self) -> Reader:
        return Reader.signed_in(self.app, self.engine, self.centres[0].head.person_id)

    def manager(self, place: int = 0) -> Reader:
        return Reader.signed_in(self.app, self.engine, self.centres[0].managers[place].person_id)


@dataclass
class World:
    """`case` is the furnished one, the fortieth of its manager; `ready` the meetings still to be convened, by size."""

    large: Installation
    small: Installation
    case: Furnished
    ready: dict[int, list[Furnished]]


def sizes(cases: int) -> list[int]:
    """The measured centre lacks one of its 2,600: the furnished case."""
    own = min(HEADS, cases) - 1
    rest = cases - own - 1
    return [own, *(rest // OTHERS + (place < rest % OTHERS) for place in range(OTHERS) if rest)]


@contextmanager
def world(cases: int) -> Iterator[World]:
    """Both databases in a folder of their own, gone at the end."""
    with TemporaryDirectory(prefix="tmr-bench-") as name:
        folder = Path(name)
        keyring = encryption.Keyring.generate()
        encryption.use(keyring)
        keyring.save(folder / "keys.json")
        large = _install(folder, f"cases-{cases}", sizes(cases))
        case = furnish(large.engine, large.centres[0], large.centres[0].managers[-1], members=14, send=True)
        ready = {
            size: [
                furnish(
                    large.engine, large.centres[-1], large.centres[-1].managers[0], members=others, send=False
                )
                for _ in range(CONVENED[size])
            ]
            for size, others in MEMBERS.items()
        }
        small = _install(folder, "cases-100", [100])
        try:
            yield World(large, small, case, ready)
        finally:
            large.engine.dispose()
            small.engine.dispose()


def _install(folder: Path, name: str, numbers: list[int]) -> Installation:
    start = perf_counter()
    settings = Settings(
        database_url=f"sqlite:///{folder / name}.sqlite3",
        key_file=folder / "keys.json",
        file_store=folder / "files",
    )
    engine = db.make_engine(settings.database_url)
    journal = db.settle_journal(engine)
    migrations.upgrade(engine)
    centres = fill(engine, numbers)
    say(f"{sum(numbers):,} cases in {perf_counter() - start:.0f} s ({journal})")
    return Installation(
        engine, create_app(settings, engine=engine, keyring=encryption.keyring()), settings, centres
    )
