"""Answers to an invitation: who may, until when, with which reason; nothing of the case before the declaration."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from tests.fixtures import meeting_world as mw
from tests.fixtures.app import MakeApp
from tests.fixtures.world import work
from tests.meetings.member_kit import ON, Story, story
from tmr_app.cases.table_models import Declaration
from tmr_app.kernel import clock
from tmr_app.kernel.errors import FieldRefused, NotFound, OutOfOrder
from tmr_app.kernel.outbox import OutboxMessage
from tmr_app.meetings import answering
from tmr_app.meetings.models import Invitation, Meeting

LATER = mw.NOW + timedelta(hours=1)


def answer(engine: Engine, told: Story, who: str = "police", now: datetime = LATER, **values: Any) -> None:
    with work(engine) as session:
        case, _ = told.open(session)
        answering.answer_invitation(
            session,
            told.person(session, who),
            now,
            case=case,
            meeting_id=told.meeting_id,
            **values,
        )


def stored(engine: Engine, told: Story, who: str = "police") -> Invitation:
    with work(engine) as session:
        told.open(session)
        row = session.scalar(
            select(Invitation).where(
                Invitation.meeting_id == told.meeting_id, Invitation.seat_id == told.seat(session, who).id
            )
        )
        assert row is not None
        assert isinstance(row.answer_reason, str)
        session.expunge_all()
        return row


@pytest.mark.duty("A9")
def test_a9_answer_may_change_until_the_meeting_begins(engine: Engine) -> None:
    told = story(engine)
    answer(engine, told, answer="yes")
    assert (stored(engine, told).answer, stored(engine, told).answered_by) == ("yes", "member")
    with pytest.raises(FieldRefused) as refused:
        answer(engine, told, answer="no", reason="  ")
    assert refused.value.field == "reason"
    begin = mw.at(ON, time(10, 0))
    answer(engine, told, now=begin - timedelta(seconds=1), answer="no", reason="Sëmurë")
    assert stored(engine, told).answer == "no"
    answer(
        engine, told, now=begin - timedelta(seconds=1), answer="no", reason="Sëmurë"
    )  # sent twice, told once
    with pytest.raises(OutOfOrder):
        answer(engine, told, now=begin, answer="yes")
    with work(engine) as session:
        told_of = session.scalars(
            select(OutboxMessage).where(OutboxMessage.kind == "invitation_declined")
        ).all()
        assert [row.recipient_id for row in told_of] == [told.people["case_manager"]]
        assert "Sëmurë" not in str([row.parameters for row in told_of])


def test_who_is_not_invited_and_the_chair_answer_nothing(engine: Engine) -> None:
    told = story(engine)
    with pytest.raises(NotFound):
        answer(engine, told, "stranger", answer="yes")
    with pytest.raises(OutOfOrder):
        answer(engine, told, "case_manager", answer="no", reason="Pushim")


def test_an_answer_to_a_date_that_has_changed_is_out_of_order(engine: Engine) -> None:
    told = story(engine)
    with work(engine) as session:
        session.get_one(Meeting, told.meeting_id).sequence = 1
    with pytest.raises(OutOfOrder):
        answer(engine, told, answer="yes", seen_sequence=0)
    answer(engine, told, answer="yes", seen_sequence=1)
    assert stored(engine, told).reply_sequence == 1


def test_a_meeting_being_prepared_or_cancelled_takes_no_answer(engine: Engine) -> None:
    told = story(engine, convened=False)
    with pytest.raises(NotFound):
        answer(engine, told, answer="yes")
    with work(engine) as session:
        meeting = session.get_one(Meeting, told.meeting_id)
        meeting.convened_at, meeting.status = mw.NOW, "cancelled"
    with pytest.raises(OutOfOrder):
        answer(engine, told, answer="yes")


@pytest.mark.duty("A18.2")
def test_a18_2_before_the_declaration_time_and_code_only(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with work(engine) as session:
        session.execute(Declaration.__table__.delete().where(Declaration.person_id == told.people["police"]))
        code = session.get_one(Meeting, told.meeting_id).code
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        page = browser.get(f"{told.base}/answer")
        assert page.status_code == 200
        assert code in page.text
        assert f"/cases/{told.case_id}/declaration" in page.text
        names = [*mw.CANARIES, "Anëtar school", "Mira Menaxheri"]
        assert not [name for name in names if name in page.text]
        assert browser.get(f"{told.base}/pack").status_code == 403
        browser.get(f"{told.base}/answer")
        sent = browser.post(f"{told.base}/answer", answer="yes", reason="")
        assert sent.status_code == 303, browser.text
    assert stored(engine, told).answer == "yes"


def test_the_page_keeps_the_text_and_refuses_what_was_forged(
    engine: Engine, fresh_database_url: str, make_app: MakeApp
) -> None:
    told = story(engine)
    with clock.fixed_at(LATER):
        browser = told.browser(make_app(fresh_database_url), "police")
        browser.get(f"{told.base}/answer")
        assert browser.post(f"{told.base}/answer", answer="no", reason="").status_code == 422
        assert (
            browser.post(f"{told.base}/answer", answer="perhaps", reason="Arsye e ruajtur").status_code == 422
        )
        assert "Arsye e ruajtur" in browser.text
        assert browser.post(f"{told.base}/answer", answer="yes", role="administrator").status_code == 400
        wrong = browser.post(f"{told.base}/answer", answer="substitute", substitute="x", reason="")
        assert wrong.status_code == 400
    with work(engine) as session:
        given = select(func.count()).where(Invitation.answered_by == "member")
        assert session.scalar(given) == 0


def test_the_borders_of_the_day_are_kosovos(engine: Engine) -> None:
    told = story(engine, on=date(2026, 11, 17))
    answer(engine, told, now=mw.at(date(2026, 11, 16), time(23, 59)), answer="yes")
    assert stored(engine, told).answered_at == mw.at(date(2026, 11, 16), time(23, 59))
