"""The deeds on minutes after the draft: circulate, object, answer, correct, approve, corrigendum (A10.1)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput, NotFound
from tmr_app.kernel.forms import Form
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import holding_queries, minutes, minutes_course, minutes_standing
from tmr_app.meetings.doors import deed_page
from tmr_app.meetings.forms_minutes import (
    AnswerForm,
    ApproveMinutesForm,
    CirculateForm,
    CorrigendumForm,
    ObjectForm,
    TakeBackForm,
)
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.views_holding import ADDRESS
from tmr_app.regulation.verdicts import Message
from tmr_app.signing import doors, queries
from tmr_app.signing.models import FrozenVersion

blueprint = Blueprint("minutes_course", __name__)

panels.audit_words(
    {
        "minutes:circulated": Message("Minutes circulated"),
        "minutes:objected": Message("Objection to the minutes"),
        "minutes:objection-answered": Message("Objection to the minutes answered"),
        "minutes:taken-back": Message("Minutes taken back to be corrected"),
        "minutes:approved": Message("Minutes approved"),
        "read:minutes_course:object_": Message("Page for an objection opened"),
        "read:minutes_course:answer": Message("Objection opened to answer it"),
        "read:minutes_course:take_back": Message("Page for correcting circulated minutes opened"),
        "read:minutes_course:approve": Message("Page for approving minutes opened"),
        "read:minutes_course:corrigendum": Message("Page for a corrigendum opened"),
    }
)


def course_of(session: Any, meeting: Meeting, newest: Minutes | None) -> dict[str, Any]:
    """What the page of the minutes shows of their course: the frozen version, who signed, objections, what can be done."""
    if newest is None:
        return {
            "verdict": None,
            "frozen": None,
            "places": [],
            "objections": [],
            "corrigenda": [],
            "deeds": {},
        }
    version = session.get(FrozenVersion, newest.frozen_id) if newest.frozen_id else None
    places = queries.places_of(session, version) if version is not None else []
    own = next((one for one in places if one.slot.person_id == g.person.id), None)
    chairs = may(g.standing, Permission.MINUTES_COURSE)
    objections = minutes_course.objections_of(session, meeting.id)
    waiting = [one for one, _name in objections if one.answered_at is None]
    ways = minutes_course.ways_to_approve(session, meeting, newest) if newest.status == "circulated" else []
    return {
        "verdict": minutes_standing.verdict(session, meeting, newest, version, places, clock.civil_today()),
        "frozen": version,
        "places": places,
        "sign_url": doors.address(version) if version is not None else None,
        "asked": own is not None and own.is_expected and version is not None and version.is_open,
        "objections": objections,
        "corrigenda": [
            (one, session.get(FrozenVersion, one.frozen_id))
            for one in minutes_course.corrigenda_of(session, meeting.id)
        ],
        "deeds": {
            "circulate": chairs and newest.status == "draft",
            "approve": chairs and bool(ways) and not waiting,
            "wait": newest.status == "circulated" and not ways,
            "answer": chairs and bool(waiting),
            "take_back": chairs
            and newest.status in ("circulated", "signing")
            and (version is None or version.completed_at is None),
            "object": may(g.standing, Permission.MINUTES_OBJECT) and newest.status == "circulated",
            "corrigendum": chairs and version is not None and version.seal_sha256 is not None,
        },
    }


def _meeting(meeting_id: UUID, case_id: UUID) -> Meeting:
    return holding_queries.find(db.session(), meeting_id, case_id)


def _index(meeting: Meeting, anchor: str = "") -> str:
    return url_for("minutes.index", case_id=meeting.case_id, meeting_id=meeting.id, _anchor=anchor or None)


def _deed(
    form: Form,
    meeting: Meeting,
    deed: Callable[[], object],
    *,
    heading: str,
    submit: str,
    done: str,
    anchor: str = "",
    lead: tuple[Any, ...] = (),
    ready: bool = True,
) -> Page | Redirect:
    """One question, one deed, back to the minutes."""
    outcome = None
    if form.is_submitted() and form.validate() and ready:
        with attempt(form, case_id=meeting.case_id) as outcome:
            deed()
        if not outcome.refused:
            return Redirect(_index(meeting, anchor), flash=done)
    return deed_page(form, meeting, heading, submit, back=_index(meeting), lead=lead, outcome=outcome)


def _seen(form: Any, meeting: Meeting) -> int:
    """The version the page was made from: of the newest minutes at first, of the form's own afterwards."""
    if request.method == "GET":
        row = minutes.newest(db.session(), meeting.id)
        form.seen_version.data = row.version if row is not None else 0
    if form.seen_version.data is None:
        raise BadInput("no version was sent")
    return int(form.seen_version.data)


@blueprint.post(ADDRESS + "/minutes/circulate")
@allows(Permission.MINUTES_COURSE)
def circulate(case_id: UUID, meeting_id: UUID) -> Redirect:
    """Freeze the draft and send its link to everybody who will sign it."""
    form, meeting = CirculateForm(), _meeting(meeting_id, case_id)
    minutes_course.circulate(
        db.session(),
        g.person,
        clock.now(),
        meeting=meeting,
        case=g.case,
        seen_version=form.seen_version.data,
    )
    return Redirect(_index(meeting), flash=_("The minutes are circulated. Each member gets a link by mail."))


