"""Import once what the product and its tests import, so that Python keeps it compiled: `python -m tools.warm`.

uv installs sources only, and an environment may forbid Python to write what it compiles: then each of the four processes
of `make demo`, and each of the test groups, would compile a thousand modules anew.
"""

import sys
import time
from importlib import import_module
from pathlib import Path

PRODUCT = (
    "tmr_app.web.app", "tmr_app.web.cli", "tmr_app.web.demonstration.filling", "tmr_app.web.demonstration.stories",
    "tmr_app.web.demonstration.mailbox", "tmr_app.jobs.demonstration_worker", "tmr_app.documents.docx",
    "tmr_app.documents.pdf", "tmr_app.kernel.migrations", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread",
    "aiosmtpd.controller", "apscheduler.schedulers.blocking", "babel.dates", "holidays.countries.kosovo", "icalendar",
    "openpyxl", "alembic.command", "sqlalchemy.dialects.sqlite", "psycopg",
)  # fmt: skip
TESTS = ("pytest", "_pytest.assertion.rewrite", "hypothesis", "playwright.sync_api", "bs4", "pypdf")


def main() -> int:
    """What is not there (the tests' packages on a plain installation) is left out."""
    sys.dont_write_bytecode = False
    for name in (*PRODUCT, *TESTS):
        try:
            import_module(name)
        except ImportError as missing:
            print(f"not compiled ahead: {name} ({missing})", file=sys.stderr)
    _tell(Path(sys.prefix))
    return 0


def _tell(environment: Path) -> None:
    """What setting up took: from the making of the environment until now, and the room it takes."""
    seconds = time.time() - (environment / "pyvenv.cfg").stat().st_mtime
    taken = sum(one.lstat().st_size for one in environment.rglob("*") if one.is_file())
    print(f"Set up in {seconds:.0f} s; {environment.name} takes {taken / 2**20:.0f} MiB.")


if __name__ == "__main__":
    sys.exit(main())
