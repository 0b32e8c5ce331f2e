"""The agenda: the standing items of the Regulation in order, free items, moving and removing (A10.3, A10.4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tmr_app.kernel import audit
from tmr_app.kernel.encryption import texts_of
from tmr_app.kernel.errors import FieldRefused, NotFound
from tmr_app.meetings.models import AgendaItem, Meeting
from tmr_app.members.models import Person
from tmr_app.regulation.articles import STANDING_ITEMS
from tmr_app.regulation.verdicts import Message

TITLES: dict[str, Message] = {
    "agenda": Message("Approval of the agenda"),
    "minutes": Message("Approval of the minutes of the last meeting"),
    "initial_plan": Message("Presentation of the Centre's initial individual plan"),
    "information": Message("Information on the case"),
    "needs_assessment": Message("Assessment of needs"),
    "services_given": Message("Services given so far"),
    "proposed_plan": Message("Proposed plan of services"),
    "family": Message("Notice to child, parent or guardian, and their views"),
    "reports": Message("Progress reports of the members"),
    "review": Message("Review of the plan and evaluation of progress"),
    "risk": Message("Re-assessment of the risk level and the needs"),
    "stated_risk": Message("The stated risk and urgent measures"),
    "closing": Message("Proposal to close the case"),
    "decisions": Message("Decisions and responsible members"),
    "next_date": Message("Date of the next meeting"),
}
ARTICLES: dict[str, str] = {
    "agenda": "A10.3",
    "minutes": "A10.1",
    "initial_plan": "A6.1.5",
    "information": "A10.4",
    "needs_assessment": "A10.4",
    "services_given": "A10.4",
    "proposed_plan": "A10.4",
    "family": "A8.10",
    "reports": "A8.9",
    "review": "A15",
    "risk": "A14.4",
    "stated_risk": "A14.5",
    "closing": "A8.11",
}
FIXED = frozenset(ARTICLES)
"""Items the Regulation asks for in a meeting with its purpose: they may be moved, never taken off."""


def standing_kinds(purpose: str, *, first: bool) -> tuple[str, ...]:
    """The standing items of a meeting with this purpose, in order. `first`: no meeting of the case was held before."""
    opening = ("agenda",) if first else ("agenda", "minutes")
    middle: tuple[str, ...]
    if first:
        middle = ("initial_plan", "family", *(("closing",) if purpose == "closing" else ()))
    else:
        middle = {
            "review": ("family", "reports", "review"),
            "reassessment": ("family", "reports", "risk"),
            "closing": ("family", "reports", "review", "closing"),
        }.get(purpose, ("family",))
    urgent = ("stated_risk",) if purpose == "extraordinary" else ()
    ending = ("decisions",) if purpose == "closing" else ("decisions", "next_date")
    return (*opening, *urgent, *STANDING_ITEMS, *middle, *ending)


def lay_out(session: Session, meeting: Meeting, *, first: bool) -> list[AgendaItem]:
    """The agenda a meeting starts with."""
    items = [
        AgendaItem(case_id=meeting.case_id, meeting_id=meeting.id, position=place, kind=kind)
        for place, kind in enumerate(standing_kinds(meeting.purpose, first=first), 1)
    ]
    session.add_all(items)
    return items


_ITEMS = (
    select(AgendaItem)
    .where(AgendaItem.meeting_id == bindparam("meeting_id"), AgendaItem.dropped_at.is_(None))
    .order_by(AgendaItem.position, AgendaItem.id)
)


def items_of(session: Session, meeting: Meeting) -> list[AgendaItem]:
    """The items that stand on the agenda, in order."""
    return list(session.scalars(_ITEMS, {"meeting_id": meeting.id}))


_TITLES = _ITEMS.with_only_columns(AgendaItem.id, AgendaItem.kind, AgendaItem.title_enc)


def titles_of(session: Session, meeting: Meeting) -> list[Message | str]:
    """What the agenda prints, in order: the items without what was said and decided on them; past the object layer."""
    typed = texts_of(meeting.case_id, "agenda_item.title_enc")
    session.flush()
    rows: Any = session.connection().execute(_TITLES, {"meeting_id": meeting.id})
    return [typed(str(item_id), title) or TITLES.get(kind, "") for item_id, kind, title in rows]


def title_of(item: AgendaItem) -> Message | str:
    """What the agenda prints for an item: the standing words, or what was typed."""
    return item.title or TITLES.get(item.kind, "")


def add_item(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, title: str, in_meeting: bool = False
) -> AgendaItem:
    """Put a free item before the decisions. Raises FieldRefused without a title."""
    if not title.strip():
        raise FieldRefused("title", Message("Write what the item is about."))
    items = items_of(session, meeting)
    ends = [one for one in items if one.kind in ("decisions", "next_date")]
    item = AgendaItem(
        case_id=meeting.case_id,
        meeting_id=meeting.id,
        position=0,
        kind="free",
        added_in_meeting=in_meeting,
        edited_by_id=actor.id,
        edited_at=now,
        title=title.strip(),
    )
    session.add(item)
    place = items.index(ends[0]) if ends else len(items)
    _number([*items[:place], item, *items[place:]])
    _note(session, meeting)
    return item


def move_item(
    session: Session, actor: Person, now: datetime, *, meeting: Meeting, item_id: UUID, up: bool
) -> None:
    """Move an item one place. The first and last stay where they are without complaint."""
    items = items_of(session, meeting)
    item = _found(items, item_id)
    place = items.index(item)
    other = place - 1 if up else place + 1
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
        _number(items)
        _note(session, meeting)


def remove_item(session: Session, actor: Person, now: datetime, *, meeting: Meeting, item_id: UUID) -> None:
    """Take an item off. Raises FieldRefused for one the Regulation asks for (`ARTICLES`)."""
    items = items_of(session, meeting)
    item = _found(items, item_id)
    if item.kind in FIXED:
        raise FieldRefused(
            "title",
            Message("“%(item)s” stands on every agenda and is not taken off.", item=TITLES[item.kind]),
        )
    item.dropped_at, item.edited_by_id = now, actor.id
    _number([one for one in items if one is not item])
    _note(session, meeting)


def _found(items: Sequence[AgendaItem], item_id: UUID) -> AgendaItem:
    for item in items:
        if item.id == item_id:
            return item
    raise NotFound("agenda item")


def _number(items: Sequence[AgendaItem]) -> None:
    for place, item in enumerate(items, 1):
        if item.position != place:
            item.position = place


def _note(session: Session, meeting: Meeting) -> None:
    audit.note(
        session, "agenda:changed", object_type="meeting", object_id=meeting.id, case_id=meeting.case_id
    )
