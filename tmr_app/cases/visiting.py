"""Contacts and visits of the case manager and assistant (form E-6), and the head's monitoring visits (A16).

A record can be corrected; what stood before is kept. The child's own words have a field of their own and stay as said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import SupervisionNote, Visit, VisitVersion
from tmr_app.kernel import audit, db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, OutOfOrder, Stale
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

KINDS = ("home_visit", "office", "service", "telephone", "online", "other")
TEXTS = (
    "place",
    "present",
    "purpose",
    "summary",
    "observations",
    "child_words",
    "agreed",
    "next_step",
)
MONITORING_TEXTS = ("place", "present", "purpose", "summary", "child_words", "findings", "follow_up")
LOOKED, VISIT_NEEDED = "looked", "visit_needed"
LONGEST = 24 * 60
SHOWN = 500


@dataclass(frozen=True, slots=True)
class VisitData:
    """What was written: `texts` by the names of `TEXTS` (or `MONITORING_TEXTS`)."""

    kind: str
    visited_on: date
    texts: Mapping[str, str]
    with_child: bool = False
    with_family: bool = False
    with_services: bool = False
    minutes: int | None = None
    next_on: date | None = None
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What the list shows; empty: everything."""

    kind: str = ""
    who: str = ""
    from_on: date | None = None
    to_on: date | None = None
    monitoring: bool | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One visit with its author's name and, for its own page, what stood before each correction."""

    row: Visit
    name: str
    earlier: Sequence[tuple[VisitVersion, str]] = field(default_factory=tuple)


def record_visit(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    data: VisitData,
    monitoring: bool = False,
    once: str | None = None,
) -> Visit:
    """Write down a contact or visit. FieldRefused: a day to come, nobody met, nothing said of it."""
    before = db.made_before(session, Visit, once)
    if before is not None:
        return before
    _check(data, civil_date(now), monitoring)
    row = Visit(
        case_id=case.id, is_monitoring=monitoring, author_id=actor.id, created_at=now, saved_at=now,
        version=1, once_key=once, kind=data.kind, visited_on=data.visited_on,
    )  # fmt: skip
    _write(row, data, monitoring)
    session.add(row)
    session.flush()
    _note(session, "visit:monitoring" if monitoring else "visit:recorded", row)
    return row


def correct_visit(
    session: Session, actor: Person, now: datetime, *, visit: Visit, data: VisitData, version: int
) -> Visit:
    """Correct a record; what stood before is kept. Same text again: no change. Raises Stale with both texts."""
    names = MONITORING_TEXTS if visit.is_monitoring else TEXTS
    stored = {name: getattr(visit, name) for name in names}
    if version != visit.version:
        raise Stale(mine=dict(data.texts), theirs=stored, version=visit.version)
    _check(data, civil_date(now), visit.is_monitoring)
    if stored == dict(data.texts) and _plain(visit) == _plain(data):
        return visit
    session.add(
        VisitVersion(
            case_id=visit.case_id,
            visit_id=visit.id,
            version=visit.version,
            replaced_at=now,
            replaced_by_id=actor.id,
            **stored,
        )
    )
    _write(visit, data, visit.is_monitoring)
    visit.version += 1
    visit.saved_at = now
    session.flush()
    _note(session, "visit:corrected", visit)
    return visit


def _plain(one: Visit | VisitData) -> tuple[object, ...]:
    return (
        one.kind, one.visited_on, one.with_child, one.with_family, one.with_services, one.minutes, one.next_on,
        one.follow_up_on,
    )  # fmt: skip


def _check(data: VisitData, today: date, monitoring: bool) -> None:
    if data.kind not in KINDS:
        raise BadInput("unknown kind of visit")
    if data.visited_on > today:
        raise FieldRefused("visited_on", Message("This day is still to come."))
    if data.minutes is not None and not 1 <= data.minutes <= LONGEST:
        raise FieldRefused("minutes", Message("Write the minutes as a number from 1 to 1440."))
    if not (data.with_child or data.with_family or data.with_services):
        raise FieldRefused("who", Message("Say with whom: the child, the family or a service."))
    if data.next_on is not None and data.next_on < data.visited_on:
        raise FieldRefused("next_on", Message("The next activity comes after this one."))
    told = "findings" if monitoring else "summary"
    if not data.texts.get(told, "").strip():
        raise FieldRefused(
            told,
            Message("Write what the visit has found.")
            if monitoring
            else Message("Write what was talked about."),
        )
    if monitoring and data.follow_up_on is not None and not data.texts.get("follow_up", "").strip():
        raise FieldRefused("follow_up", Message("Write what the case manager shall do by then."))


