"""The reader's own cases: scope, filter, search, keyset pages, ordered by the next duty's date.

The scope is a union of disjoint parts, each led by an index: the cases of live seats, and the cases of each centre the
reader heads. So a page costs the same with a hundred and with a hundred thousand cases in the database.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tmr_app.access.standing import CaseStanding
from tmr_app.cases.models import BlindToken, Case, Child
from tmr_app.cases.own_standings import (
    AT_THE_DOOR,
    is_readable,
    live_seat,
    newest_text,
    standings_of,
)
from tmr_app.cases.searching import PART, name_words
from tmr_app.cases.table_models import Declaration, Seat
from tmr_app.kernel import db, vault
from tmr_app.kernel.encryption import blind_token
from tmr_app.kernel.ready import Ready
from tmr_app.members.models import Person

PAGE_ROWS = 25
COUNTED_TO = 1000
DECRYPTED_UNDER = 500
_YEAR = re.compile(r"(19|20|21)\d\d")
_CURSOR = re.compile(r"(\d{4}-\d\d-\d\d|none)\.([0-9a-f]{32})")

Key = tuple[date | None, UUID]


@dataclass(frozen=True, slots=True)
class Filter:
    """What the reader asks for. `after` and `before` are keyset cursors; anything unreadable means the first page."""

    status: str = "open"
    level: str = ""
    mine: bool = False
    text: str = ""
    after: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list. `name` is "" for a reader who has not declared and answered yet; `manager`: for nobody."""

    case: Case
    standing: CaseStanding
    manager: str = ""
    name: str = ""

    @property
    def is_readable(self) -> bool:
        return is_readable(self.standing)

    @property
    def at_the_door(self) -> bool:
        return self.standing in AT_THE_DOOR


@dataclass(frozen=True, slots=True)
class CasePage:
    """A page of rows; `count` stops at 1,000 (`count_is_more`); cursors are "" where there is no page."""

    rows: list[CaseRow] = field(default_factory=list)
    count: int = 0
    count_is_more: bool = False
    previous: str = ""
    next: str = ""


def list_cases(
    session: Session, person_id: UUID, now: datetime, wanted: Filter, *, headed: tuple[UUID, ...]
) -> CasePage:
    """One page of the reader's own cases: at most ten statements, keys unlocked for its rows only.

    `headed`: the Centres this person heads today.
    """
    parts = _parts(person_id, now, headed, by_name=bool(_names(wanted.text)))
    conditions = _conditions(wanted, person_id)
    words = _names(wanted.text)
    if words:
        conditions.append(_named(session, person_id, now, headed, parts, list(conditions), words))
    parts = [part.where(*conditions) for part in parts]
    keys, previous, following = _page(session, parts, wanted)
    count = _count(session, parts)
    rows = _rows(session, person_id, now, headed, [key[1] for key in keys])
    return CasePage(rows, min(count, COUNTED_TO), count > COUNTED_TO, previous, following)


def _parts(
    person_id: UUID, now: datetime, headed: tuple[UUID, ...], *, by_name: bool
) -> list[Select[*tuple[Any, ...]]]:
    """The disjoint parts of the scope. `by_name`: only cases whose names this reader may see."""
    columns = select(Case.next_duty_on, Case.id)
    recused = select(Seat.case_id).where(Seat.person_id == person_id, Seat.recused_at.is_not(None))
    seated = select(Seat.case_id).where(live_seat(person_id, now))
    if by_name:
        signed = exists().where(
            Declaration.case_id == Seat.case_id,
            Declaration.person_id == person_id,
            Declaration.text_id == newest_text().scalar_subquery(),
        )
        seated = seated.where(Seat.conflict.is_not(None), signed)
    parts = [columns.where(Case.id.in_(seated), Case.id.not_in(recused))]
    # Found once, not asked of each case: a head's list is counted to a thousand.
    apart = select(Seat.case_id).where(
        Seat.person_id == person_id, or_(Seat.recused_at.is_not(None), live_seat(person_id, now))
    )
    parts += [columns.where(Case.qps_id == qps_id, Case.id.not_in(apart)) for qps_id in headed]
    return parts


def _conditions(wanted: Filter, person_id: UUID) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [
        Case.status == ("closed" if wanted.status == "closed" else "open"),
        Case.erased_at.is_(None),
    ]
    if wanted.level:
        found.append(Case.risk_level == wanted.level)
    if wanted.mine:
        found.append(Case.case_manager_id == person_id)
    for word in wanted.text.split():
        if _YEAR.fullmatch(word):
            found.append(Case.birth_year == int(word))
        elif _is_number(word):
            found.append(Case.number.startswith(word.upper(), autoescape=True))
    return found


def _is_number(word: str) -> bool:
    """A case number or its beginning has a figure, or letters before a dash at its end."""
    return any(sign.isdigit() for sign in word) or word.endswith("-")


def _names(text: str) -> list[str]:
    """The folded words of the search that are no year and no case number."""
    return [folded for word in text.split() if not _is_number(word) for folded in (name_words(word) or [""])]


