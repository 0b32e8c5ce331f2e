"""Calling a meeting: the purpose first, then the preparation page."""

from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.standing import CaseStanding
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import calling
from tmr_app.meetings.doors import blueprint, deed_page, purposes, to_meeting
from tmr_app.meetings.forms import CallForm, ExtraordinaryForm


@blueprint.route("/cases/<uuid:case_id>/meetings/new", methods=["GET", "POST"])
@allows(Permission.MEETING_CONVENE)
def call(case_id: UUID) -> Page | Redirect:
    """Call an ordinary meeting; open requests of members are answered by it (A8.4)."""
    session, now = db.session(), clock.now()
    before = calling.what_went_before(session, case_id)
    form, outcome = CallForm(), Attempt()
    open_to = ("first", "closing") if before.is_first else ("review", "reassessment", "closing")
    form.purpose.choices = [(key, word) for key, word in purposes().items() if key in open_to]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            meeting = calling.call_meeting(
                session, g.person, now, case=g.case, purpose=form.purpose.data, once=form.once.data
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting.id, "meetings.prepare"), flash=_("The meeting is called."))
    return deed_page(
        form,
        None,
        _("Call a meeting"),
        _("Call the meeting"),
        back=url_for("meetings.index", case_id=case_id),
        lead=[
            *([calling.owed_by_referral(g.case, clock.civil_today()).reason] if before.is_first else []),
            _("Nothing is sent yet. Next you prepare date, invitees, agenda and papers on one page."),
        ],
        outcome=outcome,
    )


@blueprint.route("/cases/<uuid:case_id>/meetings/new-extraordinary", methods=["GET", "POST"])
@allows(Permission.EXTRAORDINARY_CALL)
def call_extraordinary(case_id: UUID) -> Page | Redirect:
    """Call an extraordinary meeting with its risk in writing; the head is told at once (A14.5)."""
    session, now = db.session(), clock.now()
    form, outcome = ExtraordinaryForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            meeting = calling.call_meeting(
                session,
                g.person,
                now,
                case=g.case,
                purpose="extraordinary",
                stated_risk=form.stated_risk.data or "",
                once=form.once.data,
                by_duty=g.standing.case is CaseStanding.BREAK_GLASS,
            )
        if not outcome.refused:
            return Redirect(
                to_meeting(meeting.id, "meetings.prepare")
                if g.standing.case is CaseStanding.CASE_MANAGER
                else to_meeting(meeting.id),
                flash=_("The meeting is called. The head of services was told."),
            )
    return deed_page(
        form,
        None,
        _("Call an extraordinary meeting"),
        _("Call the meeting and tell the head"),
        back=url_for("meetings.index", case_id=case_id),
        lead=[
            _(
                "For a case with risk, on shorter notice (Article 14, paragraph 5). "
                "The head of services is told at once, and the ledger shows it."
            )
        ],
        outcome=outcome,
    )
