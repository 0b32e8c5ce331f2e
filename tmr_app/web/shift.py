"""The demonstration's civil date: a shift in whole days, stored in the demonstration's database."""

from datetime import timedelta
from time import monotonic

from sqlalchemy import Engine, text

from tmr_app.kernel import clock

FACT = "civil_date_shift_days"

_kept: list[tuple[float, timedelta]] = []


def follow_demonstration_clock(engine: Engine) -> None:
    """From now on the domain clock of this process is real time plus the stored shift (a demonstration only)."""
    forget()

    def shift() -> timedelta:
        kept = _kept[0] if _kept else None
        if kept is not None and monotonic() - kept[0] < 1:
            return kept[1]
        found = timedelta(days=stored_days(engine))
        _kept[:] = [(monotonic(), found)]
        return found

    clock.shift_by(shift)


def forget() -> None:
    """Read the shift anew at the next question: it was moved in this process."""
    _kept.clear()


def stored_days(engine: Engine) -> int:
    """The shift as it is stored now."""
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        value = connection.execute(
            text("SELECT value FROM installation_fact WHERE name = :name"), {"name": FACT}
        ).scalar()
    return int(value or 0)
