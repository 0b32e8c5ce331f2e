"""Writing the draft, before and during a meeting: each part has a page of its own that saves by itself; then the adoption."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import g, request
from flask_babel import gettext as _

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases.attempts import attempt
from tmr_app.kernel import clock, db, two_writers
from tmr_app.kernel.errors import Stale
from tmr_app.kernel.web import Page, Redirect, allows
from tmr_app.plans import adopting, commenting, draft_forms, drafting, editing, queries
from tmr_app.plans.doors import blueprint, here, ways
from tmr_app.plans.forms import (
    AdoptForm,
    AnswerForm,
    CommentForm,
    DeedForm,
    MergedForm,
    NewActionForm,
    NewObjectiveForm,
    ObjectiveForm,
    PlanTextsForm,
    RemoveForm,
    ident,
)
from tmr_app.plans.meetings_of_case import adopting_meetings
from tmr_app.plans.models import PlanVersion

ADDRESS = "/cases/<uuid:case_id>/plan/draft"
SCRIPT_HEADER = "X-Autosave"


@blueprint.post(ADDRESS + "/begin")
@allows(Permission.PLAN_WRITE)
def begin(case_id: UUID) -> Redirect:
    """A draft: from the initial plan, or from the version in force."""
    DeedForm()
    drafting.begin(db.session(), g.person, clock.now(), case=g.case)
    return Redirect(here("plans.draft"))


@blueprint.get(ADDRESS)
@allows(Permission.PLAN_READ)
def draft(case_id: UUID) -> Page | Redirect:
    """The draft as a whole; without one, back to the plan."""
    if queries.draft_of(db.session(), case_id) is None:
        return Redirect(here("plans.show"))
    return page(case_id)


def page(
    case_id: UUID,
    *,
    comment: CommentForm | None = None,
    answer: AnswerForm | None = None,
    answering: UUID | None = None,
    new_objective: NewObjectiveForm | None = None,
    new_action: NewActionForm | None = None,
    status: int = 200,
) -> Page:
    """The draft's page, with whichever of its forms was refused."""
    session, now = db.session(), clock.now()
    version = queries.draft_of(session, case_id) or drafting.locked_draft(session, case_id)
    actions = queries.actions_of(session, case_id, version)
    seated = {seat.id for seat in queries.live_seats(session, case_id, now)}
    writes = may(g.standing, Permission.PLAN_WRITE)
    may_say = may(g.standing, Permission.PLAN_PROPOSE)
    return Page(
        "plans/draft.html",
        status=status,
        version=version,
        objectives=queries.objectives_of(session, version, actions),
        count=len(actions),
        seated=seated,
        gaps={one.key: adopting.gap_of(one, seated) for one in actions},
        comments=commenting.comments_of(session, case_id, version.id),
        form=draft_forms.comment(actions, comment) if may_say else None,
        answer=answer or AnswerForm(formdata=None),
        answering=answering,
        new_objective=new_objective or NewObjectiveForm(formdata=None),
        new_action=new_action or NewActionForm(formdata=None),
        meetings=adopting_meetings(session, case_id) if writes else [],
        remove=RemoveForm(formdata=None),
    )


@blueprint.route(ADDRESS + "/texts", methods=["GET", "POST"])
@allows(Permission.PLAN_WRITE)
def texts(case_id: UUID) -> Page | Redirect:
    """Goal, aim, the child's best interest, the interval of review."""
    session = db.session()
    version = drafting.locked_draft(session, case_id)
    stored = {name: getattr(version, name) for name in drafting.VERSION_TEXTS}
    form = PlanTextsForm(data=stored | {"review_days": version.review_days, "version": version.revision})

    def save() -> int:
        days = form.review_days.data
        return editing.save_texts(
            session,
            g.person,
            clock.now(),
            case=g.case,
            revision=form.version.data,
            texts=form.texts(),
            review_days=days,
        ).revision

    return _written(form, save, "plans/texts.html", version=version, back=here("plans.draft"))


@blueprint.post(ADDRESS + "/objectives")
@allows(Permission.PLAN_WRITE)
def add_objective(case_id: UUID) -> Page | Redirect:
    """A further objective."""
    form = NewObjectiveForm()
    if not form.validate():
        return page(case_id, new_objective=form, status=422)
    row = editing.add_objective(
        db.session(), g.person, clock.now(), case=g.case, text=form.text.data or "", term=form.term.data
    )
    return Redirect(here("plans.draft") + f"#objective-{row.id}", flash=_("The objective is in the draft."))


