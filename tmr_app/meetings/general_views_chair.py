"""General meetings for who chairs them: call, date, agenda, convene, hold, minutes (A8.2)."""

from typing import Any
from uuid import UUID

from flask import g
from flask_babel import gettext as _

from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.clock import KOSOVO
from tmr_app.kernel.web import Page, Redirect
from tmr_app.meetings import (
    general_calling,
    general_convening,
    general_figures,
    general_queries,
    queries,
)
from tmr_app.meetings.general_calling import ITEMS, check_version, item_title, require_preparing
from tmr_app.meetings.general_doors import BASE, CHAIR, ONE, blueprint, meeting_of, opened, pressed, to
from tmr_app.meetings.general_forms import (
    CallForm,
    ConveneForm,
    DateForm,
    ItemForm,
    ReasonForm,
)
from tmr_app.meetings.general_models import GeneralMeeting
from tmr_app.meetings.general_views_holding import screen
from tmr_app.members import holidays
from tmr_app.regulation.days import AmbiguousTime, NonexistentTime, civil_instant, limits


@blueprint.post(f"{BASE}/call")
@CHAIR
def call(municipality_id: UUID) -> Redirect:
    """Open the preparation of the next general meeting."""
    form = CallForm()
    form.validate_on_submit()
    meeting = general_calling.call(
        db.session(), g.person, clock.now(), municipality=opened(municipality_id), once=form.once.data
    )
    return Redirect(to(meeting, "general.date"), flash=_("The general meeting is called. Choose its date."))


