"""Answering an invitation (also before the declaration: time, place and code only), and deciding on substitutes."""

from uuid import UUID

from flask import Blueprint, g, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.access.standing import CaseStanding
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.page_texts import gettext as _
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import answering, reading_room, substituting
from tmr_app.meetings.answering import Asked
from tmr_app.meetings.case_lines import CENTRE
from tmr_app.meetings.doors import meeting_links
from tmr_app.meetings.forms_member import AnswerForm, DecisionForm
from tmr_app.meetings.models import Meeting

blueprint = Blueprint("answers", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>"


@meeting_links
def member_pages(meeting: Meeting) -> list[tuple[str, str]]:
    """What hangs on a meeting's page for this reader: own tasks first."""
    seated, found = g.standing.seat_kind is not None, []
    if seated and g.standing.seat_kind not in CENTRE:
        if meeting.convened_at is not None and meeting.status in ("preparing", "convened"):
            found.append((_("Answer the invitation"), "answers.show"))
        if meeting.purpose != "first" and may(g.standing, Permission.REPORT_FILE):
            found.append((_("Write the progress report"), "reports.write"))
    if meeting.pack_sha256 is not None and may(g.standing, Permission.PACK_READ):
        found.insert(0, (_("Papers"), "pack.show"))
    if meeting.purpose != "first" and may(g.standing, Permission.REPORT_READ):
        found.append((_("Progress reports"), "reports.of_meeting"))
    if meeting.convened_at is not None and may(g.standing, Permission.DELIVERY_READ):
        found.append((_("Substitutes"), "answers.substitutes"))
    return [
        (label, url_for(endpoint, case_id=meeting.case_id, meeting_id=meeting.id))
        for label, endpoint in found
    ]


def _asked(case_id: UUID, meeting_id: UUID) -> Asked:
    reading_room.require_own_meeting(g.standing, meeting_id)
    session = db.session()
    asked = answering.own_invitation(session, case_id=case_id, meeting_id=meeting_id, person_id=g.person.id)
    asked.candidates = answering.candidates(session, seat=asked.seat, now=clock.now())
    return asked


def _page(asked: Asked, form: AnswerForm, status: int = 200) -> Page:
    standing: CaseStanding = g.standing.case
    return Page(
        "meetings/member_answer.html",
        status=status,
        asked=asked,
        meeting=asked.meeting,
        form=form,
        is_open=answering.is_open(asked.meeting, clock.now()) and not asked.is_chair,
        needs_declaration=standing is CaseStanding.UNDECLARED,
        needs_conflict_answer=standing is CaseStanding.UNANSWERED,
        reads_pack=may(g.standing, Permission.PACK_READ),
        shows_link=may(g.standing, Permission.PACK_READ) and bool(asked.meeting.video_link),
    )


@blueprint.get(ADDRESS + "/answer")
@allows(Permission.INVITATION_ANSWER)
def show(case_id: UUID, meeting_id: UUID) -> Page:
    """The invitation in neutral words and the answer given so far."""
    asked = _asked(case_id, meeting_id)
    row = asked.invitation
    form = AnswerForm(
        data={
            "answer": row.answer,
            "reason": row.answer_reason,
            "substitute": str(row.substitute_person_id or ""),
            "seen": asked.meeting.sequence,
        }
    )
    form.offer(asked.candidates)
    return _page(asked, form)


@blueprint.post(ADDRESS + "/answer")
@allows(Permission.INVITATION_ANSWER)
def give(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Set or change the own answer."""
    asked, form = _asked(case_id, meeting_id), AnswerForm()
    form.offer(asked.candidates)
    if not form.validate():
        return _page(asked, form, 422)
    try:
        answering.answer_invitation(
            db.session(),
            g.person,
            clock.now(),
            case=g.case,
            meeting_id=meeting_id,
            answer=form.answer.data,
            reason=form.reason.data or "",
            substitute_id=form.substitute_id,
            seen_sequence=form.seen.data,
        )
    except FieldRefused as refused:
        form.refuse(refused)
        return _page(asked, form, 422)
    next_page = "pack.show" if may(g.standing, Permission.PACK_READ) else "answers.show"
    url = url_for(next_page, case_id=case_id, meeting_id=meeting_id)
    return Redirect(url, flash=_("Your answer is kept. You may change it until the meeting begins."))


@blueprint.get(ADDRESS + "/substitutes")
@allows(Permission.DELIVERY_READ)
def substitutes(case_id: UUID, meeting_id: UUID) -> Page:
    """The substitutes members proposed for this meeting."""
    session = db.session()
    meeting = reading_room.meeting_of(session, case_id=case_id, meeting_id=meeting_id, standing=g.standing)
    return Page(
        "meetings/member_substitutes.html",
        meeting=meeting,
        proposals=substituting.proposals(session, case_id=case_id, meeting_id=meeting_id),
        may_decide=may(g.standing, Permission.TABLE_WRITE) and answering.is_open(meeting, clock.now()),
    )


@blueprint.post(ADDRESS + "/substitutes/<uuid:invitation_id>/confirm")
@allows(Permission.TABLE_WRITE)
def confirm_substitute(case_id: UUID, meeting_id: UUID, invitation_id: UUID) -> Redirect:
    """Give the substitute a seat for this meeting and invite them. Refusals (A4.5, A10.2) show article and ways out."""
    DecisionForm()
    substituting.confirm_substitute(
        db.session(), g.person, clock.now(), case=g.case, meeting_id=meeting_id, invitation_id=invitation_id
    )
    url = url_for("answers.substitutes", case_id=case_id, meeting_id=meeting_id)
    return Redirect(url, flash=_("The substitute has a seat for this meeting and is invited."))


@blueprint.post(ADDRESS + "/substitutes/<uuid:invitation_id>/decline")
@allows(Permission.TABLE_WRITE)
def decline_substitute(case_id: UUID, meeting_id: UUID, invitation_id: UUID) -> Redirect:
    """Not accepted: the member is asked again."""
    DecisionForm()
    substituting.decline_substitute(
        db.session(), g.person, clock.now(), case=g.case, meeting_id=meeting_id, invitation_id=invitation_id
    )
    url = url_for("answers.substitutes", case_id=case_id, meeting_id=meeting_id)
    return Redirect(url, flash=_("The member is asked again."))
