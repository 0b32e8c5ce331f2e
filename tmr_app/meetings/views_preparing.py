"""The preparation of a meeting as a task list with states: date, agreement, agenda, papers (product, step 4)."""

from datetime import date as civil
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import OutOfOrder
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.meetings import agenda as agendas
from tmr_app.meetings import convening, packs, preparing, queries, readiness, sittings
from tmr_app.meetings.doors import blueprint, deed_page, to_meeting
from tmr_app.meetings.forms import DateForm, ItemForm, MoveForm, PapersForm, WaiverForm, ident
from tmr_app.meetings.models import Meeting
from tmr_app.meetings.readiness import Preparation, Readiness
from tmr_app.meetings.task_states import Task, tasks
from tmr_app.members import holidays
from tmr_app.regulation.articles import earliest_lawful_meeting
from tmr_app.regulation.days import AmbiguousTime, Limits, NonexistentTime, civil_instant, limits
from tmr_app.regulation.verdicts import Message

ENDPOINTS = {
    "date": "meetings.date",
    "invitees": "meetings.invitees",
    "agenda": "meetings.agenda",
    "papers": "meetings.papers",
    "family": "meetings.family",
}


def being_prepared(case_id: UUID, meeting_id: UUID) -> Meeting:
    """The meeting, still being prepared. Raises OutOfOrder (409) otherwise."""
    meeting = queries.find(db.session(), g.standing, case_id=case_id, meeting_id=meeting_id)
    preparing.require_preparing(meeting)
    return meeting


