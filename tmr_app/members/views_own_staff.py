"""An institution's superior: own staff by name and dates, nothing of a case; proposals an administrator confirms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import staff_proposals
from tmr_app.members.administration_frame import attempt, found, status_of
from tmr_app.members.forms import ProposeEndForm, ProposeForm
from tmr_app.members.models import Appointment, Institution, Person
from tmr_app.members.office_words import STAFF_WORDS

blueprint = Blueprint("own_staff", __name__)


@blueprint.get("/own-staff")
@allows(Permission.OWN_STAFF)
def index() -> Page | Redirect:
    """The institutions this person leads; led on when it is one."""
    led = _led()
    if len(led) == 1:
        return Redirect(url_for("own_staff.show", institution_id=led[0].id))
    return Page("municipalities/own_institutions.html", institutions=led)


def _led() -> list[Institution]:
    return staff_proposals.led_by(db.session(), g.person.id, clock.civil_today())


def _own(institution_id: UUID) -> Institution:
    """Somebody else's institution is none."""
    for institution in _led():
        if institution.id == institution_id:
            return institution
    raise NotFound("institution")


@blueprint.get("/own-staff/<uuid:institution_id>")
@allows(Permission.OWN_STAFF)
def show(institution_id: UUID) -> Page:
    session, institution = db.session(), _own(institution_id)
    return Page(
        "municipalities/own_staff.html",
        institution=institution,
        staff=staff_proposals.staff_of(session, institution.id, clock.civil_today()),
        proposals=staff_proposals.open_proposals(session, institution.id),
        offices=STAFF_WORDS,
    )


@blueprint.route("/own-staff/<uuid:institution_id>/propose", methods=["GET", "POST"])
@allows(Permission.OWN_STAFF)
def propose(institution_id: UUID) -> Any:
    institution, form = _own(institution_id), ProposeForm()
    if not form.is_submitted():
        form.on.process(None, clock.civil_today())

    def deed() -> None:
        values = {name: getattr(form, name).data for name in ("office", "name", "function", "email", "on")}
        staff_proposals.propose_new(
            db.session(), g.person, clock.now(), institution=institution, once_key=form.once.data, **values
        )

    if attempt(form, deed):
        return _proposed(institution_id)
    return Page("municipalities/propose.html", form=form, institution=institution, status=status_of(form))


@blueprint.route("/own-staff/<uuid:institution_id>/end/<uuid:appointment_id>", methods=["GET", "POST"])
@allows(Permission.OWN_STAFF)
def propose_end(institution_id: UUID, appointment_id: UUID) -> Any:
    institution, appointment = _own(institution_id), found(Appointment, appointment_id)
    if appointment.institution_id != institution.id or appointment.office not in staff_proposals.STAFF:
        raise NotFound("appointment")
    form = ProposeEndForm()

    def deed() -> None:
        staff_proposals.propose_end(
            db.session(),
            g.person,
            clock.now(),
            institution=institution,
            appointment=appointment,
            on=form.on.data,
            once_key=form.once.data,
        )

    if attempt(form, deed):
        return _proposed(institution_id)
    person = found(Person, appointment.person_id)
    return Page(
        "municipalities/propose_end.html",
        form=form,
        institution=institution,
        person=person,
        status=status_of(form),
    )


def _proposed(institution_id: UUID) -> Redirect:
    return Redirect(
        url_for("own_staff.show", institution_id=institution_id),
        flash=_("Your proposal is with the administrator."),
    )
