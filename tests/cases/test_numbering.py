"""Case numbers under concurrency: no double, no gap, on both databases."""

import threading

from tests.cases.conftest import Scene
from tests.cases.desk import opened
from tests.fixtures import world

THREADS, EACH = 4, 3


def test_numbers_of_several_openers_at_once(fresh_scene: Scene) -> None:
    """Four case managers open three cases each at the same moment: twelve numbers in a row."""
    scene = fresh_scene
    start = threading.Barrier(THREADS)
    found: list[str] = []
    failed: list[BaseException] = []

    def open_some() -> None:
        try:
            start.wait(timeout=30)
            for _turn in range(EACH):
                with world.work(scene.app.engine) as session:
                    number = opened(session, scene.here.town, "Njëkohësisht").number
                found.append(number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=open_some) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed, failed
    first = int(scene.here.number.rsplit("-", 1)[1])
    ends = sorted(int(number.rsplit("-", 1)[1]) for number in found)
    assert ends == list(range(first + 1, first + 1 + THREADS * EACH))
