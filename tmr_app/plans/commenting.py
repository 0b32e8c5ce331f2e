"""What members say on the plan (A6.1.6): comments, proposals; and the objection that an action is outside the mandate (A7)."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, db
from tmr_app.kernel.db import id_text
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.errors import BadInput, Forbidden, NotFound, OutOfOrder
from tmr_app.kernel.ready import Ready
from tmr_app.members.models import Institution, Person
from tmr_app.plans import notifications
from tmr_app.plans.models import Action, Comment, PlanVersion
from tmr_app.plans.queries import actions_of, current_version, draft_of
from tmr_app.regulation.verdicts import Message

KINDS = ("comment", "proposal", "objection")


def say(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    seat_id: UUID,
    kind: str,
    text: str,
    action_key: UUID | None = None,
    once: str | None = None,
) -> Comment:
    """Keep what a member says on the draft, or on the version in force when there is no draft.

    An objection is about an own action only: Forbidden otherwise. Said twice with the same key, it is kept once.
    """
    lock_table(session, case.id)
    before = db.made_before(session, Comment, once)
    if before is not None:
        return before
    version = draft_of(session, case.id) or current_version(session, case.id)
    if version is None:
        raise OutOfOrder(Message("There is no plan to speak of yet."), "A6.1.6")
    if kind not in KINDS or (kind == "objection" and action_key is None):
        raise BadInput("no such kind of comment")
    if action_key is not None:
        _check_action(session, version, action_key, seat_id, kind)
    row = Comment(
        case_id=case.id,
        version_id=version.id,
        action_key=action_key,
        kind=kind,
        seat_id=seat_id,
        made_at=now,
        made_by_id=actor.id,
        once_key=once,
        text=text.strip(),
    )
    session.add(row)
    _note(session, row, "A7" if kind == "objection" else "A6.1.6")
    if kind == "objection":
        notifications.objected(session, now, case=case, comment_id=row.id)
    session.flush()
    return row


def _check_action(session: Session, version: PlanVersion, action_key: UUID, seat_id: UUID, kind: str) -> None:
    found = next(
        (one for one in actions_of(session, version.case_id, version) if one.key == action_key), None
    )
    if found is None:
        raise NotFound("action")
    if kind == "objection" and (found.seat is None or found.seat.id != seat_id):
        raise Forbidden(Message("A member objects to an action given to that member."))


def answer(
    session: Session, actor: Person, now: datetime, *, case: Case, comment_id: UUID, text: str
) -> Comment:
    """The case manager's answer; the first stays. What a proposal says is written into the draft by hand."""
    lock_table(session, case.id)
    row = session.scalar(
        select(Comment)
        .where(Comment.id == comment_id, Comment.case_id == case.id)
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound("comment")
    if row.answered_at is not None:
        raise OutOfOrder(Message("This was answered already."), "A6.1.6")
    row.answered_at, row.answered_by_id, row.answer = now, actor.id, text.strip()
    _note(session, row, "A7" if row.kind == "objection" else "A6.1.6", tag="plan:answered")
    return row


class Said(NamedTuple):
    """What a member said on a version, of one action or of the whole, and the case manager's answer, None before there is one."""

    id: str
    action_key: UUID | None
    kind: str
    made_by: str
    institution: str | None
    made_at: datetime
    answered_at: datetime | None
    text: str
    answer: str


_SAID = Ready(
    select(
        id_text(Comment.id),
        Comment.action_key,
        Comment.kind,
        Person.name,
        Institution.name,
        Comment.made_at,
        Comment.answered_at,
        Comment.text_enc,
        Comment.answer_enc,
    )
    .join(Person, Person.id == Comment.made_by_id)
    .join(Seat, Seat.id == Comment.seat_id)
    .outerjoin(Institution, Institution.id == Seat.institution_id)
    .where(Comment.version_id == bindparam("version_id"))
    .order_by(Comment.made_at, Comment.id)
)


def comments_of(session: Session, case_id: UUID, version_id: UUID) -> list[Said]:
    """Everything said on a version, in order. One statement."""
    text = texts_of(case_id, "plan_comment.text_enc")
    answer = texts_of(case_id, "plan_comment.answer_enc")
    rows = _SAID.rows(session.connection(), {"version_id": version_id})
    return [Said._make((*row[:-2], text(row[0], row[-2]), answer(row[0], row[-1]))) for row in rows]


def open_objections(session: Session, version: PlanVersion) -> list[Comment]:
    """Objections not answered while the action still belongs to the member who made them (A7)."""
    rows = list(
        session.scalars(
            select(Comment).where(
                Comment.version_id == version.id, Comment.kind == "objection", Comment.answered_at.is_(None)
            )
        )
    )
    if not rows:
        return []
    holders = {
        row.action_key: row.seat_id
        for row in session.scalars(
            select(Action).where(Action.version_id == version.id, Action.removed_at.is_(None))
        )
    }
    if not version.is_draft:
        holders = {
            one.key: one.seat.id if one.seat else None
            for one in actions_of(session, version.case_id, version)
        }
    return [one for one in rows if one.action_key and holders.get(one.action_key) == one.seat_id]


def _note(session: Session, row: Comment, rule: str, tag: str = "") -> None:
    audit.note(
        session,
        tag or f"plan:{row.kind}",
        object_type="plan_comment",
        object_id=row.id,
        case_id=row.case_id,
        rule=rule,
    )
