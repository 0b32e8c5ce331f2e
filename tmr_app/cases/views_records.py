"""Timeline, access log, disclosures required by law, take-over from paper."""

from typing import Any
from uuid import UUID

from flask import g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import case_record, disclosing, taking_over, words
from tmr_app.cases import timeline as story
from tmr_app.cases.doors import after_refusal, blueprint
from tmr_app.cases.forms import DecisionForm, DisclosureForm, EmptyForm, TakeOverForm
from tmr_app.cases.forms_monitoring import TimelineFilterForm
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import BadInput, FieldRefused, RuleRefused
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.signed_in import require_fresh

LARGEST_SEQUENCE = 2**53


@blueprint.get("/cases/<uuid:case_id>/timeline")
@allows(Permission.TIMELINE_READ)
def timeline(case_id: UUID) -> Page:
    """What happened, newest first, filtered by kind and day."""
    form = TimelineFilterForm()
    wanted = form.wanted()
    return Page(
        "cases/timeline.html",
        entries=story.timeline_of(db.session(), g.case, wanted),
        filter_form=form,
        is_filtered=wanted != story.Wanted(),
    )


@blueprint.get("/cases/<uuid:case_id>/access-log")
@allows(Permission.ACCESS_LOG_READ)
def access_log(case_id: UUID) -> Page:
    """Who opened this case."""
    given = request.args.get("before", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) <= 15 else 0
    before = number if 0 < number < LARGEST_SEQUENCE else None
    log = story.access_log(db.session(), case_id, before)
    return Page("cases/access_log.html", log=log, words=words, first=before is None)


@blueprint.route("/cases/<uuid:case_id>/disclosures", methods=["GET", "POST"])
@allows(Permission.TIMELINE_READ, posting=Permission.DISCLOSURE_WRITE)
def disclosures(case_id: UUID) -> Page | Redirect:
    """Disclosures the law requires; the case manager proposes, the head decides."""
    session = db.session()
    form = DisclosureForm() if may(g.standing, Permission.DISCLOSURE_WRITE) else None
    status, verdicts = 200, ()
    if form is not None and form.is_submitted():
        status = 422
        if form.validate():
            data = disclosing.DisclosureData(form.recipient.data, form.legal_basis.data, form.what.data)
            try:
                disclosing.propose_disclosure(
                    session, g.person, clock.now(), case=g.case, data=data, once=form.once.data
                )
                return Redirect(
                    url_for("cases.disclosures", case_id=case_id), flash=_("The proposal waits for the head.")
                )
            except RuleRefused as error:
                verdicts = after_refusal(error)
    rows = disclosing.disclosures_of(session, case_id)
    names = case_record.names_of(
        session, {one for row in rows for one in (row.proposed_by_id, row.approved_by_id) if one}
    )
    shown = [(row, disclosing.state_of(row)) for row in rows]
    return Page(
        "cases/disclosures.html",
        status=status,
        form=form,
        rows=shown,
        names=names,
        words=words,
        verdicts=verdicts,
    )


@blueprint.post("/cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/decision")
@allows(Permission.DISCLOSURE_APPROVE)
def disclosure_decision(case_id: UUID, disclosure_id: UUID) -> Redirect:
    """The head approves or refuses, with a fresh sign-in: approved, a child's data leave the Table."""
    DecisionForm()
    decision = request.form.get("decision")
    if decision not in ("approve", "refuse"):
        raise BadInput("no decision")
    require_fresh()
    session = db.session()
    row = disclosing.find_disclosure(session, case_id, disclosure_id)
    approve = decision == "approve"
    disclosing.decide_disclosure(session, g.person, clock.now(), disclosure=row, approve=approve)
    said = _("The disclosure is approved.") if approve else _("The disclosure is not approved.")
    return Redirect(url_for("cases.disclosures", case_id=case_id), flash=said)


@blueprint.post("/cases/<uuid:case_id>/disclosures/<uuid:disclosure_id>/made")
@allows(Permission.DISCLOSURE_WRITE)
def disclosure_made(case_id: UUID, disclosure_id: UUID) -> Redirect:
    """It was handed over now."""
    EmptyForm()
    session = db.session()
    row = disclosing.find_disclosure(session, case_id, disclosure_id)
    disclosing.record_disclosed(session, g.person, clock.now(), disclosure=row)
    return Redirect(url_for("cases.disclosures", case_id=case_id), flash=_("The disclosure is recorded."))


@blueprint.route("/cases/<uuid:case_id>/take-over", methods=["GET", "POST"])
@allows(Permission.CASE_WRITE)
def take_over(case_id: UUID) -> Page | Redirect:
    """The state of the paper file."""
    session = db.session()
    found = taking_over.take_over_of(session, case_id)
    names = ("taken_over_on", "last_meeting_on", "last_review_on", "plan_adopted_on", "next_meeting_on")
    values: dict[str, Any] = (
        {name: getattr(found, name) for name in (*names, "plan", "minutes")} if found else {}
    )
    form = TakeOverForm(data=values)
    if not form.validate_on_submit():
        return Page("cases/take_over.html", status=422 if form.is_submitted() else 200, form=form)
    data = taking_over.TakeOverData(
        plan=form.plan.data or "",
        minutes=form.minutes.data or "",
        **{name: form[name].data for name in names},
    )
    try:
        taking_over.take_over(session, g.person, clock.now(), case=g.case, data=data)
    except FieldRefused as error:
        form.refuse(error)
        return Page("cases/take_over.html", status=422, form=form)
    return Redirect(url_for("cases.show", case_id=case_id), flash=_("The take-over is recorded."))
