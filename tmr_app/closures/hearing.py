"""The opinions of child and of parent or guardian on progress and closing (A17.2), or why they could not be asked."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from tmr_app.cases import exclusion
from tmr_app.cases.models import Case
from tmr_app.cases.seat_ending import lock_table
from tmr_app.closures import dossier
from tmr_app.closures.dossier import Dossier
from tmr_app.closures.models import Closing, ClosingOpinion
from tmr_app.closures.recommending import note
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder, RuleRefused, Stale
from tmr_app.meetings.family_notices import HOW
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message


@dataclass(frozen=True, slots=True)
class Opinion:
    """As typed: when and how the person was asked, what they think, or why there is no opinion (an attempt belongs here)."""

    asked_on: date | None = None
    how: str = ""
    opinion: str = ""
    no_opinion_reason: str = ""


def record_opinion(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    relation_id: UUID | None,
    data: Opinion,
    version: int = 0,
) -> ClosingOpinion:
    """Keep one person's opinion; `relation_id` None is the child. It may be written until the case is closed.

    Raises RuleRefused (A4.5) for a suspected perpetrator, NotFound for somebody else's relation, FieldRefused, Stale,
    OutOfOrder before the recommendation.
    """
    lock_table(session, case.id)
    found = dossier.load(session, case, now)
    one = found.require("opinions")
    _check_person(found, relation_id, civil_date(now))
    _check(data, civil_date(now))
    row = found.opinion_of(relation_id)
    if (row.version if row else 0) != version:
        raise Stale(
            mine={"opinion": data.opinion},
            theirs={"opinion": row.opinion if row else ""},
            version=row.version if row else 0,
        )
    if row is None:
        row = ClosingOpinion(
            case_id=case.id,
            closing_id=one.id,
            relation_id=relation_id,
            recorded_at=now,
            recorded_by_id=actor.id,
            version=0,
        )
        session.add(row)
    row.asked_on, row.how = data.asked_on, data.how or None
    row.opinion, row.no_opinion_reason = data.opinion.strip(), data.no_opinion_reason.strip()
    row.recorded_at, row.recorded_by_id, row.version = now, actor.id, row.version + 1
    note(session, "closing:opinion", one, "A17.2", actor)
    return row


def _check_person(found: Dossier, relation_id: UUID | None, today: date) -> None:
    if relation_id is None:
        if found.ground == "death":
            raise OutOfOrder(Message("The child has died: nobody asks for the child's opinion."), "A17.2")
        return
    relation = next((one for one in found.relations if one.id == relation_id), None)
    if relation is None:
        raise NotFound("relation")
    verdict = exclusion.relation_excluded(relation, today)
    if verdict.refuses:
        raise RuleRefused(verdict, case_id=found.case.id)


def _check(data: Opinion, today: date) -> None:
    if not data.opinion.strip() and not data.no_opinion_reason.strip():
        raise FieldRefused("opinion", Message("Write the opinion, or why there is none."))
    if data.opinion.strip() and data.asked_on is None:
        raise FieldRefused("asked_on", Message("Write when the person was asked."))
    if data.asked_on is not None and data.asked_on > today:
        raise FieldRefused("asked_on", Message("The date cannot be in the future."))
    if data.asked_on is not None and data.how not in HOW:
        raise FieldRefused("how", Message("Choose how the person was asked."))


def give_no_parent_reason(
    session: Session, actor: Person, now: datetime, *, case: Case, reason: str
) -> Closing:
    """Why no parent or guardian can be asked: none is alive or known, all are barred by A4.5. Shown as not met."""
    lock_table(session, case.id)
    one = dossier.load(session, case, now).require("opinions")
    if not reason.strip():
        raise FieldRefused("reason", Message("Write the reason."))
    one.no_parent_reason = reason.strip()
    note(session, "closing:no-parent", one, "A17.2", actor)
    return one