@blueprint.route(ADDRESS + "/objectives/<uuid:objective_id>", methods=["GET", "POST"])
@allows(Permission.PLAN_WRITE)
def objective(case_id: UUID, objective_id: UUID) -> Page | Redirect:
    """An objective's words and term."""
    session = db.session()
    version = drafting.locked_draft(session, case_id)
    row = drafting.find_draft_objective(session, version, objective_id)
    form = ObjectiveForm(data={"text": row.text, "term": row.term, "version": row.revision})

    def save() -> int:
        return editing.save_objective(
            session,
            g.person,
            clock.now(),
            case=g.case,
            objective_id=objective_id,
            revision=form.version.data,
            text=form.text.data or "",
            term=form.term.data,
        ).revision

    back = here("plans.draft") + f"#objective-{objective_id}"
    return _written(form, save, "plans/objective.html", version=version, row=row, back=back)


@blueprint.post(ADDRESS + "/objectives/<uuid:objective_id>/remove")
@allows(Permission.PLAN_WRITE)
def remove_objective(case_id: UUID, objective_id: UUID) -> Page | Redirect:
    """Take an objective without actions off."""
    form = RemoveForm()
    with attempt(None, case_id=case_id), draft_forms.refused_aloud(form) as outcome:
        editing.remove_objective(
            db.session(),
            g.person,
            clock.now(),
            case=g.case,
            objective_id=objective_id,
            revision=form.version.data,
        )
    said = outcome.said or _("The objective is taken off the draft.")
    return Redirect(here("plans.draft"), flash=said)


@blueprint.post(ADDRESS + "/actions")
@allows(Permission.PLAN_WRITE)
def add_action(case_id: UUID) -> Page | Redirect:
    """The first words of an action; its own page asks for the rest."""
    form = NewActionForm()
    objective_id = ident(form.objective.data)
    if not form.validate() or objective_id is None:
        return page(case_id, new_action=form, status=422)
    row = editing.add_action(
        db.session(),
        g.person,
        clock.now(),
        case=g.case,
        objective_id=objective_id,
        data=editing.ActionData(measure=form.measure.data or ""),
    )
    return Redirect(here("plans.edit_action", action_id=row.id))


@blueprint.route(ADDRESS + "/actions/<uuid:action_id>", methods=["GET", "POST"])
@allows(Permission.PLAN_WRITE)
def edit_action(case_id: UUID, action_id: UUID) -> Page | Redirect:
    """Everything of an action."""
    session = db.session()
    version = drafting.locked_draft(session, case_id)
    row = drafting.find_draft_action(session, version, action_id)
    form = draft_forms.action(session, clock.now(), g.case, version, row)

    def save() -> int:
        return editing.save_action(
            session,
            g.person,
            clock.now(),
            case=g.case,
            action_id=action_id,
            revision=form.version.data,
            data=form.action(),
            objective_id=ident(form.objective.data),
        ).revision

    back = here("plans.draft") + f"#action-{action_id}"
    return _written(form, save, "plans/edit_action.html", version=version, row=row, back=back)


@blueprint.post(ADDRESS + "/actions/<uuid:action_id>/remove")
@allows(Permission.PLAN_WRITE)
def remove_action(case_id: UUID, action_id: UUID) -> Redirect:
    """Take an action off the draft; the versions before keep it."""
    form = RemoveForm()
    with attempt(None, case_id=case_id), draft_forms.refused_aloud(form) as outcome:
        editing.remove_action(
            db.session(), g.person, clock.now(), case=g.case, action_id=action_id, revision=form.version.data
        )
    return Redirect(here("plans.draft"), flash=outcome.said or _("The action is taken off the draft."))


@blueprint.post(ADDRESS + "/actions/<uuid:action_id>/move")
@allows(Permission.PLAN_WRITE)
def move_action(case_id: UUID, action_id: UUID) -> Redirect:
    """One place earlier or later."""
    DeedForm()
    editing.move_action(
        db.session(),
        g.person,
        clock.now(),
        case=g.case,
        action_id=action_id,
        up=request.form.get("direction") == "up",
    )
    return Redirect(here("plans.draft") + f"#action-{action_id}")


