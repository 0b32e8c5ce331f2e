"""The closing guide and its steps, each one page with one question."""

from uuid import UUID

from flask import g, request, url_for
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import Attempt, attempt
from tmr_app.cases.table_doors import offer_draft
from tmr_app.closures import (
    approving,
    destinations,
    dossier,
    guide_lines,
    hearing,
    queries,
    recommending,
    views_ending,
)
from tmr_app.closures.doors import ADDRESS, blueprint, deed, loaded, to_guide
from tmr_app.closures.forms import (
    ApprovalForm,
    CallForm,
    OpinionForm,
    ReasonForm,
    RecommendForm,
    opinion_stored,
    stored,
)
from tmr_app.closures.recommending import FIELDS_OF
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.members.signed_in import require_fresh
from tmr_app.regulation.catalogue import GROUND_KEYS, GROUNDS, label
from tmr_app.regulation.readings import READINGS
from tmr_app.regulation.verdicts import Message

__all__ = ["blueprint", "views_ending"]


@blueprint.get(ADDRESS)
@allows(Permission.CLOSING_READ)
def guide(case_id: UUID) -> Page:
    """Each step's state, its article, who must act, what to do now."""
    found = loaded()
    return Page(
        "closing/guide.html",
        found=found,
        lines=guide_lines.lines(found),
        advice=guide_lines.advice(found),
        opinions=found.opinions_verdict() if found.closing else None,
        transfer=queries.answer_of(db.session(), found),
        call=CallForm(formdata=None),
        earlier=queries.earlier(db.session(), g.case.id, found.closing),
        readings=[(duty, READINGS[duty]) for duty in ("A5.2", "A8.11", "A17.3", "A17.5") if duty in READINGS],
    )


@blueprint.route(ADDRESS + "/assessment", methods=["GET", "POST"])
@allows(Permission.CLOSING_READ, posting=Permission.CLOSING_WRITE)
def assessment(case_id: UUID) -> Page | Redirect:
    """The case manager's assessment with one ground (A17.1); the others of the Table read it."""
    session, now = db.session(), clock.now()
    found = loaded()
    if not may(g.standing, Permission.CLOSING_WRITE):
        return _read_assessment(found)
    asked = request.args.get("ground", "")
    ground = asked if asked in GROUND_KEYS else found.ground
    if request.method == "GET" and (not ground or asked == "choose"):
        return Page("closing/ground.html", grounds=GROUNDS)
    centres = [
        (one, f"{label(place, _language())}: {name}")
        for one, place, name in destinations.destinations_of(session, g.case)
    ]
    form, outcome = RecommendForm(data=stored(found.closing, ground)), Attempt()
    form.offer(centres)
    if request.method == "GET":
        form.ground.data = ground
        offer_draft(form)
    if form.validate_on_submit():
        data = form.recommendation()
        with attempt(form, case_id=case_id) as outcome:
            recommending.recommend(
                session, g.person, now, case=g.case, data=data, version=form.version.data or 0
            )
        if not outcome.refused:
            return Redirect(
                to_guide(), flash=_("The assessment is kept. The head of services was asked to approve it.")
            )
    ground = form.ground.data if form.ground.data in GROUND_KEYS else ground
    return Page(
        "closing/assessment.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        ground=ground,
        own=FIELDS_OF.get(ground, ()),
        found=found,
        verdicts=outcome.verdicts,
        guided=g.case.guide_applies,
    )


def _language() -> str:
    return str(g.get("user_language") or "sq")


def _read_assessment(found: dossier.Dossier) -> Page:
    if found.closing is None:
        raise NotFound("closing")
    return Page("closing/read.html", found=found, centre=queries.centre_of(db.session(), found.closing))


@blueprint.get(ADDRESS + "/opinions")
@allows(Permission.CLOSING_READ)
def opinions(case_id: UUID) -> Page:
    """Who is asked, and what they said (A17.2)."""
    found = loaded()
    if found.closing is None:
        raise dossier.skipped(recommending.FIRST)
    people = [
        (
            relation,
            found.opinion_of(relation.id if relation else None),
            url_for("closing.opinion", case_id=case_id, who=relation.id if relation else "child"),
        )
        for relation in found.heard()
    ]
    return Page(
        "closing/opinions.html", found=found, people=people, verdict=found.opinions_verdict(), words=HOW_WORDS
    )


