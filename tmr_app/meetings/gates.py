"""What a room above asks before a meeting goes out: its verdicts stand among the others of the check (`readiness`)."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.meetings.models import Meeting
from tmr_app.regulation.verdicts import Verdict

Gate = Callable[[Session, Meeting, Case, date], list[Verdict]]
_gates: list[Gate] = []


def before_convening(gate: Gate) -> Gate:
    """Register a rule that a meeting must keep before its invitations leave (also as a decorator)."""
    if gate not in _gates:
        _gates.append(gate)
    return gate


def verdicts(session: Session, meeting: Meeting, case: Case, today: date) -> list[Verdict]:
    return [verdict for gate in _gates for verdict in gate(session, meeting, case, today)]