@blueprint.route(ADDRESS + "/minutes/object", methods=["GET", "POST"])
@allows(Permission.MINUTES_OBJECT)
def object_(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """A member says what should be corrected."""
    meeting, form = _meeting(meeting_id, case_id), ObjectForm()
    seen = _seen(form, meeting)
    return _deed(
        form,
        meeting,
        lambda: minutes_course.object_to(
            db.session(),
            g.person,
            clock.now(),
            meeting=meeting,
            seen_version=seen,
            text=form.text.data or "",
            once=form.once.data,
        ),
        heading=_("Object to the minutes"),
        submit=_("Send the objection"),
        done=_("Your objection is with the chair, who answers it."),
        anchor="objections",
    )


@blueprint.route(ADDRESS + "/minutes/objections/<uuid:objection_id>", methods=["GET", "POST"])
@allows(Permission.MINUTES_COURSE)
def answer(case_id: UUID, meeting_id: UUID, objection_id: UUID) -> Page | Redirect:
    """The chair answers one objection."""
    meeting, form = _meeting(meeting_id, case_id), AnswerForm()
    found = next(
        (
            (row, name)
            for row, name in minutes_course.objections_of(db.session(), meeting.id)
            if row.id == objection_id
        ),
        None,
    )
    if found is None:
        raise NotFound("objection")
    return _deed(
        form,
        meeting,
        lambda: minutes_course.answer_objection(
            db.session(),
            g.person,
            clock.now(),
            meeting=meeting,
            objection_id=objection_id,
            accepted=form.accepted.data == "yes",
            answer=form.answer.data or "",
        ),
        heading=_("Answer an objection"),
        submit=_("Save the answer"),
        done=_("The objection is answered."),
        anchor="objections",
        lead=(found[1] + ":", found[0].text),
    )


@blueprint.route(ADDRESS + "/minutes/take-back", methods=["GET", "POST"])
@allows(Permission.MINUTES_COURSE)
def take_back(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Replace a circulated version by a new draft."""
    meeting, form = _meeting(meeting_id, case_id), TakeBackForm()
    seen = _seen(form, meeting)
    answered = _deed(
        form,
        meeting,
        lambda: minutes_course.take_back(
            db.session(),
            g.person,
            clock.now(),
            meeting=meeting,
            seen_version=seen,
            reason=form.reason.data or "",
        ),
        heading=_("Correct the circulated minutes"),
        submit=_("Make a new draft"),
        done=_("There is a new draft: correct it, then circulate it. Everybody signs the new version."),
        lead=(
            _("Signatures already given stay valid for the version they were given for; they do not move."),
        ),
    )
    if isinstance(answered, Redirect):
        answered.url = url_for("minutes.correct", case_id=case_id, meeting_id=meeting_id)
    return answered


@blueprint.route(ADDRESS + "/minutes/approve", methods=["GET", "POST"])
@allows(Permission.MINUTES_COURSE)
def approve(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Record the Table's approval; everybody is then asked to sign."""
    meeting = _meeting(meeting_id, case_id)
    return _approve(meeting, minutes.newest(db.session(), meeting.id), None)


@blueprint.route(ADDRESS + "/minutes/corrigenda/<uuid:minutes_id>/approve", methods=["GET", "POST"])
@allows(Permission.MINUTES_COURSE)
def approve_corrigendum(case_id: UUID, meeting_id: UUID, minutes_id: UUID) -> Page | Redirect:
    """The same for a corrigendum."""
    meeting = _meeting(meeting_id, case_id)
    rows = minutes_course.corrigenda_of(db.session(), meeting.id)
    row = next((one for one in rows if one.id == minutes_id), None)
    if row is None:
        raise NotFound("corrigendum")
    return _approve(meeting, row, minutes_id)


def _approve(meeting: Meeting, row: Minutes | None, minutes_id: UUID | None) -> Page | Redirect:
    session, form = db.session(), ApproveMinutesForm()
    if row is None:
        raise NotFound("minutes")
    if request.method == "GET":
        form.seen_version.data = row.version
    decided = minutes_course.decision_on(session, meeting, row)
    form.offer(minutes_course.ways_to_approve(session, meeting, row))
    lead: tuple[Any, ...] = (_("Decision of that meeting:"), decided[0]) if decided else ()
    if not form.how.choices:
        lead = (_("The next meeting has not decided on these minutes yet: its item on the last minutes."),)
    return _deed(
        form,
        meeting,
        lambda: minutes_course.approve(
            session,
            g.person,
            clock.now(),
            meeting=meeting,
            seen_version=int(form.seen_version.data),
            how=form.how.data or "",
            note=form.note.data or "",
            minutes_id=minutes_id,
        ),
        heading=_("Record that the minutes are approved"),
        submit=_("Record the approval and ask for signatures"),
        done=_("The approval is recorded. Everybody who is to sign gets a link by mail."),
        lead=lead,
    )


@blueprint.route(ADDRESS + "/minutes/corrigendum", methods=["GET", "POST"])
@allows(Permission.MINUTES_COURSE)
def corrigendum(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """A correction of sealed minutes, as a paper of its own."""
    meeting, form = _meeting(meeting_id, case_id), CorrigendumForm()
    return _deed(
        form,
        meeting,
        lambda: minutes_course.write_corrigendum(
            db.session(), g.person, clock.now(), meeting=meeting, case=g.case, text=form.text.data or ""
        ),
        heading=_("Corrigendum to the sealed minutes"),
        submit=_("Circulate the corrigendum"),
        done=_("The corrigendum is circulated. It is approved at the next meeting."),
        lead=(
            _(
                "Sealed minutes are never changed. A corrigendum cites their fingerprint and is signed by the same people."
            ),
        ),
    )
