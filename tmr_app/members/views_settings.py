"""Administration: a municipality's settings, Centres and rooms; holidays; the declaration's texts."""

from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.kernel import audit, clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import declaration_texts, holidays, member_queries, registering, roster
from tmr_app.members.administration_frame import attempt, blueprint, found, status_of
from tmr_app.members.models import HolidayCorrection, MeetingRoom, Municipality, Qps
from tmr_app.members.office_words import ALL_OFFICE_WORDS
from tmr_app.members.settings_forms import (
    CentreForm,
    DeclarationForm,
    HolidayForm,
    RoomForm,
    SettingsForm,
    YearFilter,
)

SETTINGS = (
    "lead_days",
    "guide_notice",
    "assessment_days",
    "annual_report_due_month",
    "annual_report_due_day",
    "table_registered_on",
)
FIRST_YEAR, LAST_YEAR = 2020, 2099


@blueprint.get("/administration/municipalities/<uuid:municipality_id>")
@allows(Permission.ADMINISTRATION)
def municipality(municipality_id: UUID) -> Page:
    return _municipality_page(found(Municipality, municipality_id), RoomForm())


def _municipality_page(one: Municipality, room_form: RoomForm) -> Page:
    session, today = db.session(), clock.civil_today()
    return Page(
        "administration/municipality.html",
        municipality=one,
        centres=member_queries.centres_of(session, one.id),
        rooms=member_queries.rooms_of(session, one.id),
        roster=roster.roster_of(session, one, today),
        form=room_form,
        offices=ALL_OFFICE_WORDS,
        status=status_of(room_form),
    )


def _to_municipality(municipality_id: UUID, text: str) -> Redirect:
    return Redirect(url_for("administration.municipality", municipality_id=municipality_id), flash=text)


