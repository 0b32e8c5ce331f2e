"""The guide's forms that the case's own record fills: E-1, E-2, E-3, E-5 and the contact sheet E-6 (guidance, GF).

What the case does not hold stays empty, to write in. The reporter stands on none of them (T19): on E-1 too that place is
left open, since a paper goes further than its reader.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tmr_app.access.permissions import Permission
from tmr_app.access.policy import may
from tmr_app.cases import case_record, papers, visit_paper, visiting
from tmr_app.cases.models import Assessment, Case, Child
from tmr_app.cases.monitoring_models import Visit
from tmr_app.cases.paper_values import GENDERS, case_values, child_values
from tmr_app.cases.papers import Offer, Reader, key_of
from tmr_app.documents import guide_form
from tmr_app.documents.content import Document, Language
from tmr_app.documents.guide_form import GuideFormValues
from tmr_app.documents.guide_spec import FORMS
from tmr_app.documents.texts import short_day, translate
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.errors import NotFound
from tmr_app.members.models import Person
from tmr_app.regulation import catalogue
from tmr_app.regulation.verdicts import Message

Filled = tuple[dict[str, str], set[str]]
PERMISSIONS = {
    "E-1": Permission.DELIVERY_READ,
    "E-2": Permission.DELIVERY_READ,
    "E-3": Permission.ASSESSMENT_READ,
    "E-5": Permission.DELIVERY_READ,
}
"""E-1, E-2 and E-5 are papers between the Centre's own people."""
SUMMARIES = {
    "safety": "sum_safety",
    "essential_needs": "sum_living",
    "education": "sum_school",
    "parental_care": "sum_family",
    "social_inclusion": "sum_relations",
}
"""Where the five indicators (A12.3) stand on E-3."""
LANGUAGES = {"sq": Message("Albanian"), "sr": Message("Serbian"), "en": Message("English")}


def kind_name(code: str) -> str:
    """The name of a form among the kinds of document: "E-4/1" is "form-e-4-1"."""
    return f"form-{code.lower().replace('/', '-')}"


def offer(code: str, key: str, on: date | None = None) -> Offer:
    """A form of the guide by its code, as the page of documents offers it."""
    title = Message("%(code)s %(title)s", code=code, title=FORMS[code].title)
    return Offer(kind_name(code), key, title, on, guide=True)


def blank(
    session: Session,
    case: Case,
    reader: Reader,
    code: str,
    *,
    filled: Mapping[str, str] | None = None,
    ticked: frozenset[str] = frozenset(),
    rows: Mapping[str, tuple[tuple[str, ...], ...]] | None = None,
) -> Document:
    """A form with the head every form shares (case, child, parent) and what is given beside it."""
    return guide_form.build(
        GuideFormValues(
            form=code,
            case=replace(case_values(session, case), language=reader.language),
            made_on=civil_date(reader.now),
            filled={**shared(session, case, reader.language), **(filled or {})},
            ticked=ticked,
            rows=rows or {},
        )
    )


def shared(session: Session, case: Case, spoken: Language) -> dict[str, str]:
    """The fields that most forms begin with."""
    child = child_values(session, case, spoken)
    first, _, surname = child.full_name.rpartition(" ")
    parent = _parent(session, case)
    parent_first, _, parent_surname = parent.rpartition(" ")
    labels = [catalogue.label(one.risk, spoken) for one in case_record.risks_of(session, case.id)]
    return {
        "category": "; ".join(labels),
        "first_name": first or child.full_name,
        "surname": surname if first else "",
        "opened_on": short_day(case.opened_on),
        "registered_on": short_day(civil_date(case.created_at)),
        "parent_first_name": parent_first or parent,
        "parent_surname": parent_surname if parent_first else "",
        "parent_name": parent,
    }


def _parent(session: Session, case: Case) -> str:
    """Who has parental care; nobody marked as suspected perpetrator (A4.5)."""
    found = [
        one
        for one in case_record.relations_of(session, case.id)
        if one.has_parental_care and not one.is_suspected_perpetrator
    ]
    return found[0].family_member.name if found else ""


@papers.source
def of_the_guide(session: Session, case: Case, _reader: Reader) -> Iterator[Offer]:
    """The forms of the record, and a contact sheet for each contact, the newest first. One statement."""
    for code in PERMISSIONS:
        yield offer(code, key_of(case.id))
    contacts = session.execute(
        select(Visit.id, Visit.visited_on)
        .where(Visit.case_id == case.id)
        .order_by(Visit.visited_on.desc(), Visit.id)
        .limit(100)
    )
    for row in contacts:
        yield offer("E-6", key_of(row.id), row.visited_on)


