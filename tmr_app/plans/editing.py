"""Writing the draft, by several people at once: each text stands under its own revision, none overwrites another (F18)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, CaseRisk
from tmr_app.cases.table_models import Seat
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, RuleRefused, Stale
from tmr_app.kernel.two_writers import put
from tmr_app.members.models import Institution, Person
from tmr_app.plans.drafting import (
    ACTION_TEXTS,
    find_draft_action,
    find_draft_objective,
    locked_draft,
    new_action,
    new_objective,
    note,
    set_institutions,
)
from tmr_app.plans.models import TERMS, Action, ActionInstitution, Objective, PlanVersion
from tmr_app.plans.queries import live_seats
from tmr_app.regulation import articles
from tmr_app.regulation.facts_procedure import ActionFacts, PlanFacts
from tmr_app.regulation.verdicts import Message

SHORTEST_REVIEW, LONGEST_REVIEW = 1, 31


@dataclass(frozen=True, slots=True)
class ActionData:
    """An action as its form says it. `risk`: a kind of Annex 1 this case carries, or none and then `serves` names a need."""

    measure: str
    service: str = ""
    serves: str = ""
    others: str = ""
    notes: str = ""
    risk: str | None = None
    for_family: bool = False
    seat_id: UUID | None = None
    institution_ids: tuple[UUID, ...] = ()
    planned_on: date | None = None
    review_on: date | None = None

    def texts(self) -> dict[str, str]:
        return {name: getattr(self, name).strip() for name in ACTION_TEXTS}


def save_texts(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    revision: int,
    texts: Mapping[str, str],
    review_days: int | None,
) -> PlanVersion:
    """Goal, aim, best interest, what changed; and the plan's own interval of review, a month at most (A5.1.5). Raises Stale."""
    draft = locked_draft(session, case.id)
    if review_days is not None and not SHORTEST_REVIEW <= review_days <= LONGEST_REVIEW:
        raise FieldRefused(
            "review_days",
            Message("The Table reviews the plan at least every month: give 1 to 31 days, or leave it empty."),
        )
    mine = {**texts, "review_days": str(review_days or "")}
    theirs = {name: getattr(draft, name) for name in texts} | {"review_days": str(draft.review_days or "")}
    if _same(mine, theirs):
        return draft
    if revision != draft.revision:
        raise Stale(mine=mine, theirs=theirs, version=draft.revision)
    for name, text in texts.items():
        setattr(draft, name, text.strip())
    draft.review_days, draft.revision = review_days, draft.revision + 1
    draft.edited_at, draft.edited_by_id = now, actor.id
    note(session, "plan:written", draft, "A13.2")
    return draft


def _same(mine: Mapping[str, str], stored: Mapping[str, str]) -> bool:
    return all(text.strip() == stored[name] for name, text in mine.items())


def add_objective(
    session: Session, actor: Person, now: datetime, *, case: Case, text: str, term: str
) -> Objective:
    """A further objective, at the end. BadInput for a term that is none of the three."""
    _check_term(term)
    draft = locked_draft(session, case.id)
    row = new_objective(
        session,
        actor,
        now,
        version=draft,
        text=text.strip(),
        term=term,
        position=_last(session, Objective.position, Objective.version_id == draft.id) + 1,
    )
    note(session, "plan:written", draft, "A13.2")
    return row


def save_objective(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    objective_id: UUID,
    revision: int,
    text: str,
    term: str,
) -> Objective:
    """An objective's words and term. Raises Stale, NotFound."""
    _check_term(term)
    draft = locked_draft(session, case.id)
    row = find_draft_objective(session, draft, objective_id)
    if put(row, {"text": text, "term": term}, version=revision, counter="revision"):
        row.edited_at, row.edited_by_id = now, actor.id
        note(session, "plan:written", draft, "A13.2")
    return row


