"""Follow-up tasks of general meetings: set in the meeting, shown in the owner's work, reminded, told as done."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, Forbidden, NotFound, OutOfOrder
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralTask
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


def set_task(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: GeneralMeeting,
    owner_id: UUID,
    text: str,
    due_on: date,
    item_id: UUID | None = None,
    once: str | None = None,
) -> GeneralTask:
    """Ask one of the invited to do something until a day. The same `once` gives the same task.

    Raises FieldRefused for somebody not invited or a day that is over, OutOfOrder outside the meeting.
    """
    kept = session.scalar(select(GeneralTask).where(GeneralTask.once == once)) if once else None
    if kept is not None and kept.meeting_id == meeting.id:
        return kept
    if meeting.status != "running":
        raise OutOfOrder(Message("Tasks are set while the meeting runs."), "A8.2")
    if due_on < civil_date(now):
        raise FieldRefused("due_on", Message("This day is over. Choose a coming one."))
    invited = session.scalar(
        select(GeneralInvitee.id)
        .where(
            GeneralInvitee.meeting_id == meeting.id,
            (GeneralInvitee.person_id == owner_id) | (GeneralInvitee.substitute_id == owner_id),
        )
        .limit(1)
    )
    if invited is None:
        raise FieldRefused("owner", Message("Choose one of those invited to this meeting."))
    made = GeneralTask(
        id=uuid4(),
        municipality_id=meeting.municipality_id,
        meeting_id=meeting.id,
        item_id=item_id,
        owner_id=owner_id,
        due_on=due_on,
        set_by_id=actor.id,
        set_at=now,
        once=once,
    )
    made.text = text.strip()
    session.add(made)
    session.flush()
    _note(session, actor, "general-task:set", made)
    return made


def drop(session: Session, actor: Person, now: datetime, *, meeting: GeneralMeeting, task_id: UUID) -> None:
    """Take a task back while the meeting still runs."""
    task = _find(session, meeting.municipality_id, task_id)
    if task.meeting_id != meeting.id:
        raise NotFound("task")
    if meeting.status != "running":
        raise OutOfOrder(Message("Tasks are set while the meeting runs."), "A8.2")
    task.dropped_at = task.dropped_at or now
    _note(session, actor, "general-task:dropped", task)


def tell_done(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    municipality_id: UUID,
    task_id: UUID,
    outcome: str,
    chairs: bool = False,
) -> GeneralTask:
    """The owner, or who chairs, says what came of it. A second submission changes nothing. Raises Forbidden, NotFound."""
    task = _find(session, municipality_id, task_id)
    if task.owner_id != actor.id and not chairs:
        raise Forbidden(Message("This task is somebody else's."))
    if task.dropped_at is not None:
        raise OutOfOrder(Message("This task was taken back."), "A8.2")
    if task.done_at is None:
        task.done_at, task.done_by_id, task.outcome = now, actor.id, outcome.strip()
        _note(session, actor, "general-task:done", task)
    return task


def find(session: Session, municipality_id: UUID, task_id: UUID) -> GeneralTask:
    """A task of this municipality, for its page. Raises NotFound."""
    task = session.scalar(
        select(GeneralTask).where(GeneralTask.id == task_id, GeneralTask.municipality_id == municipality_id)
    )
    if task is None:
        raise NotFound("task")
    return task


def _find(session: Session, municipality_id: UUID, task_id: UUID) -> GeneralTask:
    task = session.scalar(
        select(GeneralTask)
        .where(GeneralTask.id == task_id, GeneralTask.municipality_id == municipality_id)
        .with_for_update()
    )
    if task is None:
        raise NotFound("task")
    return task


def _note(session: Session, actor: Person, tag: str, task: GeneralTask) -> None:
    audit.note(session, tag, object_type="general_task", object_id=task.id, rule="A8.2", actor_id=actor.id)


def owner_of(session: Session, task: GeneralTask) -> Person:
    return session.get_one(Person, task.owner_id)
