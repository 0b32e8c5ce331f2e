"""The draft of the unified plan (A6.1.6, A13): begun from the initial plan, or from the version in force.

One draft at a time. Whoever begins twice gets the same draft; an adopted version is never touched.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.assessing import newest_plan
from tmr_app.cases.models import Assessment, Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.kernel import audit
from tmr_app.kernel.errors import NotFound, OutOfOrder
from tmr_app.members.models import Person
from tmr_app.plans import notifications
from tmr_app.plans.models import Action, ActionInstitution, Objective, PlanVersion
from tmr_app.plans.queries import (
    ActionNow,
    actions_of,
    current_version,
    draft_of,
    live_seats,
    objectives_of,
)
from tmr_app.regulation.verdicts import Message

VERSION_TEXTS = ("goal", "aim", "best_interest", "changes")
ACTION_TEXTS = ("measure", "service", "serves", "others", "notes")


def begin(session: Session, actor: Person, now: datetime, *, case: Case) -> PlanVersion:
    """The draft that follows what is there: the first from the Centre's initial plan, a later one from the version in force.

    A draft that stands already is returned as it is.
    """
    lock_table(session, case.id)
    standing = draft_of(session, case.id)
    if standing is not None:
        return standing
    before = current_version(session, case.id)
    draft = PlanVersion(
        case_id=case.id,
        number=_next_number(session, case.id),
        status="draft",
        based_on_id=before.id if before else None,
        review_days=before.review_days if before else None,
        revision=1,
        drafted_at=now,
        drafted_by_id=actor.id,
        edited_at=now,
        edited_by_id=actor.id,
    )
    session.add(draft)
    session.flush()
    if before is None:
        _from_initial_plan(session, actor, now, case, draft)
    else:
        _copy(session, actor, now, before, draft)
    note(session, "plan:drafted", draft, "A6.1.6")
    session.flush()
    return draft


next_version = begin
"""For a review (A15.3): the version in force as a draft that can be changed and adopted."""


def _next_number(session: Session, case_id: UUID) -> int:
    last = session.scalar(select(func.max(PlanVersion.number)).where(PlanVersion.case_id == case_id))
    return int(last or 0) + 1


def _from_initial_plan(
    session: Session, actor: Person, now: datetime, case: Case, draft: PlanVersion
) -> None:
    """Goal, measures and services of the Centre's plan become a first objective and a first action to go on from."""
    draft.best_interest = _best_interest(session, case.id)
    initial = newest_plan(session, case.id)
    if initial is None:
        return
    draft.goal = initial.goal
    objective = new_objective(session, actor, now, version=draft, text=initial.goal, term="short", position=1)
    if initial.measures or initial.services:
        texts = {"measure": initial.measures, "service": initial.services}
        new_action(session, actor, now, objective=objective, texts=texts, position=1)


def _best_interest(session: Session, case_id: UUID) -> str:
    found = session.scalar(
        select(Assessment)
        .where(Assessment.case_id == case_id, Assessment.completed_at.is_not(None))
        .order_by(Assessment.kind == "initial", Assessment.version.desc())
        .limit(1)
    )
    return found.best_interest if found else ""


def _copy(session: Session, actor: Person, now: datetime, before: PlanVersion, draft: PlanVersion) -> None:
    for name in VERSION_TEXTS:
        setattr(draft, name, "" if name == "changes" else getattr(before, name))
    for one in objectives_of(session, before, actions_of(session, before.case_id, before)):
        objective = new_objective(
            session,
            actor,
            now,
            version=draft,
            text=one.row.text,
            term=one.row.term,
            position=one.row.position,
            key=one.row.objective_key,
        )
        for action in one.actions:
            _copy_action(session, actor, now, objective, action)