def _named(
    session: Session,
    person_id: UUID,
    now: datetime,
    headed: tuple[UUID, ...],
    parts: list[Select[*tuple[Any, ...]]],
    conditions: list[ColumnElement[bool]],
    words: list[str],
) -> ColumnElement[bool]:
    """Cases whose child bears all these words: parts of words under 500 own cases, whole words by blind index beyond."""
    limited = [part.where(*conditions).limit(DECRYPTED_UNDER + 1).subquery() for part in parts]
    ids = list(session.scalars(union_all(*[select(one.c.id) for one in limited])))
    if len(ids) >= DECRYPTED_UNDER:
        tokens = [blind_token(PART, word) for word in words]
        having = [
            Case.id.in_(select(BlindToken.case_id).where(BlindToken.token == token, BlindToken.kind == PART))
            for token in tokens
        ]
        return and_(*having)
    vault.unlock(session, ids)
    children = session.scalars(select(Child).where(Child.case_id.in_(ids)))
    return Case.id.in_([child.case_id for child in children if _bears(child.name, words)])


def _bears(name: str, words: list[str]) -> bool:
    folded = " ".join(name_words(name))
    return all(word and word in folded for word in words)


def _page(
    session: Session, parts: list[Select[*tuple[Any, ...]]], wanted: Filter
) -> tuple[list[Key], str, str]:
    """The page's keys in order, and the cursors of the pages before and after."""
    backward = bool(wanted.before) and read_cursor(wanted.before) is not None
    start = read_cursor(wanted.before if backward else wanted.after)
    found: list[Key] = []
    for only_none, condition in _phases(start, backward):
        room = PAGE_ROWS + 1 - len(found)
        if room <= 0:
            break
        found += _keys(session, parts, only_none, condition, backward, room)
    more = len(found) > PAGE_ROWS
    keys = found[:PAGE_ROWS]
    if backward:
        keys.reverse()
    if not keys:
        return [], "", ""
    before = more if backward else start is not None
    after = more if not backward else True
    return keys, cursor(keys[0]) if before else "", cursor(keys[-1]) if after else ""


def _phases(start: Key | None, backward: bool) -> list[tuple[bool, ColumnElement[bool] | None]]:
    """Dated cases come first, undated ones last, on both databases alike."""
    if start is None:
        return [(False, None), (True, None)]
    on, case_id = start
    if on is None:
        edge = Case.id < case_id if backward else Case.id > case_id
        return [(True, edge), (False, None)] if backward else [(True, edge)]
    if backward:
        earlier = or_(Case.next_duty_on < on, Case.id < case_id)
        return [(False, and_(Case.next_duty_on <= on, earlier))]
    later = or_(Case.next_duty_on > on, Case.id > case_id)
    return [(False, and_(Case.next_duty_on >= on, later)), (True, None)]


def _keys(
    session: Session,
    parts: list[Select[*tuple[Any, ...]]],
    only_none: bool,
    condition: ColumnElement[bool] | None,
    backward: bool,
    room: int,
) -> list[Key]:
    order: list[Any] = [Case.id] if only_none else [Case.next_duty_on, Case.id]
    order = [column.desc() for column in order] if backward else order
    dated = Case.next_duty_on.is_(None) if only_none else Case.next_duty_on.is_not(None)
    conditions = [dated] if condition is None else [dated, condition]
    limited = [part.where(*conditions).order_by(*order).limit(room).subquery() for part in parts]
    rows = session.execute(union_all(*[select(one.c.next_duty_on, one.c.id) for one in limited])).all()
    keys = [(row[0], row[1]) for row in rows]
    keys.sort(key=lambda key: (key[0] or date.max, key[1].hex), reverse=backward)
    return keys[:room]


def _count(session: Session, parts: list[Select[*tuple[Any, ...]]]) -> int:
    """How many there are, counted to 1,001 per part: one statement."""
    limited = [
        select(func.count()).select_from(part.limit(COUNTED_TO + 1).subquery()).scalar_subquery()
        for part in parts
    ]
    total: Any = literal(0)
    for one in limited:
        total = total + one
    return int(session.scalar(select(total)) or 0)


_IDS: BindParameter[Any] = bindparam("case_ids", expanding=True)
_CASES = Ready(
    select(*Case.__table__.columns, func.coalesce(Person.name, ""))
    .outerjoin(Person, Person.id == Case.case_manager_id)
    .where(Case.id.in_(_IDS))
)
_CHILDREN = Ready(select(*Child.__table__.columns).where(Child.case_id.in_(_IDS)))
"""Both as `db.shown` reads them: a page only shows its rows."""


def _rows(
    session: Session, person_id: UUID, now: datetime, headed: tuple[UUID, ...], ids: list[UUID]
) -> list[CaseRow]:
    if not ids:
        return []
    session.flush()
    connection = session.connection()
    shown = [(db.shown(Case, row), name) for *row, name in _CASES.rows(connection, {"case_ids": ids})]
    found = {case.id: (case, manager) for case, manager in shown}
    ordered = [found[case_id] for case_id in ids]
    standings = standings_of(session, person_id, [case for case, _manager in ordered], now, headed)
    readable = [case_id for case_id in ids if is_readable(standings[case_id])]
    names: dict[UUID, str] = {}
    if readable:
        vault.unlock(session, readable)
        children = [db.shown(Child, row) for row in _CHILDREN.rows(connection, {"case_ids": readable})]
        names = {child.case_id: child.name for child in children}
    return [CaseRow(case, standings[case.id], manager, names.get(case.id, "")) for case, manager in ordered]


def cursor(key: Key) -> str:
    """A place in the order, as an address carries it."""
    return f"{key[0].isoformat() if key[0] else 'none'}.{key[1].hex}"


def read_cursor(text: str) -> Key | None:
    """None for anything that is no cursor (B35)."""
    found = _CURSOR.fullmatch(text or "")
    if not found:
        return None
    try:
        on = None if found[1] == "none" else date.fromisoformat(found[1])
    except ValueError:
        return None
    return on, UUID(hex=found[2])
