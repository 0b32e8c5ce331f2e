"""What meetings add to the case's own pages and tell the plan: words for the audit, first steps, where the Table sits."""

from uuid import UUID

from flask import url_for
from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import Standing
from tmr_app.cases import panels
from tmr_app.cases.models import Assessment, Case, InitialPlan
from tmr_app.cases.panels import NextStep
from tmr_app.cases.table_models import Seat
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.plans.meetings_of_case import MeetingOfCase, meetings_source
from tmr_app.regulation.verdicts import Message

CENTRE = frozenset({"case_manager", "assistant_case_manager"})
"""Seats of the Centre itself: nobody is invited to what they prepare."""
WORDS = {
    "meeting:called": Message("Meeting called"),
    "meeting:date-set": Message("Date of a meeting proposed"),
    "meeting:agreement-asked": Message("Head asked to agree to a date"),
    "meeting:agreement-void": Message("Agreement to a date fell away"),
    "meeting:agreed": Message("Date of a meeting agreed"),
    "meeting:date-proposed": Message("Another date proposed by the head"),
    "meeting:convened": Message("Meeting convened"),
    "meeting:convened-anew": Message("Meeting convened for another date"),
    "meeting:changed": Message("Hour or place of a meeting changed"),
    "meeting:rescheduled": Message("Date of a convened meeting changed"),
    "meeting:cancelled": Message("Meeting cancelled"),
    "meeting:papers-waived": Message("Prior assessment waived"),
    "meeting:without-representative": Message("Head's reason for going without a representative recorded"),
    "invitees:changed": Message("Invitees of a meeting changed"),
    "agenda:changed": Message("Agenda changed"),
    "papers:changed": Message("Papers of a meeting changed"),
    "family-notice:recorded": Message("Notice to the family recorded"),
    "invitation:handed-over": Message("Invitation handed over on paper"),
    "invitation:answered": Message("Invitation answered"),
    "invitation:bounced": Message("Invitation came back"),
    "invitation:added": Message("Somebody invited later"),
    "meeting-request:made": Message("Meeting asked for by a member"),
    "meeting-request:withdrawn": Message("Request for a meeting withdrawn"),
    "meeting-request:escalated": Message("Open request for a meeting put before the head"),
    "report:requested": Message("Progress reports asked for"),
    "read:meetings:show": Message("Page of a meeting read"),
    "read:meetings:index": Message("List of meetings read"),
}
panels.audit_words(WORDS)


_BEGINNING = select(
    exists().where(
        Seat.case_id == bindparam("case_id"),
        Seat.ended_at.is_(None),
        Seat.kind.not_in(CENTRE),
    ),
    exists().where(Assessment.case_id == bindparam("case_id"), Assessment.completed_at.is_not(None))
    & exists().where(InitialPlan.case_id == bindparam("case_id")),
    exists().where(Meeting.case_id == bindparam("case_id"), Meeting.status != "cancelled"),
)


@panels.step_source
def first_steps(session: Session, case: Case, standing: Standing) -> NextStep | None:
    """Compose the Table (A6.1.1), write what is sent with the invitation (A8.7), call the first meeting (A8.1).

    Until a meeting is called these come before all else.
    """
    if case.status != "open" or case.phase != "assessment" or not may(standing, Permission.MEETING_CONVENE):
        return None
    session.flush()
    composed, written, called = session.connection().execute(_BEGINNING, {"case_id": case.id}).one()
    if not composed:
        return NextStep(
            Message("Nobody sits at the Table of this case yet. Choose the members from the roster."),
            Message("Compose the Table"),
            url_for("table.show", case_id=case.id),
        )
    if not called and not written:
        return NextStep(
            Message(
                "The Table is composed. With the invitation the members get the initial assessment and the initial "
                "individual plan (A8.7): write them before you call the first meeting."
            ),
            Message("Write the initial assessment and plan"),
            url_for("cases.assessment", case_id=case.id),
        )
    if not called:
        return NextStep(
            Message("The Table is composed. No meeting is called yet: every referral gets one (A8.1)."),
            Message("Call the first meeting"),
            url_for("meetings.call", case_id=case.id),
        )
    return None


_INVITED = (
    select(Meeting.id, Meeting.code, Meeting.meeting_on)
    .join(Invitation, Invitation.meeting_id == Meeting.id)
    .where(
        Meeting.case_id == bindparam("case_id"),
        Meeting.status == "convened",
        Invitation.seat_id == bindparam("seat_id"),
        Invitation.left_out.is_(False),
        Invitation.withdrawn_at.is_(None),
    )
    .order_by(Meeting.meeting_on, Meeting.id)
    .limit(1)
)


@panels.step_source
def own_invitation(session: Session, case: Case, standing: Standing) -> NextStep | None:
    """What a member came for: the coming meeting they are invited to (A8.7, A9)."""
    if standing.seat_kind in (None, *CENTRE) or not may(standing, Permission.PACK_READ):
        return None
    found = session.execute(_INVITED, {"case_id": case.id, "seat_id": standing.seat_id}).one_or_none()
    if found is None:
        return None
    return NextStep(
        Message("You are invited to meeting %(code)s on %(on)s.", code=found.code, on=found.meeting_on),
        Message("Answer and read the papers"),
        url_for("pack.show", case_id=case.id, meeting_id=found.id),
    )


@meetings_source
def meetings(session: Session, case_id: UUID) -> list[MeetingOfCase]:
    """Running and held meetings of a case, the newest first."""
    rows = session.execute(
        select(Meeting.id, Meeting.code, Meeting.meeting_on, Meeting.status, Meeting.started_at)
        .where(
            Meeting.case_id == case_id,
            Meeting.status.in_(("running", "held")),
            Meeting.meeting_on.is_not(None),
        )
        .order_by(Meeting.meeting_on.desc(), Meeting.id)
    )
    return [
        MeetingOfCase(row.id, row.code, row.meeting_on, row.status, row.started_at)
        for row in rows
        if row.meeting_on is not None
    ]
