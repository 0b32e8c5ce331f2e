"""Blind look-up: tokens of folded names, the duplicate look-up before a case is opened, the words of a search."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload

from tmr_app.cases.models import BlindToken, Case
from tmr_app.cases.table_models import DuplicateSearch
from tmr_app.kernel import audit, outbox
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.encryption import blind_token
from tmr_app.kernel.errors import FieldRefused
from tmr_app.kernel.text import fold
from tmr_app.members.models import Appointment, Person, Qps
from tmr_app.regulation.verdicts import Message

PART, WHOLE, NUMBER = "name_part", "name_year", "personal_no"
_SIGNS = re.compile(r"[^0-9a-z]")


def name_words(name: str) -> list[str]:
    """The folded words of a name: small letters, no accents, Cyrillic in Latin."""
    return fold(name).split()


def whole_key(name: str, year: int) -> str:
    """The whole name with the birth year; the order of the words does not matter."""
    return f"{' '.join(sorted(name_words(name)))}|{year}"


def personal_key(number: str) -> str:
    return _SIGNS.sub("", number.casefold())


def tokens_of(name: str, year: int | None, personal_number: str) -> set[tuple[str, bytes]]:
    """(kind, token) of everything a case can be found by."""
    found = {(PART, blind_token(PART, word)) for word in name_words(name)}
    if year and name_words(name):
        found.add((WHOLE, blind_token(WHOLE, whole_key(name, year))))
    if personal_key(personal_number):
        found.add((NUMBER, blind_token(NUMBER, personal_key(personal_number))))
    return found


def write_tokens(session: Session, case: Case, name: str, year: int | None, personal_number: str) -> None:
    """Replace the case's tokens (opening, and every change of name, year or number)."""
    session.execute(delete(BlindToken).where(BlindToken.case_id == case.id))
    for kind, token in sorted(tokens_of(name, year, personal_number)):
        session.add(BlindToken(case_id=case.id, kind=kind, token=token))


@dataclass(frozen=True, slots=True)
class Match:
    """A case of the searcher's own QPS that may be the same child's: number and case manager, nothing more."""

    case_id: UUID
    number: str
    case_manager: str
    is_open: bool


def check_look_up(birth_on: date | None, birth_year: int | None, personal_number: str, today: date) -> None:
    """Raise FieldRefused for what could find nobody: a look-up that compares nothing would say "no case"."""
    if birth_on and birth_on > today:
        raise FieldRefused("birth_on", Message("The date of birth cannot be in the future."))
    if birth_on and birth_year and birth_on.year != birth_year:
        raise FieldRefused("birth_year", Message("The date and the year of birth do not agree."))
    if not (birth_on or birth_year or personal_key(personal_number)):
        raise FieldRefused(
            "birth_on",
            Message("Enter the date or the year of birth, or the personal number: names alone find nothing."),
        )


def look_up_duplicates(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    qps_id: UUID,
    name: str,
    birth_year: int | None,
    personal_number: str = "",
) -> list[Match]:
    """Cases of the own QPS with this whole name and year, or this personal number.

    A match elsewhere gives the searcher nothing: both heads are told by a neutral mail, and it is logged.
    """
    wanted = [pair for pair in tokens_of(name, birth_year, personal_number) if pair[0] != PART]
    found = _matching(session, wanted)
    here = [case for case in found if case.qps_id == qps_id]
    elsewhere = [case for case in found if case.qps_id != qps_id]
    search = DuplicateSearch(
        qps_id=qps_id,
        person_id=actor.id,
        searched_at=now,
        matches_here=len(here),
        matches_elsewhere=len(elsewhere),
    )
    session.add(search)
    audit.note(
        session, "duplicate:searched", object_type="duplicate_search", object_id=search.id, outcome="read"
    )
    for case in elsewhere:
        audit.note(
            session, "duplicate:matched", object_type="duplicate_search", object_id=search.id, case_id=case.id
        )
    if elsewhere:
        _tell_heads(session, search, elsewhere, now)
    return [
        Match(
            case.id, case.number, case.case_manager.name if case.case_manager else "", case.status == "open"
        )
        for case in sorted(here, key=lambda case: case.number)
    ]


def _matching(session: Session, wanted: list[tuple[str, bytes]]) -> list[Case]:
    if not wanted:
        return []
    ids = select(BlindToken.case_id).where(tuple_(BlindToken.kind, BlindToken.token).in_(wanted))
    return list(session.scalars(select(Case).where(Case.id.in_(ids)).options(joinedload(Case.case_manager))))


def _tell_heads(session: Session, search: DuplicateSearch, cases: list[Case], now: datetime) -> None:
    """Once a day per pair of centres and head: each is asked to ring the other. No name, no number, no content."""
    today = civil_date(now)
    other_ids = {case.qps_id for case in cases}
    names = {
        qps.id: qps for qps in session.scalars(select(Qps).where(Qps.id.in_(other_ids | {search.qps_id})))
    }
    heads = list(
        session.execute(
            select(Appointment.qps_id, Person)
            .join(Person, Appointment.person_id == Person.id)
            .where(
                Appointment.qps_id.in_(names),
                Appointment.office.in_(("head", "acting_head")),
                Appointment.from_on <= today,
                or_(Appointment.to_on.is_(None), Appointment.to_on >= today),
            )
        )
    )
    letters = {}
    for other_id in sorted(other_ids):
        for qps_id, head in heads:
            if qps_id in (search.qps_id, other_id):
                other = names[other_id if qps_id == search.qps_id else search.qps_id]
                once = f"duplicate:{min(search.qps_id, other_id)}:{max(search.qps_id, other_id)}:{head.id}:{today}"
                letters[once] = (head, other)
    written = outbox.already_written(session, list(letters))
    for once, (head, other) in letters.items():
        if once not in written:
            outbox.enqueue(
                session,
                kind="duplicate_notice",
                to=head,
                now=now,
                parameters={"office": other.name, "phone": other.phone or "", "address": other.reply_address},
                about_id=search.id,
                once_key=once,
            )
