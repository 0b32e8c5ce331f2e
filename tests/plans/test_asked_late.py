"""Who gets an action after its date has passed: asked twice all the same, before the superior is thought of (A14.3.2)."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.fixtures import plan_world as pw
from tests.fixtures.world import work
from tests.plans.test_carrying_out import offered, rounds, silent
from tmr_app.plans import queries, updating


@pytest.mark.duty("A14.3.2")
def test_who_gets_an_action_after_its_date_is_asked_twice_before_the_superior(engine: Engine) -> None:
    with work(engine) as session:
        here = silent(session)
        version, manager = queries.current_version(session, here.case.id), here.town.case_manager
        assert version is not None
        given_on = pw.PLANNED_ON + timedelta(days=30)
        updating.give(
            session, manager, pw.on(given_on), case=here.case,
            action_key=pw.key_of(session, version, "police", here), seat_id=here.seats["school"].id,
            reason="Anëtari nuk u përgjigj", number=0,
        )  # fmt: skip
        session.flush()
        assert rounds(session, given_on, given_on + timedelta(days=2)) == [1, 0]
        assert offered(session, here, pw.on(given_on + timedelta(days=2))) == []
        later = given_on + timedelta(days=3)
        days = [later + timedelta(days=one) for one in (0, 1, 2)]
        assert rounds(session, *days) == [1, 1, 0]  # the member again, then the case manager, then nobody
        (offer,) = offered(session, here, pw.on(later))
        assert offer.seat.id == here.seats["school"].id


@pytest.mark.duty("A14.3.1")
def test_what_falls_due_after_the_days_mail_waits_for_the_next(engine: Engine) -> None:
    """One digest a person and day: an action given to a member who was written to this morning is asked for tomorrow."""
    with work(engine) as session:
        here, _meeting, version = pw.adopted(session, ("police", "school"))
        today = pw.PLANNED_ON + timedelta(days=1)
        assert rounds(session, today) == [2]
        updating.give(
            session, here.town.case_manager, pw.on(today), case=here.case,
            action_key=pw.key_of(session, version, "school", here), seat_id=here.seats["police"].id,
            reason="Anëtarja u largua", number=0,
        )  # fmt: skip
        session.flush()
        assert rounds(session, today, today + timedelta(days=1)) == [0, 1]
