"""Holding a meeting: it begins on its day under its chair, and ends as a draft of the minutes, whatever is missing."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.fixtures import held_world as hw
from tests.fixtures import meeting_world as mw
from tests.fixtures.world import work
from tmr_app.cases.models import RiskLevel
from tmr_app.kernel.audit import AuditEntry
from tmr_app.kernel.errors import FieldRefused, OutOfOrder, RuleRefused
from tmr_app.meetings import discussing, holding, holding_queries, minutes
from tmr_app.meetings.holding import NextMeeting
from tmr_app.meetings.minutes_models import Minutes
from tmr_app.meetings.models import Meeting, ReportRequest
from tmr_app.regulation.verdicts import Status

ON = mw.MEETING_ON


def start(
    session: Session, here: mw.CaseWorld, meeting: Meeting, now: datetime = hw.DURING, **more: Any
) -> Meeting:
    actor = more.pop("actor", here.town.case_manager)
    return holding.start(session, actor, now, meeting_id=meeting.id, case=here.case, **more)


@pytest.mark.duty("A6.1.4")
def test_a6_1_4_the_case_manager_begins_and_ends(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.convened(session)
        with pytest.raises(RuleRefused) as refused:
            start(session, here, meeting, actor=here.town.assistant)
        assert [one.duty for one in refused.value.verdicts] == ["A6.1.4"]
        assert start(session, here, meeting).chaired_by_id == here.town.case_manager.id
        with pytest.raises(RuleRefused):
            hw.end(session, here, meeting, actor=here.town.assistant)
        here.case.case_manager_id = here.town.other_case_manager.id  # a hand-over in between
        session.flush()
        hw.end(session, here, meeting, actor=here.town.other_case_manager)
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        shown = holding_queries.verdicts(session, held, ON)
        assert next(one for one in shown if one.duty == "A6.1.4").status is Status.NOT_MET


def test_steps_out_of_order(engine: Engine) -> None:
    with work(engine) as session:
        here = mw.case_world(session)
        meeting = mw.prepare(session, here, mw.call(session, here))
        with pytest.raises(OutOfOrder):  # not convened
            start(session, here, meeting)
        hw.convene(session, here, meeting)
        with pytest.raises(OutOfOrder):  # a day too early
            start(session, here, meeting, hw.DURING - timedelta(days=1))
        with pytest.raises(OutOfOrder):  # end before start
            hw.end(session, here, meeting)
        with pytest.raises(OutOfOrder):
            discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="running")
        with pytest.raises(OutOfOrder):  # a day too late, unless said so
            start(session, here, meeting, hw.DURING + timedelta(days=1))
        begun = start(session, here, meeting)
        assert start(session, here, meeting).started_at == begun.started_at  # a double submission
        with pytest.raises(OutOfOrder):
            discussing.writable(session, meeting_id=meeting.id, case_id=here.case.id, stage="minutes")
        hw.end(session, here, meeting)
        for deed in (
            lambda: start(session, here, meeting),
            lambda: discussing.writable(
                session, meeting_id=meeting.id, case_id=here.case.id, stage="running"
            ),
            lambda: discussing.approve_agenda(
                session, here.town.case_manager, hw.DURING, meeting_id=meeting.id, case_id=here.case.id
            ),
            lambda: holding.propose_next(
                session,
                here.town.case_manager,
                hw.DURING,
                meeting_id=meeting.id,
                case=here.case,
                proposal=None,
            ),
        ):
            with pytest.raises(OutOfOrder):
                deed()


def test_a_meeting_held_on_paper_is_written_down_afterwards(engine: Engine) -> None:
    """Started and ended at the times it was convened for, not at the desk the day after."""
    with work(engine) as session:
        here, meeting = hw.convened(session)
        later = hw.DURING + timedelta(days=1)
        start(session, here, meeting, later, afterwards=True)
        assert meeting.started_at == meeting.starts_at
        hw.end(session, here, meeting, now=later)
        assert meeting.ended_at == meeting.ends_at


@pytest.mark.duty("A9")
def test_a9_nothing_missing_blocks_the_end(engine: Engine) -> None:
    """No quorum is invented: a meeting with nobody noted ends, and the ledger keeps what is not met."""
    with work(engine) as session:
        here, meeting = hw.running(session)
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        lacking = {one.duty for one in holding_queries.missing(holding_queries.verdicts(session, held, ON))}
        assert lacking == {"A9", "A10.3", "A10.4", "A8.10", "A6.1.5"}
        hw.end(session, here, meeting)
        assert meeting.status == "held"
    with work(engine) as session:
        noted = session.scalars(select(AuditEntry.rule).where(AuditEntry.tag == "meeting:ended-without"))
        assert set(noted) == lacking


def test_everything_written_nothing_is_missing(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        hw.write_all(session, here, meeting)
        held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
        assert holding_queries.missing(holding_queries.verdicts(session, held, ON)) == []


@pytest.mark.duty("A8.8")
def test_a8_8_the_minutes_show_the_information_given(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        meeting.no_assessment_reason = "Rrezik i menjëhershëm"

        def shown() -> Status:
            held = holding_queries.load(session, hw.DURING, meeting=meeting, case=here.case)
            return next(
                one for one in holding_queries.verdicts(session, held, ON) if one.duty == "A8.8"
            ).status

        assert shown() is Status.NOT_MET
        discussing.save_notes(
            session,
            here.town.case_manager,
            hw.DURING,
            meeting_id=meeting.id,
            case_id=here.case.id,
            stage="running",
            version=1,
            texts={"information_given": "U dha informata gojore.", "dissent": ""},
        )
        assert shown() is Status.MET


@pytest.mark.duty("A12.2")
def test_a12_2_risk_level_re_determined_keeps_history(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        with pytest.raises(FieldRefused) as refused:
            hw.risk(session, here, meeting, "medium", " ")
        assert refused.value.field == "reason"
        with pytest.raises(FieldRefused):
            hw.risk(session, here, meeting, "enormous", "Arsye")
        hw.risk(session, here, meeting, "medium", "Prindi bashkëpunon")
        hw.risk(session, here, meeting, "medium", "Prindi bashkëpunon")
        rows = session.scalars(select(RiskLevel).where(RiskLevel.case_id == here.case.id)).all()
        assert sorted(row.level for row in rows) == ["high", "medium"]
        assert here.case.risk_level == "medium"
        assert {row.meeting_id for row in rows} == {None, meeting.id}


@pytest.mark.duty("A8.9")
def test_a8_9_the_end_calls_the_next_meeting_and_asks_for_reports(engine: Engine) -> None:
    following_on = date(2026, 12, 15)
    with work(engine) as session:
        here, meeting = hw.running(session)
        when = mw.when(here, following_on)
        with pytest.raises(FieldRefused):
            hw.propose(session, here, meeting, NextMeeting("review", mw.when(here, ON)))
        with pytest.raises(FieldRefused):
            hw.propose(session, here, meeting, NextMeeting("first", when))
        hw.propose(session, here, meeting, NextMeeting("review", when))
        assert session.scalars(select(ReportRequest)).all() == []
        hw.end(session, here, meeting)
        following = session.get_one(Meeting, meeting.next_meeting_id)
        assert (following.purpose, following.status, following.meeting_on) == (
            "review",
            "preparing",
            following_on,
        )
        rows = session.scalars(select(ReportRequest)).all()
        assert {row.seat_id for row in rows} == {seat.id for seat in here.seats.values()}
        assert {row.due_on for row in rows} == {date(2026, 12, 12)}
        hw.end(session, here, meeting)  # a double submission calls nothing twice
        assert len(session.scalars(select(Meeting)).all()) == 2


@pytest.mark.duty("A8.9")
def test_a8_9_without_a_next_date_reports_are_requested_all_the_same(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        hw.end(session, here, meeting)
        rows = session.scalars(select(ReportRequest)).all()
        assert {row.seat_id for row in rows} == {seat.id for seat in here.seats.values()}
        assert {(row.meeting_id, row.due_on) for row in rows} == {(None, None)}
        following = mw.call(session, here, "review", now=hw.DURING)
        mw.prepare(session, here, following, date(2026, 12, 15), now=hw.DURING)
        rows = session.scalars(select(ReportRequest)).all()
        assert {(row.meeting_id, row.due_on) for row in rows} == {(following.id, date(2026, 12, 12))}


@pytest.mark.duty("A10.1")
def test_a10_1_approval_at_the_next_meeting_is_found(engine: Engine) -> None:
    with work(engine) as session:
        here, meeting = hw.running(session)
        hw.end(session, here, meeting)
        assert session.scalars(select(Minutes.version)).all() == [1]
        assert minutes.approval_of(session, meeting) is None
        later = mw.at(date(2026, 12, 15), time(10, 5))
        following = mw.call(session, here, "review", now=hw.DURING)
        mw.prepare(session, here, following, date(2026, 12, 15), now=hw.DURING)
        hw.convene(session, here, following, now=hw.DURING)
        start(session, here, following, later)
        item = next(
            one
            for one in holding_queries.load(session, later, meeting=following, case=here.case).items
            if one.kind == "minutes"
        )
        hw.write(session, here, following, item, decision="Miratohet pa vërejtje.", now=later)
        assert minutes.approval_of(session, meeting) is None  # not held yet
        hw.end(session, here, following, now=later)
        assert minutes.approval_of(session, meeting) == (
            "Miratohet pa vërejtje.",
            date(2026, 12, 15),
            following.id,
        )
