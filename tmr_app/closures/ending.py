"""The case is closed and read-only (A17.3); the head may reopen it with a reason."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import dossier, notifications
from tmr_app.closures.dossier import Dossier
from tmr_app.closures.models import Closing, Erasure
from tmr_app.closures.recommending import note
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.meetings.calling import open_requests
from tmr_app.meetings.models import Meeting, ReportRequest
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Message, WayOut

AHEAD = ("preparing", "convened", "running")


def close(session: Session, actor: Person, now: datetime, *, case: Case) -> Closing:
    """Close the case: every step is done. From now on it is read-only.

    Raises OutOfOrder naming the step skipped or a meeting still ahead, RuleRefused (A17.3, A17.4) when the ground does not
    hold any more.
    """
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("end")
    refuse_meeting_ahead(session, case)
    check_whole(found)
    finish(session, now, one, actor=actor)
    case.status, case.phase = "closed", "closure"
    case.closed_on, case.closing_ground = one.closed_on, one.ground
    case.next_duty = case.next_duty_on = None
    quieten(session, now, case)
    notifications.tell_closed(session, now, case=case, closing=one)
    audit.note(
        session,
        "case:closed",
        object_type="case",
        object_id=case.id,
        case_id=case.id,
        rule="A17.3",
        actor_id=actor.id,
    )
    return one


def check_whole(found: Dossier, *, transfer_pending: bool = False) -> None:
    """The rules once more, with all facts of today. Raises RuleRefused."""
    facts = found.closing_facts()
    if transfer_pending:
        facts = replace(facts, transfer_accepted_on=found.today)  # by this very deed
    closed = articles.a17_3_closed_on_ground(facts, found.today)
    guide = WayOut("closing_guide", Message("Follow the closing guide."))
    answers = [
        replace(closed, ways_out=(*closed.ways_out, guide)),
        articles.a17_4_services_after_eighteen(found.after_eighteen_facts(), found.today),
    ]
    refused = [one for one in answers if one.refuses]
    if refused:
        raise RuleRefused(*refused, case_id=found.case.id)


def finish(session: Session, now: datetime, one: Closing, *, actor: Person) -> None:
    """This closing is done: the Table's work on the case has ended."""
    one.state, one.closed_at, one.closed_on, one.closed_by_id = "closed", now, civil_date(now), actor.id
    note(session, "closing:closed", one, "A17.3", actor)


def refuse_meeting_ahead(session: Session, case: Case) -> None:
    """Raises OutOfOrder while a meeting of the case is being prepared, convened or runs."""
    ahead = select(Meeting.id).where(Meeting.case_id == case.id, Meeting.status.in_(AHEAD)).limit(1)
    if session.scalar(ahead) is not None:
        raise OutOfOrder(
            Message("A meeting of this case is still ahead: hold it or cancel it first."), "A17.3"
        )


def quieten(session: Session, now: datetime, case: Case) -> None:
    """What was asked of members and waits is taken back: reports, requests for a meeting."""
    session.execute(
        update(ReportRequest)
        .where(
            ReportRequest.case_id == case.id,
            ReportRequest.withdrawn_at.is_(None),
            ReportRequest.meeting_id.is_(None),
        )
        .values(withdrawn_at=now)
    )
    for request in open_requests(session, case.id):
        request.withdrawn_at = now


def reopen(session: Session, actor: Person, now: datetime, *, case: Case, reason: str) -> Closing:
    """The head reopens a closed case with a reason; its Table, plan and duties go on.

    Raises OutOfOrder for an open or erased case, FieldRefused without a reason.
    """
    lock_table(session, case.id)
    if case.status != "closed":
        raise OutOfOrder(Message("The case is open."), "A17.3")
    erasing = select(Erasure.id).where(Erasure.case_id == case.id, Erasure.state != "refused").limit(1)
    if session.scalar(erasing) is not None:
        raise OutOfOrder(Message("The data of this case are about to be erased."), "A18.1")
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    one = dossier.newest(session, case.id)
    if one is None or one.state != "closed":
        raise OutOfOrder(Message("The closing of this case is not kept here."), "A17.3")
    one.state, one.reopened_at, one.reopened_by_id = "reopened", now, actor.id
    one.ended_reason = reason.strip()
    case.status, case.phase = "open", "plan"
    case.closed_on = case.closing_ground = None
    case.family_notices_stopped_at = None
    notifications.tell_reopened(session, now, case=case, closing_id=one.id)
    note(session, "case:reopened", one, "A16", actor)
    return one
