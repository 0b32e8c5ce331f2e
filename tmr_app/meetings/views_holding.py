"""The running meeting: begin, one screen to write on while people talk, end (A6.1.4, A8.8-A8.10, A9, A10.3-A10.5)."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, request, url_for

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import panels
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db, two_writers
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.kernel.forms import Form
from tmr_app.kernel.page_texts import gettext as _
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import (
    attendance,
    discussing,
    doors,
    holding,
    holding_page,
    holding_queries,
    minutes,
)
from tmr_app.meetings.discussing import Stage
from tmr_app.meetings.forms_holding import (
    AttendanceForm,
    CameForm,
    DeedForm,
    RiskForm,
    TextForm,
)
from tmr_app.meetings.holding_page import back_to
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.writing import BOTH, Block
from tmr_app.regulation.verdicts import Message, Verdict

blueprint = Blueprint("holding", __name__)
ADDRESS = "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>"
STAGE = ADDRESS + "/<any(running,minutes):stage>"
SCRIPT_HEADER = "X-Autosave"

panels.audit_words(
    {
        "meeting:started": Message("The meeting began"),
        "meeting:recorded-afterwards": Message("The meeting was written down afterwards"),
        "meeting:ended": Message("The meeting ended"),
        "meeting:ended-without": Message("The meeting ended with something missing"),
        "meeting:next-proposed": Message("A next date was proposed"),
        "attendance:recorded": Message("Attendance recorded"),
        "attendance:came": Message("Somebody came uninvited"),
        "item:written": Message("Discussion or decision written"),
        "views:written": Message("Views written"),
        "notes:written": Message("Notes of the meeting written"),
        "agenda:approved": Message("Agenda approved"),
        "minutes:drafted": Message("Draft of the minutes made"),
        "read:holding:running": Message("Running meeting opened"),
        "read:holding:begin": Message("Meeting opened to begin it"),
        "read:holding:both": Message("Two texts compared"),
    }
)


@doors.meeting_links
def links(meeting: Meeting) -> list[tuple[str, str]]:
    """What hangs onto a meeting's page."""
    found = []
    here: dict[str, Any] = {"case_id": meeting.case_id, "meeting_id": meeting.id}
    if may(g.standing, Permission.MEETING_HOLD):
        if meeting.status == "convened" and meeting.meeting_on and meeting.meeting_on <= clock.civil_today():
            found.append((_("Begin the meeting"), url_for("holding.begin", **here)))
        if meeting.status == "running":
            found.append((_("Go on with the meeting"), url_for("holding.running", **here)))
        if meeting.status in ("convened", "running"):
            list_url = url_for(
                "cases.made",
                case_id=meeting.case_id,
                kind="attendance",
                key=meeting.id.hex,
                file_format="pdf",
            )
            found.append((_("Attendance list to sign (PDF)"), list_url))
    if meeting.status == "held" and may(g.standing, Permission.MINUTES_DRAFT_READ):
        found.append((_("Minutes"), url_for("minutes.index", **here)))
    return found


