"""Meetings of a case: the list, one meeting with its delivery, the head's agreement, requests, cancelling, hand-over."""

from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import CaseStanding
from tmr_app.cases import office_panels
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import (
    agenda,
    calling,
    convening,
    delivery,
    doors,
    inviting,
    preparing,
    queries,
    readiness,
    views_annex,
    views_calling,
    views_convening,
    views_people,
    views_preparing,
    views_sittings,
)
from tmr_app.meetings.doors import blueprint, deed_page, to_meeting
from tmr_app.meetings.forms import AgreeForm, HandOverForm, OtherDateForm, ReasonForm, RequestForm
from tmr_app.meetings.models import Invitation, Meeting, MeetingRequest
from tmr_app.members import holidays
from tmr_app.regulation.days import limits
from tmr_app.regulation.verdicts import Message, Status

__all__ = [
    "blueprint",
    "views_annex",
    "views_calling",
    "views_convening",
    "views_people",
    "views_preparing",
    "views_sittings",
]

office_panels.register(queries.waiting_for_agreement)
office_panels.register(queries.open_requests_panel)


@blueprint.get("/cases/<uuid:case_id>/meetings/")
@allows(Permission.MEETING_READ)
def index(case_id: UUID) -> Page:
    """The case's meetings, the newest first, and members' open requests (A8.4)."""
    session = db.session()
    sees_requests = may(g.standing, Permission.TABLE_READ)
    return Page(
        "meetings/index.html",
        rows=queries.of_case(session, g.standing, case_id),
        requests=queries.requests_of(session, case_id) if sees_requests else [],
        may_call=may(g.standing, Permission.MEETING_CONVENE),
        may_call_extraordinary=may(g.standing, Permission.EXTRAORDINARY_CALL),
        may_request=may(g.standing, Permission.MEETING_REQUEST) and g.standing.case is CaseStanding.MEMBER,
        reader_id=g.person.id,
        today=clock.civil_today(),
    )


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/")
@allows(Permission.MEETING_READ)
def show(case_id: UUID, meeting_id: UUID) -> Page:
    """One meeting: state, date, place, agenda; for the Centre the delivery to each member, red when one is not reached."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    sees_delivery = may(g.standing, Permission.DELIVERY_READ) and meeting.status != "preparing"
    rows = delivery.of_meeting(session, now, meeting=meeting) if sees_delivery else []
    may_agree = may(g.standing, Permission.MEETING_AGREE)
    return Page(
        "meetings/show.html",
        meeting=meeting,
        items=agenda.titles_of(session, meeting),
        rows=rows,
        is_red=delivery.is_red(rows),
        limits=limits(meeting.meeting_on, meeting.lead_days) if meeting.meeting_on else None,
        links=doors.links_of(meeting),
        may_prepare=may(g.standing, Permission.MEETING_PREPARE),
        may_convene=may(g.standing, Permission.MEETING_CONVENE),
        may_agree=may_agree,
        lacks_representative=may_agree and meeting.status == "preparing" and _lacks_representative(meeting),
        today=clock.civil_today(),
    )


def _lacks_representative(meeting: Meeting) -> bool:
    """Whether the head is asked for a reason (A4.6), or gave one and may still write it better."""
    table = inviting.load(db.session(), clock.now(), meeting=meeting)
    found = readiness.representatives(g.case, meeting, table, clock.civil_today())
    return found.status is Status.NOT_MET


@blueprint.route("/cases/<uuid:case_id>/meetings/request", methods=["GET", "POST"])
@allows(Permission.MEETING_REQUEST)
def request_meeting(case_id: UUID) -> Page | Redirect:
    """A member asks for a meeting; the case manager then calls it (A8.4)."""
    form, outcome = RequestForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            calling.request_meeting(
                db.session(),
                g.person,
                clock.now(),
                case=g.case,
                seat_id=g.standing.seat_id,
                reason=form.reason.data or "",
                once=form.once.data,
            )
        if not outcome.refused:
            return Redirect(url_for("meetings.index", case_id=case_id), flash=_("The case manager was told."))
    return deed_page(
        form,
        None,
        _("Ask for a meeting"),
        _("Ask for a meeting"),
        back=url_for("meetings.index", case_id=case_id),
        lead=[
            _("Every member may ask for a meeting. The case manager then calls it (Article 8, paragraph 4).")
        ],
        outcome=outcome,
    )


@blueprint.post("/cases/<uuid:case_id>/meetings/requests/<uuid:request_id>/withdraw")
@allows(Permission.MEETING_REQUEST)
def withdraw_request(case_id: UUID, request_id: UUID) -> Redirect:
    """Only the author withdraws a request."""
    session = db.session()
    request = session.get(MeetingRequest, request_id)
    if request is None or request.case_id != case_id:
        raise NotFound("request")
    calling.withdraw_request(session, g.person, clock.now(), request=request)
    return Redirect(url_for("meetings.index", case_id=case_id), flash=_("The request is withdrawn."))


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agreement", methods=["GET", "POST"])
@allows(Permission.MEETING_AGREE)
def agreement(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The head agrees to this date, or proposes another (A8.3)."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    form = AgreeForm(data={"meeting_on": meeting.meeting_on})
    outcome = Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.agree(
                session,
                g.person,
                now,
                meeting=convening.locked(session, meeting_id, case_id),
                case=g.case,
                seen_on=form.meeting_on.data,
            )
        if not outcome.refused:
            return Redirect(
                to_meeting(meeting_id), flash=_("You agreed to the date. The case manager was told.")
            )
    return _agreement_page(meeting, form, OtherDateForm(formdata=None), outcome)


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/other-date")
@allows(Permission.MEETING_AGREE)
def other_date(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The head proposes another date."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    form, outcome = OtherDateForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.propose_other_date(
                session,
                g.person,
                now,
                meeting=convening.locked(session, meeting_id, case_id),
                case=g.case,
                proposed_on=form.proposed_on.data,
                note=form.note.data or "",
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id), flash=_("The case manager was told of the other date."))
    agree_form = AgreeForm(formdata=None, data={"meeting_on": meeting.meeting_on})
    return _agreement_page(meeting, agree_form, form, outcome, status=422)


def _agreement_page(
    meeting: Meeting, form: AgreeForm, other_form: OtherDateForm, outcome: Attempt, *, status: int = 200
) -> Page:
    if meeting.meeting_on is None:
        raise OutOfOrder(Message("No date is proposed yet."), "A8.3")
    session = db.session()
    counted = limits(meeting.meeting_on, meeting.lead_days, holidays.calendar(session))
    return Page(
        "meetings/agreement.html",
        status=422 if outcome.refused or form.errors else status,
        meeting=meeting,
        agree_form=form,
        other_form=other_form,
        limits=counted,
        same_day=[
            one for one in queries.of_day(session, g.case.qps_id, meeting.meeting_on) if one.id != meeting.id
        ],
        today=clock.civil_today(),
    )


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/cancel", methods=["GET", "POST"])
@allows(Permission.MEETING_CONVENE)
def cancel(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Call the meeting off, with the reason; who was invited gets the cancellation."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    form, outcome = ReasonForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            convening.cancel(
                session, g.person, now, meeting_id=meeting_id, case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id), flash=_("The meeting is cancelled."))
    return deed_page(
        form,
        meeting,
        _("Cancel the meeting"),
        _("Cancel the meeting"),
        back=to_meeting(meeting_id),
        lead=[
            _(
                "Everyone who was invited gets a mail and the calendar entry is taken back. The reason stays here."
            )
        ],
        outcome=outcome,
        look="serious",
    )


@blueprint.route(
    "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/invitations/<uuid:invitation_id>/hand-over",
    methods=["GET", "POST"],
)
@allows(Permission.MEETING_PREPARE)
def hand_over(case_id: UUID, meeting_id: UUID, invitation_id: UUID) -> Page | Redirect:
    """Record that a member got invitation and papers by hand; the time is the system's (T22)."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    invitation = session.get(Invitation, invitation_id)
    if invitation is None or invitation.meeting_id != meeting.id or invitation.seat_id is None:
        raise NotFound("invitation")
    if meeting.status != "convened":
        raise OutOfOrder(Message("The meeting is not convened."), "A8.3")
    form = HandOverForm()
    if form.validate_on_submit():
        convening.hand_over(session, g.person, now, invitation=invitation, note=form.note.data or "")
        return Redirect(to_meeting(meeting_id), flash=_("The hand-over is recorded."))
    person = queries.invitee(session, invitation)
    return deed_page(
        form,
        meeting,
        _("Handed over on paper"),
        _("Record the hand-over"),
        back=to_meeting(meeting_id),
        lead=[_("For %(name)s. It counts as sent now; an earlier time cannot be entered.", name=person.name)],
    )
