"""A country of 38 municipalities with one furnished town, an administrator, and roster files made by the row."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any
from uuid import UUID

import openpyxl
from sqlalchemy import Engine, select

from tests.fixtures import world
from tests.fixtures.signed_in import SignedIn
from tmr_app.kernel import clock, db
from tmr_app.kernel.audit import AuditEntry
from tmr_app.members import registering
from tmr_app.members.models import Appointment, Institution, Municipality, Person, Qps
from tmr_app.members.roster_columns import COLUMNS
from tmr_app.web.app import TmrFlask

NOW = world.NOW
TODAY = date(2026, 11, 2)
HEADINGS = [column.key for column in COLUMNS]
GOOD = {
    "municipality": "Gjakovë",
    "seat_kind": "police",
    "institution": "Stacioni Policor",
    "name": "Besa Krasniqi",
    "email": "besa@policia.example",
}


class Country:
    """The furnished database; every method opens a unit of its own."""

    def __init__(self, app: TmrFlask) -> None:
        self.app = app
        self.engine: Engine = app.engine
        with self.unit() as session:
            town = world.town(session)
            registering.register_municipalities(session, NOW)
            administrator = world.person(session, "Adrian Administratori")
            superior = world.person(session, "Epror Epror")
            session.flush()
            world.appoint(session, administrator, "administrator")
            world.appoint(session, superior, "superior", institution_id=town.institutions["police"].id)
            self.ids: dict[str, UUID] = {
                "administrator": administrator.id,
                "superior": superior.id,
                "head": town.head.id,
                "case_manager": town.case_manager.id,
                "officer": town.officer.id,
                "member": town.members["police"].id,
                "substitute": town.substitutes["police"].id,
                "prishtine": town.municipality.id,
                "qps": town.qps.id,
                "police": town.institutions["police"].id,
                "school": town.institutions["school"].id,
            }

    def unit(self) -> Any:
        return world.work(self.engine)

    def browser(self, who: str = "administrator") -> SignedIn:
        return SignedIn(self.app, self.ids[who])

    def appointment(self, who: str) -> Appointment:
        with self.unit() as session:
            one = session.scalars(select(Appointment).where(Appointment.person_id == self.ids[who])).one()
            session.expunge_all()
            return one

    def count(self, model: Any) -> int:
        with self.unit() as session:
            return len(list(session.scalars(select(model))))

    def stored(self) -> tuple[int, ...]:
        return tuple(self.count(model) for model in (Person, Institution, Appointment, Qps, Municipality))

    def tags(self, *starts: str) -> list[str]:
        with self.unit() as session:
            tags = session.scalars(select(AuditEntry.tag).order_by(AuditEntry.sequence))
            return [tag for tag in tags if tag.startswith(starts)]


def make_csv(*rows: dict[str, str], delimiter: str = ";", encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow([row.get(key, "") for key in HEADINGS])
    return out.getvalue().encode(encoding)


def make_xlsx(*rows: dict[str, Any], headings: list[str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(headings or HEADINGS)
    for row in rows:
        sheet.append([row.get(key) for key in HEADINGS])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def held(at: datetime = NOW) -> Iterator[None]:
    """The clock held still for a test."""
    with ExitStack() as stack:
        stack.enter_context(clock.fixed_at(at))
        yield


Make = Callable[..., Any]
__all__ = ["GOOD", "HEADINGS", "NOW", "TODAY", "Country", "db", "held", "make_csv", "make_xlsx"]