def remove_objective(
    session: Session, actor: Person, now: datetime, *, case: Case, objective_id: UUID, revision: int
) -> None:
    """Take an objective without actions off the draft. Raises FieldRefused while it has one, Stale."""
    draft = locked_draft(session, case.id)
    row = find_draft_objective(session, draft, objective_id)
    actions = session.scalar(
        select(func.count()).where(Action.objective_id == row.id, Action.removed_at.is_(None))
    )
    if actions:
        raise FieldRefused("text", Message("This objective has actions: take them off or move them first."))
    _remove(session, actor, now, draft, row, revision, row.text)


def add_action(
    session: Session, actor: Person, now: datetime, *, case: Case, objective_id: UUID, data: ActionData
) -> Action:
    """A further action of an objective, at its end. Refuses as `save_action`."""
    draft = locked_draft(session, case.id)
    objective = find_draft_objective(session, draft, objective_id)
    _check(session, now, case, data)
    row = new_action(
        session,
        actor,
        now,
        objective=objective,
        texts=data.texts(),
        position=_last(session, Action.position, Action.objective_id == objective.id) + 1,
    )
    _settle(session, row, data)
    note(session, "plan:written", draft, "A13.2", object_id=row.id)
    return row


def save_action(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    action_id: UUID,
    revision: int,
    data: ActionData,
    objective_id: UUID | None = None,
) -> Action:
    """Everything of an action, over the revision its writer saw; `objective_id` moves it to another objective.

    Raises Stale with both in words, RuleRefused for a member who does not sit at the Table (A13.2), FieldRefused for a date
    before the draft, BadInput for forged ids, NotFound.
    """
    draft = locked_draft(session, case.id)
    row = find_draft_action(session, draft, action_id)
    mine, theirs = said(data), said(stored(session, row))
    moved = objective_id is not None and objective_id != row.objective_id
    if mine == theirs and not moved:
        return row
    if revision != row.revision:
        raise Stale(mine=mine, theirs=theirs, version=row.revision)
    _check(session, now, case, data, before=row)
    for name, text in data.texts().items():
        setattr(row, name, text)
    if objective_id is not None and moved:
        target = find_draft_objective(session, draft, objective_id)
        row.position = _last(session, Action.position, Action.objective_id == target.id) + 1
        row.objective_id = target.id
    _settle(session, row, data)
    row.revision += 1
    row.edited_at, row.edited_by_id = now, actor.id
    note(session, "plan:written", draft, "A13.2", object_id=row.id)
    session.flush()
    return row


def remove_action(
    session: Session, actor: Person, now: datetime, *, case: Case, action_id: UUID, revision: int
) -> None:
    """Take an action off the draft: the row and its text stay, the versions before keep it. Raises Stale."""
    draft = locked_draft(session, case.id)
    row = find_draft_action(session, draft, action_id)
    _remove(session, actor, now, draft, row, revision, row.measure)


def move_action(
    session: Session, actor: Person, now: datetime, *, case: Case, action_id: UUID, up: bool
) -> None:
    """One place earlier or later within its objective."""
    draft = locked_draft(session, case.id)
    row = find_draft_action(session, draft, action_id)
    others = list(
        session.scalars(
            select(Action)
            .where(Action.objective_id == row.objective_id, Action.removed_at.is_(None))
            .order_by(Action.position, Action.id)
        )
    )
    place = others.index(row)
    target = place - 1 if up else place + 1
    if 0 <= target < len(others):
        others[place], others[target] = others[target], others[place]
        for position, one in enumerate(others, 1):
            one.position = position
        note(session, "plan:written", draft, "A13.2", object_id=row.id)


def data_of(row: Action, institution_ids: Sequence[UUID]) -> ActionData:
    """The stored action in the shape it is written in."""
    return ActionData(
        **{name: getattr(row, name) for name in ACTION_TEXTS},
        risk=row.risk,
        for_family=row.for_family,
        seat_id=row.seat_id,
        institution_ids=tuple(institution_ids),
        planned_on=row.planned_on,
        review_on=row.review_on,
    )


