"""Those who take part without an account: the child, parents, the guardian (A4.5); leave to see the shelter's address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.exclusion import Withdrawn, relation_excluded, tell
from tmr_app.cases.models import Case, Relation
from tmr_app.cases.seat_ending import lock_table
from tmr_app.cases.table_models import AddressGrant, Participant, Seat
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, RuleRefused
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

PARENTS = ("mother", "father", "parent", "guardian")


def may_be_heard(relation: Relation) -> bool:
    """A parent or the legal guardian, by kind of relation or by parental care."""
    return relation.has_parental_care or relation.kind in PARENTS


def add_participant(
    session: Session, actor: Person, now: datetime, *, case: Case, relation_id: UUID | None
) -> Participant:
    """The child (`relation_id` None), a parent or the guardian takes part. A person marked as (suspected) perpetrator is
    refused outright: RuleRefused (A4.5), no breach is offered. FieldRefused on `who` otherwise.
    """
    lock_table(session, case.id)
    kind = "child"
    if relation_id is not None:
        relation = session.get(Relation, relation_id)
        if relation is None or relation.case_id != case.id:
            raise NotFound("relation")
        verdict = relation_excluded(relation, civil_date(now))
        if verdict.refuses:
            raise RuleRefused(verdict, case_id=case.id)
        if not may_be_heard(relation):
            raise FieldRefused(
                "who", Message("Only the child, a parent or the legal guardian takes part (A4.5).")
            )
        kind = "parent_guardian"
    if _present(session, case.id, relation_id) is not None:
        raise FieldRefused("who", Message("This person takes part already."))
    participant = Participant(
        case_id=case.id, kind=kind, relation_id=relation_id, added_at=now, added_by_id=actor.id
    )
    session.add(participant)
    session.flush()
    _note(session, "participant:added", "participant", participant.id, case.id, actor, "A4.5")
    return participant


def remove_participant(session: Session, actor: Person, now: datetime, *, participant: Participant) -> None:
    """The person no longer takes part; rooms above withdraw what is still open."""
    if participant.withdrawn_at is not None:
        return
    participant.withdrawn_at = now
    tell(
        session,
        now,
        Withdrawn(
            participant.case_id,
            "A4.5",
            relation_id=participant.relation_id,
            participant_ids=(participant.id,),
        ),
    )
    _note(session, "participant:removed", "participant", participant.id, participant.case_id, actor, "A4.5")


def _present(session: Session, case_id: UUID, relation_id: UUID | None) -> Participant | None:
    same = (
        Participant.relation_id.is_(None) if relation_id is None else Participant.relation_id == relation_id
    )
    return session.scalar(
        select(Participant).where(Participant.case_id == case_id, Participant.withdrawn_at.is_(None), same)
    )


def grant_address(
    session: Session, actor: Person, now: datetime, *, case: Case, person_id: UUID, reason: str
) -> AddressGrant:
    """Let one seated person see the shelter's or foster family's address, by name and with reason; no seat brings it."""
    lock_table(session, case.id)
    if not reason.strip():
        raise FieldRefused("reason", Message("Write why this person needs the address."))
    seated = session.scalar(
        select(Seat.id)
        .where(Seat.case_id == case.id, Seat.person_id == person_id, Seat.meeting_id.is_(None))
        .where(Seat.ended_at.is_(None), Seat.recused_at.is_(None))
        .limit(1)
    )
    if seated is None:
        raise FieldRefused(
            "person_id", Message("Only somebody seated at this Table can be given the address.")
        )
    grant = session.scalar(
        select(AddressGrant).where(
            AddressGrant.case_id == case.id,
            AddressGrant.person_id == person_id,
            AddressGrant.revoked_at.is_(None),
        )
    )
    if grant is not None:
        return grant
    grant = AddressGrant(
        case_id=case.id, person_id=person_id, granted_by_id=actor.id, granted_at=now, reason=reason.strip()
    )
    session.add(grant)
    session.flush()
    _note(session, "address:granted", "address_grant", grant.id, case.id, actor, "A18.1")
    return grant


def revoke_address(session: Session, actor: Person, now: datetime, *, case: Case, person_id: UUID) -> None:
    """Take the leave back; nothing happens when there is none."""
    grants = session.scalars(
        select(AddressGrant).where(
            AddressGrant.case_id == case.id,
            AddressGrant.person_id == person_id,
            AddressGrant.revoked_at.is_(None),
        )
    )
    for grant in grants:
        grant.revoked_at = now
        _note(session, "address:revoked", "address_grant", grant.id, case.id, actor, "A18.1")


def _note(
    session: Session, tag: str, object_type: str, object_id: UUID, case_id: UUID, actor: Person, rule: str
) -> None:
    audit.note(
        session,
        tag,
        object_type=object_type,
        object_id=object_id,
        case_id=case_id,
        rule=rule,
        actor_id=actor.id,
    )
