"""Writing while people talk: two writers at once lose no word (F18); the agenda's changes are kept (A10.3)."""

import threading
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import Person, work
from tmr_app.kernel import db, two_writers
from tmr_app.kernel.errors import FieldRefused, NotFound, Stale
from tmr_app.meetings import discussing, holding_queries
from tmr_app.meetings.models import AgendaItem, Meeting


def item_of(session: Session, here: mw.CaseWorld, meeting: Meeting, kind: str = "information") -> AgendaItem:
    held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
    return next(one for one in held.items if one.kind == kind)


def test_a_stale_text_comes_back_with_both(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        item = item_of(session, here, meeting)
        seen = item.version
        hw.write(session, here, meeting, item, discussion="Teksti i parë")
        assert item.version == seen + 1
        deed: dict[str, Any] = {"meeting": meeting, "item_id": item.id, "version": seen}
        with pytest.raises(Stale) as stale:
            discussing.save_item(
                session,
                here.town.assistant,
                hw.DURING,
                texts={"discussion": "Teksti i dytë", "decision": ""},
                **deed,
            )
        assert stale.value.mine["discussion"] == "Teksti i dytë"
        assert stale.value.theirs["discussion"] == "Teksti i parë"
        assert stale.value.version == item.version
        # the same text once more (an answer lost on the way) is no clash and no new version
        discussing.save_item(
            session,
            here.town.case_manager,
            hw.DURING,
            texts={"discussion": "Teksti i parë", "decision": ""},
            **deed,
        )
        assert item.version == seen + 1
        with pytest.raises(NotFound):
            discussing.save_item(
                session,
                here.town.case_manager,
                hw.DURING,
                meeting=meeting,
                item_id=meeting.id,
                version=1,
                texts={"discussion": "x"},
            )


def test_losing_texts_pile_up_until_they_are_merged(engine: Engine) -> None:
    with work(engine) as session:
        here, _meeting = hw.running(session)
        who, place = here.town.assistant, "/vend#1"
        for text in ("një", "dy", "dy"):
            kept = discussing.keep_losing_text(
                session, who, hw.DURING, case_id=here.case.id, place=place, mine={"discussion": text}
            )
            session.flush()
        assert kept == {"discussion": "një\n\ndy"}
        assert discussing.losing_text(session, who, place=place) == kept
        discussing.settled(session, who, place=place)
        assert discussing.losing_text(session, who, place=place) == {}


class Writer:
    """Somebody at a screen: writes over what the screen shows; on a clash merges and saves again."""

    def __init__(self, engine: Engine, ids: dict[str, UUID], person_id: UUID, name: str) -> None:
        self.engine, self.ids, self.person_id, self.name = engine, ids, person_id, name
        self.shown, self.version, self.clashes = "", 1, 0

    def write(self, word: str) -> None:
        mine = f"{self.shown} {word}".strip()
        while not self.save(mine):
            self.clashes += 1
            mine = two_writers.merged(mine, self.shown)
        self.shown = mine

    def save(self, text: str) -> bool:
        """One request: its own unit of work, as the web layer does it."""
        with db.unit(self.engine) as session:
            mw.vault.unlock(session, [self.ids["case"]])
            actor = session.get_one(Person, self.person_id)
            meeting = discussing.writable(
                session, meeting_id=self.ids["meeting"], case_id=self.ids["case"], stage="running"
            )
            try:
                item = discussing.save_item(
                    session,
                    actor,
                    hw.DURING,
                    meeting=meeting,
                    item_id=self.ids["item"],
                    version=self.version,
                    texts={"discussion": text, "decision": ""},
                )
            except Stale as stale:
                discussing.keep_losing_text(
                    session,
                    actor,
                    hw.DURING,
                    case_id=self.ids["case"],
                    place="/vend#1",
                    mine=stale.mine,
                )
                self.shown, self.version = stale.theirs["discussion"], stale.version
                return False
            self.version = item.version
            return True


def test_two_writers_at_once_lose_no_word(engine: Engine, rounds: Callable[[int], int]) -> None:
    """Both press save at the same instant, round after round; in the end every word stands, none was overwritten."""
    with work(engine) as session:
        here, meeting = hw.running(session)
        item = item_of(session, here, meeting)
        ids = {"case": here.case.id, "meeting": meeting.id, "item": item.id}
        people = [here.town.case_manager.id, here.town.assistant.id]
    number = rounds(200)
    barrier = threading.Barrier(2, timeout=60)
    writers = [Writer(engine, ids, person, name) for person, name in zip(people, "AB", strict=True)]
    failed: list[BaseException] = []

    def type_on(writer: Writer) -> None:
        try:
            for turn in range(number):
                barrier.wait()
                writer.write(f"{writer.name}{turn}.")
        except BaseException as error:
            failed.append(error)
            barrier.abort()

    threads = [threading.Thread(target=type_on, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=300)
    assert not failed, failed
    with work(engine) as session:
        mw.vault.unlock(session, [ids["case"]])
        stored = session.get_one(AgendaItem, ids["item"]).discussion.split()
        lost = [f"{who}{turn}." for who in "AB" for turn in range(number) if f"{who}{turn}." not in stored]
        assert lost == []
    assert sum(writer.clashes for writer in writers) >= number // 2  # they did meet


@pytest.mark.duty("A10.3")
def test_a10_3_changes_of_the_agenda_are_recorded(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        who, ids = here.town.case_manager, {"meeting_id": meeting.id, "case_id": here.case.id}
        added = discussing.add_item(session, who, hw.DURING, title="Transporti", **ids)
        session.flush()
        assert added.added_in_meeting
        other = discussing.add_item(session, who, hw.DURING, title="Strehimi", **ids)
        session.flush()
        for up in (True, True):
            discussing.move_item(session, who, hw.DURING, item_id=other.id, up=up, **ids)
            session.flush()
        discussing.drop_item(session, who, hw.DURING, item_id=added.id, **ids)
        session.flush()
        shown = [(one.deed, one.item) for one in discussing.changes_of(meeting)]
        assert shown == [
            ("added", "Transporti"),
            ("added", "Strehimi"),
            ("moved", "Strehimi"),
            ("dropped", "Transporti"),
        ]
        with pytest.raises(FieldRefused):  # a standing item
            discussing.drop_item(session, who, hw.DURING, item_id=item_of(session, here, meeting).id, **ids)
        hw.write(session, here, meeting, other, discussion="DiskutimKanarine")
        with pytest.raises(FieldRefused):  # what was written is not thrown away
            discussing.drop_item(session, who, hw.DURING, item_id=other.id, **ids)
        first = discussing.approve_agenda(session, who, hw.DURING, note="Njëzëri.", **ids)
        at = first.agenda_approved_at
        again = discussing.approve_agenda(session, who, mw.at(mw.MEETING_ON, hw.time(11, 0)), **ids)
        assert (again.agenda_approved_at, again.agenda_note) == (at, "Njëzëri.")
