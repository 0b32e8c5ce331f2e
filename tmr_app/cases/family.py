"""The people around the child: who they are, who has parental care, who is the (suspected) perpetrator (A4.5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.exclusion import withdraw_excluded_relation
from tmr_app.cases.models import Case, FamilyMember, Relation
from tmr_app.kernel import audit
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

RELATIONS = ("mother", "father", "guardian", "sibling", "grandparent", "household", "other")


@dataclass(frozen=True, slots=True)
class RelativeData:
    """One person around the child. `perpetrator_reason` is asked when `is_perpetrator`."""

    name: str
    kind: str
    contact: str = ""
    note: str = ""
    has_parental_care: bool = False
    is_perpetrator: bool = False
    perpetrator_reason: str = ""


def add_relative(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    relative: RelativeData,
    once: str | None = None,
) -> Relation:
    """Add a person to the family record and say what the person is to this child.

    The family's key must be unlocked. Raises FieldRefused for an unknown kind, or a mark without its reason.
    """
    before = _already(session, case, once)
    if before is not None:
        return before
    _check(relative)
    member = FamilyMember(
        family_id=case.family_id,
        name=relative.name,
        contact=relative.contact,
        note=relative.note,
        once_key=once,
        created_at=now,
    )
    session.add(member)
    session.flush()
    relation = Relation(
        case_id=case.id,
        family_member_id=member.id,
        kind=relative.kind,
        has_parental_care=relative.has_parental_care,
    )
    session.add(relation)
    session.flush()
    audit.note(session, "relation:added", object_type="relation", object_id=relation.id, case_id=case.id)
    if relative.is_perpetrator:
        mark_perpetrator(session, actor, now, relation=relation, reason=relative.perpetrator_reason)
    return relation


def _already(session: Session, case: Case, once: str | None) -> Relation | None:
    if not once:
        return None
    return session.scalar(
        select(Relation)
        .join(FamilyMember, Relation.family_member_id == FamilyMember.id)
        .where(FamilyMember.once_key == once, Relation.case_id == case.id)
    )


def _check(relative: RelativeData) -> None:
    if relative.kind not in RELATIONS:
        raise FieldRefused("kind", Message("Choose what this person is to the child."))
    if relative.is_perpetrator and not relative.perpetrator_reason.strip():
        raise FieldRefused("perpetrator_reason", Message("Write what the mark rests on."))


def change_relative(
    session: Session, actor: Person, now: datetime, *, case: Case, relation: Relation, relative: RelativeData
) -> None:
    """Correct a person's data and relation; setting the mark withdraws at once what was given."""
    if relative.kind not in RELATIONS:
        raise FieldRefused("kind", Message("Choose what this person is to the child."))
    member = session.get_one(FamilyMember, relation.family_member_id)
    member.name, member.contact, member.note = relative.name, relative.contact, relative.note
    relation.kind = relative.kind
    relation.has_parental_care = relative.has_parental_care
    audit.note(session, "relation:changed", object_type="relation", object_id=relation.id, case_id=case.id)
    if relative.is_perpetrator and not relation.is_suspected_perpetrator:
        mark_perpetrator(session, actor, now, relation=relation, reason=relative.perpetrator_reason)
    elif relation.is_suspected_perpetrator and not relative.is_perpetrator:
        clear_mark(session, relation=relation, reason=relative.perpetrator_reason)


def mark_perpetrator(
    session: Session, actor: Person, now: datetime, *, relation: Relation, reason: str
) -> None:
    """Bar this person from seat, notice, document and address of the case (A4.5); what was given is withdrawn."""
    if not reason.strip():
        raise FieldRefused("perpetrator_reason", Message("Write what the mark rests on."))
    if relation.is_suspected_perpetrator:
        return
    relation.is_suspected_perpetrator = True
    relation.marked_at, relation.marked_by_id, relation.mark_reason = now, actor.id, reason
    audit.note(
        session,
        "relation:marked",
        object_type="relation",
        object_id=relation.id,
        case_id=relation.case_id,
        rule="A4.5",
    )
    session.flush()
    withdraw_excluded_relation(session, actor, now, relation=relation)


def clear_mark(session: Session, *, relation: Relation, reason: str) -> None:
    """Take the mark back, with its reason; nothing withdrawn comes back by itself."""
    if not reason.strip():
        raise FieldRefused("perpetrator_reason", Message("Write why the mark is taken back."))
    relation.is_suspected_perpetrator = False
    relation.mark_reason = reason
    audit.note(
        session,
        "relation:unmarked",
        object_type="relation",
        object_id=relation.id,
        case_id=relation.case_id,
        rule="A4.5",
    )


def find_relation(session: Session, case_id: UUID, relation_id: UUID) -> Relation:
    """A relation of this case with its person. Raises NotFound."""
    relation = session.scalar(
        select(Relation)
        .where(Relation.case_id == case_id, Relation.id == relation_id)
        .options(joinedload(Relation.family_member))
    )
    if relation is None:
        raise NotFound("relation")
    return relation
