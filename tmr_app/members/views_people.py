"""Administration: people, their appointments, their accounts. No password or factor passes through here."""

from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.kernel.paging import page_number, paged, turn
from tmr_app.kernel.text import fold
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members import accounts, appointing, member_queries, people
from tmr_app.members.account_models import Account
from tmr_app.members.administration_frame import attempt, blueprint, found, public_url, status_of
from tmr_app.members.forms import AppointForm, EndForm, PersonFilter, PersonForm, ReplaceForm
from tmr_app.members.models import Appointment, Institution, Municipality, Person, Qps
from tmr_app.members.office_words import ACCOUNT_WORDS, ALL_OFFICE_WORDS, OFFICE_WORDS
from tmr_app.regulation.verdicts import Message

UNITS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "institution": (Institution, appointing.INSTITUTION_OFFICES),
    "centre": (Qps, appointing.QPS_OFFICES),
    "municipality": (Municipality, appointing.MUNICIPALITY_OFFICES),
}
OTHER_NAME = Message("This mail address belongs to somebody of another name.")


@blueprint.get("/administration/people")
@allows(Permission.ADMINISTRATION)
def list_people() -> Page:
    form = PersonFilter()
    wanted = form.values()
    lines = member_queries.person_lines(
        db.session(),
        text=wanted["text"] or "",
        account=wanted["account"] or "",
        without_appointment_on=clock.civil_today() if wanted["idle"] else None,
    )
    return Page(
        "administration/people.html",
        filter=form,
        shown=paged(lines, page_number()),
        turn=turn("administration.list_people"),
        states=ACCOUNT_WORDS,
    )


@blueprint.get("/administration/people/<uuid:person_id>")
@allows(Permission.ADMINISTRATION)
def person(person_id: UUID) -> Page:
    session = db.session()
    one = found(Person, person_id)
    account = accounts.of_person(session, one.id)
    state = member_queries.account_state(
        account.id if account else None,
        account.active if account else None,
        account.activated_at if account else None,
    )
    return Page(
        "administration/person.html",
        person=one,
        user=account,
        state=state,
        states=ACCOUNT_WORDS,
        appointments=member_queries.appointments_of(session, one.id),
        offices=ALL_OFFICE_WORDS,
        today=clock.civil_today(),
        is_self=one.id == g.person.id,
    )