HOW_WORDS = {
    "in_person": Message("in person"),
    "telephone": Message("by telephone"),
    "letter": Message("by letter"),
    "online": Message("online"),
}


@blueprint.route(ADDRESS + "/opinions/<who>", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def opinion(case_id: UUID, who: str) -> Page | Redirect:
    """One person's opinion, or why there is none."""
    session, now = db.session(), clock.now()
    found = loaded()
    relation_id = None if who == "child" else _relation_id(who)
    relation = next((one for one in found.relations if one.id == relation_id), None)
    if relation_id is not None and relation is None:
        raise NotFound("relation")
    found.require("opinions")
    row = found.opinion_of(relation_id)
    form, outcome = OpinionForm(data=opinion_stored(row)), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            hearing.record_opinion(
                session,
                g.person,
                now,
                case=g.case,
                relation_id=relation_id,
                data=form.opinion_data(),
                version=form.version.data or 0,
            )
        if not outcome.refused:
            return Redirect(url_for("closing.opinions", case_id=case_id), flash=_("The opinion is recorded."))
    name = relation.family_member.name if relation else (found.child.name if found.child else "")
    return deed(
        form,
        _("Opinion on progress and closing"),
        _("Keep the opinion"),
        outcome,
        rows=[(_("Who is asked"), name)],
        lead=[
            _("Ask in words the person understands. Write the answer as it was said."),
            _(
                "Where there is no opinion, write why and what was tried: for a parent or guardian it is shown as not met."
            ),
        ],
        cancel=url_for("closing.opinions", case_id=case_id),
    )


def _relation_id(who: str) -> UUID:
    try:
        return UUID(who)
    except ValueError as error:
        raise NotFound("relation") from error


@blueprint.route(ADDRESS + "/no-parent", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def no_parent(case_id: UUID) -> Page | Redirect:
    """Why no parent or guardian can be asked at all."""
    form, outcome = ReasonForm(), Attempt()
    loaded().require("opinions")
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            hearing.give_no_parent_reason(
                db.session(), g.person, clock.now(), case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(url_for("closing.opinions", case_id=case_id), flash=_("The reason is recorded."))
    return deed(
        form,
        _("No parent or guardian can be asked"),
        _("Keep the reason"),
        outcome,
        lead=[
            _(
                "The Regulation asks for this opinion always: its absence is shown as not met, with your reason."
            )
        ],
        cancel=url_for("closing.opinions", case_id=case_id),
    )


@blueprint.route(ADDRESS + "/approval", methods=["GET", "POST"])
@allows(Permission.CLOSING_APPROVE)
def approval(case_id: UUID) -> Page | Redirect:
    """The head reads assessment and opinions, and approves or returns (A17.3)."""
    session, now = db.session(), clock.now()
    found = loaded()
    one = found.require("approval")
    form, outcome = ApprovalForm(data={"version": one.version}), Attempt()
    if form.validate_on_submit():
        require_fresh()
        with attempt(form, case_id=case_id) as outcome:
            approving.decide(
                session,
                g.person,
                now,
                case=g.case,
                accepted=form.answer.data == "approved",
                note=form.note.data or "",
                version=form.version.data or 0,
            )
        if not outcome.refused:
            return Redirect(to_guide(), flash=_("Your decision is recorded."))
    return Page(
        "closing/approval.html",
        status=422 if form.errors or outcome.refused else 200,
        form=form,
        found=found,
        centre=queries.centre_of(session, one),
        words=HOW_WORDS,
        verdicts=outcome.verdicts,
        opinions=found.opinions_verdict(),
    )


@blueprint.route(ADDRESS + "/withdraw", methods=["GET", "POST"])
@allows(Permission.CLOSING_WRITE)
def withdraw(case_id: UUID) -> Page | Redirect:
    """The case manager takes the recommendation back."""
    form, outcome = ReasonForm(), Attempt()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            recommending.withdraw(
                db.session(), g.person, clock.now(), case=g.case, reason=form.reason.data or ""
            )
        if not outcome.refused:
            return Redirect(to_guide(), flash=_("The recommendation is taken back. The case goes on."))
    return deed(
        form,
        _("Take the recommendation back"),
        _("Take it back"),
        outcome,
        lead=[_("What was written stays on record. The case goes on with its Table and its plan.")],
        look="serious",
    )
