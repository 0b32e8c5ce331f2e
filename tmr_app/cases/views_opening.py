"""A new case: look up, referral and child, family, risk, done."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import searching, wizard
from tmr_app.cases.doors import after_refusal, blueprint
from tmr_app.cases.forms import (
    EmptyForm,
    LookUpForm,
    ReferralForm,
    RelativeForm,
    RiskFields,
    restored,
    stored,
)
from tmr_app.cases.opening import ReferralData, check_child
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.regulation.verdicts import Message

LOOKED_AT = ("name", "birth_on", "birth_year", "personal_number")


def _draft(*needed: str) -> dict[str, Any]:
    """The draft, when the steps before this one are in it."""
    draft = wizard.read(db.session(), g.person.id)
    if any(step not in draft for step in needed):
        raise OutOfOrder(Message("Begin with the look-up: the earlier pages of the new case are missing."))
    return draft


def _keep(draft: dict[str, Any]) -> None:
    wizard.keep(db.session(), g.person.id, clock.now(), draft)


@blueprint.route("/cases/new", methods=["GET", "POST"])
@allows(Permission.CASE_OPEN)
def new() -> Page | Redirect:
    """Step 1: whether the child has a case already. Nothing of another centre's case shows here."""
    session, now = db.session(), clock.now()
    draft = wizard.read(session, g.person.id)
    centres = wizard.own_centres(session, g.person.id, now)
    form = LookUpForm(data=restored(draft.get("look_up")))
    form.qps.choices = [(str(one.qps.id), one.qps.name) for one in centres]
    if not form.is_submitted():
        first = form.qps.choices[0][0] if form.qps.choices else ""
        form.qps.data = draft["qps"] if draft.get("qps") in dict(form.qps.choices) else first
    if not (form.validate_on_submit() and _finds_somebody(form, clock.civil_date(now))):
        status = 422 if form.is_submitted() else 200
        return Page("cases/new_look_up.html", status=status, form=form, draft=draft, several=len(centres) > 1)
    matches = _look_up(UUID(form.qps.data), form)
    _keep(_begun_again(draft, form) | {"look_up": stored(form), "qps": form.qps.data})
    return (
        Page("cases/new_matches.html", matches=matches)
        if matches
        else Redirect(url_for("cases.new_referral"))
    )


def _finds_somebody(form: LookUpForm, today: date) -> bool:
    try:
        searching.check_look_up(form.birth_on.data, form.given_year, form.personal_number.data or "", today)
    except FieldRefused as error:
        form.refuse(error)
        return False
    return True


def _look_up(qps_id: UUID, form: LookUpForm | ReferralForm) -> list[searching.Match]:
    return searching.look_up_duplicates(
        db.session(),
        g.person,
        clock.now(),
        qps_id=qps_id,
        name=form.name.data or "",
        birth_year=form.child().year if isinstance(form, ReferralForm) else form.year,
        personal_number=form.personal_number.data or "",
    )


def _begun_again(draft: dict[str, Any], form: LookUpForm) -> dict[str, Any]:
    """The draft so far; what was typed for another child, or at another centre, is left behind."""
    before = draft.get("look_up") or {}
    if before.get("name") not in (None, form.name.data):
        draft = {name: value for name, value in draft.items() if name in ("sibling", "prefilled", "qps")}
    if draft.get("qps") not in (None, form.qps.data):
        draft = {name: value for name, value in draft.items() if name not in ("sibling", "prefilled")}
    return draft


@blueprint.post("/cases/new/discard")
@allows(Permission.CASE_OPEN)
def new_discard() -> Redirect:
    """Throw the draft away."""
    EmptyForm()
    wizard.discard(db.session(), g.person.id)
    return Redirect(url_for("cases.new"))


@blueprint.route("/cases/new/referral", methods=["GET", "POST"])
@allows(Permission.CASE_OPEN)
def new_referral() -> Page | Redirect:
    """Step 2: the referral and the child."""
    now = clock.now()
    draft = _draft("look_up")
    centres = {str(one.qps.id): one for one in wizard.own_centres(db.session(), g.person.id, now)}
    if draft["qps"] not in centres:
        raise OutOfOrder(Message("Begin with the look-up: choose your centre again."))
    looked = {name: value for name, value in draft["look_up"].items() if name != "qps"}
    first = {"received_on": clock.civil_date(now).isoformat()} | (draft.get("prefilled") or {}) | looked
    form = ReferralForm(data=restored(draft.get("referral") or first))
    as_head = not centres[draft["qps"]].is_case_manager
    managers = wizard.case_managers_of(db.session(), UUID(draft["qps"]), now) if as_head else []
    form.case_manager.choices = [("", _("Choose")), *managers]
    context = {"form": form, "as_head": as_head, "sibling": draft.get("sibling")}
    if not form.validate_on_submit():
        return Page("cases/new_referral.html", status=422 if form.is_submitted() else 200, **context)
    try:
        _check_referral(form, as_head=as_head)
    except FieldRefused as error:
        form.refuse(error)
        return Page("cases/new_referral.html", status=422, **context)
    changed = {name: stored(form)[name] for name in LOOKED_AT} != {
        name: looked.get(name) for name in LOOKED_AT
    }
    matches = _look_up(UUID(draft["qps"]), form) if changed else []
    _keep(draft | {"referral": stored(form), "look_up": {name: stored(form)[name] for name in LOOKED_AT}})
    if matches:
        return Page("cases/new_matches.html", matches=matches)
    return Redirect(url_for("cases.new_family"))


