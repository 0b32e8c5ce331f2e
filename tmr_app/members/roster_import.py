"""Importing a roster: a dry run that lists every bad row, then the same once more for good. Repeating it doubles nothing."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit, clock
from tmr_app.kernel.text import fold
from tmr_app.members import accounts, appointing, institutions, people
from tmr_app.members.models import Appointment, Institution, Municipality, Person, Qps
from tmr_app.members.roster_files import Cells
from tmr_app.members.roster_rows import BadCell, Entry, judge
from tmr_app.regulation.verdicts import Message

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Outcome:
    """What an import would do, or has done. Counts are of people, institutions and appointments."""

    rows: int = 0
    good: int = 0
    new_people: int = 0
    changed_people: int = 0
    new_institutions: int = 0
    new_appointments: int = 0
    changed_appointments: int = 0
    unchanged: int = 0
    bad: list[BadCell] = field(default_factory=list)
    imported: bool = False
    newcomers: list[UUID] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({one.row for one in self.bad})


class _Known:
    """What the database holds of the people and places of a file: a handful of statements for all rows."""

    def __init__(self, session: Session, entries: Iterable[Entry], today: date) -> None:
        self.today = today
        self.municipalities = {one.key: one for one in session.scalars(select(Municipality))}
        self.centres: dict[UUID, list[Qps]] = {}
        for qps in session.scalars(select(Qps).where(Qps.active)):
            self.centres.setdefault(qps.municipality_id, []).append(qps)
        self.institutions = {
            (one.municipality_id, one.seat_kind, fold(one.name)): one
            for one in session.scalars(select(Institution))
        }
        addresses = sorted({entry.email for entry in entries})
        self.people: dict[str, Person] = {}
        for start in range(0, len(addresses), 500):
            chunk = addresses[start : start + 500]
            for person in session.scalars(select(Person).where(Person.email.in_(chunk))):
                self.people[person.email] = person
        self.appointments: dict[tuple[UUID, str, UUID | None], list[Appointment]] = {}
        self.offices: dict[UUID, set[str]] = {}
        ids = [person.id for person in self.people.values()]
        for start in range(0, len(ids), 500):
            held = select(Appointment).where(Appointment.person_id.in_(ids[start : start + 500]))
            for one in session.scalars(held):
                self.remember(one)

    def remember(self, one: Appointment) -> None:
        unit = one.institution_id or one.qps_id or one.municipality_id
        self.appointments.setdefault((one.person_id, one.office, unit), []).append(one)
        if one.to_on is None or one.to_on >= self.today:
            self.offices.setdefault(one.person_id, set()).add(one.office)

    def municipality_id(self, entry: Entry) -> UUID | None:
        return self.municipalities[entry.municipality].id if entry.municipality else None

    def institution(self, entry: Entry) -> Institution | None:
        return self.institutions.get((self.municipality_id(entry), entry.seat_kind, fold(entry.institution)))

    def centre(self, entry: Entry) -> Qps | None:
        """The Centre named; without a name the only one of the municipality."""
        there = self.centres.get(self.municipality_id(entry) or UUID(int=0), [])
        if not entry.institution:
            return there[0] if len(there) == 1 else None
        return next((qps for qps in there if fold(qps.name) == fold(entry.institution)), None)

    def unit_id(self, entry: Entry) -> UUID | None:
        unit = self.centre(entry) if entry.is_of_centre else self.institution(entry)
        return unit.id if unit else None

    def appointment(self, entry: Entry) -> Appointment | None:
        """The one this row speaks of: not over, or overlapping the days the row names."""
        person, unit_id = self.people.get(entry.email), self.unit_id(entry)
        if person is None or unit_id is None:
            return None
        first = entry.from_on or self.today
        held = self.appointments.get((person.id, office_of(entry), unit_id), [])
        fitting = [one for one in held if one.to_on is None or one.to_on >= first or one.from_on == first]
        return max(fitting, key=lambda one: one.from_on, default=None)


def office_of(entry: Entry) -> str:
    """The office a row appoints to: its role, or for the Centre's own staff the kind of seat."""
    return entry.seat_kind if entry.is_of_centre else entry.role


