"""The case's timeline, made from facts and audit; and who opened the case, made from the audit alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tmr_app.cases.case_record import names_of
from tmr_app.cases.models import Assessment, Case, CaseFile, InitialPlan, Referral, RiskLevel, TakeOver
from tmr_app.cases.panels import Entry, audit_words, more_entries, words_of
from tmr_app.cases.table_models import CaseManagerTerm, Disclosure, Seat
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Label, Message

LOG_ROWS = 50
DEEDS = {
    "child:changed": Message("The child's data were changed"),
    "relation:added": Message("A person was added to the family record"),
    "relation:changed": Message("A person of the family record was changed"),
    "relation:marked": Message("A person was marked as suspected perpetrator"),
    "relation:unmarked": Message("The mark of suspected perpetrator was taken back"),
    "placement:changed": Message("The placement was changed"),
    "risk:changed": Message("The kinds of risk were changed"),
    "file:withdrawn": Message("A document was withdrawn"),
}
READS = {
    "read:cases:show": Message("Summary"),
    "read:cases:assessment": Message("Assessment"),
    "read:cases:assessment_edit": Message("Assessment"),
    "read:cases:files": Message("Documents"),
    "read:cases:file_content": Message("A document was downloaded"),
    "read:cases:timeline": Message("Timeline"),
    "read:cases:access_log": Message("Access log"),
    "read:cases:family_list": Message("Family"),
    "read:cases:family_person": Message("Family"),
    "read:cases:assessment_version": Message("Assessment"),
    "read:cases:assessment_plan": Message("Initial individual plan"),
    "read:cases:placement": Message("Placement"),
    "read:cases:child": Message("The child's data"),
    "read:cases:risk_edit": Message("Risk"),
    "read:cases:disclosures": Message("Disclosures"),
    "read:cases:take_over": Message("Take-over from paper"),
    "case:opened": Message("The case was opened"),
    "case:taken_over": Message("Taken over from paper"),
    "case_manager:appointed": Message("A case manager was appointed"),
    "relation:withdrawn": Message("What a suspected perpetrator had been given was withdrawn"),
    "risk:determined": Message("The level of risk was determined"),
    "assessment:saved": Message("The assessment was saved"),
    "assessment:completed": Message("The assessment was completed"),
    "assessment:opened": Message("A new version of the assessment was opened"),
    "information:added": Message("Information was added to the assessment"),
    "information:decided": Message("Information was verified or disproved"),
    "circumstances:changed": Message("A change of circumstances was recorded"),
    "read:cases:assessment_information": Message("Information for the assessment"),
    "read:cases:assessment_information_piece": Message("Information for the assessment"),
    "read:cases:assessment_changes": Message("Changes of circumstances"),
    "read:cases:assessment_compare": Message("Compare two versions"),
    "read:cases:assessment_comprehensive": Message("Comprehensive assessment"),
    "read:cases:assessment_paper_of": Message("A document was downloaded"),
    "initial_plan:saved": Message("The initial plan was saved"),
    "file:added": Message("Document added"),
    "disclosure:proposed": Message("Disclosure required by law proposed"),
    "disclosure:approved": Message("A disclosure was approved"),
    "disclosure:refused": Message("A disclosure was not approved"),
    "disclosure:made": Message("Disclosed as the law requires"),
    "seat:given": Message("A seat was given"),
    "seat:ended": Message("A seat ended"),
    "member:recused": Message("A member was recused"),
    "declaration:signed": Message("The confidentiality declaration was signed"),
    "conflict:none": Message("No conflict of interest was declared"),
    "address:granted": Message("The shelter's address was granted to a person"),
    "address:revoked": Message("The grant of the shelter's address was revoked"),
    "glass:broken": Message("Emergency access by the duty case manager"),
    "glass:reviewed": Message("The emergency access was reviewed"),
    "meeting:called": Message("A meeting was called"),
    "meeting:convened": Message("A meeting was convened"),
    "meeting:ended": Message("A meeting ended"),
    "report:filed": Message("A progress report was filed"),
    "rule:refused": Message("A step was refused by a rule"),
    "read:table:show": Message("Table"),
    "read:table:declaration": Message("Confidentiality declaration"),
    "read:table:conflict": Message("Question about a conflict of interest"),
    "read:meetings:index": Message("Meetings"),
    "read:meetings:show": Message("A meeting"),
    "duplicate:matched": Message("A look-up at another centre matched this case"),
    "access:refused": Message("Access was refused"),
}
audit_words(DEEDS | READS)


KINDS: dict[str, Message] = {
    "assessment": Message("Assessment and risk"),
    "visits": Message("Contacts and visits"),
    "meetings": Message("Meetings"),
    "plan": Message("Plan"),
    "letters": Message("Requests and letters"),
    "reviews": Message("Reviews of the plan"),
    "reports": Message("Reports"),
    "table": Message("Table"),
    "documents": Message("Documents"),
    "record": Message("The case's record"),
}
"""What entries are filtered by; rooms above name one of these in `Entry.kind`."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter of the timeline; empty: everything."""

    kind: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def takes(self, entry: Entry) -> bool:
        on = _day(entry)
        if self.kind and (entry.kind or "record") != self.kind:
            return False
        if on is None:
            return not (self.from_on or self.to_on)
        return (self.from_on is None or on >= self.from_on) and (self.to_on is None or on <= self.to_on)


