"""Memory of a process by itself: a web process that has served pages, a bare one, a worker.

Run as `python -m bench.memory KIND DATABASE KEY_FILE`; prints its resident size in MiB.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.measuring import Row
from bench.world import World

KINDS = ("web", "web.pdf", "worker", "baseline")
ROOT = Path(__file__).resolve().parents[1]


def rows(world: World) -> Iterator[Row]:
    """One process of each kind, each on the large database."""
    for kind in KINDS:
        settings = world.large.settings
        pages = [world.case.page(), world.case.meeting_page(), "/my-work", "/cases"]
        if kind == "web.pdf":
            pages.append(world.case.meeting_page("pack/copy"))
        command = [sys.executable, "-m", "bench.memory", kind, settings.database_url, str(settings.key_file)]
        found = subprocess.run(
            [*command, str(world.case.manager_id), *pages],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if found.returncode:
            raise RuntimeError(found.stderr)
        yield Row(f"memory.{kind}", float(found.stdout), "MiB")


def main(kind: str, url: str, key_file: str, person: str, *pages: str) -> None:
    """Do the kind's work, then print the greatest resident size."""
    from uuid import UUID

    from bench.baseline import baseline
    from bench.moment import NOW
    from bench.reader import Reader
    from tmr_app.kernel import clock, db, encryption
    from tmr_app.kernel.settings import Settings
    from tmr_app.web.app import create_app

    settings = Settings(database_url=url, key_file=Path(key_file), file_store=Path(key_file).parent / "files")
    with clock.fixed_at(NOW):
        encryption.use(encryption.Keyring.load(settings.key_file))
        engine = db.make_engine(url)
        if kind == "baseline":
            reader, pages = Reader(baseline(engine, 20_000)), ("/",)
        elif kind == "worker":
            from tmr_app.jobs import scheduler  # noqa: F401 -- what the worker's process loads

            create_app(settings, engine=engine)
            reader, pages = Reader(baseline(engine, 0)), ()
        else:
            reader = Reader.signed_in(create_app(settings, engine=engine), engine, UUID(person))
        for page in pages * 20:
            assert reader.get(page)[0].startswith("200"), page
        engine.dispose()
    print(resident())


def resident() -> float:
    """The greatest resident size so far, in MiB (what getrusage says would be the parent's after a fork)."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
