"""Which seats the product proposes for a case, with the reason (A4.3); the case manager decides."""

from __future__ import annotations

from datetime import date

from tmr_app.regulation.articles_table import SEAT_OF_STATUS
from tmr_app.regulation.days import age_on
from tmr_app.regulation.facts import ChildFacts
from tmr_app.regulation.verdicts import Label, Message

SCHOOL_AGE = range(5, 18)
CRIMES = (
    "physical_violence",
    "sexual_violence",
    "sexual_abuse",
    "trafficking",
    "pornography",
    "abduction",
    "forced_early_marriage",
    "corporal_punishment",
)
HARM_TO_MIND = (
    "psychological_violence",
    "emotional_psychological_violence",
    "harassment",
    "sexual_violence",
    "sexual_abuse",
    "trafficking",
    "pornography",
    "abandonment",
)
NEGLECT = ("lack_of_care", "abandonment", "neglect_other")

Proposal = tuple[str, Message]


def a4_3_proposed_seats(child: ChildFacts, today: date) -> list[Proposal]:
    """Kinds of seat with the first reason for each, in order of urgency; the case manager has a seat anyway."""
    found: dict[str, Message] = {}
    for kind, reason in (
        *_by_risk(child),
        *_by_age(child, today),
        *_by_health(child),
        *_by_situation(child),
        *_by_status(child),
    ):
        found.setdefault(kind, reason)
    return list(found.items())


def _first(child: ChildFacts, kinds: tuple[str, ...]) -> str | None:
    return next((kind for kind in kinds if kind in child.risk_kinds), None)


def _by_risk(child: ChildFacts) -> list[Proposal]:
    proposals: list[Proposal] = []
    if crime := _first(child, CRIMES):
        reason = Message("A criminal offence is suspected: %(risk)s.", risk=Label(crime))
        proposals += [("police", reason), ("victim_advocate", reason)]
    if harm := _first(child, HARM_TO_MIND):
        proposals.append(
            ("mental_health", Message("The child may need treatment: %(risk)s.", risk=Label(harm)))
        )
    if "hazardous_work" in child.risk_kinds:
        labour = Message("Hazardous work: the labour inspectorate.")
        health = Message("Hazardous work: the child's health is examined.")
        proposals += [
            ("other_professional", labour),
            ("family_medicine", health),
            ("welfare_directorate", Message("Hazardous work: support for the family.")),
            ("ngo", Message("Hazardous work: services of organisations.")),
        ]
    if neglect := _first(child, NEGLECT):
        reason = Message("Neglect is suspected: %(risk)s.", risk=Label(neglect))
        proposals += [("family_medicine", reason), ("mental_health", reason), ("welfare_directorate", reason)]
    if "discrimination" in child.risk_kinds:
        proposals.append(("human_rights_office", Message("Discrimination is suspected.")))
    return proposals


def _by_age(child: ChildFacts, today: date) -> list[Proposal]:
    if child.birth_on:
        school_age = age_on(child.birth_on, today) in SCHOOL_AGE
    else:
        school_age = child.birth_year is not None and today.year - child.birth_year in SCHOOL_AGE
    if not (school_age or child.in_school):
        return []
    reason = Message("The child is of school age.")
    return [("school", reason), ("education_directorate", reason)]


def _by_health(child: ChildFacts) -> list[Proposal]:
    proposals: list[Proposal] = []
    if child.health_concern:
        proposals.append(("family_medicine", Message("The child's health needs attention.")))
    if child.disability:
        reason = Message("The child has a disability.")
        proposals += [("family_medicine", reason), ("mental_health", reason)]
    return proposals


def _by_situation(child: ChildFacts) -> list[Proposal]:
    proposals: list[Proposal] = []
    if child.conflict_with_law:
        proposals.append(("probation_officer", Message("The child is in conflict with the law.")))
    if child.minority_community:
        proposals.append(("communities_office", Message("The child belongs to a minority community.")))
    if child.placed:
        proposals.append(("shelter_or_foster", Message("The child is placed outside the family.")))
    if child.welfare_need:
        proposals.append(("welfare_directorate", Message("The family needs social assistance.")))
    return proposals


def _by_status(child: ChildFacts) -> list[Proposal]:
    return [
        (kind, Message("The child is: %(statuses)s.", statuses=(Label(status),)))
        for status in sorted(child.statuses & SEAT_OF_STATUS.keys())
        for kind in SEAT_OF_STATUS[status]
    ]