def timeline_of(session: Session, case: Case, wanted: Wanted | None = None) -> list[Entry]:
    """What happened, newest first: facts of this room, of the rooms above, and changes from the audit."""
    entries = [*_facts(session, case), *_changes(session, case), *more_entries(session, case)]
    if wanted is not None:
        entries = [entry for entry in entries if wanted.takes(entry)]
    return sorted(entries, key=_when, reverse=True)


def _day(entry: Entry) -> date | None:
    return entry.on or (civil_date(entry.at) if entry.at else None)


def _when(entry: Entry) -> tuple[str, str]:
    """By civil date, then by instant; what has only a date opens its day."""
    day = _day(entry)
    return (day.isoformat() if day else "", entry.at.isoformat() if entry.at else "")


def _facts(session: Session, case: Case) -> Iterator[Entry]:
    for referral, name in _with_name(session, Referral, Referral.received_by_id, case.id):
        yield Entry(Message("Referral received"), on=referral.received_on, by=name)
    yield Entry(Message("Case opened"), at=case.created_at)
    for level, name in _with_name(session, RiskLevel, RiskLevel.determined_by_id, case.id):
        title = Message("Level of risk determined: %(level)s", level=Label(level.level))
        yield Entry(title, at=level.determined_at, by=name, text=level.reason, kind="assessment")
    for made, name in _with_name(session, Assessment, Assessment.made_by_id, case.id):
        if made.completed_at:
            comprehensive = made.kind == "comprehensive"
            title = (
                Message("Comprehensive assessment completed, version %(version)s", version=made.version)
                if comprehensive
                else Message("Assessment completed, version %(version)s", version=made.version)
            )
            yield Entry(title, at=made.completed_at, by=name, kind="assessment")
    for plan, name in _with_name(session, InitialPlan, InitialPlan.made_by_id, case.id):
        title = Message("Initial individual plan, version %(version)s", version=plan.version)
        yield Entry(title, at=plan.created_at, by=name, kind="plan")
    for kept, name in _with_name(session, CaseFile, CaseFile.added_by_id, case.id):
        yield Entry(Message("Document added"), at=kept.added_at, by=name, text=kept.title, kind="documents")
    for taken in session.scalars(select(TakeOver).where(TakeOver.case_id == case.id)):
        yield Entry(Message("Taken over from paper"), on=taken.taken_over_on)
    yield from _table_facts(session, case)
    if case.closed_on:
        yield Entry(Message("Case closed"), on=case.closed_on)


def _table_facts(session: Session, case: Case) -> Iterator[Entry]:
    for term, name in _with_name(session, CaseManagerTerm, CaseManagerTerm.person_id, case.id):
        yield Entry(Message("Case manager: %(name)s", name=name), at=term.from_at, kind="table")
    for seat, name in _with_name(session, Seat, Seat.person_id, case.id):
        kind = Label(seat.kind)
        seated = Message("Seated at the Table: %(kind)s", kind=kind)
        yield Entry(seated, at=seat.seated_at, by=name, kind="table")
        if seat.recused_at:
            yield Entry(
                Message("Recused for a conflict of interest: %(kind)s", kind=kind),
                at=seat.recused_at,
                by=name,
                kind="table",
            )
        elif seat.ended_at:
            ended = Message("Seat ended: %(kind)s", kind=kind)
            yield Entry(ended, at=seat.ended_at, by=name, kind="table")
    for one, name in _with_name(session, Disclosure, Disclosure.proposed_by_id, case.id):
        yield Entry(
            Message("Disclosure required by law proposed"), at=one.proposed_at, by=name, text=one.recipient
        )
        if one.disclosed_at:
            yield Entry(Message("Disclosed as the law requires"), at=one.disclosed_at, text=one.recipient)


