"""The ledger of a Centre with two thousand cases and more: statements and seconds of the page, and of counting its cases."""

from collections.abc import Iterator
from time import perf_counter

from sqlalchemy import select

from bench.measuring import Row, say, watched
from bench.moment import NOW
from bench.world import World
from tmr_app.cases.models import Case
from tmr_app.kernel import db
from tmr_app.oversight import tally

CASES = 2_000
STATEMENTS, SECONDS = 19, 1.0


def rows(world: World) -> Iterator[Row]:
    """The head's page with its sums, as a duty is opened, and how it went; the worker's counting; one case's own."""
    large = world.large
    with db.unit(large.engine) as session:
        ids = list(
            session.scalars(select(Case.id).where(Case.qps_id == large.centres[0].qps_id).limit(CASES))
        )
    say(f"counting the ledger of {len(ids)} cases")
    start = perf_counter()
    for first in range(0, len(ids), tally.AT_ONCE):
        with db.unit(large.engine) as session:
            tally.refresh(session, ids[first : first + tally.AT_ONCE], NOW)
    yield Row("ledger.2000.counting", 1000 * (perf_counter() - start) / len(ids), "ms a case")
    head, manager = large.head, large.manager(-1)
    for name, asking in (
        ("ledger.2000", head.asking("/ledger")),
        ("ledger.2000.duty", head.asking("/ledger?duty=A8.1")),
        ("ledger.2000.course", head.asking("/ledger/course")),
        ("ledger.case", manager.asking(world.case.page("ledger"))),
    ):
        for _ in range(2):
            status, _body = asking()
            assert status.startswith("200"), status
        with watched(large.engine) as seen:
            start = perf_counter()
            asking()
            wall = perf_counter() - start
        yield Row(f"{name}.statements", len(seen.statements), "statements", STATEMENTS)
        yield Row(f"{name}.wall", wall, "s", SECONDS)