@blueprint.route(f"{ONE}/date", methods=["GET", "POST"])
@CHAIR
def date(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Date, times and room, with the day by which the meeting is owed and the last day to send."""
    session, now = db.session(), clock.now()
    municipality = opened(municipality_id)
    meeting = meeting_of(municipality_id, general_id)
    require_preparing(meeting)
    form, outcome = DateForm(data=_date_data(meeting)), Attempt()
    rooms = queries.rooms(session, municipality_id)
    form.room.choices = [("", "–"), *((str(one.id), f"{one.name}, {one.address}") for one in rooms)]
    if form.validate_on_submit():
        with attempt(form) as outcome:
            locked = general_queries.locked(session, municipality_id, general_id)
            general_calling.set_date(
                session, g.person, now, meeting=locked, when=form.when(), version=form.version.data
            )
        if not outcome.refused:
            return Redirect(to(meeting, "general.prepare"), flash=_("Date and place are saved."))
    return Page(
        "general/date.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        meeting=meeting,
        municipality=municipality,
        schedule=general_queries.schedule(session, municipality, now),
        asks_fold=_comes_twice(form),
        today=clock.civil_today(),
    )


def _date_data(meeting: GeneralMeeting) -> dict[str, Any]:
    return {
        "version": meeting.version,
        "meeting_on": meeting.meeting_on,
        "starts": meeting.starts_at.astimezone(KOSOVO).time() if meeting.starts_at else None,
        "ends": meeting.ends_at.astimezone(KOSOVO).time() if meeting.ends_at else None,
        "room": str(meeting.room_id) if meeting.room_id else "",
    }


def _comes_twice(form: DateForm) -> bool:
    for at in (form.starts.data, form.ends.data):
        if form.meeting_on.data is not None and at is not None:
            try:
                civil_instant(form.meeting_on.data, at)
            except AmbiguousTime:
                return True
            except NonexistentTime:
                continue
    return False


@blueprint.get(f"{ONE}/prepare")
@CHAIR
def prepare(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """One page: date, agenda, who is invited by standing, the figures as they will be frozen; then convene."""
    meeting = meeting_of(municipality_id, general_id)
    if meeting.status != "preparing":
        return Redirect(to(meeting))
    return _preparation(meeting, ItemForm(), ConveneForm(data={"version": meeting.version}))


def _preparation(
    meeting: GeneralMeeting, item_form: ItemForm, form: ConveneForm, *, refused: bool = False
) -> Page:
    session, today = db.session(), clock.civil_today()
    municipality = opened(meeting.municipality_id)
    quarter = general_figures.last_quarter(today)
    tables = general_figures.count(session, meeting.municipality_id, quarter)
    form.version.data = meeting.version
    invited = general_calling.standing_invitees(session, municipality, meeting.meeting_on or today)
    return Page(
        "general/prepare.html",
        status=422 if refused else 200,
        meeting=meeting,
        municipality=municipality,
        items=general_queries.items_of(session, meeting.id),
        title_of=item_title,
        standing_items=ITEMS,
        invited=invited,
        institutions=general_queries.institution_names(session, [row[2] for row in invited.rows]),
        figures=general_figures.shown(general_figures.stored(quarter, tables)),
        schedule=general_queries.schedule(session, municipality, clock.now()),
        limits=limits(meeting.meeting_on, calendar=holidays.calendar(session))
        if meeting.meeting_on
        else None,
        late=general_convening.is_late(meeting, today),
        item_form=item_form,
        form=form,
        today=today,
    )


@blueprint.post(f"{ONE}/agenda")
@CHAIR
def add_item(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Add an item of the chair's own, while preparing or in the meeting."""
    meeting, form = meeting_of(municipality_id, general_id), ItemForm()
    if form.validate_on_submit():
        locked = general_queries.locked(db.session(), municipality_id, general_id)
        general_calling.add_item(
            db.session(), g.person, clock.now(), meeting=locked, title=form.title.data or ""
        )
        return Redirect(to(meeting, "general.prepare" if meeting.status == "preparing" else "general.hold"))
    general_calling.require_open_agenda(meeting)
    if meeting.status == "preparing":
        return _preparation(meeting, form, ConveneForm(formdata=None), refused=True)
    return screen(meeting, item=form, refused=True)


@blueprint.post(f"{ONE}/agenda/<uuid:general_item_id>/drop")
@CHAIR
def drop_item(municipality_id: UUID, general_id: UUID, general_item_id: UUID) -> Redirect:
    """Take an own item off."""
    pressed(municipality_id, general_id)
    locked = general_queries.locked(db.session(), municipality_id, general_id)
    general_calling.drop_item(db.session(), g.person, clock.now(), meeting=locked, item_id=general_item_id)
    return Redirect(to(locked, "general.prepare"))


@blueprint.post(f"{ONE}/convene")
@CHAIR
def convene(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Send the invitations; late ones ask for a reason, by analogy with A8.3."""
    session = db.session()
    municipality, form = opened(municipality_id), ConveneForm()
    meeting, outcome = meeting_of(municipality_id, general_id), Attempt()
    if form.validate_on_submit():
        with attempt(form) as outcome:
            general_convening.convene(
                session,
                g.person,
                clock.now(),
                municipality=municipality,
                general_id=general_id,
                late_reason=form.late_reason.data or "",
                version=form.version.data,
            )
        if not outcome.refused:
            return Redirect(to(meeting), flash=_("The invitations are on their way."))
    check_version(meeting, form.version.data)
    return _preparation(meeting, ItemForm(formdata=None), form, refused=True)


@blueprint.post(f"{ONE}/put-off")
@CHAIR
def put_off(municipality_id: UUID, general_id: UUID) -> Redirect:
    """Choose another date for a convened meeting."""
    pressed(municipality_id, general_id)
    meeting = general_convening.put_off(
        db.session(), g.person, clock.now(), municipality_id=municipality_id, general_id=general_id
    )
    return Redirect(to(meeting, "general.date"))


@blueprint.route(f"{ONE}/cancel", methods=["GET", "POST"])
@CHAIR
def cancel(municipality_id: UUID, general_id: UUID) -> Page | Redirect:
    """Call the meeting off, with the reason; the quarter's duty stays."""
    session, form, outcome = db.session(), ReasonForm(), Attempt()
    meeting = meeting_of(municipality_id, general_id)
    if form.validate_on_submit():
        with attempt(form) as outcome:
            general_convening.cancel(
                session,
                g.person,
                clock.now(),
                municipality_id=municipality_id,
                general_id=general_id,
                reason=form.reason.data or "",
            )
        if not outcome.refused:
            return Redirect(to(meeting), flash=_("The general meeting is called off."))
    return Page(
        "general/cancel.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        meeting=meeting,
        municipality=opened(municipality_id),
    )
