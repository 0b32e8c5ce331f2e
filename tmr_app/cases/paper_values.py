"""The head of every paper about one case, from stored rows: office, case manager, kinds of risk, the child."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.cases.case_record import risks_of
from tmr_app.cases.models import Case, Child
from tmr_app.documents.content import Language
from tmr_app.documents.texts import translate
from tmr_app.documents.values import CaseValues, ChildValues, OfficeValues, PersonValues
from tmr_app.members.models import Municipality, Person, Qps
from tmr_app.regulation.catalogue import language
from tmr_app.regulation.verdicts import Message

GENDERS = {"female": Message("female"), "male": Message("male")}


def person_values(person: Person | None, institution: str = "") -> PersonValues:
    if person is None:
        return PersonValues(name="", institution=institution)
    return PersonValues(name=person.name, function=person.function or "", institution=institution)


def case_values(session: Session, case: Case) -> CaseValues:
    """The reporter stands on none of them (T19). Keys of the case must be unlocked."""
    qps = session.get_one(Qps, case.qps_id)
    town = session.get_one(Municipality, case.municipality_id)
    risks = risks_of(session, case.id)
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    return CaseValues(
        number=case.number,
        language=language(case.language),  # type: ignore[arg-type]
        office=OfficeValues(
            name=qps.name, municipality=town.key, phone=qps.phone or "", mail=qps.reply_address
        ),
        case_manager=person_values(manager, qps.name),
        risk_level=case.risk_level or "",
        risk_kinds=tuple(one.risk for one in risks),
        risk_texts={one.risk: one.other_text for one in risks if one.other_text},
    )


def child_values(session: Session, case: Case, spoken: Language | None = None) -> ChildValues:
    """Annex 1's personal data; the shelter's or foster family's address is not among them."""
    child = session.scalars(select(Child).where(Child.case_id == case.id)).one()
    said_in = spoken or language(case.language)
    return ChildValues(
        full_name=child.name,
        born_on=stored_date(child.birth_date),
        gender=translate(GENDERS[case.gender], said_in) if case.gender in GENDERS else "",
        ethnicity=child.ethnicity,
        birthplace=child.birth_place,
        residence=child.residence,
        health=child.health,
        disability=child.disability,
        other=child.other,
    )


def stored_date(text: str) -> date | None:
    """A date kept as sealed text; None for none and for what is no date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
