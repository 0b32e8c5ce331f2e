"""An action of the plan: its history, the update of its member in under a minute; own actions over all cases."""

from typing import Any
from uuid import UUID

from flask import current_app, g
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import case_files
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db
from tmr_app.kernel.errors import NotFound
from tmr_app.kernel.files import FileStore
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.plans import (
    commenting,
    draft_forms,
    facts,
    following,
    own_actions,
    queries,
    requesting,
    updating,
)
from tmr_app.plans.doors import blueprint, here, ways
from tmr_app.plans.forms import GiveForm, ObjectionForm, UpdateForm, ident
from tmr_app.plans.models import PlanVersion
from tmr_app.plans.queries import ActionNow
from tmr_app.regulation import articles

ADDRESS = "/cases/<uuid:case_id>/plan/actions/<uuid:action_key>"


@blueprint.get("/own-actions")
@allows(Permission.MY_WORK)
def mine() -> Page:
    """What this person owes over all cases, the earliest first: made for a phone."""
    today = clock.civil_today()
    return Page(
        "plans/own_actions.html",
        actions=own_actions.of(db.session(), g.person.id, clock.now()),
        today=today,
    )


@blueprint.get(ADDRESS)
@allows(Permission.PLAN_READ)
def action(case_id: UUID, action_key: UUID) -> Page:
    """One action with everything told of it."""
    return _page(case_id, action_key)


def _page(
    case_id: UUID,
    action_key: UUID,
    *,
    form: UpdateForm | None = None,
    objection: ObjectionForm | None = None,
    status: int = 200,
) -> Page:
    session = db.session()
    version, found = updating.find_action(session, case_id, action_key)
    own, runs = _is_own(found), may(g.standing, Permission.PLAN_WRITE)
    return Page(
        "plans/action.html",
        status=status,
        version=version,
        action=found,
        carried_out=following.carried_out(found, clock.civil_today()),
        own=own,
        history=list(reversed(queries.history_of(session, case_id, action_key).get(action_key, []))),
        given=queries.seat_changes_of(session, version, action_key),
        **_asked(case_id, version, found),
        comments=[
            one
            for one in commenting.comments_of(session, case_id, version.id)
            if one.action_key == action_key
        ],
        form=(form or UpdateForm(formdata=None)) if (own or runs) else None,
        objection=(objection or ObjectionForm(formdata=None)) if own and not runs else None,
        runs=runs,
        today=clock.civil_today(),
    )


def _asked(case_id: UUID, version: PlanVersion, found: ActionNow) -> dict[str, Any]:
    """When members were asked for word on this date, and what the rules say of it (A14.3.1, A14.3.3)."""
    if found.planned_on is None or version.adopted_on is None:
        return {"days_asked": [], "asked": []}
    days = requesting.days_asked(requesting.requests_of(db.session(), [case_id]))[found.key, found.planned_on]
    known = facts.information_of(found, found.planned_on, version.adopted_on, days)
    today = clock.civil_today()
    answers = [
        articles.a14_3_1_information_asked(known, today),
        articles.a14_3_3_asked_by_plan_dates(known, today),
    ]
    return {"days_asked": sorted(set(days)), "asked": answers}


def _is_own(found: ActionNow) -> bool:
    return found.seat is not None and found.seat.id == g.standing.seat_id


@blueprint.post(ADDRESS + "/update")
@allows(Permission.ACTION_UPDATE)
def update(case_id: UUID, action_key: UUID) -> Page | Redirect:
    """Status, words, perhaps a file. A member: an own action; the case manager: every one (A14.1)."""
    session, form = db.session(), UpdateForm()
    own = updating.standing_of(session, case_id, action_key).seat_id
    source = "member" if own and own == g.standing.seat_id else _as_case_manager()
    if not form.validate():
        return _page(case_id, action_key, form=form, status=422)
    with attempt(form, case_id=case_id) as outcome:
        file_id = _file(form)
        updating.update(
            session,
            g.person,
            clock.now(),
            case=g.case,
            action_key=action_key,
            status=form.status.data,
            note=form.note.data or "",
            done_on=form.done_on.data,
            seat_id=g.standing.seat_id,
            source=source,
            file_id=file_id,
            once=form.once.data,
        )
    if outcome.refused:
        return _page(case_id, action_key, form=form, status=422)
    # The form's own "#update" would stay in the address and hide the answer above it: an empty form looks like nothing was kept.
    back = here("plans.action", action_key=action_key) + "#main-content"
    return Redirect(back, flash=_("Thank you. What you told is kept with the action."))


def _as_case_manager() -> str:
    """Another's action is updated by the case manager and the assistant alone; a member meets the operation's refusal."""
    return "case_manager" if may(g.standing, Permission.PLAN_WRITE) else "member"


def _file(form: UpdateForm) -> UUID | None:
    if not form.upload.data:
        return None
    store: FileStore = current_app.extensions["tmr_files"]
    kept, _warnings = case_files.add_file(
        db.session(),
        g.person,
        clock.now(),
        case=g.case,
        store=store,
        upload=form.upload.data,
        title="",
        audience=case_files.TABLE,
        largest=current_app.extensions["tmr_settings"].max_upload_bytes,
        once=f"action-{form.once.data}"[:64],
    )
    return kept.id


@blueprint.post(ADDRESS + "/object")
@allows(Permission.PLAN_PROPOSE)
def object_to(case_id: UUID, action_key: UUID) -> Page | Redirect:
    """The member sees the action outside the mandate of the institution (A7)."""
    form = ObjectionForm()
    if not form.validate():
        return _page(case_id, action_key, objection=form, status=422)
    if g.standing.seat_id is None:
        raise NotFound("seat")
    commenting.say(
        db.session(),
        g.person,
        clock.now(),
        case=g.case,
        seat_id=g.standing.seat_id,
        kind="objection",
        text=form.text.data or "",
        action_key=action_key,
        once=form.once.data,
    )
    back = here("plans.action", action_key=action_key)
    return Redirect(back, flash=_("Your objection is with the case manager."))


@blueprint.route(ADDRESS + "/responsible", methods=["GET", "POST"])
@allows(Permission.PLAN_WRITE)
def give(case_id: UUID, action_key: UUID) -> Page | Redirect:
    """Another member of the Table takes the action between two versions."""
    session, now = db.session(), clock.now()
    version, found = updating.find_action(session, case_id, action_key)
    form = GiveForm(data={"version": updating.changes(session, version, action_key)})
    form.seat_id.choices = [
        (str(seat.id), draft_forms.seat_words(seat)) for seat in queries.live_seats(session, case_id, now)
    ]
    verdicts: tuple[Any, ...] = ()
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            updating.give(
                session,
                g.person,
                now,
                case=g.case,
                action_key=action_key,
                seat_id=ident(form.seat_id.data) or version.id,
                reason=form.reason.data or "",
                number=form.version.data,
            )
        if not outcome.refused:
            back = here("plans.action", action_key=action_key)
            return Redirect(back, flash=_("The action has a new responsible member, who is told by mail."))
        verdicts = outcome.verdicts
    status = 422 if form.is_submitted() else 200
    return Page("plans/give.html", status=status, form=form, action=found, verdicts=verdicts, links=ways())
