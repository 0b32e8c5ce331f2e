"""The plan as it stands: for everybody at the Table; its versions, two of them side by side; what members say."""

from collections.abc import Sequence
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
    plan_lines,
    plan_page,
    queries,
    sending,
    supervision,
    views_actions,
    views_cooperation,
    views_draft,
)
from tmr_app.plans.doors import action_base, blueprint, here
from tmr_app.plans.forms import AnswerForm, CommentForm, DeedForm, ident

__all__ = ["supervision", "views_actions", "views_cooperation"]

ADDRESS = "/cases/<uuid:case_id>/plan"


@blueprint.get(ADDRESS)
@allows(Permission.PLAN_READ)
def show(case_id: UUID) -> Page:
    """The version in force with the latest status of each action; the own ones first."""
    return _show(case_id)


def _show(case_id: UUID, status: int = 200, **refused: Any) -> Page:
    session, today = db.session(), clock.civil_today()
    rows = session.connection()
    version, draft, review = plan_page.standing(rows, g.case, today)
    if version is None:
        return Page("plans/none.html", draft=draft)
    seats = plan_page.seats_of(rows, version, clock.now())
    at_table = plan_page.institutions_in(seats)
    groups = plan_lines.groups_of(rows, case_id, version.id, g.person.id, today, at_table)
    lines = [line for group in groups for line in group.lines]
    comments = commenting.comments_of(session, case_id, version.id)
    writes = may(g.standing, Permission.PLAN_WRITE)
    return Page(
        "plans/show.html",
        status=status,
        version=version,
        draft=draft,
        groups=groups,
        own=sorted((one for one in lines if one.is_own), key=plan_lines.to_do_first),
        orphans=[one for one in lines if one.is_orphan],
        standing=[
            *following.verdicts(lines, today),
            plan_page.sent(version, seats, today),
            review,
        ],
        today=today,
        action_url=action_base(),
        offers=len({one.seat_id for one in lines if one.is_silent}) if writes else 0,
        comments=comments,
        may_say=may(g.standing, Permission.PLAN_PROPOSE) and draft is None,
        answer=_answer(comments) if writes else None,
        **refused,
    )


def _answer(comments: Sequence[commenting.Said]) -> AnswerForm | None:
    """The form of an answer, where one is owed."""
    return AnswerForm(formdata=None) if any(not one.answered_at for one in comments) else None


@blueprint.get(ADDRESS + "/sent")
@allows(Permission.DELIVERY_READ)
def sent(case_id: UUID) -> Page:
    """To whom the version in force went and how (A13.3); what was handed over on paper is recorded here."""
    session, now = db.session(), clock.now()
    version = queries.current_version(session, case_id)
    if version is None:
        raise NotFound("plan")
    sendings = sending.sendings_of(session, version)
    reached = {one.seat.id: one.reached_at for one in sendings}
    seats = {one.id for one in queries.live_seats(session, case_id, now)}
    return Page(
        "plans/sent.html",
        sendings=sendings,
        sent=sending.sent(version, seats, reached, clock.civil_today()),
        unsent=bool(seats - reached.keys()),
    )


@blueprint.route(ADDRESS + "/comments", methods=["GET", "POST"])
@allows(Permission.PLAN_PROPOSE)
def comment(case_id: UUID) -> Page | Redirect:
    """A member says something on the draft, or on the plan in force."""
    session = db.session()
    draft = queries.draft_of(session, case_id)
    version = draft or queries.current_version(session, case_id)
    if version is None:
        raise NotFound("plan")
    back = here("plans.draft" if draft else "plans.show") + "#comments"
    if request.method == "GET" and draft:
        return Redirect(back)
    form = draft_forms.comment(queries.actions_of(session, case_id, version), CommentForm())
    if form.validate_on_submit():
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
        return Redirect(back, flash=_("What you said is with the plan."))
    status = 422 if form.is_submitted() else 200
    if draft:
        return views_draft.page(case_id, comment=form, status=status)
    return Page("plans/comment.html", status=status, form=form)


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
        return _show(case_id, 422, answering=comment_id, refused_answer=form)
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
    told = sending.send(session, g.person, clock.now(), case=g.case, version=version)
    return Redirect(here("plans.sent"), flash=_("Sent to %(count)s members.", count=len(told)))


@blueprint.post(ADDRESS + "/sendings/<uuid:sending_id>/handed-over")
@allows(Permission.MEETING_CONVENE)
def handed_over(case_id: UUID, sending_id: UUID) -> Redirect:
    """Recorded: this member got the plan on paper."""
    DeedForm()
    sending.hand_over(db.session(), g.person, clock.now(), case=g.case, sending_id=sending_id)
    return Redirect(here("plans.sent"), flash=_("Recorded: handed over on paper."))


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
    """Two versions line by line; without a choice the last two. Where there are not two yet the page says so."""
    session = db.session()
    found = queries.versions_of(session, case_id)
    if len(found) < 2:
        return Page("plans/compare_none.html", versions=found, draft=queries.draft_of(session, case_id))
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
