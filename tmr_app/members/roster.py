"""The roster of a municipality's Table: who represents which seat, and what the Regulation says of it (A3, A4.1)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.members.models import Appointment, Institution, Municipality, Person, Qps
from tmr_app.regulation.articles import a3_table_established, a4_1_seats_filled
from tmr_app.regulation.catalogue import SEATS, SEATS_4_1
from tmr_app.regulation.facts import RosterFacts
from tmr_app.regulation.verdicts import Verdict

QPS_SEATS = frozenset({"case_manager", "assistant_case_manager"})
HEADS = ("head", "acting_head")
SENT = ("representative", "substitute")
KINDS_4_1 = tuple(seat.key for seat in SEATS_4_1)


@dataclass(frozen=True, slots=True)
class Place:
    """One person on the roster: appointed by an institution, or by the Centre itself."""

    appointment: Appointment
    person: Person
    institution: Institution | None
    qps: Qps | None

    @property
    def unit(self) -> str:
        """The name of the institution or Centre."""
        return self.institution.name if self.institution else self.qps.name if self.qps else ""


@dataclass(slots=True)
class Roster:
    """One municipality on one day. `seats`: kind -> those who run on that day, in the catalogue's order."""

    municipality: Municipality
    centres: list[Qps]
    heads: dict[UUID, list[Person]]
    seats: dict[str, list[Place]]
    institutions: list[Institution] = field(default_factory=list)
    offices: list[Appointment] = field(default_factory=list)

    @property
    def facts(self) -> RosterFacts:
        return RosterFacts(
            qps_named=bool(self.centres),
            head_named=any(self.heads.values()),
            seat_kinds=frozenset(kind for kind, places in self.seats.items() if _represented(places)),
            established_on=self.municipality.table_registered_on,
        )

    @property
    def empty_kinds(self) -> tuple[str, ...]:
        """The kinds of Article 4.1 without a representative."""
        return tuple(kind for kind in KINDS_4_1 if kind not in self.facts.seat_kinds)

    def verdicts(self, today: date) -> tuple[Verdict, Verdict]:
        """A3 and A4.1."""
        return a3_table_established(self.facts, today), a4_1_seats_filled(self.facts, today)


def _represented(places: Iterable[Place]) -> bool:
    """A substitute alone does not fill a seat."""
    return any(place.appointment.office != "substitute" for place in places)


def running_on(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Conditions: the appointment runs on this civil date, both its days included."""
    return Appointment.from_on <= day, or_(Appointment.to_on.is_(None), Appointment.to_on >= day)


def roster_of(session: Session, municipality: Municipality, day: date) -> Roster:
    """The roster on `day`; institutions that serve the whole country are part of every roster. Four statements."""
    centres = list(
        session.scalars(
            select(Qps).where(Qps.municipality_id == municipality.id, Qps.active).order_by(Qps.name)
        )
    )
    institutions = list(
        session.scalars(
            select(Institution)
            .where(
                Institution.active,
                or_(Institution.municipality_id == municipality.id, Institution.municipality_id.is_(None)),
            )
            .order_by(Institution.name)
        )
    )
    appointments = _appointments(session, day, municipality, centres, institutions)
    by_institution = {one.id: one for one in institutions}
    by_qps = {one.id: one for one in centres}
    built = Roster(
        municipality, centres, {one.id: [] for one in centres}, {seat.key: [] for seat in SEATS}, institutions
    )
    for one in appointments:
        _place(built, one, by_institution, by_qps)
    return built


def _appointments(
    session: Session,
    day: date,
    municipality: Municipality,
    centres: list[Qps],
    institutions: list[Institution],
) -> list[Appointment]:
    return list(
        session.scalars(
            select(Appointment)
            .join(Person, Appointment.person_id == Person.id)
            .options(joinedload(Appointment.person))
            .where(
                *running_on(day),
                or_(
                    Appointment.institution_id.in_([one.id for one in institutions]),
                    Appointment.qps_id.in_([one.id for one in centres]),
                    Appointment.municipality_id == municipality.id,
                ),
            )
            .order_by(Appointment.office, Person.name)
        )
    )


def _place(
    built: Roster, one: Appointment, institutions: dict[UUID, Institution], centres: dict[UUID, Qps]
) -> None:
    institution = institutions.get(one.institution_id) if one.institution_id else None
    qps = centres.get(one.qps_id) if one.qps_id else None
    if institution is not None and one.office in SENT:
        built.seats[institution.seat_kind].append(Place(one, one.person, institution, None))
    elif qps is not None and one.office in QPS_SEATS:
        built.seats[one.office].append(Place(one, one.person, None, qps))
    elif qps is not None and one.office in HEADS:
        built.heads[qps.id].append(one.person)
    elif one.municipality_id is not None:
        built.offices.append(one)


def sent_by(session: Session, institution_ids: Iterable[UUID], day: date) -> dict[UUID, list[Person]]:
    """Who may speak for these institutions on this civil date, substitutes included, by name. One statement."""
    rows = session.execute(
        select(Appointment.institution_id, Person)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Appointment.institution_id.in_(set(institution_ids)),
            Appointment.office.in_(SENT),
            *running_on(day),
        )
        .order_by(Person.name)
    )
    found: dict[UUID, dict[UUID, Person]] = {}
    for institution_id, person in rows:
        if institution_id is not None:
            found.setdefault(institution_id, {})[person.id] = person
    return {key: list(people.values()) for key, people in found.items()}


def facts_by_municipality(session: Session, day: date) -> dict[UUID, RosterFacts]:
    """A3 and A4.1 for every municipality at once: four statements whatever their number."""
    municipalities = list(session.scalars(select(Municipality)))
    centres = {
        row.id: row.municipality_id
        for row in session.execute(select(Qps.id, Qps.municipality_id).where(Qps.active))
    }
    institutions = {
        row.id: (row.municipality_id, row.seat_kind)
        for row in session.execute(
            select(Institution.id, Institution.municipality_id, Institution.seat_kind).where(
                Institution.active
            )
        )
    }
    runs = session.execute(
        select(Appointment.office, Appointment.qps_id, Appointment.institution_id)
        .where(*running_on(day), Appointment.office.in_((*QPS_SEATS, *HEADS, "representative")))
        .distinct()
    )
    kinds: dict[UUID | None, set[str]] = {}
    headed: set[UUID] = set()
    for office, qps_id, institution_id in runs:
        if office in HEADS and qps_id in centres:
            headed.add(centres[qps_id])
        elif office in QPS_SEATS and qps_id in centres:
            kinds.setdefault(centres[qps_id], set()).add(office)
        elif office == "representative" and institution_id in institutions:
            where, kind = institutions[institution_id]
            kinds.setdefault(where, set()).add(kind)
    everywhere = kinds.get(None, set())
    with_centre = set(centres.values())
    return {
        one.id: RosterFacts(
            qps_named=one.id in with_centre,
            head_named=one.id in headed,
            seat_kinds=frozenset(kinds.get(one.id, set()) | everywhere),
            established_on=one.table_registered_on,
        )
        for one in municipalities
    }