@blueprint.route("/administration/municipalities/<uuid:municipality_id>/settings", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def municipality_settings(municipality_id: UUID) -> Any:
    one = found(Municipality, municipality_id)
    form = SettingsForm(obj=one)

    def deed() -> None:
        values = {name: getattr(form, name).data for name in SETTINGS}
        registering.change_settings(db.session(), g.person, clock.now(), municipality=one, **values)

    if attempt(form, deed):
        return _to_municipality(municipality_id, _("The settings are saved."))
    if form.is_submitted() and "lead_days" in form.errors and form.lead_days.data is not None:
        audit.note(
            db.session(),
            "municipality:settings",
            object_type="municipality",
            object_id=municipality_id,
            rule="A8.3",
            outcome="refused",
        )
    return Page("administration/settings.html", form=form, municipality=one, status=status_of(form))


@blueprint.route("/administration/municipalities/<uuid:municipality_id>/centres/new", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def new_centre(municipality_id: UUID) -> Any:
    one = found(Municipality, municipality_id)
    form = CentreForm()

    def deed() -> None:
        registering.register_qps(db.session(), g.person, clock.now(), municipality=one, **_centre(form))

    if attempt(form, deed):
        return _to_municipality(municipality_id, _("The Centre is registered. Now appoint its head."))
    return Page(
        "administration/centre.html", form=form, municipality=one, centre=None, status=status_of(form)
    )


@blueprint.route(
    "/administration/municipalities/<uuid:municipality_id>/centres/<uuid:qps_id>", methods=["GET", "POST"]
)
@allows(Permission.ADMINISTRATION)
def change_centre(municipality_id: UUID, qps_id: UUID) -> Any:
    one, qps = found(Municipality, municipality_id), found(Qps, qps_id)
    if qps.municipality_id != one.id:
        raise NotFound("qps")
    form = CentreForm(obj=qps)

    def deed() -> None:
        registering.change_qps(db.session(), g.person, clock.now(), qps=qps, **_centre(form))

    if attempt(form, deed):
        return _to_municipality(municipality_id, _("The Centre is changed."))
    return Page("administration/centre.html", form=form, municipality=one, centre=qps, status=status_of(form))


def _centre(form: CentreForm) -> dict[str, Any]:
    return {name: getattr(form, name).data for name in ("name", "case_prefix", "reply_address", "phone")}


@blueprint.post("/administration/municipalities/<uuid:municipality_id>/rooms")
@allows(Permission.ADMINISTRATION)
def add_room(municipality_id: UUID) -> Any:
    one, form = found(Municipality, municipality_id), RoomForm()

    def deed() -> None:
        registering.add_room(
            db.session(),
            g.person,
            clock.now(),
            municipality=one,
            name=form.name.data or "",
            address=form.address.data or "",
        )

    if attempt(form, deed):
        return _to_municipality(municipality_id, _("The room is on the list."))
    return _municipality_page(one, form)


@blueprint.post("/administration/municipalities/<uuid:municipality_id>/rooms/<uuid:room_id>/remove")
@allows(Permission.ADMINISTRATION)
def remove_room(municipality_id: UUID, room_id: UUID) -> Redirect:
    room = found(MeetingRoom, room_id)
    if room.municipality_id != municipality_id:
        raise NotFound("room")
    registering.remove_room(db.session(), g.person, clock.now(), room=room)
    return _to_municipality(municipality_id, _("The room is off the list."))


# Holidays


@blueprint.route("/administration/holidays", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def list_holidays() -> Any:
    form, this_year = HolidayForm(), clock.civil_today().year
    year = YearFilter().values()["year"] or this_year

    def deed() -> None:
        holidays.correct(
            db.session(),
            g.person,
            clock.now(),
            on=form.on.data,
            is_holiday=form.is_holiday.data == "yes",
            name=_holiday_name(form),
        )

    if attempt(form, deed):
        there = url_for("administration.list_holidays", year=form.on.data.year)
        return Redirect(there, flash=_("The day is corrected. Limits are counted with it from now on."))
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    return Page(
        "administration/holidays.html",
        form=form,
        year=year,
        days=holidays.days_of_year(db.session(), year, str(get_locale())),
        status=status_of(form),
    )


def _holiday_name(form: HolidayForm) -> str:
    name = form.name.data or ""
    if form.is_holiday.data == "yes" and not name:
        raise FieldRefused("name", _("Write the name of the holiday."))
    return name


@blueprint.post("/administration/holidays/<uuid:correction_id>/remove")
@allows(Permission.ADMINISTRATION)
def remove_correction(correction_id: UUID) -> Redirect:
    row = found(HolidayCorrection, correction_id)
    year = row.on.year
    holidays.take_back(db.session(), g.person, clock.now(), correction=row)
    return Redirect(
        url_for("administration.list_holidays", year=year), flash=_("The correction is taken back.")
    )


# The declaration


@blueprint.get("/administration/declarations")
@allows(Permission.ADMINISTRATION)
def declarations() -> Page:
    listed = declaration_texts.versions(db.session())
    texts = {kind: [one for one in listed if one.kind == kind] for kind in declaration_texts.KINDS}
    return Page("administration/declarations.html", texts=texts)


@blueprint.route("/administration/declarations/<kind>", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def new_declaration(kind: str) -> Any:
    """Write the next version; first a preview in all three languages, then publish."""
    if kind not in declaration_texts.KINDS:
        raise NotFound("kind")
    present = declaration_texts.newest(db.session(), kind)
    form = DeclarationForm(obj=present, data={"after": present.version if present else 0})
    deed = request.form.get("deed", "preview")

    def publish() -> None:
        texts = {name: getattr(form, name).data for name in ("text_sq", "text_sr", "text_en")}
        declaration_texts.publish(
            db.session(), g.person, clock.now(), kind=kind, after_version=form.after.data, **texts
        )

    if deed == "publish" and attempt(form, publish):
        return Redirect(
            url_for("administration.declarations"),
            flash=_("The new text counts from now on: everybody is asked to sign it."),
        )
    preview = form.is_submitted() and deed == "preview" and form.validate()
    status = 200 if preview else status_of(form)
    return Page(
        "administration/declaration.html",
        form=form,
        kind=kind,
        preview=preview,
        present=present,
        status=status,
    )
