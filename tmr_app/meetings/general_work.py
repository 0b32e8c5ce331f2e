"""General meetings in "my work": invitations to answer, declarations to sign, tasks to do, meetings that are owed (A8.2)."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.work_panels import LIMIT, Asking, Section, Task, work_section
from tmr_app.kernel.clock import civil_date
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting, GeneralTask
from tmr_app.members.general_declaration import GeneralDeclaration
from tmr_app.members.models import Appointment, DeclarationText, Municipality
from tmr_app.regulation import articles
from tmr_app.regulation.facts import GeneralMeetingFacts
from tmr_app.regulation.verdicts import Label, Message

OFFICE = "general_chair"


@work_section
def invitations(session: Session, asking: Asking) -> Section | None:
    """Coming general meetings this person is invited to: first the declaration, then the answer."""
    text = (
        select(DeclarationText.id)
        .where(DeclarationText.kind == "general")
        .order_by(DeclarationText.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    signed = exists().where(
        GeneralDeclaration.municipality_id == GeneralMeeting.municipality_id,
        GeneralDeclaration.person_id == asking.person_id,
        GeneralDeclaration.text_id == text,
    )
    rows = session.execute(
        select(
            GeneralMeeting.id,
            GeneralMeeting.municipality_id,
            GeneralMeeting.code,
            GeneralMeeting.meeting_on,
            signed.label("signed"),
        )
        .join(GeneralInvitee, GeneralInvitee.meeting_id == GeneralMeeting.id)
        .where(
            GeneralInvitee.person_id == asking.person_id,
            GeneralMeeting.status == "convened",
            GeneralMeeting.meeting_on >= civil_date(asking.now),
            or_(~signed, GeneralInvitee.answer.is_(None)),
        )
        .distinct()
        .order_by(GeneralMeeting.meeting_on)
        .limit(LIMIT)
    )
    tasks = [
        Task(
            "A8.2" if row.signed else "A18.2",
            row.code,
            row.meeting_on,
            "general.show" if row.signed else "general.declaration",
            {"municipality_id": row.municipality_id, "general_id": row.id}
            if row.signed
            else {"municipality_id": row.municipality_id},
        )
        for row in rows
    ]
    return Section(
        "general-meetings", Message("General meetings"), Message("Open"), Message("Meeting"), tasks, 40
    )


@work_section
def follow_up(session: Session, asking: Asking) -> Section | None:
    """Tasks the Table set this person in general meetings."""
    rows = session.execute(
        select(GeneralTask.id, GeneralTask.municipality_id, GeneralTask.due_on, GeneralMeeting.code)
        .join(GeneralMeeting, GeneralMeeting.id == GeneralTask.meeting_id)
        .where(
            GeneralTask.owner_id == asking.person_id,
            GeneralTask.done_at.is_(None),
            GeneralTask.dropped_at.is_(None),
        )
        .order_by(GeneralTask.due_on, GeneralTask.id)
        .limit(LIMIT)
    )
    tasks = [
        Task(
            "A8.2",
            row.code,
            row.due_on,
            "general.task",
            {"municipality_id": row.municipality_id, "general_task_id": row.id},
        )
        for row in rows
    ]
    return Section(
        "general-tasks",
        Message("Tasks from general meetings"),
        Message("Say what came of it"),
        Message("Meeting"),
        tasks,
        45,
    )


@work_section
def owed(session: Session, asking: Asking) -> Section | None:
    """For who chairs, and for the officer and head: from 30 days before the general meeting is owed and none is convened."""
    today = civil_date(asking.now)
    chaired = exists().where(
        Appointment.person_id == asking.person_id,
        Appointment.office == OFFICE,
        Appointment.municipality_id == Municipality.id,
        Appointment.from_on <= today,
        or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
    )
    rows = session.execute(
        select(
            Municipality.id,
            Municipality.key,
            Municipality.table_registered_on,
            GeneralMeeting.meeting_on,
            GeneralMeeting.status,
        )
        .outerjoin(GeneralMeeting, GeneralMeeting.municipality_id == Municipality.id)
        .where(chaired, Municipality.table_registered_on.is_not(None))
    ).all()
    tasks = []
    for place in dict.fromkeys((row.id, row.key, row.table_registered_on) for row in rows):
        held = tuple(row.meeting_on for row in rows if row.id == place[0] and row.status == "held")
        ahead = any(row.id == place[0] and row.status in ("convened", "running") for row in rows)
        due_on = articles.next_general_meeting_on(GeneralMeetingFacts(place[2], held), today)
        if not ahead and (due_on - today).days <= 30:
            tasks.append(
                Task("A8.2", str(Label(place[1])), due_on, "general.index", {"municipality_id": place[0]})
            )
    return Section(
        "general-owed",
        Message("General meetings to call"),
        Message("Call or prepare it"),
        Message("Municipality"),
        tasks,
        35,
    )
