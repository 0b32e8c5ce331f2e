"""The worker under `tmr demo`: the same clockwork over a database marked as a demonstration.

It also looks whether the demonstration's date was moved, and then runs its round at once: nobody waits a minute to see the
reminders of the new day.
"""

import os
from collections.abc import Callable
from pathlib import Path

from tmr_app.jobs import periodic, scheduler
from tmr_app.kernel import logs
from tmr_app.web import shift
from tmr_app.web.app import TmrFlask
from tmr_app.web.demonstration.opening import wait_for
from tmr_app.web.wsgi import filled_demonstration

LOOK_SECONDS = 2


def watch_date(app: TmrFlask) -> Callable[[], bool]:
    """A job that runs the round when the date has moved since its last look; it tells whether it did."""
    seen = [shift.stored_days(app.engine)]

    def look() -> bool:
        moved = shift.stored_days(app.engine)
        if moved == seen[0]:
            return False
        seen[0] = moved
        shift.forget()
        periodic.run_all(app, app.engine)
        return True

    return look


def main() -> None:
    logs.configure()
    wait_for(Path(os.environ["TMR_DEMO_READY"]))
    app = filled_demonstration()
    scheduler.run(app, also=[("date", watch_date(app), LOOK_SECONDS)])


if __name__ == "__main__":
    main()
