"""What members ask of the case manager, in "my work": a meeting (A8.4), a substitute to confirm (A9)."""

from collections.abc import Sequence

from sqlalchemy import func

from tmr_app.cases.models import Case
from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.meetings.models import Invitation, Meeting, MeetingRequest
from tmr_app.regulation.verdicts import Message

_REQUESTS = (
    waits(
        case_id=Case.id,
        about=Case.number,
        order_by=(func.min(MeetingRequest.requested_at), Case.number),
    )
    .join_from(MeetingRequest, Case, Case.id == MeetingRequest.case_id)
    .where(
        Case.case_manager_id == PERSON,
        Case.status == "open",
        MeetingRequest.withdrawn_at.is_(None),
        MeetingRequest.meeting_id.is_(None),
    )
    .group_by(Case.id, Case.number)
)
_SUBSTITUTES = (
    waits(
        case_id=Meeting.case_id,
        thing_id=Meeting.id,
        about=Meeting.code,
        due_on=Meeting.meeting_on,
        order_by=(Meeting.meeting_on, Meeting.code),
    )
    .join_from(Invitation, Meeting, Meeting.id == Invitation.meeting_id)
    .join(Case, Case.id == Meeting.case_id)
    .where(
        Case.case_manager_id == PERSON,
        Meeting.status == "convened",
        Invitation.answer == "substitute",
        Invitation.substitute_person_id.is_not(None),
        Invitation.substitute_confirmed_at.is_(None),
        Invitation.withdrawn_at.is_(None),
    )
    .group_by(Meeting.id, Meeting.case_id, Meeting.code, Meeting.meeting_on)
)


@shows(_REQUESTS)
def requested(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Cases whose members asked for a meeting that nobody has called yet."""
    tasks = [Task("A8.4", row.about, None, "meetings.index", {"case_id": row.case_id}) for row in rows]
    return Section(
        "requested",
        Message("Meetings members asked for"),
        Message("Read and call"),
        Message("Case"),
        tasks,
        35,
    )


@shows(_SUBSTITUTES)
def substitutes(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Coming meetings for which a member named somebody else."""
    tasks = [
        Task(
            "A9",
            row.about,
            row.due_on,
            "answers.substitutes",
            {"case_id": row.case_id, "meeting_id": row.thing_id},
        )
        for row in rows
    ]
    heading = Message("Substitutes to confirm")
    return Section("substitutes", heading, Message("Confirm or decline"), Message("Meeting"), tasks, 36)
