"""The plan as it stands: for everybody at the Table; its versions, two of them side by side; what members say."""

from typing import Any
from uuid import UUID

from flask import g, request
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.plans import (
    adopting,
    commenting,
    comparing,
    draft_forms,
    following,
    queries,
    reviewing,
    sending,
    superiors,
    views_actions,
    views_cooperation,
    views_draft,
)
from tmr_app.plans.doors import blueprint, here
from tmr_app.plans.forms import AnswerForm, CommentForm, DeedForm, ident

__all__ = ["views_actions", "views_cooperation"]

ADDRESS = "/cases/<uuid:case_id>/plan"


@blueprint.get(ADDRESS)
@allows(Permission.PLAN_READ)
def show(case_id: UUID) -> Page:
    """The version in force with the latest status of each action; the own ones first."""
    return _show(case_id)


def _show(case_id: UUID, form: CommentForm | None = None, status: int = 200, **more: Any) -> Page:
    session, now = db.session(), clock.now()
    version, draft = queries.standing_versions(session, case_id)
    actions = queries.actions_of(session, case_id, version) if version else []
    today = clock.civil_today()
    late = any(one.overdue(today) for one in actions)
    sendings = sending.sendings_of(session, version) if version else []
    sent_to = {one.seat.id for one in sendings}
    seats = queries.live_seats(session, case_id, now) if version else []
    writes = may(g.standing, Permission.PLAN_WRITE)
    may_say = may(g.standing, Permission.PLAN_PROPOSE) and version is not None and draft is None
    return Page(
        "plans/show.html",
        status=status,
        version=version,
        draft=draft,
        objectives=queries.objectives_of(session, version, actions) if version else [],
        own=[one for one in actions if one.person is not None and one.person.id == g.person.id],
        orphans=[one for one in actions if one.needs_responsible and one.is_open()],
        standing=following.verdicts(actions, seats, today),
        review=reviewing.owed(session, g.case, today) if version else None,
        today=today,
        sendings=sendings if may(g.standing, Permission.DELIVERY_READ) else [],
        sent=sending.sent(version, seats, sendings, today) if version else None,
        unsent=any(one.id not in sent_to for one in seats),
        offers=len(superiors.offers(session, g.case, now)) if writes and late else 0,
        comments=commenting.comments_of(session, version) if version else [],
        form=draft_forms.comment(actions, form) if may_say else None,
        answer=AnswerForm(formdata=None),
        **more,
    )


@blueprint.post(ADDRESS + "/comments")
@allows(Permission.PLAN_PROPOSE)
def comment(case_id: UUID) -> Page | Redirect:
    """A member says something on the draft, or on the plan in force."""
    session = db.session()
    draft = queries.draft_of(session, case_id)
    version = draft or queries.current_version(session, case_id)
    actions = queries.actions_of(session, case_id, version) if version else []
    form = draft_forms.comment(actions, CommentForm())
    if form.validate():
        commenting.say(
            session,
            g.person,
            clock.now(),
            case=g.case,
            seat_id=_own_seat(),
            kind=form.kind.data,
            text=form.text.data or "",
            action_key=ident(form.about.data),
            once=form.once.data,
        )
        back = "plans.draft" if draft else "plans.show"
        return Redirect(here(back) + "#comments", flash=_("What you said is with the plan."))
    if draft:
        return views_draft.page(case_id, comment=form, status=422)
    return _show(case_id, form, 422)


def _own_seat() -> UUID:
    """The reader's live seat at this Table. The policy lets nobody else come here."""
    if g.standing.seat_id is None:
        raise NotFound("seat")
    seat_id: UUID = g.standing.seat_id
    return seat_id


@blueprint.post(ADDRESS + "/comments/<uuid:comment_id>/answer")
@allows(Permission.PLAN_WRITE)
def answer(case_id: UUID, comment_id: UUID) -> Page | Redirect:
    """The case manager answers a comment, a proposal or an objection."""
    session, form = db.session(), AnswerForm()
    draft = queries.draft_of(session, case_id)
    if not form.validate():
        if draft:
            return views_draft.page(case_id, answer=form, answering=comment_id, status=422)
        return _show(case_id, status=422, answering=comment_id, refused_answer=form)
    commenting.answer(
        session, g.person, clock.now(), case=g.case, comment_id=comment_id, text=form.text.data or ""
    )
    back = "plans.draft" if draft else "plans.show"
    return Redirect(here(back) + "#comments", flash=_("Your answer is kept."))


@blueprint.post(ADDRESS + "/send")
@allows(Permission.MEETING_CONVENE)
def send(case_id: UUID) -> Redirect:
    """To members who have not got the version in force: those seated since (A13.3)."""
    DeedForm()
    session = db.session()
    version = queries.current_version(session, case_id)
    if version is None:
        raise NotFound("plan")
    sent = sending.send(session, g.person, clock.now(), case=g.case, version=version)
    return Redirect(here("plans.show") + "#sent", flash=_("Sent to %(count)s members.", count=len(sent)))


@blueprint.post(ADDRESS + "/sendings/<uuid:sending_id>/handed-over")
@allows(Permission.MEETING_CONVENE)
def handed_over(case_id: UUID, sending_id: UUID) -> Redirect:
    """Recorded: this member got the plan on paper."""
    DeedForm()
    sending.hand_over(db.session(), g.person, clock.now(), case=g.case, sending_id=sending_id)
    return Redirect(here("plans.show") + "#sent", flash=_("Recorded: handed over on paper."))


@blueprint.get(ADDRESS + "/versions")
@allows(Permission.PLAN_READ)
def versions(case_id: UUID) -> Page:
    """Every adopted version."""
    session = db.session()
    found = queries.versions_of(session, case_id)
    return Page("plans/versions.html", versions=found, draft=queries.draft_of(session, case_id))


@blueprint.get(ADDRESS + "/versions/<int:number>")
@allows(Permission.PLAN_READ)
def version(case_id: UUID, number: int) -> Page:
    """One version as it was adopted."""
    session = db.session()
    found = queries.find_version(session, case_id, number)
    actions = queries.actions_as_adopted(session, found)
    return Page(
        "plans/version.html",
        version=found,
        objectives=queries.objectives_of(session, found, actions),
        unchanged=adopting.fingerprint(session, found) == found.sha256,
    )


@blueprint.get(ADDRESS + "/versions/compare")
@allows(Permission.PLAN_READ)
def compare(case_id: UUID) -> Page:
    """Two versions line by line; without a choice the last two."""
    session = db.session()
    found = queries.versions_of(session, case_id)
    if len(found) < 2:
        raise NotFound("versions")
    left = _number(request.args.get("left"), found[1].number)
    right = _number(request.args.get("right"), found[0].number)
    older = queries.find_version(session, case_id, min(left, right))
    newer = queries.find_version(session, case_id, max(left, right))
    return Page(
        "plans/compare.html",
        versions=found,
        older=older,
        newer=newer,
        lines=comparing.compare(comparing.lines_of(session, older), comparing.lines_of(session, newer)),
    )


def _number(sent: str | None, otherwise: int) -> int:
    return int(sent) if sent and sent.isascii() and sent.isdecimal() and len(sent) < 6 else otherwise
