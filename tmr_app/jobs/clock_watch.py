"""Whether the machine's date jumped between two rounds of the worker (F14): written into the log, which counts by order."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock

TOLERATED_SECONDS = 60
"""A clock that is slowly set right (NTP slews) stays below this within a round."""


@dataclass
class ClockWatch:
    """Compares the date with time that only grows. One for each worker process."""

    last: tuple[datetime, float] | None = None

    def look(self, session: Session, _now: datetime) -> int:
        """Note a jump since the last look. Returns 1 when there was one."""
        seen, self.last = self.last, (clock.real_now(), clock.elapsed())
        if seen is None:
            return 0
        by_date = (self.last[0] - seen[0]).total_seconds()
        if abs(by_date - (self.last[1] - seen[1])) <= TOLERATED_SECONDS:
            return 0
        audit.note(session, "clock:jumped", object_type="installation")
        return 1
