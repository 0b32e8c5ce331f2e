"""The head's office over 2,600 open cases: what waits for a decision, who carries how many. Only reported."""

from bench.reader import Asking
from bench.world import Installation, World

NAME = "page.head_office"
AT_MOST = None


def page(world: World) -> tuple[Installation, Asking]:
    """What the head of the largest Centre sees first."""
    return world.large, world.large.head.asking("/head-office")
