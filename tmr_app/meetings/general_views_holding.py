"""Holding a general meeting: presence, texts per item, tasks, approval of the last minutes, the end (A8.2, A9, A10.1)."""

from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _

from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput
from tmr_app.kernel.web import Page, Redirect
from tmr_app.meetings import general_figures, general_holding, general_minutes, general_queries, general_tasks
from tmr_app.meetings.general_calling import item_title
from tmr_app.meetings.general_doors import CHAIR, ONE, blueprint, meeting_of, opened, pressed, to
from tmr_app.meetings.general_forms import (
    AttendanceForm,
    ButtonForm,
    ItemForm,
    TaskForm,
    WrittenForm,
    attendance_form,
    ident,
)
from tmr_app.meetings.general_models import GeneralInvitee, GeneralMeeting


@blueprint.post(f"{ONE}/start")
@CHAIR
def start(municipality_id: UUID, general_id: UUID) -> Redirect:
    """The meeting begins, on its day."""
    pressed(municipality_id, general_id)
    meeting = general_holding.start(
        db.session(), g.person, clock.now(), municipality_id=municipality_id, general_id=general_id
    )
    return Redirect(to(meeting, "general.hold"))


@blueprint.get(f"{ONE}/hold")
@CHAIR
def hold(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """The one screen while people talk."""
    meeting = meeting_of(municipality_id, general_id)
    if meeting.status != "running":
        return Redirect(to(meeting))
    return screen(meeting)


def screen(
    meeting: GeneralMeeting,
    *,
    attendance: AttendanceForm | None = None,
    task: TaskForm | None = None,
    written: tuple[UUID, WrittenForm] | None = None,
    item: ItemForm | None = None,
    refused: bool = False,
) -> Page:
    """The running meeting's page; a form given here keeps what was typed, with its refusals."""
    session = db.session()
    municipality_id = meeting.municipality_id
    invitees = general_queries.invitees_of(session, meeting.id)
    items = general_queries.items_of(session, meeting.id)
    forms = {one.id: WrittenForm(formdata=None, obj=one, prefix="") for one in items}
    if written is not None:
        forms[written[0]] = written[1]
    before = general_queries.last_held(session, municipality_id, before=meeting.meeting_on)
    shown = [one for one in (attendance, task, item, written[1] if written else None) if one is not None]
    return Page(
        "general/hold.html",
        status=422 if refused else 200,
        meeting=meeting,
        municipality=opened(municipality_id),
        invitees=invitees,
        attendance=attendance or _attendance(invitees, fresh=True),
        items=items,
        title_of=item_title,
        forms=forms,
        before=before,
        before_minutes=general_minutes.latest(session, before.id) if before else None,
        figures=general_figures.shown(meeting.figures),
        earlier=[
            one
            for one in general_queries.tasks_of(session, municipality_id)
            if one.meeting_id != meeting.id
            and (one.done_at is None or (before and one.meeting_id == before.id))
        ],
        tasks=general_queries.tasks_of(session, municipality_id, meeting_id=meeting.id),
        task_form=task or _task_form(invitees, fresh=True),
        item_form=item or ItemForm(formdata=None),
        refused=shown if refused else [],
        today=clock.civil_today(),
    )


def _attendance(invitees: list[GeneralInvitee], *, fresh: bool) -> AttendanceForm:
    substitutes = general_queries.substitutes_of(db.session(), invitees, clock.civil_today())
    kind = attendance_form(
        [
            (
                one.id,
                one.person.name,
                [(str(person.id), person.name) for person in substitutes.get(one.institution_id, [])],
            )
            for one in invitees
        ]
    )
    if not fresh:
        return kind()
    data: dict[str, Any] = {}
    for one in invitees:
        data[f"presence_{one.id.hex}"] = one.attendance or (
            "substitute" if one.answer == "substitute" else ""
        )
        data[f"instead_{one.id.hex}"] = str(one.substitute_id) if one.substitute_id else ""
        data[f"reason_{one.id.hex}"] = one.attendance_reason
    return kind(formdata=None, data=data)


def _task_form(invitees: list[GeneralInvitee], *, fresh: bool) -> TaskForm:
    form = TaskForm(formdata=None) if fresh else TaskForm()
    people = {one.person.id: one.person.name for one in invitees}
    people |= {one.substitute.id: one.substitute.name for one in invitees if one.substitute}
    form.owner.choices = [("", "–"), *((str(key), name) for key, name in people.items())]
    return form


@blueprint.post(f"{ONE}/attendance")
@CHAIR
def attendance(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Who came; everybody not noted may be noted as present with one tick."""
    session = db.session()
    meeting_of(municipality_id, general_id)
    meeting = general_holding.running(session, municipality_id, general_id)
    invitees = general_queries.invitees_of(session, general_id)
    form, outcome = _attendance(invitees, fresh=False), Attempt()
    if form.validate_on_submit():
        with attempt(form) as outcome:
            general_holding.note_attendance(
                session, g.person, clock.now(), meeting=meeting, presence=_presence(form, invitees)
            )
        if not outcome.refused:
            return Redirect(f"{to(meeting, 'general.hold')}#attendance", flash=_("The attendance is saved."))
    return screen(meeting, attendance=form, refused=True)


def _presence(
    form: AttendanceForm, invitees: list[GeneralInvitee]
) -> dict[UUID, tuple[str, str, UUID | None]]:
    found = {}
    for one in invitees:
        word = form[f"presence_{one.id.hex}"].data or ("present" if form.rest_present.data else "")
        instead = form[f"instead_{one.id.hex}"].data
        if word:
            found[one.id] = (
                word,
                form[f"reason_{one.id.hex}"].data or "",
                ident(instead) if instead else None,
            )
    return found


@blueprint.post(f"{ONE}/items/<uuid:general_item_id>")
@CHAIR
def write_item(municipality_id: UUID, general_id: UUID, general_item_id: UUID) -> Page | Redirect:
    """Discussion and decision of one item; two writers never overwrite each other (409 with both texts)."""
    session, form = db.session(), WrittenForm()
    meeting_of(municipality_id, general_id)
    meeting = general_holding.running(session, municipality_id, general_id)
    if form.validate_on_submit():
        general_holding.save_item(
            session,
            g.person,
            clock.now(),
            meeting=meeting,
            item_id=general_item_id,
            version=form.version.data or 0,
            discussion=form.discussion.data or "",
            decision=form.decision.data or "",
        )
        return Redirect(
            f"{to(meeting, 'general.hold')}#item-{general_item_id}", flash=_("The text is saved.")
        )
    return screen(meeting, written=(general_item_id, form), refused=True)


@blueprint.post(f"{ONE}/tasks")
@CHAIR
def add_task(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Ask one of the invited to do something until a day."""
    session = db.session()
    meeting_of(municipality_id, general_id)
    meeting = general_holding.running(session, municipality_id, general_id)
    form = _task_form(general_queries.invitees_of(session, general_id), fresh=False)
    outcome = Attempt()
    if form.validate_on_submit():
        if form.due_on.data is None:
            raise BadInput("a date without its parts")
        with attempt(form) as outcome:
            general_tasks.set_task(
                session,
                g.person,
                clock.now(),
                meeting=meeting,
                owner_id=ident(form.owner.data),
                text=form.text.data or "",
                due_on=form.due_on.data,
                once=form.once.data,
            )
        if not outcome.refused:
            return Redirect(f"{to(meeting, 'general.hold')}#tasks", flash=_("The task is set."))
    return screen(meeting, task=form, refused=True)


@blueprint.post(f"{ONE}/tasks/<uuid:general_task_id>/drop")
@CHAIR
def drop_task(municipality_id: UUID, general_id: UUID, general_task_id: UUID) -> Redirect:
    """Take a task back while the meeting runs."""
    pressed(municipality_id, general_id)
    meeting = general_holding.running(db.session(), municipality_id, general_id)
    general_tasks.drop(db.session(), g.person, clock.now(), meeting=meeting, task_id=general_task_id)
    return Redirect(f"{to(meeting, 'general.hold')}#tasks")


@blueprint.post(f"{ONE}/approve-minutes")
@CHAIR
def approve_minutes(municipality_id: UUID, general_id: UUID) -> Redirect:
    """The Table approves the minutes of the last general meeting (A10.1)."""
    pressed(municipality_id, general_id)
    meeting = general_holding.running(db.session(), municipality_id, general_id)
    general_holding.approve_last_minutes(db.session(), g.person, clock.now(), meeting=meeting)
    return Redirect(
        to(meeting, "general.hold"), flash=_("The minutes of the last general meeting are approved.")
    )


@blueprint.post(f"{ONE}/end")
@CHAIR
def end(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """End the meeting: its minutes are written and wait for the next general meeting."""
    session, form, outcome = db.session(), ButtonForm(), Attempt()
    meeting = meeting_of(municipality_id, general_id)
    if form.validate_on_submit():
        with attempt(form) as outcome:
            meeting = general_holding.end(
                session, g.person, clock.now(), municipality_id=municipality_id, general_id=general_id
            )
        if not outcome.refused:
            return Redirect(
                to(meeting, "general.minutes"), flash=_("The meeting is over. Its minutes are written.")
            )
    page = screen(meeting, refused=True)
    page.context["refused"] = [form]
    return page
