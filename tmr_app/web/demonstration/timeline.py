"""Time in the demonstration's history: each story is a generator that yields the instant at which it goes on.

All stories run together in the order of their instants, each step with the clock held at its instant; so the audit log and
every date read as if it had happened, and the cut at the present instant leaves each story in a natural state.
"""

import heapq
from collections.abc import Generator, Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from tmr_app.kernel import clock, outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.regulation import days
from tmr_app.web.demonstration.people import UNREACHABLE

Story = Generator[datetime, None, None]
DELIVERY = timedelta(minutes=2)
STEP = timedelta(minutes=10)
"""A story never goes back: where holidays push two of its days together, the later deed follows after this."""


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """The UTC instant of a wall time in Kosovo."""
    return days.civil_instant(on, time(hour, minute), 0)


def play(session: Session, stories: Iterable[Story], until: datetime) -> None:
    """Run all stories up to `until`; what lies later is not told. Mail of the past counts as accepted two minutes later."""
    order = count()
    waiting: list[tuple[datetime, int, Story]] = []

    def go_on(story: Story, earliest: datetime) -> None:
        wished = next(story, None)
        instant = None if wished is None else max(wished, earliest)
        if instant is not None and instant <= until:
            heapq.heappush(waiting, (instant, next(order), story))

    for story in stories:
        go_on(story, datetime.min.replace(tzinfo=UTC))
    while waiting:
        instant, _number, story = heapq.heappop(waiting)
        with clock.fixed_at(instant):
            go_on(story, instant + STEP)
            session.flush()
            deliver(session, instant)


def deliver(session: Session, instant: datetime) -> None:
    """The past's mail server: it accepted all but the unreachable domain. Nothing is really sent."""
    accepted_at = instant + DELIVERY
    dead = OutboxMessage.address.like(f"%@{UNREACHABLE}")
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.state == outbox.QUEUED)
        .values(
            state=case((dead, outbox.DEAD), else_=outbox.ACCEPTED),
            accepted_at=case((dead, None), else_=accepted_at),
            ended_at=accepted_at,
            attempts=1,
            last_reply=case((dead, "550 5.1.1 No such user here"), else_="250 2.0.0 Accepted"),
        )
        .execution_options(synchronize_session=False)
    )


class Diary:
    """Working days around today: stories are told in civil dates counted from it."""

    def __init__(self, today: date, calendar: days.Calendar) -> None:
        self.today = today
        self.calendar = calendar

    def ago(self, number: int) -> date:
        """The last working day on or before so many days ago."""
        return days.last_working_day_on_or_before(self.today - timedelta(days=number), self.calendar)

    def ahead(self, number: int) -> date:
        """The first working day on or after so many days from today."""
        return self.working(self.today + timedelta(days=number))

    def working(self, on: date) -> date:
        """The day itself, or the first working day after it."""
        while not self.calendar.is_working(on):
            on += timedelta(days=1)
        return on

    def before(self, on: date, number: int) -> date:
        """The last working day on or before so many days before `on`."""
        return days.last_working_day_on_or_before(on - timedelta(days=number), self.calendar)
