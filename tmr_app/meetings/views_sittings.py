"""Grouping own meetings of one day in a sitting: hours per code, nothing of the other cases."""

from datetime import time
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from wtforms import SelectMultipleField

from tmr_app.access.permissions import Permission
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.fields import WallTimeField
from tmr_app.kernel.forms import Form, Required
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import preparing, sittings
from tmr_app.meetings.doors import blueprint, to_meeting
from tmr_app.meetings.forms import ident
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.sittings import Slot
from tmr_app.meetings.views_preparing import being_prepared
from tmr_app.regulation.verdicts import Message


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/sitting", methods=["GET", "POST"])
@allows(Permission.MEETING_CONVENE)
def sitting(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Choose which of the own meetings of this day follow each other, and when."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    if meeting.meeting_on is None:
        raise OutOfOrder(Message("Choose date and place first."), "A8.3")
    meetings = sittings.own_meetings_of_day(session, g.person, meeting=meeting)
    form, outcome = _form(meetings, meeting), Attempt()
    if form.validate_on_submit():
        if meeting.sitting_id is not None and len(form["slots"].data) < 2:
            sittings.take_apart(session, now, meeting=meeting)
            return Redirect(
                to_meeting(meeting_id, "meetings.prepare"), flash=_("The meetings stand alone again.")
            )
        with attempt(form, case_id=case_id) as outcome:
            sittings.group(session, g.person, now, meeting=meeting, slots=_slots(form))
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.prepare"), flash=_("The meetings are grouped."))
    return Page(
        "meetings/sitting.html",
        status=422 if outcome.refused or form.errors or form.form_errors else 200,
        meeting=meeting,
        form=form,
        lines=[(one.code, form[f"starts_{one.id.hex}"], form[f"ends_{one.id.hex}"]) for one in meetings],
    )


def _form(meetings: list[Meeting], meeting: Meeting) -> Form:
    fields: dict[str, object] = {
        "slots": SelectMultipleField(
            _("Meetings of this sitting"), [Required()], choices=[(str(one.id), one.code) for one in meetings]
        )
    }
    data: dict[str, object] = {
        "slots": [str(one.id) for one in meetings if one.sitting_id is not None or one.id == meeting.id]
    }
    for one in meetings:
        fields[f"starts_{one.id.hex}"] = WallTimeField(_("%(code)s begins at", code=one.code), [Required()])
        fields[f"ends_{one.id.hex}"] = WallTimeField(_("%(code)s ends at", code=one.code), [Required()])
        data[f"starts_{one.id.hex}"] = preparing.local_time(one.starts_at)
        data[f"ends_{one.id.hex}"] = preparing.local_time(one.ends_at)
    made: Form = type("SittingForm", (Form,), fields)(data=data)
    return made


def _slots(form: Form) -> list[Slot]:
    found = []
    for chosen in form["slots"].data or []:
        key = ident(chosen)
        starts: time = form[f"starts_{key.hex}"].data
        ends: time = form[f"ends_{key.hex}"].data
        found.append(Slot(key, starts, ends))
    return found
