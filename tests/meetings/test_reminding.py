"""Reminders of answers and reports: each once, to the page where it is done; what stays open goes to the case manager."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.kernel.clock import civil_date
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import reminding
from tmr_app.meetings.models import Meeting
from tmr_app.members.models import Person


def walk(session: Session, until: date) -> None:
    """Each day twice, as two rounds of a worker."""
    for day in range(1, (until - civil_date(mw.NOW)).days + 1):
        for _ in range(2):
            reminding.remind(session, mw.NOW + timedelta(days=day))
            session.flush()


def mails(session: Session, kind: str, person: Person) -> list[str]:
    """Where the links of these mails lead."""
    rows = session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == kind, OutboxMessage.recipient_id == person.id)
    )
    return [str(one.parameters["path"]) for one in rows]


def address(meeting: Meeting) -> str:
    return f"/cases/{meeting.case_id}/meetings/{meeting.id}/"


def test_an_answer_is_asked_for_where_it_is_given(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = mw.convened(session)
        police = here.town.members["police"]
        assert mails(session, "invitation", police) == [f"{address(meeting)}answer"]
        walk(session, mw.MEETING_ON)
        asked = mails(session, "answer_reminder", police)
        assert asked
        assert set(asked) == {f"{address(meeting)}answer"}
        assert mails(session, "answer_missing", here.town.case_manager) == [address(meeting)] * len(
            here.seats
        )
        assert mails(session, "answer_missing", police) == []
        before = session.query(OutboxMessage).count()
        reminding.remind(session, mw.NOW + timedelta(days=15))
        assert session.query(OutboxMessage).count() == before


@pytest.mark.duty("A8.9")
def test_a_report_is_asked_for_where_it_is_written(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        mw.hold(session, mw.prepare(session, here, mw.call(session, here)), date(2026, 10, 13))
        meeting = mw.call(session, here, "review")
        mw.prepare(session, here, meeting)
        walk(session, mw.MEETING_ON)
        police = here.town.members["police"]
        asked = mails(session, "report_reminder", police)
        assert len(asked) > 1
        assert set(asked) == {f"{address(meeting)}report"}
        assert set(mails(session, "report_missing", here.town.case_manager)) == {address(meeting)}
