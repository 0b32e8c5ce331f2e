"""Accounts of the invented people: one password for all, a second factor each, and who is offered with one click."""

import json
from datetime import datetime
from uuid import UUID, uuid4

from flask import Flask
from flask_security import hash_password
from flask_security.proxies import _security
from sqlalchemy import select
from sqlalchemy.orm import Session

from tmr_app.members.account_models import Account
from tmr_app.members.models import InstallationFact, Person
from tmr_app.web.demonstration.towns import World

PASSWORD = "Tryeza-demo-2026"  # noqa: S105  # invented people, a database marked as a demonstration
FACT = "demonstration_people"
SHOWN_KINDS = {
    "prishtine": (
        "police",
        "school",
        "family_medicine",
        "victim_advocate",
        "mental_health",
        "ngo",
        "shelter_or_foster",
    ),
    "novoberde": ("police", "school", "ngo", "communities_office"),
}


def open_accounts(session: Session, app: Flask, world: World, now: datetime) -> None:
    """Everybody can sign in: the hash is made once and shared. Who is offered on the start page has a TOTP secret of
    their own; the others set one up when they first sign in.
    """
    listed = {person.id for _group, _role, person in _roles(world)}
    with app.app_context():
        hashed = hash_password(PASSWORD)
        for person in session.scalars(select(Person)):
            session.add(
                Account(
                    person_id=person.id,
                    email=person.email.lower(),
                    password=hashed,
                    active=True,
                    fs_uniquifier=uuid4().hex,
                    fs_webauthn_user_handle=uuid4().hex,
                    tf_primary_method="authenticator" if person.id in listed else None,
                    tf_totp_secret=(
                        _security.totp_factory.generate_totp_secret() if person.id in listed else None
                    ),
                    invited_at=now,
                    activated_at=now,
                )
            )
    session.flush()


def remember_people(session: Session, world: World) -> None:
    """Keep who plays which role, for the start page and the command's print."""
    listed = [
        {"group": group, "role": role, "person": str(person.id)} for group, role, person in _roles(world)
    ]
    session.add(InstallationFact(name=FACT, value=json.dumps(listed)))


def listed_people(session: Session) -> list[tuple[str, str, UUID]]:
    """(group, role, person id) of everybody offered with one click, in the order of the page."""
    fact = session.get(InstallationFact, FACT)
    rows = json.loads(fact.value) if fact else []
    return [(row["group"], row["role"], UUID(row["person"])) for row in rows]


def _roles(world: World) -> list[tuple[str, str, Person]]:
    found: list[tuple[str, str, Person]] = []
    for key, town in world.towns.items():
        for office in ("case_manager", "second_case_manager", "assistant_case_manager", "head"):
            found.append((key, office, town.offices[office]))
        found += [(key, kind, town.members[kind]) for kind in SHOWN_KINDS[key]]
        if key == "prishtine":
            found.append((key, "substitute", town.substitutes["school"]))
            found.append((key, "superior", town.superiors["police"]))
            if world.guest is not None:
                found.append((key, "guest", world.guest))
        found.append((key, "municipality_officer", town.offices["municipality_officer"]))
    found += [("country", kind, world.country[kind]) for kind in ("asylum_centre", "international_org")]
    found += [("country", office, person) for office, person in world.installation.items()]
    return found
