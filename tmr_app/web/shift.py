"""The demonstration's civil date: a shift in whole days, stored in the demonstration's database."""

from datetime import timedelta
from time import monotonic

from sqlalchemy import Engine, text

from tmr_app.kernel import clock

FACT = "civil_date_shift_days"


def follow_demonstration_clock(engine: Engine) -> None:
    """From now on the domain clock of this process is real time plus the stored shift (a demonstration only)."""

    kept: list[tuple[float, timedelta]] = []

    def shift() -> timedelta:
        if kept and monotonic() - kept[0][0] < 1:
            return kept[0][1]
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            value = connection.execute(
                text("SELECT value FROM installation_fact WHERE name = :name"), {"name": FACT}
            ).scalar()
        kept[:] = [(monotonic(), timedelta(days=int(value or 0)))]
        return kept[0][1]

    clock.shift_by(shift)
