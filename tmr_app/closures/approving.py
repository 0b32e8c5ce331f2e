"""The head of services approves the closing assessment beforehand, or returns it (A17.3): never who wrote it."""

from datetime import datetime

from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import dossier, notifications
from tmr_app.closures.models import Closing, ClosingReview
from tmr_app.closures.recommending import note as audit_note
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, Stale
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


def decide(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    accepted: bool,
    note: str = "",
    version: int,
) -> Closing:
    """Approve this version of the assessment, or return it with a reason.

    Raises OutOfOrder before assessment and opinions, for whoever wrote it, and once decided; Stale for another version;
    FieldRefused for a return without a reason.
    """
    lock_table(session, case.id)
    one = dossier.load(session, case, now).require("approval")
    if one.version != version:
        raise Stale(mine={"note": note}, theirs={"note": ""}, version=one.version)
    if one.approved_at is not None:
        raise OutOfOrder(Message("This has been decided already."), "A17.3")
    if actor.id in (one.assessed_by_id, case.case_manager_id):
        raise OutOfOrder(Message("Somebody else than who made the assessment approves it."), "A17.3")
    if not accepted and not note.strip():
        raise FieldRefused("note", Message("Write what is missing."))
    session.add(
        ClosingReview(
            case_id=case.id,
            closing_id=one.id,
            version=one.version,
            accepted=accepted,
            decided_at=now,
            decided_by_id=actor.id,
            note=note.strip(),
        )
    )
    if accepted:
        one.approved_at, one.approved_by_id, one.approved_version = now, actor.id, one.version
    notifications.tell_decided(session, now, case=case, closing=one, accepted=accepted)
    audit_note(session, "closing:approved" if accepted else "closing:returned", one, "A17.3", actor)
    return one
