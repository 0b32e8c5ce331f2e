"""The deeds of a running meeting on its agenda and its end; then the minutes: versions, files, corrections of the draft."""

from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import discussing, frozen, holding, holding_page, holding_queries, minutes
from tmr_app.meetings.forms_holding import AddItemForm, ApproveForm, DeedForm, NextForm
from tmr_app.meetings.holding_page import back_to
from tmr_app.meetings.views_holding import ADDRESS, refused
from tmr_app.meetings.views_minutes_course import course_of
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import words as signing_words

blueprint = Blueprint("minutes", __name__)

panels.audit_words(
    {
        "read:minutes:index": Message("Minutes opened"),
        "read:minutes:correct": Message("Draft of the minutes opened to correct it"),
        "read:minutes:finish": Message("Meeting opened to end it"),
        # As files both come from `cases.made` now; audits of earlier versions name these.
        "read:minutes:file": Message("Minutes taken as a file"),
        "read:minutes:attendance_list": Message("Attendance list opened"),
    }
)


@blueprint.post(ADDRESS + "/running/agenda")
@allows(Permission.MEETING_HOLD)
def approve(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The Table approves the agenda (A10.3)."""
    form = ApproveForm()
    form.mark("agenda")
    if not form.validate():
        return refused(meeting_id, "running", "agenda", form)
    discussing.approve_agenda(
        db.session(),
        g.person,
        clock.now(),
        meeting_id=meeting_id,
        case_id=case_id,
        note=form.note.data or "",
    )
    return Redirect(back_to(meeting_id, "running", "agenda"), flash=_("The agenda is approved."))


@blueprint.post(ADDRESS + "/running/agenda/add")
@allows(Permission.MEETING_HOLD)
def add(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The Table adds an item."""
    form = AddItemForm()
    form.mark("add")
    if not form.validate():
        return refused(meeting_id, "running", "add", form)
    item = discussing.add_item(
        db.session(),
        g.person,
        clock.now(),
        meeting_id=meeting_id,
        case_id=case_id,
        title=form.title.data or "",
    )
    return Redirect(back_to(meeting_id, "running", f"item-{item.id}"), flash=_("The item is on the agenda."))


@blueprint.post(ADDRESS + "/running/agenda/<uuid:item_id>/move")
@allows(Permission.MEETING_HOLD)
def move(case_id: UUID, meeting_id: UUID, item_id: UUID) -> Redirect:
    """The Table takes an item earlier or later."""
    DeedForm()
    discussing.move_item(
        db.session(),
        g.person,
        clock.now(),
        meeting_id=meeting_id,
        case_id=case_id,
        item_id=item_id,
        up=request.form.get("direction") == "up",
    )
    return Redirect(back_to(meeting_id, "running", "agenda"))


@blueprint.post(ADDRESS + "/running/agenda/<uuid:item_id>/drop")
@allows(Permission.MEETING_HOLD)
def drop(case_id: UUID, meeting_id: UUID, item_id: UUID) -> Page | Redirect:
    """The Table takes an item off: never a standing one, never one with text."""
    form = AddItemForm(formdata=None)
    form.mark("add")
    DeedForm()
    with attempt(form, case_id=case_id) as outcome:
        discussing.drop_item(
            db.session(), g.person, clock.now(), meeting_id=meeting_id, case_id=case_id, item_id=item_id
        )
    if outcome.refused:
        return refused(meeting_id, "running", "add", form)
    return Redirect(back_to(meeting_id, "running", "agenda"), flash=_("The item is off the agenda."))


@blueprint.post(ADDRESS + "/running/next")
@allows(Permission.MEETING_HOLD)
def following(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The next date the Table agreed on; it is called when this meeting ends (A8.9)."""
    session, now, proposal = db.session(), clock.now(), None
    form = holding_page.next_form(holding_page.load(meeting_id), NextForm())
    if "none" not in request.form:
        if not form.validate():
            return refused(meeting_id, "running", "next", form)
        proposal = form.proposal()
    with attempt(form, case_id=case_id) as outcome:
        holding.propose_next(session, g.person, now, meeting_id=meeting_id, case=g.case, proposal=proposal)
    if outcome.refused:
        return refused(meeting_id, "running", "next", form, outcome.verdicts)
    said = (
        _("The next date is kept. The meeting is called when this one ends.")
        if proposal
        else _("No next date.")
    )
    return Redirect(back_to(meeting_id, "running", "next"), flash=said)


@blueprint.get(ADDRESS + "/end")
@allows(Permission.MEETING_HOLD)
def finish(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """What the Regulation would say if the meeting ended now; nothing of it blocks."""
    meeting = holding_queries.find(db.session(), meeting_id, case_id)
    if meeting.status == "held":
        return Redirect(url_for("minutes.index", case_id=case_id, meeting_id=meeting_id))
    return _finish_page(meeting_id)


def _finish_page(meeting_id: UUID, refusals: object = (), messages: object = (), status: int = 200) -> Page:
    session, today = db.session(), clock.civil_today()
    held = holding_page.load(meeting_id)
    discussing.check_stage(session, held.meeting, "running")
    answers = holding_queries.verdicts(session, held, today)
    lacking = holding_queries.missing(answers)
    return Page(
        "holding/end.html",
        status=status,
        meeting=held.meeting,
        missing=lacking,
        kept=[one for one in answers if one not in lacking],
        proposal=holding.proposal_of(held.meeting),
        is_chair=g.case.case_manager_id == g.person.id,
        refusals=refusals,
        messages=messages,
        anchors=ANCHORS,
        running=back_to(meeting_id, "running"),
    )


ANCHORS = {
    "A9": "attendance",
    "A10.3": "agenda",
    "A10.4": "items",
    "A8.10": "family",
    "A10.5": "family",
    "A6.1.5": "items",
    "A8.8": "notes",
}


@blueprint.post(ADDRESS + "/end")
@allows(Permission.MEETING_HOLD)
def end(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The chair ends the meeting; its draft minutes are there."""
    form = DeedForm()
    with attempt(form, case_id=case_id) as outcome:
        holding.end(db.session(), g.person, clock.now(), meeting_id=meeting_id, case=g.case)
    if outcome.refused:
        return _finish_page(meeting_id, outcome.verdicts, form.form_errors, 422)
    return Redirect(
        url_for("minutes.index", case_id=case_id, meeting_id=meeting_id),
        flash=_("The meeting has ended. The draft of the minutes is ready."),
    )


@blueprint.get(ADDRESS + "/minutes")
@allows(Permission.MINUTES_DRAFT_READ)
def index(case_id: UUID, meeting_id: UUID) -> Page:
    """The minutes' versions with their files (`cases.made`), and the newest one's text."""
    session = db.session()
    meeting = holding_queries.find(session, meeting_id, case_id)
    if meeting.status != "held":
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    versions = holding_queries.versions_of(session, meeting_id)
    newest = versions[0][0] if versions else None
    return Page(
        "holding/minutes.html",
        meeting=meeting,
        versions=versions,
        newest=newest,
        values=frozen.decode(newest.content) if newest else None,
        approval=minutes.approval_of(session, meeting),
        may_correct=may(g.standing, Permission.MINUTES_DRAFT_WRITE)
        and newest is not None
        and newest.status == "draft",
        words=signing_words,
        **course_of(session, meeting, newest),
    )


@blueprint.get(ADDRESS + "/minutes/correct")
@allows(Permission.MINUTES_DRAFT_WRITE)
def correct(case_id: UUID, meeting_id: UUID) -> Page:
    """The same screen after the end: each saved change makes a new version of the draft."""
    return holding_page.show(holding_page.load(meeting_id), "minutes")
