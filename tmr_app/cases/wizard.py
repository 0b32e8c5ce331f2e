"""The new-case wizard between its pages: an encrypted draft of the person, step after step."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tmr_app.cases.case_record import referral_of
from tmr_app.cases.family import RelativeData, add_relative
from tmr_app.cases.models import Case
from tmr_app.cases.opening import HEADS, ChildData, ReferralData, open_case
from tmr_app.kernel import drafts
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Appointment, Person, Qps

PLACE, DONE = "/cases/new", "/cases/new/done"
STEPS = ("look_up", "referral", "family", "risk")
REFERRAL_FIELDS = (
    "received_on",
    "source",
    "reporter",
    "facts",
    "services_before",
    "language",
    "case_manager",
)


@dataclass(frozen=True, slots=True)
class OwnCentre:
    """A centre where the person may open a case today; a head names the case manager."""

    qps: Qps
    is_case_manager: bool


def own_centres(session: Session, person_id: UUID, now: datetime) -> list[OwnCentre]:
    """The person's centres by name."""
    today = civil_date(now)
    rows = session.execute(
        select(Qps, Appointment.office)
        .join(Qps, Appointment.qps_id == Qps.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.office.in_(("case_manager", *HEADS)),
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .order_by(Qps.name)
    )
    found: dict[UUID, OwnCentre] = {}
    for qps, office in rows:
        manages = office == "case_manager" or (qps.id in found and found[qps.id].is_case_manager)
        found[qps.id] = OwnCentre(qps, manages)
    return list(found.values())


def case_managers_of(session: Session, qps_id: UUID, now: datetime) -> list[tuple[str, str]]:
    """(id, name) of the centre's case managers today."""
    today = civil_date(now)
    rows = session.execute(
        select(Person.id, Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.qps_id == qps_id,
            Appointment.office == "case_manager",
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .distinct()
        .order_by(Person.name)
    )
    return [(str(row[0]), row[1]) for row in rows]


def read(session: Session, person_id: UUID) -> dict[str, Any]:
    """The draft so far; empty when there is none."""
    return drafts.find(session, person_id=person_id, place=PLACE) or {}


def keep(session: Session, person_id: UUID, now: datetime, draft: dict[str, Any]) -> None:
    drafts.keep(session, person_id=person_id, case_id=None, place=PLACE, values=draft, now=now)


def discard(session: Session, person_id: UUID) -> None:
    drafts.drop(session, person_id=person_id, place=PLACE)


def done(session: Session, person_id: UUID) -> dict[str, Any]:
    """The case opened last, for the page after it."""
    return drafts.find(session, person_id=person_id, place=DONE) or {}


def start_sibling(session: Session, person_id: UUID, now: datetime, *, sibling: dict[str, Any]) -> None:
    """A new draft linked to a case: `sibling` has case_id, number, qps and the referral's values."""
    draft = {
        "sibling": {"case_id": sibling["case_id"], "number": sibling["number"]},
        "qps": sibling["qps"],
        "prefilled": {name: sibling["referral"].get(name) for name in REFERRAL_FIELDS},
    }
    keep(session, person_id, now, draft)


def sibling_of(session: Session, case: Case, *, with_reporter: bool) -> dict[str, Any]:
    """What `start_sibling` needs, from a case on file (its key unlocked)."""
    referral = referral_of(session, case.id)
    values: dict[str, Any] = {"language": case.language}
    if referral is not None:
        values |= {
            "received_on": referral.received_on.isoformat(),
            "source": referral.source,
            "facts": referral.facts,
            "services_before": referral.services_before,
            "reporter": referral.reporter if with_reporter else "",
        }
    return {"case_id": str(case.id), "number": case.number, "qps": str(case.qps_id), "referral": values}


def finish(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    draft: dict[str, Any],
    referral: ReferralData,
    child: ChildData,
    risks: dict[str, str],
    risk_level: str | None,
    once: str,
) -> Case:
    """Open the case of a whole draft with its family, and replace the draft by a note of what was opened."""
    values = draft["referral"]
    named = values.get("case_manager")
    sibling = session.get(Case, UUID(draft["sibling"]["case_id"])) if draft.get("sibling") else None
    case = open_case(
        session,
        actor,
        now,
        qps_id=UUID(draft["qps"]),
        referral=referral,
        child=child,
        risks=risks,
        flags=frozenset(values.get("flags") or ()),
        risk_level=risk_level,
        case_manager_id=UUID(named) if named else None,
        language=values.get("language") or "sq",
        adult_reason=values.get("adult_reason") or "",
        sibling=sibling,
        once=once,
    )
    for position, relative in enumerate(draft.get("family") or ()):
        add_relative(
            session, actor, now, case=case, relative=RelativeData(**relative), once=f"{once[:58]}-{position}"
        )
    discard(session, actor.id)
    note = {
        "case_id": str(case.id),
        "number": case.number,
        "qps": str(case.qps_id),
        "own": case.case_manager_id == actor.id,
        "referral": {name: values.get(name) for name in REFERRAL_FIELDS},
    }
    drafts.keep(session, person_id=actor.id, case_id=None, place=DONE, values=note, now=now)
    return case
