"""Pages and lists: processor time beside the baseline page of the same size, in the same run; statements, wall, commit."""

from collections.abc import Iterator

from bench import parts
from bench.baseline import baseline
from bench.measuring import Call, Row, Times, Traffic, interleaved, say, watched
from bench.reader import Asking, Reader
from bench.world import Installation, World

ROUNDS = 60
AT_MOST, STATEMENTS, LISTS_AT_MOST = 3.0, 20, 1.2


def rows(world: World) -> Iterator[Row]:
    """Every page and list, each beside a baseline of its size."""
    large, small, case = world.large, world.small, world.case
    manager = large.manager(-1)
    pages = {
        "page.meeting": (large, manager.asking(case.meeting_page())),
        "page.case": (large, manager.asking(case.page())),
        "page.my_work": (large, manager.asking("/my-work")),
        "list.100000.head": (large, large.head.asking("/cases")),
        "list.100000.case_manager": (large, manager.asking("/cases")),
        "list.100.head": (small, small.head.asking("/cases")),
        "list.100.case_manager": (small, small.manager().asking("/cases")),
        "search.100000": (large, searching(large.head)),
    }
    own = list(parts.of_kind("page"))
    pages |= {part.NAME: part.page(world) for part in own}
    limits = {part.NAME: getattr(part, "AT_MOST", AT_MOST) for part in own}
    calls: dict[str, Call] = {}
    traffic: dict[str, Traffic] = {}
    for name, (where, asking) in pages.items():
        calls[name] = asking
        size, traffic[name] = look(where, asking)
        bare = Reader(baseline(where.engine, size)).asking("/")
        assert abs(len(bare()[1]) - size) <= size / 10, name
        calls[f"{name}/baseline"] = bare
    say(f"{len(pages)} pages beside their baselines, {ROUNDS} rounds")
    times = interleaved(calls, ROUNDS)
    for name in ("page.meeting", "page.case", "page.my_work", *limits):
        yield from of_page(name, times, traffic[name], limits.get(name, AT_MOST))
    yield from of_lists(times, traffic)
    yield from of_page("search.100000", times, traffic["search.100000"], None)
    yield Row("baseline.processor", times["page.meeting/baseline"].processor, "ms")


def searching(reader: Reader) -> Asking:
    """A search for a name in the reader's own cases, beyond the five hundred that are read in memory."""
    return reader.posting("/cases", reader.get("/cases")[1], q="Krasniqi Drita")


def look(where: Installation, asking: Asking) -> tuple[int, Traffic]:
    """Once to warm, once to count. The size of the page in bytes."""
    for _ in range(2):
        status, body = asking()
        assert status.startswith("200"), status
    with watched(where.engine) as seen:
        asking()
    return len(body), seen


def of_page(name: str, times: dict[str, Times], seen: Traffic, limit: float | None) -> Iterator[Row]:
    page = times[name]
    yield Row(name, page.processor / times[f"{name}/baseline"].processor, "x baseline", limit)
    yield Row(f"{name}.statements", len(seen.statements), "statements", STATEMENTS)
    yield Row(f"{name}.processor", page.processor, "ms")
    yield Row(f"{name}.wall", page.wall, "ms")
    yield Row(f"{name}.commit", seen.commit, "ms")


def of_lists(times: dict[str, Times], traffic: dict[str, Traffic]) -> Iterator[Row]:
    """The longer of the two readers' lists, and how much longer it is with a hundred thousand cases beside."""
    readers = ("head", "case_manager")
    ratio = {
        name: times[name].processor / times[f"{name}/baseline"].processor
        for name in traffic
        if name.startswith("list.")
    }
    yield Row("list.100", max(ratio[f"list.100.{one}"] for one in readers), "x baseline")
    grown = {
        one: times[f"list.100000.{one}"].processor / times[f"list.100.{one}"].processor for one in readers
    }
    yield Row("list.100000", max(grown.values()), "x list.100", LISTS_AT_MOST)
    for one in readers:
        yield from of_page(f"list.100000.{one}", times, traffic[f"list.100000.{one}"], None)
