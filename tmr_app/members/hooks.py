"""What rooms above want to hear of: `members` knows no cases, so they register a listener here."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.members.models import Appointment, Person

Listener = Callable[[Session, Person | None, datetime, Appointment], None]

_when_appointment_ends: list[Listener] = []


def when_appointment_ends(listener: Listener) -> Listener:
    """Register (also as a decorator); a listener is called once however often its module is loaded."""
    if listener not in _when_appointment_ends:
        _when_appointment_ends.append(listener)
    return listener


def appointment_ended(
    session: Session, actor: Person | None, now: datetime, appointment: Appointment
) -> None:
    """Say that `appointment.to_on` was set: call it in the same unit of work (T04). `now` is the domain instant."""
    for listener in _when_appointment_ends:
        listener(session, actor, now, appointment)