@blueprint.route("/administration/people/<uuid:person_id>/change", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def change_person(person_id: UUID) -> Any:
    one = found(Person, person_id)
    form = PersonForm(obj=one)

    def deed() -> None:
        values = {
            name: getattr(form, name).data for name in ("name", "function", "email", "phone", "language")
        }
        people.change_person(db.session(), g.person, clock.now(), person=one, **values)

    if attempt(form, deed):
        return _to_person(person_id, _("The person is changed."))
    return Page("administration/person_form.html", form=form, person=one, status=status_of(form))


def _to_person(person_id: UUID, text: str) -> Redirect:
    return Redirect(url_for("administration.person", person_id=person_id), flash=text)


@blueprint.post("/administration/people/<uuid:person_id>/account/<deed>")
@allows(Permission.ADMINISTRATION)
def account_deed(person_id: UUID, deed: str) -> Redirect:
    """Invite, withdraw, disable, enable, mail a reset, end sessions: the secrets stay with their owner."""
    session, now, one = db.session(), clock.real_now(), found(Person, person_id)
    if deed == "invite":
        accounts.invite(session, g.person, now, person=one, public_url=public_url())
        return _to_person(person_id, _("The invitation is on its way. It holds for seven days."))
    account = accounts.of_person(session, one.id)
    if account is None:
        raise NotFound("account")
    return _to_person(person_id, _account_deed(deed, account))


def _account_deed(deed: str, account: Account) -> str:
    session, now = db.session(), clock.real_now()
    if deed == "withdraw":
        accounts.withdraw_invitation(session, g.person, now, account=account)
        return str(_("The invitation is withdrawn."))
    if deed == "disable":
        accounts.disable(session, g.person, now, account=account)
        return str(_("The account is disabled and all its sessions are ended."))
    if deed == "enable":
        accounts.enable(session, g.person, now, account=account)
        return str(_("The account is enabled again."))
    if deed == "reset":
        accounts.ask_reset(session, now, email=account.email, public_url=public_url())
        return str(_("If the account is in use, a mail for a new password is on its way."))
    if deed == "end-sessions":
        accounts.end_sessions(session, g.person, account=account)
        return str(_("All sessions of this account are ended."))
    raise NotFound("deed")


# Appointments


@blueprint.route("/administration/appoint/installation", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def appoint_for_installation() -> Any:
    """Administrators and the readers of the two bodies."""
    return _appoint(appointing.INSTALLATION_OFFICES, _("The whole installation"), None, {})


@blueprint.route("/administration/appoint/<kind>/<uuid:unit_id>", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def appoint(kind: str, unit_id: UUID) -> Any:
    if kind not in UNITS:
        raise NotFound("unit")
    model, offices = UNITS[kind]
    unit = found(model, unit_id)
    key = {"institution": "institution_id", "centre": "qps_id", "municipality": "municipality_id"}[kind]
    return _appoint(offices, getattr(unit, "name", None), unit, {key: unit_id})


def _appoint(offices: tuple[str, ...], title: str | None, unit: Any, where: dict[str, Any]) -> Any:
    form = AppointForm()
    form.office.choices = [(office, OFFICE_WORDS[office]) for office in offices]
    if not form.is_submitted():
        form.from_on.process(None, clock.civil_today())
    who: list[Person] = []

    def deed() -> None:
        session, now = db.session(), clock.now()
        one = _known_or_new(form)
        dates: dict[str, Any] = {"from_on": form.from_on.data, "to_on": form.to_on.data}
        appointing.appoint(session, g.person, now, person=one, office=form.office.data, **dates, **where)
        who.append(one)

    if attempt(form, deed):
        return _to_person(who[0].id, _("The person is appointed."))
    return Page("administration/appoint.html", form=form, title=title, unit=unit, status=status_of(form))


def _known_or_new(form: Any) -> Person:
    """The person with this address, whose name must fit; else somebody new."""
    session = db.session()
    one = people.by_email(session, form.email.data)
    if one is None:
        language = form.language.data if "language" in form else "sq"
        return people.register_person(
            session,
            g.person,
            clock.now(),
            name=form.name.data,
            email=form.email.data,
            function=form.function.data,
            language=language,
        )
    if fold(one.name) != fold(form.name.data):
        raise FieldRefused("email", OTHER_NAME)
    return one


@blueprint.route("/administration/appointments/<uuid:appointment_id>/end", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def end_appointment(appointment_id: UUID) -> Any:
    one = found(Appointment, appointment_id)
    form = EndForm()
    if not form.is_submitted():
        form.to_on.process(None, clock.civil_today())

    def deed() -> None:
        session, now = db.session(), clock.now()
        if form.at_once.data:
            appointing.end_at_once(session, g.person, now, appointment=one, reason=form.reason.data)
        elif form.to_on.data is None:
            raise FieldRefused("to_on", Message("Write the last day, or choose “at once”."))
        else:
            appointing.end_appointment(
                session, g.person, now, appointment=one, to_on=form.to_on.data, reason=form.reason.data
            )

    if attempt(form, deed):
        return _to_person(one.person_id, _("The end of the appointment is recorded."))
    return _appointment_page("administration/end_appointment.html", one, form)


@blueprint.route("/administration/appointments/<uuid:appointment_id>/replace", methods=["GET", "POST"])
@allows(Permission.ADMINISTRATION)
def replace(appointment_id: UUID) -> Any:
    one = found(Appointment, appointment_id)
    form = ReplaceForm()
    if not form.is_submitted():
        form.from_on.process(None, clock.civil_today())
    who: list[Person] = []

    def deed() -> None:
        successor = _known_or_new(form)
        appointing.replace(
            db.session(),
            g.person,
            clock.now(),
            appointment=one,
            successor=successor,
            from_on=form.from_on.data,
        )
        who.append(successor)

    if attempt(form, deed):
        return _to_person(
            who[0].id, _("The successor is appointed; the present appointment has its last day.")
        )
    return _appointment_page("administration/replace.html", one, form)


def _appointment_page(template: str, one: Appointment, form: Any) -> Page:
    return Page(
        template,
        form=form,
        appointment=one,
        person=found(Person, one.person_id),
        offices=ALL_OFFICE_WORDS,
        status=status_of(form),
    )
