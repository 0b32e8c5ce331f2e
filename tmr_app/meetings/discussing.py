"""Writing while people talk: discussion and decision per item, views, notes; two writers never lose a word (F18).

A text is written only over the version its writer saw. Otherwise `Stale` carries both texts, and the losing one is kept
as its writer's draft until the two were merged.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tmr_app.kernel import audit, two_writers
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.kernel.two_writers import put
from tmr_app.meetings import agenda
from tmr_app.meetings.convening import locked
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import AgendaItem, FamilyNotice, Meeting
from tmr_app.members.models import Person
from tmr_app.regulation.verdicts import Message

Stage = Literal["running", "minutes"]
"""`running`: while the meeting runs; `minutes`: corrections of the draft, after the end and before circulation."""

ITEM_TEXTS = ("discussion", "decision")
VIEW_TEXTS = ("views", "considered", "no_views_reason")
NOTE_TEXTS = ("information_given", "dissent")


def writable(session: Session, *, meeting_id: UUID, case_id: UUID, stage: Stage) -> Meeting:
    """The meeting, held open against its end. Raises OutOfOrder outside its stage, NotFound for another case's."""
    meeting = session.scalar(
        select(Meeting)
        .where(Meeting.id == meeting_id, Meeting.case_id == case_id)
        .options(joinedload(Meeting.room))
        .with_for_update(read=True, of=Meeting)
        .execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotFound("meeting")
    check_stage(session, meeting, stage)
    return meeting


def check_stage(session: Session, meeting: Meeting, stage: Stage) -> None:
    """Raises OutOfOrder (409): not started, already ended, or minutes that are a draft no more."""
    if stage == "running":
        if meeting.status in ("preparing", "convened"):
            raise OutOfOrder(Message("The meeting has not begun yet."), "A6.1.4")
        if meeting.status != "running":
            raise OutOfOrder(
                Message("The meeting is over: correct the draft of the minutes instead."), "A10.1"
            )
        return
    if meeting.status != "held":
        raise OutOfOrder(Message("There are no minutes yet: the meeting has not ended."), "A10.1")
    status = session.scalar(
        select(Minutes.status)
        .where(Minutes.meeting_id == meeting.id, Minutes.corrects_id.is_(None))
        .order_by(Minutes.version.desc())
        .limit(1)
    )
    if status != "draft":
        raise OutOfOrder(Message("The minutes are a draft no more: object to them instead."), "A10.1")


def save_item(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    item_id: UUID,
    version: int,
    texts: Mapping[str, str],
) -> AgendaItem:
    """Discussion and decision of one item. `meeting` comes from `writable`. Raises Stale, NotFound."""
    item = session.scalar(
        select(AgendaItem)
        .where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting.id, AgendaItem.dropped_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound("agenda item")
    if put(item, texts, version=version):
        item.edited_by_id, item.edited_at = actor.id, now
        _note(session, meeting, "item:written", "agenda_item", item.id, "A10.3")
    return item


def save_views(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting: Meeting,
    relation_id: UUID | None,
    version: int,
    texts: Mapping[str, str],
) -> FamilyNotice:
    """Views of the child (`relation_id` None), parent or guardian in their words, and how they were considered (A8.10).

    The caller has asked `cases.exclusion` whether this relation may be heard (A4.5). Raises Stale.
    """
    same = (
        FamilyNotice.relation_id.is_(None) if relation_id is None else FamilyNotice.relation_id == relation_id
    )
    notice = session.scalar(
        select(FamilyNotice)
        .where(FamilyNotice.meeting_id == meeting.id, same)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if notice is None:
        notice = FamilyNotice(
            case_id=meeting.case_id,
            meeting_id=meeting.id,
            relation_id=relation_id,
            recorded_by_id=actor.id,
            recorded_at=now,
            version=0,
        )
        session.add(notice)
    if put(notice, texts, version=version):
        notice.recorded_by_id, notice.recorded_at = actor.id, now
        _note(session, meeting, "views:written", "family_notice", notice.id, "A8.10")
    return notice


def save_notes(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case_id: UUID,
    stage: Stage,
    version: int,
    texts: Mapping[str, str],
) -> Meeting:
    """Information given in the meeting (A8.8) and differing opinions. Raises Stale, OutOfOrder."""
    meeting = locked(session, meeting_id, case_id)
    check_stage(session, meeting, stage)
    if put(meeting, texts, version=version, counter="notes_version"):
        _note(session, meeting, "notes:written", "meeting", meeting.id, "A8.8")
    return meeting


@dataclass(frozen=True, slots=True)
class Change:
    """One change the Table made to the agenda: added, dropped or moved (to `place`)."""

    deed: Literal["added", "dropped", "moved"]
    item: str
    place: int = 0

    def words(self) -> Message:
        """The change as the minutes print it."""
        title = agenda.TITLES.get(self.item, self.item)
        return {
            "added": Message("Added: %(item)s.", item=title),
            "dropped": Message("Taken off: %(item)s.", item=title),
            "moved": Message("Moved to place %(place)s: %(item)s.", item=title, place=self.place),
        }[self.deed]


def changes_of(meeting: Meeting) -> list[Change]:
    """What the Table changed, in order."""
    return [Change(**one) for one in meeting.agenda_changes or []]


def add_item(
    session: Session, actor: Person, now: datetime, *, meeting_id: UUID, case_id: UUID, title: str
) -> AgendaItem:
    """The Table adds an item while the meeting runs; recorded as a change (A10.3). Raises FieldRefused, OutOfOrder."""
    meeting = _changing(session, meeting_id, case_id)
    item = agenda.add_item(session, actor, now, meeting=meeting, title=title, in_meeting=True)
    _record(meeting, "added", item.title)
    return item


def drop_item(
    session: Session, actor: Person, now: datetime, *, meeting_id: UUID, case_id: UUID, item_id: UUID
) -> None:
    """The Table takes an item off. Raises FieldRefused for a standing one, and for one with text: nothing is lost."""
    meeting = _changing(session, meeting_id, case_id)
    item = _item(session, meeting, item_id)
    if item.discussion or item.decision:
        raise FieldRefused("title", Message("Something is written under this item: it stays on the agenda."))
    agenda.remove_item(session, actor, now, meeting=meeting, item_id=item_id)
    _record(meeting, "dropped", item.title or item.kind)


def move_item(
    session: Session,
    actor: Person,
    now: datetime,
    *,
    meeting_id: UUID,
    case_id: UUID,
    item_id: UUID,
    up: bool,
) -> None:
    """The Table takes an item earlier or later; the last move of an item is what is recorded."""
    meeting = _changing(session, meeting_id, case_id)
    item = _item(session, meeting, item_id)
    before = item.position
    agenda.move_item(session, actor, now, meeting=meeting, item_id=item_id, up=up)
    if item.position != before:
        _record(meeting, "moved", item.title or item.kind, item.position)


def approve_agenda(
    session: Session, actor: Person, now: datetime, *, meeting_id: UUID, case_id: UUID, note: str = ""
) -> Meeting:
    """The Table approves the agenda, as it is or changed (A10.3). A second approval keeps the first instant."""
    meeting = locked(session, meeting_id, case_id)
    check_stage(session, meeting, "running")
    meeting.agenda_approved_at = meeting.agenda_approved_at or now
    if note.strip():
        meeting.agenda_note = note.strip()
    _note(session, meeting, "agenda:approved", "meeting", meeting.id, "A10.3")
    return meeting


def _changing(session: Session, meeting_id: UUID, case_id: UUID) -> Meeting:
    meeting = locked(session, meeting_id, case_id)
    check_stage(session, meeting, "running")
    return meeting


def _item(session: Session, meeting: Meeting, item_id: UUID) -> AgendaItem:
    item = session.get(AgendaItem, item_id, with_for_update=True, populate_existing=True)
    if item is None or item.meeting_id != meeting.id or item.dropped_at is not None:
        raise NotFound("agenda item")
    return item


def _record(meeting: Meeting, deed: str, item: str, place: int = 0) -> None:
    again = [deed, item] if deed == "moved" else None
    kept = [one for one in meeting.agenda_changes or [] if [one["deed"], one["item"]] != again]
    meeting.agenda_changes = [*kept, {"deed": deed, "item": item, "place": place}]


def _note(session: Session, meeting: Meeting, tag: str, kind: str, object_id: UUID, rule: str) -> None:
    audit.note(session, tag, object_type=kind, object_id=object_id, case_id=meeting.case_id, rule=rule)


def keep_losing_text(
    session: Session, actor: Person, now: datetime, *, case_id: UUID, place: str, mine: Mapping[str, str]
) -> dict[str, str]:
    """Keep what lost as its writer's draft, under what lost there before. Returns all that is kept."""
    return two_writers.keep_losing_text(session, actor.id, now, case_id=case_id, place=place, mine=mine)


def losing_text(session: Session, actor: Person, *, place: str) -> dict[str, str]:
    """The draft kept for this place; empty when none is open."""
    return two_writers.losing_text(session, actor.id, place=place)


def settled(session: Session, actor: Person, *, place: str) -> None:
    """The two texts were merged and saved: the draft goes."""
    two_writers.settled(session, actor.id, place=place)
