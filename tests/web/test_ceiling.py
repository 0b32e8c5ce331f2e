"""The ceiling on different cases an hour (T24, ASVS 2.4.1): its border, its window, its trace."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cases.desk import declare, opened
from tests.fixtures import world
from tests.fixtures.app import MakeApp
from tests.fixtures.signed_in import SignedIn
from tmr_app.kernel import clock
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.web import ceiling
from tmr_app.web.app import TmrFlask

ALLOWED = 3


@pytest.fixture
def app(fresh_database_url: str, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[TmrFlask]:
    assert ceiling.CASES == 60
    monkeypatch.setattr(ceiling, "CASES", ALLOWED)
    made = make_app(fresh_database_url)
    yield made
    made.engine.dispose()


def test_one_case_too_many_is_refused_logged_and_told_to_the_heads_once(app: TmrFlask) -> None:
    with clock.fixed_at(world.NOW), world.work(app.engine) as session:
        town = world.town(session, "prishtine")
        cases = [opened(session, town) for _ in range(ALLOWED + 2)]
        for case in cases:
            declare(session, case, town.case_manager)
        ids, manager, head = [case.id for case in cases], town.case_manager.id, town.head.id
    with clock.fixed_at(world.NOW):
        browser, other = SignedIn(app, manager), SignedIn(app, manager)

    def look(at: int, minutes: int, by: SignedIn = browser) -> int:
        with clock.fixed_at(world.NOW + timedelta(minutes=minutes)):
            return by.get(f"/cases/{ids[at]}/").status_code

    assert [look(0, 0), look(0, 1), look(1, 9), look(2, 10)] == [200] * 4
    assert [look(3, 11), look(3, 12, by=other), look(4, 13)] == [429] * 3, "another session counts with it"
    assert [look(0, 14), look(2, 15, by=other)] == [200] * 2, "what was opened stays open"
    assert look(4, 16, by=other) == 429
    assert "3 raste të ndryshme" in other.text
    with world.work(app.engine) as session:
        refused = session.scalars(select(AuditEntry).where(AuditEntry.tag == "case:ceiling")).all()
        assert [(row.actor_id, row.outcome) for row in refused] == [(manager, "refused")] * 4
        (mail,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "many_cases_opened"))
        assert (mail.recipient_id, mail.parameters) == (head, {"path": "/head-office"})


def test_an_hour_later_the_next_one_opens(app: TmrFlask) -> None:
    ids, manager = _cases(app)
    at = world.NOW
    with clock.fixed_at(at):
        browser = SignedIn(app, manager)
    answers = []
    for minutes, number in [(0, 0), (14, 1), (28, 2), (42, 0), (56, 3), (60, 3), (61, 3)]:
        with clock.fixed_at(at + timedelta(minutes=minutes)):
            answers.append(browser.get(f"/cases/{ids[number]}/").status_code)
    assert answers == [200, 200, 200, 200, 429, 429, 429], "the second look at the first case counts anew"
    with clock.fixed_at(at + timedelta(minutes=74, seconds=1)):
        assert browser.get(f"/cases/{ids[3]}/").status_code == 200


def _cases(app: TmrFlask) -> tuple[list[UUID], UUID]:
    with clock.fixed_at(world.NOW), world.work(app.engine) as session:
        town = world.town(session, "prishtine")
        cases = [opened(session, town) for _ in range(ALLOWED + 1)]
        for case in cases:
            declare(session, case, town.case_manager)
        return [case.id for case in cases], town.case_manager.id