@blueprint.post(ADDRESS + "/ask")
@allows(Permission.MEETING_CONVENE)
def ask(case_id: UUID) -> Redirect:
    """The members are asked what they say on the draft."""
    DeedForm()
    drafting.ask_comments(db.session(), g.person, clock.now(), case=g.case)
    return Redirect(here("plans.draft"), flash=_("The members are asked for their comments."))


@blueprint.route(ADDRESS + "/adopt", methods=["GET", "POST"])
@allows(Permission.MEETING_CONVENE)
def adopt(case_id: UUID) -> Page | Redirect:
    """The Table adopts the draft in the meeting that runs: what hinders it stands first, by article."""
    session, now = db.session(), clock.now()
    version = drafting.locked_draft(session, case_id)
    meetings = adopting_meetings(session, case_id)
    form = AdoptForm(data={"version": adopting.count_revisions(session, version)})
    form.meeting.choices = [(str(one.id), one.code) for one in meetings]
    if form.validate_on_submit():
        with attempt(form, case_id=case_id) as outcome:
            adopted = adopting.adopt(
                session,
                g.person,
                now,
                case=g.case,
                meeting_id=ident(form.meeting.data) or version.id,
                revisions=form.version.data,
            )
        if not outcome.refused:
            return _adopted(adopted)
    status = 422 if form.is_submitted() else 200
    return _adopt_page(case_id, version, form, status)


def _adopted(version: PlanVersion) -> Redirect:
    said = _("The plan is adopted as version %(number)s and goes to the members.", number=version.number)
    return Redirect(here("plans.show"), flash=said)


def _adopt_page(case_id: UUID, version: PlanVersion, form: AdoptForm, status: int) -> Page:
    session, now = db.session(), clock.now()
    actions = queries.actions_of(session, case_id, version)
    return Page(
        "plans/adopt.html",
        status=status,
        version=version,
        form=form,
        verdicts=adopting.hindrances(session, now, case=g.case, draft=version),
        links=ways(),
        objectives=queries.objectives_of(session, version, actions),
        sending=len(queries.live_seats(session, case_id, now)),
    )


def _written(form: MergedForm, save: Callable[[], int], template: str, **context: Any) -> Page | Redirect:
    """Show a part of the draft, or save it. Two writers get both texts (409); the one that lost is kept until merged."""
    session, place = db.session(), request.path + two_writers.BOTH
    script = bool(request.headers.get(SCRIPT_HEADER))
    if not form.is_submitted():
        losing = two_writers.losing_text(session, g.person.id, place=place)
        if losing:
            form.merged.data = "yes"
            return Page(template, form=form, verdicts=(), **context, **draft_forms.together(form, losing))
        return Page(template, form=form, verdicts=(), sides=(), **context)
    if not form.validate():
        return _said_or_page(script, template, form, (), context)
    try:
        with attempt(form, case_id=g.case.id) as outcome:
            version = save()
    except Stale as stale:
        return _both(script, template, form, stale, place, context)
    if outcome.refused:
        return _said_or_page(script, template, form, outcome.verdicts, context)
    if form.merged.data:
        two_writers.settled(session, g.person.id, place=place)
    if script:
        return Page("holding/_said.html", state="saved", at=clock.now(), versions={"version": version})
    return Redirect(context["back"], flash=_("Saved."))


def _said_or_page(
    script: bool, template: str, form: MergedForm, verdicts: tuple[Any, ...], context: dict[str, Any]
) -> Page:
    if script:
        return Page("holding/_said.html", status=422, state="refused", form=form, verdicts=verdicts)
    return Page(template, status=422, form=form, verdicts=verdicts, sides=(), **context)


def _both(
    script: bool,
    template: str,
    form: MergedForm,
    stale: Stale,
    place: str,
    context: dict[str, Any],
) -> Page:
    kept = two_writers.keep_losing_text(
        db.session(), g.person.id, clock.real_now(), case_id=g.case.id, place=place, mine=stale.mine
    )
    if script:
        return Page("holding/_said.html", status=409, state="both", url=request.path)
    form.merged.data, form["version"].data = "yes", stale.version
    both = draft_forms.together(form, kept, theirs=stale.theirs)
    return Page(template, status=409, form=form, verdicts=(), **context, **both)
