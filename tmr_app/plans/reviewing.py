"""The review of the plan in a meeting (A15): each action's progress, the Table's finding on the child, the next version.

Prepared from the day the meeting is called; completed once the meeting has begun, and never changed afterwards.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session, selectinload

from tmr_app.cases.models import Case, RiskLevel, TakeOver
from tmr_app.cases.seat_ending import lock_table
from tmr_app.kernel import audit
from tmr_app.kernel.errors import BadInput, OutOfOrder, RuleRefused, Stale
from tmr_app.members.models import Person
from tmr_app.plans import drafting, facts
from tmr_app.plans.models import STATUSES, ActionUpdate, PlanVersion
from tmr_app.plans.queries import ActionNow, actions_of, current_version
from tmr_app.plans.review_models import PlanReview, ReviewItem
from tmr_app.regulation import articles
from tmr_app.regulation.course import CourseFacts, asks_reassessment
from tmr_app.regulation.facts import MonitoringFacts
from tmr_app.regulation.verdicts import Message, Verdict

COURSES = ("better", "same", "worse")


@dataclass(frozen=True, slots=True)
class ItemData:
    """What was written of one action."""

    status: str
    progress: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ReviewData:
    """The review as written: one item by action key, the finding on the child, how the child fares."""

    items: Mapping[UUID, ItemData]
    well_being: str = ""
    course: str | None = None

    def texts(self) -> dict[str, str]:
        """By a name that a form's field has too: for two texts side by side."""
        found = {"well_being": self.well_being}
        for key, one in self.items.items():
            found |= {f"progress-{key}": one.progress, f"notes-{key}": one.notes}
        return found


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One action: as it stands now, what the last review said of it, what this one says."""

    action: ActionNow
    last: ReviewItem | None
    item: ReviewItem | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The review's screen: the version reviewed, its actions, this review (None: nothing written yet) and the last one."""

    version: PlanVersion
    rows: list[SheetRow]
    review: PlanReview | None
    last: PlanReview | None


def find(session: Session, case_id: UUID, meeting_id: UUID) -> PlanReview | None:
    return session.scalar(
        select(PlanReview)
        .where(PlanReview.case_id == case_id, PlanReview.meeting_id == meeting_id)
        .options(selectinload(PlanReview.items))
    )


def reviews_of(session: Session, case_id: UUID) -> list[PlanReview]:
    """Every completed review with its items, the newest first. Two statements."""
    return list(
        session.scalars(
            select(PlanReview)
            .where(PlanReview.case_id == case_id, PlanReview.reviewed_at.is_not(None))
            .options(selectinload(PlanReview.items))
            .order_by(PlanReview.reviewed_at.desc())
        )
    )


def sheet(session: Session, case_id: UUID, meeting_id: UUID) -> Sheet | None:
    """None before a plan is adopted. A completed review shows the version it was made of and who was responsible on its day,
    another the one in force.
    """
    review = find(session, case_id, meeting_id)
    done = review is not None and review.reviewed_at is not None
    version = (
        session.get_one(PlanVersion, review.version_id)
        if review and done
        else current_version(session, case_id)
    )
    if version is None:
        return None
    last = next(
        (
            one
            for one in reviews_of(session, case_id)
            if one.meeting_id != meeting_id and _before(one, review)
        ),
        None,
    )
    said = {one.action_key: one for one in review.items} if review else {}
    before = {one.action_key: one for one in last.items} if last else {}
    rows = [
        SheetRow(action, before.get(action.key), said.get(action.key))
        for action in actions_of(
            session, case_id, version, responsible_on=review.reviewed_on if review and done else None
        )
    ]
    return Sheet(version, rows, review, last)


def _before(one: PlanReview, review: PlanReview | None) -> bool:
    if review is None or review.reviewed_at is None or one.reviewed_at is None:
        return True
    return one.reviewed_at < review.reviewed_at


def write_monitoring(
    session: Session, actor: Person, now: datetime, *, case: Case, meeting_id: UUID, text: str, revision: int
) -> PlanReview:
    """The case manager's findings of monitoring, put before the Table with the pack (A14.3.4). Raises Stale."""
    review = _locked(session, actor, now, case, meeting_id, revision, {"monitoring": text})
    review.monitoring, review.monitored_at = text, now
    _saved(session, actor, now, review, "review:monitored", "A14.3.4")
    return review