def _write(row: Visit, data: VisitData, monitoring: bool) -> None:
    plain = asdict(data)
    texts = plain.pop("texts")
    for name, value in plain.items():
        setattr(row, name, value)
    for name in MONITORING_TEXTS if monitoring else TEXTS:
        setattr(row, name, texts.get(name, ""))


def follow_up(session: Session, actor: Person, now: datetime, *, visit: Visit, text: str) -> None:
    """The case manager says what was done after a monitoring visit. OutOfOrder when nothing is asked or it is done."""
    if not (visit.is_monitoring and visit.follow_up) or visit.followed_up_at is not None:
        raise OutOfOrder(Message("Nothing is asked here any more."), "A16")
    if not text.strip():
        raise FieldRefused("followed_up", Message("Write what was done."))
    visit.followed_up, visit.followed_up_at, visit.followed_up_by_id = text, now, actor.id
    session.flush()
    _note(session, "visit:followed_up", visit)


def note_supervision(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    kind: str,
    note: str,
    once: str | None = None,
) -> SupervisionNote:
    """The head has looked at the work on the plan, or finds a monitoring visit needed (A16)."""
    before = db.made_before(session, SupervisionNote, once)
    if before is not None:
        return before
    if kind not in (LOOKED, VISIT_NEEDED):
        raise BadInput("unknown remark")
    if not note.strip():
        raise FieldRefused("note", Message("Write what you found."))
    row = SupervisionNote(
        case_id=case.id, kind=kind, noted_by_id=actor.id, noted_at=now, note=note, once_key=once
    )
    session.add(row)
    session.flush()
    audit.note(
        session,
        f"supervision:{kind}",
        object_type="supervision_note",
        object_id=row.id,
        case_id=case.id,
        rule="A16",
    )
    return row


def find_visit(session: Session, case_id: UUID, visit_id: UUID, *, monitoring: bool | None = None) -> Visit:
    """Raises NotFound for one of another case (or of the other sort)."""
    found = session.scalar(select(Visit).where(Visit.id == visit_id, Visit.case_id == case_id))
    if found is None or (monitoring is not None and found.is_monitoring is not monitoring):
        raise NotFound("visit")
    return found


def visits_of(session: Session, case_id: UUID, wanted: VisitFilter) -> list[Shown]:
    """The newest first. One statement."""
    query = select(Visit).where(Visit.case_id == case_id).options(joinedload(Visit.author))
    if wanted.kind:
        query = query.where(Visit.kind == wanted.kind)
    if wanted.who:
        query = query.where(getattr(Visit, f"with_{wanted.who}").is_(True))
    if wanted.from_on:
        query = query.where(Visit.visited_on >= wanted.from_on)
    if wanted.to_on:
        query = query.where(Visit.visited_on <= wanted.to_on)
    if wanted.monitoring is not None:
        query = query.where(Visit.is_monitoring.is_(wanted.monitoring))
    rows = session.scalars(query.order_by(Visit.visited_on.desc(), Visit.created_at.desc()).limit(SHOWN))
    return [Shown(row, row.author.name) for row in rows]


def earlier_of(session: Session, visit: Visit) -> list[tuple[VisitVersion, str]]:
    """What stood before each correction and who corrected it, newest first; no statement where nothing was."""
    if visit.version == 1:
        return []
    rows = session.execute(
        select(VisitVersion, Person.name)
        .join(Person, Person.id == VisitVersion.replaced_by_id)
        .where(VisitVersion.visit_id == visit.id)
        .order_by(VisitVersion.version.desc())
    )
    return [(row[0], row[1]) for row in rows]


def supervision_of(session: Session, case_id: UUID) -> list[tuple[SupervisionNote, str]]:
    """The head's remarks with who made them, newest first."""
    rows = session.execute(
        select(SupervisionNote, Person.name)
        .join(Person, Person.id == SupervisionNote.noted_by_id)
        .where(SupervisionNote.case_id == case_id)
        .order_by(SupervisionNote.noted_at.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def _note(session: Session, tag: str, visit: Visit) -> None:
    audit.note(
        session,
        tag,
        object_type="visit",
        object_id=visit.id,
        case_id=visit.case_id,
        rule="A16" if visit.is_monitoring else "A14.1",
    )
