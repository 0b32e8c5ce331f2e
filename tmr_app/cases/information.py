"""Information that members bring to the assessment, its verification by the chair, and changes of circumstances.

A5.1.2: the Table adds information and follows changes. A12.1: each piece has a source and is verified or disproved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases import facts
from tmr_app.cases.assessing import COMPREHENSIVE, INITIAL, newest_assessment, open_version
from tmr_app.cases.models import Assessment, Case
from tmr_app.cases.monitoring_models import CircumstanceChange, Information, InformationDecision
from tmr_app.cases.table_models import Seat
from tmr_app.kernel import audit, db
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import BadInput, FieldRefused, NotFound, Stale
from tmr_app.members.models import Person
from tmr_app.regulation import articles
from tmr_app.regulation.verdicts import Message, Verdict

TO_VERIFY, VERIFIED, DISPROVED = "to_verify", "verified", "disproved"
STATES = (TO_VERIFY, VERIFIED, DISPROVED)
CHAIRS = frozenset({"case_manager", "assistant_case_manager"})
"""What these seats write is the case manager's own; everybody else's is a member's contribution (A12.2)."""
SHOWN = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of information with its author's name, institution and kind of seat, and every decision, newest first."""

    row: Information
    name: str
    institution: str
    kind: str
    decisions: list[tuple[InformationDecision, str]] = field(default_factory=list)

    def state_at(self, at: datetime) -> str:
        """What had been decided by an instant."""
        return next((one.state for one, _name in self.decisions if one.decided_at <= at), TO_VERIFY)


def add_information(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    text: str,
    source: str,
    seat_id: UUID | None = None,
    once: str | None = None,
) -> Information:
    """Put a piece of information before the Table, to be verified. FieldRefused without text or source (A12.1)."""
    before = db.made_before(session, Information, once)
    if before is not None:
        return before
    if not text.strip():
        raise FieldRefused("text", Message("Write what you know."))
    if not source.strip():
        raise FieldRefused("source", Message("Write where the information comes from (A12.1)."))
    row = Information(
        case_id=case.id, seat_id=seat_id, author_id=actor.id, state=TO_VERIFY, added_at=now, version=1,
        text=text, source=source, once_key=once,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "information:added", "information", row.id, case.id, "A5.1.2")
    return row


def decide_information(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    information: Information,
    state: str,
    note: str,
    version: int,
) -> InformationDecision:
    """The chair says what became of it, and why; earlier decisions stay. Raises Stale when somebody decided meanwhile."""
    if state not in STATES:
        raise BadInput("unknown state of verification")
    if version != information.version:
        raise Stale(
            mine={"note": note},
            theirs={"note": _last_note(session, information)},
            version=information.version,
        )
    if not note.strip():
        raise FieldRefused("note", Message("Write how it was verified or disproved (A12.1)."))
    row = InformationDecision(
        case_id=information.case_id, information_id=information.id, state=state,
        decided_by_id=actor.id, decided_at=now, note=note,
    )  # fmt: skip
    session.add(row)
    information.state = state
    information.version += 1
    session.flush()
    _note(session, "information:decided", "information", information.id, information.case_id, "A12.1")
    return row


def _last_note(session: Session, information: Information) -> str:
    found = session.scalar(
        select(InformationDecision)
        .where(InformationDecision.information_id == information.id)
        .order_by(InformationDecision.decided_at.desc())
        .limit(1)
    )
    return found.note if found else ""


def find_information(session: Session, case_id: UUID, information_id: UUID) -> Information:
    """Raises NotFound for one of another case."""
    found = session.scalar(
        select(Information).where(Information.id == information_id, Information.case_id == case_id)
    )
    if found is None:
        raise NotFound("information")
    return found