def save(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    meeting_id: UUID,
    data: ReviewData,
    revision: int,
    held_on: date | None = None,
) -> PlanReview:
    """Save the review; with `held_on`, the date of a meeting that has begun, complete it.

    Raises Stale with both texts, RuleRefused (A15) when an action has no evaluation or the child no finding, OutOfOrder
    before a plan is adopted or after the review is completed, BadInput for a status or an action that is none.
    """
    review = _locked(session, actor, now, case, meeting_id, revision, data.texts())
    actions = actions_of(session, case.id, session.get_one(PlanVersion, review.version_id))
    _check(data, actions)
    if held_on is not None:
        _check_complete(data, actions, held_on)
    review.well_being, review.course = data.well_being, data.course
    _write_items(session, review, data, actions)
    if held_on is not None:
        _complete(session, actor, now, case, review, actions, held_on)
    _saved(session, actor, now, review, "review:completed" if held_on else "review:saved", "A15")
    return review


def _locked(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    meeting_id: UUID,
    revision: int,
    mine: dict[str, str],
) -> PlanReview:
    lock_table(session, case.id)
    review = find(session, case.id, meeting_id)
    if review is not None and review.reviewed_at is not None:
        raise OutOfOrder(Message("This review is completed: it stays as the Table made it."), "A15")
    if revision != (review.revision if review else 0):
        raise Stale(mine=mine, theirs=_stored(review), version=review.revision if review else 0)
    if review is None:
        version = current_version(session, case.id)
        if version is None:
            raise OutOfOrder(Message("The plan has not been adopted yet."), "A15")
        review = PlanReview(
            case_id=case.id, meeting_id=meeting_id, version_id=version.id, begun_at=now, saved_at=now,
            saved_by_id=actor.id, revision=0, asks_reassessment=False,
        )  # fmt: skip
        session.add(review)
        session.flush()
        session.refresh(review, ["items"])
    return review


def _stored(review: PlanReview | None) -> dict[str, str]:
    if review is None:
        return {}
    items = {one.action_key: ItemData(one.status, one.progress, one.notes) for one in review.items}
    return ReviewData(items, review.well_being).texts() | {"monitoring": review.monitoring}


def _check(data: ReviewData, actions: Sequence[ActionNow]) -> None:
    keys = {one.key for one in actions}
    if data.items.keys() - keys or any(one.status not in STATUSES for one in data.items.values()):
        raise BadInput("an action or status that is none")
    if data.course is not None and data.course not in COURSES:
        raise BadInput("unknown course")


def _check_complete(data: ReviewData, actions: Sequence[ActionNow], held_on: date) -> None:
    written = MonitoringFacts(
        held_on,
        held=True,
        actions=len(actions),
        progress_recorded=sum(bool(one.progress.strip()) for one in data.items.values()),
        child_finding=data.well_being if data.course else "",
    )
    verdict = articles.a15_review_held(written, held_on)
    if verdict.refuses:
        raise RuleRefused(verdict)


def _write_items(
    session: Session, review: PlanReview, data: ReviewData, actions: Sequence[ActionNow]
) -> None:
    stored = {one.action_key: one for one in review.items}
    for action in actions:
        given = data.items.get(action.key)
        if given is None:
            continue
        row = stored.get(action.key)
        if row is None:
            row = ReviewItem(
                case_id=review.case_id,
                review_id=review.id,
                action_key=action.key,
                status_before=action.status,
            )
            session.add(row)
        row.status, row.progress, row.notes = given.status, given.progress, given.notes
    session.flush()
    session.refresh(review, ["items"])


