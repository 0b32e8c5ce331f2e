"""Tasks of general meetings, and reminders of meetings that are owed: each once, then told further (A8.2)."""

from datetime import date

import pytest
from sqlalchemy import Engine

from tests.fixtures import general_world as gw
from tests.fixtures.world import work
from tmr_app.kernel.errors import Forbidden, OutOfOrder
from tmr_app.meetings import general_queries, general_reminding, general_tasks


def test_tasks_are_the_owners_and_reminded_once(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session)
        police = here.town.members["police"]
        meeting = gw.held(session, here, gw.ON, task_for=police)
        (task,) = general_queries.tasks_of(session, here.id)
        assert task.due_on == date(2026, 12, 17)
        for on, count in ((date(2026, 12, 1), 0), (date(2026, 12, 10), 1), (date(2026, 12, 11), 1)):
            general_reminding.remind(session, gw.at(on))
            assert len(gw.mails(session, "general_task_due")) == count
        general_reminding.remind(session, gw.at(date(2026, 12, 18)))
        assert len(gw.mails(session, "general_task_due")) == 2
        with pytest.raises(Forbidden):
            general_tasks.tell_done(
                session, here.town.members["school"], gw.NOW, municipality_id=here.id, task_id=task.id,
                outcome="x",
            )  # fmt: skip
        general_tasks.tell_done(
            session, police, gw.NOW, municipality_id=here.id, task_id=task.id, outcome="U krye."
        )
        assert task.done_at
        with pytest.raises(OutOfOrder):
            general_tasks.set_task(
                session, here.chair, gw.NOW, meeting=meeting, owner_id=police.id, text="x", due_on=gw.ON
            )


def test_reminders_from_thirty_days_before_and_escalation_after(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session, now=gw.at(date(2026, 9, 1)))  # owed by 20 November
        for on, count in (
            (date(2026, 10, 20), 0),
            (date(2026, 10, 21), 1),
            (date(2026, 10, 22), 1),
            (date(2026, 11, 6), 2),
            (date(2026, 11, 20), 2),
        ):
            general_reminding.remind(session, gw.at(on))
            assert len(gw.mails(session, "general_owed")) == count, on
        assert {one.recipient_id for one in gw.mails(session, "general_owed")} == {here.chair.id}
        general_reminding.remind(session, gw.at(date(2026, 11, 21)))
        general_reminding.remind(session, gw.at(date(2026, 11, 22)))
        assert {one.recipient_id for one in gw.mails(session, "general_overdue")} == {
            here.chair.id,
            here.town.head.id,
            here.town.officer.id,
        }
        assert len(gw.mails(session, "general_overdue")) == 3


def test_a_meeting_called_in_time_stops_the_reminders(engine: Engine) -> None:
    with work(engine) as session:
        here = gw.general_world(session, now=gw.at(date(2026, 9, 1)))
        gw.call(session, here, gw.at(date(2026, 10, 10)))
        general_reminding.remind(session, gw.at(date(2026, 11, 6)))
        assert not gw.mails(session, "general_owed")
