"""The ledger's rows by situations: what is stored, what the row says."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.kernel.outbox import ACCEPTED, OutboxMessage
from tmr_app.meetings import answering, convening, substituting
from tmr_app.meetings.models import Invitation, Meeting
from tmr_app.oversight import ledger
from tmr_app.oversight.ledger import Row
from tmr_app.regulation.verdicts import Status

ON = mw.MEETING_ON
"""Tuesday 17 November 2026: the last lawful day of the notice is Saturday the 14th."""


def rows(session: Session, here: mw.CaseWorld, now: datetime, **more: Any) -> list[Row]:
    session.flush()
    return list(ledger.rows_of_cases(session, [here.case.id], now, **more))


def of(found: list[Row], duty: str, subject: str | None = None) -> Row:
    """The one row of a duty (and subject)."""
    (row,) = [one for one in found if one.duty == duty and one.subject == subject]
    return row


def statuses(found: list[Row], duty: str) -> list[str]:
    return [row.status.value for row in found if row.duty == duty]


def convene(session: Session, here: mw.CaseWorld, now: datetime, **more: Any) -> Meeting:
    """A first meeting on ON, convened at `now`; its mail not yet accepted."""
    meeting = mw.prepare(session, here, mw.call(session, here))
    session.flush()
    return convening.convene(
        session,
        here.town.case_manager,
        now,
        meeting_id=meeting.id,
        case=here.case,
        **more,
    )


def accept(session: Session, at: datetime) -> None:
    """The mail server took every queued mail."""
    session.flush()
    for mail in session.query(OutboxMessage):
        mail.state, mail.accepted_at = ACCEPTED, at
    session.flush()


def after(on: date, hour: int = 9) -> datetime:
    return mw.at(on, time(hour, 0))


@pytest.mark.duty("A8.3")
@pytest.mark.parametrize(
    ("convened_on", "reason", "status"),
    [
        (date(2026, 11, 3), "", Status.MET),
        (date(2026, 11, 14), "", Status.MET),
        (date(2026, 11, 15), "Rrezik", Status.MET_LATE),
    ],
)
def test_a8_3_row_follows_the_sending(engine: Engine, convened_on: date, reason: str, status: Status) -> None:
    sent_at = after(convened_on)
    with work(engine) as session:
        here = mw.case_world(session)
        convene(session, here, sent_at, late_reason=reason)
        accept(session, sent_at)
        row = of(rows(session, here, after(ON)), "A8.3")
        assert (row.status, row.due_on, row.met_at) == (status, date(2026, 11, 14), sent_at)
        assert row.counted is not None
        assert row.reading is not None


@pytest.mark.duty("A8.3")
def test_a8_3_unsent_notice_is_due_then_overdue(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here), agreed=False)
        row = of(rows(session, here, mw.NOW), "A8.3")
        assert (row.status, row.due_on, row.meeting) == (Status.DUE, date(2026, 11, 14), meeting.code)
        assert of(rows(session, here, after(date(2026, 11, 15))), "A8.3").status is Status.OVERDUE
        assert of(rows(session, here, mw.NOW), "A6.1.3").status is Status.DUE


@pytest.mark.duty("A8.3")
def test_a8_3_names_the_member_who_was_not_reached(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        convene(session, here, mw.NOW)
        accept(session, mw.NOW)
        late = session.query(Invitation).filter_by(seat_id=here.seats["police"].id).one()
        session.get_one(OutboxMessage, late.outbox_id).state = "bounced"
        found = rows(session, here, after(date(2026, 11, 16)))
        assert of(found, "A8.3").status is Status.OVERDUE
        assert of(found, "A8.3", "police").status is Status.OVERDUE
        assert len(statuses(found, "A8.3")) == 2


@pytest.mark.duty("A8.3")
def test_a8_3_a_substitute_named_late_makes_no_notice_late(engine: Engine) -> None:
    """The member had it in time; who comes instead is told when confirmed, a day before the meeting, too."""
    late = after(ON - timedelta(days=1))
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = convene(session, here, mw.NOW)
        accept(session, mw.NOW)
        row = answering.answer_invitation(
            session, here.town.members["police"], late, case=here.case, meeting_id=meeting.id,
            answer="substitute", reason="Pushim", substitute_id=here.town.substitutes["police"].id,
        )  # fmt: skip
        substituting.confirm_substitute(
            session, here.town.case_manager, late, case=here.case, meeting_id=meeting.id, invitation_id=row.id
        )
        session.flush()
        assert statuses(rows(session, here, late), "A8.3") == ["met"]


@pytest.mark.duty("A8.3")
def test_a8_3_what_nobody_can_mend_any_more_is_owed_no_longer(engine: Engine) -> None:
    """The meeting was held: as "overdue" it stood for ever before what the case really owes next."""
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = convene(session, here, mw.NOW)
        accept(session, mw.NOW)
        row = session.query(Invitation).filter_by(seat_id=here.seats["police"].id).one()
        session.get_one(OutboxMessage, row.outbox_id).state = "bounced"
        meeting.status, meeting.started_at, meeting.ended_at = "held", after(ON), after(ON, 10)
        session.flush()
        found = rows(session, here, after(ON + timedelta(days=1)))
        assert of(found, "A8.3").status is Status.NOT_MET
        assert of(found, "A8.3", "police").status is Status.NOT_MET
        assert of(found, "A8.3").due_on == date(2026, 11, 14)


def test_written_reasons_stay_out_of_lists(engine: Engine) -> None:
    sent_at = after(date(2026, 11, 15))
    with work(engine) as session:
        here = mw.case_world(session)
        convene(session, here, sent_at, late_reason="ArsyejaKanarine")
        accept(session, sent_at)
        in_list = of(rows(session, here, after(ON)), "A8.3")
        assert "on record" in str(in_list.reason)
        mw.unlock(session, here.case)
        shown = of(rows(session, here, after(ON), narratives=True), "A8.3")
        assert "ArsyejaKanarine" in str(shown.reason)


def test_new_case_owes_what_the_regulation_asks(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session, assessed=False)
        found = rows(session, here, mw.NOW)
        assert of(found, "A8.1", "referral").status is Status.DUE
        assert of(found, "A4.2").status is Status.MET
        assert of(found, "A12.2").status is Status.DUE
        assert of(found, "A12.5").due_on == mw.NOW.date() + timedelta(days=7)
        assert of(found, "A13.1").status is Status.DUE
        assert statuses(found, "A18.2").count("due") == 4  # the case manager and three members
        assert of(found, "A4.6").status is Status.WAIVED
        assert of(found, "A6.1.1").status is Status.DUE
        later = rows(session, here, mw.NOW + timedelta(days=8))
        assert of(later, "A12.5").status is Status.OVERDUE
        assert of(later, "A6.1.1").status is Status.OVERDUE
