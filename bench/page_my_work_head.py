"""What waits for the head of 2,600 open cases. Only reported."""

from bench.reader import Asking
from bench.world import Installation, World

NAME = "page.my_work.head"
AT_MOST = None


def page(world: World) -> tuple[Installation, Asking]:
    """The same page as `page.my_work`, for a head."""
    return world.large, world.large.head.asking("/my-work")