def stored(session: Session, row: Action) -> ActionData:
    """The same, with its institutions read."""
    found = session.scalars(
        select(ActionInstitution.institution_id)
        .where(ActionInstitution.action_id == row.id)
        .order_by(ActionInstitution.position)
    )
    return data_of(row, list(found))


def said(data: ActionData) -> dict[str, str]:
    """Every value of an action as a word, by its field's name: to lay two versions side by side."""
    found = data.texts()
    found["risk"] = data.risk or ""
    found["for_family"] = "yes" if data.for_family else ""
    found["seat_id"] = str(data.seat_id or "")
    found["institution_ids"] = " ".join(sorted(str(one) for one in data.institution_ids))
    found["planned_on"] = data.planned_on.isoformat() if data.planned_on else ""
    found["review_on"] = data.review_on.isoformat() if data.review_on else ""
    return found


def _check(
    session: Session, now: datetime, case: Case, data: ActionData, *, before: Action | None = None
) -> None:
    today = civil_date(now)
    if data.risk is not None and data.risk not in _risks(session, case.id):
        raise BadInput("a risk this case does not carry")
    if data.seat_id is not None:
        _check_seat(session, now, case, data)
    if not set(data.institution_ids) <= {one.id for one in institutions_for(session, case)}:
        raise BadInput("an institution outside the municipality's directory and the Table")
    planned_before = before.planned_on if before else None
    if data.planned_on is not None and data.planned_on < today and data.planned_on != planned_before:
        raise FieldRefused("planned_on", Message("An action is planned for today or later."))
    if (
        data.review_on is not None
        and data.review_on < today
        and data.review_on != (before.review_on if before else None)
    ):
        raise FieldRefused("review_on", Message("The review deadline is today or later."))


def institutions_for(session: Session, case: Case) -> list[Institution]:
    """Who may give a service: the municipality's directory, and whoever sent a member to this Table from elsewhere (A4.6)."""
    seated = select(Seat.institution_id).where(Seat.case_id == case.id, Seat.institution_id.is_not(None))
    here = (Institution.municipality_id == case.municipality_id) & Institution.active.is_(True)
    query = select(Institution).where(here | Institution.id.in_(seated)).order_by(Institution.name)
    return list(session.scalars(query))


def _check_seat(session: Session, now: datetime, case: Case, data: ActionData) -> None:
    """The responsible member sits on the Table (A13.2.2): asked of the rule, for somebody who does not."""
    if any(seat.id == data.seat_id for seat in live_seats(session, case.id, now)):
        return
    facts = ActionFacts(
        action="",
        serves="-",
        service=data.service or "-",
        institutions=("-",),
        responsible=data.seat_id,
        responsible_at_table=False,
        planned_on=data.planned_on,
    )
    plan = PlanFacts((facts,), objectives=1, adopted_on=civil_date(now))
    raise RuleRefused(articles.a13_2_plan_complete(plan, civil_date(now)), case_id=case.id)


def _risks(session: Session, case_id: UUID) -> set[str]:
    return set(session.scalars(select(CaseRisk.risk).where(CaseRisk.case_id == case_id)))


def _settle(session: Session, row: Action, data: ActionData) -> None:
    row.seat_id, row.risk, row.for_family = data.seat_id, data.risk, data.for_family
    row.planned_on, row.review_on = data.planned_on, data.review_on
    set_institutions(session, row, data.institution_ids)


def _remove(
    session: Session,
    actor: Person,
    now: datetime,
    draft: PlanVersion,
    row: Action | Objective,
    revision: int,
    text: str,
) -> None:
    if revision != row.revision:
        raise Stale(mine={}, theirs={"text": text}, version=row.revision)
    row.removed_at, row.edited_at, row.edited_by_id = now, now, actor.id
    row.revision += 1
    note(session, "plan:taken-off", draft, "A13.2", object_id=row.id)


def _check_term(term: str) -> None:
    if term not in TERMS:
        raise BadInput("unknown term")


def _last(session: Session, column: object, condition: object) -> int:
    return int(session.scalar(select(func.max(column)).where(condition)) or 0)  # type: ignore[arg-type]