def _child(session: Session, case: Case) -> Child:
    return session.scalars(select(Child).where(Child.case_id == case.id)).one()


KEPT_BACK = frozenset({"personal_number"})
"""Shown on no page but the form that writes it: left open on a paper for whoever may not."""


def _register(code: str, fill: Callable[[Session, Case, Language], Filled]) -> None:
    def make(session: Session, case: Case, reader: Reader, key: str) -> Document:
        if papers.ids(key)[0] != case.id:
            raise NotFound("form")
        filled, ticked = fill(session, case, reader.language)
        if not may(reader.standing, Permission.CASE_WRITE):
            filled = {name: text for name, text in filled.items() if name not in KEPT_BACK}
        return blank(session, case, reader, code, filled=filled, ticked=frozenset(ticked))

    papers.kind(kind_name(code), PERMISSIONS[code])(make)


def _referral(session: Session, case: Case, spoken: Language) -> Filled:
    """E-1, without its first place."""
    referral = case_record.referral_of(session, case.id)
    child = child_values(session, case, spoken)
    born = short_day(child.born_on)
    filled = {"data": "\n".join(one for one in (child.full_name, born, child.residence) if one)}
    if referral is not None:
        by = session.get_one(Person, referral.received_by_id)
        first, _, surname = by.name.rpartition(" ")
        filled |= {
            "reasons": referral.facts,
            "receiver_first_name": first,
            "receiver_surname": surname,
            "receiver_position": by.function or "",
            "received_on": short_day(referral.received_on),
        }
    return filled, set()


def _appointment(session: Session, case: Case, spoken: Language) -> Filled:
    """E-2."""
    referral = case_record.referral_of(session, case.id)
    child = child_values(session, case, spoken)
    before = referral.services_before if referral else ""
    filled = {
        "personal_number": _child(session, case).personal_number,
        "gender": translate(GENDERS[case.gender], spoken) if case.gender in GENDERS else "",
        "born_on": short_day(child.born_on),
        "birthplace": child.birthplace,
        "languages": translate(LANGUAGES[catalogue.language(case.language)], spoken),
        "permanent_address": child.residence,
        "reason": referral.facts if referral else "",
        "earlier_services": before,
        "accepted_on": short_day(case.opened_on),
    }
    by_child = referral is not None and referral.source == "child"
    return filled, {"by_child" if by_child else "for_child"} | ({"yes"} if before else set())


def _assessment(session: Session, case: Case, spoken: Language) -> Filled:
    """E-3, from the newest completed assessment."""
    child = child_values(session, case, spoken)
    filled = {"body": child.health, "school_name": _child(session, case).school}
    ticked = {case.labour_sector} if case.labour_sector else set()
    made = session.scalar(
        select(Assessment)
        .where(Assessment.case_id == case.id, Assessment.completed_at.is_not(None))
        .order_by(Assessment.completed_at.desc())
        .options(selectinload(Assessment.findings))
        .limit(1)
    )
    if made is not None:
        filled |= {
            SUMMARIES[one.indicator]: one.findings for one in made.findings if one.indicator in SUMMARIES
        }
        filled |= {"begun_on": short_day(made.made_on)}
        filled |= {"ended_on": short_day(civil_date(made.completed_at))} if made.completed_at else {}
    if case.risk_level:
        ticked |= {f"e3_{case.risk_level}"}
    return filled, ticked


def _internal(session: Session, case: Case, _spoken: Language) -> Filled:
    """E-5, addressed to the head."""
    manager = session.get(Person, case.case_manager_id) if case.case_manager_id else None
    return {
        "referrer_name": manager.name if manager else "",
        "referrer_position": (manager.function or "") if manager else "",
    }, set()


for _code, _fill in {"E-1": _referral, "E-2": _appointment, "E-3": _assessment, "E-5": _internal}.items():
    _register(_code, _fill)


@papers.kind(kind_name("E-6"), Permission.VISIT_READ)
def contact_sheet(session: Session, case: Case, reader: Reader, key: str) -> Document:
    """One contact or visit on the guide's sheet."""
    visit = visiting.find_visit(session, case.id, papers.ids(key)[0])
    filled, ticked = visit_paper.filled(visit, reader.language)
    return blank(session, case, reader, "E-6", filled=filled, ticked=ticked)