def _with_name(session: Session, model: Any, person_column: Any, case_id: UUID) -> list[tuple[Any, str]]:
    """Rows of the case with an official name: one statement."""
    rows = session.execute(
        select(model, Person.name)
        .join(Person, person_column == Person.id)
        .where(model.case_id == case_id)
        .limit(1000)
    )
    return [(row[0], row[1]) for row in rows]


def _changes(session: Session, case: Case) -> Iterator[Entry]:
    """Changes that leave no row of their own."""
    rows = session.execute(
        select(AuditEntry.tag, AuditEntry.at, Person.name)
        .outerjoin(Person, AuditEntry.actor_id == Person.id)
        .where(AuditEntry.case_id == case.id, AuditEntry.tag.in_(DEEDS), AuditEntry.outcome == "done")
        .order_by(AuditEntry.sequence.desc())
        .limit(1000)
    )
    for tag, at, name in rows:
        yield Entry(DEEDS[tag], at=at, by=name or "")


@dataclass(frozen=True, slots=True)
class Opened:
    """One person's readings of the case."""

    name: str
    standing: str
    first_at: datetime
    last_at: datetime
    count: int


@dataclass(frozen=True, slots=True)
class LogLine:
    """One row of the audit about this case. `what` is in words where the tag is known, else the tag."""

    at: datetime
    name: str
    standing: str
    what: Message | str
    outcome: str


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Who opened the case, and the newest rows; `older` is the sequence to go on before, or None."""

    people: list[Opened]
    lines: list[LogLine]
    older: int | None


def access_log(session: Session, case_id: UUID, before: int | None = None) -> AccessLog:
    """The case's access log, newest first, in pages by sequence."""
    wanted: Select[Any] = select(AuditEntry).where(AuditEntry.case_id == case_id)
    if before is not None:
        wanted = wanted.where(AuditEntry.sequence < before)
    rows = list(session.scalars(wanted.order_by(AuditEntry.sequence.desc()).limit(LOG_ROWS + 1)))
    people = _people(session, case_id) if before is None else []
    ids = {row.actor_id for row in rows if row.actor_id} | {one[0] for one in people}
    names = names_of(session, ids)
    lines = [
        LogLine(
            row.at,
            names.get(row.actor_id, "") if row.actor_id else "",
            (row.standing or "").split("/")[0],
            words_of(row.tag) or row.tag,
            row.outcome,
        )
        for row in rows[:LOG_ROWS]
    ]
    opened = [Opened(names.get(one[0], ""), (one[1] or "").split("/")[0], *one[2:]) for one in people]
    return AccessLog(opened, lines, rows[LOG_ROWS - 1].sequence if len(rows) > LOG_ROWS else None)


def _people(session: Session, case_id: UUID) -> list[Any]:
    """(person, standing at the last reading, first, last, how often) of everybody who read something of the case."""
    found = (
        select(
            AuditEntry.actor_id,
            func.min(AuditEntry.at).label("first_at"),
            func.max(AuditEntry.at).label("last_at"),
            func.count().label("times"),
            func.max(AuditEntry.sequence).label("newest"),
        )
        .where(
            AuditEntry.case_id == case_id,
            AuditEntry.outcome == "read",
            AuditEntry.actor_id.is_not(None),
        )
        .group_by(AuditEntry.actor_id)
        .order_by(func.max(AuditEntry.at).desc())
        .limit(200)
        .subquery()
    )
    return list(
        session.execute(
            select(found.c.actor_id, AuditEntry.standing, found.c.first_at, found.c.last_at, found.c.times)
            .join(AuditEntry, AuditEntry.sequence == found.c.newest)
            .order_by(found.c.last_at.desc())
        )
    )
