"""What the ledger says of a closing at each of its steps, without any key."""

from datetime import date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import closing_world as cw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.closures import hearing, recommending, transferring
from tmr_app.closures.hearing import Opinion
from tmr_app.oversight import ledger

DUTIES = ("A5.2", "A8.11", "A17.1", "A17.2", "A17.3", "A17.4", "A17.5")
# step: status of A5.2, A17.1, A17.2, A17.3, A17.5 on the ground "out of danger"
BY_STEP = {
    "recommended": ("due", "met", "due", "due", "due"),
    "heard": ("due", "met", "met", "due", "due"),
    "approved": ("due", "met", "met", "due", "due"),
    "held": ("due", "met", "met", "due", "due"),
    "decided": ("met", "met", "met", "due", "due"),
    "form": ("met", "met", "met", "due", "due"),
    "signed": ("met", "met", "met", "due", "met"),
    "end": ("met", "met", "met", "met", "met"),
}


def statuses(engine: Engine, case_id: UUID, now: datetime = cw.LATER) -> dict[str, str]:
    """In a unit without keys: nothing of the rows needs one."""
    with work(engine) as session:
        rows = ledger.rows_of_cases(session, [case_id], now, duties=DUTIES)
        return {row.duty: row.status.value for row in rows}


@pytest.mark.duty("A5.2", "A17.1", "A17.2", "A17.3", "A17.5")
def test_a17_3_rows_follow_the_steps(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.recommend(session, mw.case_world(session, kinds=("police", "school")))
        for step in cw.STEPS:
            if step != "recommended":
                cw.WAY[step](session, ended)
            if step not in BY_STEP:
                continue
            rows = ledger.rows_of_cases(session, [ended.case.id], cw.LATER, duties=DUTIES)
            found = {row.duty: row.status.value for row in rows}
            shown = tuple(found[duty] for duty in ("A5.2", "A17.1", "A17.2", "A17.3", "A17.5"))
            assert shown == BY_STEP[step], step
            assert found["A17.4"] == "waived"
            if step in ("held", "end"):
                assert found["A8.11"] == "met"
        case_id = ended.case.id
    assert statuses(engine, case_id)["A17.3"] == "met", "without any key"


@pytest.mark.duty("A17.3", "A17.4")
@pytest.mark.parametrize("ground", ["of_age", "moved_abroad", "death"])
def test_a17_3_rows_of_each_ground_are_met_without_its_sealed_dates(engine: Engine, ground: str) -> None:
    with work(engine) as session:
        case_id = cw.at_step(session, "end", ground).case.id
    found = statuses(engine, case_id)
    assert found["A17.3"] == "met"
    assert found["A5.2"] == "waived"
    assert found["A17.4"] == ("met" if ground == "of_age" else "waived")


@pytest.mark.duty("A17.3")
def test_a17_3_3_row_of_a_transfer_is_met_by_the_acceptance(engine: Engine) -> None:
    with work(engine) as session:
        ended, to, transfer = cw.offered(session)
        case_id = ended.case.id
    assert statuses(engine, case_id)["A17.3"] == "due"
    with work(engine) as session:
        transferring.accept(
            session, to.head, cw.LATER, transfer_id=transfer.id, case_manager_id=to.case_manager.id
        )
    assert statuses(engine, case_id)["A17.3"] == "met"


@pytest.mark.duty("A17.2")
def test_a17_2_row_shows_the_missing_parent_as_not_met(engine: Engine) -> None:
    with work(engine) as session:
        ended = cw.at_step(session, "recommended")
        manager = ended.here.town.case_manager
        for relation_id, said in (
            (None, Opinion(date(2026, 11, 2), "in_person", "x")),
            (ended.here.mother.id, NOBODY),
        ):
            hearing.record_opinion(
                session, manager, mw.NOW, case=ended.case, relation_id=relation_id, data=said
            )
        case_id = ended.case.id
    assert statuses(engine, case_id)["A17.2"] == "not_met"


NOBODY = Opinion(no_opinion_reason="Nuk u gjet")


def test_a_case_without_a_closing_owes_nothing_and_one_taken_back_neither(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, kinds=("police",))
        case_id = here.case.id
    assert set(statuses(engine, case_id).values()) == {"waived"}
    with work(engine) as session:
        mw.unlock(session, here.case)
        case = session.merge(here.case)
        manager = session.merge(here.town.case_manager)
        recommending.recommend(session, manager, mw.NOW, case=case, data=cw.recommendation())
        recommending.withdraw(session, manager, mw.NOW, case=case, reason="x")
    assert set(statuses(engine, case_id).values()) == {"waived"}


@pytest.mark.duty("A17.3")
def test_a17_3_as_many_statements_for_one_closing_as_for_many(engine: Engine) -> None:
    def asked(session: Session, ids: list[object]) -> int:
        with mw.counted(engine) as seen:
            list(ledger.rows_of_cases(session, ids, cw.LATER, duties=DUTIES))  # type: ignore[arg-type]
        return len(seen())

    with work(engine) as session:
        ids: list[object] = [
            cw.at_step(session, "heard", here=mw.case_world(session, kinds=("police",), key=key)).case.id
            for key in ("prishtine", "prizren", "peje")
        ]
        session.flush()
        assert asked(session, ids[:1]) == asked(session, ids) <= 9
