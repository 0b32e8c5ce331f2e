"""Check and convene: all rules at once; then changes of a convened meeting."""

from uuid import UUID

from flask import g
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import convening, doors, queries, readiness, sittings
from tmr_app.meetings.doors import blueprint, to_meeting
from tmr_app.meetings.forms import ConveneForm, DateForm
from tmr_app.meetings.models import Meeting, Sitting
from tmr_app.meetings.views_preparing import date_data, date_page
from tmr_app.regulation.verdicts import Message


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/convene")
@allows(Permission.MEETING_PREPARE)
def check(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """What the rules say now, before anything is sent."""
    meeting = queries.find(db.session(), g.standing, case_id=case_id, meeting_id=meeting_id)
    if meeting.status == "convened":
        return Redirect(to_meeting(meeting_id))
    return _check_page(meeting, ConveneForm(data={"version": meeting.version}), Attempt())


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/convene")
@allows(Permission.MEETING_CONVENE)
def convene(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Send the invitations, or show what refuses; the written reason is kept on the page."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    form, outcome = ConveneForm(), Attempt()
    if form.validate_on_submit():
        sitting = session.get(Sitting, meeting.sitting_id) if meeting.sitting_id else None
        late = form.late_reason.data or ""
        with attempt(form, case_id=case_id) as outcome:
            if sitting is not None and meeting.status == "preparing":
                sittings.convene_sitting(
                    session, g.person, now, sitting=sitting, asked_from=meeting_id, late_reason=late
                )
            else:
                convening.convene(
                    session,
                    g.person,
                    now,
                    meeting_id=meeting_id,
                    case=g.case,
                    late_reason=late,
                    version=form.version.data if meeting.status == "preparing" else None,
                )
        if not outcome.refused:
            return Redirect(
                to_meeting(meeting_id), flash=_("The meeting is convened. The invitations are on their way.")
            )
    return _check_page(meeting, form, outcome)


def _check_page(meeting: Meeting, form: ConveneForm, outcome: Attempt) -> Page:
    session, now = db.session(), clock.now()
    if meeting.status != "preparing":
        raise OutOfOrder(Message("The meeting is not being prepared any more."), "A8.3")
    prepared = readiness.load(session, now, meeting=meeting, case=g.case)
    answer = readiness.check(prepared, now)
    late = outcome.refused or bool(form.errors)
    if late and answer.offers_breach and form.late_reason.raw_data and not form.late_reason.data:
        form.late_reason.errors = [_("Write why it is sent late: the reason stays in the ledger.")]
    return Page(
        "meetings/convene.html",
        status=422 if late else 200,
        meeting=meeting,
        form=form,
        answer=answer,
        refused=answer.refused,
        kept=[one for one in answer.verdicts if not one.refuses],
        links=doors.ways(meeting),
        mates=sittings.mates(session, meeting),
        invited=len(prepared.table.invited_seats),
        may_convene=may(g.standing, Permission.MEETING_CONVENE),
        today=clock.civil_today(),
    )


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/change", methods=["GET", "POST"])
@allows(Permission.MEETING_CONVENE)
def change(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Another hour, place or date of a convened meeting; another date needs the head's agreement again."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    if meeting.status != "convened":
        raise OutOfOrder(Message("Only a convened meeting is changed."), "A8.3")
    form, outcome = DateForm(data=date_data(meeting)), Attempt()
    rooms = queries.rooms(session, g.case.municipality_id)
    form.room.choices = [("", "–"), *((str(one.id), f"{one.name}, {one.address}") for one in rooms)]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            changed = convening.change(
                session,
                g.person,
                now,
                meeting_id=meeting_id,
                case=g.case,
                when=form.when(),
                version=form.version.data,
            )
        if not outcome.refused:
            if changed.status == "preparing":
                return Redirect(
                    to_meeting(meeting_id, "meetings.prepare"),
                    flash=_("Another date needs the head's agreement. Ask for it, then convene again."),
                )
            return Redirect(to_meeting(meeting_id), flash=_("The members are told of the change."))
    return date_page(meeting, form, outcome, back=to_meeting(meeting_id), heading=_("Change date or place"))