@blueprint.get(ADDRESS + "/start")
@allows(Permission.MEETING_HOLD)
def begin(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Before the first word: who chairs, and the list to print."""
    meeting = holding_queries.find(db.session(), meeting_id, case_id)
    if meeting.status == "running":
        return Redirect(back_to(meeting_id, "running"))
    if meeting.status != "convened":
        return Redirect(url_for("meetings.show", case_id=case_id, meeting_id=meeting_id))
    return _begin_page(meeting)


def _begin_page(meeting: Meeting, verdicts: tuple[Verdict, ...] = (), status: int = 200) -> Page:
    return Page(
        "holding/begin.html",
        status=status,
        meeting=meeting,
        is_chair=g.case.case_manager_id == g.person.id,
        today=clock.civil_today(),
        verdicts=verdicts,
        deed=DeedForm(formdata=None),
    )


@blueprint.post(ADDRESS + "/start")
@allows(Permission.MEETING_HOLD)
def start(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The chair begins the meeting on its day, or writes one down that was held on paper."""
    DeedForm()
    meeting = holding_queries.find(db.session(), meeting_id, case_id)
    with attempt(None, case_id=case_id) as outcome:
        holding.start(
            db.session(),
            g.person,
            clock.now(),
            meeting_id=meeting_id,
            case=g.case,
            afterwards="afterwards" in request.form,
        )
    if outcome.refused:
        return _begin_page(meeting, outcome.verdicts, 422)
    return Redirect(back_to(meeting_id, "running"))


@blueprint.get(ADDRESS + "/running")
@allows(Permission.MEETING_HOLD)
def running(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The one screen. Before the start it leads to it, after the end to the minutes."""
    meeting = holding_queries.find(db.session(), meeting_id, case_id)
    here: dict[str, Any] = {"case_id": case_id, "meeting_id": meeting_id}
    if meeting.status == "held":
        return Redirect(url_for("minutes.index", **here))
    if meeting.status != "running":
        return Redirect(url_for("holding.begin" if meeting.status == "convened" else "meetings.show", **here))
    held = holding_queries.load(db.session(), clock.now(), meeting=meeting, case=g.case)
    return holding_page.show(held, "running")


def settled(meeting_id: UUID, stage: Stage) -> None:
    """After a correction: the next version of the draft, when it prints anything else than the last."""
    if stage == "minutes":
        session = db.session()
        session.flush()
        minutes.write_draft(session, g.person, clock.now(), held=holding_page.load(meeting_id))


def refused(
    meeting_id: UUID, stage: Stage, block: str, form: Form, verdicts: tuple[Verdict, ...] = ()
) -> Page:
    """The whole page again with what was typed, or one line for the script."""
    if request.headers.get(SCRIPT_HEADER):
        return Page("holding/_said.html", status=422, state="refused", form=form, verdicts=verdicts)
    return holding_page.show(
        holding_page.load(meeting_id), stage, changed={block: form}, verdicts=verdicts, status=422
    )


def done(meeting_id: UUID, stage: Stage, anchor: str, versions: dict[str, int]) -> Page | Redirect:
    """One line with the new version for the script; otherwise back to where the person was."""
    settled(meeting_id, stage)
    if request.headers.get(SCRIPT_HEADER):
        return Page("holding/_said.html", state="saved", at=clock.now(), versions=versions)
    return Redirect(back_to(meeting_id, stage, anchor), flash=_("Saved."))


@blueprint.post(STAGE + "/text/<string:block>")
@allows(Permission.MEETING_HOLD)
def write(case_id: UUID, meeting_id: UUID, stage: Stage, block: str) -> Page | Redirect:
    """Save one text. Two writers get both texts (409), and the one that lost is kept until they are merged."""
    session, place = db.session(), Block.parse(block)
    discussing.check_stage(session, holding_queries.find(session, meeting_id, case_id), stage)
    form = place.form()
    if not form.validate():
        return refused(meeting_id, stage, block, form)
    try:
        version = place.save(
            session, g.person, clock.now(), meeting_id=meeting_id, case=g.case, stage=stage, form=form
        )
    except Stale as stale:
        return _both(meeting_id, stage, place, stale)
    if form.merged.data:
        discussing.settled(session, g.person, place=_place(meeting_id, stage, block))
    return done(meeting_id, stage, place.name, {"version": version})


def _place(meeting_id: UUID, stage: Stage, block: str) -> str:
    return f"{holding_page.base_of(meeting_id, stage)}text/{block}{BOTH}"


def _both(meeting_id: UUID, stage: Stage, place: Block, stale: Stale) -> Page:
    session = db.session()
    mine = discussing.keep_losing_text(
        session,
        g.person,
        clock.real_now(),
        case_id=g.case.id,
        place=_place(meeting_id, stage, place.name),
        mine=stale.mine,
    )
    if request.headers.get(SCRIPT_HEADER):
        url = url_for("holding.both", case_id=g.case.id, meeting_id=meeting_id, stage=stage, block=place.name)
        return Page("holding/_said.html", status=409, state="both", url=url)
    return _both_page(meeting_id, stage, place, mine, status=409)


def _both_page(meeting_id: UUID, stage: Stage, place: Block, mine: dict[str, str], status: int = 200) -> Page:
    """Both texts side by side, and a form that holds every word of both."""
    held = holding_page.load(meeting_id)
    theirs, _version = place.stored(held)
    together = {name: two_writers.merged(text, theirs.get(name, "")) for name, text in mine.items()}
    form: TextForm = place.shown(held, merged=together)
    differing = [
        (form[name].label.text, text, theirs.get(name, ""))
        for name, text in mine.items()
        if text != theirs.get(name, "")
    ]
    return Page(
        "holding/both.html",
        status=status,
        meeting=held.meeting,
        form=form,
        differing=differing,
        action=f"{holding_page.base_of(meeting_id, stage)}text/{place.name}",
        back=back_to(meeting_id, stage, place.name),
    )


@blueprint.get(STAGE + "/text/<string:block>/both")
@allows(Permission.MEETING_HOLD)
def both(case_id: UUID, meeting_id: UUID, stage: Stage, block: str) -> Page | Redirect:
    """The own text that lost beside the stored one; without one, back to the page."""
    place = Block.parse(block)
    mine = discussing.losing_text(db.session(), g.person, place=_place(meeting_id, stage, block))
    if not mine:
        return Redirect(back_to(meeting_id, stage, place.name))
    return _both_page(meeting_id, stage, place, mine)


@blueprint.post(STAGE + "/attendance")
@allows(Permission.MEETING_HOLD)
def attend(case_id: UUID, meeting_id: UUID, stage: Stage) -> Page | Redirect:
    """Who is there. Marks of a second writer come back beside the stored ones (409); the others are saved."""
    session, now = db.session(), clock.now()
    meeting = discussing.writable(session, meeting_id=meeting_id, case_id=case_id, stage=stage)
    form = AttendanceForm()
    if not form.validate():
        return refused(meeting_id, stage, "attendance", form)
    clashes: list[attendance.Clash] = []
    with attempt(form, case_id=case_id) as outcome:
        try:
            clashes = attendance.record(session, g.person, now, meeting=meeting, marks=form.marks())
        except FieldRefused as error:
            form.blame(error)
            raise
        if "rest_present" in request.form:
            attendance.mark_rest_present(session, g.person, now, meeting=meeting)
    if outcome.refused:
        return refused(meeting_id, stage, "attendance", form, outcome.verdicts)
    if clashes:
        return _two_marks(meeting_id, stage, clashes)
    session.flush()
    rows = {one.invitation.id: one.invitation for one in holding_page.load(meeting_id).attendees()}
    versions = {
        f"{row.short_name}-version": rows[row_id].attendance_version
        for row, row_id in zip(form.rows, form.marks(), strict=True)
    }
    return done(meeting_id, stage, "attendance", versions)


def _two_marks(meeting_id: UUID, stage: Stage, clashes: list[attendance.Clash]) -> Page:
    settled(meeting_id, stage)
    if request.headers.get(SCRIPT_HEADER):
        return Page(
            "holding/_said.html",
            status=409,
            state="both",
            url=back_to(meeting_id, stage, "attendance"),
            marks=True,
        )
    held = holding_page.load(meeting_id)
    names = {one.invitation.id: one.name for one in held.attendees()}
    return Page(
        "holding/both_marks.html",
        status=409,
        meeting=held.meeting,
        clashes=[(names.get(one.invitation_id, ""), one) for one in clashes],
        words=holding_queries.PRESENCE_WORDS,
        back=back_to(meeting_id, stage, "attendance"),
        action=f"{holding_page.base_of(meeting_id, stage)}attendance",
    )


@blueprint.post(STAGE + "/came")
@allows(Permission.MEETING_HOLD)
def came(case_id: UUID, meeting_id: UUID, stage: Stage) -> Page | Redirect:
    """Somebody of the Table or the family came without being on the list."""
    session = db.session()
    meeting = discussing.writable(session, meeting_id=meeting_id, case_id=case_id, stage=stage)
    form = holding_page.came_form(holding_page.load(meeting_id), CameForm())
    kind, _sep, ident = (form.who.data or "").partition(":")
    chosen = (form.who.data or "") in {value for value, _name in form.who.choices}
    if not form.validate() or not chosen or not ident:
        return refused(meeting_id, stage, "came", form)
    with attempt(form, case_id=case_id) as outcome:
        attendance.note_who_came(
            session, g.person, clock.now(), meeting=meeting, **{f"{kind}_id": UUID(ident)}
        )
    if outcome.refused:
        return refused(meeting_id, stage, "came", form, outcome.verdicts)
    return done(meeting_id, stage, "attendance", {})


@blueprint.post(STAGE + "/risk")
@allows(Permission.MEETING_HOLD)
def risk(case_id: UUID, meeting_id: UUID, stage: Stage) -> Page | Redirect:
    """The level of risk, re-determined by the Table."""
    form = holding_page.risk_form(holding_page.load(meeting_id), RiskForm())
    if not form.validate():
        return refused(meeting_id, stage, "risk", form)
    with attempt(form, case_id=case_id) as outcome:
        holding.determine_risk(
            db.session(),
            g.person,
            clock.now(),
            meeting_id=meeting_id,
            case=g.case,
            level=form.level.data or "",
            reason=form.reason.data or "",
            stage=stage,
        )
    if outcome.refused:
        return refused(meeting_id, stage, "risk", form, outcome.verdicts)
    return done(meeting_id, stage, "risk", {})