def pieces_of(session: Session, case_id: UUID, *, before: datetime | None = None) -> list[Piece]:
    """Everything brought to the assessment, what is to be verified first, then the newest. At most two statements."""
    wanted: Select[Any, Any] = (
        select(Information, Seat)
        .outerjoin(Seat, Seat.id == Information.seat_id)
        .where(Information.case_id == case_id)
        .options(joinedload(Information.author), joinedload(Seat.institution))
        .order_by(Information.state != TO_VERIFY, Information.added_at.desc())
        .limit(SHOWN)
    )
    if before is not None:
        wanted = wanted.where(Information.added_at <= before)
    found = [
        Piece(
            row,
            row.author.name,
            seat.institution.name if seat and seat.institution else "",
            seat.kind if seat else "",
        )
        for row, seat in session.execute(wanted)
    ]
    known = {piece.row.id: piece for piece in found}
    if not known:
        return []
    for decision, name in session.execute(
        select(InformationDecision, Person.name)
        .join(Person, Person.id == InformationDecision.decided_by_id)
        .where(InformationDecision.case_id == case_id)
        .order_by(InformationDecision.decided_at.desc())
    ):
        if decision.information_id in known:
            known[decision.information_id].decisions.append((decision, name))
    return found


def note_change(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    case: Case,
    what: str,
    changed_on: date,
    once: str | None = None,
) -> CircumstanceChange:
    """The child's state or circumstances changed (A5.1.2): recorded, and a new version of the assessment opens.

    The rule says whether the assessment is older than the change. Where none was completed yet, or a version is being
    written, that one answers it. FieldRefused for a day to come.
    """
    known = select(CircumstanceChange).where(CircumstanceChange.once_key == once)
    before = session.scalar(known) if once else None
    if before is not None:
        return before
    if not what.strip():
        raise FieldRefused("what", Message("Write what has changed."))
    if changed_on > civil_date(now):
        raise FieldRefused("changed_on", Message("This day is still to come."))
    kind = COMPREHENSIVE if newest_assessment(session, case.id, COMPREHENSIVE) else INITIAL
    opened = newest_assessment(session, case.id, kind)
    answer = current(session, case.id, civil_date(now), noting_on=changed_on)
    if any(way.key == "update" for way in answer.ways_out):
        opened = open_version(session, actor, now, case=case, kind=kind)
    row = CircumstanceChange(
        case_id=case.id, assessment_id=opened.id if opened else None, changed_on=changed_on,
        noted_by_id=actor.id, noted_at=now, what=what, once_key=once,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _note(session, "circumstances:changed", "circumstance_change", row.id, case.id, "A5.1.2")
    return row


def current(session: Session, case_id: UUID, today: date, noting_on: date | None = None) -> Verdict:
    """Whether the assessment follows the circumstances (A5.1.2), with a change of that day noted now. Two statements."""
    versions = session.execute(
        select(Assessment.made_on, Assessment.completed_at).where(Assessment.case_id == case_id)
    ).all()
    noted = session.execute(
        select(CircumstanceChange.changed_on, CircumstanceChange.noted_at).where(
            CircumstanceChange.case_id == case_id
        )
    ).all()
    found = facts.change_of(versions, noted)
    if noting_on is not None:
        found = replace(found, changed_on=noting_on, noted_after=True)
    return articles.a5_1_2_assessment_current(found, today)


def verified(pieces: Sequence[Piece], today: date) -> Verdict:
    """What of the information brought is verified or disproved (A12.1)."""
    waiting = sum(one.row.state == TO_VERIFY for one in pieces)
    return articles.a12_1_information_verified(facts.information_of(len(pieces), waiting), today)


def in_form(case: Case, versions: Iterable[Assessment], pieces: Iterable[Piece], today: date) -> Verdict:
    """Whether the Table's assessment form holds what was collected (A12.4)."""
    completed = [one.completed_at for one in versions if one.kind == COMPREHENSIVE and one.completed_at]
    brought = [one.row.added_at for one in pieces]
    found = facts.form_of(case.taken_over_on or case.opened_on, completed, brought)
    return articles.a12_4_recorded_in_form(found, today)


def changes_of(session: Session, case_id: UUID) -> list[tuple[CircumstanceChange, str]]:
    """Changes of circumstances with who noted them, newest first. One statement."""
    rows = session.execute(
        select(CircumstanceChange, Person.name)
        .join(Person, Person.id == CircumstanceChange.noted_by_id)
        .where(CircumstanceChange.case_id == case_id)
        .order_by(CircumstanceChange.noted_at.desc())
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def _note(session: Session, tag: str, kind: str, row_id: UUID, case_id: UUID, rule: str) -> None:
    audit.note(session, tag, object_type=kind, object_id=row_id, case_id=case_id, rule=rule)
