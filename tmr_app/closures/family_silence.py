"""A child has died: from that moment nothing goes to the family. What waits to be sent is withdrawn at once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.table_models import Participant
from tmr_app.kernel import audit, links, outbox
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.members.models import Institution, Person


def follow_ground(session: Session, now: datetime, *, case: Case, ground: str) -> None:
    """Stop the notices to the family when death is recorded; let them go on when that was taken back."""
    if ground == "death" and case.family_notices_stopped_at is None:
        stop(session, now, case=case)
    elif ground != "death" and case.family_notices_stopped_at is not None:
        case.family_notices_stopped_at = None
        _note(session, "family-notices:resumed", case)


def stop(session: Session, now: datetime, *, case: Case) -> int:
    """No notice to the family from now on; unsent mail and links to them are withdrawn. Returns how many mails."""
    case.family_notices_stopped_at = now
    officials = select(Person.id).union(select(Institution.id))
    withdrawn = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.case_id == case.id,
            OutboxMessage.recipient_id.not_in(officials),
            OutboxMessage.state.in_((outbox.QUEUED, outbox.CLAIMED, outbox.HELD)),
        )
        .values(state=outbox.CANCELLED, ended_at=now)
    )
    for participant_id in session.scalars(select(Participant.id).where(Participant.case_id == case.id)):
        links.revoke_about(session, subject_id=participant_id, now=now)
    _note(session, "family-notices:stopped", case)
    return int(withdrawn.rowcount or 0)  # type: ignore[attr-defined]


def _note(session: Session, tag: str, case: Case) -> None:
    audit.note(session, tag, object_type="case", object_id=case.id, case_id=case.id, rule="A17.3")
