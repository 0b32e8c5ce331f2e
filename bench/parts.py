"""What other rooms measure: each a small file of its own here, found by its name.

`bench/page_plan.py` gives a page that is held beside the baseline like the others:

    NAME = "page.plan"
    AT_MOST = 3.0   # times the baseline; None: only reported; may be left out
    def page(world: World) -> tuple[Installation, Asking]: ...   # furnish what it shows, then say how it is asked for

`bench/rows_ledger.py` gives figures of its own kind:

    def rows(world: World) -> Iterator[Row]: ...
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType


def of_kind(kind: str) -> Iterator[ModuleType]:
    """The modules `bench/<kind>_*.py`, by name."""
    for path in sorted(Path(__file__).parent.glob(f"{kind}_*.py")):
        yield import_module(f"bench.{path.stem}")
