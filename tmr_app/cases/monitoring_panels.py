"""What monitoring adds elsewhere: words of the log, entries of the timeline, sections of "my work"."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from tmr_app.cases import panels
from tmr_app.cases.information import TO_VERIFY
from tmr_app.cases.models import Case
from tmr_app.cases.monitoring_models import CircumstanceChange, Information, SupervisionNote, Visit
from tmr_app.cases.panels import Entry
from tmr_app.cases.visit_paper import KINDS
from tmr_app.cases.visiting import LOOKED
from tmr_app.cases.work_panels import PERSON, Asking, Section, Task, Waiting, shows, waits
from tmr_app.kernel.clock import civil_date
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

STATES = {
    "to_verify": Message("to verify"),
    "verified": Message("verified"),
    "disproved": Message("disproved"),
}
WORDS = {
    "visit:recorded": Message("A visit was written down"),
    "visit:monitoring": Message("A monitoring visit was written down"),
    "visit:corrected": Message("The record of a visit was corrected"),
    "visit:followed_up": Message("A monitoring visit was answered"),
    "supervision:looked": Message("The head of services looked at the work on the plan"),
    "supervision:visit_needed": Message("The head of services found a monitoring visit needed"),
    "read:visits:index": Message("Contacts and visits"),
    "read:visits:show": Message("Contacts and visits"),
    "read:visits:new": Message("Contacts and visits"),
    "read:visits:edit": Message("Contacts and visits"),
    "read:visits:new_monitoring": Message("Contacts and visits"),
    "read:visits:edit_monitoring": Message("Contacts and visits"),
}
panels.audit_words(WORDS)


@panels.timeline_source
def visit_entries(session: Session, case: Case) -> Iterable[Entry]:
    """Visits and the head's remarks: two statements."""
    for visit, name in _named(session, Visit, Visit.author_id, case):
        title = Message("Monitoring visit") if visit.is_monitoring else KINDS[visit.kind]
        said = visit.findings if visit.is_monitoring else visit.summary
        url = f"/cases/{case.id}/visits/{visit.id}"
        yield Entry(title, on=visit.visited_on, by=name, text=said[:400], url=url, kind="visits")
    for note, name in _named(session, SupervisionNote, SupervisionNote.noted_by_id, case):
        title = WORDS[f"supervision:{LOOKED if note.kind == LOOKED else 'visit_needed'}"]
        yield Entry(title, at=note.noted_at, by=name, text=note.note, kind="visits")


@panels.timeline_source
def information_entries(session: Session, case: Case) -> Iterable[Entry]:
    """What members brought and what changed: two statements."""
    for row, name in _named(session, Information, Information.author_id, case):
        title = Message("Information for the assessment, %(state)s", state=STATES[row.state])
        url = f"/cases/{case.id}/assessment/information/{row.id}"
        yield Entry(title, at=row.added_at, by=name, text=row.text[:400], url=url, kind="assessment")
    for change, name in _named(session, CircumstanceChange, CircumstanceChange.noted_by_id, case):
        title = Message("Circumstances changed")
        yield Entry(title, on=change.changed_on, by=name, text=change.what[:400], kind="assessment")


def _named(session: Session, model: type, person_column: object, case: Case) -> list[tuple]:  # type: ignore[type-arg]
    rows: Any = session.execute(
        select(model, Person.name)
        .join(Person, Person.id == person_column)
        .where(model.case_id == case.id)  # type: ignore[attr-defined]
        .limit(1000)
    )
    return [(row[0], row[1]) for row in rows]


_TO_VERIFY = waits(case_id=Case.id, about=Case.number, order_by=(Case.number,)).where(
    Case.case_manager_id == PERSON,
    Case.status == "open",
    exists().where(Information.case_id == Case.id, Information.state == TO_VERIFY),
)


@shows(_TO_VERIFY)
def to_verify(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """Information that waits for the chair's decision (A12.1)."""
    tasks = [
        Task("A12.1", row.about, None, "cases.assessment_information", {"case_id": row.case_id})
        for row in rows
    ]
    return Section(
        "information", Message("Information to verify"), Message("Verify"), Message("Case"), tasks, 60
    )


_TO_ANSWER = (
    waits(
        case_id=Case.id,
        thing_id=Visit.id,
        about=Case.number,
        due_on=Visit.follow_up_on,
        order_by=(Visit.follow_up_on.is_(None), Visit.follow_up_on, Case.number),
    )
    .join_from(Case, Visit, Visit.case_id == Case.id)
    .where(
        Case.case_manager_id == PERSON,
        Case.status == "open",
        Visit.is_monitoring,
        Visit.follow_up_enc.is_not(None),
        Visit.followed_up_at.is_(None),
    )
)


@shows(_TO_ANSWER)
def to_answer(rows: Sequence[Waiting], asking: Asking) -> Section | None:
    """What the head asked for after monitoring visits (A16)."""
    today = civil_date(asking.now)
    tasks = [
        Task(
            "A16",
            row.about,
            row.due_on or today,
            "visits.show",
            {"case_id": row.case_id, "visit_id": row.thing_id},
        )
        for row in rows
    ]
    return Section(
        "monitoring",
        Message("Asked for after monitoring visits"),
        Message("Answer the head of services"),
        Message("Case"),
        tasks,
        61,
    )