def _copy_action(
    session: Session, actor: Person, now: datetime, objective: Objective, action: ActionNow
) -> None:
    """With the member responsible now; one who left gives no responsible member at all (A13.2.2)."""
    row = new_action(
        session,
        actor,
        now,
        objective=objective,
        texts={name: getattr(action.row, name) for name in ACTION_TEXTS},
        position=action.row.position,
        key=action.key,
    )
    row.seat_id = action.seat.id if action.seat is not None and action.seat.is_live else None
    row.planned_on, row.review_on = action.row.planned_on, action.row.review_on
    row.risk, row.for_family = action.row.risk, action.row.for_family
    set_institutions(session, row, [one.institution_id for one in action.row.institutions])


def new_objective(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    version: PlanVersion,
    text: str,
    term: str,
    position: int,
    key: UUID | None = None,
) -> Objective:
    """A row of a draft; asked of nobody, checked by nobody: `editing` does that."""
    row = Objective(
        case_id=version.case_id,
        version_id=version.id,
        objective_key=key or uuid4(),
        position=position,
        term=term,
        revision=1,
        edited_at=now,
        edited_by_id=actor.id,
        text=text,
    )
    session.add(row)
    session.flush()
    return row


def new_action(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    objective: Objective,
    texts: dict[str, str],
    position: int,
    key: UUID | None = None,
) -> Action:
    """A row of a draft, as `new_objective`."""
    row = Action(
        case_id=objective.case_id,
        version_id=objective.version_id,
        objective_id=objective.id,
        action_key=key or uuid4(),
        position=position,
        revision=1,
        edited_at=now,
        edited_by_id=actor.id,
        **texts,
    )
    session.add(row)
    session.flush()
    return row


def set_institutions(session: Session, action: Action, institution_ids: Sequence[UUID]) -> None:
    """The institutions responsible for the service, in the order given."""
    for old in session.scalars(select(ActionInstitution).where(ActionInstitution.action_id == action.id)):
        session.delete(old)
    session.flush()
    for position, institution_id in enumerate(dict.fromkeys(institution_ids), 1):
        session.add(
            ActionInstitution(
                case_id=action.case_id,
                action_id=action.id,
                institution_id=institution_id,
                position=position,
            )
        )
    session.flush()
    session.expire(action, ["institutions"])


def locked_draft(session: Session, case_id: UUID) -> PlanVersion:
    """The draft, held against a second writer and against its adoption. Raises OutOfOrder when there is none."""
    lock_table(session, case_id)
    draft = session.scalar(
        select(PlanVersion)
        .where(PlanVersion.case_id == case_id, PlanVersion.status == "draft")
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if draft is None:
        raise OutOfOrder(Message("There is no draft of the plan: begin one first."), "A6.1.6")
    return draft


def ask_comments(session: Session, actor: Person, now: datetime, *, case: Case) -> PlanVersion:
    """The draft is put before the members for their comments (A6.1.6), each with a mail; the first asking counts."""
    draft = locked_draft(session, case.id)
    if not actions_of(session, case.id, draft):
        raise OutOfOrder(Message("The plan has no action."), "A13.2")
    if draft.comments_asked_at is None:
        draft.comments_asked_at = now
        seats = [one for one in live_seats(session, case.id, now) if one.person_id != actor.id]
        notifications.comments_asked(session, now, seats=seats, version=draft)
        note(session, "plan:comments-asked", draft, "A6.1.6")
    return draft


def find_draft_action(session: Session, draft: PlanVersion, action_id: UUID) -> Action:
    """An action of the draft, held against a second writer. Raises NotFound."""
    row = session.scalar(
        select(Action)
        .where(Action.id == action_id, Action.version_id == draft.id, Action.removed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("action")
    return row


def find_draft_objective(session: Session, draft: PlanVersion, objective_id: UUID) -> Objective:
    """An objective of the draft, held against a second writer. Raises NotFound."""
    row = session.scalar(
        select(Objective)
        .where(Objective.id == objective_id, Objective.version_id == draft.id, Objective.removed_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("objective")
    return row


def note(
    session: Session, tag: str, version: PlanVersion, rule: str, *, object_id: UUID | None = None
) -> None:
    audit.note(
        session,
        tag,
        object_type="plan_version" if object_id is None else "plan_action",
        object_id=object_id or version.id,
        case_id=version.case_id,
        rule=rule,
    )
