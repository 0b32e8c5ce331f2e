"""Reads of the administration: lists with search and pages. No case is ever asked for here."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel.text import fold
from tmr_app.members.account_models import Account
from tmr_app.members.institutions import is_confirmation_due
from tmr_app.members.models import (
    Appointment,
    Institution,
    MeetingRoom,
    Municipality,
    Person,
    Qps,
    StaffProposal,
)
from tmr_app.members.roster import facts_by_municipality
from tmr_app.regulation.articles import a3_table_established
from tmr_app.regulation.catalogue import MUNICIPALITIES, SEATS_4_1
from tmr_app.regulation.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class MunicipalityLine:
    """One municipality of the list: what A3 says, and how many of the 14 kinds are empty."""

    municipality: Municipality
    established: Verdict
    empty: int


def municipality_lines(
    session: Session, today: date, text: str = "", only: set[UUID] | None = None
) -> list[MunicipalityLine]:
    """All municipalities, or `only` these, whose name in any language contains `text`."""
    facts = facts_by_municipality(session, today)
    wanted = fold(text)
    order = {one.key: place for place, one in enumerate(MUNICIPALITIES)}
    names = {one.key: fold(" ".join((one.sq, one.sr, *one.other))) for one in MUNICIPALITIES}
    lines = []
    for one in session.scalars(select(Municipality)):
        if (only is None or one.id in only) and wanted in names[one.key]:
            kinds = facts[one.id].seat_kinds
            empty = sum(seat.key not in kinds for seat in SEATS_4_1)
            lines.append(MunicipalityLine(one, a3_table_established(facts[one.id], today), empty))
    return sorted(lines, key=lambda line: order[line.municipality.key])


def own_municipalities(session: Session, person_id: UUID, today: date) -> set[UUID]:
    """The municipalities in which this person holds an office today, directly or in a Centre there."""
    rows = session.execute(
        select(Appointment.municipality_id, Qps.municipality_id)
        .outerjoin(Qps, Appointment.qps_id == Qps.id)
        .where(
            Appointment.person_id == person_id,
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
    )
    return {one for row in rows for one in row if one is not None}


def municipality_choices(session: Session) -> list[Municipality]:
    order = {one.key: place for place, one in enumerate(MUNICIPALITIES)}
    return sorted(session.scalars(select(Municipality)), key=lambda one: order[one.key])


def centres_of(session: Session, municipality_id: UUID) -> list[Qps]:
    query = select(Qps).where(Qps.municipality_id == municipality_id).order_by(Qps.name)
    return list(session.scalars(query))


def rooms_of(session: Session, municipality_id: UUID) -> list[MeetingRoom]:
    query = select(MeetingRoom).where(MeetingRoom.municipality_id == municipality_id, MeetingRoom.active)
    return list(session.scalars(query.order_by(MeetingRoom.name)))


@dataclass(frozen=True, slots=True)
class InstitutionLine:
    institution: Institution
    municipality_key: str | None
    people: int
    is_due: bool


def institution_lines(
    session: Session,
    today: date,
    *,
    text: str = "",
    seat_kind: str = "",
    municipality_id: UUID | None = None,
    only_due: bool = False,
) -> list[InstitutionLine]:
    """Institutions by name, with the number of people appointed today and whether the list is to be confirmed."""
    query = select(Institution, Municipality.key).outerjoin(
        Municipality, Institution.municipality_id == Municipality.id
    )
    if seat_kind:
        query = query.where(Institution.seat_kind == seat_kind)
    if municipality_id is not None:
        query = query.where(Institution.municipality_id == municipality_id)
    runs = (
        select(Appointment.institution_id, func.count())
        .where(
            Appointment.institution_id.is_not(None),
            Appointment.from_on <= today,
            or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
        )
        .group_by(Appointment.institution_id)
    )
    counts = {row[0]: row[1] for row in session.execute(runs)}
    wanted = fold(text)
    lines = [
        InstitutionLine(row[0], row[1], counts.get(row[0].id, 0), is_confirmation_due(row[0], today))
        for row in session.execute(query.order_by(Institution.name))
        if wanted in fold(row[0].name)
    ]
    return [line for line in lines if line.is_due or not only_due]


@dataclass(frozen=True, slots=True)
class PersonLine:
    """`account`: none, invited, active or disabled."""

    id: UUID
    name: str
    email: str
    function: str | None
    account: str


def person_lines(
    session: Session, *, text: str = "", account: str = "", without_appointment_on: date | None = None
) -> list[PersonLine]:
    """People by name; `text` is looked for in name, function and address, accents folded."""
    query = select(
        Person.id,
        Person.name,
        Person.email,
        Person.function,
        Account.id,
        Account.active,
        Account.activated_at,
    ).outerjoin(Account, Account.person_id == Person.id)
    if without_appointment_on is not None:
        day = without_appointment_on
        runs = select(Appointment.person_id).where(or_(Appointment.to_on.is_(None), Appointment.to_on >= day))
        query = query.where(Person.id.not_in(runs))
    words = fold(text).split()
    lines = []
    for person_id, name, email, function, account_id, active, activated_at in session.execute(query):
        state = account_state(account_id, active, activated_at)
        looked = f"{fold(name)} {fold(function or '')} {fold(email)}"
        if (not account or state == account) and all(word in looked for word in words):
            lines.append(PersonLine(person_id, name, email, function, state))
    return sorted(lines, key=lambda line: (fold(line.name), line.email))


def account_state(account_id: UUID | None, active: bool | None, activated_at: object) -> str:
    if account_id is None:
        return "none"
    if not active:
        return "disabled"
    return "active" if activated_at is not None else "invited"


def appointments_of(session: Session, person_id: UUID) -> list[Appointment]:
    """Every appointment of a person, running ones first, with what they belong to."""
    return list(
        session.scalars(
            select(Appointment)
            .options(
                joinedload(Appointment.institution),
                joinedload(Appointment.qps),
                joinedload(Appointment.municipality),
            )
            .where(Appointment.person_id == person_id)
            .order_by(Appointment.to_on.is_not(None), Appointment.from_on.desc())
        )
    )


def appointments_at(session: Session, institution_id: UUID, today: date) -> list[Appointment]:
    """Who is or will be appointed at an institution, with the person."""
    return list(
        session.scalars(
            select(Appointment)
            .join(Person, Appointment.person_id == Person.id)
            .options(joinedload(Appointment.person))
            .where(
                Appointment.institution_id == institution_id,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
            .order_by(Appointment.office, Person.name)
        )
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """What waits for an administrator."""

    people: int
    institutions: int
    proposals: int
    confirmations_due: int


def figures(session: Session, today: date) -> Figures:
    institutions = list(session.scalars(select(Institution)))
    return Figures(
        people=session.scalar(select(func.count()).select_from(Person)) or 0,
        institutions=sum(one.active for one in institutions),
        proposals=session.scalar(
            select(func.count()).select_from(StaffProposal).where(StaffProposal.decision.is_(None))
        )
        or 0,
        confirmations_due=sum(is_confirmation_due(one, today) for one in institutions),
    )