@blueprint.get("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/prepare")
@allows(Permission.MEETING_PREPARE)
def prepare(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The task list; the last task is to check and convene."""
    session, now = db.session(), clock.now()
    meeting = queries.find(session, g.standing, case_id=case_id, meeting_id=meeting_id)
    if meeting.status != "preparing":
        return Redirect(to_meeting(meeting_id))
    prepared = readiness.load(session, now, meeting=meeting, case=g.case)
    answer = readiness.check(prepared, now)
    return Page(
        "meetings/prepare.html",
        meeting=meeting,
        tasks=_task_items(prepared, answer, meeting_id),
        limits=_limits(meeting),
        may_convene=may(g.standing, Permission.MEETING_CONVENE),
        asks_head=meeting.purpose != "extraordinary"
        and meeting.meeting_on is not None
        and meeting.agreed_on is None,
        mates=sittings.mates(session, meeting),
        others=len(queries.own_of_day(session, g.person.id, meeting)) if meeting.meeting_on else 0,
        today=clock.civil_today(),
    )


def _task_items(prepared: Preparation, answer: Readiness, meeting_id: UUID) -> list[dict[str, object]]:
    def item(task: Task) -> dict[str, object]:
        endpoint = ENDPOINTS.get(task.key)
        url = to_meeting(meeting_id, endpoint) if endpoint else None
        if task.key == "convene":
            url = to_meeting(meeting_id, "meetings.check")
        return {"title": task.title.render(_), "state": task.state, "hint": task.hint, "url": url}

    return [item(task) for task in tasks(prepared, answer)]


def _limits(meeting: Meeting) -> Limits | None:
    if meeting.meeting_on is None:
        return None
    return limits(meeting.meeting_on, meeting.lead_days, holidays.calendar(db.session(), _locale()))


def _locale() -> str:
    from flask_babel import get_locale

    return str(get_locale() or "sq")


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/date", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def date(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Date, time and place, with the last lawful day and the send-by day beside the field."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    form, outcome = DateForm(data=date_data(meeting)), Attempt()
    rooms = queries.rooms(session, g.case.municipality_id)
    form.room.choices = [("", "–"), *((str(one.id), f"{one.name}, {one.address}") for one in rooms)]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.set_date(
                session,
                g.person,
                now,
                meeting=convening.locked(session, meeting_id, case_id),
                case=g.case,
                when=form.when(),
                version=form.version.data,
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.prepare"), **_date_saved(meeting))
    return date_page(
        meeting,
        form,
        outcome,
        back=to_meeting(meeting_id, "meetings.prepare"),
        heading=_("Date, time and place"),
    )


def _date_saved(meeting: Meeting) -> dict[str, str]:
    """What the next page says of the date just saved: not in green when it can no longer be lawful (A8.3)."""
    found = _limits(meeting)
    if found is None or found.notice_limit_on >= clock.civil_today() or meeting.purpose == "extraordinary":
        return {"flash": _("Date and place are saved.")}
    text = _("Date and place are saved, but the last lawful day to send for this date has passed (A8.3).")
    return {"flash": text, "look": "warning"}


def date_data(meeting: Meeting) -> dict[str, object]:
    """The meeting's date and place as the form shows them."""
    return {
        "version": meeting.version,
        "meeting_on": meeting.meeting_on or meeting.proposed_on,
        "starts": preparing.local_time(meeting.starts_at),
        "ends": preparing.local_time(meeting.ends_at),
        "room": str(meeting.room_id) if meeting.room_id else "",
        "video_link": meeting.video_link,
    }


def _comes_twice(form: DateForm) -> bool:
    """An hour was typed that the clock shows twice that night (B08); only then is it asked which."""
    for at in (form.starts.data, form.ends.data):
        if form.meeting_on.data is not None and at is not None:
            try:
                civil_instant(form.meeting_on.data, at)
            except AmbiguousTime:
                return True
            except NonexistentTime:
                continue
    return False


def date_page(meeting: Meeting, form: DateForm, outcome: Attempt, *, back: str, heading: str) -> Page:
    """The form of date and place with its limits, for preparing and for changing."""
    session, today = db.session(), clock.civil_today()
    calendar = holidays.calendar(session, _locale())
    shown: civil = (
        form.meeting_on.data or meeting.meeting_on or earliest_lawful_meeting(today, meeting.lead_days)
    )
    return Page(
        "meetings/date.html",
        status=422 if outcome.refused or form.errors or form.form_errors else 200,
        meeting=meeting,
        form=form,
        heading=heading,
        back=back,
        limits=limits(shown, meeting.lead_days, calendar),
        earliest=earliest_lawful_meeting(today, meeting.lead_days),
        asks_fold=_comes_twice(form),
        today=today,
    )


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/ask-agreement")
@allows(Permission.MEETING_CONVENE)
def ask_agreement(case_id: UUID, meeting_id: UUID) -> Redirect:
    """Ask the head to agree to this date (A8.3)."""
    session = db.session()
    meeting = convening.locked(session, meeting_id, case_id)
    preparing.ask_agreement(session, g.person, clock.now(), meeting=meeting, case=g.case)
    return Redirect(to_meeting(meeting_id, "meetings.prepare"), flash=_("The head of services was asked."))


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agenda", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def agenda(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """The agenda: standing items, own items, moved by buttons."""
    session = db.session()
    meeting = being_prepared(case_id, meeting_id)
    form, outcome = ItemForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            agendas.add_item(session, g.person, clock.now(), meeting=meeting, title=form.title.data or "")
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.agenda"), flash=_("The item is on the agenda."))
    return _agenda_page(meeting, form, 422 if outcome.refused or form.errors else 200)


def _agenda_page(meeting: Meeting, form: ItemForm, status: int) -> Page:
    items = agendas.items_of(db.session(), meeting)
    lines = [
        {
            "id": str(item.id),
            "title": agendas.title_of(item),
            "duty": agendas.ARTICLES.get(item.kind),
            "fixed": item.kind in agendas.FIXED,
        }
        for item in items
    ]
    return Page("meetings/agenda.html", status=status, meeting=meeting, lines=lines, form=form)


@blueprint.post("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/agenda/item")
@allows(Permission.MEETING_PREPARE)
def change_item(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Move an item up or down, or take it off."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    form = MoveForm()
    if not form.validate_on_submit():
        raise OutOfOrder(Message("Choose what to do with the item."))
    item_id = ident(form.item.data)
    shown = ItemForm(formdata=None)
    with attempt(shown, case_id=case_id) as outcome:
        if form.deed.data == "remove":
            agendas.remove_item(session, g.person, now, meeting=meeting, item_id=item_id)
        else:
            agendas.move_item(
                session, g.person, now, meeting=meeting, item_id=item_id, up=form.deed.data == "up"
            )
    if outcome.refused:
        return _agenda_page(meeting, shown, 422)
    return Redirect(f"{url_for('meetings.agenda', case_id=case_id, meeting_id=meeting_id)}#item-{item_id}")


@blueprint.route("/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/papers", methods=["GET", "POST"])
@allows(Permission.MEETING_PREPARE)
def papers(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """What the pack will hold: documents made from the case's data, and files chosen for it."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    files = queries.table_files(session, case_id, meeting_id)
    form, outcome = PapersForm(data={"files": [str(one.id) for one, chosen in files if chosen]}), Attempt()
    form.files.choices = [(str(one.id), one.title) for one, _chosen in files]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.choose_files(
                session,
                g.person,
                now,
                meeting=meeting,
                file_ids=[ident(one) for one in form.files.data or []],
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.prepare"), flash=_("The papers are saved."))
    prepared = readiness.load(session, now, meeting=meeting, case=g.case)
    sources = prepared.sources
    return Page(
        "meetings/papers.html",
        status=422 if outcome.refused or form.errors else 200,
        meeting=meeting,
        form=form,
        contents=[(kind, title) for kind, title in packs.contents(sources, meeting) if kind != "file"],
        has_assessment=sources.assessment is not None,
        has_plan=sources.plan is not None,
        is_risk_case=sources.is_risk_case,
        waiver=meeting.no_assessment_reason,
    )


@blueprint.route(
    "/cases/<uuid:case_id>/meetings/<uuid:meeting_id>/without-assessment", methods=["GET", "POST"]
)
@allows(Permission.MEETING_PREPARE)
def waiver(case_id: UUID, meeting_id: UUID) -> Page | Redirect:
    """Risk case without prior assessment: the information is given in the meeting (A8.8)."""
    session, now = db.session(), clock.now()
    meeting = being_prepared(case_id, meeting_id)
    form, outcome = WaiverForm(data={"reason": meeting.no_assessment_reason}), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            preparing.waive_papers(
                session, g.person, now, meeting=meeting, case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_meeting(meeting_id, "meetings.papers"), flash=_("Saved."))
    return deed_page(
        form,
        meeting,
        _("No prior assessment possible"),
        _("Save"),
        back=to_meeting(meeting_id, "meetings.papers"),
        lead=[
            _("In a case with risk the information may be given in the meeting (Article 8, paragraph 8)."),
            _(
                "It does not shorten the notice of three days. The minutes will show what information was given."
            ),
        ],
        outcome=outcome,
    )
