"""Reminders of the monthly review: on which day, to whom, once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures import plan_rows
from tests.fixtures.plan_rows import noon
from tests.fixtures.world import work
from tmr_app.cases import work_panels
from tmr_app.cases.work_panels import Asking
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import review_reminding
from tmr_app.meetings.models import Meeting
from tmr_app.oversight import next_duties

ADOPTED, DUE = date(2026, 11, 10), date(2026, 12, 10)
DAY = timedelta(days=1)


def with_plan(session: Session) -> mw.CaseWorld:
    here = mw.case_world(session)
    plan_rows.adopted(session, here, ADOPTED, planned=[DUE])
    session.flush()
    next_duties.refresh(session, [here.case.id], noon(ADOPTED))
    session.expire(here.case)
    return here


def kinds(session: Session) -> list[str]:
    session.flush()
    found = session.scalars(select(OutboxMessage.kind).where(OutboxMessage.kind.like("review_%")))
    return sorted(found)


@pytest.mark.duty("A5.1.5")
@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (DUE - 14 * DAY, []),
        (DUE - 11 * DAY, []),  # 30 November is the Monday before the 10 days: Saturday 28 would be Flag Day
        (DUE - 10 * DAY, ["review_reminder"]),
        (DUE - 3 * DAY, ["review_reminder"]),
        (DUE, ["review_reminder"]),
        (DUE + DAY, ["review_overdue", "review_reminder"]),
    ],
)
def test_a5_1_5_reminded_on_its_days(engine: Engine, on: date, expected: list[str]) -> None:
    with work(engine) as session:
        with_plan(session)
        review_reminding.remind(session, noon(on))
        assert kinds(session) == expected


def test_each_reminder_goes_out_once_and_names_nobody(engine: Engine) -> None:
    with work(engine) as session:
        here = with_plan(session)
        for on in (DUE - 10 * DAY, DUE - 10 * DAY, DUE - 9 * DAY, DUE - 3 * DAY, DUE + DAY, DUE + 2 * DAY):
            review_reminding.remind(session, noon(on))
            session.flush()
        assert kinds(session) == ["review_overdue", "review_reminder", "review_reminder"]
        for row in session.scalars(select(OutboxMessage).where(OutboxMessage.kind.like("review_%"))):
            assert here.case.number not in repr(row.parameters)
            expected = here.town.head if row.kind == "review_overdue" else here.town.case_manager
            assert row.recipient_id == expected.id


def reviews_named(session: Session, person_id: UUID, on: date) -> list[tuple[str, date | None]]:
    """What the section of reviews on the page "My work" says on this day."""
    found = work_panels.sections(session, Asking(person_id, noon(on)))
    return [(one.about, one.due_on) for section in found if section.id == "reviews" for one in section.tasks]


def test_my_work_names_the_review_until_a_meeting_is_set(engine: Engine) -> None:
    with work(engine) as session:
        here = with_plan(session)
        manager = here.town.case_manager.id
        assert reviews_named(session, manager, DUE - 14 * DAY) == [(here.case.number, DUE)]
        assert reviews_named(session, manager, DUE - 15 * DAY) == []
        meeting = Meeting(
            case_id=here.case.id, code="T-1", purpose="review", status="preparing", meeting_on=DUE,
            called_by_id=manager, called_at=mw.NOW,
        )  # fmt: skip
        session.add(meeting)
        session.flush()
        assert reviews_named(session, manager, DUE) == []
        meeting.meeting_on = DUE + DAY  # too late to keep it
        session.flush()
        assert len(reviews_named(session, manager, DUE)) == 1