def _check_referral(form: ReferralForm, *, as_head: bool) -> None:
    """What the opening will ask, asked at this page already."""
    if form.received_on.data is None:
        raise FieldRefused("received_on", Message("Enter the day the referral was received."))
    check_child(form.child(), form.received_on.data, clock.civil_today(), form.adult_reason.data or "")
    if as_head and not form.case_manager.data:
        raise FieldRefused("case_manager", Message("Choose a case manager of this centre."))


@blueprint.route("/cases/new/family", methods=["GET", "POST"])
@allows(Permission.CASE_OPEN)
def new_family() -> Page | Redirect:
    """Step 3: the people around the child, one at a time."""
    draft = _draft("look_up", "referral")
    family = list(draft.get("family") or ())
    form = RelativeForm()
    context = {"form": form, "family": family, "sibling": draft.get("sibling")}
    if not form.validate_on_submit():
        return Page("cases/new_family.html", status=422 if form.is_submitted() else 200, **context)
    if form.is_perpetrator.data and not form.perpetrator_reason.data:
        form.refuse(FieldRefused("perpetrator_reason", Message("Write what the mark rests on.")))
        return Page("cases/new_family.html", status=422, **context)
    _keep(draft | {"family": [*family, stored(form)]})
    return Redirect(url_for("cases.new_family"))


@blueprint.post("/cases/new/family/<int:position>/remove")
@allows(Permission.CASE_OPEN)
def new_family_remove(position: int) -> Redirect:
    """Take a person out of the draft."""
    EmptyForm()
    draft = _draft("look_up", "referral")
    family = list(draft.get("family") or ())
    if position < len(family):
        del family[position]
        _keep(draft | {"family": family})
    return Redirect(url_for("cases.new_family"))


@blueprint.route("/cases/new/risk", methods=["GET", "POST"])
@allows(Permission.CASE_OPEN)
def new_risk() -> Page | Redirect:
    """Step 4: kinds and level of risk; then the case is opened."""
    session, now = db.session(), clock.now()
    form = RiskFields()
    draft = wizard.read(session, g.person.id)
    if form.is_submitted() and "referral" not in draft and wizard.done(session, g.person.id):
        return Redirect(url_for("cases.new_done"))  # sent twice: the case is open already
    draft = _draft("look_up", "referral")
    if not form.validate_on_submit():
        return Page("cases/new_risk.html", status=422 if form.is_submitted() else 200, form=form, verdicts=())
    values = ReferralForm(formdata=None, data=restored(draft["referral"]))
    try:
        wizard.finish(
            session,
            g.person,
            now,
            draft=draft,
            referral=_referral(values),
            child=values.child(),
            risks=form.risks(),
            risk_level=form.level.data or None,
            once=form.once.data or "",
        )
    except RuleRefused as error:
        return Page("cases/new_risk.html", status=422, form=form, verdicts=after_refusal(error))
    except FieldRefused as error:
        form.refuse(error)
        return Page("cases/new_risk.html", status=422, form=form, verdicts=())
    return Redirect(url_for("cases.new_done"))


def _referral(form: ReferralForm) -> ReferralData:
    return ReferralData(
        received_on=form.received_on.data or clock.civil_today(),
        source=form.source.data,
        facts=form.facts.data or "",
        reporter=form.reporter.data or "",
        services_before=form.services_before.data or "",
    )


@blueprint.get("/cases/new/done")
@allows(Permission.CASE_OPEN)
def new_done() -> Page | Redirect:
    """The case is open: its number, and what comes next."""
    opened = wizard.done(db.session(), g.person.id)
    if not opened:
        return Redirect(url_for("cases.new"))
    return Page("cases/new_done.html", opened=opened)


@blueprint.post("/cases/new/sibling")
@allows(Permission.CASE_OPEN)
def new_sibling() -> Redirect:
    """Another child of the referral just entered."""
    EmptyForm()
    session = db.session()
    opened = wizard.done(session, g.person.id)
    if not opened:
        raise OutOfOrder(Message("Open the first child's case before."))
    wizard.start_sibling(session, g.person.id, clock.now(), sibling=opened)
    return Redirect(url_for("cases.new"))


@blueprint.post("/cases/<uuid:case_id>/sibling")
@allows(Permission.CASE_WRITE)
def sibling(case_id: UUID) -> Redirect:
    """A linked case for a brother or sister, from a case on file."""
    EmptyForm()
    session = db.session()
    with_reporter = may(g.standing, Permission.REPORTER_READ)
    values = wizard.sibling_of(session, g.case, with_reporter=with_reporter)
    wizard.start_sibling(session, g.person.id, clock.now(), sibling=values)
    return Redirect(url_for("cases.new"))
