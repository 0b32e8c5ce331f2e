"""The calendar: a month as grid and list, and the personal feed."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, g, url_for
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tmr_app.access.permissions import Permission
from tmr_app.documents import calendar as ics
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.oversight import calendar_entries, feeds
from tmr_app.oversight.calendar_entries import Entry
from tmr_app.oversight.forms import FeedForm, MonthForm, NoFeedForm
from tmr_app.regulation.days import add_months

blueprint = Blueprint("calendar", __name__)

KINDS: dict[str, Any] = {
    "meeting": _l("Meeting"),
    "meeting_preparing": _l("Meeting being prepared"),
    "meeting_cancelled": _l("Cancelled meeting"),
    "send_by": _l("Last working day to send the notice"),
    "report_due": _l("Progress report due"),
    "holiday": _l("Holiday"),
}
LOCALES = {"sq": "sq_XK", "sr_Latn": "sr_Latn", "en": "en_GB"}


@blueprint.get("/calendar")
@allows(Permission.CALENDAR_READ)
def month() -> Page:
    """One month: grid and list."""
    asked, today = MonthForm().values(), clock.civil_today()
    year, number = asked["year"] or today.year, asked["month"] or today.month
    first_on, last_on = calendar_entries.grid_bounds(year, number)
    session, now = db.session(), clock.now()
    entries = calendar_entries.entries_between(
        session, g.person.id, now, first_on, last_on, g.person.language
    )
    start_on = date(year, number, 1)
    weeks = calendar_entries.month_grid(year, number, today, entries)
    return Page(
        "calendar/month.html",
        month_on=start_on,
        weeks=weeks,
        weekdays=[format_date(day.on, "EEEE") for day in weeks[0]],
        days=_days([one for one in entries if one.on.month == number]),
        before=add_months(start_on, -1),
        following=add_months(start_on, 1),
        today=today,
        kinds=KINDS,
        address=_address,
        feed_at=feeds.made_at(session, g.person.id),
        feed_form=FeedForm(),
        no_feed_form=NoFeedForm(),
    )


def _days(entries: list[Entry]) -> list[tuple[date, list[Entry]]]:
    found: dict[date, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.on, []).append(one)
    return list(found.items())


def _address(entry: Entry) -> str | None:
    return url_for(entry.endpoint, **entry.values) if entry.endpoint in current_app.view_functions else None


@blueprint.post("/calendar/feed")
@allows(Permission.CALENDAR_READ)
def make_feed() -> Page | Redirect:
    """Make the personal address; it is shown once."""
    if not FeedForm().validate_on_submit():
        return Redirect(url_for("calendar.month"))
    token = feeds.make(db.session(), g.person, clock.real_now())
    public_url = current_app.extensions["tmr_settings"].public_url
    return Page("calendar/feed.html", address=public_url + url_for("calendar.feed", token=token))


@blueprint.post("/calendar/feed/revoke")
@allows(Permission.CALENDAR_READ)
def revoke_feed() -> Redirect:
    """Take the address back."""
    if NoFeedForm().validate_on_submit():
        feeds.revoke(db.session(), g.person, clock.real_now())
    return Redirect(url_for("calendar.month"), flash=_("The address of your calendar works no more."))


@blueprint.get("/feeds/<token>.ics")
@allows(Permission.PUBLIC)
def feed(token: str) -> Response:
    """Whoever has the address gets neutral events; it needs no sign-in, for calendar programs."""
    session = db.session()
    person = feeds.owner(session, token, clock.real_now())
    if person is None:
        raise NotFound("feed")
    public_url = current_app.extensions["tmr_settings"].public_url
    with force_locale(LOCALES.get(person.language, "sq_XK")):
        name = _("Tryeza: my meetings")
        entries = calendar_entries.feed_entries(
            session,
            person.id,
            clock.now(),
            public_url=public_url,
            summary=_("Meeting %(code)s", code="%(code)s"),
            description=_("Details after signing in."),
        )
    return Response(ics.feed(entries, name), mimetype="text/calendar")
