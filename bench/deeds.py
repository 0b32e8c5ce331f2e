"""Convening for fifteen and for sixty, as the browser sends it; the reading room's PDF."""

from collections.abc import Iterator
from functools import partial
from statistics import median

from bench.furnished import Furnished
from bench.measuring import Row, interleaved, say, timed, watched
from bench.reader import Asking, Reader
from bench.world import Installation, World

STATEMENTS = 40
SECONDS_FOR_15 = 1.0
COPIES = 7


def rows(world: World) -> Iterator[Row]:
    """Both sizes of meeting, then the personal copy of a pack."""
    manager_id = world.large.centres[-1].managers[0].person_id
    chair = Reader.signed_in(world.large.app, world.large.engine, manager_id)
    for members, meetings in world.ready.items():
        say(f"convening {members} members, {len(meetings)} times")
        yield from convening(world.large, chair, members, meetings)
    yield from reading_room(world)


def convening(where: Installation, chair: Reader, members: int, meetings: list[Furnished]) -> Iterator[Row]:
    """The whole request, its statements and its time: guard, rules, frozen pack, mails, audit, next duty, commit."""
    spent: list[tuple[float, float]] = []
    commits: list[float] = []
    statements: list[int] = []
    for meeting in meetings:
        path = meeting.meeting_page("convene")
        sending = chair.posting(path, chair.get(path)[1], late_reason="")
        with watched(where.engine) as seen:
            spent.append(timed(partial(convened, sending)))
        statements.append(len(seen.statements))
        commits.append(seen.commit)
    name = f"convene.{members}"
    yield Row(name, max(statements), "statements", STATEMENTS)
    seconds = median(one[0] for one in spent)
    yield Row(f"{name}.processor", seconds, "s", SECONDS_FOR_15 if members == 15 else None)
    yield Row(f"{name}.wall", 1000 * median(one[1] for one in spent), "ms")
    yield Row(f"{name}.commit", median(commits), "ms")


def convened(sending: Asking) -> None:
    status, _ = sending()
    assert status.startswith("303"), status


def reading_room(world: World) -> Iterator[Row]:
    """A member's whole pack as one PDF with name and time on every page; each copy is made anew."""
    where, case = world.large, world.case
    member = Reader.signed_in(where.app, where.engine, case.member_ids[0])
    asking = member.asking(case.meeting_page("pack/copy"))
    status, content = asking()
    assert status.startswith("200"), status
    assert content.startswith(b"%PDF"), content[:20]
    say(f"the reading room's PDF, {COPIES} copies")
    times = interleaved({"pdf": asking}, COPIES)["pdf"]
    with watched(where.engine) as seen:
        asking()
    yield Row("pdf.reading_room", times.processor, "ms")
    yield Row("pdf.reading_room.statements", len(seen.statements), "statements")
    yield Row("pdf.reading_room.wall", times.wall, "ms")
    yield Row("pdf.reading_room.commit", seen.commit, "ms")
    yield Row("pdf.reading_room.size", len(content) / 1024, "KiB")