def _complete(
    session: Session,
    actor: Person,
    now: datetime,
    case: Case,
    review: PlanReview,
    actions: Sequence[ActionNow],
    held_on: date,
) -> None:
    """The review counts; each action's new status joins its history; the next version is opened to be changed (A15.3)."""
    said = {one.action_key: one for one in review.items}
    for action in actions:
        item = said[action.key]
        item.status_before = action.status
        session.add(
            ActionUpdate(
                case_id=case.id,
                version_id=review.version_id,
                action_key=action.key,
                number=_last_number(session, case.id, action.key) + 1,
                status=item.status,
                done_on=(action.done_on or held_on) if item.status == "done" else None,
                source="review",
                meeting_id=review.meeting_id,
                updated_at=now,
                updated_by_id=actor.id,
                note=item.progress,
            )
        )
    review.reviewed_at, review.reviewed_on = now, held_on
    review.asks_reassessment = course_of(session, case, review, actions, held_on) is not None
    review.next_version_id = drafting.next_version(session, actor, now, case=case).id


def _last_number(session: Session, case_id: UUID, key: UUID) -> int:
    found = session.scalar(
        select(func.max(ActionUpdate.number)).where(
            ActionUpdate.case_id == case_id, ActionUpdate.action_key == key
        )
    )
    return int(found or 0)


def course_of(
    session: Session, case: Case, review: PlanReview, actions: Sequence[ActionNow], today: date
) -> Message | None:
    """Why a meeting to re-assess is offered after this review (A14.4), or None."""
    last = next((one for one in reviews_of(session, case.id) if one.id != review.id), None)
    since = last.reviewed_at if last else session.get_one(PlanVersion, review.version_id).adopted_at
    level = session.scalar(
        select(RiskLevel.level)
        .where(RiskLevel.case_id == case.id, RiskLevel.determined_at <= since)
        .order_by(RiskLevel.determined_at.desc())
        .limit(1)
    )
    earlier = {one.action_key: one.status for one in last.items} if last else {}
    said = {one.action_key: one.status for one in review.items}
    course = CourseFacts(
        before=tuple(earlier.get(one.key, "in_process") for one in actions),
        now=tuple(said.get(one.key, one.status) for one in actions),
        overdue=sum(facts.is_late(one.planned_on, said.get(one.key, one.status), today) for one in actions),
        risk_before=level or "",
        risk_now=case.risk_level or "",
        well_being=review.course or "",
    )
    return asks_reassessment(course)


def _saved(session: Session, actor: Person, now: datetime, review: PlanReview, tag: str, rule: str) -> None:
    review.revision += 1
    review.saved_at, review.saved_by_id = now, actor.id
    audit.note(
        session,
        tag,
        object_type="plan_review",
        object_id=review.id,
        case_id=review.case_id,
        rule=rule,
    )
    session.flush()


_CASE: BindParameter[Any] = bindparam("case_id")
_ADOPTED = (PlanVersion.case_id == _CASE, PlanVersion.status == "adopted")
HELD = (
    select(func.min(PlanVersion.adopted_on)).where(*_ADOPTED).scalar_subquery().label("adopted_on"),
    select(PlanVersion.review_days)
    .where(*_ADOPTED)
    .order_by(PlanVersion.number.desc())
    .limit(1)
    .scalar_subquery()
    .label("review_days"),
    select(func.max(PlanReview.reviewed_on))
    .where(PlanReview.case_id == _CASE, PlanReview.reviewed_on <= bindparam("today"))
    .scalar_subquery()
    .label("reviewed_on"),
    select(TakeOver.plan_adopted_on)
    .where(TakeOver.case_id == _CASE)
    .scalar_subquery()
    .label("plan_adopted_on"),
    select(TakeOver.last_review_on)
    .where(TakeOver.case_id == _CASE)
    .scalar_subquery()
    .label("last_review_on"),
)
"""Beside a statement about the case `case_id` on the day `today`: the first adoption, the newest version's own interval, the
last review; and what was there on paper."""


class Held(NamedTuple):
    """The columns of `HELD` as one row reads them."""

    adopted_on: date | None
    review_days: int | None
    reviewed_on: date | None
    plan_adopted_on: date | None
    last_review_on: date | None


def owed(held: Held, case: Case, today: date) -> Verdict:
    """The review that is owed now, and until when (A5.1.5)."""
    found = facts.review_of([held], [held], [held.reviewed_on], case.closed_on)
    return articles.a5_1_5_reviewed_monthly(found, today)
