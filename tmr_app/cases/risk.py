"""What is known of the child and of the danger: data of Annex 1, statuses, kinds and level of risk, placement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.models import Case, Child
from tmr_app.cases.opening import (
    CHILD_TEXTS,
    FLAGS,
    ChildData,
    check_child,
    check_risks,
    determine_level,
    write_risks,
)
from tmr_app.cases.searching import write_tokens
from tmr_app.kernel import audit
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, Stale
from tmr_app.members.models import Institution, Person
from tmr_app.regulation.verdicts import Message

PLACES = frozenset({"shelter_or_foster"})


@dataclass(frozen=True, slots=True)
class PlacementData:
    """Where the child is placed; the address is shown only to whom it is granted."""

    is_placed: bool
    institution_id: UUID | None = None
    address: str = ""


def child_of(session: Session, case_id: UUID) -> Child:
    return session.scalars(select(Child).where(Child.case_id == case_id)).one()


def change_child(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    version: int,
    data: ChildData,
    flags: frozenset[str],
    adult_reason: str = "",
) -> None:
    """Correct the child's data and statuses; look-up tokens follow.

    Raises Stale when `version` is not the stored one, FieldRefused for dates that cannot be.
    """
    child = child_of(session, case.id)
    if version != case.version:
        raise Stale(
            mine={name: getattr(data, name) for name in CHILD_TEXTS},
            theirs={name: getattr(child, name) for name in CHILD_TEXTS},
            version=case.version,
        )
    check_child(data, case.referred_on, civil_date(now), adult_reason or case.adult_reason)
    changes = {
        name: getattr(data, name) for name in CHILD_TEXTS if getattr(child, name) != getattr(data, name)
    }
    for name in CHILD_TEXTS:
        setattr(child, name, getattr(data, name))
    child.birth_date = data.birth_on.isoformat() if data.birth_on else None
    case.birth_year, case.gender = data.year, data.gender
    if adult_reason:
        case.adult_reason = adult_reason
    for flag, column in FLAGS.items():
        setattr(case, column, flag in flags)
    case.version += 1
    write_tokens(session, case, data.name, data.year, data.personal_number)
    audit.note(
        session, "child:changed", object_type="child", object_id=child.id, case_id=case.id, changes=changes
    )


def change_risks(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    version: int,
    risks: Mapping[str, str],
    level: str | None = None,
    reason: str = "",
    labour_sector: str | None = None,
) -> None:
    """The kinds of risk, and a new determination of the level where one is given with its reason.

    Raises RuleRefused (A5.1.1), Stale, FieldRefused (a changed level without reason).
    """
    if version != case.version:
        raise Stale(mine={"reason": reason}, theirs={"reason": ""}, version=case.version)
    check_risks(risks, civil_date(now))
    if level and level != case.risk_level:
        if not reason.strip():
            raise FieldRefused("reason", Message("Write what the level of risk rests on."))
        determine_level(session, actor, now, case, level, reason)
    write_risks(session, case, risks)
    # Counted in the annual report; it says something only beside hazardous work.
    case.labour_sector = labour_sector if "hazardous_work" in risks else None
    case.version += 1
    audit.note(session, "risk:changed", object_type="case", object_id=case.id, case_id=case.id, rule="A5.1.1")


def change_placement(
    session: Session, actor: Person, now: datetime, *, case: Case, placement: PlacementData
) -> None:
    """Where the child is placed. Raises FieldRefused for an institution that gives no shelter."""
    child = child_of(session, case.id)
    if placement.institution_id is not None:
        institution = session.get(Institution, placement.institution_id)
        if institution is None or institution.seat_kind not in PLACES or not institution.active:
            raise FieldRefused("institution", Message("Choose an institution that gives shelter or care."))
    case.is_placed = placement.is_placed
    child.placement_institution_id = placement.institution_id if placement.is_placed else None
    child.placement_address = placement.address if placement.is_placed else None
    audit.note(session, "placement:changed", object_type="child", object_id=child.id, case_id=case.id)
