"""Two municipalities with everybody who belongs to them, and the institutions of the whole country."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.kernel import vault
from tmr_app.members import registering
from tmr_app.members.models import Appointment, Institution, MeetingRoom, Municipality, Person, Qps
from tmr_app.web.demonstration import people
from tmr_app.web.demonstration.people import SeatLine, TownPeople

ASSESSMENT_DAYS = 45
"""What both municipalities have set for the comprehensive assessment (A12.5); the guide says 7."""

FUNCTIONS = {
    "sq": {"substitute": "Zëvendës i caktuar", "superior": "Udhëheqje e institucionit"},
    "sr_Latn": {"substitute": "Određeni zamenik", "superior": "Rukovodstvo institucije"},
}

OFFICE_OF_QPS = {
    "head": ("head",),
    "case_manager": ("case_manager",),
    "second_case_manager": ("case_manager", "duty_case_manager"),
    "assistant_case_manager": ("assistant_case_manager",),
}


@dataclass
class Town:
    """One furnished municipality: offices by name, representatives, substitutes and superiors by kind of seat."""

    spec: TownPeople
    municipality: Municipality
    qps: Qps
    rooms: list[MeetingRoom]
    offices: dict[str, Person] = field(default_factory=dict)
    members: dict[str, Person] = field(default_factory=dict)
    substitutes: dict[str, Person] = field(default_factory=dict)
    superiors: dict[str, Person] = field(default_factory=dict)
    institutions: dict[str, Institution] = field(default_factory=dict)

    @property
    def head(self) -> Person:
        return self.offices["head"]

    @property
    def case_manager(self) -> Person:
        return self.offices["case_manager"]


@dataclass
class World:
    """Everybody of the demonstration. `country`: representatives of the kinds of A4.6, by kind."""

    since: date
    towns: dict[str, Town] = field(default_factory=dict)
    country: dict[str, Person] = field(default_factory=dict)
    installation: dict[str, Person] = field(default_factory=dict)
    guest: Person | None = None
    guest_institution: Institution | None = None


class Founder:
    """Registers people and institutions in bulk: one flush per town."""

    def __init__(self, session: Session, now: datetime, since: date) -> None:
        self.session = session
        self.now = now
        self.since = since

    def person(self, name: str, function: str, domain: str, language: str = "sq") -> Person:
        made = Person(
            name=name,
            email=people.address(name, domain),
            function=function,
            phone="038 000 100",
            language=language,
            created_at=self.now,
        )
        self.session.add(made)
        vault.create_key(self.session, made.id, self.now)
        return made

    def appoint(self, person: Person, office: str, **unit: object) -> None:
        self.session.add(
            Appointment(person_id=person.id, office=office, from_on=self.since, created_at=self.now, **unit)
        )

    def institution(
        self, line: SeatLine, domain: str, language: str, municipality: Municipality | None
    ) -> tuple[Institution, Person, Person, Person]:
        """An institution with representative, substitute and superior."""
        kind, name, representative, function, substitute, superior = line
        words = FUNCTIONS.get(language, FUNCTIONS["sq"])
        made = Institution(
            municipality_id=municipality.id if municipality else None,
            seat_kind=kind,
            name=name,
            superior_name=superior,
            superior_title=words["superior"],
            superior_email=people.address(superior, domain),
            roster_confirmed_on=self.since,
        )
        self.session.add(made)
        three = (
            self.person(representative, function, domain, language),
            self.person(substitute, words["substitute"], domain, language),
            self.person(superior, words["superior"], domain, language),
        )
        self.session.flush()
        for person, office in zip(three, ("representative", "substitute", "superior"), strict=True):
            self.appoint(person, office, institution_id=made.id)
        return made, *three


def found(session: Session, now: datetime, since: date) -> World:
    """The 38 municipalities, two of them furnished, the country-wide institutions and the installation's people."""
    registering.register_municipalities(session, now)
    founder, world = Founder(session, now, since), World(since)
    for spec in people.TOWNS:
        world.towns[spec.key] = _town(session, founder, spec)
    for line in people.COUNTRY_WIDE:
        language = "en" if line[0] == "international_org" else "sq"
        made = founder.institution(line, people.COUNTRY_DOMAIN, language, None)
        world.country[line[0]] = made[1]
    for office, name, function, language in people.INSTALLATION:
        person = world.installation[office] = founder.person(name, function, people.COUNTRY_DOMAIN, language)
        session.flush()
        founder.appoint(person, office)
    _guest(session, founder, world)
    session.flush()
    return world


def _guest(session: Session, founder: Founder, world: World) -> None:
    """Somebody rostered with no kind of seat in any case: comes as a guest (A8.5)."""
    name, function, institution = people.GUEST
    town = world.towns["prishtine"]
    made = Institution(municipality_id=town.municipality.id, seat_kind="other_professional", name=institution)
    session.add(made)
    world.guest = founder.person(name, function, town.spec.domain)
    world.guest_institution = made
    session.flush()
    founder.appoint(world.guest, "representative", institution_id=made.id)


def _town(session: Session, founder: Founder, spec: TownPeople) -> Town:
    municipality = session.scalars(select(Municipality).where(Municipality.key == spec.key)).one()
    municipality.table_registered_on = founder.since
    municipality.assessment_days = ASSESSMENT_DAYS
    qps = Qps(
        municipality_id=municipality.id,
        name=spec.centre,
        case_prefix=spec.prefix,
        reply_address=f"takimet@{spec.domain}",
        phone=spec.phone,
    )
    rooms = [
        MeetingRoom(municipality_id=municipality.id, name=name, address=place) for name, place in spec.rooms
    ]
    session.add_all([qps, *rooms])
    town = Town(spec, municipality, qps, rooms)
    for office, name, function, language in spec.offices:
        town.offices[office] = founder.person(name, function, spec.domain, language)
    session.flush()
    for office, person in town.offices.items():
        for held in OFFICE_OF_QPS.get(office, ()):
            founder.appoint(person, held, qps_id=qps.id)
    founder.appoint(
        town.offices["municipality_officer"], "municipality_officer", municipality_id=municipality.id
    )
    for line in spec.seated:
        _staff(founder, town, line)
    return town


def _staff(founder: Founder, town: Town, line: SeatLine) -> None:
    kind, spec = line[0], town.spec
    language = "sr_Latn" if kind in spec.serbian else "sq"
    made = founder.institution(line, spec.domain, language, town.municipality)
    town.institutions[kind], town.members[kind], town.substitutes[kind], town.superiors[kind] = made