def run(
    session: Session,
    actor: Person | None,
    now: datetime,
    *,
    table: list[tuple[int, Cells]],
    dry_run: bool,
    skip_bad: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Judge every row; unless `dry_run`, take the good ones: all of them, or none when any is bad (`skip_bad` aside).

    `table` comes from `roster_files.read_table`. The same file again changes nothing more.
    """
    today = clock.civil_date(now)
    outcome = Outcome(rows=len(table))
    entries = _judged(table, outcome)
    known = _Known(session, entries, today)
    good = []
    for entry in entries:
        faults = _faults(entry, known, actor)
        outcome.bad += faults
        if not faults:
            good.append(entry)
    outcome.bad.sort(key=lambda one: one.row)
    outcome.good = len(good)
    if dry_run or (outcome.bad and not skip_bad):
        _foresee(good, known, outcome)
        return outcome
    for done, entry in enumerate(good, 1):
        _take(session, actor, now, entry, known, outcome)
        if progress is not None:
            progress(done, len(good))
    outcome.imported = True
    audit.note(
        session,
        "roster:imported",
        object_type="installation",
        actor_id=actor.id if actor else None,
        changes={"rows": outcome.good, "skipped": outcome.bad_rows},
    )
    return outcome


def _judged(table: list[tuple[int, Cells]], outcome: Outcome) -> list[Entry]:
    """Each row by itself, then against the rows before it."""
    entries: list[Entry] = []
    seen: dict[tuple[object, ...], int] = {}
    names: dict[str, Entry] = {}
    for number, cells in table:
        entry, bad = judge(number, cells)
        outcome.bad += bad
        if entry is None:
            continue
        place = (entry.municipality, entry.seat_kind, fold(entry.institution), entry.role, entry.email)
        before = names.setdefault(entry.email, entry)
        if place in seen:
            outcome.bad.append(BadCell(number, "", Message("The same as row %(row)s.", row=seen[place])))
        elif fold(before.name) != fold(entry.name):
            reason = Message("Row %(row)s gives this mail address to another name.", row=before.row)
            outcome.bad.append(BadCell(number, "email", reason))
        else:
            seen[place] = number
            entries.append(entry)
    return entries


def _faults(entry: Entry, known: _Known, actor: Person | None) -> list[BadCell]:
    """What only the database can say against a row."""
    found: list[tuple[str, Message]] = []
    if entry.municipality and entry.municipality not in known.municipalities:
        return [
            BadCell(entry.row, "municipality", Message("Run “tmr db upgrade”: it is not registered yet."))
        ]
    person = known.people.get(entry.email)
    if entry.is_of_centre and known.centre(entry) is None:
        found.append(("institution", Message("Register this Centre for Social Work first.")))
    institution = known.institution(entry) if not entry.is_of_centre else None
    if institution is not None and not institution.active:
        found.append(("institution", Message("This institution is closed.")))
    if person is not None and actor is not None and person.id == actor.id:
        found.append(("email", Message("Nobody appoints themselves: ask another administrator.")))
    elif (
        person is not None
        and office_of(entry) in appointing.CASE_OFFICES
        and "administrator" in known.offices.get(person.id, ())
    ):
        found.append(("email", appointing.APART))
    present = known.appointment(entry)
    if present is None and entry.to_on is not None and entry.to_on < known.today:
        found.append(("to_on", Message("This appointment would be over already.")))
    if present is not None and entry.from_on is None and entry.to_on and entry.to_on < present.from_on:
        found.append(("to_on", Message("The last day lies before the first.")))
    if present is not None and present.to_on and not entry.to_on and present.to_on < _first(entry, present):
        found.append(("from_on", Message("The last day lies before the first.")))
    return [BadCell(entry.row, column, reason) for column, reason in found]


def _first(entry: Entry, present: Appointment) -> date:
    return entry.from_on or present.from_on


def _foresee(good: list[Entry], known: _Known, outcome: Outcome) -> None:
    """The counts of a dry run."""
    new_people: set[str] = set()
    new_institutions: set[tuple[object, ...]] = set()
    changed: set[str] = set()
    for entry in good:
        person = known.people.get(entry.email)
        if person is None:
            new_people.add(entry.email)
        elif _person_changes(entry, person):
            changed.add(entry.email)
        if not entry.is_of_centre and known.institution(entry) is None:
            new_institutions.add((entry.municipality, entry.seat_kind, fold(entry.institution)))
        present = known.appointment(entry)
        if present is None:
            outcome.new_appointments += 1
        elif _dates(entry, present) != (present.from_on, present.to_on):
            outcome.changed_appointments += 1
        elif person is not None and not _person_changes(entry, person):
            outcome.unchanged += 1
    outcome.new_people, outcome.changed_people = len(new_people), len(changed)
    outcome.new_institutions = len(new_institutions)


def _person_changes(entry: Entry, person: Person) -> dict[str, str]:
    """What the row says otherwise; an empty cell says nothing."""
    said = {"name": entry.name, "function": entry.function, "phone": entry.phone}
    return {name: value for name, value in said.items() if value and value != (getattr(person, name) or "")}


def _dates(entry: Entry, present: Appointment) -> tuple[date, date | None]:
    return entry.from_on or present.from_on, entry.to_on or present.to_on


def _take(
    session: Session, actor: Person | None, now: datetime, entry: Entry, known: _Known, outcome: Outcome
) -> None:
    person = _person(session, actor, now, entry, known, outcome)
    unit = _unit(session, actor, now, entry, known, outcome)
    present = known.appointment(entry)
    if present is None:
        made = appointing.appoint(
            session,
            actor,
            now,
            person=person,
            office=office_of(entry),
            from_on=entry.from_on or clock.civil_date(now),
            to_on=entry.to_on,
            qps_id=unit.id if isinstance(unit, Qps) else None,
            institution_id=unit.id if isinstance(unit, Institution) else None,
        )
        known.remember(made)
        outcome.new_appointments += 1
        return
    from_on, to_on = _dates(entry, present)
    if (from_on, to_on) == (present.from_on, present.to_on):
        outcome.unchanged += 1
        return
    appointing.change_dates(session, actor, now, appointment=present, from_on=from_on, to_on=to_on)
    outcome.changed_appointments += 1


def _person(
    session: Session, actor: Person | None, now: datetime, entry: Entry, known: _Known, outcome: Outcome
) -> Person:
    person = known.people.get(entry.email)
    if person is None:
        person = people.register_person(
            session,
            actor,
            now,
            name=entry.name,
            email=entry.email,
            function=entry.function,
            phone=entry.phone,
            language=entry.language,
        )
        known.people[entry.email] = person
        outcome.new_people += 1
        outcome.newcomers.append(person.id)
        return person
    changes = _person_changes(entry, person)
    if changes:
        for name, value in changes.items():
            setattr(person, name, value)
        people.note(session, actor, "person:changed", person.id, changes)
        outcome.changed_people += 1
    return person


def _unit(
    session: Session, actor: Person | None, now: datetime, entry: Entry, known: _Known, outcome: Outcome
) -> Institution | Qps:
    if entry.is_of_centre:
        centre = known.centre(entry)
        assert centre is not None  # noqa: S101  # the row was judged before
        return centre
    found = known.institution(entry)
    if found is None:
        found = institutions.register_institution(
            session,
            actor,
            now,
            seat_kind=entry.seat_kind,
            name=entry.institution,
            municipality_id=known.municipality_id(entry),
        )
        key = (found.municipality_id, found.seat_kind, fold(found.name))
        known.institutions[key] = found
        outcome.new_institutions += 1
    if entry.role == "superior":
        found.superior_name, found.superior_email = entry.name, entry.email
        found.superior_title = entry.function or found.superior_title
        institutions.note(session, actor, "institution:superior", found)
    return found


def invite_newcomers(
    session: Session, actor: Person, now: datetime, *, newcomers: list[UUID], public_url: str
) -> int:
    """Invite the people an import brought; `now` is the real instant. Returns how many."""
    found = session.scalars(select(Person).where(Person.id.in_(newcomers))) if newcomers else ()
    count = 0
    for person in list(found):
        accounts.invite(session, actor, now, person=person, public_url=public_url)
        count += 1
    return count
